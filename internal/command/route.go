package command

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/route"
	"trackbot/internal/store/db"
)

// routesListed is how many routes one answer shows: with all their words they must fit into an embed.
const routesListed = 10

func (r *request) routeAdd(ctx context.Context) (Reply, error) {
	target, err := r.target(ctx)
	if err != nil {
		return Reply{}, err
	}
	wish := route.Wish{Target: target, ChannelID: r.options.String("channel")}
	if wish.Kinds, err = kindsOf(r.options.String("kinds")); err != nil {
		return Reply{}, err
	}
	if wish.Include, err = wordsOf("include", r.options.String("include")); err != nil {
		return Reply{}, err
	}
	if wish.Exclude, err = wordsOf("exclude", r.options.String("exclude")); err != nil {
		return Reply{}, err
	}
	if role := r.options.String("role"); role != "" {
		wish.MentionRoleID = &role
	}
	made, err := r.routes.Create(ctx, r.by, r.client.ID, wish)
	if err != nil {
		return Reply{}, err
	}
	return r.showRoute(ctx, made.ID, "Route added", "From now on the posts it aims at go where their routes say, no longer to the default channel.")
}

// target is the one thing that a new route aims at.
func (r *request) target(ctx context.Context) (route.Target, error) {
	var out route.Target
	given := 0
	for _, name := range []string{"account", "group", "brand"} {
		if r.options.String(name) != "" {
			given++
		}
	}
	if given != 1 {
		return out, fault.New(fault.ValidationFailed, "Say what the route is for with one of `account`, `group` and `brand`.")
	}
	switch {
	case r.options.String("account") != "":
		a, err := r.account(ctx)
		out.AccountID = &a.ClientAccount.ID
		return out, err
	case r.options.String("group") != "":
		g, err := r.group(ctx)
		out.GroupID = &g.ID
		return out, err
	}
	b, err := r.brand(ctx)
	out.BrandID = &b.ID
	return out, err
}

func (r *request) routeChange(ctx context.Context) (Reply, error) {
	picked, err := r.route(ctx)
	if err != nil {
		return Reply{}, err
	}
	change, err := r.routeChanges()
	if err != nil {
		return Reply{}, err
	}
	if change == (route.Change{}) {
		return Reply{}, fault.New(fault.ValidationFailed, "Say what to change: `channel`, `kinds`, `include`, `exclude` or `role`.")
	}
	if _, err := r.routes.Change(ctx, r.by, r.client.ID, picked.RouteItem.ID, change); err != nil {
		return Reply{}, err
	}
	return r.showRoute(ctx, picked.RouteItem.ID, "Route changed", "")
}

// nothing takes words or a role away.
const nothing = "none"

// routeChanges reads what is to change; `none` takes words away, `no_role` the role.
func (r *request) routeChanges() (route.Change, error) {
	var c route.Change
	if channel := r.options.String("channel"); channel != "" {
		c.ChannelID = &channel
	}
	if text := r.options.String("kinds"); text != "" {
		kinds, err := kindsOf(text)
		if err != nil {
			return c, err
		}
		c.Kinds = &kinds
	}
	for name, into := range map[string]**[]string{"include": &c.Include, "exclude": &c.Exclude} {
		if text := r.options.String(name); text != "" {
			words, err := wordsOf(name, text)
			if err != nil {
				return c, err
			}
			*into = &words
		}
	}
	var role *string
	if id := r.options.String("role"); id != "" {
		role = &id
		c.MentionRoleID = &role
	} else if none, _ := r.options.Bool("no_role"); none {
		c.MentionRoleID = &role
	}
	return c, nil
}

func (r *request) routePause(ctx context.Context) (Reply, error) {
	return r.setRoute(ctx, false, "Route paused", "Posts it aims at are skipped until `/route resume`, unless another route takes them.")
}

func (r *request) routeResume(ctx context.Context) (Reply, error) {
	return r.setRoute(ctx, true, "Route resumed", "What waited in its channel follows now; what was skipped meanwhile can be sent with `/replay`.")
}

func (r *request) setRoute(ctx context.Context, active bool, title, body string) (Reply, error) {
	picked, err := r.route(ctx)
	if err != nil {
		return Reply{}, err
	}
	if _, err := r.routes.Change(ctx, r.by, r.client.ID, picked.RouteItem.ID, route.Change{Active: &active}); err != nil {
		return Reply{}, err
	}
	return r.showRoute(ctx, picked.RouteItem.ID, title, body)
}

func (r *request) routeRemove(ctx context.Context) (Reply, error) {
	picked, err := r.route(ctx)
	if err != nil {
		return Reply{}, err
	}
	if err := r.routes.Delete(ctx, r.by, r.client.ID, picked.RouteItem.ID); err != nil {
		return Reply{}, err
	}
	return Reply{
		Color: colorDone, Title: "Route removed",
		Body: targetOf(picked) + " no longer goes to " + mention(picked.RouteItem.ChannelID) + " by this route. What was queued still leaves.",
	}, nil
}

// showRoute answers with a route as it is now.
func (r *request) showRoute(ctx context.Context, id uuid.UUID, title, body string) (Reply, error) {
	found, err := r.routes.Find(ctx, r.client.ID, route.Search{ID: &id, Limit: 1})
	if err != nil || len(found) == 0 {
		return Reply{Color: colorDone, Title: title, Body: body}, err
	}
	return Reply{Color: colorDone, Title: title, Body: strings.TrimSpace(routeLines(found[0]) + "\n\n" + body), Buttons: r.dashboardButton(r.in.GuildID)}, nil
}

func (r *request) routeList(ctx context.Context) (Reply, error) {
	page, _ := r.options.Int("page")
	page = min(max(page, 1), 1_000)
	rows, err := r.routes.Find(ctx, r.client.ID, route.Search{Limit: routesListed, Skip: int(page-1) * routesListed})
	switch {
	case err != nil:
		return Reply{}, err
	case len(rows) == 0 && page > 1:
		return Reply{}, fault.New(fault.NotFound, "There is no such page. Try `/route list` without one.")
	case len(rows) == 0:
		return Reply{Color: colorInfo, Title: "Routes", Body: "There is none yet: posts go to the account's own channel or the default one. `/route add` sends a brand, group or account elsewhere."}, nil
	}
	blocks := make([]string, len(rows))
	for i, row := range rows {
		blocks[i] = routeLines(row)
	}
	total := rows[0].Total
	out := Reply{Color: colorInfo, Title: "Routes", Body: strings.Join(blocks, "\n"), Footer: plural(total, "route"), Buttons: r.dashboardButton(r.in.GuildID)}
	if pages := (total + routesListed - 1) / routesListed; pages > 1 {
		out.Footer += " · page " + number(page) + " of " + number(pages)
	}
	return out, nil
}

// routeLines are a route's target and channel, and below them what it takes.
func routeLines(found db.ListRouteUseRow) string {
	item := found.RouteItem
	line := routeIcon(item) + " " + targetOf(found) + " → " + mention(item.ChannelID)
	detail := kindNames(item.Kinds)
	if len(item.Include) > 0 {
		detail += " · only with " + quoted(item.Include)
	}
	if len(item.Exclude) > 0 {
		detail += " · not with " + quoted(item.Exclude)
	}
	if item.MentionRoleID != nil {
		detail += " · mentions <@&" + *item.MentionRoleID + ">"
	}
	if item.Template != "" {
		detail += " · own text"
	}
	line += "\n-# " + detail
	switch why := escape(cut(pauseOf(item), 120)); {
	case why == "":
	case item.PausedAt != nil:
		line += "\n-# " + why
	default: // Discord's doing
		line += "\n-# ⚠️ " + why
	}
	return line
}

// targetOf names what a route aims at.
func targetOf(found db.ListRouteUseRow) string {
	kind := "brand"
	switch {
	case found.RouteItem.AccountID != nil:
		kind = "account"
	case found.RouteItem.GroupID != nil:
		kind = "group"
	}
	return "**" + escape(cut(found.Target, 60)) + "** (" + kind + ")"
}

// quoted lists words, not all of them if they are many.
func quoted(words []string) string {
	const shown = 4
	out := make([]string, 0, shown)
	for _, word := range words[:min(len(words), shown)] {
		out = append(out, "“"+escape(cut(word, 20))+"”")
	}
	text := strings.Join(out, ", ")
	if more := len(words) - shown; more > 0 {
		text += " and " + number(more) + " more"
	}
	return text
}

package command

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/discord"
	"trackbot/internal/fault"
	"trackbot/internal/route"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

// Options for accounts, brands and groups are picked from a list while typing; their value is the
// id. Whoever sends what was typed instead gets what it names, if that is one thing alone.

// Complete offers what fits to what was typed so far, to those who may give the command.
func (d *Desk) Complete(ctx context.Context, c Invocation) ([]Choice, error) {
	text, typing := c.Options[c.Focused]
	act, known := d.actions[c.Name]
	if !typing || !known || !c.Member.CanManage() && !act.reads {
		return nil, nil
	}
	client, err := d.guilds.Find(ctx, c.GuildID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	settings, err := d.guilds.Settings(ctx, client.ID)
	if err != nil {
		return nil, err
	}
	if !c.Member.CanManage() && settings.DashboardAccess != openToMembers {
		return nil, nil
	}
	r := &request{Desk: d, in: c, options: c.Options, client: client, settings: settings}
	return r.choices(ctx, strings.TrimSpace(text))
}

// choices are what fits to the text in the option that is being typed.
func (r *request) choices(ctx context.Context, text string) ([]Choice, error) {
	search := tracking.Search{Text: text, Limit: discord.MaxChoices}
	switch r.in.Focused {
	case "account":
		found, err := r.catalog.FindAccounts(ctx, r.client.ID, search)
		return choicesOf(found, func(a db.ListAccountUseRow) (string, uuid.UUID) {
			return accountName(a) + " · " + a.BrandName + " › " + a.GroupName, a.ClientAccount.ID
		}), err
	case "brand":
		found, err := r.catalog.FindBrands(ctx, r.client.ID, search)
		return choicesOf(found, func(b db.ListBrandUseRow) (string, uuid.UUID) { return b.Name, b.ID }), err
	case "group":
		found, err := r.catalog.FindGroups(ctx, r.client.ID, search)
		return choicesOf(found, func(g db.ListGroupUseRow) (string, uuid.UUID) { return groupName(g), g.ID }), err
	case "route":
		found, err := r.routes.Find(ctx, r.client.ID, route.Search{Text: text, Limit: discord.MaxChoices})
		return choicesOf(found, func(f db.ListRouteUseRow) (string, uuid.UUID) { return routeName(f), f.RouteItem.ID }), err
	case "post":
		filter, err := r.recent(ctx, text)
		if err != nil {
			return nil, err
		}
		found, err := r.tracked.ListPosts(ctx, r.client.ID, filter, nil, discord.MaxChoices)
		return choicesOf(found, func(p db.PostItem) (string, uuid.UUID) { return postName(p, time.Now()), p.ID }), err
	case "kinds":
		return kindChoices(text), nil
	case "timezone":
		return zoneChoices(text, r.settings.Timezone, time.Now()), nil
	}
	return nil, nil
}

func choicesOf[T any](found []T, name func(T) (string, uuid.UUID)) []Choice {
	var out []Choice
	for _, v := range found {
		text, id := name(v)
		out = append(out, Choice{cut(text, discord.MaxChoiceName), id.String()})
	}
	return out
}

// recent selects the latest posts that hold the text, of one account if its option is filled in too.
func (r *request) recent(ctx context.Context, text string) (tracking.PostFilter, error) {
	filter := tracking.PostFilter{Sort: tracking.SortPublished, From: time.Now().Add(-pickedWithin)}
	if text != "" {
		filter.Search = &text
	}
	if r.options.String("account") == "" {
		return filter, nil
	}
	a, err := r.account(ctx)
	if fault.Is(err, fault.NotFound) && r.in.Focused != "" {
		return filter, nil
	}
	filter.AccountID = &a.ClientAccount.ID
	return filter, err
}

// postName tells posts apart in a list of choices: what became of it, what it says, how old it is.
func postName(p db.PostItem, now time.Time) string {
	begin, end := sentIcon(p.DeliveryState)+" ", " · "+age(now.Sub(p.PublishedAt))
	return begin + cut(postTitle(p), discord.MaxChoiceName-len([]rune(begin+end))) + end
}

// age is a duration in its largest unit, where Discord shows no times of its own.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " min ago"
	case d < aDay:
		return strconv.Itoa(int(d.Hours())) + " h ago"
	}
	return strconv.Itoa(int(d/aDay)) + " d ago"
}

// routeName is a route in a list of choices.
func routeName(f db.ListRouteUseRow) string {
	name := f.Target + " → #" + f.RouteItem.ChannelName + " · " + kindNames(f.RouteItem.Kinds)
	if pauseOf(f.RouteItem) != "" {
		name = "⏸️ " + name
	}
	return name
}

func accountName(a db.ListAccountUseRow) string {
	name := a.Source.DisplayName
	if a.Source.Handle != "" && a.Source.Handle != name {
		name += " (" + a.Source.Handle + ")"
	}
	return name
}

func groupName(g db.ListGroupUseRow) string { return g.BrandName + " › " + g.Name }

// cut shortens s to at most limit code points, the last of which is an ellipsis then.
func cut(s string, limit int) string {
	if runes := []rune(s); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return s
}

// maxPicked is how many things are looked at to find the one that a typed name means.
const maxPicked = 50

// account is the one that an option names. Refusals: not_found.
func (r *request) account(ctx context.Context) (db.ListAccountUseRow, error) {
	find := func(s tracking.Search) ([]db.ListAccountUseRow, error) {
		return r.catalog.FindAccounts(ctx, r.client.ID, s)
	}
	return pick(r.options, "account", find, func(a db.ListAccountUseRow) []string {
		return []string{a.Source.DisplayName, a.Source.Handle, a.Source.URL, accountName(a)}
	})
}

// brand is the one that an option names. Refusals: not_found.
func (r *request) brand(ctx context.Context) (db.ListBrandUseRow, error) {
	find := func(s tracking.Search) ([]db.ListBrandUseRow, error) {
		return r.catalog.FindBrands(ctx, r.client.ID, s)
	}
	return pick(r.options, "brand", find, func(b db.ListBrandUseRow) []string { return []string{b.Name} })
}

// group is the one that an option names. Refusals: not_found.
func (r *request) group(ctx context.Context) (db.ListGroupUseRow, error) {
	find := func(s tracking.Search) ([]db.ListGroupUseRow, error) {
		return r.catalog.FindGroups(ctx, r.client.ID, s)
	}
	return pick(r.options, "group", find, func(g db.ListGroupUseRow) []string { return []string{g.Name, groupName(g)} })
}

// route is the one that an option names. Refusals: not_found.
func (r *request) route(ctx context.Context) (db.ListRouteUseRow, error) {
	find := func(s tracking.Search) ([]db.ListRouteUseRow, error) {
		return r.routes.Find(ctx, r.client.ID, route.Search{ID: s.ID, Text: s.Text, Limit: s.Limit})
	}
	return pick(r.options, "route", find, func(f db.ListRouteUseRow) []string { return []string{f.Target, routeName(f)} })
}

// pick finds what the option called what names: by id, by one of its names, or as the only thing that fits.
func pick[T any](options Options, what string, find func(tracking.Search) ([]T, error), names func(T) []string) (T, error) {
	var none T
	text := strings.TrimSpace(options.String(what))
	search := tracking.Search{Text: text, Limit: maxPicked}
	if id, err := uuid.Parse(text); err == nil {
		search = tracking.Search{ID: &id, Limit: 1}
	}
	found, err := find(search)
	if err != nil {
		return none, err
	}
	exact := slices.DeleteFunc(slices.Clone(found), func(v T) bool {
		return !slices.ContainsFunc(names(v), func(name string) bool { return strings.EqualFold(name, text) })
	})
	switch {
	case len(exact) == 1:
		return exact[0], nil
	case len(exact) == 0 && len(found) == 1:
		return found[0], nil
	}
	return none, ambiguous(what, text, len(found))
}

// ambiguous refuses a text that names none or several of what it is to name.
func ambiguous(what, text string, found int) error {
	if found == 0 {
		return noneSuch(what, nil)
	}
	return fault.Newf(fault.NotFound, "“%s” fits more than one %s. Pick it from the list that opens while you type.", escape(cut(text, 100)), what)
}

// noneSuch refuses what is not there in words that help; another cause it returns as it is.
func noneSuch(what string, cause error) error {
	if cause != nil && !fault.Is(cause, fault.NotFound) {
		return cause
	}
	return fault.Newf(fault.NotFound, "There is no such %s. Pick it from the list that opens while you type.", what)
}

package command

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/fault"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

const (
	postsListed    = 8         // in one answer: with their links they must fit into an embed
	defaultTopDays = 7         // over which the best posts are looked for
	pickedWithin   = 30 * aDay // how far back posts are offered while typing
	titleLength    = 80        // of a post in a list
	aDay           = 24 * time.Hour
)

// posts lists the latest posts, or those with the most views or likes.
func (r *request) posts(ctx context.Context) (Reply, error) {
	filter, title, err := r.postFilter(ctx)
	if err != nil {
		return Reply{}, err
	}
	rows, err := r.tracked.ListPosts(ctx, r.client.ID, filter, nil, postsListed)
	if err != nil {
		return Reply{}, err
	}
	out := Reply{Color: colorInfo, Title: title, Buttons: r.dashboardButton(r.in.GuildID)}
	if len(rows) == 0 {
		out.Body = "There is none yet. Posts appear as soon as the accounts publish something; `/track list` shows how they stand."
		return out, nil
	}
	names, err := r.accountNames(ctx, rows)
	if err != nil {
		return Reply{}, err
	}
	lines := make([]string, len(rows))
	for i, p := range rows {
		lines[i] = postLines(p, names[p.AccountID])
	}
	out.Body = strings.Join(lines, "\n")
	if r.manages() {
		out.Footer = "✅ sent  ⏳ waits  ⏭️ skipped  ❌ failed  ▫️ stored only · /why tells more"
	}
	return out, nil
}

func (r *request) postFilter(ctx context.Context) (tracking.PostFilter, string, error) {
	filter, title := tracking.PostFilter{Sort: tracking.SortPublished}, "Latest posts"
	days, limited := r.options.Int("days")
	switch r.options.String("sort") {
	case "views":
		filter.Sort, title = tracking.SortViews, "Most viewed posts"
	case "likes":
		filter.Sort, title = tracking.SortLikes, "Most liked posts"
	}
	if filter.Sort != tracking.SortPublished && !limited {
		days, limited = defaultTopDays, true
	}
	if limited {
		days = min(max(days, 1), 365)
		filter.From = time.Now().Add(-time.Duration(days) * aDay)
		title += " of the last " + plural(days, "day")
	}
	if r.options.String("account") != "" {
		a, err := r.account(ctx)
		if err != nil {
			return filter, "", err
		}
		filter.AccountID, title = &a.ClientAccount.ID, title+" · "+escape(a.Source.DisplayName)
	}
	if r.options.String("brand") != "" {
		b, err := r.brand(ctx)
		if err != nil {
			return filter, "", err
		}
		filter.BrandID, title = &b.ID, title+" · "+escape(b.Name)
	}
	return filter, title, nil
}

// accountNames gives the names of the posts' accounts.
func (r *request) accountNames(ctx context.Context, posts []db.PostItem) (map[uuid.UUID]string, error) {
	names := map[uuid.UUID]string{}
	for _, p := range posts {
		if _, known := names[p.AccountID]; known {
			continue
		}
		a, err := r.tracked.GetAccount(ctx, r.client.ID, p.AccountID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		names[p.AccountID] = a.DisplayName
	}
	return names, nil
}

// postLines are a post's title and, below it, whose it is, since when, with which figures.
func postLines(p db.PostItem, account string) string {
	line := sentIcon(p.DeliveryState) + " " + link(cut(postTitle(p), titleLength), linkable(p.URL))
	facts := []string{escape(cut(account, 40)), ago(p.PublishedAt)}
	for _, figure := range figures(p) {
		facts = append(facts, figure.Value+" "+strings.ToLower(figure.Name))
	}
	if p.RemovedAt != nil {
		facts = append(facts, "removed there")
	}
	return line + "\n-# " + strings.Join(facts, " · ")
}

// postTitle is what a post is called: its title or how it begins, on one line.
func postTitle(p db.PostItem) string {
	for _, text := range []string{p.Title, p.Body} {
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			return text
		}
	}
	return capital(p.Kind) + " without words"
}

// figures are those that the platform gives, with their names.
func figures(p db.PostItem) []Field {
	var out []Field
	for _, f := range []struct {
		name  string
		count *int64
	}{{"Views", p.Views}, {"Likes", p.Likes}, {"Comments", p.Comments}, {"Shares", p.Shares}} {
		if f.count != nil {
			out = append(out, Field{f.name, number(*f.count)})
		}
	}
	return out
}

// linkable is an address that leaves room for the other lines of a list.
func linkable(address string) string {
	const longest = 250
	if len(address) > longest {
		return ""
	}
	return address
}

func sentIcon(state string) string {
	switch state {
	case delivery.StateSent:
		return "✅"
	case delivery.StateSkipped:
		return "⏭️"
	case delivery.StateDead:
		return "❌"
	case "":
		return "▫️"
	}
	return "⏳"
}

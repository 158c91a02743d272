package share

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"trackbot/internal/analytics"
	"trackbot/internal/delivery"
	"trackbot/internal/guild"
	"trackbot/internal/store/db"
)

// Discord takes 1024 code points in a field's value and 6000 in all texts of a message (API docs: Embed Limits); two
// full lists and the figures stay far below.
const (
	maxValue    = 1024
	maxBrand    = 80
	maxPostText = 80
	maxAccounts = 10
	nameLength  = 60
)

// Message is a scorecard as it goes to Discord: figures beside those of the week before, top posts, accounts. It has no
// address of its own, so that its text tells it from another brand's in the same channel. color is #rrggbb.
func Message(c Scorecard, color, dashboard, guildID string) delivery.Message {
	zone := analytics.Zone(c.Timezone)
	m := delivery.Message{
		Title:  "Weekly scorecard: " + delivery.Line(c.BrandName, maxBrand),
		Body:   "**" + daysIn(c.Period.Span, zone) + "**, beside the week before",
		Color:  delivery.Color(color),
		Fields: append(figureFields(c), listFields(c)...),
	}
	if c.AsOf != nil {
		m.Footer = "Figures as of " + c.AsOf.In(zone).Format("2 Jan 2006 15:04 MST")
	}
	if address := guild.DashboardURL(dashboard, guildID); address != "" {
		m.Buttons = []delivery.Button{{Label: "Open the analytics", URL: address + "/analytics"}}
	}
	return m
}

// daysIn writes the first and the last day of a span, what they share once.
func daysIn(s analytics.Span, zone *time.Location) string {
	from, to := s.Start.In(zone), s.End.Add(-time.Nanosecond).In(zone)
	layout := "2 January 2006"
	switch {
	case from.Year() == to.Year() && from.Month() == to.Month():
		layout = "2"
	case from.Year() == to.Year():
		layout = "2 January"
	}
	return from.Format(layout) + " to " + to.Format("2 January 2006")
}

func figureFields(c Scorecard) []delivery.Field {
	now, before := c.Total, c.Before
	fields := []delivery.Field{{Name: "Posts", Value: beside(now.Posts, &before.Posts), Inline: true}}
	for _, f := range []struct {
		name        string
		now, before *int64
	}{
		{"Views", now.Views, before.Views},
		{"Likes", now.Likes, before.Likes},
		{"Comments", now.Comments, before.Comments},
		{"Shares", now.Shares, before.Shares},
	} {
		if f.now != nil {
			fields = append(fields, delivery.Field{Name: f.name, Value: beside(*f.now, f.before), Inline: true})
		}
	}
	if c.Followers != nil {
		value := "**" + delivery.Grouped(*c.Followers) + "**"
		if change, known := followersWon(c.Accounts); known {
			value += "\n" + signed(change) + " in the week"
		}
		fields = append(fields, delivery.Field{Name: "Followers", Value: value, Inline: true})
	}
	return fields
}

// beside is a figure with what has become of it since the week before; a figure that was not known then stands alone.
func beside(now int64, before *int64) string {
	value := "**" + delivery.Grouped(now) + "**"
	switch {
	case before == nil:
		return value
	case *before == now:
		return value + "\nas before"
	case *before == 0:
		return value + "\nnone before"
	}
	percent := math.Round(float64(now-*before) / float64(*before) * 100)
	mark := "▲"
	if now < *before {
		mark = "▼"
	}
	return fmt.Sprintf("%s\n%s %s %% from %s", value, mark, delivery.Grouped(int64(math.Abs(percent))), delivery.Grouped(*before))
}

func signed(n int64) string {
	switch {
	case n > 0:
		return "+" + delivery.Grouped(n)
	case n < 0:
		return "−" + delivery.Grouped(-n)
	}
	return "±0"
}

// followersWon is the change of those accounts alone whose followers were known a week ago.
func followersWon(accounts []Account) (change int64, known bool) {
	for _, a := range accounts {
		if a.Followers != nil && a.Earlier != nil {
			change, known = change+*a.Followers-*a.Earlier, true
		}
	}
	return change, known
}

func listFields(c Scorecard) []delivery.Field {
	var fields []delivery.Field
	var posts, accounts []string
	for i, p := range c.TopPosts {
		posts = append(posts, strconv.Itoa(i+1)+`\. `+postLine(p))
	}
	if value := lines(posts, 0); value != "" {
		fields = append(fields, delivery.Field{Name: "Top posts", Value: value})
	}
	active := slices.SortedStableFunc(slices.Values(c.Accounts), func(a, b Account) int { return cmp.Compare(b.Total.Posts, a.Total.Posts) })
	for _, a := range active[:min(len(active), maxAccounts)] {
		accounts = append(accounts, accountLine(a))
	}
	if value := lines(accounts, len(active)-len(accounts)); value != "" {
		fields = append(fields, delivery.Field{Name: "Accounts", Value: value})
	}
	return fields
}

// lines joins as many lines as a field takes and counts those that are left out.
func lines(all []string, more int) string {
	const room = len("\nand 1,000 more")
	var taken []string
	size := 0
	for i, line := range all {
		size += utf8.RuneCountInString(line) + 1
		if size > maxValue-room {
			more += len(all) - i
			break
		}
		taken = append(taken, line)
	}
	if more > 0 && len(taken) > 0 {
		taken = append(taken, "and "+delivery.Grouped(int64(more))+" more")
	}
	return strings.Join(taken, "\n")
}

// postLine is a post with its figure: the reactions, where there are none the views. An address that would crowd out the
// other posts is left away.
func postLine(p db.ListTopPostsRow) string {
	text := delivery.Line(cmp.Or(p.Title, p.Body), maxPostText)
	if text == "" {
		text = "Post on " + delivery.PlatformName(p.Platform)
	}
	if link := delivery.Link(text, p.URL); utf8.RuneCountInString(link) <= maxValue/3 {
		text = link
	}
	n, what := sum(p.Likes, p.Comments, p.Shares), "reaction"
	if n == 0 && p.Views != nil {
		n, what = *p.Views, "view"
	}
	return text + " · " + count(n, what)
}

func accountLine(a Account) string {
	name := delivery.Line(cmp.Or(a.DisplayName, a.Handle), nameLength)
	line := fmt.Sprintf("%s (%s) · %s", delivery.Link(name, short(a.URL)), delivery.PlatformName(a.Platform), count(a.Total.Posts, "post"))
	if a.Followers == nil {
		return line
	}
	line += " · " + count(*a.Followers, "follower")
	if a.Earlier != nil && *a.Followers != *a.Earlier {
		line += " (" + signed(*a.Followers-*a.Earlier) + ")"
	}
	return line
}

// short leaves away addresses that would crowd out the other accounts.
func short(address string) string {
	if len(address) > maxValue/maxAccounts {
		return ""
	}
	return address
}

func sum(figures ...*int64) (total int64) {
	for _, f := range figures {
		if f != nil {
			total += *f
		}
	}
	return total
}

func count(n int64, what string) string {
	if n != 1 {
		what += "s"
	}
	return delivery.Grouped(n) + " " + what
}

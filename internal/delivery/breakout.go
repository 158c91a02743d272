package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// What counts as a breakout beside the factor in the settings.
const (
	// youngestBreakout is the least age: before it there is hardly a figure to compare.
	youngestBreakout = 30 * time.Minute
	// oldestBreakout is the greatest: after it the news is none.
	oldestBreakout = 7 * 24 * time.Hour
	// comparedPosts is how many of the account's latest posts the median is of, leastCompared how many
	// of them must have a figure of that age.
	comparedPosts = 30
	leastCompared = 7
	// leastFigure keeps accounts that nobody reads from breaking out by a handful.
	leastFigure = 25
)

// EnqueueBreakouts looks at posts that were just measured and tells of those whose figure passes the
// tenant's factor times the account's own median at the same age, once a post and for ever, in the
// channels where the post itself goes. The figure is the views, where the platform has none the likes.
// It is to be called after the measurement is committed: what a crash leaves out, the next measurement finds.
func EnqueueBreakouts(ctx context.Context, st *store.Store, sourcePostIDs []uuid.UUID, now time.Time) error {
	q := db.New()
	candidates, err := q.ListBreakoutCandidates(ctx, st.Shared(), db.ListBreakoutCandidatesParams{
		SourcePostIds: sourcePostIDs, YoungestBefore: now.Add(-oldestBreakout), OldestAfter: now.Add(-youngestBreakout),
	})
	if err != nil {
		return fmt.Errorf("list breakout candidates: %w", err)
	}
	if len(candidates) == 0 {
		return nil
	}
	usual, err := usualFigures(ctx, q, st.Shared(), candidates, now)
	if err != nil {
		return err
	}
	candidates = slices.DeleteFunc(candidates, func(c db.ListBreakoutCandidatesRow) bool {
		return !breaksOut(figureOf(c), c.Factor, usual[c.SourcePostID])
	})
	if len(candidates) == 0 {
		return nil
	}
	return st.InTx(ctx, func(tx store.Conn) error { return insertBreakouts(ctx, q, tx, candidates, usual, now) })
}

func breaksOut(figure int64, factor float64, usual db.ListUsualFiguresRow) bool {
	return usual.Posts >= leastCompared && figure >= leastFigure && float64(figure) > factor*usual.Usual
}

func figureOf(c db.ListBreakoutCandidatesRow) int64 {
	if c.Views != nil {
		return *c.Views
	}
	return deref(c.Likes)
}

// usualFigures are the medians by source post; one is asked for once, however many tenants track it.
func usualFigures(ctx context.Context, q *db.Queries, conn store.Conn, candidates []db.ListBreakoutCandidatesRow, now time.Time) (map[uuid.UUID]db.ListUsualFiguresRow, error) {
	p := db.ListUsualFiguresParams{MaxPosts: comparedPosts}
	for _, c := range candidates {
		if !slices.Contains(p.SourcePostIds, c.SourcePostID) {
			p.SourcePostIds, p.ByViews = append(p.SourcePostIds, c.SourcePostID), append(p.ByViews, c.Views != nil)
			p.AgeSeconds = append(p.AgeSeconds, now.Sub(c.PublishedAt).Seconds())
		}
	}
	rows, err := q.ListUsualFigures(ctx, conn, p)
	if err != nil {
		return nil, fmt.Errorf("list usual figures: %w", err)
	}
	out := make(map[uuid.UUID]db.ListUsualFiguresRow, len(rows))
	for _, row := range rows {
		out[row.ID] = row
	}
	return out, nil
}

func insertBreakouts(ctx context.Context, q *db.Queries, tx store.Conn, candidates []db.ListBreakoutCandidatesRow, usual map[uuid.UUID]db.ListUsualFiguresRow, now time.Time) error {
	posts := make([]NewPost, len(candidates))
	for i, c := range candidates {
		posts[i] = NewPost{
			ClientID: c.ClientID, PostID: c.PostID, AccountID: c.AccountID, GroupID: c.GroupID, BrandID: c.BrandID,
			AccountChannelID: c.AccountChannelID, Kind: c.Kind, Title: c.Title, Body: c.Body, PublishedAt: c.PublishedAt,
		}
	}
	rows, err := q.ListDeliveryRules(ctx, tx, rulesFor(posts))
	if err != nil {
		return fmt.Errorf("list delivery rules: %w", err)
	}
	rules := rulesByClient(rows)
	insert := db.InsertBreakoutsParams{DetectedAt: now}
	for i, c := range candidates {
		client := rules[c.ClientID]
		if client == nil {
			continue
		}
		payload, err := json.Marshal(breakoutMessage(c, usual[c.SourcePostID].Usual, now))
		if err != nil {
			return fmt.Errorf("encode breakout: %w", err)
		}
		for _, t := range client.decide(posts[i]) {
			if t.reason != "" {
				continue
			}
			id, err := uuid.NewV7()
			if err != nil {
				return fmt.Errorf("make delivery id: %w", err)
			}
			insert.Ids, insert.ClientIds = append(insert.Ids, id), append(insert.ClientIds, c.ClientID)
			insert.RouteIds, insert.PostIds = append(insert.RouteIds, t.routeID), append(insert.PostIds, c.PostID)
			insert.ChannelIds, insert.Payloads = append(insert.ChannelIds, t.channelID), append(insert.Payloads, string(payload))
			insert.PublishedAt, insert.Details = append(insert.PublishedAt, c.PublishedAt), append(insert.Details, t.detail)
		}
	}
	if err := lockQueues(ctx, tx, q, insert.ClientIds, insert.ChannelIds); err != nil {
		return err
	}
	if err := q.InsertBreakouts(ctx, tx, insert); err != nil {
		return fmt.Errorf("insert breakouts: %w", err)
	}
	return nil
}

const breakoutColor = 0xEB459E

// breakoutMessage shows the post with what is unusual of it. Its time is the alert's, which tells it
// from the post's own card in the same channel.
func breakoutMessage(c db.ListBreakoutCandidatesRow, usual float64, now time.Time) Message {
	m := Render(Post{
		Account: c.AccountName, AvatarURL: c.AvatarUrl, Platform: c.Platform, Kind: c.Kind, URL: c.URL,
		Title: c.Title, Author: c.AuthorName, ThumbnailURL: c.ThumbnailUrl, PublishedAt: c.PublishedAt,
	})
	what := "likes"
	if c.Views != nil {
		what = "views"
	}
	figure := figureOf(c)
	m.Body = fmt.Sprintf("**%s %s** after %s", grouped(figure), what, age(now.Sub(c.PublishedAt)))
	if usual >= 1 {
		m.Body += fmt.Sprintf(": %.1f times the %s that posts of this account usually have by then.", float64(figure)/usual, grouped(int64(math.Round(usual))))
	} else {
		m.Body += "; posts of this account usually have next to none by then."
	}
	m.Color = breakoutColor
	m.Footer = "Breakout · " + m.Footer
	m.Timestamp = &now
	return m
}

// grouped writes a number with commas between thousands.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// age says a duration in words.
func age(d time.Duration) string {
	count := func(n int, unit string) string {
		if n == 1 {
			return "1 " + unit
		}
		return fmt.Sprintf("%d %ss", n, unit)
	}
	switch {
	case d < 90*time.Minute:
		return count(int(d.Round(time.Minute)/time.Minute), "minute")
	case d < 36*time.Hour:
		return count(int(d.Round(time.Hour)/time.Hour), "hour")
	}
	return count(int(d.Round(24*time.Hour)/(24*time.Hour)), "day")
}

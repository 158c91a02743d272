package httpapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/api"
)

// published gives an account a post at a time, with figures of its platform.
func (n *newsroom) published(account uuid.UUID, at time.Time, likes int) uuid.UUID {
	n.t.Helper()
	post := n.post(account, "post", "P", 0)
	n.exec("UPDATE posts SET published_at = $2, likes = $3, views = CASE WHEN platform = 'youtube' THEN $3::bigint * 10 END WHERE id = $1", post, at, likes)
	return post
}

func TestAnalyticsComparesAPeriodWithTheOneBefore(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n, other := newNewsroom(t, w, "Newsroom"), newNewsroom(t, w, "Elsewhere")
	auckland, err := time.LoadLocation("Pacific/Auckland")
	n.must(err)
	n.exec(`UPDATE guild_settings SET timezone = 'Pacific/Auckland' WHERE client_id = $1`, n.client)
	north, south := n.brand("Northwind"), n.brand("Contoso")
	feed, video := n.account(n.group(north, "G"), "rss", "feed"), n.account(n.group(south, "G"), "youtube", "channel")
	day := func(d, h int) time.Time { return time.Date(2026, 3, d, h, 0, 0, 0, auckland) }
	n.published(feed, day(9, 23), 1)
	n.published(video, day(10, 0), 2)
	n.published(video, day(12, 23), 4)
	n.published(feed, day(13, 0), 8)
	elsewhere := other.account(other.group(other.brand("B"), "G"), "youtube", "theirs")
	other.published(elsewhere, day(11, 0), 1000)
	n.exec(`UPDATE sources SET last_polled_at = '2026-03-13T00:00:00Z' WHERE handle = 'feed'`)
	n.exec(`UPDATE posts SET likes = NULL WHERE platform = 'rss'`)

	a := decode[api.Analytics](t, n.read("/analytics?from=2026-03-10&to=2026-03-12&groupBy=brand"))
	if !a.Period.From.Equal(day(10, 0)) || !a.Period.To.Equal(day(13, 0)) || !a.PreviousPeriod.From.Equal(day(7, 0)) || !a.PreviousPeriod.To.Equal(day(10, 0)) {
		t.Errorf("period %v after %v", a.Period, a.PreviousPeriod)
	}
	if a.Interval != "day" || len(a.Series) != 3 || len(a.PreviousSeries) != 3 || !a.Series[2].Start.Equal(day(12, 0)) || !a.PreviousSeries[2].Start.Equal(day(9, 0)) {
		t.Errorf("series %+v after %+v", a.Series, a.PreviousSeries)
	}
	if a.Totals.Posts != 2 || a.Totals.Views.MustGet() != 60 || a.Totals.Likes.MustGet() != 6 || !a.Totals.Shares.IsNull() {
		t.Errorf("totals %+v", a.Totals)
	}
	if a.PreviousTotals.Posts != 1 || !a.PreviousTotals.Views.IsNull() || a.PreviousSeries[2].Posts != 1 {
		t.Errorf("before %+v", a.PreviousTotals)
	}
	if a.Series[1].Posts != 0 || a.Series[1].Views.MustGet() != 0 || a.Series[2].Views.MustGet() != 40 {
		t.Errorf("series %+v", a.Series)
	}
	if len(a.Groups) != 2 || a.Groups[0].Key != id(south) || a.Groups[0].Label != "Contoso" || a.Groups[0].Totals.Posts != 2 ||
		a.Groups[1].Label != "Northwind" || a.Groups[1].Totals.Posts != 0 || a.Groups[1].PreviousTotals.Posts != 1 || !a.Groups[1].Totals.Views.IsNull() {
		t.Errorf("groups %+v", a.Groups)
	}
	if !a.AsOf.MustGet().Equal(time.Date(2026, 3, 13, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("as of %v", a.AsOf)
	}
	if a := decode[api.Analytics](t, n.read("/analytics?from=2026-03-10&to=2026-03-12&platform=rss&groupBy=account")); a.Totals.Posts != 0 || a.PreviousTotals.Posts != 1 || a.Groups[0].Key != id(feed) {
		t.Errorf("of one platform %+v", a)
	}
	if week := decode[api.Analytics](t, n.read("/analytics?from=2026-03-11&to=2026-03-17&interval=week")); len(week.Series) != 2 || !week.Series[1].Start.Equal(day(16, 0)) || week.Series[0].Posts != 2 {
		t.Errorf("weeks %+v", week.Series)
	}
}

func TestAnalyticsWithoutBoundsIsOfThirtyDays(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	a := decode[api.Analytics](t, n.read("/analytics"))
	if len(a.Series) != 30 || len(a.PreviousSeries) != 30 || a.Groups == nil || len(a.Groups) != 0 || !a.AsOf.IsNull() || a.Totals.Posts != 0 || !a.Totals.Views.IsNull() {
		t.Errorf("got %+v", a)
	}
	if today := a.Series[29].Start; time.Since(today.Time) > 25*time.Hour || time.Until(today.Time) > 0 {
		t.Errorf("the last day is %v", today)
	}
	if tag := n.read("/analytics").Header().Get("ETag"); n.read("/analytics", "If-None-Match", tag).Code != http.StatusNotModified {
		t.Error("the same again is told anew")
	}
	if a := decode[api.Analytics](t, n.read("/analytics?from=2025-01-01&to=2026-01-01")); len(a.Series) != 366 {
		t.Errorf("the longest period has %d days", len(a.Series))
	}
	for query, field := range map[string]string{
		"from=2025-01-01&to=2026-01-02": "from", "from=2026-03-02&to=2026-03-01": "to", "from=2999-01-01": "from", "from=0001-01-01T00:00:00Z": "from",
		"interval=hour": "interval", "groupBy=kind": "groupBy", "brandId=1": "brandId", "day=1": "day", "from=" + url.QueryEscape("last week"): "from",
	} {
		answer := n.read("/analytics?" + query)
		if p := problemOf(t, answer); p.Code != "validation_failed" || fields(p)[field] == "" {
			t.Errorf("%s: %s", query, answer.Body)
		}
	}
}

func TestAnalyticsKeepsToTheHundredLeadingGroups(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	group := n.group(n.brand("B"), "G")
	for i := range 105 {
		account := n.account(group, "bluesky", fmt.Sprint("h", i))
		for range 1 + i%2 {
			n.post(account, "post", "P", 1)
		}
	}
	a := decode[api.Analytics](t, n.read("/analytics?groupBy=account"))
	if len(a.Groups) != 100 || a.Totals.Posts != 157 || a.Groups[0].Totals.Posts != 2 || a.Groups[99].Totals.Posts != 1 {
		t.Errorf("%d groups of %d posts, from %+v to %+v", len(a.Groups), a.Totals.Posts, a.Groups[0].Totals, a.Groups[len(a.Groups)-1].Totals)
	}
}

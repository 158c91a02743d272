package httpapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/api"
)

func TestBrandsAndGroupsComeByName(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	var brands []uuid.UUID
	for _, name := range []string{"delta", "Alpha", "bravo"} {
		brand := n.brand(name)
		brands = append(brands, brand)
		n.group(brand, "Same")
		n.group(brand, "of "+name)
	}
	var names []string
	for cursor := ""; ; {
		page := decode[api.BrandList](t, n.read("/brands?limit=1"+cursor))
		names = append(names, page.Items[0].Name)
		next, err := page.NextCursor.Get()
		if err != nil {
			break
		}
		cursor = "&cursor=" + next
	}
	if !slices.Equal(names, []string{"Alpha", "bravo", "delta"}) {
		t.Errorf("brands %v", names)
	}
	names = nil
	seen := map[uuid.UUID]bool{}
	for cursor := ""; ; {
		page := decode[api.GroupList](t, n.read("/groups?limit=2"+cursor))
		for _, g := range page.Items {
			names, seen[g.ID] = append(names, g.Name), true
		}
		next, err := page.NextCursor.Get()
		if err != nil {
			break
		}
		cursor = "&cursor=" + next
	}
	if !slices.Equal(names, []string{"of Alpha", "of bravo", "of delta", "Same", "Same", "Same"}) || len(seen) != 6 {
		t.Errorf("groups %v", names)
	}
	page := decode[api.GroupList](t, n.read("/groups?brandId="+brands[2].String()))
	if len(page.Items) != 2 || page.Items[0].Name != "of bravo" || page.Items[0].BrandID != brands[2] || !page.NextCursor.IsNull() {
		t.Errorf("groups of a brand %+v", page)
	}
}

func TestAccountTellsItsStateAndNullForTheUnknown(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	group := n.group(n.brand("B"), "G")
	states := map[string]string{
		"learning": `UPDATE client_accounts SET baseline_at = NULL WHERE id = $1`,
		"ok":       `SELECT $1::uuid`,
		"failing":  `UPDATE sources SET state = 'failing', state_reason = 'It does not answer.' WHERE id = (SELECT source_id FROM client_accounts WHERE id = $1)`,
		"gone":     `UPDATE sources SET state = 'gone', next_poll_at = NULL WHERE id = (SELECT source_id FROM client_accounts WHERE id = $1)`,
		"paused":   `UPDATE client_accounts SET paused = 'paused', paused_since = '2026-01-02T03:04:05Z', paused_reason = 'Ann asked for it.' WHERE id = $1`,
	}
	for state, sql := range states {
		n.exec(sql, n.account(group, "rss", state))
	}
	n.exec(`UPDATE sources SET followers = 7, avatar_url = 'https://a.test/a.png', display_name = 'Okay', last_post_at = now(), last_polled_at = '2026-01-01T00:00:00Z' WHERE handle = 'ok'`)
	page := decode[api.AccountList](t, n.read("/accounts"))
	if len(page.Items) != len(states) || !page.AsOf.MustGet().Equal(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%d accounts as of %v", len(page.Items), page.AsOf)
	}
	accounts := map[string]api.Account{}
	for _, a := range page.Items {
		if string(a.State) != a.Handle {
			t.Errorf("%s is %s", a.Handle, a.State)
		}
		accounts[a.Handle] = a
		only := decode[api.AccountList](t, n.read("/accounts?state="+a.Handle))
		if len(only.Items) != 1 || only.Items[0].ID != a.ID {
			t.Errorf("state %s: %+v", a.Handle, only.Items)
		}
	}
	for _, list := range []string{"failing,gone", "gone%2Cfailing"} { // the comma as it is, and as forms write it
		several := decode[api.AccountList](t, n.read("/accounts?state="+list))
		found := map[string]bool{}
		for _, a := range several.Items {
			found[a.Handle] = true
		}
		if len(several.Items) != 2 || !found["failing"] || !found["gone"] {
			t.Errorf("states %s: %v", list, found)
		}
	}
	if a := accounts["learning"]; !a.LastPolledAt.IsNull() || !a.AsOf.IsNull() || a.NextPollAt.IsNull() {
		t.Errorf("learning: %+v", a)
	}
	if a := accounts["failing"]; a.StateReason.MustGet() != "It does not answer." || a.DisplayName.IsSpecified() && !a.DisplayName.IsNull() || !a.Followers.IsNull() || !a.AvatarURL.IsNull() || !a.LastPostAt.IsNull() || !a.ChannelID.IsNull() {
		t.Errorf("failing: %+v", a)
	}
	if a := accounts["paused"]; a.StateReason.MustGet() != "Ann asked for it." || !a.NextPollAt.IsNull() || !a.StateSince.Equal(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)) {
		t.Errorf("paused: %+v", a)
	}
	if a := accounts["ok"]; a.Followers.MustGet() != 7 || a.DisplayName.MustGet() != "Okay" || a.AvatarURL.IsNull() || a.LastPostAt.IsNull() || !a.StateReason.IsNull() || a.AsOf.MustGet() != a.LastPolledAt.MustGet() {
		t.Errorf("ok: %+v", a)
	}
}

func TestPostTellsMetricsDeliveryAndNullForTheUnknown(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	account, channel := n.account(n.group(n.brand("B"), "G"), "bluesky", "a"), n.channel()
	bare := n.post(account, "post", "", 1)
	p := decode[api.Post](t, n.read("/posts/"+bare.String()))
	if p.Delivery.State != "none" || !p.Delivery.MessageURL.IsNull() || !p.Delivery.Reason.IsNull() || !p.URL.IsNull() || !p.Title.IsNull() || !p.Body.IsNull() ||
		!p.AuthorName.IsNull() || !p.ThumbnailURL.IsNull() || !p.EditedAt.IsNull() || !p.RemovedAt.IsNull() || !p.Metrics.Views.IsNull() ||
		!p.Metrics.Likes.IsNull() || !p.Metrics.Comments.IsNull() || !p.Metrics.Shares.IsNull() || !p.Metrics.MeasuredAt.IsNull() || !p.AsOf.MustGet().Equal(p.FirstSeenAt.Time) {
		t.Errorf("bare post %+v", p)
	}
	n.exec(`UPDATE posts SET views = 0, likes = 5000000000, shares = 2, measured_at = '2030-01-01T00:00:00Z', url = 'https://p.test', body = 'B', author_name = 'A' WHERE id = $1`, bare)
	n.deliver(bare, channel, "sent", "600000000000000001")
	p = decode[api.Post](t, n.read("/posts/"+bare.String()))
	if p.Metrics.Views.MustGet() != 0 || p.Metrics.Likes.MustGet() != 5000000000 || !p.Metrics.Comments.IsNull() || p.AsOf.MustGet() != p.Metrics.MeasuredAt.MustGet() {
		t.Errorf("metrics %+v as of %v", p.Metrics, p.AsOf)
	}
	if p.Delivery.State != "sent" || p.Delivery.MessageURL.MustGet() != fmt.Sprintf("https://discord.com/channels/%s/%s/600000000000000001", n.guildID, channel) || p.Delivery.DeliveredAt.IsNull() {
		t.Errorf("delivery %+v", p.Delivery)
	}
	// Each of these needs more attention than those before it.
	busy := n.post(account, "post", "busy", 2)
	for i, state := range []string{"skipped", "sent", "pending", "sending", "retry", "dead"} {
		n.deliver(busy, fmt.Sprintf("50000000000000001%d", i), state, "")
		if p := decode[api.Post](t, n.read("/posts/"+busy.String())); string(p.Delivery.State) != state || (state == "dead") != !p.Delivery.Reason.IsNull() && state != "skipped" {
			t.Errorf("with %s: %+v", state, p.Delivery)
		}
	}
	list := decode[api.PostList](t, n.read("/posts"))
	if len(list.Items) != 2 || list.Items[0].ID != bare || list.AsOf.MustGet() != list.Items[1].AsOf.MustGet() {
		t.Errorf("list as of %v: %+v", list.AsOf, list.Items)
	}
	if empty := decode[api.PostList](t, n.read("/posts?kind=live")); !empty.AsOf.IsNull() || empty.Items == nil || !empty.NextCursor.IsNull() {
		t.Errorf("empty list %+v", empty)
	}
	answer := n.read("/posts/" + bare.String())
	if again := n.read("/posts/"+bare.String(), "If-None-Match", answer.Header().Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("unchanged post: got %d", again.Code)
	}
}

func TestPostsAreFoundByEveryFilter(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	n.exec(`UPDATE guild_settings SET timezone = 'Asia/Tokyo' WHERE client_id = $1`, n.client)
	north, south := n.brand("North"), n.brand("South")
	g1, g2, g3 := n.group(north, "1"), n.group(north, "2"), n.group(south, "3")
	a1, a2, a3 := n.account(g1, "rss", "a1"), n.account(g2, "bluesky", "a2"), n.account(g3, "bluesky", "a3")
	n.post(a1, "post", "100% Sale_now", 1)
	n.post(a2, "video", "100x saleXnow", 2)
	n.post(a3, "post", "ÄRGER", 3)
	n.post(a3, "short", `back\slash`, 4)
	n.exec(`UPDATE posts SET views = 5, likes = 1 WHERE title = 'ÄRGER'`)
	n.exec(`UPDATE posts SET views = 0, likes = 9, published_at = '2026-03-01T14:59:59Z' WHERE title LIKE 'back%'`)
	n.exec(`UPDATE posts SET published_at = '2026-03-01T15:00:00Z', body = 'Body text', author_name = 'Jo' WHERE title LIKE '100x%'`)
	const percent, x, anger, back = "100% Sale_now", "100x saleXnow", "ÄRGER", `back\slash`
	for query, want := range map[string][]string{
		"":                              {percent, anger, x, back},
		"sort=publishedAt":              {percent, anger, x, back},
		"brandId=" + id(north):          {percent, x},
		"groupId=" + id(g2):             {x},
		"accountId=" + id(a3):           {anger, back},
		"platform=bluesky":              {anger, x, back},
		"kind=post":                     {percent, anger},
		"q=" + esc("% sale_N"):          {percent},
		"q=100":                         {percent, x},
		"q=" + esc("ärger"):             {anger},
		"q=" + esc(`\S`):                {back},
		"q=body":                        {x},
		"q=jo":                          {x},
		"from=2026-03-02":               {percent, anger, x}, // midnight in Tokyo is 15:00 UTC
		"to=2026-03-01":                 {back},
		"from=2026-03-01&to=2026-03-02": {x, back},
		"from=2026-03-01T15:00:00Z&to=2026-03-01T15:00:00.001Z":        {x},
		"to=2026-03-01T15:00:00Z":                                      {back},
		"to=0001-01-01T00:00:00Z":                                      {},
		"sort=views&to=2026-03-01T15:00:00Z":                           {back},
		"platform=bluesky&kind=post":                                   {anger},
		"brandId=" + id(south) + "&kind=short&q=BACK":                  {back},
		"brandId=" + id(south) + "&groupId=" + id(g1):                  {},
		"accountId=" + id(a1) + "&brandId=" + id(south):                {},
		"accountId=" + id(a1) + "&groupId=" + id(g1) + "&platform=rss": {percent},
		"groupId=" + id(g3) + "&platform=rss":                          {},
		"platform=bluesky&sort=likes&kind=short":                       {back},
		"brandId=" + id(south) + "&sort=views":                         {anger, back},
		"brandId=" + id(south) + "&sort=likes":                         {back, anger},
		"accountId=" + uuid.NewString():                                {},
	} {
		if got := n.titles(query); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	for _, sort := range []string{"views", "likes"} { // what is unknown comes after 0
		got := n.titles("sort=" + sort)
		if len(got) != 4 || !slices.Contains(got[:2], anger) || !slices.Contains(got[:2], back) {
			t.Errorf("by %s: %q", sort, got)
		}
	}
}

func id(u uuid.UUID) string { return u.String() }

func esc(s string) string { return url.QueryEscape(s) }

func TestCursorsCountForTheirOwnListOnly(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n, other := newNewsroom(t, w, "Newsroom"), newNewsroom(t, w, "Elsewhere")
	for _, of := range []*newsroom{n, other} {
		group := of.group(of.brand("B"), "G")
		for _, handle := range []string{"a", "b"} {
			account := of.account(group, "rss", handle)
			of.post(account, "post", "1", 1)
			of.post(account, "post", "2", 1)
		}
	}
	posts := decode[api.PostList](t, n.read("/posts?limit=1")).NextCursor.MustGet()
	views := decode[api.PostList](t, n.read("/posts?limit=1&sort=views")).NextCursor.MustGet()
	accounts := decode[api.AccountList](t, n.read("/accounts?limit=1")).NextCursor.MustGet()
	if answer := n.read("/posts?limit=3&cursor=" + posts); answer.Code != http.StatusOK {
		t.Errorf("its own list with another limit: got %d", answer.Code)
	}
	forged := posts[:len(posts)-2] + "AA"
	for _, tail := range []string{
		"/posts?kind=post&cursor=" + posts, "/posts?sort=views&cursor=" + posts, "/posts?cursor=" + views, "/posts?sort=likes&cursor=" + views,
		"/posts?cursor=" + accounts, "/accounts?cursor=" + posts, "/accounts?state=ok&cursor=" + accounts, "/posts?cursor=" + forged, "/posts?cursor=x", "/brands?cursor=" + posts,
	} {
		p := problemOf(t, n.read(tail))
		if p.Code != "validation_failed" || fields(p)["cursor"] == "" {
			t.Errorf("%s: %+v", tail, p)
		}
	}
	p := problemOf(t, other.read("/posts?cursor="+posts))
	if p.Code != "validation_failed" || fields(p)["cursor"] == "" {
		t.Errorf("in another guild: %+v", p)
	}
}

func TestListsRefuseWhatTheContractDoesNotKnow(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	for tail, field := range map[string]string{
		"/posts?limit=0": "limit", "/posts?limit=101": "limit", "/posts?sort=shares": "sort", "/posts?kind=story": "kind", "/posts?q=": "q", "/posts?q=%00": "q",
		"/posts?from=2026-03-02&to=2026-03-01": "to", "/posts?accountId=1": "accountId", "/accounts?state=fine": "state", "/accounts?state=ok,fine": "state", "/accounts?state=ok,ok": "state", "/accounts?state=": "state", "/accounts?state=ok&state=gone": "state", "/accounts?platform=myspace": "platform",
		"/accounts?sort=views": "sort", "/groups?q=x": "q", "/posts?kind=post&kind=video": "kind",
	} {
		if p := problemOf(t, n.read(tail)); p.Code != "validation_failed" || fields(p)[field] == "" {
			t.Errorf("%s: %+v", tail, p)
		}
	}
	wantNotFound := problemOf(t, n.read("/posts/"+uuid.NewString()))
	if wantNotFound.Code != "not_found" {
		t.Errorf("post of nobody: %+v", wantNotFound)
	}
}

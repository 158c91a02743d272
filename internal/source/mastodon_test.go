package source_test

import (
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/source"
)

// instance answers like a Mastodon server with one user, alice, id 109, who has n statuses.
type instance struct {
	n        int
	closed   atomic.Bool // the statuses want a login
	names    atomic.Bool // names too
	forward  bool        // knows min_id
	calls    atomic.Int32
	feedPath string
	reblog   int // which status repeats another, 0 for none
}

const firstStatus = 1000

func (in *instance) account(host string) map[string]any {
	return map[string]any{
		"id": "109", "username": "alice", "acct": "alice", "display_name": "Alice", "followers_count": 5,
		"url": "https://" + host + "/@alice", "avatar": "https://cdn.example/a.png",
	}
}

func (in *instance) status(host string, i int) map[string]any {
	st := map[string]any{
		"id": strconv.Itoa(firstStatus + i), "created_at": time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC).Format("2006-01-02T15:04:05.000Z"),
		"url": fmt.Sprintf("https://%s/@alice/%d", host, firstStatus+i), "content": fmt.Sprintf("<p>post %d</p>", i),
		"account": in.account(host), "favourites_count": i, "reblogs_count": 2, "replies_count": 0,
	}
	if i == in.reblog && i > 0 {
		st["reblog"] = map[string]any{"id": "7"}
	}
	return st
}

func (in *instance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	in.calls.Add(1)
	refuse := func() {
		w.WriteHeader(401)
		_, _ = io.WriteString(w, `{"error":"This method requires an authenticated user"}`)
	}
	reply := func(v any) { _ = json.NewEncoder(w).Encode(v) }
	switch path := r.URL.Path; {
	case in.feedPath != "" && path == in.feedPath:
		items := ""
		for i := in.n - 1; i >= max(0, in.n-20); i-- {
			items += fmt.Sprintf(`<item><guid isPermaLink="true">https://%s/@alice/%d</guid><link>https://%s/@alice/%d</link><description>&lt;p&gt;post %d&lt;/p&gt;</description></item>`, r.Host, firstStatus+i, r.Host, firstStatus+i, i)
		}
		_, _ = io.WriteString(w, `<rss version="2.0"><channel><title>Alice</title>`+items+`</channel></rss>`)
	case path == "/api/v1/accounts/lookup" && !in.names.Load():
		if r.URL.Query().Get("acct") != "alice" {
			http.Error(w, `{"error":"Record not found"}`, 404)
			return
		}
		reply(in.account(r.Host))
	case path == "/api/v1/accounts/109" && !in.names.Load():
		reply(in.account(r.Host))
	case path == "/api/v1/accounts/109/statuses" && !in.closed.Load():
		reply(in.page(r))
	case strings.HasPrefix(path, "/api/v1/statuses/") && !in.closed.Load():
		id, _ := strconv.Atoi(strings.TrimPrefix(path, "/api/v1/statuses/"))
		if i := id - firstStatus; i >= 0 && i < in.n {
			reply(in.status(r.Host, i))
			return
		}
		http.Error(w, `{"error":"Record not found"}`, 404)
	case strings.HasPrefix(path, "/api/v1/"):
		refuse()
	default:
		http.NotFound(w, r)
	}
}

// page pages as Mastodon does: min_id forward, else the newest after since_id.
func (in *instance) page(r *http.Request) []any {
	q := r.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	since, _ := strconv.Atoi(q.Get("since_id"))
	var all []any
	for i := range in.n {
		if firstStatus+i > since {
			all = append(all, in.status(r.Host, i))
		}
	}
	if in.forward && q.Get("min_id") != "" {
		all = all[:min(limit, len(all))]
	} else {
		all = all[max(0, len(all)-limit):]
	}
	slices.Reverse(all)
	if all == nil {
		all = []any{}
	}
	return all
}

func mastodon(t *testing.T, h http.Handler) (a source.Adapter, r *source.Registry, host string) {
	t.Helper()
	r = registry(t, source.Config{})
	return adapter(t, r, source.Mastodon), r, strings.TrimPrefix(serve(t, h).URL, "http://")
}

func TestMastodonAccountsAreKnownByTheirID(t *testing.T) {
	t.Parallel()
	_, r, host := mastodon(t, &instance{n: 1})
	followers := int64(5)
	want := source.Account{
		Platform: "mastodon", ExternalID: "http://" + host + "/api/v1/accounts/109", Handle: "@alice@" + host, DisplayName: "Alice",
		URL: "https://" + host + "/@alice", AvatarURL: "https://cdn.example/a.png", Followers: &followers,
	}
	for _, input := range []string{"@alice@" + host, "http://" + host + "/@alice", "http://" + host + "/users/alice/statuses/1"} {
		got, err := r.Resolve(testContext(t), source.Auto, input)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	_, err := r.Resolve(testContext(t), source.Auto, "@bob@"+host)
	wantKind(t, err, source.NotFound)
}

func TestMastodonIsSpokenToSecurelyFirst(t *testing.T) {
	t.Parallel()
	srv := httptest.NewTLSServer(&instance{n: 1})
	t.Cleanup(srv.Close)
	pool := x509.NewCertPool()
	pool.AddCert(srv.Certificate())
	r := registry(t, source.Config{RootCAs: pool})
	host := strings.TrimPrefix(srv.URL, "https://")
	got, err := r.Resolve(testContext(t), source.Auto, "@alice@"+host)
	if err != nil || got.ExternalID != srv.URL+"/api/v1/accounts/109" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestMastodonHandlesMayLiveElsewhere(t *testing.T) {
	t.Parallel()
	home := serve(t, &instance{n: 1})
	_, r, host := mastodon(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path != "/.well-known/webfinger" || !strings.HasPrefix(req.URL.Query().Get("resource"), "acct:alice@") {
			http.NotFound(w, req)
			return
		}
		_, _ = fmt.Fprintf(w, `{"links":[{"rel":"http://webfinger.net/rel/profile-page","href":"x"},{"rel":"self","href":"%s/users/alice"}]}`, home.URL)
	}))
	got, err := r.Resolve(testContext(t), source.Auto, "@alice@"+host)
	if err != nil || got.ExternalID != home.URL+"/api/v1/accounts/109" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestMastodonPollsPageForwardOverAnyGap(t *testing.T) {
	t.Parallel()
	in := &instance{n: 100, forward: true}
	a, _, host := mastodon(t, in)
	req := source.FetchRequest{ExternalID: "http://" + host + "/api/v1/accounts/109"}
	res, err := a.Fetch(testContext(t), req)
	if err != nil || len(res.Posts) != 40 || res.Posts[0].ExternalID != "1099" {
		t.Fatalf("%d posts, %v", len(res.Posts), err)
	}
	if res.Account == nil || res.Account.ExternalID != req.ExternalID || value(res.Account.Followers) != 5 {
		t.Errorf("account %+v", res.Account)
	}
	in.n = 400 // 300 new ones are more than one poll takes
	seen := map[string]bool{}
	for range 3 {
		req.Cursor = res.Cursor
		if res, err = a.Fetch(testContext(t), req); err != nil {
			t.Fatal(err)
		}
		for _, p := range res.Posts {
			if seen[p.ExternalID] {
				t.Errorf("post %s came twice", p.ExternalID)
			}
			seen[p.ExternalID] = true
		}
	}
	for i := 100; i < 400; i++ {
		if !seen[strconv.Itoa(firstStatus+i)] {
			t.Fatalf("post %d is missing", i)
		}
	}
	if len(seen) != 300 {
		t.Errorf("%d posts", len(seen))
	}
}

func TestMastodonServersWithoutMinIDGiveTheNewest(t *testing.T) {
	t.Parallel()
	in := &instance{n: 10}
	a, _, host := mastodon(t, in)
	req := source.FetchRequest{ExternalID: "http://" + host + "/api/v1/accounts/109"}
	first, err := a.Fetch(testContext(t), req)
	if err != nil {
		t.Fatal(err)
	}
	in.n = 13
	req.Cursor = first.Cursor
	second, err := a.Fetch(testContext(t), req)
	if err != nil || len(second.Posts) != 3 {
		t.Errorf("%d posts, %v", len(second.Posts), err)
	}
	req.Cursor = second.Cursor
	third, err := a.Fetch(testContext(t), req)
	if err != nil || len(third.Posts) != 0 || third.Cursor != second.Cursor {
		t.Errorf("%+v, %v", third, err)
	}
}

func TestMastodonFallsBackToTheFeedWithTheSameIdentities(t *testing.T) {
	t.Parallel()
	in := &instance{n: 5, feedPath: "/@alice.rss"}
	a, _, host := mastodon(t, in)
	req := source.FetchRequest{ExternalID: "http://" + host + "/api/v1/accounts/109"}
	open, err := a.Fetch(testContext(t), req)
	if err != nil {
		t.Fatal(err)
	}
	in.closed.Store(true)
	for _, cursor := range []string{open.Cursor, ""} {
		req.Cursor = cursor
		res, err := a.Fetch(testContext(t), req)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, p := range res.Posts {
			ids = append(ids, p.ExternalID)
		}
		if d := cmp.Diff([]string{"1004", "1003", "1002", "1001", "1000"}, ids); d != "" {
			t.Error(d)
		}
		if res.Posts[0].Body != "post 4" || res.Posts[0].Metrics != nil || res.Account.ExternalID != req.ExternalID {
			t.Errorf("%+v of %+v", res.Posts[0], res.Account)
		}
	}
	if got, err := a.Measure(testContext(t), req.ExternalID, []string{"1000", "1001"}); err != nil || len(got) != 0 {
		t.Errorf("measured %v, %v", got, err)
	}
	in.closed.Store(false)
	in.n = 6
	req.Cursor = open.Cursor
	if again, err := a.Fetch(testContext(t), req); err != nil || len(again.Posts) != 1 || again.Posts[0].ExternalID != "1005" {
		t.Errorf("%+v %v", again.Posts, err)
	}
}

func TestMastodonServersThatAreClosedFromTheStartAreFollowedByFeed(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{"Mastodon": "/@alice.rss", "GoToSocial": "/@alice/feed.rss"} {
		for _, namesToo := range []bool{true, false} {
			t.Run(fmt.Sprint(name, namesToo), func(t *testing.T) {
				t.Parallel()
				in := &instance{n: 2, feedPath: path}
				in.closed.Store(true)
				in.names.Store(namesToo)
				a, r, host := mastodon(t, in)
				acct, err := r.Resolve(testContext(t), source.Auto, "@alice@"+host)
				want := source.Account{
					Platform: "mastodon", ExternalID: "http://" + host + path, Handle: "@alice@" + host,
					DisplayName: "Alice", URL: "http://" + host + "/@alice",
				}
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(want, acct); d != "" {
					t.Error(d)
				}
				res, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: acct.ExternalID})
				if err != nil || len(res.Posts) != 2 || res.Posts[0].ExternalID != "1001" {
					t.Errorf("%+v %v", res, err)
				}
			})
		}
	}
	in := &instance{n: 2}
	in.closed.Store(true)
	_, r, host := mastodon(t, in)
	_, err := r.Resolve(testContext(t), source.Mastodon, "@alice@"+host)
	wantKind(t, err, source.AuthRequired)
}

func TestMastodonMeasuresAPageAtOnceAndTheRestSingly(t *testing.T) {
	t.Parallel()
	in := &instance{n: 100, reblog: 5}
	a, _, host := mastodon(t, in)
	ids := []string{"1099", "1080", "1003", "1005", "7", "../../etc", "1060"}
	got, err := a.Measure(testContext(t), "http://"+host+"/api/v1/accounts/109", ids)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 5 || !got["7"].Gone || value(got["1003"].Likes) != 3 || value(got["1099"].Shares) != 2 || got["1099"].Views != nil {
		t.Errorf("%+v", got)
	}
	if n := in.calls.Load(); n != 4 {
		t.Errorf("%d calls", n)
	}
	if got, err := a.Measure(testContext(t), "http://"+host+"/@alice.rss", ids); err != nil || len(got) != 0 {
		t.Errorf("a feed has figures: %v %v", got, err)
	}
}

func TestMastodonLimitsSpeakForTheHost(t *testing.T) {
	t.Parallel()
	now := time.Now()
	var calls atomic.Int32
	srv := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.Header().Set("X-RateLimit-Reset", now.Add(5*time.Minute).UTC().Format("2006-01-02T15:04:05.000000Z"))
		w.WriteHeader(429)
	}))
	r := registry(t, source.Config{HostRate: 1000, HostBurst: 1000, Now: func() time.Time { return now }})
	a := adapter(t, r, source.Mastodon)
	for i := range 3 {
		_, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: fmt.Sprintf("%s/api/v1/accounts/%d", srv.URL, i)})
		e := wantKind(t, err, source.RateLimited)
		if e.RetryAfter < 4*time.Minute || e.RetryAfter > 5*time.Minute {
			t.Errorf("wait %s", e.RetryAfter)
		}
		if i == 0 && e.Status != 429 || i > 0 && e.Status != 0 {
			t.Errorf("call %d has status %d", i, e.Status)
		}
	}
	if calls.Load() != 1 {
		t.Errorf("the host was asked %d times", calls.Load())
	}
}

func TestMastodonStatusesBecomePosts(t *testing.T) {
	t.Parallel()
	got, err := source.MastodonPosts([]byte(`[
	 {"id":"1","created_at":"2026-01-01T00:00:00.000Z","edited_at":"2026-01-02T00:00:00.000Z","url":"https://s.example/@a/1","content":"<p>Hi <a href=\"x\"><span class=\"invisible\">https://</span>b.example</a><br>two</p>","account":{"username":"a"},"media_attachments":[{"preview_url":"https://cdn.example/1.png"}],"favourites_count":1,"reblogs_count":2,"replies_count":3,"quotes_count":4},
	 {"id":"2","created_at":"2026-01-01T00:00:00Z","in_reply_to_id":"1","sensitive":true,"spoiler_text":"careful","uri":"https://s.example/2","content":"x","account":{"username":"a","display_name":"A"},"media_attachments":[{"preview_url":"https://cdn.example/2.png"}],"favourites_count":"many","replies_count":null},
	 {"id":"3","created_at":"2026-01-01T00:00:00Z","content":"","url":null,"account":{"username":"a"},"reblog":{"id":"77","url":"https://o.example/@b/77","content":"<p>theirs</p>","account":{"display_name":"B"},"favourites_count":900,"card":{"image":"https://cdn.example/3.png"}},"favourites_count":0},
	 {"id":4}, 5, null]`))
	if err != nil {
		t.Fatal(err)
	}
	n := func(i int64) *int64 { return &i }
	edited := at("2026-01-02T00:00:00Z")
	want := []source.Post{
		{
			ExternalID: "1", Kind: "post", URL: "https://s.example/@a/1", Body: "Hi https://b.example\ntwo", AuthorName: "a", ThumbnailURL: "https://cdn.example/1.png",
			PublishedAt: at("2026-01-01T00:00:00Z"), EditedAt: &edited, Metrics: &source.Metrics{Likes: n(1), Shares: n(6), Comments: n(3)},
		},
		{
			ExternalID: "2", Kind: "reply", URL: "https://s.example/2", Title: "careful", Body: "x", AuthorName: "A",
			PublishedAt: at("2026-01-01T00:00:00Z"), Metrics: &source.Metrics{},
		},
		{
			ExternalID: "3", Kind: "repost", URL: "https://o.example/@b/77", Body: "theirs", AuthorName: "B", ThumbnailURL: "https://cdn.example/3.png",
			PublishedAt: at("2026-01-01T00:00:00Z"),
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestMastodonAnswersOfAnotherShapeAreMalformed(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"error":"no"}`, `<html>`, ``, `null`, `"x"`} {
		a, _, host := mastodon(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
		_, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: "http://" + host + "/api/v1/accounts/109"})
		wantKind(t, err, source.Malformed)
	}
}

func TestMastodonPollsAfterTheFirstCountAsPages(t *testing.T) {
	t.Parallel()
	srv := serve(t, &instance{n: 1})
	r := registry(t, source.Config{HostRate: 1000, HostBurst: 1000})
	a, host := adapter(t, r, source.Mastodon), strings.TrimPrefix(srv.URL, "http://")
	req := source.FetchRequest{ExternalID: srv.URL + "/api/v1/accounts/109"}
	res, err := a.Fetch(testContext(t), req)
	if err != nil || source.CountsPages(r, host) {
		t.Fatalf("the first poll: %v, counted as a page: %t", err, source.CountsPages(r, host))
	}
	req.Cursor = res.Cursor
	if _, err := a.Fetch(testContext(t), req); err != nil || !source.CountsPages(r, host) {
		t.Errorf("the second poll: %v, counted as a page: %t", err, source.CountsPages(r, host))
	}
}

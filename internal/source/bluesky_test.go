package source_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/source"
)

const did = "did:plc:alice"

// appView answers three methods like the public one. Its feed has n posts, one a minute.
type appView struct {
	n         int
	pages     atomic.Int32
	batches   atomic.Int32
	failAfter int32 // pages answered before 502s; 0 is never
}

func (v *appView) post(i int) map[string]any {
	when := time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC).Format(time.RFC3339)
	return map[string]any{
		"uri": fmt.Sprintf("at://%s/app.bsky.feed.post/%d", did, i), "author": map[string]any{"did": did, "handle": "alice.example"},
		"record": map[string]any{"text": fmt.Sprint("post ", i), "createdAt": when}, "indexedAt": when,
		"likeCount": i, "repostCount": 2, "quoteCount": 1, "replyCount": 0,
	}
}

func (v *appView) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	var out any
	switch strings.TrimPrefix(r.URL.Path, "/xrpc/") {
	case "app.bsky.actor.getProfile":
		if actor := q.Get("actor"); actor != did && actor != "alice.example" {
			w.WriteHeader(400)
			out = map[string]string{"error": "InvalidRequest", "message": "Profile not found"}
			break
		}
		out = map[string]any{"did": did, "handle": "alice.example", "displayName": "Alice", "avatar": "https://cdn.example/a.jpg", "followersCount": 12}
	case "app.bsky.feed.getAuthorFeed":
		if n := v.pages.Add(1); v.failAfter > 0 && n > v.failAfter {
			w.WriteHeader(502)
			return
		}
		end := v.n
		_, _ = fmt.Sscan(q.Get("cursor"), &end)
		start := max(0, end-50)
		feed := []any{}
		for i := end - 1; i >= start; i-- {
			feed = append(feed, map[string]any{"post": v.post(i)})
		}
		page := map[string]any{"feed": feed}
		if start > 0 {
			page["cursor"] = fmt.Sprint(start)
		}
		out = page
	case "app.bsky.feed.getPosts":
		v.batches.Add(1)
		if len(q["uris"]) > 25 {
			w.WriteHeader(400)
			return
		}
		posts := []any{}
		for _, uri := range q["uris"] {
			var i int
			if _, err := fmt.Sscanf(uri, "at://"+did+"/app.bsky.feed.post/%d", &i); err == nil && i < v.n {
				posts = append(posts, v.post(i))
			}
		}
		out = map[string]any{"posts": posts}
	}
	_ = json.NewEncoder(w).Encode(out)
}

func bluesky(t *testing.T, v http.Handler) (source.Adapter, *source.Registry) {
	t.Helper()
	r := registry(t, source.Config{BlueskyURL: serve(t, v).URL})
	return adapter(t, r, source.Bluesky), r
}

func TestBlueskyAccountsAreKnownByDID(t *testing.T) {
	t.Parallel()
	_, r := bluesky(t, &appView{})
	followers := int64(12)
	want := source.Account{
		Platform: "bluesky", ExternalID: did, Handle: "alice.example", DisplayName: "Alice",
		URL: "https://bsky.app/profile/alice.example", AvatarURL: "https://cdn.example/a.jpg", Followers: &followers,
	}
	for _, input := range []string{"@alice.example", did, "https://bsky.app/profile/alice.example"} {
		got, err := r.Resolve(testContext(t), source.Auto, input)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	_, err := r.Resolve(testContext(t), source.Bluesky, "bob.example")
	wantKind(t, err, source.NotFound)
}

func TestBlueskyRefusalsAreUnderstood(t *testing.T) {
	t.Parallel()
	for body, kind := range map[string]source.ErrorKind{
		`{"error":"AccountTakedown","message":"Account has been suspended"}`: source.NotFound,
		`{"error":"AccountDeactivated"}`:                                     source.NotFound,
		`{"error":"InvalidRequest","message":"Error: cursor"}`:               source.Transient,
		`oops`: source.Transient,
	} {
		a, _ := bluesky(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(400)
			_, _ = w.Write([]byte(body))
		}))
		_, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: did})
		wantKind(t, err, kind)
	}
	limited, _ := bluesky(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Ratelimit-Reset", fmt.Sprint(time.Now().Add(time.Minute).Unix()))
		w.WriteHeader(429)
	}))
	_, err := limited.Fetch(testContext(t), source.FetchRequest{ExternalID: did})
	if e := wantKind(t, err, source.RateLimited); e.RetryAfter < 55*time.Second {
		t.Errorf("wait %s", e.RetryAfter)
	}
}

func TestBlueskyPollsReachBackToTheLastOne(t *testing.T) {
	t.Parallel()
	v := &appView{n: 120}
	a, _ := bluesky(t, v)
	first, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: did})
	if err != nil {
		t.Fatal(err)
	}
	if len(first.Posts) != 50 || v.pages.Load() != 1 {
		t.Fatalf("%d posts in %d pages", len(first.Posts), v.pages.Load())
	}
	if first.Account == nil || value(first.Account.Followers) != 12 {
		t.Errorf("account %+v", first.Account)
	}
	v.n = 250 // 130 new ones are more than two pages
	second, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: did, Cursor: first.Cursor})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range second.Posts {
		seen[p.ExternalID] = true
	}
	for i := 120; i < 250; i++ {
		if !seen[fmt.Sprintf("at://%s/app.bsky.feed.post/%d", did, i)] {
			t.Errorf("post %d is missing", i)
		}
	}
	if pages := v.pages.Load() - 1; pages != 3 {
		t.Errorf("%d pages were read", pages)
	}
	if second.Account == nil || second.Account.Followers != nil {
		t.Errorf("the profile was asked for again: %+v", second.Account)
	}
}

func TestBlueskyGapIsTriedAgainAfterAFailureInIt(t *testing.T) {
	t.Parallel()
	v := &appView{n: 60}
	a, _ := bluesky(t, v)
	first, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: did})
	if err != nil {
		t.Fatal(err)
	}
	v.n, v.failAfter = 200, v.pages.Load()+1
	second, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: did, Cursor: first.Cursor})
	if err != nil || len(second.Posts) != 50 {
		t.Fatalf("%d posts, %v", len(second.Posts), err)
	}
	v.failAfter = 0
	third, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: did, Cursor: second.Cursor})
	if err != nil || len(third.Posts) != 150 {
		t.Errorf("%d posts, %v", len(third.Posts), err)
	}
}

func TestBlueskyItemsBecomePosts(t *testing.T) {
	t.Parallel()
	body := `{"feed":[
	 {"post":{"uri":"at://did:plc:alice/app.bsky.feed.post/1","author":{"did":"did:plc:alice","handle":"alice.example","displayName":"Alice"},"record":{"text":"a\nb \u0000","createdAt":"2026-01-01T00:00:00.000Z"},"indexedAt":"2026-01-01T00:00:05Z","embed":{"images":[{"thumb":"https://cdn.example/1.jpg"}]},"likeCount":3,"replyCount":0,"repostCount":2,"quoteCount":1}},
	 {"post":{"uri":"at://did:plc:alice/app.bsky.feed.post/2","author":{"did":"did:plc:alice","handle":"handle.invalid"},"record":{"text":"re","createdAt":"2099-01-01T00:00:00Z","reply":{"root":{},"parent":{}}},"indexedAt":"2026-01-02T00:00:00Z","embed":{"media":{"external":{"thumb":"https://cdn.example/2.jpg"}}},"likeCount":1}},
	 {"reason":{"$type":"app.bsky.feed.defs#reasonRepost","by":{"did":"did:plc:alice"},"indexedAt":"2026-01-03T00:00:00Z"},"post":{"uri":"at://did:plc:bob/app.bsky.feed.post/9","author":{"did":"did:plc:bob","handle":"bob.example"},"record":{"text":"bob's"},"indexedAt":"2025-01-01T00:00:00Z","likeCount":900}},
	 {"reason":{"$type":"app.bsky.feed.defs#reasonRepost","by":{"did":"did:plc:alice"},"indexedAt":"2026-01-04T00:00:00Z"},"post":{"uri":"at://did:plc:alice/app.bsky.feed.post/1","author":{"did":"did:plc:alice","handle":"alice.example"},"record":{"text":"a"},"indexedAt":"2025-01-01T00:00:00Z"}},
	 {"reason":{"$type":"app.bsky.feed.defs#reasonPin"},"post":{"uri":"at://did:plc:alice/app.bsky.feed.post/1","author":{"did":"did:plc:alice"}}},
	 "odd", {"post":{"uri":7}}]}`
	got, err := source.BlueskyPosts([]byte(body), did)
	if err != nil {
		t.Fatal(err)
	}
	type row struct{ ID, Kind, URL, Body, Author, Thumb, When string }
	var rows []row
	for _, p := range got {
		rows = append(rows, row{p.ExternalID, p.Kind, p.URL, p.Body, p.AuthorName, p.ThumbnailURL, p.PublishedAt.Format(time.RFC3339)})
	}
	want := []row{
		{"at://did:plc:alice/app.bsky.feed.post/1", "post", "https://bsky.app/profile/alice.example/post/1", "a\nb", "Alice", "https://cdn.example/1.jpg", "2026-01-01T00:00:00Z"},
		{"at://did:plc:alice/app.bsky.feed.post/2", "reply", "https://bsky.app/profile/did:plc:alice/post/2", "re", "did:plc:alice", "https://cdn.example/2.jpg", "2026-01-02T00:00:00Z"},
		{"at://did:plc:bob/app.bsky.feed.post/9", "repost", "https://bsky.app/profile/bob.example/post/9", "bob's", "bob.example", "", "2026-01-03T00:00:00Z"},
		{"at://did:plc:alice/app.bsky.feed.post/1#repost", "repost", "https://bsky.app/profile/alice.example/post/1", "a", "alice.example", "", "2026-01-04T00:00:00Z"},
	}
	if d := cmp.Diff(want, rows); d != "" {
		t.Error(d)
	}
	if m := got[0].Metrics; m == nil || value(m.Likes) != 3 || value(m.Shares) != 3 || value(m.Comments) != 0 || m.Views != nil {
		t.Errorf("metrics %+v", m)
	}
	if m := got[1].Metrics; m == nil || value(m.Likes) != 1 || m.Shares != nil {
		t.Errorf("a figure that is missing counts as one: %+v", m)
	}
	if got[2].Metrics != nil || got[3].Metrics != nil {
		t.Error("a repost has figures")
	}
}

func TestBlueskyMeasuresItsOwnPostsInBatches(t *testing.T) {
	t.Parallel()
	v := &appView{n: 60}
	a, _ := bluesky(t, v)
	ids := []string{"at://did:plc:bob/app.bsky.feed.post/1", "at://" + did + "/app.bsky.feed.post/1#repost", "rubbish"}
	for i := range 70 {
		ids = append(ids, fmt.Sprintf("at://%s/app.bsky.feed.post/%d", did, i))
	}
	got, err := a.Measure(testContext(t), did, ids)
	if err != nil {
		t.Fatal(err)
	}
	gone := 0
	for _, m := range got {
		if m.Gone {
			gone++
		}
	}
	if len(got) != 70 || gone != 10 || v.batches.Load() != 3 {
		t.Errorf("%d measured, %d of them gone, in %d calls", len(got), gone, v.batches.Load())
	}
	if m := got[ids[3+7]]; value(m.Likes) != 7 || value(m.Shares) != 3 || m.Views != nil {
		t.Errorf("%+v", m)
	}
	down, _ := bluesky(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }))
	_, err = down.Measure(testContext(t), did, ids)
	wantKind(t, err, source.Transient)
}

func TestBlueskyMeasuresPostsOfManyAccountsInOneCall(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	srv := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		posts := []any{}
		for _, uri := range r.URL.Query()["uris"] {
			posts = append(posts, map[string]any{"uri": uri, "likeCount": 7})
		}
		if err := json.NewEncoder(w).Encode(map[string]any{"posts": posts}); err != nil {
			t.Error(err)
		}
	}))
	r := registry(t, source.Config{BlueskyURL: srv.URL})
	var refs []source.PostRef
	for i := range 20 {
		account := fmt.Sprintf("did:plc:a%d", i)
		refs = append(refs, source.PostRef{AccountID: account, PostID: "at://" + account + "/app.bsky.feed.post/1"})
	}
	got := r.MeasureAll(testContext(t), source.Bluesky, refs)
	if len(got.Figures) != 20 || len(got.Failed) != 0 || calls.Load() != 1 || value(got.Figures[refs[3]].Likes) != 7 {
		t.Errorf("%d measured, %d failed in %d calls", len(got.Figures), len(got.Failed), calls.Load())
	}
}

func TestBlueskyHoldsNoPostForGoneWhenTheAnswerIsOdd(t *testing.T) {
	t.Parallel()
	uri := "at://" + did + "/app.bsky.feed.post/1"
	for _, body := range []string{`{}`, `{"posts": null}`, `{"posts": [{"uri": 7}]}`, `{"posts": [3]}`} {
		a, _ := bluesky(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
		if got, err := a.Measure(testContext(t), did, []string{uri}); err != nil || len(got) != 0 {
			t.Errorf("%s: %v, %v", body, got, err)
		}
	}
}

func TestOneAccountThatCannotBeMeasuredSpoilsNoOther(t *testing.T) {
	t.Parallel()
	in := &instance{n: 3}
	_, r, host := mastodon(t, in)
	well := source.PostRef{AccountID: "http://" + host + "/api/v1/accounts/109", PostID: "1001"}
	away := source.PostRef{AccountID: "http://127.0.0.1:1/api/v1/accounts/1", PostID: "1"}
	got := r.MeasureAll(testContext(t), source.Mastodon, []source.PostRef{away, well})
	if _, ok := got.Figures[well]; !ok || len(got.Figures) != 1 || got.Failed[away] == nil {
		t.Errorf("%+v", got)
	}
}

func TestBlueskyCountsAgainstItsOwnHost(t *testing.T) {
	t.Parallel()
	srv := serve(t, &appView{n: 1})
	r := registry(t, source.Config{BlueskyURL: srv.URL, HostRate: 1, HostBurst: 1})
	a := adapter(t, r, source.Bluesky)
	u, err := url.Parse(srv.URL)
	if err != nil || a.Host(did) != u.Host {
		t.Fatalf("host %q", a.Host(did))
	}
	if _, err := a.Resolve(testContext(t), did); err != nil {
		t.Fatal(err)
	}
	if r.HostLimit(u.Host) <= 0 {
		t.Error("a request did not count")
	}
}

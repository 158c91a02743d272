package sim_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"trackbot/internal/sim"
)

func (w *world) get(path string, headers map[string]string) reply {
	w.t.Helper()
	return w.call("GET", path, nil, headers)
}

func TestFeedHasValidatorsAndAnswers304(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := must(w.AddFeed(sim.SourceSpec{Name: "blog", Title: "Blog & Co", TTL: 5, CacheControl: "max-age=60"}))
	id := must(w.Publish(key, sim.PostSpec{Title: "One <1>", Text: "Hello", ImageURL: "/media/1.png"}))
	for _, format := range []string{"xml", "atom", "json"} {
		path := "/feeds/blog." + format
		r := w.get(path, nil).want(200, 0)
		tag, modified := r.header.Get("ETag"), r.header.Get("Last-Modified")
		if tag == "" || modified == "" || r.header.Get("Cache-Control") != "max-age=60" {
			t.Errorf("%s: headers are %v", format, r.header)
		}
		w.get(path, map[string]string{"If-None-Match": tag}).want(304, 0)
		w.get(path, map[string]string{"If-Modified-Since": modified}).want(304, 0)
		if format != "json" && xml.Unmarshal(r.raw, new(struct{})) != nil {
			t.Errorf("%s is no XML: %s", format, r.raw)
		}
		must0(t, w.EditPost(key, id, sim.PostSpec{Title: "Edited for " + format}))
		r = w.get(path, map[string]string{"If-None-Match": tag}).want(200, 0)
		w.get(path, map[string]string{"If-Modified-Since": modified}).want(200, 0)
		if !strings.Contains(string(r.raw), "Edited for "+format) {
			t.Errorf("%s does not show the edit", format)
		}
	}
	page := string(w.get("/site/blog", nil).want(200, 0).raw)
	if !strings.Contains(page, `rel="alternate" type="application/rss+xml"`) || !strings.Contains(page, "/feeds/blog.xml") {
		t.Error("the site does not name its feed")
	}
	w.get("/feeds/none.xml", nil).want(404, 0)
	must0(t, w.RemoveSource(key))
	w.get("/feeds/blog.xml", nil).want(404, 0)
}

func TestFeedIsGzippedOnDemand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(w.AddFeed(sim.SourceSpec{Name: "blog"}))
	r := w.get("/feeds/blog.xml", map[string]string{"Accept-Encoding": "gzip"}).want(200, 0)
	body := must(io.ReadAll(must(gzip.NewReader(bytes.NewReader(r.raw)))))
	if r.header.Get("Content-Encoding") != "gzip" || !bytes.Contains(body, []byte("<rss")) {
		t.Errorf("gzip answer is %v %q", r.header, body)
	}
}

func TestBlueskyPagesByCursorAndFilter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := must(w.AddBlueskyAccount(sim.SourceSpec{Name: "ada.example", Title: "Ada", Followers: 12}))
	for i, kind := range []string{"post", "reply", "post", "repost", "post"} {
		must(w.Publish(key, sim.PostSpec{
			Kind: kind, Text: fmt.Sprint(i), Author: "bob.example", PublishedAt: w.clock.now().Add(time.Duration(i-5) * time.Hour),
		}))
	}
	did := w.get("/xrpc/com.atproto.identity.resolveHandle?handle=ada.example", nil).want(200, 0).str("did")
	if p := w.get("/xrpc/app.bsky.actor.getProfile?actor="+did, nil); p.str("handle") != "ada.example" || p.object["followersCount"] != 12.0 {
		t.Errorf("profile is %s", p.raw)
	}
	feed := "/xrpc/app.bsky.feed.getAuthorFeed?actor=ada.example&limit=2"
	seen, cursor := []string{}, ""
	for range 4 {
		r := w.get(feed+"&cursor="+url.QueryEscape(cursor), nil).want(200, 0)
		for _, item := range r.list("feed") {
			seen = append(seen, item.str("post", "record", "text"))
		}
		if cursor = r.str("cursor"); cursor == "" {
			break
		}
	}
	if strings.Join(seen, "") != "43210" || cursor != "" {
		t.Errorf("pages give %v, last cursor %q", seen, cursor)
	}
	items := w.get("/xrpc/app.bsky.feed.getAuthorFeed?actor="+did+"&filter=posts_no_replies", nil).list("feed")
	if len(items) != 4 || items[1].str("reason", "$type") != "app.bsky.feed.defs#reasonRepost" || items[1].str("post", "author", "handle") != "bob.example" {
		t.Errorf("without replies there are %d items", len(items))
	}
	uri := items[0].str("post", "uri")
	posts := w.get("/xrpc/app.bsky.feed.getPosts?uris="+uri+"&uris=at://"+did+"/app.bsky.feed.post/none", nil).list("posts")
	if len(posts) != 1 || posts[0].str("uri") != uri {
		t.Errorf("getPosts answers %v", posts)
	}
}

func TestBlueskyErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sim.Config) { c.Limits.Bluesky = 7 })
	many := strings.Repeat("uris=at://a.example/app.bsky.feed.post/1&", 26)
	for query, want := range map[string]string{
		"app.bsky.feed.getAuthorFeed":                          `Error: Params must have the property "actor"`,
		"app.bsky.feed.getAuthorFeed?actor=nobody.example":     "Profile not found",
		"app.bsky.feed.getAuthorFeed?actor=no+handle":          "Error: actor must be a valid did or a handle",
		"app.bsky.feed.getPosts?" + many:                       "Error: uris must not have more than 25 elements",
		"com.atproto.identity.resolveHandle?handle=no.example": "Unable to resolve handle",
		"app.bsky.actor.getProfile?actor=did:plc:none":         "Profile not found",
	} {
		if r := w.get("/xrpc/"+query, nil); r.status != 400 || r.str("error") != "InvalidRequest" || r.str("message") != want {
			t.Errorf("%s: %d %s", query, r.status, r.raw)
		}
	}
	if r := w.get("/xrpc/app.bsky.feed.nothing", nil); r.status != 501 {
		t.Errorf("unknown method answers %d", r.status)
	}
	w.get("/xrpc/app.bsky.actor.getProfile?actor=x.example", nil)
	if r := w.get("/xrpc/app.bsky.actor.getProfile?actor=x.example", nil); r.status != 429 || r.header.Get("RateLimit-Remaining") != "0" {
		t.Errorf("past the limit: %d %v", r.status, r.header)
	}
}

func TestMastodonPagesByID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := must(w.AddMastodonAccount(sim.SourceSpec{Name: "ada", Title: "Ada"}))
	ids := []string{}
	for i, kind := range []string{"post", "reply", "repost", "post", "post"} {
		ids = append(ids, must(w.Publish(key, sim.PostSpec{Kind: kind, Text: fmt.Sprint(i)})))
	}
	acct := w.get("/api/v1/accounts/lookup?acct=ada", nil).want(200, 0).str("id")
	path := "/api/v1/accounts/" + acct + "/statuses"
	for query, want := range map[string][]int{
		"?limit=2":                                   {4, 3},
		"?since_id=" + ids[0] + "&limit=2":           {4, 3},
		"?min_id=" + ids[0] + "&limit=2":             {2, 1},
		"?max_id=" + ids[2]:                          {1, 0},
		"?exclude_replies=true&exclude_reblogs=true": {4, 3, 0},
		"?since_id=" + ids[4]:                        {},
	} {
		got := w.get(path+query, nil).want(200, 0).list("")
		if len(got) != len(want) {
			t.Errorf("%s: %d statuses, want %d", query, len(got), len(want))
			continue
		}
		for i := range got {
			if got[i].str("id") != ids[want[i]] {
				t.Errorf("%s: place %d is not status %d", query, i, want[i])
			}
		}
	}
	r := w.get(path+"?limit=2", nil)
	if link := r.header.Get("Link"); !strings.Contains(link, "max_id="+ids[3]) || !strings.Contains(link, `rel="next"`) || !strings.Contains(link, "min_id="+ids[4]) {
		t.Errorf("Link is %s", link)
	}
	if r.header.Get("X-RateLimit-Limit") != "300" || r.header.Get("X-RateLimit-Reset") == "" {
		t.Errorf("limit headers are %v", r.header)
	}
	if st := w.get("/api/v1/statuses/"+ids[2], nil).want(200, 0); st.str("reblog", "id") == "" {
		t.Errorf("a boost is %s", st.raw)
	}
	finger := w.get("/.well-known/webfinger?resource=acct:ada@"+strings.TrimPrefix(w.base, "http://"), nil).want(200, 0)
	if !strings.HasSuffix(finger.list("links")[1].str("href"), "/users/ada") {
		t.Errorf("webfinger is %s", finger.raw)
	}
}

func TestMastodonErrorsAndItsFeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sim.Config) { c.Limits.Mastodon = 3 })
	key := must(w.AddMastodonAccount(sim.SourceSpec{Name: "shy", ID: "42", Locked: true}))
	must(w.Publish(key, sim.PostSpec{Text: "public"}))
	must(w.Publish(key, sim.PostSpec{Text: "an answer", Kind: "reply"}))
	if r := w.get("/api/v1/accounts/lookup?acct=nobody", nil); r.status != 404 || r.str("error") != "Record not found" {
		t.Errorf("unknown account: %d %s", r.status, r.raw)
	}
	if r := w.get("/api/v1/accounts/42/statuses", nil); r.status != 401 || r.str("error") != "This method requires an authenticated user" {
		t.Errorf("closed API: %d %s", r.status, r.raw)
	}
	w.get("/api/v1/nothing", nil).want(404, 0)
	if r := w.get("/api/v1/statuses/1", nil); r.status != 429 || r.str("error") != "Too many requests" {
		t.Errorf("past the limit: %d %s", r.status, r.raw)
	}
	feed := string(w.get("/@shy.rss", nil).want(200, 0).raw)
	if strings.Count(feed, "<item>") != 1 || !strings.Contains(feed, `isPermaLink="true"`) {
		t.Errorf("feed is %s", feed)
	}
	if page := w.get("/@shy", nil).want(200, 0); !bytes.Contains(page.raw, []byte("/@shy.rss")) {
		t.Error("the profile does not name its feed")
	}
	w.get("/@nobody", nil).want(404, 0)
}

func TestYouTubeFeedHasTheNewestFifteenWithFigures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := must(w.AddYouTubeChannel(sim.SourceSpec{Name: "ada", Title: "Ada"}))
	for i := range 17 {
		must(w.Publish(key, sim.PostSpec{ID: fmt.Sprintf("video%06d", i), Title: fmt.Sprint("Video ", i), PublishedAt: w.clock.now().Add(time.Duration(i-20) * time.Hour)}))
	}
	must(w.Publish(key, sim.PostSpec{ID: "shortshorts", Kind: "short", Title: "S"}))
	must0(t, w.SetMetrics(key, "shortshorts", sim.Metrics{Views: 1234, Likes: 56}))
	channel := w.Sources()[0].ID
	var feed struct {
		Channel string `xml:"http://www.youtube.com/xml/schemas/2015 channelId"`
		Entries []struct {
			ID   string `xml:"http://www.youtube.com/xml/schemas/2015 videoId"`
			Link struct {
				Href string `xml:"href,attr"`
			} `xml:"http://www.w3.org/2005/Atom link"`
			Group struct {
				Thumb struct {
					URL string `xml:"url,attr"`
				} `xml:"http://search.yahoo.com/mrss/ thumbnail"`
				Community struct {
					Rating struct {
						Count int `xml:"count,attr"`
					} `xml:"http://search.yahoo.com/mrss/ starRating"`
					Stats struct {
						Views int `xml:"views,attr"`
					} `xml:"http://search.yahoo.com/mrss/ statistics"`
				} `xml:"http://search.yahoo.com/mrss/ community"`
			} `xml:"http://search.yahoo.com/mrss/ group"`
		} `xml:"http://www.w3.org/2005/Atom entry"`
	}
	must0(t, xml.Unmarshal(w.get("/youtube/feeds/videos.xml?channel_id="+channel, nil).want(200, 0).raw, &feed))
	if len(feed.Entries) != 15 || "UC"+feed.Channel != channel {
		t.Fatalf("feed of %q has %d entries", feed.Channel, len(feed.Entries))
	}
	top := feed.Entries[0]
	if top.ID != "shortshorts" || !strings.Contains(top.Link.Href, "/shorts/") || top.Group.Community.Stats.Views != 1234 || top.Group.Community.Rating.Count != 56 {
		t.Errorf("newest entry is %+v", top)
	}
	if feed.Entries[1].Group.Community.Stats.Views == 0 {
		t.Error("views do not grow by themselves")
	}
	if r := w.get("/youtube/feeds/videos.xml?channel_id=UCnone", nil); r.status != 404 || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
		t.Errorf("unknown channel: %d %v", r.status, r.header)
	}
	for _, path := range []string{"/youtube/@ada", "/youtube/channel/" + channel, "/youtube/watch?v=video000016", "/youtube/shorts/shortshorts"} {
		if page := w.get(path, nil).want(200, 0); !bytes.Contains(page.raw, []byte("channel_id="+channel)) {
			t.Errorf("%s does not lead to the channel", path)
		}
	}
	_, err := png.Decode(bytes.NewReader(w.get(top.Group.Thumb.URL[len(w.base):], nil).raw))
	must0(t, err)
}

func TestMetricsGrowTowardsTheirPeak(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := must(w.AddMastodonAccount(sim.SourceSpec{Name: "ada"}))
	id := must(w.Publish(key, sim.PostSpec{Text: "x", Peak: &sim.Metrics{Likes: 1000}, HalfLife: time.Hour}))
	for _, want := range []float64{0, 500, 750, 875} {
		if got := w.get("/api/v1/statuses/"+id, nil).object["favourites_count"]; got != want {
			t.Errorf("favourites are %v, want %v", got, want)
		}
		w.clock.advance(time.Hour)
	}
}

func TestWhatDoesNotExistCanNeitherBeReadNorChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.SetMetrics("feed:none", "1", sim.Metrics{}); err == nil {
		t.Error("metrics of an unknown source were set")
	}
	if _, err := w.Publish("feed:none", sim.PostSpec{}); err == nil {
		t.Error("a post was published nowhere")
	}
	var v any
	if json.Unmarshal(w.get("/feeds/none.json", nil).raw, &v) == nil || http.StatusNotFound != w.get("/media/x.gif", nil).status {
		t.Error("what does not exist has content")
	}
}

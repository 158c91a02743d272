package source_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"trackbot/internal/source"
)

// checkPosts holds what every parser promises, whatever it was fed.
func checkPosts(t *testing.T, posts []source.Post) {
	t.Helper()
	if len(posts) > 500 {
		t.Errorf("%d posts", len(posts))
	}
	seen := map[string]bool{}
	for _, p := range posts {
		if p.ExternalID == "" || len(p.ExternalID) > 512 || seen[p.ExternalID] {
			t.Errorf("identity %q", p.ExternalID)
		}
		seen[p.ExternalID] = true
		if utf8.RuneCountInString(p.Body) > 4000 || utf8.RuneCountInString(p.Title) > 300 {
			t.Error("a text is too long")
		}
		for _, s := range []string{p.ExternalID, p.Title, p.Body, p.AuthorName, p.URL, p.ThumbnailURL} {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				t.Errorf("%q cannot be stored", s)
			}
		}
		for _, s := range []string{p.URL, p.ThumbnailURL} {
			if u, err := url.Parse(s); s != "" && (err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "") {
				t.Errorf("address %q", s)
			}
		}
		if _, err := p.PublishedAt.MarshalJSON(); err != nil {
			t.Error(err)
		}
	}
}

func FuzzParseFeed(f *testing.F) {
	for _, s := range []string{
		smallFeed, channelFeed, rssOf(`<item><guid>g</guid><media:thumbnail url="x"/><description>&lt;p&gt;a&#8;</description></item>`),
		`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/x"><entry><id>1</id><content type="xhtml"><div>a</div></content></entry></feed>`,
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item><link>x</link></item></rdf:RDF>`,
		`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"content_html":"<p>"}]}`, "\xff\xfe<\x00r\x00", "<rss><a><b></a></rss>",
	} {
		f.Add([]byte(s), "text/xml; charset=iso-8859-1")
		f.Add([]byte(s), "")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		posts, ttl, err := source.ParseFeed(body, contentType, base)
		if err != nil {
			if k := source.KindOf(err); k != source.Malformed && k != source.TooLarge {
				t.Errorf("kind %q", k)
			}
			return
		}
		if ttl < 0 || ttl > 24*time.Hour {
			t.Errorf("ttl %s", ttl)
		}
		checkPosts(t, posts)
	})
}

func FuzzYouTube(f *testing.F) {
	f.Add([]byte(channelFeed))
	f.Fuzz(func(t *testing.T, body []byte) {
		if posts, err := source.YouTubePosts(body); err == nil {
			checkPosts(t, posts)
		}
	})
}

func FuzzBluesky(f *testing.F) {
	f.Add([]byte(`{"feed":[{"post":{"uri":"at://did:plc:alice/app.bsky.feed.post/1","author":{"did":"did:plc:alice","handle":"a.example"},"record":{"text":"x","createdAt":"2026-01-01T00:00:00Z","reply":{}},"embed":{"media":{"images":[{"thumb":"https://x.example/"}]}},"likeCount":-3},"reason":{"$type":"#reasonRepost","by":{},"indexedAt":"x"}}],"cursor":"c"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if posts, err := source.BlueskyPosts(body, did); err == nil {
			checkPosts(t, posts)
		}
	})
}

func FuzzMastodon(f *testing.F) {
	f.Add([]byte(`[{"id":"1","created_at":"2026-01-01T00:00:00Z","content":"<p>x</p>","account":{"username":"a"},"reblog":{"content":"y","account":{}},"media_attachments":[{"preview_url":"https://x.example"}],"favourites_count":1e3}]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if posts, err := source.MastodonPosts(body); err == nil {
			checkPosts(t, posts)
		}
	})
}

func FuzzDiscover(f *testing.F) {
	f.Add([]byte(`<base href="//x"><link rel=alternate type=application/rss+xml href=a><meta itemprop=channelId content=UCabcdefghijklmnopqrstuv>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, s := range source.DiscoverFeeds(body, base) {
			u, err := url.Parse(s)
			if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil {
				t.Errorf("address %q", s)
			}
		}
		if id := source.ChannelOf(body); id != "" && len(id) != 24 {
			t.Errorf("channel %q", id)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"30", "Sun, 01 Mar 2026 13:00:00 GMT", "2026-03-01T12:04:00.000000Z", "1e308", "-0", "0x10", "1772366460"} {
		f.Add(s)
	}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, v string) {
		for _, name := range []string{"Retry-After", "X-Ratelimit-Reset"} {
			if d := source.RetryAfter(http.Header{name: {v}}, now); d < 0 || d > 24*time.Hour {
				t.Errorf("%s: %q gives %s", name, v, d)
			}
		}
		if d := source.MaxAge(http.Header{"Cache-Control": {v}, "Age": {v}}); d < 0 || d > 24*time.Hour {
			t.Errorf("max-age %q gives %s", v, d)
		}
	})
}

func FuzzDetect(f *testing.F) {
	for _, s := range []string{"@a@b.example", "https://b.example/@a", "did:plc:x", "feed:x.example", "UCabcdefghijklmnopqrstuv", "https://[::1]:80/@a", "a@b:c@d.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range source.Detect(s) {
			if c[1] == "" || len(c[1]) > 2048 {
				t.Errorf("%q is read as %q", s, c)
			}
		}
		if name, host, ok := source.MastodonUser(s); ok {
			if strings.ContainsAny(name+host, "/?#@ ") || name == "" || host == "" {
				t.Errorf("%q is user %q of %q", s, name, host)
			}
		}
		if actor, ok := source.BlueskyActor(s); ok && strings.ContainsAny(actor, "/?#@ ") {
			t.Errorf("%q is actor %q", s, actor)
		}
	})
}

func FuzzPlainText(f *testing.F) {
	f.Add("<p>a<li>b<br>c</p><script>x")
	f.Fuzz(func(t *testing.T, s string) {
		for _, got := range []string{source.PlainText(s, 50), source.PlainTitle(s)} {
			if !utf8.ValidString(got) || strings.ContainsRune(got, 0) {
				t.Errorf("%q gives %q", s, got)
			}
		}
		if n := utf8.RuneCountInString(source.PlainText(s, 50)); n > 50 {
			t.Errorf("%d characters", n)
		}
	})
}

package source_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/source"
)

const (
	channel     = "UCabcdefghijklmnopqrstuv"
	channelFeed = `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">
 <link rel="self" href="http://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv"/>
 <id>yt:channel:abcdefghijklmnopqrstuv</id><yt:channelId>abcdefghijklmnopqrstuv</yt:channelId><title>Alice's Films</title>
 <author><name>Alice Films</name><uri>https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv</uri></author>
 <entry><id>yt:video:aaaaaaaaaaa</id><yt:videoId>aaaaaaaaaaa</yt:videoId><yt:channelId>UCabcdefghijklmnopqrstuv</yt:channelId><title>First &amp; best</title>
  <link rel="alternate" href="https://www.youtube.com/watch?v=aaaaaaaaaaa"/><author><name>Alice Films</name></author>
  <published>2026-01-01T10:00:00+00:00</published><updated>2026-02-01T10:00:00+00:00</updated>
  <media:group><media:title>First &amp; best</media:title><media:content url="https://www.youtube.com/v/aaaaaaaaaaa?version=3" type="application/x-shockwave-flash" width="640" height="390"/>
   <media:thumbnail url="https://i1.ytimg.com/vi/aaaaaaaaaaa/hqdefault.jpg" width="480" height="360"/><media:description>Line one
line two</media:description><media:community><media:starRating count="12" average="5.00" min="1" max="5"/><media:statistics views="3456"/></media:community></media:group></entry>
 <entry><id>yt:video:bbbbbbbbbbb</id><yt:videoId>bbbbbbbbbbb</yt:videoId><title>Short</title>
  <link rel="alternate" href="https://www.youtube.com/shorts/bbbbbbbbbbb"/><published>2026-01-02T10:00:00+00:00</published></entry>
 <entry><title>no id</title></entry>
</feed>`
)

// tube answers like YouTube with one channel, whose feed has the given status.
func tube(status int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/feeds/videos.xml", func(w http.ResponseWriter, r *http.Request) {
		if status != 200 || r.URL.Query().Get("channel_id") != channel {
			if status == 200 {
				w.WriteHeader(404)
				return
			}
			w.WriteHeader(status)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=900")
		_, _ = io.WriteString(w, channelFeed)
	})
	page := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `<title>x</title><meta property="og:title" content="Alice Page"><meta property="og:image" content="https://cdn.example/a.jpg"><link rel="canonical" href="https://www.youtube.com/channel/%s">`, channel)
	}
	for _, path := range []string{"/@alice", "/c/alice", "/user/alice", "/alice", "/watch", "/shorts/aaaaaaaaaaa", "/live/aaaaaaaaaaa", "/channel/" + channel} {
		mux.HandleFunc(path, page)
	}
	mux.HandleFunc("/@consent", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<title>Before you continue</title>")
	})
	return mux
}

func youtube(t *testing.T, h http.Handler) (source.Adapter, *source.Registry) {
	t.Helper()
	r := registry(t, source.Config{YouTubeFeedURL: serve(t, h).URL + "/feeds/videos.xml"})
	return adapter(t, r, source.YouTube), r
}

func TestAServerMayStandInForYouTubeUnderAPath(t *testing.T) {
	t.Parallel()
	srv := serve(t, http.StripPrefix("/tube", tube(200)))
	r := registry(t, source.Config{YouTubeFeedURL: srv.URL + "/tube/feeds/videos.xml"})
	for _, input := range []string{"@alice", "https://www.youtube.com/@alice", srv.URL + "/tube/@alice", srv.URL + "/tube/channel/" + channel} {
		if got, err := r.Resolve(testContext(t), source.YouTube, input); err != nil || got.ExternalID != channel || got.DisplayName != "Alice Films" {
			t.Errorf("%s: %+v %v", input, got, err)
		}
	}
}

func TestYouTubeChannelsAreKnownByTheirID(t *testing.T) {
	t.Parallel()
	_, r := youtube(t, tube(200))
	const picture = "https://cdn.example/a.jpg"
	for input, want := range map[string][2]string{
		channel: {channel, ""},
		"https://www.youtube.com/channel/" + channel + "/videos":         {channel, ""},
		"https://www.youtube.com/feeds/videos.xml?channel_id=" + channel: {channel, ""},
		"https://www.youtube.com/@alice/videos":                          {"@alice", picture},
		"youtube.com/c/alice":                                            {channel, picture},
		"https://m.youtube.com/user/alice":                               {channel, picture},
		"https://youtu.be/aaaaaaaaaaa":                                   {channel, picture},
		"https://www.youtube.com/watch?v=aaaaaaaaaaa":                    {channel, picture},
		"https://www.youtube.com/shorts/aaaaaaaaaaa":                     {channel, picture},
		"https://www.youtube.com/live/aaaaaaaaaaa?si=x":                  {channel, picture},
		"https://www.youtube.com/embed/aaaaaaaaaaa":                      {channel, picture},
		"https://www.youtube.com/alice":                                  {channel, picture},
	} {
		got, err := r.Resolve(testContext(t), source.Auto, input)
		if err != nil {
			t.Errorf("%s: %v", input, err)
			continue
		}
		wanted := source.Account{
			Platform: "youtube", ExternalID: channel, Handle: want[0], DisplayName: "Alice Films",
			URL: "https://www.youtube.com/channel/" + channel, AvatarURL: want[1],
		}
		if d := cmp.Diff(wanted, got); d != "" {
			t.Errorf("%s: %s", input, d)
		}
	}
	if got, err := r.Resolve(testContext(t), source.YouTube, "@alice"); err != nil || got.ExternalID != channel {
		t.Errorf("%+v %v", got, err)
	}
	for input, kind := range map[string]source.ErrorKind{
		"https://www.youtube.com/@nobody":                          source.NotFound,
		"https://www.youtube.com/@consent":                         source.Unsupported,
		"https://www.youtube.com/":                                 source.Unsupported,
		"https://www.youtube.com/feed/trending":                    source.Unsupported,
		"https://www.youtube.com/results?search_query=x":           source.Unsupported,
		"https://www.youtube.com/channel/UCzzzzzzzzzzzzzzzzzzzzzz": source.NotFound,
	} {
		_, err := r.Resolve(testContext(t), source.Auto, input)
		wantKind(t, err, kind)
	}
}

func TestYouTubeChannelsResolveWhileTheirFeedIsAway(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 500} {
		_, r := youtube(t, tube(status))
		got, err := r.Resolve(testContext(t), source.Auto, channel)
		if err != nil || got.DisplayName != "Alice Page" || got.ExternalID != channel {
			t.Errorf("%+v %v", got, err)
		}
	}
}

func TestYouTubeVideosAreReadWhole(t *testing.T) {
	t.Parallel()
	a, _ := youtube(t, tube(200))
	res, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: channel})
	if err != nil {
		t.Fatal(err)
	}
	n := func(i int64) *int64 { return &i }
	want := source.FetchResult{
		Posts: []source.Post{
			{
				ExternalID: "aaaaaaaaaaa", Kind: "video", URL: "https://www.youtube.com/watch?v=aaaaaaaaaaa", Title: "First & best", Body: "Line one\nline two",
				AuthorName: "Alice Films", ThumbnailURL: "https://i1.ytimg.com/vi/aaaaaaaaaaa/hqdefault.jpg",
				PublishedAt: at("2026-01-01T10:00:00Z"), Metrics: &source.Metrics{Views: n(3456), Likes: n(12)},
			},
			{
				ExternalID: "bbbbbbbbbbb", Kind: "short", URL: "https://www.youtube.com/shorts/bbbbbbbbbbb", Title: "Short",
				PublishedAt: at("2026-01-02T10:00:00Z"), Metrics: &source.Metrics{},
			},
		},
		Account: &source.Account{Platform: "youtube", ExternalID: channel, DisplayName: "Alice Films"},
	}
	if d := cmp.Diff(want, res); d != "" {
		t.Error(d)
	}
	measured, err := a.Measure(testContext(t), channel, []string{"aaaaaaaaaaa", "zzzzzzzzzzz"})
	if err != nil || len(measured) != 1 || value(measured["aaaaaaaaaaa"].Views) != 3456 {
		t.Errorf("%v %v", measured, err)
	}
}

func TestYouTubesMissingFeedIsTransient(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 500, 502} {
		a, _ := youtube(t, tube(status))
		_, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: channel})
		if e := wantKind(t, err, source.Transient); e.Status != status {
			t.Errorf("status %d", e.Status)
		}
	}
}

func TestYouTubeFeedsAreAskedConditionally(t *testing.T) {
	t.Parallel()
	a, _ := youtube(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != `"x"` {
			w.WriteHeader(500)
			return
		}
		w.WriteHeader(304)
	}))
	v := source.Validators{ETag: `"x"`}
	res, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: channel, Validators: v})
	if err != nil || !res.NotModified || res.Validators != v {
		t.Errorf("%+v %v", res, err)
	}
}

func TestOnlyYouTubeItselfIsAskedHourly(t *testing.T) {
	t.Parallel()
	own, _ := youtube(t, tube(200))
	real := source.New(source.Config{})
	t.Cleanup(real.Close)
	if own.Capabilities().MinInterval != 0 || adapter(t, real, source.YouTube).Capabilities().MinInterval != time.Hour {
		t.Error("the floor is wrong")
	}
}

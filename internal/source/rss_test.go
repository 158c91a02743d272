package source_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/source"
)

func feedSite(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	page := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, body)
		}
	}
	mux.HandleFunc("/feed.xml", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, smallFeed) })
	mux.HandleFunc("/blog", page(`<title>x</title><link rel="alternate" type="application/rss+xml" href="gone.xml"><link rel="alternate" type="application/rss+xml" href="feed.xml">`))
	mux.HandleFunc("/empty", page(`<title>nothing here</title>`))
	mux.HandleFunc("/broken.xml", page(`<?xml version="1.0"?><rss><channel><item>`))
	mux.Handle("/moved", http.RedirectHandler("/feed.xml", http.StatusMovedPermanently))
	mux.Handle("/elsewhere", http.RedirectHandler("/feed.xml", http.StatusFound))
	mux.HandleFunc("/@who", page(`<link rel="alternate" type="application/rss+xml" href="/feed.xml">`))
	return serve(t, mux).URL
}

func TestFeedsAreResolved(t *testing.T) {
	t.Parallel()
	site := feedSite(t)
	r := registry(t, source.Config{})
	for input, id := range map[string]string{
		"/feed.xml": "/feed.xml", "/feed.xml#top": "/feed.xml", "/blog": "/feed.xml",
		"/moved": "/feed.xml", "/elsewhere": "/elsewhere", "/@who": "/feed.xml",
	} {
		for _, platform := range []string{source.RSS, source.Auto, ""} {
			got, err := r.Resolve(testContext(t), platform, site+input)
			if err != nil {
				t.Errorf("%s: %v", input, err)
				continue
			}
			want := source.Account{Platform: "rss", ExternalID: site + id, Handle: "127.0.0.1", DisplayName: "News", URL: site + "/"}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s: %s", input, d)
			}
		}
	}
}

func TestAnAddressWithoutSchemeIsTriedSecureFirst(t *testing.T) {
	t.Parallel()
	site := feedSite(t)
	got, err := registry(t, source.Config{}).Resolve(testContext(t), source.Auto, strings.TrimPrefix(site, "http://")+"/feed.xml")
	if err != nil || got.ExternalID != site+"/feed.xml" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestWhatCannotBeTrackedIsSaid(t *testing.T) {
	t.Parallel()
	site := feedSite(t)
	r := registry(t, source.Config{})
	for _, tc := range []struct {
		platform, input string
		kind            source.ErrorKind
	}{
		{source.Auto, site + "/empty", source.Unsupported},
		{source.Auto, site + "/missing", source.NotFound},
		{source.Auto, site + "/broken.xml", source.Malformed},
		{source.Auto, "nonsense", source.Unsupported},
		{source.RSS, "nonsense", source.Unsupported},
		{source.RSS, "http://10.0.0.1/feed", source.Blocked},
		{"myspace", "tom", source.Unsupported},
		{source.Mastodon, "alice", source.Unsupported},
		{source.Bluesky, "alice", source.Unsupported},
		{source.YouTube, "https://blog.example/@name", source.Unsupported},
	} {
		_, err := r.Resolve(testContext(t), tc.platform, tc.input)
		wantKind(t, err, tc.kind)
	}
}

func TestFeedsHaveNoMetrics(t *testing.T) {
	t.Parallel()
	a := adapter(t, registry(t, source.Config{}), source.RSS)
	got, err := a.Measure(testContext(t), "https://blog.example/feed", []string{"1"})
	if err != nil || len(got) != 0 || a.Capabilities() != (source.Capabilities{}) {
		t.Errorf("%v %v", got, err)
	}
	if host := a.Host("https://Blog.Example:443/feed"); host != "blog.example" {
		t.Errorf("host %q", host)
	}
}

package source_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/source"
)

func TestAFeedsHubIsFoundWhereverItIsNamed(t *testing.T) {
	t.Parallel()
	const hub, self = "https://hub.test/", "https://feeds.test/self"
	both := `<%slink rel="hub" href="https://hub.test/"/><%slink rel="self" href="https://feeds.test/self"/>`
	rss := func(namespace, inside string) string {
		return `<rss version="2.0" ` + namespace + `><channel><title>F</title>` + inside + `<item><guid>1</guid><title>T</title></item></channel></rss>`
	}
	prefixed := func(prefix string) string { return strings.ReplaceAll(both, "%s", prefix+":") }
	for name, tc := range map[string]struct {
		body   string
		header []string
		want   source.Hub
	}{
		"rss":          {body: rss(`xmlns:atom="http://www.w3.org/2005/Atom"`, prefixed("atom")), want: source.Hub{URL: hub, Topic: self}},
		"feedburner":   {body: rss(`xmlns:atom10="http://www.w3.org/2005/Atom"`, prefixed("atom10")), want: source.Hub{URL: hub, Topic: self}},
		"atom":         {body: `<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>` + strings.ReplaceAll(both, "%s", "") + `<entry><id>1</id><title>T</title></entry></feed>`, want: source.Hub{URL: hub, Topic: self}},
		"json":         {body: `{"version":"https://jsonfeed.org/version/1.1","title":"F","feed_url":"https://feeds.test/self","hubs":[{"type":"rssCloud","url":"https://x.test"},{"type":"WebSub","url":"https://hub.test/"}],"items":[]}`, want: source.Hub{URL: hub, Topic: self}},
		"header":       {body: rss("", ""), header: []string{`<https://hub.test/>; rel="hub", <https://feeds.test/self>; rel="self"`}, want: source.Hub{URL: hub, Topic: self}},
		"header first": {body: rss(`xmlns:atom="http://www.w3.org/2005/Atom"`, prefixed("atom")), header: []string{`<https://other.test/>; rel=hub`, `<https://feeds.test/other>; rel=self`}, want: source.Hub{URL: "https://other.test/", Topic: "https://feeds.test/other"}},
		"none":         {body: rss("", "")},
		"self alone":   {body: rss("", ""), header: []string{`<https://feeds.test/self>; rel="self"`}},
		"no address":   {body: rss("", ""), header: []string{`<javascript:alert(1)>; rel="hub", <//[>; rel="hub", rel="hub"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for _, link := range tc.header {
					w.Header().Add("Link", link)
				}
				_, _ = io.WriteString(w, tc.body)
			})).URL
			got := fetchAt(t, site+"/feed")
			if got.Hub == nil {
				t.Fatal("nothing was told of a hub")
			}
			if d := cmp.Diff(tc.want, *got.Hub); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAFeedThatDoesNotNameItselfIsKnownByItsAddress(t *testing.T) {
	t.Parallel()
	site := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Link", `</hub>; rel="hub"`)
		_, _ = io.WriteString(w, smallFeed)
	})).URL
	if got := fetchAt(t, site+"/feed"); got.Hub == nil || *got.Hub != (source.Hub{URL: site + "/hub", Topic: site + "/feed"}) {
		t.Errorf("got %+v", got.Hub)
	}
	adapter, _ := registry(t, source.Config{}).Adapter(source.RSS)
	same, err := adapter.Fetch(testContext(t), source.FetchRequest{ExternalID: site + "/feed", Validators: source.Validators{ETag: `"1"`}})
	if err != nil || !same.NotModified || same.Hub != nil {
		t.Errorf("what has not changed tells of a hub: %+v, %v", same, err)
	}
}

func fetchAt(t *testing.T, address string) source.FetchResult {
	t.Helper()
	adapter, ok := registry(t, source.Config{}).Adapter(source.RSS)
	if !ok {
		t.Fatal("no adapter of feeds")
	}
	got, err := adapter.Fetch(testContext(t), source.FetchRequest{ExternalID: address})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

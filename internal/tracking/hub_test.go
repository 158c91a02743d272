package tracking_test

import (
	"testing"

	"trackbot/internal/source"
)

func TestTheHubThatAFeedNamesIsKeptUntilItNamesAnother(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, f.source(1))
	known := func() string { return scan[string](f, "SELECT hub_url || ' ' || topic_url FROM sources") }
	for _, step := range []struct {
		what   string
		result source.FetchResult
		want   string
	}{
		{"the first poll", source.FetchResult{Hub: &source.Hub{URL: "https://hub.test/", Topic: "https://feed.test/self"}}, "https://hub.test/ https://feed.test/self"},
		{"nothing has changed", source.FetchResult{NotModified: true}, "https://hub.test/ https://feed.test/self"},
		{"a post", source.FetchResult{Posts: []source.Post{{ExternalID: "1", Kind: "post"}}, Hub: &source.Hub{URL: "https://two.test/", Topic: "t"}}, "https://two.test/ t"},
		{"none any more", source.FetchResult{Hub: &source.Hub{}}, " "},
	} {
		f.poll(step.result)
		if got := known(); got != step.want {
			t.Errorf("%s: %q, want %q", step.what, got, step.want)
		}
	}
}

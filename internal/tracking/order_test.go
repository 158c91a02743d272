package tracking_test

import (
	"strings"
	"testing"
	"time"
)

func TestPostsOfOneMomentKeepTheOrderOfTheirPlatform(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		given string // ids as the platform lists them
		date  func(f *fixture, i int) time.Time
	}{
		"newest first, in one second":      {"100 99 b a", func(f *fixture, _ int) time.Time { return f.now.Add(-time.Minute) }},
		"newest first, without dates":      {"100 99 b a", func(*fixture, int) time.Time { return time.Time{} }},
		"newest first, some in one second": {"100 99 b a", func(f *fixture, i int) time.Time { return f.now.Add(-time.Minute * time.Duration(i/2)) }},
		"oldest first, some in one second": {"a b 99 100", func(f *fixture, i int) time.Time { return f.now.Add(time.Minute * time.Duration(i/2-9)) }},
		"in no order, each in its own time": {"99 100 a b", func(f *fixture, i int) time.Time {
			return f.now.Add(-time.Minute * time.Duration([]int{2, 1, 4, 3}[i]))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			client, brand, group := f.tenant("200000000000000001")
			f.track(client, brand, group, f.source(1))
			f.poll(f.posts("before"))
			result := f.posts(strings.Fields(tc.given)...)
			for i := range result.Posts {
				result.Posts[i].PublishedAt = tc.date(f, i)
			}
			f.poll(result)
			if got := scan[string](f, `SELECT string_agg(p.external_id, ' ' ORDER BY d.seq) FROM posts p JOIN deliveries d ON d.post_id = p.id`); got != "a b 99 100" {
				t.Errorf("sent as %s", got)
			}
		})
	}
}

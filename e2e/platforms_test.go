package e2e_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/sim"
)

// tracked is an account of a platform, how a person names it, and which figures the platform has.
type tracked struct {
	platform                       api.Platform
	key                            string
	in                             map[string]any
	views, likes, comments, shares bool
}

func TestEveryPlatformIsFollowedDeliveredAndMeasured(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{})
	s.start(t, "api")
	s.start(t, "worker")
	s.start(t, "notifier")
	s.join(t)
	c := s.signIn(t, owner)
	all := s.everyPlatform(t)
	group := s.newGroup(t, c)
	for _, a := range all {
		a.in["groupId"] = group
		if made := create[api.Account](t, c, "/guilds/"+guildID+"/accounts", a.in); made.Platform != a.platform {
			t.Errorf("%v was taken for %s", a.in, made.Platform)
		}
	}
	s.awaitPolled(t, c, len(all))
	for _, a := range all { // a minute old, so that the counters have grown
		s.publish(t, a.key, sim.PostSpec{
			Title: "News of " + string(a.platform), Text: "News of " + string(a.platform), PublishedAt: time.Now().Add(-time.Minute),
			Peak: &sim.Metrics{Views: 900, Likes: 50, Reposts: 7, Replies: 3, Quotes: 2}, HalfLife: time.Second,
		})
	}
	await(t, "all of it in the channel", func() bool { return len(s.titles(newsroom)) == len(all) })
	await(t, "all of it recorded", func() bool {
		return s.count(t, `SELECT count(*) FROM deliveries WHERE kind = 'post' AND state = 'sent'`) == len(all)
	})

	posts := map[api.Platform]api.Post{}
	for _, p := range c.posts(t, guildID) {
		posts[p.Platform] = p
	}
	for _, a := range all {
		a.check(t, posts[a.platform])
	}
}

func (s *system) everyPlatform(t *testing.T) []tracked {
	t.Helper()
	host := strings.TrimPrefix(s.base, "http://")
	add := func(how func(sim.SourceSpec) (string, error), name string) string {
		key, err := how(sim.SourceSpec{Name: name, Title: "The " + name, Followers: 1200})
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	return []tracked{
		{platform: "rss", key: add(s.sim.AddFeed, "roast"), in: map[string]any{"platform": "auto", "url": s.base + "/site/roast"}},
		{
			platform: "bluesky", key: add(s.sim.AddBlueskyAccount, "ada.example"), in: map[string]any{"platform": "bluesky", "handle": "@ada.example"},
			likes: true, comments: true, shares: true,
		},
		{
			platform: "mastodon", key: add(s.sim.AddMastodonAccount, "brew"), in: map[string]any{"platform": "mastodon", "handle": "@brew@" + host},
			likes: true, comments: true, shares: true,
		},
		{
			platform: "youtube", key: add(s.sim.AddYouTubeChannel, "barista"), in: map[string]any{"platform": "youtube", "handle": "@barista"},
			views: true, likes: true,
		},
		{
			platform: "twitch", key: add(s.sim.AddTwitchChannel, "pour"), in: map[string]any{"platform": "auto", "url": "https://www.twitch.tv/pour"},
			views: true,
		},
	}
}

func (a tracked) check(t *testing.T, p api.Post) {
	t.Helper()
	said := p.Title
	if p.Title.IsNull() {
		said = p.Body
	}
	if p.Delivery.State != "sent" || said.IsNull() || said.MustGet() != "News of "+string(a.platform) {
		t.Errorf("%s: %+v", a.platform, p)
	}
	for _, f := range []struct {
		name  string
		has   bool
		value nullable.Nullable[int64]
		want  int64
	}{
		{"views", a.views, p.Metrics.Views, 900},
		{"likes", a.likes, p.Metrics.Likes, 50},
		{"comments", a.comments, p.Metrics.Comments, 3},
		{"shares", a.shares, p.Metrics.Shares, 9}, // quotes are shares
	} {
		got, want := "null", "null"
		if f.has {
			want = fmt.Sprint(f.want)
		}
		if v, err := f.value.Get(); err == nil {
			got = fmt.Sprint(v)
		}
		if got != want {
			t.Errorf("%s: %s are %s, want %s", a.platform, f.name, got, want)
		}
	}
}

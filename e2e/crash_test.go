package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/sim"
)

const (
	crashPosts = 60 // of each source; there are five
	// crashBacklog is less than the 30 items that a feed shows, which nobody could catch up with.
	crashBacklog = 20
	crashKills   = 20 // at least
)

// followed is a source with a channel of its own.
type followed struct{ key, name, channel string }

// Killed without warning, worker and notifier in turn and at any moment, while 300 posts appear: each
// is in its channel exactly once and in order, and once in the list of posts. Discord's memory for
// nonces is too short to help.
func TestPostsSurviveKilledWorkersAndNotifiersExactlyOnce(t *testing.T) {
	t.Parallel()
	cfg := sim.Config{}
	cfg.Limits.Buckets = map[string]sim.Limit{"message-create": {Requests: 20, Window: time.Second}, "message-read": {Requests: 20, Window: time.Second}}
	cfg.Limits.NonceWindow = time.Millisecond
	sources := []followed{
		{name: "harvest", channel: "410000000000000011"},
		{name: "harbour", channel: "410000000000000012"},
		{name: "summit", channel: "410000000000000013"},
		{name: "atelier", channel: "410000000000000014"},
		{name: "ada.example", channel: "410000000000000015"},
	}
	var channels []sim.ChannelSpec
	for i, f := range sources {
		channels = append(channels, sim.ChannelSpec{ID: f.channel, Name: fmt.Sprintf("news-%d", i)})
	}
	s := newSystem(t, cfg, channels...)
	c := s.follow(t, sources)
	// Calls take a moment, so that many a kill falls between an effect and its record.
	s.sim.AddFault(sim.Fault{Method: "POST", Path: "/api/v10/channels/*/messages", Delay: 5 * time.Millisecond})
	s.sim.AddFault(sim.Fault{Path: "/feeds/*", Delay: 20 * time.Millisecond})

	published := make(chan error, 1)
	go func() { published <- s.publishAll(t, sources) }()
	kills := s.killInTurn(t, published)
	t.Logf("%d kills while %d posts were published", kills, crashPosts*len(sources))

	awaitFor(t, time.Minute, "all posts in their channels", func() bool {
		return !slices.ContainsFunc(sources, func(f followed) bool { return len(s.titles(f.channel)) < crashPosts })
	})
	await(t, "all deliveries to be recorded", func() bool {
		return s.count(t, `SELECT count(*) FROM deliveries WHERE kind = 'post' AND state = 'sent'`) == crashPosts*len(sources)
	})
	t.Logf("%d messages were found in their channel, sent by one that was killed",
		s.count(t, `SELECT count(*) FROM deliveries WHERE trail->-1->>'event' = 'found'`))
	s.awaitPolledAgain(t, c, 2)
	s.checkOnce(t, c, sources)
}

// follow brings api and bot up and tracks the sources, each in its channel.
func (s *system) follow(t *testing.T, sources []followed) *client {
	t.Helper()
	s.start(t, "api")
	s.join(t)
	c := s.signIn(t, owner)
	group := s.newGroup(t, c)
	for i := range sources {
		f := &sources[i]
		add, platform, handle := s.sim.AddFeed, "rss", s.base+"/feeds/"+f.name+".xml"
		if f.name == "ada.example" {
			add, platform, handle = s.sim.AddBlueskyAccount, "bluesky", f.name
		}
		var err error
		if f.key, err = add(sim.SourceSpec{Name: f.name}); err != nil {
			t.Fatal(err)
		}
		create[api.Account](t, c, "/guilds/"+guildID+"/accounts",
			map[string]any{"platform": platform, "handle": handle, "groupId": group, "channelId": f.channel})
	}
	first := s.start(t, "worker")
	s.awaitPolled(t, c, len(sources)) // their baseline is empty, so everything from now on is news
	first.kill()
	return c
}

// name is what the nth post of a source says.
func (f followed) title(n int) string { return fmt.Sprintf("%s no %d", f.name, n) }

func (f followed) post(n int) sim.PostSpec {
	if f.name == "ada.example" {
		return sim.PostSpec{Text: f.title(n)}
	}
	return sim.PostSpec{Title: f.title(n)}
}

// publishAll brings out all posts, several of a source in one second, as fast as the worker keeps
// its distance below what the feeds show.
func (s *system) publishAll(t *testing.T, sources []followed) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for n := range crashPosts {
		for {
			var seen int
			err := s.admin.Shared().QueryRow(t.Context(), `SELECT coalesce(min(n), 0) FROM (SELECT count(p.id) AS n
				FROM sources s LEFT JOIN source_posts p ON p.source_id = s.id GROUP BY s.id) x`).Scan(&seen)
			if err != nil {
				return fmt.Errorf("count posts: %w", err)
			}
			<-tick.C
			if n-seen < crashBacklog {
				break
			}
		}
		for _, f := range sources {
			if _, err := s.sim.Publish(f.key, f.post(n)); err != nil {
				return err
			}
		}
	}
	return nil
}

// killInTurn kills worker and notifier by turns at random moments and starts each anew, until all is
// published and it was often enough; both run in the end. Every other notifier dies just after a
// message of its was accepted, for that is where a second one comes from.
func (s *system) killInTurn(t *testing.T, published <-chan error) (kills int) {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0)) // moments need not be secret
	victims := []*process{s.start(t, "worker"), s.start(t, "notifier")}
	for done := false; !done || kills < crashKills; {
		moment := time.NewTimer(time.Duration(random.Int64N(int64(700 * time.Millisecond))))
		select {
		case err := <-published:
			if err != nil {
				t.Fatal(err)
			}
			done = true
			moment.Stop()
		case <-moment.C:
			victim := &victims[kills%2]
			if kills%4 == 1 {
				s.awaitMessage()
			}
			(*victim).kill()
			*victim = s.start(t, (*victim).name)
			kills++
		}
	}
	return kills
}

// awaitMessage returns as soon as Discord has accepted a message, or when none comes for a while.
func (s *system) awaitMessage() {
	const longest = 2 * time.Second
	limit := time.NewTimer(longest)
	defer limit.Stop()
	tick := time.NewTicker(300 * time.Microsecond)
	defer tick.Stop()
	for before := s.accepted(); s.accepted() == before; {
		select {
		case <-tick.C:
		case <-limit.C:
			return
		}
	}
}

// accepted counts the messages that Discord has taken.
func (s *system) accepted() (n int) {
	for _, c := range s.sim.RequestCounts() {
		if c.Status == http.StatusOK && strings.HasPrefix(c.Route, "POST ") && strings.HasSuffix(c.Route, "/messages") {
			n += c.Count
		}
	}
	return n
}

func (s *system) checkOnce(t *testing.T, c *client, sources []followed) {
	t.Helper()
	listed := map[string]int{}
	for _, p := range c.posts(t, guildID) {
		said := p.Title.MustGet
		if p.Platform == "bluesky" {
			said = p.Body.MustGet
		}
		listed[said()]++
		if p.Delivery.State != "sent" {
			t.Errorf("the delivery of %q is %s", said(), p.Delivery.State)
		}
	}
	if len(listed) != crashPosts*len(sources) {
		t.Errorf("%d posts are listed, want %d", len(listed), crashPosts*len(sources))
	}
	for _, f := range sources {
		var want []string
		for n := range crashPosts {
			want = append(want, f.title(n))
			if listed[f.title(n)] != 1 {
				t.Errorf("%q is listed %d times", f.title(n), listed[f.title(n)])
			}
		}
		if got := s.titles(f.channel); !slices.Equal(got, want) {
			t.Errorf("the channel of %s holds %d messages, want %d in order: %v", f.name, len(got), len(want), got)
		}
	}
}

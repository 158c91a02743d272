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
	digestPosts = 30 // of each source
	digestKills = 14 // at least
)

// Killed without warning, worker and notifier in turn, while posts are held for digests, answers get
// lost, Discord refuses some for good and a manager sends those again, more than once: each post is in
// its channel exactly once.
func TestHeldAndReplayedPostsSurviveKillsExactlyOnce(t *testing.T) {
	t.Parallel()
	cfg := sim.Config{}
	cfg.Limits.Buckets = map[string]sim.Limit{"message-create": {Requests: 20, Window: time.Second}, "message-read": {Requests: 20, Window: time.Second}}
	cfg.Limits.NonceWindow = time.Millisecond
	sources := []followed{
		{name: "harvest", channel: "410000000000000011"},
		{name: "harbour", channel: "410000000000000012"},
		{name: "summit", channel: "410000000000000013"},
	}
	var channels []sim.ChannelSpec
	for i, f := range sources {
		channels = append(channels, sim.ChannelSpec{ID: f.channel, Name: fmt.Sprintf("news-%d", i)})
	}
	s := newSystem(t, cfg, channels...)
	c := s.follow(t, sources)
	s.exec(t, `UPDATE guild_settings SET digest = 'daily', version = version + 1`)
	s.exec(t, `UPDATE subscriptions SET tier = 'enterprise'`) // for the API's calls
	messages := sim.Fault{Method: "POST", Path: "/api/v10/channels/*/messages"}
	for _, f := range []sim.Fault{
		{After: 3, Times: 2, DropAfter: true},
		{After: 8, Times: 1, Status: 503},
		{After: 5, Times: 2, Status: 400, Body: `{"code": 200000, "message": "refused"}`},
		{Delay: 5 * time.Millisecond},
	} {
		f.Method, f.Path = messages.Method, messages.Path
		s.sim.AddFault(f)
	}

	kills, replays := s.killWhileHeld(t, c, sources)
	awaitFor(t, time.Minute, "all posts", func() bool {
		s.passTime(t)
		replays += s.replayDead(t, c)
		return s.count(t, `SELECT count(*) FROM deliveries WHERE kind = 'post' AND state = 'sent'`) == digestPosts*len(sources)
	})
	t.Logf("%d kills, %d replays, %d messages, %d of them found in their channel", kills, replays,
		s.count(t, `SELECT sum(notifications_sent) FROM usage_daily`), s.count(t, `SELECT count(*) FROM deliveries WHERE trail->-1->>'event' = 'found' AND digest_id IS NULL`))
	if replays == 0 {
		t.Error("nothing had to be sent again")
	}
	for _, f := range sources {
		shown := s.shown(f.channel)
		for n := range digestPosts {
			if times := len(slices.DeleteFunc(slices.Clone(shown), func(title string) bool { return title != f.title(n) })); times != 1 {
				t.Errorf("%q stands %d times in its channel", f.title(n), times)
			}
		}
		if len(shown) != digestPosts {
			t.Errorf("%s shows %d posts: %v", f.name, len(shown), shown)
		}
	}
	s.checkTrails(t, c)
}

// killWhileHeld publishes, kills and lets time pass by turns.
func (s *system) killWhileHeld(t *testing.T, c *client, sources []followed) (kills, replays int) {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0)) // moments need not be secret
	victims := []*process{s.start(t, "worker"), s.start(t, "notifier")}
	for round := 0; round < digestPosts || kills < digestKills; round++ {
		if round < digestPosts {
			for _, f := range sources {
				s.publish(t, f.key, f.post(round))
			}
		}
		moment := time.NewTimer(time.Duration(random.Int64N(int64(300 * time.Millisecond))))
		<-moment.C
		if round%2 == 0 {
			s.passTime(t)
			replays += s.replayDead(t, c)
			continue
		}
		victim := &victims[random.IntN(2)]
		(*victim).kill()
		*victim = s.start(t, (*victim).name)
		kills++
	}
	return kills, replays
}

// passTime does to what waits what a day would.
func (s *system) passTime(t *testing.T) {
	t.Helper()
	s.exec(t, `UPDATE deliveries SET held_until = now() - interval '1 second' WHERE state = 'held' AND held_until > now()`)
	s.exec(t, `UPDATE deliveries SET retry_at = now() WHERE state = 'retry' AND retry_at > now()`)
	s.exec(t, `UPDATE channel_queues SET due_at = now() WHERE due_at > now() AND lease_token IS NULL`)
}

func (s *system) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := s.admin.Shared().Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// replayDead sends again what was given up, each twice with one key, as an impatient manager does.
func (s *system) replayDead(t *testing.T, c *client) (replays int) {
	t.Helper()
	for _, p := range c.posts(t, guildID) {
		if p.Delivery.State != "dead" {
			continue
		}
		path := "/guilds/" + guildID + "/posts/" + p.ID.String() + "/deliveries"
		key := fmt.Sprintf("again-%s-%d", p.ID, s.count(t, `SELECT count(*) FROM delivery_replays WHERE post_id = $1`, p.ID))
		first := read[api.DeliveryList](t, c.replay(t, path, key), http.StatusAccepted)
		second := read[api.DeliveryList](t, c.replay(t, path, key), http.StatusAccepted)
		if len(first.Items) != 1 || len(second.Items) != 1 || first.Items[0].ID != second.Items[0].ID {
			t.Errorf("replayed %+v, then %+v", first, second)
		}
		replays++
	}
	return replays
}

func (c *client) replay(t *testing.T, path, key string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Idempotency-Key", key)
	return c.send(t, req)
}

// shown are the titles of all cards of a channel, those of digests each for itself.
func (s *system) shown(channelID string) (titles []string) {
	for _, m := range s.sim.Messages(channelID) {
		for _, e := range m.Embeds {
			if e.URL != "" {
				titles = append(titles, text(e))
			}
		}
	}
	return titles
}

// checkTrails: every delivery tells its four times, its message and what was decided, beginning with why it went there.
func (s *system) checkTrails(t *testing.T, c *client) {
	t.Helper()
	kinds := map[api.DeliveryKind]int{}
	for _, p := range c.posts(t, guildID)[:10] {
		for _, d := range get[api.DeliveryList](t, c, "/guilds/"+guildID+"/posts/"+p.ID.String()+"/deliveries").Items {
			kinds[d.Kind]++
			if d.DeliveredAt.IsNull() || !strings.Contains(d.MessageURL.MustGet(), guildID+"/"+d.ChannelID.MustGet()+"/") || d.PublishedAt.IsZero() ||
				d.QueuedAt.Before(d.DetectedAt.Time) || len(d.Trail) < 2 || d.Trail[0].Step != "queued" {
				t.Errorf("delivery %+v", d)
			}
		}
	}
	if kinds[api.DeliveryKindDigest] == 0 {
		t.Errorf("none of the latest posts was part of a digest: %v", kinds)
	}
}

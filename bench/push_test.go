package bench_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/discord"
	"trackbot/internal/notifier"
	"trackbot/internal/push"
	"trackbot/internal/sim"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
	"trackbot/internal/worker"
)

const (
	detectChannels = 40 // half of them with push
	detectInterval = 20 * time.Second
	detectFor      = 40 * time.Second // videos are published at random moments of it
	detectVideos   = 4                // of each channel
)

// BenchmarkDetection publishes videos at random moments and prints how long each took from there to its message in
// Discord: for channels that a hub pushes, and beside them for channels that are polled every 20 s. Polling takes half
// its interval in the median, whatever the interval is; push does not depend on it.
func BenchmarkDetection(b *testing.B) {
	d := newDetection(b)
	published := d.publish(b)
	took := map[bool][]time.Duration{}
	for id, v := range published {
		took[v.pushed] = append(took[v.pushed], d.delivered(b, id).Sub(v.at))
	}
	for _, pushed := range []bool{true, false} {
		what, times := "published to delivered, polled every 20s", took[pushed]
		if pushed {
			what = "published to delivered, pushed"
		}
		slices.Sort(times)
		fmt.Printf("%-46s p50 %8s  p95 %8s  of %d videos\n", what, times[len(times)/2].Round(time.Millisecond), times[len(times)*95/100].Round(time.Millisecond), len(times))
	}
}

type detection struct {
	*deliverytest.World
	sim      *sim.Sim
	channels []string // the simulator's keys; the first half is pushed
}

type video struct {
	at     time.Time
	pushed bool
}

// someHubs lets hubs push the first half of the channels.
type someHubs struct{ *source.Registry }

func (h someHubs) Topic(platform, externalID string) (hub, topic string, ok bool) {
	hub, topic, ok = h.Registry.Topic(platform, externalID)
	return hub, topic, ok && strings.HasSuffix(externalID, "push")
}

func (h someHubs) Ask(ctx context.Context, r push.Request) error {
	return h.AskHub(ctx, source.HubRequest{Hub: r.Hub, Topic: r.Topic, Callback: r.Callback, Secret: r.Secret, Unsubscribe: r.Unsubscribe, Lease: r.Lease})
}

// newDetection starts a worker, a notifier, the upkeep of subscriptions and a callback, and waits until all channels
// have had their first poll and the pushed ones their subscription.
func newDetection(b *testing.B) *detection {
	b.Helper()
	d := &detection{World: deliverytest.New(b), sim: sim.New(sim.Config{Limits: sim.Limits{Off: true}})}
	world := httptest.NewServer(d.sim.Handler())
	callback := httptest.NewServer(hubCalls(push.NewReceiver(d.role(b, store.RoleAPI), push.Config{})))
	sources := source.New(source.Config{
		AllowPrivate: true, Push: true, YouTubeFeedURL: world.URL + "/youtube/feeds/videos.xml", YouTubeHubURL: world.URL + "/youtube/hub",
	})
	d.track(b)
	ctx, stop := context.WithCancel(context.WithoutCancel(b.Context()))
	quiet := slog.New(slog.DiscardHandler)
	var running errgroup.Group
	running.Go(func() error {
		polls := tracking.NewPolls(d.Worker, tracking.Schedule{Min: detectInterval, TestClock: true}, time.Now)
		return worker.New(polls, sources, quiet, worker.Config{}).Run(ctx)
	})
	running.Go(func() error {
		client := discord.New(discord.Config{BaseURL: world.URL + "/api/v10", Token: d.sim.BotToken(), UserAgent: discord.UserAgent("https://example.org", "1")})
		return notifier.New(d.Notifier, client, quiet, notifier.Config{}).Run(ctx)
	})
	upkeep := push.NewUpkeep(d.Worker, someHubs{sources}, callback.URL, quiet)
	running.Go(func() error { return worker.Keep(ctx, quiet, time.Second, upkeep.Round) })
	b.Cleanup(func() {
		stop()
		if err := running.Wait(); err != nil {
			b.Error(err)
		}
		sources.Close()
		d.sim.Close()
		callback.Close()
		world.Close()
	})
	d.await(b, "the first polls and the subscriptions", func() bool {
		return len(d.sim.HubSubscriptions()) == detectChannels/2 &&
			d.Count(b, "SELECT count(*) FROM client_accounts a JOIN sources s ON s.id = a.source_id WHERE s.platform = 'youtube' AND a.baseline_at IS NOT NULL") == detectChannels
	})
	return d
}

func (d *detection) role(b *testing.B, role store.Role) *store.Store {
	b.Helper()
	st, err := store.Open(b.Context(), d.URL, role)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(st.Close)
	return st
}

// track makes a guild that tracks the channels.
func (d *detection) track(b *testing.B) {
	b.Helper()
	owner, err := d.sim.AddUser(sim.UserSpec{Username: "owner"})
	if err != nil {
		b.Fatal(err)
	}
	guild, channel, system := d.Snowflake(), d.Snowflake(), d.Snowflake()
	if _, err := d.sim.AddGuild(sim.GuildSpec{
		ID: guild, Name: "Guild", OwnerID: owner.ID, Channels: []sim.ChannelSpec{{ID: channel, Name: "news"}, {ID: system, Name: "general", System: true}},
	}); err != nil {
		b.Fatal(err)
	}
	client := d.ClientIn(b, guild, channel, system)
	d.Exec(b, "INSERT INTO subscriptions (client_id, tier) VALUES ($1, 'enterprise') ON CONFLICT DO NOTHING", client.ID)
	for i := range detectChannels {
		kind := "poll"
		if i < detectChannels/2 {
			kind = "push"
		}
		id, row := fmt.Sprintf("UC%018d%s", i, kind), uuid.New()
		key, err := d.sim.AddYouTubeChannel(sim.SourceSpec{Name: fmt.Sprint("c", i), ID: id})
		if err != nil {
			b.Fatal(err)
		}
		d.channels = append(d.channels, key)
		d.Exec(b, `INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, next_poll_at)
			VALUES ($1, 'youtube', $2, 'h', 'Films', 'https://x.test', 1, now())`, row, id)
		d.Exec(b, `INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id) VALUES ($1, $2, $3, $4, $5)`,
			client.ID, uuid.New(), client.Brand, client.Group, row)
	}
}

// publish publishes the videos at random moments and returns when, once all are delivered.
func (d *detection) publish(b *testing.B) map[string]video {
	b.Helper()
	type plan struct {
		after   time.Duration
		channel int
	}
	var plans []plan
	for i := range d.channels {
		for range detectVideos {
			plans = append(plans, plan{rand.N(detectFor), i})
		}
	}
	slices.SortFunc(plans, func(x, y plan) int { return int(x.after - y.after) })
	published, start := map[string]video{}, time.Now()
	for _, p := range plans {
		time.Sleep(time.Until(start.Add(p.after)))
		at := time.Now()
		id, err := d.sim.Publish(d.channels[p.channel], sim.PostSpec{Title: "A video"})
		if err != nil {
			b.Fatal(err)
		}
		published[id] = video{at, p.channel < len(d.channels)/2}
	}
	d.await(b, "the messages", func() bool {
		return d.Count(b, "SELECT count(*) FROM deliveries WHERE kind = 'post' AND state = 'sent'") == len(published)
	})
	return published
}

func (d *detection) delivered(b *testing.B, video string) (at time.Time) {
	b.Helper()
	d.Scan(b, `SELECT d.delivered_at FROM deliveries d JOIN posts p ON p.client_id = d.client_id AND p.id = d.post_id
		WHERE p.external_id = $1`, []any{video}, &at)
	return at
}

func (d *detection) await(b *testing.B, what string, done func() bool) {
	b.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.Fatalf("in vain waited for %s", what)
		}
	}
}

// hubCalls is the API's callback without the rest of the API.
func hubCalls(r *push.Receiver) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		token, q := req.URL.Path[strings.LastIndex(req.URL.Path, "/")+1:], req.URL.Query()
		if req.Method == http.MethodGet {
			if r.Subscribed(req.Context(), token, q.Get("hub.topic"), time.Hour) != nil {
				http.NotFound(w, req)
				return
			}
			_, _ = io.WriteString(w, q.Get("hub.challenge"))
			return
		}
		body, err := io.ReadAll(req.Body)
		if err == nil {
			err = r.Pushed(req.Context(), token, req.Header.Get("X-Hub-Signature"), body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
}

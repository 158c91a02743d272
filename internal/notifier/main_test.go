package notifier_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/discord"
	"trackbot/internal/notifier"
	"trackbot/internal/sim"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// The variables that make this test binary a notifier, to be killed by a test.
const (
	childDatabase = "NOTIFIER_TEST_DATABASE"
	childDiscord  = "NOTIFIER_TEST_DISCORD"
)

func TestMain(m *testing.M) {
	if url := os.Getenv(childDatabase); url != "" {
		if err := child(url, os.Getenv(childDiscord)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m, testkit.IgnoreServer())
}

// childLease is short, for the next sender waits for it.
const childLease = 600 * time.Millisecond

func child(databaseURL, discordURL string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	st, err := store.Open(ctx, databaseURL, store.RoleNotifier)
	if err != nil {
		return err
	}
	defer st.Close()
	return notifier.New(st, forgetful{newClient(discordURL)}, discard(), notifier.Config{Lease: childLease, Poll: 10 * time.Millisecond}).Run(ctx)
}

const botToken = "sim.bot.token-000000000000000000000000"

func newClient(url string) *discord.Client {
	return discord.New(discord.Config{BaseURL: url + "/api/v10", Token: botToken, UserAgent: discord.UserAgent("https://example.org", "1")})
}

func discard() *slog.Logger { return slog.New(slog.NewJSONHandler(io.Discard, nil)) }

// forgetful is a Discord that, like the real one, does not tell nonces in lists.
type forgetful struct{ *discord.Client }

func (f forgetful) ChannelMessages(ctx context.Context, channelID string, q discord.MessageQuery) ([]discord.Message, error) {
	list, err := f.Client.ChannelMessages(ctx, channelID, q)
	for i := range list {
		list[i].Nonce = ""
	}
	return list, err
}

// stage is one tenant with its guild in a simulated Discord.
type stage struct {
	*deliverytest.World
	sim    *sim.Sim
	url    string
	client *deliverytest.Client
	role   string // of the guild, mentionable
}

// fast is a Discord without limits, and with a nonce window so short that it never helps.
func fast() sim.Config {
	return sim.Config{BotToken: botToken, Limits: sim.Limits{Off: true, NonceWindow: time.Nanosecond}}
}

func newStage(t *testing.T, cfg sim.Config) *stage {
	t.Helper()
	s := &stage{World: deliverytest.New(t), sim: sim.New(cfg)}
	server := httptest.NewServer(s.sim.Handler())
	t.Cleanup(func() {
		s.sim.Close()
		server.Close()
	})
	s.url = server.URL
	s.client = s.addClient(t)
	return s
}

func (s *stage) addClient(t *testing.T) *deliverytest.Client {
	t.Helper()
	owner, err := s.sim.AddUser(sim.UserSpec{Username: "owner"})
	if err != nil {
		t.Fatal(err)
	}
	s.role = s.Snowflake()
	guild, channel, system := s.Snowflake(), s.Snowflake(), s.Snowflake()
	_, err = s.sim.AddGuild(sim.GuildSpec{
		ID: guild, Name: "Guild", OwnerID: owner.ID,
		Roles:    []sim.RoleSpec{{ID: s.role, Name: "News", Mentionable: true}},
		Channels: []sim.ChannelSpec{{ID: channel, Name: "news"}, {ID: system, Name: "general", System: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.ClientIn(t, guild, channel, system)
}

// start runs a notifier until stop is called, which returns what Run returned.
func (s *stage) start(t *testing.T, dc notifier.Discord, cfg notifier.Config) (stop func() error) {
	t.Helper()
	if cfg.Poll == 0 {
		cfg.Poll = 5 * time.Millisecond
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- notifier.New(s.Notifier, dc, discard(), cfg).Run(ctx) }()
	stopped := false
	stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		return <-done
	}
	t.Cleanup(func() { _ = stop() })
	return stop
}

func (s *stage) connect() forgetful { return forgetful{newClient(s.url)} }

// await fails the test unless the condition comes true in time.
func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// awaitState waits until so many deliveries are in a state.
func (s *stage) awaitState(t *testing.T, state string, want int) {
	t.Helper()
	await(t, fmt.Sprintf("%d deliveries %s", want, state), func() bool {
		return s.Count(t, `SELECT count(*) FROM deliveries WHERE state = $1`, state) >= want
	})
}

// titles lists the cards of a channel in the order they stand there.
func (s *stage) titles(channel string) []string {
	var out []string
	for _, m := range s.sim.Messages(channel) {
		title := m.Content
		if len(m.Embeds) > 0 {
			title = m.Embeds[0].Title
		}
		out = append(out, title)
	}
	return out
}

// age makes waiting deliveries due, as time would.
func (s *stage) age(t *testing.T) {
	t.Helper()
	s.Exec(t, `UPDATE deliveries SET retry_at = now() WHERE retry_at IS NOT NULL`)
	s.Exec(t, `UPDATE channel_queues SET due_at = now() WHERE due_at IS NOT NULL AND lease_token IS NULL`)
}

// expireLeases is what time does to the channels of a sender that was killed.
func (s *stage) expireLeases(t *testing.T) {
	t.Helper()
	s.Exec(t, `UPDATE channel_queues SET lease_until = now() - interval '1 second' WHERE lease_token IS NOT NULL`)
}

const anyMessages = "/api/v10/channels/*/messages"

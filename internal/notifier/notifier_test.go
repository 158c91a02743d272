package notifier_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"trackbot/internal/delivery"
	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/discord"
	"trackbot/internal/notifier"
	"trackbot/internal/sim"
	"trackbot/internal/store"
)

func titlesOf(posts []delivery.NewPost) []string {
	var out []string
	for _, p := range posts {
		out = append(out, p.Title)
	}
	return out
}

func TestPostsReachTheirChannelOnceInOrder(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	posts := s.client.Posts(t, 12)
	stop := s.start(t, s.connect(), notifier.Config{})
	s.awaitState(t, "sent", len(posts))
	if err := stop(); err != nil {
		t.Errorf("run = %v", err)
	}
	if got := s.titles(s.client.Channel); !slices.Equal(got, titlesOf(posts)) {
		t.Errorf("channel shows %v", got)
	}
	var ids []string
	s.Scan(t, `SELECT array_agg(message_id ORDER BY seq) FROM deliveries`, nil, &ids)
	for i, m := range s.sim.Messages(s.client.Channel) {
		if ids[i] != m.ID {
			t.Errorf("delivery %d has message %s, want %s", i, ids[i], m.ID)
		}
	}
	if n := s.Count(t, `SELECT notifications_sent FROM usage_daily`); n != len(posts) {
		t.Errorf("%d notifications counted", n)
	}
}

func TestNothingButTheChosenRoleIsPinged(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	s.Exec(t, `UPDATE guild_settings SET mention_role_id = $1`, s.role)
	other, err := s.sim.AddRole(s.client.Guild, sim.RoleSpec{Name: "Other", Mentionable: true})
	if err != nil {
		t.Fatal(err)
	}
	post := s.client.Post(t)
	s.Exec(t, `UPDATE posts SET title = $1, body = $1`, "@everyone @here <@&"+other+"> <@"+s.client.Guild+">")
	s.Enqueue(t, post)
	s.start(t, s.connect(), notifier.Config{})
	s.awaitState(t, "sent", 1)
	if got := s.sim.Messages(s.client.Channel)[0].Pings(); !slices.Equal(got, []string{s.role}) {
		t.Errorf("pinged %v, want %s alone", got, s.role)
	}
}

func TestNoticesWithButtonsAreSent(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	err := s.Worker.InTx(t.Context(), func(tx store.Conn) error {
		return delivery.EnqueueNotice(t.Context(), tx, delivery.Notice{
			ClientID: s.client.ID, Key: "greeting", ChannelID: s.client.Channel,
			Message: delivery.Message{Title: "Hello", Fields: []delivery.Field{{Name: "a", Value: "b"}}, Buttons: []delivery.Button{{Label: "Open", URL: "https://example.org"}}},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	s.start(t, s.connect(), notifier.Config{})
	s.awaitState(t, "sent", 1)
	m := s.sim.Messages(s.client.Channel)[0]
	if m.Embeds[0].Title != "Hello" || len(m.Embeds[0].Fields) != 1 || len(m.Components) != 1 {
		t.Errorf("message is %+v", m)
	}
}

// A bucket of two messages in 100 ms is kept to without a single 429, and without loss of order.
func TestLimitsOfAChannelAreKeptInOrder(t *testing.T) {
	t.Parallel()
	s := newStage(t, sim.Config{BotToken: botToken, Limits: sim.Limits{Buckets: map[string]sim.Limit{"message-create": {Requests: 2, Window: 100 * time.Millisecond}}}})
	posts := s.client.Posts(t, 12)
	s.start(t, s.connect(), notifier.Config{})
	s.awaitState(t, "sent", len(posts))
	if got := s.titles(s.client.Channel); !slices.Equal(got, titlesOf(posts)) {
		t.Errorf("channel shows %v", got)
	}
	for _, count := range s.sim.RequestCounts() {
		if count.Status == 429 {
			t.Errorf("%d requests were refused with 429", count.Count)
		}
	}
	if n := s.Count(t, `SELECT count(*) FROM deliveries WHERE attempts > 0`); n != 0 {
		t.Errorf("%d deliveries counted a limit as a failed try", n)
	}
}

// In steady state, with several tenants and channels, digests among them, under limits by channel and
// over all, Discord never has to answer 429.
func TestDiscordsLimitsAreNeverMet(t *testing.T) {
	t.Parallel()
	s := newStage(t, sim.Config{BotToken: botToken, Limits: sim.Limits{
		Global: 50, NonceWindow: time.Nanosecond, Buckets: map[string]sim.Limit{"message-create": {Requests: 5, Window: 500 * time.Millisecond}},
	}})
	clients := []*deliverytest.Client{s.client, s.addClient(t), s.addClient(t), s.addClient(t), s.addClient(t), s.addClient(t)}
	s.Exec(t, `UPDATE guild_settings SET digest = 'daily' WHERE client_id = $1`, s.client.ID)
	s.start(t, s.connect(), notifier.Config{})
	const each = 24
	want := map[string][]string{}
	for _, c := range clients {
		want[c.Channel] = titlesOf(c.Posts(t, each))
	}
	await(t, "all posts", func() bool {
		s.ripen(t)
		return s.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'post' AND state = 'sent'`) == each*len(clients)
	})
	for channel, titles := range want {
		if got, _ := s.cards(channel); !slices.Equal(got, titles) {
			t.Errorf("channel shows %v", got)
		}
	}
	for _, count := range s.sim.RequestCounts() {
		if count.Status == 429 {
			t.Errorf("%s was refused with 429 %d times", count.Route, count.Count)
		}
	}
}

func TestTwoNotifiersAtOnceSendEachPostOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	clients := []*deliverytest.Client{s.client, s.addClient(t), s.addClient(t)}
	s.start(t, s.connect(), notifier.Config{})
	s.start(t, s.connect(), notifier.Config{})
	const each = 100
	want := map[string][]string{}
	for range each / 10 {
		for _, c := range clients {
			want[c.Channel] = append(want[c.Channel], titlesOf(c.Posts(t, 10))...)
		}
	}
	s.awaitState(t, "sent", each*len(clients))
	for channel, titles := range want {
		if got := s.titles(channel); !slices.Equal(got, titles) {
			t.Errorf("channel %s shows %d messages, want %d in order", channel, len(got), len(titles))
		}
	}
}

// stopping is a Discord that ends the notifier while a message is under way.
type stopping struct {
	forgetful
	stop context.CancelFunc
}

func (d stopping) CreateMessage(ctx context.Context, channelID string, m discord.MessageCreate) (discord.Message, error) {
	d.stop()
	return d.forgetful.CreateMessage(ctx, channelID, m)
}

func TestStoppingFinishesTheMessageUnderWayAndGivesChannelsBack(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	s.client.Posts(t, 3)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	if err := notifier.New(s.Notifier, stopping{s.connect(), stop}, discard(), notifier.Config{}).Run(ctx); err != nil {
		t.Errorf("run = %v", err)
	}
	if got := len(s.sim.Messages(s.client.Channel)); got != 1 {
		t.Errorf("%d messages, want the one under way", got)
	}
	if n := s.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'sent'`); n != 1 {
		t.Errorf("%d recorded, want 1", n)
	}
	if n := s.Count(t, `SELECT count(*) FROM channel_queues WHERE lease_token IS NULL AND due_at <= now()`); n != 1 {
		t.Error("the channel was not given back")
	}
}

func TestARefusedTokenEndsTheNotifier(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	s.client.Posts(t, 1)
	client := discord.New(discord.Config{BaseURL: s.url + "/api/v10", Token: "wrong", UserAgent: discord.UserAgent("https://example.org", "1")})
	err := notifier.New(s.Notifier, client, discard(), notifier.Config{}).Run(t.Context())
	if !errors.Is(err, discord.ErrUnauthorized) {
		t.Errorf("run = %v", err)
	}
	var state string
	var attempts int
	s.Scan(t, `SELECT state, attempts FROM deliveries WHERE attempted_at IS NULL`, nil, &state, &attempts)
	if state != "retry" || attempts != 0 {
		t.Errorf("delivery is %s after %d tries", state, attempts)
	}
}

// held is a Discord that holds everything back.
type held struct {
	forgetful
	calls chan struct{}
	err   error
}

func (h held) CreateMessage(context.Context, string, discord.MessageCreate) (discord.Message, error) {
	h.calls <- struct{}{}
	return discord.Message{}, h.err
}

func TestWhatIsHeldForAllStopsAllChannels(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"guard":  &discord.GuardError{Route: "x", RetryAfter: time.Hour},
		"global": &discord.RateLimitError{Route: "x", RetryAfter: time.Hour, Global: true, Scope: "global", Local: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, fast())
			s.client.Posts(t, 3)
			dc := held{s.connect(), make(chan struct{}, 100), fmt.Errorf("call: %w", err)}
			stop := s.start(t, dc, notifier.Config{})
			s.awaitState(t, "retry", 1)
			s.addClient(t).Posts(t, 2)
			if err := stop(); err != nil {
				t.Errorf("run = %v", err)
			}
			if n := len(dc.calls); n != 1 {
				t.Errorf("%d calls, want 1", n)
			}
			if n := s.Count(t, `SELECT count(*) FROM deliveries WHERE attempts = 0 AND attempted_at IS NULL`); n != 5 {
				t.Errorf("%d deliveries untouched, want all", n)
			}
		})
	}
}

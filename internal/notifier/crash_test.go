package notifier_test

import (
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"trackbot/internal/delivery"
	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/notifier"
	"trackbot/internal/sim"
)

// A sender that dies after it marked a delivery and before it sent it.
func TestAMarkedDeliveryThatNeverLeftIsSentOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	posts := s.client.Posts(t, 3)
	dead := delivery.NewOutbox(s.Notifier, time.Minute)
	channels, err := dead.Claim(t.Context(), 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := dead.Begin(t.Context(), channels[0], channels[0].Deliveries[0]); err != nil {
		t.Fatal(err)
	}
	s.expireLeases(t)
	s.start(t, s.connect(), notifier.Config{})
	s.awaitState(t, "sent", len(posts))
	if got := s.titles(s.client.Channel); !slices.Equal(got, titlesOf(posts)) {
		t.Errorf("channel shows %v", got)
	}
}

// A sender whose lease runs out while its message is on the way, and another one that takes over.
func TestALateMessageIsNotSentTwice(t *testing.T) {
	t.Parallel()
	cfg := fast()
	cfg.Limits.NonceWindow = time.Hour
	s := newStage(t, cfg)
	s.spoil(sim.Fault{Times: 1, Delay: 300 * time.Millisecond})
	posts := s.client.Posts(t, 2)
	stopSlow := s.start(t, s.connect(), notifier.Config{})
	await(t, "the slow message", func() bool { return s.sim.Faults()[0].Hits == 1 })
	s.expireLeases(t)
	s.start(t, s.connect(), notifier.Config{})
	s.awaitState(t, "sent", len(posts))
	if err := stopSlow(); err != nil {
		t.Fatal(err)
	}
	if got := s.titles(s.client.Channel); !slices.Equal(got, titlesOf(posts)) {
		t.Errorf("channel shows %v", got)
	}
}

// startChild runs a notifier in a process of its own, until it is killed.
func (s *stage) startChild(t *testing.T) (kill func()) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^$")
	child.Env = append(os.Environ(), childDatabase+"="+s.URL, childDiscord+"="+s.url)
	child.Stderr = os.Stderr
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // it was killed, as it says
	}
}

// Killed without warning again and again while 300 posts appear: each is in its channel exactly
// once and in order, although this Discord's nonces never help.
func TestKilledNotifiersLoseAndRepeatNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	s.spoil(sim.Fault{Delay: 3 * time.Millisecond}) // so that a kill often falls between message and record
	clients := []*deliverytest.Client{s.client, s.addClient(t), s.addClient(t), s.addClient(t), s.addClient(t)}
	want := map[string][]string{}
	const rounds, each = 6, 10
	for round := range rounds {
		kill := s.startChild(t)
		for _, c := range clients {
			want[c.Channel] = append(want[c.Channel], titlesOf(c.Posts(t, each))...)
		}
		await(t, "some messages of this life", func() bool {
			return s.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'sent'`) > round*each*len(clients)/2
		})
		kill()
	}
	s.start(t, s.connect(), notifier.Config{})
	s.awaitState(t, "sent", rounds*each*len(clients))
	for channel, titles := range want {
		if got := s.titles(channel); !slices.Equal(got, titles) {
			t.Errorf("channel %s shows %d messages, want these %d in order: %v", channel, len(got), len(titles), got)
		}
	}
	if n := s.Count(t, `SELECT sum(notifications_sent) FROM usage_daily`); n != rounds*each*len(clients) {
		t.Errorf("%d notifications counted", n)
	}
	t.Logf("%d deliveries were found in their channel", s.Count(t, `SELECT count(*) FROM deliveries WHERE trail->-1->>'event' = 'found'`))
}

// cards lists what a channel shows, those of digests each for itself, and how many messages hold them.
func (s *stage) cards(channel string) (titles []string, messages int) {
	list := s.sim.Messages(channel)
	for _, m := range list {
		for _, e := range m.Embeds {
			titles = append(titles, e.Title)
		}
	}
	return titles, len(list)
}

// The same while posts are held and leave as digests: whenever the sender dies, each post is shown
// once and in order.
func TestKilledNotifiersLoseAndRepeatNothingOfDigests(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	s.spoil(sim.Fault{Delay: 3 * time.Millisecond})
	clients := []*deliverytest.Client{s.client, s.addClient(t), s.addClient(t), s.addClient(t)}
	s.Exec(t, `UPDATE guild_settings SET digest = 'daily'`)
	want := map[string][]string{}
	const rounds, each = 6, 14
	for round := range rounds {
		kill := s.startChild(t)
		for _, c := range clients {
			want[c.Channel] = append(want[c.Channel], titlesOf(c.Posts(t, each))...)
		}
		await(t, "some posts to be held", func() bool { return s.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'held'`) > round })
		s.ripen(t)
		await(t, "some digests of this life", func() bool {
			return s.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'digest' AND state IN ('sending', 'sent')`) > round*len(clients)
		})
		kill()
	}
	s.start(t, s.connect(), notifier.Config{})
	await(t, "all posts", func() bool {
		s.ripen(t)
		return s.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'post' AND state = 'sent'`) == rounds*each*len(clients)
	})
	sent := 0
	for channel, titles := range want {
		got, messages := s.cards(channel)
		sent += messages
		if !slices.Equal(got, titles) {
			t.Errorf("channel %s shows %d posts, want these %d in order: %v", channel, len(got), len(titles), got)
		}
	}
	if n := s.Count(t, `SELECT sum(notifications_sent) FROM usage_daily`); n != sent {
		t.Errorf("%d notifications counted of %d messages", n, sent)
	}
	t.Logf("%d posts in %d messages, %d of them found in their channel", rounds*each*len(clients), sent,
		s.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'digest' AND trail->-1->>'event' = 'found'`))
}

// ripen is what time does to what is held, once its channel has been seen to.
func (s *stage) ripen(t *testing.T) {
	t.Helper()
	s.Exec(t, `UPDATE deliveries SET held_until = now() - interval '1 second' WHERE state = 'held' AND held_until > now()`)
	s.Exec(t, `UPDATE channel_queues SET due_at = now() WHERE due_at > now() AND lease_token IS NULL`)
}

// A replay of what may have arrived is looked for first: given up, killed and asked for again, it is there once.
func TestAReplayOfWhatHadArrivedIsNotSentTwice(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	s.spoil(sim.Fault{Times: 1, DropAfter: true})
	posts := s.client.Posts(t, 1)
	stop := s.start(t, s.connect(), notifier.Config{})
	s.awaitState(t, "retry", 1)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	s.Exec(t, `UPDATE deliveries SET state = 'dead', reason = 'gave_up', retry_at = NULL`)
	s.Exec(t, `UPDATE deliveries SET state = 'pending', attempts = 0, by_hand = true, reason = ''`) // as a manager's replay does
	s.Exec(t, `UPDATE channel_queues SET due_at = now()`)
	s.start(t, s.connect(), notifier.Config{})
	s.awaitState(t, "sent", 1)
	if got := s.titles(s.client.Channel); !slices.Equal(got, titlesOf(posts)) {
		t.Errorf("channel shows %v", got)
	}
}

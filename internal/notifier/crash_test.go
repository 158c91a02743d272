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
		child := exec.Command(os.Args[0], "-test.run=^$")
		child.Env = append(os.Environ(), childDatabase+"="+s.URL, childDiscord+"="+s.url)
		child.Stderr = os.Stderr
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		for _, c := range clients {
			want[c.Channel] = append(want[c.Channel], titlesOf(c.Posts(t, each))...)
		}
		await(t, "some messages of this life", func() bool {
			return s.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'sent'`) > round*each*len(clients)/2
		})
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // it was killed, as it says
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

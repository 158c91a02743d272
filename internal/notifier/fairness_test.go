package notifier_test

import (
	"context"
	"testing"

	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/discord"
	"trackbot/internal/notifier"
)

// slow is a Discord that answers for one channel and lets all others wait.
type slow struct {
	instant
	quick   string
	waiting chan string // channels whose messages wait
	arrived chan struct{}
	gate    chan struct{}
}

func (d *slow) CreateMessage(ctx context.Context, channelID string, _ discord.MessageCreate) (discord.Message, error) {
	if channelID == d.quick {
		close(d.arrived)
		return discord.Message{ID: "1"}, nil
	}
	d.waiting <- channelID
	select {
	case <-d.gate:
		return discord.Message{ID: "2"}, nil
	case <-ctx.Done():
		return discord.Message{}, ctx.Err()
	}
}

// While one tenant has ten thousand messages waiting in five hundred channels, and as many of them
// under way as it may have, another's one leaves before any further of them.
func TestANoisyTenantDoesNotDelayAnother(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	noisy, quiet := w.Client(t), w.Client(t)
	noisy.Backlog(t, 500, 20)
	dc := &slow{quick: quiet.Channel, waiting: make(chan string, 10000), arrived: make(chan struct{}), gate: make(chan struct{})}
	s := &stage{World: w}
	stop := s.start(t, dc, notifier.Config{})
	await(t, "the noisy tenant's share of the slots", func() bool { return len(dc.waiting) == 8 })
	quiet.Posts(t, 1)
	<-dc.arrived
	if n := len(dc.waiting); n != 8 {
		t.Errorf("%d messages of the noisy tenant left before, want the 8 under way", n)
	}
	close(dc.gate)
	if err := stop(); err != nil {
		t.Errorf("run = %v", err)
	}
}

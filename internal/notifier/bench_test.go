package notifier_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/discord"
	"trackbot/internal/notifier"
)

// instant is a Discord that takes everything at once, so that what is measured is our own work.
type instant struct {
	sent atomic.Int64
	want int64
	done chan struct{}
}

func (d *instant) CreateMessage(context.Context, string, discord.MessageCreate) (discord.Message, error) {
	n := d.sent.Add(1)
	if n == d.want {
		close(d.done)
	}
	return discord.Message{ID: strconv.FormatInt(n, 10)}, nil
}

func (d *instant) ChannelMessages(context.Context, string, discord.MessageQuery) ([]discord.Message, error) {
	return nil, nil
}

func (d *instant) LeaveGuild(context.Context, string) error { return nil }

func (d *instant) Self(context.Context) (discord.Application, error) {
	return discord.Application{ID: "1", Bot: &discord.User{ID: "1"}}, nil
}

// BenchmarkDelivery measures claim, marks and records around the sending: deliveries a second, and
// this process's CPU for each. Discord itself takes at most 50 a second.
func BenchmarkDelivery(b *testing.B) {
	w := deliverytest.New(b)
	const clients, channels = 8, 25
	each := (b.N + clients*channels - 1) / (clients * channels)
	for range clients {
		w.Client(b).Backlog(b, channels, each)
	}
	dc := &instant{want: int64(clients * channels * each), done: make(chan struct{})}
	ctx, cancel := context.WithCancel(b.Context())
	finished := make(chan error, 1)
	b.ResetTimer()
	before := cpu(b)
	go func() { finished <- notifier.New(w.Notifier, dc, discard(), notifier.Config{}).Run(ctx) }()
	<-dc.done
	cancel()
	if err := <-finished; err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric(float64(dc.sent.Load())/b.Elapsed().Seconds(), "deliveries/s")
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(dc.sent.Load()), "cpu-µs/delivery")
}

func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

package notifier

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"trackbot/internal/delivery"
	"trackbot/internal/discord"
	"trackbot/internal/guild"
	"trackbot/internal/pulse"
	"trackbot/internal/store"
	"trackbot/internal/tracing"
)

// Discord is what the notifier asks of Discord's REST API. Its methods return the errors of
// package discord and keep to their context's deadline.
type Discord interface {
	CreateMessage(ctx context.Context, channelID string, m discord.MessageCreate) (discord.Message, error)
	ChannelMessages(ctx context.Context, channelID string, q discord.MessageQuery) ([]discord.Message, error)
	Self(ctx context.Context) (discord.Application, error)
	LeaveGuild(ctx context.Context, guildID string) error
}

// Config has working zero values.
type Config struct {
	Lease     time.Duration // of a claimed channel, 30 s; a killed notifier's channels wait that long
	Poll      time.Duration // between claims while there is nothing to do, 300 ms
	Channels  int           // served at a time, 32
	PerClient int           // of them for one tenant, in all notifiers together, 8
	TestClock bool          // drops the plans' messages a day, as many days pass in one

	Registerer prometheus.Registerer // takes the metrics; nil keeps them here
	Pulse      *pulse.Board          // watches the loop; nil: nobody does
	Tracer     *tracing.Tracer       // nil traces nothing
}

func (c Config) withDefaults() Config {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	def(&c.Lease, 30*time.Second)
	def(&c.Poll, 300*time.Millisecond)
	if c.Channels <= 0 {
		c.Channels = 32
	}
	if c.PerClient <= 0 {
		c.PerClient = 8
	}
	return c
}

const (
	longestCall   = 10 * time.Second // of one call to Discord or the database
	sweepEvery    = 30 * time.Second
	afterDBError  = time.Second
	holdUnnamed   = time.Minute // after a guard that does not say how long
	longestRest   = time.Minute // between two rounds, also while all sending is held
	loopPatience  = 5 * time.Minute
	leaseFraction = 3 // a call to the database and one to Discord must end within the lease
)

// Notifier sends what is due. Make it with New; Run it once.
type Notifier struct {
	outbox     *delivery.Outbox
	departures *guild.Departures
	discord    Discord
	log        *slog.Logger
	cfg        Config
	call       time.Duration
	wake       chan struct{}
	metrics    *metrics

	mu        sync.Mutex
	busy      int
	heldUntil time.Time
	self      string // the bot's user id, once known
}

// New returns a notifier on a store that acts as the notifier's role.
func New(st *store.Store, dc Discord, log *slog.Logger, cfg Config) *Notifier {
	cfg = cfg.withDefaults()
	outbox := delivery.NewOutbox(st, cfg.Lease)
	if cfg.TestClock {
		outbox = outbox.WithoutPlans()
	}
	n := &Notifier{
		outbox: outbox, departures: guild.NewDepartures(st), discord: dc, log: log, cfg: cfg,
		call: min(longestCall, cfg.Lease/leaseFraction), wake: make(chan struct{}, 1),
	}
	n.metrics = newMetrics(cfg.Registerer, n)
	return n
}

// Run sends until ctx ends, then finishes the messages under way (each within 10 s), gives its
// channels back and returns nil. It returns an error when Discord refuses the bot's token.
func (n *Notifier) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		n.loop(ctx, group)
		return nil
	})
	group.Go(func() error {
		n.depart(ctx)
		return nil
	})
	return group.Wait()
}

func (n *Notifier) loop(ctx context.Context, group *errgroup.Group) {
	turn := n.cfg.Pulse.Loop("send", loopPatience)
	defer turn.Done()
	var nextSweep time.Time
	for ctx.Err() == nil {
		turn.Beat()
		if now := time.Now(); now.After(nextSweep) {
			nextSweep = now.Add(sweepEvery)
			if err := n.outbox.Sweep(ctx); err != nil && ctx.Err() == nil {
				n.log.ErrorContext(ctx, "sweep channel queues", "error", err)
			}
		}
		wait := n.cfg.Poll
		if held := n.held(); held > 0 {
			wait = min(held, longestRest)
		} else if err := n.claim(ctx, group); err != nil && ctx.Err() == nil {
			n.log.ErrorContext(ctx, "claim channels", "error", err)
			wait = afterDBError
		}
		n.rest(ctx, wait)
	}
}

// rest waits for the time, a channel that was given back, or the end.
func (n *Notifier) rest(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-n.wake:
	case <-ctx.Done():
	}
}

func (n *Notifier) claim(ctx context.Context, group *errgroup.Group) error {
	free := n.free()
	if free == 0 {
		return nil
	}
	channels, err := n.lease(ctx, free)
	if err != nil {
		return err
	}
	n.occupy(len(channels))
	for _, ch := range channels {
		group.Go(func() error {
			defer n.vacate()
			return n.serve(ctx, ch)
		})
	}
	return nil
}

// lease is not cut short by the end of ctx: a claim that is committed but not known here would keep
// its channels from everybody until the lease is over. What comes too late is given back by serve.
func (n *Notifier) lease(ctx context.Context, slots int) ([]*delivery.Channel, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), n.call)
	defer cancel()
	return n.outbox.Claim(ctx, slots, n.cfg.PerClient)
}

func (n *Notifier) free() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cfg.Channels - n.busy
}

func (n *Notifier) occupy(channels int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.busy += channels
}

func (n *Notifier) vacate() {
	n.mu.Lock()
	n.busy--
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// hold stops all sending for that long.
func (n *Notifier) hold(wait time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if until := time.Now().Add(wait); until.After(n.heldUntil) {
		n.heldUntil = until
	}
}

func (n *Notifier) held() time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	return time.Until(n.heldUntil)
}

// serve sends the head of a channel's line and gives the channel back. Its error ends the notifier.
func (n *Notifier) serve(ctx context.Context, ch *delivery.Channel) error {
	defer n.release(ctx, ch)
	for _, d := range ch.Deliveries {
		if ctx.Err() != nil || n.held() > 0 || !d.Due {
			return nil
		}
		of := tracing.Resume(ctx, d.Trace)
		next, err := n.traced(context.WithoutCancel(of), ch, d)
		switch {
		case errors.Is(err, discord.ErrUnauthorized):
			n.log.ErrorContext(of, "discord refuses the bot token, sending stops", "error", err)
			return fmt.Errorf("send messages: %w", err)
		case errors.Is(err, delivery.ErrUsedUp):
			return nil // the next claim holds the line for the next day
		case errors.Is(err, delivery.ErrLeaseLost):
			n.log.WarnContext(of, "lease lost", "client_id", ch.ClientID, "channel_id", ch.ID, "delivery_id", d.ID)
			return nil
		case err != nil:
			n.log.ErrorContext(of, "deliver message", "client_id", ch.ClientID, "channel_id", ch.ID, "delivery_id", d.ID, "error", err)
			return nil
		case !next:
			return nil
		}
	}
	return nil
}

func (n *Notifier) release(ctx context.Context, ch *delivery.Channel) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), n.call)
	defer cancel()
	if err := n.outbox.Release(ctx, ch); err != nil {
		n.log.ErrorContext(ctx, "release channel", "client_id", ch.ClientID, "channel_id", ch.ID, "error", err)
	}
}

package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"trackbot/internal/discord"
	"trackbot/internal/guild"
	"trackbot/internal/store"
)

// Config is what a Bot may be told; only Token is needed.
type Config struct {
	Token        string
	GatewayURL   string        // "": asked from the API
	DashboardURL string        // linked to in answers; "": no links
	Version      string        // shown in the bot's health
	Heartbeat    time.Duration // between two signs of life, 30 s
	UserAgent    string        // of gateway connections
	Logger       *slog.Logger
	Registerer   prometheus.Registerer
	Sales        Sales         // nil: nothing is sold at Discord
	Recount      time.Duration // between two looks at all entitlements, 1 h
}

const (
	defaultHeartbeat = 30 * time.Second
	maxTasks         = 64 // interactions answered at the same time
	taskTimeout      = 15 * time.Second
	firstPause       = 500 * time.Millisecond
	longestPause     = 15 * time.Second
)

// Bot is one bot process. Run it once.
type Bot struct {
	cfg      Config
	log      *slog.Logger
	memory   Memory
	commands Commands
	api      *discord.Client

	gateway *discord.Gateway
	lines   *lines
	roster  *roster

	self  atomic.Pointer[discord.Application] // nil until known
	known chan struct{}                       // closed when self is

	beats chan struct{} // asks for a sign of life now
	tasks sync.WaitGroup
	slots chan struct{} // one a running task
}

// New returns a Bot that speaks to Discord by api.
func New(cfg Config, memory Memory, commands Commands, api *discord.Client) *Bot {
	if cfg.Heartbeat <= 0 {
		cfg.Heartbeat = defaultHeartbeat
	}
	if cfg.Recount <= 0 {
		cfg.Recount = defaultRecount
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	b := &Bot{
		cfg: cfg, log: cfg.Logger, memory: memory, commands: commands, api: api,
		lines: newLines(memory), roster: newRoster(), known: make(chan struct{}),
		beats: make(chan struct{}, 1), slots: make(chan struct{}, maxTasks),
	}
	b.gateway = discord.NewGateway(discord.GatewayConfig{
		Token: cfg.Token, Handler: b.handle, API: api, URL: cfg.GatewayURL, Intents: discord.IntentGuilds,
		Store: b.lines, UserAgent: cfg.UserAgent, Logger: cfg.Logger, Registerer: cfg.Registerer,
	})
	return b
}

// Run connects, registers the commands and works until ctx ends; then it finishes what it has begun,
// says goodbye and returns nil. It returns earlier only with an error that trying again cannot mend,
// such as a token that Discord refuses.
func (b *Bot) Run(ctx context.Context) error {
	if err := b.identify(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("ask for application: %w", err)
	}
	var lived bool
	group, running := errgroup.WithContext(ctx)
	group.Go(func() error { return b.gateway.Run(running) })
	group.Go(func() error { b.register(running); return nil })
	group.Go(func() error { lived = b.beacon(running); return nil })
	group.Go(func() error { b.recount(running); return nil })
	err := group.Wait()
	b.tasks.Wait()
	if lived {
		b.beat(context.WithoutCancel(ctx), guild.BotOffline)
	}
	return err
}

// identify learns who the bot is, as long as it takes. Where nobody can tell, the gateway will.
func (b *Bot) identify(ctx context.Context) error {
	return b.insist(ctx, "ask for application", func() error {
		app, err := b.api.Self(ctx)
		if err != nil && discord.Lacks(err) {
			b.log.WarnContext(ctx, "nobody tells who the bot is; the gateway is going to", "error", err)
			return nil
		}
		if err == nil {
			b.learn(app)
		}
		return err
	})
}

// learn notes who the bot is, once.
func (b *Bot) learn(app discord.Application) {
	if app.Bot != nil && app.Bot.ID != "" && b.self.CompareAndSwap(nil, &app) {
		close(b.known)
	}
}

// app is who the bot is; until that is known, nobody.
func (b *Bot) app() discord.Application {
	if self := b.self.Load(); self != nil {
		return *self
	}
	return discord.Application{Bot: &discord.User{}}
}

// isKnown waits until the bot knows who it is; false when ctx ends first.
func (b *Bot) isKnown(ctx context.Context) bool {
	select {
	case <-b.known:
		return true
	case <-ctx.Done():
		return false
	}
}

// insist calls fn until it succeeds, fails in a way that will not pass, or ctx ends.
func (b *Bot) insist(ctx context.Context, what string, fn func() error) error {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		err := fn()
		if err == nil || ctx.Err() != nil || !passing(err) {
			return err
		}
		wait := pause
		if asked, ok := discord.RetryAfter(err); ok {
			wait = max(wait, asked)
		}
		b.log.WarnContext(ctx, "try again", "what", what, "error", err, "retry_in", wait)
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

// passing tells whether the same call may succeed later: the database or the API is away,
// or Discord has trouble, does not answer or wants us to wait.
func passing(err error) bool {
	if store.IsUnavailable(err) || errors.Is(err, ErrAway) {
		return true
	}
	if refusal, ok := errors.AsType[*discord.APIError](err); ok {
		return refusal.Temporary()
	}
	if _, limited := discord.RetryAfter(err); limited {
		return true
	}
	return !errors.Is(err, discord.ErrUnauthorized) && isNetwork(err)
}

// task runs fn beside the handler, with its own time and beyond the end of ctx. It waits for a free slot.
func (b *Bot) task(ctx context.Context, fn func(ctx context.Context)) {
	select {
	case b.slots <- struct{}{}:
	case <-ctx.Done():
		return
	}
	b.tasks.Go(func() {
		defer func() { <-b.slots }()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), taskTimeout)
		defer cancel()
		fn(ctx)
	})
}

// ErrNotConnected says that no shard is ready.
var ErrNotConnected = errors.New("not connected to discord")

// Ready tells whether the bot hears Discord.
func (b *Bot) Ready(context.Context) error {
	if b.gateway.Status().ReadyShards == 0 {
		return ErrNotConnected
	}
	return nil
}

package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"
)

const defaultGrace = 5 * time.Second

// Handler takes the events of a shard, one at a time and in order; the shards
// call it concurrently. ctx ends only when the process stops and the handler
// has outlived the grace time; an event whose handling was cut short that way
// counts as not handled. An event may come twice: handle it idempotently. A
// Handler must not panic: with a store the event would come again.
type Handler func(ctx context.Context, shard int, ev Event)

// GatewayConfig configures a Gateway. Token and Handler are needed, and API
// unless URL and ShardCount are set.
type GatewayConfig struct {
	Token      string
	Handler    Handler
	API        *Client // asked where to connect, with how many shards and how often
	URL        string  // instead of the address the API names
	ShardCount int     // 0: as many as the API recommends
	Intents    Intents // IntentGuilds

	// Store makes sessions outlive the process. With it a clean stop leaves the
	// session open to be resumed, without it the stop ends the session and the
	// bot appears offline at once.
	Store     SessionStore
	SaveEvery time.Duration // least time between two saves of one shard, 1 s
	Grace     time.Duration // how long a stop waits for handlers, 5 s

	HTTPClient *http.Client // for the connections; it must have no Timeout
	UserAgent  string
	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

// Gateway keeps the bot's connections to Discord.
type Gateway struct {
	cfg      GatewayConfig
	log      *slog.Logger
	metrics  *gatewayMetrics
	identify *identifyLimiter

	mu      sync.Mutex
	address string
	shards  []*shard
}

// NewGateway returns a Gateway that is not connected.
func NewGateway(cfg GatewayConfig) *Gateway {
	cfg.Intents = withDefault(cfg.Intents, IntentGuilds)
	cfg.SaveEvery = withDefault(cfg.SaveEvery, defaultSaveEvery)
	cfg.Grace = withDefault(cfg.Grace, defaultGrace)
	cfg.UserAgent = withDefault(cfg.UserAgent, UserAgent("https://localhost", "0"))
	if cfg.HTTPClient == nil {
		cfg.HTTPClient = &http.Client{}
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Gateway{cfg: cfg, log: cfg.Logger, metrics: newGatewayMetrics(cfg.Registerer)}
}

// Run connects all shards and keeps them connected until ctx ends, then closes
// them and returns nil. It returns earlier only with an error that reconnecting
// cannot mend: a *CloseError, ErrUnauthorized or a faulty configuration. Call it once.
func (g *Gateway) Run(ctx context.Context) error {
	plan, err := g.plan(ctx)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("plan gateway connections: %w", err)
	}
	shards := g.start(ctx, plan)

	group, running := errgroup.WithContext(ctx)
	handling, release := withGrace(running, g.cfg.Grace)
	defer release()
	for _, s := range shards {
		group.Go(func() error { return s.run(running, handling) })
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("run gateway: %w", err)
	}
	return nil
}

// withGrace returns a context that ends the given time after ctx, or at release.
func withGrace(ctx context.Context, grace time.Duration) (context.Context, func()) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	wg.Go(func() {
		select {
		case <-out.Done():
		case <-ctx.Done():
			sleep(out, grace)
			cancel()
		}
	})
	return out, func() { cancel(); wg.Wait() }
}

// plan asks Discord where to connect, as long as it takes.
func (g *Gateway) plan(ctx context.Context) (GatewayBot, error) {
	var pause backoff
	for {
		plan, err := g.ask(ctx)
		if err == nil || !passing(err) {
			return plan, err
		}
		wait := pause.next()
		if asked, ok := RetryAfter(err); ok {
			wait = max(wait, asked)
		}
		g.log.Warn("ask for gateway", "error", err, "retry_in", wait)
		if !sleep(ctx, wait) {
			return plan, context.Cause(ctx)
		}
	}
}

// errNoGateway is a configuration from which no connection can be made.
var errNoGateway = errors.New("no gateway configured")

// passing reports whether asking again may help.
func passing(err error) bool {
	return !errors.Is(err, ErrUnauthorized) && !errors.Is(err, errNoGateway)
}

// ask returns what the API says, overridden by the configuration. Where that
// says enough, the connection does not depend on the API.
func (g *Gateway) ask(ctx context.Context) (GatewayBot, error) {
	enough := g.cfg.URL != "" && g.cfg.ShardCount > 0
	var plan GatewayBot
	var err error
	switch {
	case g.cfg.API != nil:
		plan, err = g.cfg.API.GatewayBot(ctx)
	case !enough:
		err = fmt.Errorf("%w: neither an API to ask nor an address with a number of shards", errNoGateway)
	}
	if err != nil && (!enough || !passing(err)) {
		return plan, err
	}
	if err != nil {
		plan = GatewayBot{}
	}
	plan.URL = withDefault(g.cfg.URL, plan.URL)
	plan.Shards = max(1, withDefault(g.cfg.ShardCount, plan.Shards))
	plan.URL, err = gatewayAddress(plan.URL)
	if err != nil && g.cfg.URL != "" {
		err = fmt.Errorf("%w: %w", errNoGateway, err)
	}
	return plan, err
}

func (g *Gateway) start(ctx context.Context, plan GatewayBot) []*shard {
	g.identify = newIdentifyLimiter(plan.Limit)
	shards := make([]*shard, plan.Shards)
	for id := range shards {
		shards[id] = newShard(g, id, plan.Shards)
		shards[id].load(ctx)
		g.metrics.began(id)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.address, g.shards = plan.URL, shards
	return shards
}

// currentAddress is where new sessions begin.
func (g *Gateway) currentAddress() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.address
}

// refreshAddress asks again where to connect, after the known address failed
// repeatedly (Discord API docs: Gateway, Get Gateway).
func (g *Gateway) refreshAddress(ctx context.Context) {
	if g.cfg.URL != "" || g.cfg.API == nil {
		return
	}
	plan, err := g.ask(ctx)
	if err != nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.address = plan.URL
}

// ShardState is where a shard stands.
type ShardState string

// The states of a shard, as drawn in the package's comment.
const (
	ShardWaiting     ShardState = "waiting"
	ShardConnecting  ShardState = "connecting"
	ShardIdentifying ShardState = "identifying"
	ShardResuming    ShardState = "resuming"
	ShardReady       ShardState = "ready"
	ShardBackoff     ShardState = "backoff"
	ShardStopped     ShardState = "stopped"
)

// ShardStatus is a snapshot of a shard.
type ShardStatus struct {
	ID         int
	State      ShardState
	Since      time.Time     // of the state
	LastAck    time.Time     // of a heartbeat; zero before the first
	Latency    time.Duration // of that heartbeat
	Seq        int64         // of the last event handled
	Queued     int           // events received and not handled
	Guilds     int
	Identifies int
	Resumes    int
}

// Status is a snapshot of the gateway.
type Status struct {
	ShardCount  int // 0 until Discord was asked
	ReadyShards int
	GuildCount  int
	// GuildsKnown is false while a shard goes on with a session of an earlier
	// process: it has not been told its guilds then.
	GuildsKnown bool
	LastAck     time.Time // the oldest of the shards'; zero until all have one
	Shards      []ShardStatus
}

// Status returns a snapshot. It may be called at any time.
func (g *Gateway) Status() Status {
	g.mu.Lock()
	shards := g.shards
	g.mu.Unlock()
	out := Status{ShardCount: len(shards), GuildsKnown: len(shards) > 0}
	for i, s := range shards {
		st, known := s.status()
		out.Shards = append(out.Shards, st)
		out.GuildCount += st.Guilds
		out.GuildsKnown = out.GuildsKnown && known
		if st.State == ShardReady {
			out.ReadyShards++
		}
		if i == 0 || st.LastAck.Before(out.LastAck) {
			out.LastAck = st.LastAck
		}
	}
	return out
}

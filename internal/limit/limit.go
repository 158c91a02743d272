package limit

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const (
	patience  = 500 * time.Millisecond // for one question to the database
	downFor   = time.Second            // how long the database is not asked after it has failed
	maxKeys   = 50_000                 // callers remembered by one limit of one process
	userSpan  = time.Minute
	loginSpan = 15 * time.Minute
	shareSpan = time.Minute
	shareCap  = 60 // an address and minute
	keyParts  = 2  // a key has one of them of its tenant's budget: no program uses up what people need
)

// Config is how much is allowed; zero values stand for the defaults.
type Config struct {
	UserRequests int // a minute and user, 60
	AuthAttempts int // in 15 minutes and address, 10
	Now          func() time.Time
	Log          *slog.Logger
	Registerer   prometheus.Registerer // nil: no metrics
	Meter        *Meter                // counts the requests of tenants; nil: nobody does
	Patience     time.Duration         // for one question to the database, 500 ms; without its answer a process counts alone
}

// Verdict is what a limit says of one request.
type Verdict struct {
	Policy    string        // the limit's name
	Quota     int           // requests
	Window    time.Duration // per
	Remaining int
	Reset     time.Duration // until more is free; of a refused request, until another try may pass
	Refused   bool

	tenant uuid.UUID // whose budget it is; of a limit of people or addresses none
}

// Limiter holds the limits of the API. It is safe for concurrent use.
type Limiter struct {
	shared   *shared
	users    taker
	attempts taker
	shares   taker
	tenants  *budgets
	keys     *budgets
	refused  *prometheus.CounterVec
}

// New returns a Limiter over the API's store.
func New(st *store.Store, cfg Config) *Limiter {
	if cfg.UserRequests == 0 {
		cfg.UserRequests = 60
	}
	if cfg.AuthAttempts == 0 {
		cfg.AuthAttempts = 10
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Patience == 0 {
		cfg.Patience = patience
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	// Each of its own, so that a fault of one table does not turn the exact caps off.
	s, forTenants := newShared(st, cfg), newShared(st, cfg)
	users := newCap(s, "user", cfg.UserRequests, userSpan)
	if exact, ok := users.(*capped); ok {
		exact.sliced = true
	}
	l := &Limiter{
		shared:   s,
		users:    users,
		attempts: newCap(s, "login", cfg.AuthAttempts, loginSpan),
		shares:   newCap(s, "share", shareCap, shareSpan),
		tenants:  newBudgets(forTenants, "tenant", 1, cfg.UserRequests),
		keys:     newBudgets(forTenants, "key", keyParts, max(cfg.UserRequests/2, 1)),
		refused:  newRefused(cfg.Registerer),
	}
	if l.tenants.meter = cfg.Meter; cfg.Meter != nil {
		cfg.Meter.settle = func() { l.tenants.giveBack(false) }
	}
	return l
}

// Settle stores the last counts when no more requests come: none was counted too much then.
func (l *Limiter) Settle(ctx context.Context) error {
	if l.tenants.meter == nil {
		return nil
	}
	l.tenants.giveBack(true)
	return l.tenants.meter.Flush(ctx)
}

func newRefused(reg prometheus.Registerer) *prometheus.CounterVec {
	refused := promauto.With(reg).NewCounterVec(prometheus.CounterOpts{
		Name: "trackbot_limit_refusals_total", Help: "Requests refused, by the limit that refused them.",
	}, []string{"limit"})
	for _, policy := range []string{"user", "login", "share", "tenant", "key"} { // each is there before its first refusal
		refused.WithLabelValues(policy)
	}
	return refused
}

func (l *Limiter) counted(v Verdict) Verdict {
	if v.Refused {
		l.refused.WithLabelValues(v.Policy).Inc()
		if l.tenants.meter != nil && v.tenant != uuid.Nil {
			l.tenants.meter.Refuse(v.tenant)
		}
	}
	return v
}

// User counts a request of a signed-in user.
func (l *Limiter) User(ctx context.Context, userID string) Verdict {
	return l.counted(l.users.take(ctx, userID))
}

// Attempt counts an attempt to sign in from an address, or from what stands for a network.
func (l *Limiter) Attempt(ctx context.Context, address string) Verdict {
	return l.counted(l.attempts.take(ctx, address))
}

// Share counts a look at a shared page from an address, or from what stands for a network: 60 a minute.
func (l *Limiter) Share(ctx context.Context, address string) Verdict {
	return l.counted(l.shares.take(ctx, address))
}

// Tenant counts a request that its caller may make against the budget of the tenant's tier.
func (l *Limiter) Tenant(ctx context.Context, clientID uuid.UUID) Verdict {
	return l.countedOf(clientID, l.tenants.take(ctx, clientID, clientID))
}

// Key counts a request of a tenant's API key against the key's part of the tenant's budget.
func (l *Limiter) Key(ctx context.Context, clientID, keyID uuid.UUID) Verdict {
	return l.countedOf(clientID, l.keys.take(ctx, clientID, keyID))
}

func (l *Limiter) countedOf(clientID uuid.UUID, v Verdict) Verdict {
	v.tenant = clientID
	return l.counted(v)
}

// Sweep deletes what no limit reaches any more. Once an hour is enough; several replicas may.
func (l *Limiter) Sweep(ctx context.Context) error {
	conn := l.shared.store.Shared()
	return errors.Join(l.shared.q.DeleteOldRateEvents(ctx, conn), l.shared.q.DeleteOldRateBudgets(ctx, conn))
}

// shared is the way to what all processes share.
type shared struct {
	store *store.Store
	q     *db.Queries
	now   func() time.Time
	log   *slog.Logger
	limit time.Duration // of one question

	mu        sync.Mutex
	downUntil time.Time
}

func newShared(st *store.Store, cfg Config) *shared {
	return &shared{store: st, q: db.New(), now: cfg.Now, log: cfg.Log, limit: cfg.Patience}
}

// ask puts a question unless one has just failed. The answer counts even for a caller who
// has gone: else hanging up would be a way around the limit.
func (s *shared) ask(ctx context.Context, question func(context.Context) error) bool {
	if s.down() {
		return false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.limit)
	defer cancel()
	err := question(ctx)
	if err == nil {
		return true
	}
	s.mu.Lock()
	s.downUntil = s.now().Add(downFor)
	s.mu.Unlock()
	s.log.WarnContext(ctx, "limits are counted by this process alone", "error", err.Error())
	return false
}

// down tells whether a question has just failed.
func (s *shared) down() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now().Before(s.downUntil)
}

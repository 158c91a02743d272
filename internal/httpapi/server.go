package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"trackbot/api"
	"trackbot/internal/account"
	"trackbot/internal/analytics"
	"trackbot/internal/apikey"
	"trackbot/internal/audit"
	"trackbot/internal/command"
	"trackbot/internal/export"
	"trackbot/internal/guild"
	"trackbot/internal/limit"
	"trackbot/internal/live"
	"trackbot/internal/plan"
	"trackbot/internal/push"
	"trackbot/internal/route"
	"trackbot/internal/share"
	"trackbot/internal/store"
	"trackbot/internal/tracing"
	"trackbot/internal/tracking"
	"trackbot/internal/usage"
	"trackbot/internal/warm"
)

// Deps is what the edge is made of. Log, Accounts, Auth, Guilds, Ready and CursorKey are required.
type Deps struct {
	Log      *slog.Logger
	Accounts *account.Service
	// Auth and Guilds are usually a UserGate of Accounts, or something around it.
	Auth   Authenticator
	Guilds GuildAccess
	// Machines verifies the signed calls of other services, Reports takes what they tell and Commands does
	// what their members ask for; without them those calls answer 501.
	Machines MachineVerifier
	Reports  *guild.Reports
	Commands *command.Desk
	// Keys makes and lists API keys; a KeyGate lets their holders in.
	Keys *apikey.Service
	// Guilds' details, what they track and what they use.
	Directory *guild.Reader
	Tracked   *tracking.Reader
	Catalog   *tracking.Catalog
	Usage     *usage.Reader
	Analytics *analytics.Reader
	Exports   *export.Exports
	// Live feeds the streams; Still tells whether those who watch still may.
	Live  *live.Hub
	Still StillChecker
	// Routes says where posts go and went.
	Routes *route.Desk
	// Offers tells which figures a platform has; without it none has any.
	Offers func(platform string) tracking.Offers
	// Platforms is what can be tracked here; Pushes takes the calls of WebSub hubs.
	Platforms []tracking.Platform
	Pushes    *push.Receiver
	// Registry changes the guilds' settings, Audit reads their logs.
	Registry *guild.Registry
	Audit    *audit.Reader
	Shares   *share.Desk
	// Refusals, where set, writes attempts at changes without the right into the guild's log.
	Refusals *guild.Registry
	// Sales takes what is bought at Stripe and Discord; without it Stripe's webhook answers 501.
	Sales *plan.Sales
	// Plans tells what plans allow, Shops where they are bought.
	Plans *plan.Reader
	Shops plan.Shops
	// Ready tells why the process cannot serve, nil when it can.
	Ready func(context.Context) error
	// CursorKey authenticates pagination cursors, at least 32 bytes; the same for all replicas.
	// Cursors made with OlderCursorKeys count too.
	CursorKey       []byte
	OlderCursorKeys [][]byte
	// AllowedOrigins may call from a browser, each exactly scheme://host[:port].
	AllowedOrigins []string
	// Limits counts requests; without it none is refused, and none appears in the usage.
	Limits *limit.Limiter
	// Store asks what the checks of a request need in one round trip; without it each asks for itself.
	Store *store.Store
	// PerTenant is how many reads of one tenant are answered at once, and how many changes; 0: any number.
	PerTenant int
	// Warm keeps answers in memory; without it each is made anew.
	Warm *warm.Cache
	// SignedByDiscord tells whether headers and exactly this body were signed by Discord for the
	// application (Ed25519); without it Discord's webhooks answer 501.
	SignedByDiscord func(http.Header, []byte) bool
	// Now is the clock that signatures are judged by, time.Now if nil.
	Now func() time.Time
	// TrustedProxies are believed about the address of the client.
	TrustedProxies []netip.Prefix
	// AddressKeys are secrets by which the dashboard's server vouches for the address of the browser behind a call;
	// any of them counts. Without one nobody is believed but the proxies.
	AddressKeys [][]byte
	// Registerer takes the metrics; nil keeps them to the process.
	Registerer prometheus.Registerer
	// Tracer follows requests; nil traces nothing.
	Tracer *tracing.Tracer
}

// Server holds the operations of the contract.
type Server struct {
	log       *slog.Logger
	accounts  *account.Service
	cursors   *Cursors
	guilds    *guild.Reader
	reports   *guild.Reports
	registry  *guild.Registry
	audit     *audit.Reader
	shares    *share.Desk
	sales     *plan.Sales
	plans     *plan.Reader
	shops     plan.Shops
	commands  *command.Desk
	keys      *apikey.Service
	reader    *tracking.Reader
	catalog   *tracking.Catalog
	routes    *route.Desk
	usage     *usage.Reader
	limits    *limit.Limiter // nil: nothing is limited
	figures   *analytics.Reader
	exports   *export.Exports
	live      *live.Hub
	still     StillChecker
	offers    func(platform string) tracking.Offers
	signed    func(http.Header, []byte) bool
	pushes    *push.Receiver
	platforms []tracking.Platform
	now       func() time.Time
}

var _ api.StrictServerInterface = (*Server)(nil)

// New returns the handler of the whole API, health checks included.
func New(deps Deps) (http.Handler, error) {
	cursors, err := NewCursors(deps.CursorKey, deps.OlderCursorKeys...)
	if err != nil {
		return nil, err
	}
	if deps.Accounts == nil {
		return nil, errors.New("make http api: Accounts is missing")
	}
	if deps.Machines != nil && (deps.Reports == nil || deps.Commands == nil) {
		return nil, errors.New("make http api: Machines without Reports and Commands")
	}
	if deps.Now == nil {
		deps.Now = time.Now
	}
	return newHandler(deps, &Server{
		log: deps.Log, accounts: deps.Accounts, cursors: cursors,
		guilds: deps.Directory, reports: deps.Reports, commands: deps.Commands, keys: deps.Keys, reader: deps.Tracked, catalog: deps.Catalog, usage: deps.Usage, limits: deps.Limits,
		routes: deps.Routes, figures: deps.Analytics, exports: deps.Exports, live: deps.Live, still: deps.Still, offers: deps.Offers, platforms: deps.Platforms, pushes: deps.Pushes,
		signed: deps.SignedByDiscord, now: deps.Now,
		audit: deps.Audit, shares: deps.Shares, sales: deps.Sales, plans: deps.Plans, shops: deps.Shops,
		registry: deps.Registry,
	})
}

// newHandler puts the frame around ops, and closer to them what is in near.
func newHandler(deps Deps, ops api.StrictServerInterface, near ...api.StrictMiddlewareFunc) (http.Handler, error) {
	if deps.Log == nil || deps.Auth == nil || deps.Guilds == nil || deps.Ready == nil {
		return nil, errors.New("make http api: a required dependency is missing")
	}
	c, err := loadContract(api.Spec())
	if err != nil {
		return nil, err
	}
	f := &frame{
		deps: deps, contract: c, spent: newSpent(deps.Now), crowd: newCrowd(deps.PerTenant),
		metrics: newRequestMetrics(deps.Registerer, c), vouchers: newVouchers(deps.AddressKeys, deps.Now, deps.Registerer),
	}
	rt := newRouter(c, f.serve, f.problem)
	if err := f.mountService(rt); err != nil {
		return nil, err
	}
	api.HandlerWithOptions(f.strict(ops, near), api.StdHTTPServerOptions{
		BaseURL: basePath, BaseRouter: rt, ErrorHandlerFunc: f.bindingProblem,
	})
	if err := rt.complete(); err != nil {
		return nil, fmt.Errorf("route the contract: %w", err)
	}
	return f.around(rt)
}

// frame is what stands around every operation.
type frame struct {
	deps     Deps
	contract *contract
	metrics  *requestMetrics
	spent    *spent
	crowd    *crowd
	vouchers *vouchers
}

// strict turns the operations into plain handlers whose errors become problems.
func (f *frame) strict(ops api.StrictServerInterface, near []api.StrictMiddlewareFunc) api.ServerInterface {
	return api.NewStrictHandlerWithOptions(ops, append(near, f.settle, keepRequest), api.StrictHTTPServerOptions{
		RequestErrorHandlerFunc:  f.bindingProblem,
		ResponseErrorHandlerFunc: f.problem,
	})
}

// serve is the way of a request to its operation.
func (f *frame) serve(op *operation, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recordOf(r.Context()).route = op.pattern
		r, done := op.limitTime(r)
		defer done()
		// Credentials and access come first, so that a stranger learns nothing about the inputs.
		if err := f.authorize(w, r, op); err != nil {
			f.problem(w, r, err)
			return
		}
		if f.serveKept(w, r, op) {
			return
		}
		if err := f.validate(w, r, op); err != nil {
			f.problem(w, r, err)
			return
		}
		leave, err := f.takePlace(r, op)
		if err != nil {
			f.problem(w, r, err)
			return
		}
		defer leave()
		rec := recordOf(r.Context())
		rec.scope = scopeOf(rec, r, op)
		if op.tagged {
			f.serveTagged(w, r, op, next)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// around is what happens to every request, whatever its path.
func (f *frame) around(h http.Handler) (http.Handler, error) {
	h = f.limitSize(h)
	h, err := f.crossOrigin(h)
	if err != nil {
		return nil, err
	}
	return f.trace(f.observe(secure(h))), nil
}

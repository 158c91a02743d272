package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"trackbot/internal/account"
	"trackbot/internal/analytics"
	"trackbot/internal/apikey"
	"trackbot/internal/audit"
	"trackbot/internal/command"
	"trackbot/internal/config"
	"trackbot/internal/discord"
	"trackbot/internal/export"
	"trackbot/internal/filestore"
	"trackbot/internal/guild"
	"trackbot/internal/httpapi"
	"trackbot/internal/limit"
	"trackbot/internal/live"
	"trackbot/internal/plan"
	"trackbot/internal/push"
	"trackbot/internal/route"
	"trackbot/internal/share"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
	"trackbot/internal/usage"
	"trackbot/internal/warm"
	"trackbot/internal/worker"
)

const (
	sweepEvery    = time.Hour       // how often what has expired is deleted
	flushPatience = 2 * time.Second // to store the last counts at the end
)

// runAPI listens from the first moment on, so that callers are told to come again while the database is away.
func runAPI(ctx context.Context, e env) error {
	door := httpapi.NewDoor()
	group, working := errgroup.WithContext(ctx)
	silent := make(chan struct{})
	group.Go(func() error {
		defer close(silent)
		return listen(working, httpapi.NewHTTPServer(e.cfg.ListenAddr, door, e.log), e.log)
	})
	group.Go(func() error { return serveAPI(working, e, door, silent) })
	return group.Wait()
}

// serveAPI opens the door once it has its database. What it serves with it keeps until the last request has ended.
func serveAPI(ctx context.Context, e env, door *httpapi.Door, silent <-chan struct{}) error {
	st, err := e.openStore(ctx, config.API, store.RoleAPI)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := st.CheckTenancy(ctx); err != nil {
		return err
	}
	accounts, err := newAccounts(e, st)
	if err != nil {
		return err
	}
	defer accounts.Close()
	if err := gaugeKeyAge(ctx, e, accounts); err != nil {
		e.log.ErrorContext(ctx, "age of the signing key not measured", "error", err)
	}
	notices, err := newListener(e, st)
	if err != nil {
		return err
	}
	keys := apikey.New(st, time.Now)
	notices.Subscribe(store.ChannelAccess, accounts.AccessChanged)
	notices.Subscribe(store.ChannelAccess, keys.AccessChanged)
	sources := newSources(e.cfg, st)
	defer sources.Close()
	files, err := exportFiles(ctx, e.cfg)
	if err != nil {
		return err
	}
	defer files.Close() // only read from here
	meter := limit.NewMeter(st, e.log, time.Now)
	limits := newLimits(e, st, meter)
	machines, err := newMachines(e.cfg, st)
	if err != nil {
		return err
	}
	guilds := guild.NewReader(st, e.cfg.HeartbeatInterval, time.Now)
	hub := live.New(st, guilds, httpapi.Events{}, live.Config{Log: e.log, Registerer: e.metrics})
	notices.Subscribe(store.ChannelAccess, hub.AccessChanged) // after the caches of accounts are dropped
	answers := warm.New(notices, warm.Config{Registerer: e.metrics})
	notices.Subscribe(store.ChannelData, answers.Changed)
	notices.Subscribe(store.ChannelLive, hub.Changed)
	handler, err := newHandler(e, st, served{accounts, keys, guilds, limits, machines, sources, files, hub, tracking.NewOffers(sources), answers})
	if err != nil {
		return err
	}
	door.Open(handler)
	group, working := errgroup.WithContext(ctx)
	group.Go(func() error { <-silent; return nil })
	jobs := worker.NewJobs(e.metrics)
	group.Go(func() error {
		reseal := jobs.Watch("reseal_grants", resealer(accounts, e.log))
		once(working, e.log, reseal)
		sweep(working, e.log, jobs.Watch("sweep_accounts", accounts.Sweep), jobs.Watch("sweep_limits", limits.Sweep),
			jobs.Watch("sweep_nonces", machines.Sweep), reseal)
		return nil
	})
	group.Go(func() error { meter.Run(working); return nil })
	group.Go(func() error { return notices.Run(working) })
	group.Go(func() error { return hub.Run(working) })
	return errors.Join(group.Wait(), flush(ctx, limits))
}

// flush stores what was counted up to the last request.
func flush(ctx context.Context, limits *limit.Limiter) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushPatience)
	defer cancel()
	return limits.Settle(ctx)
}

// gaugeKeyAge exposes how old the key that signs access tokens is: an alert asks for a new one.
func gaugeKeyAge(ctx context.Context, e env, accounts *account.Service) error {
	since, err := accounts.KeySince(ctx)
	if err != nil {
		return err
	}
	return e.metrics.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "trackbot_jwt_key_age_seconds", Help: "Time since the key that signs access tokens was first used.",
	}, func() float64 { return time.Since(since).Seconds() }))
}

// newListener returns what hears the database's notices, once a process, and exposes whether it does.
func newListener(e env, st *store.Store) (*store.Listener, error) {
	l := st.NewListener(store.ListenerConfig{Log: e.log})
	err := e.metrics.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "trackbot_listener_hearing", Help: "1 while notices of the database arrive; else what they speed up takes its usual time.",
	}, func() float64 {
		if l.Hearing() {
			return 1
		}
		return 0
	}))
	if err != nil {
		return nil, fmt.Errorf("expose listener: %w", err)
	}
	return l, nil
}

func newLimits(e env, st *store.Store, meter *limit.Meter) *limit.Limiter {
	return limit.New(st, limit.Config{
		Meter:        meter,
		UserRequests: e.cfg.UserRequests, AuthAttempts: e.cfg.AuthAttempts, Log: e.log, Registerer: e.metrics,
	})
}

// newSales takes what is bought, on a store of the API's or the bot's role.
func newSales(e env, st *store.Store) *plan.Sales {
	return plan.NewSales(st, plan.SalesConfig{
		StripeSecret: e.cfg.StripeSecret.Reveal(), Stripe: e.cfg.StripePlans, Discord: e.cfg.DiscordPlans, Log: e.log,
	})
}

// newShops is where plans are bought.
func newShops(cfg config.Config) plan.Shops {
	return plan.Shops{Checkout: cfg.StripeCheckout, Portal: cfg.StripePortal, Application: cfg.OAuthClientID, Discord: cfg.DiscordPlans}
}

// served is what the handler of the API is made of, beside the store.
type served struct {
	accounts *account.Service
	keys     *apikey.Service
	guilds   *guild.Reader
	limits   *limit.Limiter
	machines machines
	sources  *source.Registry
	files    filestore.Files
	hub      *live.Hub
	offers   func(platform string) tracking.Offers
	answers  *warm.Cache
}

func newHandler(e env, st *store.Store, s served) (http.Handler, error) {
	cursorKeys, err := deriveKeys(e.cfg, "trackbot pagination cursors")
	if err != nil {
		return nil, err
	}
	signed, err := signedByDiscord(e.cfg)
	if err != nil {
		return nil, err
	}
	gate := httpapi.NewKeyGate(s.keys, httpapi.NewUserGate(s.accounts))
	guilds, catalog := guild.Config{DashboardURL: e.cfg.DashboardURL}, tracking.NewCatalog(st, s.sources)
	registry, reader, routes := guild.New(st, guilds), tracking.NewReader(st), route.New(st)
	return httpapi.New(httpapi.Deps{
		Log: e.log, Accounts: s.accounts, Auth: gate, Guilds: gate, Keys: s.keys, Ready: st.CheckSchema, CursorKey: cursorKeys[0], OlderCursorKeys: cursorKeys[1:],
		Directory: s.guilds, Tracked: reader,
		Catalog: catalog, Usage: usage.NewReader(st, time.Now), Routes: routes, Offers: s.offers, Analytics: analytics.NewReader(st), Exports: export.New(st, s.files), Live: s.hub, Still: gate,
		Machines: s.machines.gate(), Reports: guild.NewReports(st, guilds),
		Commands: command.New(command.Rules{Guilds: registry, Health: s.guilds, Catalog: catalog, Tracked: reader, Routes: routes}, e.cfg.DashboardURL, e.log), Registry: registry, Refusals: registry, Audit: audit.NewReader(st), Shares: share.New(st, e.cfg.DashboardURL, time.Now), Sales: newSales(e, st), Plans: plan.NewReader(st, time.Now), Shops: newShops(e.cfg), Limits: s.limits, SignedByDiscord: signed,
		Platforms: s.sources.Platforms(), Pushes: push.NewReceiver(st, push.Config{Log: e.log, AllowSHA1: e.cfg.WebSubSHA1, Registerer: e.metrics}),
		AllowedOrigins: e.cfg.CORSAllowedOrigins, TrustedProxies: e.cfg.TrustedProxies, AddressKeys: addressKeys(e.cfg), Registerer: e.metrics, Tracer: e.tracer, Store: st, PerTenant: st.Share(), Warm: s.answers,
	})
}

func newAccounts(e env, st *store.Store) (*account.Service, error) {
	cfg, err := account.FromConfig(e.cfg)
	if err != nil {
		return nil, err
	}
	cfg.Log, cfg.Members = e.log, newMembers(e)
	return account.New(st, newSignIn(e), cfg)
}

func once(ctx context.Context, log *slog.Logger, sweep func(context.Context) error) {
	if err := sweep(ctx); err != nil && ctx.Err() == nil {
		log.ErrorContext(ctx, "sweep failed", "error", err)
	}
}

func sweep(ctx context.Context, log *slog.Logger, sweeps ...func(context.Context) error) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			for _, sweep := range sweeps {
				once(ctx, log, sweep)
			}
		}
	}
}

// newDiscord returns the REST client of the bot's own token.
func newDiscord(e env) *discord.Client {
	return discord.New(discord.Config{
		BaseURL: e.cfg.DiscordAPIURL, Token: e.cfg.DiscordBotToken.Reveal(), UserAgent: userAgent(e.cfg), Logger: e.log,
		Registerer: e.metrics, Refusals: e.refusals,
	})
}

// userAgent is what Discord asks of every caller (Discord API docs: User Agent).
func userAgent(cfg config.Config) string {
	return discord.UserAgent(cmp.Or(cfg.DashboardURL, "https://localhost"), Version)
}

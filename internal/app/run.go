// Package app wires the processes: it is the one package that sees everything, and holds no rules.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"text/tabwriter"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"trackbot/internal/config"
	"trackbot/internal/discord"
	"trackbot/internal/pulse"
	"trackbot/internal/store"
	"trackbot/internal/tracing"
)

// Version is the program's version, set by the build.
var Version = "dev"

// process is one service: it works until ctx ends, then drains and returns nil.
type process func(ctx context.Context, e env) error

// env is what every process gets.
type env struct {
	cfg     config.Config
	log     *slog.Logger
	ops     *ops
	metrics prometheus.Registerer // labels what it registers with the service's name
	pulse   *pulse.Board          // of the service's loops
	tracer  *tracing.Tracer       // nil: nothing is traced
	// refusals are those of Discord's to this address, of all services of the process together.
	refusals *discord.Refusals
}

func processes(service config.Service) map[config.Service]process {
	all := map[config.Service]process{
		config.API: runAPI, config.Bot: runBot, config.Worker: runWorker, config.Notifier: runNotifier,
	}
	if service == config.All {
		return all
	}
	return map[config.Service]process{service: all[service]}
}

// Run runs a service, or all four, with the environment's configuration until ctx ends.
func Run(ctx context.Context, service config.Service) error {
	cfg, err := config.FromEnvironment(service)
	if err != nil {
		return fmt.Errorf("the configuration has faults (see .env.example):\n%w", err)
	}
	return serve(ctx, service, cfg, newLogger(os.Stderr, cfg.LogLevel))
}

// serve runs the service's processes and their operations listener; the first error ends all.
func serve(ctx context.Context, service config.Service, cfg config.Config, log *slog.Logger) error {
	group, ctx := errgroup.WithContext(ctx)
	running := processes(service)
	ops := newOps(cfg.MetricsAddr, len(running), log)
	refusals := discord.NewRefusals(0)
	group.Go(func() error { return ops.run(ctx) })
	for name, run := range running {
		group.Go(func() error {
			e, err := newEnv(ctx, name, cfg, log, ops)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			e.refusals = refusals
			defer e.endTraces(ctx)
			if err := run(ctx, e); err != nil && !errors.Is(err, errToldToStop) {
				return fmt.Errorf("%s: %w", name, err)
			}
			e.log.Info("stopped")
			return nil
		})
	}
	return group.Wait()
}

func newEnv(ctx context.Context, service config.Service, cfg config.Config, log *slog.Logger, ops *ops) (env, error) {
	metrics := prometheus.WrapRegistererWith(prometheus.Labels{"service": string(service)}, prometheus.DefaultRegisterer)
	tracer, err := tracing.New(ctx, tracing.Config{
		Endpoint: cfg.OTLPEndpoint, TracesEndpoint: cfg.OTLPTraces, Service: "trackbot-" + string(service), Version: Version,
	})
	if err != nil {
		return env{}, err
	}
	e := env{
		cfg: cfg, log: log.With("service", string(service)), ops: ops, metrics: metrics, pulse: pulse.NewBoard(metrics, time.Now), tracer: tracer,
	}
	ops.aliveWhile(e.pulse.Stuck)
	return e, nil
}

// endTraces sends what was gathered up to the end.
func (e env) endTraces(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushPatience)
	defer cancel()
	if err := e.tracer.Shutdown(ctx); err != nil {
		e.log.Warn("the last traces are lost", "error", err)
	}
}

func newLogger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(joined{slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})})
}

// openStore connects a service as its role and refuses a schema older than the program.
func (e env) openStore(ctx context.Context, service config.Service, role store.Role) (*store.Store, error) {
	st, err := e.awaitStore(ctx, service, role)
	if err != nil {
		return nil, err
	}
	if err := e.metrics.Register(st.Collector(role)); err != nil {
		st.Close()
		return nil, fmt.Errorf("expose pool of %s: %w", role, err)
	}
	e.ops.readyWhen(st.CheckSchema)
	e.ops.started(service)
	return st, nil
}

// errToldToStop ends a process that had not begun to work.
var errToldToStop = errors.New("told to stop while waiting for the database")

const (
	reachPatience = 10 * time.Second // of one try
	firstPause    = 500 * time.Millisecond
	longestPause  = 5 * time.Second
)

// awaitStore connects, however long the database stays away: a process that ended instead would be started again
// at ever longer intervals by most supervisors, and so come back long after the database. What waiting does not
// mend, such as a wrong password or an old schema, is an error at once.
func (e env) awaitStore(ctx context.Context, service config.Service, role store.Role) (*store.Store, error) {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		st, err := e.reachStore(ctx, service, role)
		switch {
		case err == nil:
			return st, nil
		case ctx.Err() != nil:
			return nil, errToldToStop
		case !store.IsUnavailable(err) && !errors.Is(err, context.DeadlineExceeded):
			return nil, err
		}
		e.log.WarnContext(ctx, "database cannot be reached, waiting", "wait_ms", pause.Milliseconds(), "error", err.Error())
		select {
		case <-ctx.Done():
			return nil, errToldToStop
		case <-time.After(pause/2 + rand.N(pause/2)): // replicas do not come back as one
		}
	}
}

func (e env) reachStore(ctx context.Context, service config.Service, role store.Role) (*store.Store, error) {
	ctx, cancel := context.WithTimeout(ctx, reachPatience)
	defer cancel()
	st, err := store.Open(ctx, e.cfg.URLFor(service), role, store.WithTraces(e.tracer.Queries()))
	if err != nil {
		return nil, err
	}
	if err := st.CheckSchema(ctx); err != nil {
		st.Close()
		return nil, err
	}
	return st, nil
}

// MigrateUp brings the schema of the configured database up to date and says so.
func MigrateUp(ctx context.Context, w io.Writer) error {
	cfg, err := config.FromEnvironment(config.Operator)
	if err != nil {
		return err
	}
	if err := store.Migrate(ctx, cfg.DatabaseURL.Reveal()); err != nil {
		return err
	}
	states, err := store.MigrationStatus(ctx, cfg.DatabaseURL.Reveal())
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "the schema is up to date: %d migrations are applied\n", len(states))
	return nil
}

// MigrateStatus lists the migrations of the configured database.
func MigrateStatus(ctx context.Context, w io.Writer) error {
	cfg, err := config.FromEnvironment(config.Operator)
	if err != nil {
		return err
	}
	states, err := store.MigrationStatus(ctx, cfg.DatabaseURL.Reveal())
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, s := range states {
		state := "missing"
		if s.Applied {
			state = "applied"
		}
		fmt.Fprintf(table, "%s\t%s\n", s.Name, state)
	}
	return table.Flush()
}

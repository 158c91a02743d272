package export

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

	"trackbot/internal/filestore"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
	"trackbot/internal/tracing"
)

// RunnerConfig tunes a Runner; zero values take the defaults.
type RunnerConfig struct {
	// Lease is how long an export is ours without a sign of life. Default 30 s.
	Lease time.Duration
	// Parallel is how many exports are made at the same time. Default 2.
	Parallel int
	// Idle is the pause before asking again for orders when there were none. Default 1 s.
	Idle time.Duration
	// Keep is how long a file is there to take. Default 7 days.
	Keep time.Duration
	// Retry is the wait before the second try; before the third it is twice that. Default 15 s.
	Retry time.Duration
	// Registerer takes the metrics; nil keeps them here.
	Registerer prometheus.Registerer
	// Tracer follows the making of an export; nil traces nothing.
	Tracer *tracing.Tracer
}

func (c RunnerConfig) withDefaults() RunnerConfig {
	if c.Lease == 0 {
		c.Lease = 30 * time.Second
	}
	if c.Parallel == 0 {
		c.Parallel = 2
	}
	if c.Idle == 0 {
		c.Idle = time.Second
	}
	if c.Keep == 0 {
		c.Keep = 7 * 24 * time.Hour
	}
	if c.Retry == 0 {
		c.Retry = 15 * time.Second
	}
	return c
}

// maxAttempts is how often an export is tried, deaths of its worker included.
const maxAttempts = 3

// Runner makes the files. Several may run at once, in one process or many.
type Runner struct {
	store   *store.Store // sees every tenant's orders
	reading *store.Store // sees the rows of one tenant at a time
	queries *db.Queries
	files   filestore.Files
	log     *slog.Logger
	cfg     RunnerConfig
	metrics *metrics
}

// NewRunner returns a runner over the worker's store and a store of store.RoleExport.
func NewRunner(orders, reading *store.Store, files filestore.Files, log *slog.Logger, cfg RunnerConfig) *Runner {
	return &Runner{store: orders, reading: reading, queries: db.New(), files: files, log: log, cfg: cfg.withDefaults(), metrics: newMetrics(cfg.Registerer)}
}

// Run makes exports until ctx ends and returns nil. What is under way then goes back into the queue.
func (r *Runner) Run(ctx context.Context) error {
	var makers errgroup.Group
	for range r.cfg.Parallel {
		makers.Go(func() error { r.work(ctx); return nil })
	}
	return makers.Wait()
}

// refusal is why an export cannot be made, whoever tries; a sentence for the person who ordered it.
type refusal string

func (r refusal) Error() string { return string(r) }

// errLost says that the export was deleted or taken over.
var errLost = errors.New("the export is no longer ours")

// make tries one export and records how that ended.
func (r *Runner) make(ctx context.Context, export db.Export) {
	log := r.log.With("client_id", export.ClientID, "export_id", export.ID, "kind", export.Kind, "format", export.Format)
	began := time.Now()
	ctx, span := r.cfg.Tracer.Start(ctx, "make export", "trackbot.client_id", export.ClientID.String(), "trackbot.export_id", export.ID.String(), "trackbot.kind", export.Kind)
	rows, err := r.try(ctx, export)
	span.End(err)
	end := context.WithoutCancel(ctx)
	var no refusal
	switch {
	case err == nil:
		r.metrics.made(export, rows, time.Since(began))
		log.InfoContext(ctx, "export made", "rows", rows, "duration_ms", time.Since(began).Milliseconds())
	case errors.Is(err, errLost):
		r.metrics.ended(export, "dropped")
		log.InfoContext(ctx, "export dropped")
	case errors.As(err, &no):
		r.metrics.ended(export, "refused")
		r.record(end, log, export, func(ctx context.Context) error { return r.fail(ctx, export, string(no)) })
	case ctx.Err() != nil: // not its fault
		r.metrics.ended(export, "returned")
		r.record(end, log, export, func(ctx context.Context) error { return r.giveBack(ctx, export, 0, 1) })
	case export.Attempts >= maxAttempts:
		r.metrics.ended(export, "failed")
		log.ErrorContext(ctx, "export given up", "error", err)
		r.record(end, log, export, func(ctx context.Context) error {
			return r.fail(ctx, export, "The file could not be made. Order the export again.")
		})
	default:
		r.metrics.ended(export, "retried")
		log.WarnContext(ctx, "export failed, will be tried again", "error", err, "attempt", export.Attempts)
		wait := r.cfg.Retry * time.Duration(export.Attempts)
		r.record(end, log, export, func(ctx context.Context) error { return r.giveBack(ctx, export, wait, 0) })
	}
}

// recordLimit bounds the writing of an end; without it the lease ends the export.
const recordLimit = 5 * time.Second

func (r *Runner) record(ctx context.Context, log *slog.Logger, export db.Export, write func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, recordLimit)
	defer cancel()
	if err := write(ctx); err != nil {
		log.ErrorContext(ctx, "end of an export not recorded", "error", err)
	}
}

func (r *Runner) fail(ctx context.Context, export db.Export, why string) error {
	return r.queries.FailExport(ctx, r.store.Shared(), db.FailExportParams{
		ClientID: export.ClientID, ExportID: export.ID, LeaseToken: *export.LeaseToken, Error: why,
	})
}

func (r *Runner) giveBack(ctx context.Context, export db.Export, wait time.Duration, uncounted int32) error {
	return r.queries.ReturnExport(ctx, r.store.Shared(), db.ReturnExportParams{
		ClientID: export.ClientID, ExportID: export.ID, LeaseToken: *export.LeaseToken,
		DelaySeconds: wait.Seconds(), Uncounted: uncounted,
	})
}

// try writes the whole file and makes it the export's.
func (r *Runner) try(ctx context.Context, export db.Export) (rows int64, err error) {
	if export.Attempts > maxAttempts { // its workers died
		return 0, refusal("The file could not be made. Order the export again.")
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	name := fmt.Sprintf("%s/%s-%s.%s", export.ClientID, export.ID, export.LeaseToken, export.Format)
	file, err := r.files.Create(ctx, name)
	if err != nil {
		return 0, fmt.Errorf("create file: %w", err)
	}
	var written atomic.Int64
	var beating sync.WaitGroup
	beats, quiet := context.WithCancel(ctx)
	beating.Go(func() { r.beat(beats, export, &written, stop) })
	size, err := r.complete(ctx, export, file, &written)
	quiet()
	beating.Wait()
	if cause := context.Cause(ctx); err != nil && errors.Is(cause, errLost) {
		err = cause
	}
	if err != nil {
		return 0, err
	}
	err = r.finish(ctx, export, name, written.Load(), size)
	if errors.Is(err, errLost) { // any other error may have come after the commit; a file too many is swept
		_ = r.files.Remove(context.WithoutCancel(ctx), name)
	}
	return written.Load(), err
}

// complete writes the file and ends it, which takes its time too where it is far away.
func (r *Runner) complete(ctx context.Context, export db.Export, file filestore.File, written *atomic.Int64) (size int64, err error) {
	if err := r.write(ctx, export, file, written); err != nil {
		file.Abort()
		return 0, err
	}
	if size, err = file.Commit(); err != nil {
		return 0, fmt.Errorf("commit file: %w", err)
	}
	return size, nil
}

// beat tells the progress and keeps the lease; an export that is not ours any more is stopped.
func (r *Runner) beat(ctx context.Context, export db.Export, written *atomic.Int64, stop context.CancelCauseFunc) {
	tick := time.NewTicker(min(r.cfg.Lease/3, time.Second))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		n, err := r.queries.ProgressExport(ctx, r.store.Shared(), db.ProgressExportParams{
			ClientID: export.ClientID, ExportID: export.ID, LeaseToken: *export.LeaseToken,
			Rows: written.Load(), LeaseSeconds: r.cfg.Lease.Seconds(),
		})
		if err == nil && n == 0 {
			stop(errLost)
		}
	}
}

// write reads the rows in one snapshot and encodes them.
func (r *Runner) write(ctx context.Context, export db.Export, file filestore.File, written *atomic.Int64) error {
	if Kind(export.Kind) == Archive {
		return r.reading.TenantSnapshot(ctx, export.ClientID, func(tx store.Conn) error {
			return writeArchive(ctx, rowSource{tx: tx, q: r.queries, clientID: export.ClientID}, file, func() { written.Add(1) })
		})
	}
	rows, err := tableOf(Kind(export.Kind))
	if err != nil {
		return err
	}
	f, err := parseFilters(Kind(export.Kind), export.Filters)
	if err != nil {
		return err
	}
	out, err := newEncoder(Format(export.Format), rows.columns, file)
	if err != nil {
		return fmt.Errorf("begin file: %w", err)
	}
	err = r.reading.TenantSnapshot(ctx, export.ClientID, func(tx store.Conn) error {
		src := sourceOf{tx: tx, clientID: export.ClientID, filters: f, from: timeOrZero(export.FromTime), to: timeOrZero(export.ToTime)}
		return rows.each(ctx, src, func(values []any) error {
			if written.Load() == export.RowLimit {
				return refusal(tooManyRows(export.RowLimit))
			}
			written.Add(1)
			return out.row(values)
		})
	})
	if err != nil {
		return err
	}
	if err := out.close(); err != nil {
		return fmt.Errorf("end file: %w", err)
	}
	return nil
}

// finish makes a complete file the export's, also when the worker is told to stop by then.
func (r *Runner) finish(ctx context.Context, export db.Export, name string, rows, size int64) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordLimit)
	defer cancel()
	return r.store.InTx(ctx, func(tx store.Conn) error {
		n, err := r.queries.FinishExport(ctx, tx, db.FinishExportParams{
			ClientID: export.ClientID, ExportID: export.ID, LeaseToken: *export.LeaseToken,
			Rows: rows, Bytes: size, Location: name, KeepSeconds: r.cfg.Keep.Seconds(),
		})
		switch {
		case err != nil:
			return fmt.Errorf("finish export: %w", err)
		case n == 0:
			return errLost
		}
		if err := r.queries.MeterExport(ctx, tx, export.ClientID); err != nil {
			return fmt.Errorf("meter export: %w", err)
		}
		return nil
	})
}

func timeOrZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

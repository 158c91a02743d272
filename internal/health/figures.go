package health

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"trackbot/internal/store/db"
)

// How often the figures want to be read. What is read often is bounded by what is due, the rest by tenants and sources.
const (
	QuickEvery = 15 * time.Second
	SlowEvery  = time.Minute
)

// readLimit bounds one reading: a database that takes longer is told by its own figures.
const readLimit = 10 * time.Second

// Figures are the metrics of the service as a whole. Each worker tells them all, so rules take the max over instances. A
// reading that fails takes its figures away: none is better than an old one that looks like now. It is a
// prometheus.Collector and safe for concurrent use.
type Figures struct {
	reader *Reader

	mu    sync.Mutex
	quick quickFigures // guarded by mu
	slow  slowFigures  // guarded by mu
}

type quickFigures struct {
	queues []db.ListQueuesRow
	bots   []db.ListBotsRow
}

type slowFigures struct {
	at            time.Time // zero: not known
	sources       []db.ListSourcesByStateRow
	tenants       []db.ListTenantsByTierRow
	subscriptions []db.CountSubscriptionsByStateRow
	audit         db.CountAuditChainsRow
	database      db.GetDatabaseFiguresRow
	tables        []db.ListTableFiguresRow
	busiest       []db.ListBusiestTenantsRow
	waits         []db.ListLongestWaitsRow
}

// NewFigures returns the figures of what r reads. They are empty before the first reading.
func NewFigures(r *Reader) *Figures { return &Figures{reader: r} }

// ReadQuick reads queues and bots.
func (f *Figures) ReadQuick(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	var got quickFigures
	err := f.reader.steps(
		func() (err error) {
			got.queues, err = f.reader.queries.ListQueues(ctx, f.reader.store.Shared())
			return err
		},
		func() (err error) {
			got.bots, err = f.reader.queries.ListBots(ctx, f.reader.store.Shared())
			return err
		},
	)
	if err != nil {
		got, err = quickFigures{}, fmt.Errorf("read queues: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.quick = got
	return err
}

// ReadSlow reads the rest.
func (f *Figures) ReadSlow(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	q, conn := f.reader.queries, f.reader.store.Shared()
	got := slowFigures{at: f.reader.now()}
	err := f.reader.steps(
		func() (err error) { got.sources, err = q.ListSourcesByState(ctx, conn); return err },
		func() (err error) { got.tenants, err = q.ListTenantsByTier(ctx, conn); return err },
		func() (err error) { got.subscriptions, err = q.CountSubscriptionsByState(ctx, conn); return err },
		func() (err error) { got.audit, err = q.CountAuditChains(ctx, conn); return err },
		func() (err error) { got.database, err = q.GetDatabaseFigures(ctx, conn); return err },
		func() (err error) { got.tables, err = q.ListTableFigures(ctx, conn); return err },
		func() (err error) { got.busiest, err = q.ListBusiestTenants(ctx, conn); return err },
		func() (err error) { got.waits, err = q.ListLongestWaits(ctx, conn); return err },
	)
	if err != nil {
		got, err = slowFigures{}, fmt.Errorf("read figures: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.slow = got
	return err
}

// steps runs one after the other up to the first that fails.
func (r *Reader) steps(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// Describe implements prometheus.Collector. Nothing is described beforehand: what is told depends on the last reading.
func (f *Figures) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (f *Figures) Collect(ch chan<- prometheus.Metric) {
	f.mu.Lock()
	quick, slow := f.quick, f.slow
	f.mu.Unlock()
	quick.tell(out{ch})
	if !slow.at.IsZero() {
		slow.tell(out{ch})
	}
}

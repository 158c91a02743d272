package health

import (
	"context"
	"fmt"
	"time"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Reader reads the state of the service. It is safe for concurrent use.
type Reader struct {
	store   *store.Store
	queries *db.Queries
	now     func() time.Time
}

// NewReader returns a reader on a store of the worker's or the operator's role.
func NewReader(st *store.Store, now func() time.Time) *Reader {
	return &Reader{store: st, queries: db.New(), now: now}
}

// Overview is the service at one moment, for people. Seconds are ages; depths count what is due and not done.
type Overview struct {
	At        time.Time                          `json:"at"`
	Queues    []db.ListQueuesRow                 `json:"queues"`
	Leases    []db.ListLeasesRow                 `json:"leases"`
	Incidents []db.ListOpenIncidentsWithReachRow `json:"incidents"`
	Bots      []db.ListBotsRow                   `json:"bots"`
	Waits     []db.ListLongestWaitsRow           `json:"waits"`
	Busiest   []db.ListBusiestTenantsRow         `json:"busiest"`
	Tenants   []db.ListTenantsByTierRow          `json:"tenants"`
	Audit     db.CountAuditChainsRow             `json:"audit"`
}

// Overview reads it all anew.
func (r *Reader) Overview(ctx context.Context) (Overview, error) {
	o, conn := Overview{At: r.now().UTC()}, r.store.Shared()
	var err error
	read := func(what string, step func() error) {
		if err == nil {
			if err = step(); err != nil {
				err = fmt.Errorf("read %s: %w", what, err)
			}
		}
	}
	read("queues", func() (err error) { o.Queues, err = r.queries.ListQueues(ctx, conn); return err })
	read("leases", func() (err error) { o.Leases, err = r.queries.ListLeases(ctx, conn); return err })
	read("incidents", func() (err error) { o.Incidents, err = r.queries.ListOpenIncidentsWithReach(ctx, conn); return err })
	read("bots", func() (err error) { o.Bots, err = r.queries.ListBots(ctx, conn); return err })
	read("waits", func() (err error) { o.Waits, err = r.queries.ListLongestWaits(ctx, conn); return err })
	read("busiest tenants", func() (err error) { o.Busiest, err = r.queries.ListBusiestTenants(ctx, conn); return err })
	read("tenants", func() (err error) { o.Tenants, err = r.queries.ListTenantsByTier(ctx, conn); return err })
	read("audit chains", func() (err error) { o.Audit, err = r.queries.CountAuditChains(ctx, conn); return err })
	return o, err
}

// Package usage reads what a tenant has used: polls, posts, notifications, requests and exports by day.
// It is counted where the work happens, in the transaction of the work.
package usage

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/limit"
	"trackbot/internal/plan"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// MaxDays is the longest period that may be asked for.
const MaxDays = 366

// DefaultDays is the period without bounds: up to and with today.
const DefaultDays = 30

// Reader reads usage for the API. It is safe for concurrent use.
type Reader struct {
	scope   func(clientID uuid.UUID) store.Conn
	queries *db.Queries
	now     func() time.Time
}

// NewReader returns a reader over the API's store.
func NewReader(st *store.Store, now func() time.Time) *Reader {
	return &Reader{scope: st.Tenant, queries: db.New(), now: now}
}

// NewReaderIn returns a reader within a transaction that is scoped to one tenant; for one goroutine.
func NewReaderIn(tx store.Conn, now func() time.Time) *Reader {
	return &Reader{scope: func(uuid.UUID) store.Conn { return tx }, queries: db.New(), now: now}
}

// Report is a period's use, one row a day, days without use included.
type Report struct {
	From, To time.Time // midnights UTC, To exclusive
	Plan     db.Entitlement
	Days     []db.UsageDaily
	Total    db.UsageDaily
	Now      Now // what is used of the plan now, whatever the period
}

const day = 24 * time.Hour

// Days returns the use of the days from that of from to the last that begins before to; zero times mean the
// last 30 days. Days are UTC, as they are metered. Refusals: validation_failed (from, a period too long or empty).
func (r *Reader) Days(ctx context.Context, clientID uuid.UUID, from, to time.Time) (Report, error) {
	rep := r.between(from, to)
	if n := rep.To.Sub(rep.From) / day; n < 1 || n > MaxDays {
		return Report{}, fault.Invalid(fault.Field{Name: "from", Message: fmt.Sprintf("must lie 1 to %d days before the end", MaxDays)})
	}
	rows, err := r.queries.ListUsageByDay(ctx, r.scope(clientID), db.ListUsageByDayParams{
		ClientID: clientID, FirstDay: rep.From, LastDay: rep.To.Add(-day),
	})
	if err != nil {
		return Report{}, fmt.Errorf("list usage: %w", err)
	}
	rep.fill(clientID, rows)
	return rep, nil
}

// Less takes requests out of what a day has counted: those that were not made.
func (rep *Report) Less(on time.Time, requests int64) {
	for i := range rep.Days {
		if rep.Days[i].Day.Equal(on) {
			requests = min(requests, rep.Days[i].ApiRequests)
			rep.Days[i].ApiRequests -= requests
			rep.Total.ApiRequests -= requests
		}
	}
}

// Report is Days with the plan and what is used of it now.
func (r *Reader) Report(ctx context.Context, clientID uuid.UUID, from, to time.Time) (Report, error) {
	rep, err := r.Days(ctx, clientID, from, to)
	if err != nil {
		return Report{}, err
	}
	if rep.Plan, err = plan.Of(ctx, r.scope(clientID), clientID); err != nil {
		return Report{}, err
	}
	if rep.Now, err = r.Now(ctx, clientID); err != nil {
		return Report{}, err
	}
	return rep, nil
}

// Now is what a tenant uses of its plan's limits at the moment.
type Now struct {
	db.GetQuotaUseRow
	ResetsAt     time.Time  // when today's use begins anew
	BudgetFullAt *time.Time // when all requests of the budget are there again; nil if they are
}

// Now returns what a tenant uses of its plan's limits at the moment.
func (r *Reader) Now(ctx context.Context, clientID uuid.UUID) (Now, error) {
	now := r.now().UTC()
	today := now.Truncate(day)
	row, err := r.queries.GetQuotaUse(ctx, r.scope(clientID), clientID, today)
	if err != nil {
		return Now{}, fmt.Errorf("get use of quotas: %w", err)
	}
	n := Now{GetQuotaUseRow: row, ResetsAt: today.Add(day)}
	if row.BudgetSeconds > 0 {
		full := now.Add(time.Duration(row.BudgetSeconds * float64(time.Second))).Truncate(time.Second)
		n.BudgetFullAt = &full
	}
	return n, nil
}

// Requests is the part of the budget of requests that is used up, of so many a minute.
func (n Now) Requests(perMinute int64) int64 {
	return min(int64(math.Ceil(n.BudgetSeconds/limit.Burst.Seconds()*float64(perMinute))), perMinute)
}

// between is the report on the whole days that a period touches.
func (r *Reader) between(from, to time.Time) Report {
	if to.IsZero() {
		to = r.now().UTC().Truncate(day).Add(day)
	} else if start := to.UTC().Truncate(day); start.Before(to) {
		to = start.Add(day)
	}
	if from.IsZero() {
		from = to.Add(-DefaultDays * day)
	}
	return Report{From: from.UTC().Truncate(day), To: to.UTC()}
}

// fill lays the metered days, which are in order, on those of the period and adds them up.
func (rep *Report) fill(clientID uuid.UUID, metered []db.UsageDaily) {
	for at := rep.From; at.Before(rep.To); at = at.Add(day) {
		use := db.UsageDaily{ClientID: clientID, Day: at}
		if len(metered) > 0 && metered[0].Day.Equal(at) {
			use, metered = metered[0], metered[1:]
		}
		rep.Days = append(rep.Days, use)
		rep.Total.Polls += use.Polls
		rep.Total.PostsTracked += use.PostsTracked
		rep.Total.NotificationsSent += use.NotificationsSent
		rep.Total.ApiRequests += use.ApiRequests
		rep.Total.ApiRefused += use.ApiRefused
		rep.Total.Exports += use.Exports
	}
}

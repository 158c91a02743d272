// Package usage reads what a tenant has used: polls, posts, notifications, requests and exports by day.
// It is counted where the work happens, in the transaction of the work.
package usage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// MaxDays is the longest period that may be asked for.
const MaxDays = 366

// DefaultDays is the period without bounds: up to and with today.
const DefaultDays = 30

// Reader reads usage for the API. It is safe for concurrent use.
type Reader struct {
	store   *store.Store
	queries *db.Queries
	now     func() time.Time
}

// NewReader returns a reader over the API's store.
func NewReader(st *store.Store, now func() time.Time) *Reader {
	return &Reader{store: st, queries: db.New(), now: now}
}

// Report is a period's use, one row a day, days without use included.
type Report struct {
	From, To time.Time // midnights UTC, To exclusive
	Plan     db.Plan
	Days     []db.UsageDaily
	Total    db.UsageDaily
}

// Report returns the use from the day of from to the day before to; zero times mean the last 30 days.
// Days are UTC, as they are metered.
func (r *Reader) Report(ctx context.Context, clientID uuid.UUID, from, to time.Time) (Report, error) {
	const day = 24 * time.Hour
	if to.IsZero() {
		to = r.now().UTC().Truncate(day).Add(day)
	} else if up := to.UTC().Truncate(day); up.Before(to) {
		to = up.Add(day)
	}
	if from.IsZero() {
		from = to.Add(-DefaultDays * day)
	}
	rep := Report{From: from.UTC().Truncate(day), To: to.UTC()}
	if n := rep.To.Sub(rep.From) / day; n < 1 || n > MaxDays {
		return Report{}, fault.Invalid(fault.Field{Name: "from", Message: fmt.Sprintf("The period must have 1 to %d days.", MaxDays)})
	}
	rows, err := r.queries.ListUsageByDay(ctx, r.store.Tenant(clientID), db.ListUsageByDayParams{
		ClientID: clientID, FirstDay: rep.From, LastDay: rep.To.Add(-day),
	})
	if err != nil {
		return Report{}, fmt.Errorf("list usage: %w", err)
	}
	if rep.Plan, err = r.queries.GetPlanOfClient(ctx, r.store.Tenant(clientID), clientID); err != nil {
		return Report{}, fmt.Errorf("get plan: %w", err)
	}
	for at := rep.From; at.Before(rep.To); at = at.Add(day) {
		today := db.UsageDaily{ClientID: clientID, Day: at}
		if len(rows) > 0 && rows[0].Day.Equal(at) {
			today, rows = rows[0], rows[1:]
		}
		rep.Days = append(rep.Days, today)
		rep.Total.Polls += today.Polls
		rep.Total.PostsTracked += today.PostsTracked
		rep.Total.NotificationsSent += today.NotificationsSent
		rep.Total.ApiRequests += today.ApiRequests
		rep.Total.Exports += today.Exports
	}
	return rep, nil
}

package analytics

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// RollEvery is how often Roll wants to run.
const RollEvery = 15 * time.Second

const (
	rollClients = 500 // tenants of one round
	rollDays    = 62  // marked days of one transaction
)

// Roller rolls up the days that were marked. Several may run at once: of two that take the same tenant one fails,
// and nothing is lost by it. It is safe for concurrent use.
type Roller struct {
	store   *store.Store
	queries *db.Queries
	log     *slog.Logger
}

// NewRoller returns a Roller on a store of the worker's role.
func NewRoller(st *store.Store, log *slog.Logger) *Roller {
	return &Roller{store: st, queries: db.New(), log: log}
}

// Roll rolls up what is marked now, of each tenant the newest days first. A tenant whose roll-up met a concurrent one is
// left to it.
func (r *Roller) Roll(ctx context.Context) error {
	clients, err := r.queries.ListMarkedClients(ctx, r.store.Shared(), rollClients)
	if err != nil {
		return fmt.Errorf("list tenants to roll up: %w", err)
	}
	for _, clientID := range clients {
		for more := true; more && err == nil; {
			more, err = r.rollSome(ctx, clientID)
		}
		if err != nil && !isMeeting(err) {
			return fmt.Errorf("roll up tenant: %w", err)
		}
		err = nil
	}
	return nil
}

// isMeeting tells whether a roll-up failed because another one of the same tenant was first: it has changed what this one was
// to change, or written the same day.
func isMeeting(err error) bool {
	_, taken := store.IsConflict(err)
	return taken || store.IsSerialization(err)
}

// rollSome rolls up some of a tenant's marked days and tells whether there are more. Posts and marks are those of one
// snapshot: a change that it does not show leaves its mark behind.
func (r *Roller) rollSome(ctx context.Context, clientID uuid.UUID) (more bool, err error) {
	err = r.store.InSnapshotTx(ctx, func(tx store.Conn) error {
		marked, err := r.queries.ListMarkedDays(ctx, tx, clientID, rollDays)
		if err != nil || len(marked) == 0 {
			return err
		}
		more = len(marked) == rollDays
		name, err := r.queries.GetZoneOfClient(ctx, tx, clientID)
		if err == nil {
			err = r.write(ctx, tx, clientID, daysOf(marked, Zone(name)))
		}
		if err != nil && !store.IsNotFound(err) { // the tenant may have gone; its marks go after it
			return err
		}
		return r.queries.DeleteFigureMarks(ctx, tx, clientID, marked)
	})
	return more, err
}

func (r *Roller) write(ctx context.Context, tx store.Conn, clientID uuid.UUID, days []Span) error {
	var starts, ends []time.Time
	for _, day := range days {
		starts, ends = append(starts, day.Start), append(ends, day.End)
	}
	if err := r.queries.DropFigureDays(ctx, tx, db.DropFigureDaysParams{ClientID: clientID, Starts: starts, Ends: ends}); err != nil {
		return fmt.Errorf("drop days: %w", err)
	}
	if err := r.queries.InsertFigureDays(ctx, tx, db.InsertFigureDaysParams{ClientID: clientID, Starts: starts, Ends: ends}); err != nil {
		return fmt.Errorf("insert days: %w", err)
	}
	if err := r.queries.InsertFigures(ctx, tx, db.InsertFiguresParams{ClientID: clientID, Starts: starts, Ends: ends}); err != nil {
		return fmt.Errorf("insert figures: %w", err)
	}
	return nil
}

// daysOf are the days of the zone that UTC days touch, each once.
func daysOf(utc []time.Time, zone *time.Location) []Span {
	seen := map[time.Time]bool{}
	var days []Span
	for _, day := range utc {
		for at := day; at.Before(day.Add(24 * time.Hour)); {
			y, m, d := at.In(zone).Date()
			span := Span{StartOfDay(y, m, d, zone).UTC(), StartOfDay(y, m, d+1, zone).UTC()}
			if !seen[span.Start] {
				seen[span.Start] = true
				days = append(days, span)
			}
			at = span.End
		}
	}
	slices.SortFunc(days, func(a, b Span) int { return a.Start.Compare(b.Start) })
	return days
}

// Zone is the time zone of an IANA name, UTC when there is none of it.
func Zone(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	return time.UTC
}

package tracking

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Polls is the poller's rule book over the worker's store. It is safe for concurrent use.
type Polls struct {
	store    *store.Store
	queries  *db.Queries
	schedule Schedule
	now      func() time.Time
}

// NewPolls returns the rules; now is the clock, time.Now outside tests.
func NewPolls(st *store.Store, schedule Schedule, now func() time.Time) *Polls {
	return &Polls{store: st, queries: db.New(), schedule: schedule, now: now}
}

// Due is a source whose turn it is, leased to the caller.
type Due struct {
	db.ClaimSourcesRow
	// PlatformMin is the platform's own least interval, filled in by the worker.
	PlatformMin time.Duration
}

// perLane bounds what one lane gets of a claim, so that a crowded lane leaves room for the others.
const perLane = 16

// Claim leases up to limit due sources. When the lease ends without an end of the poll being
// recorded, the source is due again.
func (p *Polls) Claim(ctx context.Context, limit int, lease time.Duration) ([]Due, error) {
	token, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("make lease token: %w", err)
	}
	rows, err := p.queries.ClaimSources(ctx, p.store.Shared(), db.ClaimSourcesParams{
		LeaseSeconds: lease.Seconds(), LeaseToken: token,
		FirstLane: rand.Int32N(256), PerLane: perLane, MaxSources: int32(limit),
	})
	if err != nil {
		return nil, fmt.Errorf("claim sources: %w", err)
	}
	due := make([]Due, len(rows))
	for i, row := range rows {
		due[i] = Due{ClaimSourcesRow: row}
	}
	return due, nil
}

// Finished is the end of a poll that stored nothing; many are recorded together.
type Finished struct {
	ID           uuid.UUID  `json:"id"`
	LeaseToken   *uuid.UUID `json:"lease_token"`
	NextPollAt   *time.Time `json:"next_poll_at"` // nil: nobody tracks it any more
	ETag         string     `json:"etag"`
	LastModified string     `json:"last_modified"`
	Cursor       string     `json:"cursor"`
	Failures     int32      `json:"failures"`
	PolledAt     *time.Time `json:"polled_at"` // nil: the platform gave no usable answer
	State        string     `json:"state"`
	StateReason  string     `json:"state_reason"`
}

// Finish records the ends of polls and meters those that reached the platform. Ends whose lease was
// lost change nothing.
func (p *Polls) Finish(ctx context.Context, ends []Finished) error {
	if len(ends) == 0 {
		return nil
	}
	body, err := json.Marshal(ends)
	if err != nil {
		return fmt.Errorf("encode polls: %w", err)
	}
	polled := make([]uuid.UUID, 0, len(ends))
	for _, e := range ends {
		if e.PolledAt != nil || e.Failures > 0 {
			polled = append(polled, e.ID)
		}
	}
	return p.store.InTx(ctx, func(tx store.Conn) error {
		if _, err := p.queries.FinishPolls(ctx, tx, body); err != nil {
			return fmt.Errorf("finish polls: %w", err)
		}
		if err := p.queries.CountPolls(ctx, tx, polled); err != nil {
			return fmt.Errorf("count polls: %w", err)
		}
		return nil
	})
}

// next is when the source is polled again after a usable answer; nil when nobody tracks it.
func (p *Polls) next(due Due, now time.Time, floor time.Duration) *time.Time {
	if due.PlanSeconds == 0 {
		return nil
	}
	interval := p.schedule.Interval(time.Duration(due.PlanSeconds)*time.Second, due.PlatformMin)
	at := p.schedule.NextSlot(due.ID, now, interval, floor)
	return &at
}

// unchanged is the end of a poll that found nothing to store.
func (p *Polls) unchanged(due Due, result source.FetchResult, now time.Time) Finished {
	return Finished{
		ID: due.ID, LeaseToken: due.LeaseToken, NextPollAt: p.next(due, now, result.NextAfter),
		ETag: result.Validators.ETag, LastModified: result.Validators.LastModified, Cursor: result.Cursor,
		PolledAt: &now, State: "ok",
	}
}

// Failed is the end of a poll that got no usable answer. Waiting for our own per-host limit is
// nobody's fault and only puts the poll off.
func (p *Polls) Failed(due Due, cause error) Finished {
	now := p.now()
	end := Finished{
		ID: due.ID, LeaseToken: due.LeaseToken, ETag: due.Etag, LastModified: due.LastModified, Cursor: due.Cursor,
		Failures: due.Failures, State: due.State, StateReason: due.StateReason,
	}
	if due.PlanSeconds == 0 {
		return end
	}
	var fault *source.Error
	if !errors.As(cause, &fault) {
		fault = &source.Error{Kind: source.Transient, Public: "The source could not be read."}
	}
	if fault.Kind == source.RateLimited && fault.Status == 0 {
		at := now.Add(fault.RetryAfter)
		end.NextPollAt = &at
		return end
	}
	end.Failures++
	at := now.Add(p.schedule.Backoff(due.ID, int(end.Failures), fault.Kind, fault.RetryAfter))
	end.NextPollAt = &at
	if lasting(fault.Kind) || end.Failures >= transientFailures {
		end.State, end.StateReason = "failing", fault.Public
	}
	return end
}

// transientFailures is how many failures in a row make an account failing when each of them may pass by
// itself: one lost answer is no news to a manager.
const transientFailures = 2

func lasting(kind source.ErrorKind) bool {
	return kind != source.Transient && kind != source.RateLimited
}

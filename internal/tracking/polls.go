package tracking

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

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

// clock is the present as PostgreSQL keeps it.
func (p *Polls) clock() time.Time { return p.now().UTC().Truncate(time.Microsecond) }

// Due is a source whose turn it is, leased to the caller.
type Due struct {
	db.ClaimSourcesRow
	NeedsBaseline bool  // a tenant is new to it
	InIncident    bool  // its platform or host is held to be at fault for failures
	PlanSeconds   int32 // least interval of the plans of those who track it; 0: nobody that is served does
	// PlatformMin is the platform's own least interval, PollHost the host that is asked; both are
	// filled in by the worker.
	PlatformMin time.Duration
	PollHost    string
}

// Untracked tells that no tenant that is served tracks the source: there is nobody to ask for.
func (d Due) Untracked() bool { return d.PlanSeconds == 0 }

// Rhythm is the account's, as earlier polls found it.
func (d Due) Rhythm() Rhythm { return rhythmFrom(d.GapSeconds, d.LongGapSeconds) }

func rhythmFrom(gap, longGap *int64) Rhythm {
	if gap == nil || longGap == nil {
		return Rhythm{}
	}
	return Rhythm{Gap: time.Duration(*gap) * time.Second, LongGap: time.Duration(*longGap) * time.Second}
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
	now := p.clock()
	rows, err := p.queries.ClaimSources(ctx, p.store.Shared(), db.ClaimSourcesParams{
		At: now, LeaseUntil: now.Add(lease), LeaseToken: token,
		FirstLane: rand.Int32N(256), PerLane: perLane, MaxSources: int32(limit),
	})
	if err != nil {
		return nil, fmt.Errorf("claim sources: %w", err)
	}
	return p.onTerms(ctx, rows)
}

// onTerms adds for whom the leased sources are polled.
func (p *Polls) onTerms(ctx context.Context, rows []db.ClaimSourcesRow) ([]Due, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	list, err := p.queries.ListPollTerms(ctx, p.store.Shared(), ids)
	if err != nil {
		return nil, fmt.Errorf("list terms of polls: %w", err)
	}
	terms := make(map[uuid.UUID]db.ListPollTermsRow, len(list))
	for _, row := range list {
		terms[row.ID] = row
	}
	due := make([]Due, len(rows))
	for i, row := range rows {
		t := terms[row.ID]
		due[i] = Due{ClaimSourcesRow: row, NeedsBaseline: t.NeedsBaseline, InIncident: t.InIncident, PlanSeconds: t.PlanSeconds}
	}
	return due, nil
}

// Finished is the end of a poll; many that stored nothing are recorded together.
type Finished struct {
	ID           uuid.UUID  `json:"id"`
	LeaseToken   *uuid.UUID `json:"lease_token"`
	NextPollAt   *time.Time `json:"next_poll_at"` // nil: nobody tracks it any more
	Host         string     `json:"host"`
	ETag         string     `json:"etag"`
	LastModified string     `json:"last_modified"`
	Cursor       string     `json:"cursor"`
	PolledAt     *time.Time `json:"polled_at"` // nil: the platform gave no usable answer
	State        string     `json:"state"`
	StateReason  string     `json:"state_reason"`

	Failures     int32      `json:"failures"`
	FailingSince *time.Time `json:"failing_since"`
	FailedAt     *time.Time `json:"failed_at"`
	FailureKind  string     `json:"failure_kind"`
	HoldUntil    *time.Time `json:"hold_until"`
	GoneSince    *time.Time `json:"gone_since"`
	GoneAnswers  int32      `json:"gone_answers"`
	MovedTo      *string    `json:"moved_to"`
	MovedSince   *time.Time `json:"moved_since"`
	MovedSeen    int32      `json:"moved_seen"`

	// What the poll told; nil leaves what is known.
	LastPostAt     *time.Time `json:"last_post_at"`
	GapSeconds     *int64     `json:"gap_seconds"`
	LongGapSeconds *int64     `json:"long_gap_seconds"`
	DisplayName    *string    `json:"display_name"`
	Handle         *string    `json:"handle"`
	AvatarURL      *string    `json:"avatar_url"`
	Followers      *int64     `json:"followers"`
	HubURL         *string    `json:"hub_url"` // "": the feed names none
	TopicURL       *string    `json:"topic_url"`

	// Asked tells whether the platform was asked at all.
	Asked bool `json:"-"`
}

// Finish records the ends of polls and meters those that reached the platform. Ends whose lease was
// lost change nothing.
func (p *Polls) Finish(ctx context.Context, ends []Finished) error {
	if len(ends) == 0 {
		return nil
	}
	asked := make([]uuid.UUID, 0, len(ends))
	for _, e := range ends {
		if e.Asked {
			asked = append(asked, e.ID)
		}
	}
	return p.store.InTx(ctx, func(tx store.Conn) error {
		return store.Together(ctx, tx, func(conn store.Conn) error {
			if err := p.lockSources(ctx, conn, ends); err != nil {
				return err
			}
			if err := p.writeEnds(ctx, conn, ends...); err != nil {
				return err
			}
			if err := p.queries.CountPolls(ctx, conn, asked); err != nil {
				return fmt.Errorf("count polls: %w", err)
			}
			return nil
		})
	})
}

// lockSources locks the sources of many ends in the order that everyone keeps.
func (p *Polls) lockSources(ctx context.Context, conn store.Conn, ends []Finished) error {
	ids := make([]uuid.UUID, len(ends))
	for i, e := range ends {
		ids[i] = e.ID
	}
	if err := p.queries.LockSources(ctx, conn, ids); err != nil {
		return fmt.Errorf("lock sources: %w", err)
	}
	return nil
}

// writeEnds records ends of polls and the followers they told.
func (p *Polls) writeEnds(ctx context.Context, tx store.Conn, ends ...Finished) error {
	body, err := json.Marshal(ends)
	if err != nil {
		return fmt.Errorf("encode polls: %w", err)
	}
	now := p.clock()
	if _, err := p.queries.FinishPolls(ctx, tx, now, body); err != nil {
		return fmt.Errorf("finish polls: %w", err)
	}
	told := db.RecordFollowersParams{MeasuredAt: now}
	for _, e := range ends {
		if e.Followers != nil {
			told.SourceIds, told.Followers = append(told.SourceIds, e.ID), append(told.Followers, *e.Followers)
		}
	}
	if len(told.SourceIds) == 0 {
		return nil
	}
	if err := p.queries.RecordFollowers(ctx, tx, told); err != nil {
		return fmt.Errorf("record followers: %w", err)
	}
	return nil
}

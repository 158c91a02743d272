package tracking

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/source"
	"trackbot/internal/store/db"
)

// Offers tells which figures of a post a platform has.
type Offers struct{ Views, Likes, Comments, Shares bool }

// Adapters finds the adapter of a platform.
type Adapters interface {
	Adapter(platform string) (source.Adapter, bool)
}

// NewOffers returns what tells of any platform; one without an adapter offers nothing.
func NewOffers(adapters Adapters) func(platform string) Offers {
	return func(platform string) Offers {
		a, ok := adapters.Adapter(platform)
		if !ok {
			return Offers{}
		}
		c := a.Capabilities()
		return Offers{Views: c.Views, Likes: c.Likes, Comments: c.Comments, Shares: c.Shares}
	}
}

// History is all that was measured of one post.
type History struct {
	PostID      uuid.UUID
	Platform    string
	PublishedAt time.Time
	Next        *time.Time // the next measurement; nil when there will be none
	Snapshots   []Snapshot // oldest first
}

// Snapshot is one measurement; nil is a figure that the platform did not tell.
type Snapshot struct {
	MeasuredAt                     time.Time
	Age                            time.Duration // of the post then, not negative
	Views, Likes, Comments, Shares *int64
}

// History returns what was measured of a post, in one round trip. Refusals: not_found.
func (r *Reader) History(ctx context.Context, clientID, postID uuid.UUID) (History, error) {
	rows, err := r.queries.ListPostHistory(ctx, r.scope(clientID), clientID, postID)
	if err != nil {
		return History{}, fmt.Errorf("list post history: %w", err)
	}
	if len(rows) == 0 {
		return History{}, fault.New(fault.NotFound, "There is nothing here.")
	}
	first := rows[0]
	h := History{PostID: first.ID, Platform: first.Platform, PublishedAt: first.PublishedAt, Next: first.NextMeasureAt}
	for _, row := range rows {
		if row.MeasuredAt != nil {
			h.Snapshots = append(h.Snapshots, snapshotOf(row))
		}
	}
	return h, nil
}

func snapshotOf(row db.ListPostHistoryRow) Snapshot {
	return Snapshot{
		MeasuredAt: *row.MeasuredAt, Age: max(row.MeasuredAt.Sub(row.PublishedAt), 0),
		Views: row.Views, Likes: row.Likes, Comments: row.Comments, Shares: row.Shares,
	}
}

package tracking

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// confirmAfter is when a post that its platform does not find is asked for again; if it is still not there,
// it counts as removed.
const confirmAfter = time.Hour

// MeasureBatch asks a platform for the figures of posts on one host.
type MeasureBatch struct {
	Platform, Host string
	Posts          []db.ClaimMeasurementsRow
}

// Refs name the posts to the platform.
func (b MeasureBatch) Refs() []source.PostRef {
	refs := make([]source.PostRef, len(b.Posts))
	for i, post := range b.Posts {
		refs[i] = refOf(post)
	}
	return refs
}

func refOf(post db.ClaimMeasurementsRow) source.PostRef {
	return source.PostRef{AccountID: post.AccountID, PostID: post.ExternalID}
}

// ClaimMeasurements leases up to limit posts whose next rung of the metric ladder is due, by host. Posts of
// sources that nobody tracks at the moment pass their rung unasked. claimed counts both.
func (p *Polls) ClaimMeasurements(ctx context.Context, limit int, lease time.Duration) (batches []MeasureBatch, claimed int, err error) {
	now := p.clock()
	rows, err := p.queries.ClaimMeasurements(ctx, p.store.Shared(), db.ClaimMeasurementsParams{At: now, LeaseUntil: now.Add(lease), MaxPosts: int32(limit)})
	if err != nil {
		return nil, 0, fmt.Errorf("claim measurements: %w", err)
	}
	type host struct{ platform, name string }
	index := map[host]int{}
	var untracked MeasureBatch
	for _, row := range rows {
		if !row.IsTracked {
			untracked.Posts = append(untracked.Posts, row)
			continue
		}
		key := host{row.Platform, row.Host}
		i, ok := index[key]
		if !ok {
			i = len(batches)
			index[key] = i
			batches = append(batches, MeasureBatch{Platform: row.Platform, Host: row.Host})
		}
		batches[i].Posts = append(batches[i].Posts, row)
	}
	return batches, len(rows), p.RecordMetrics(ctx, untracked, source.Measured{})
}

// PutOffMeasurements gives posts back whose host is busy, until wait has passed.
func (p *Polls) PutOffMeasurements(ctx context.Context, batch MeasureBatch, wait time.Duration) error {
	if len(batch.Posts) == 0 {
		return nil
	}
	ids := make([]uuid.UUID, len(batch.Posts))
	for i, post := range batch.Posts {
		ids[i] = post.ID
	}
	if err := p.queries.PutOffMeasurements(ctx, p.store.Shared(), p.clock().Add(wait), ids); err != nil {
		return fmt.Errorf("put off measurements: %w", err)
	}
	return nil
}

// RecordMetrics stores one measurement of a batch. A post the platform did not tell of keeps its figures and
// moves on to its next rung; one that could not be asked for is tried again when its lease ends, unless
// asking again is of no use. One that is gone, and gone again an hour later, is marked as removed.
func (p *Polls) RecordMetrics(ctx context.Context, batch MeasureBatch, got source.Measured) error {
	now := p.clock()
	var measures []measurement
	var missing, found []uuid.UUID
	for _, post := range batch.Posts {
		if err, failed := got.Failed[refOf(post)]; failed && !lasting(source.KindOf(err)) {
			continue
		}
		figures, isTold := got.Figures[refOf(post)]
		m := measure(post.ID, figures, post.PublishedAt, now)
		switch {
		case figures.Gone:
			missing = append(missing, post.ID)
			if again := now.Add(confirmAfter); post.MissingSince == nil && (m.NextMeasureAt == nil || again.Before(*m.NextMeasureAt)) {
				m.NextMeasureAt = &again
			}
		case isTold && post.MissingSince != nil:
			found = append(found, post.ID)
		}
		measures = append(measures, m)
	}
	if len(measures) == 0 {
		return nil
	}
	err := p.store.InTx(ctx, func(tx store.Conn) error {
		if err := p.writeMissing(ctx, tx, missing, now); err != nil {
			return err
		}
		if err := p.writeFound(ctx, tx, found); err != nil {
			return err
		}
		return p.writeMetrics(ctx, tx, measures, now)
	})
	if err != nil {
		return err
	}
	return p.announceBreakouts(ctx, measures, now)
}

// announceBreakouts comes after the commit of the measurements.
func (p *Polls) announceBreakouts(ctx context.Context, measures []measurement, now time.Time) error {
	if len(measures) == 0 {
		return nil
	}
	ids := make([]uuid.UUID, len(measures))
	for i, m := range measures {
		ids[i] = m.ID
	}
	if err := delivery.EnqueueBreakouts(ctx, p.store, ids, now); err != nil {
		return fmt.Errorf("announce breakouts: %w", err)
	}
	return nil
}

func (p *Polls) writeMissing(ctx context.Context, tx store.Conn, ids []uuid.UUID, now time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	params := db.MarkMissingPostsParams{Ids: ids, MissingAt: now, ConfirmedBefore: now.Add(-confirmAfter / 2)}
	if err := p.queries.MarkMissingPosts(ctx, tx, params); err != nil {
		return fmt.Errorf("mark missing posts: %w", err)
	}
	return nil
}

func (p *Polls) writeFound(ctx context.Context, tx store.Conn, ids []uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	if err := p.queries.MarkFoundPosts(ctx, tx, ids); err != nil {
		return fmt.Errorf("mark found posts: %w", err)
	}
	return nil
}

// writeMetrics stores measurements: the history, the tenants' latest figures, the next rungs.
func (p *Polls) writeMetrics(ctx context.Context, tx store.Conn, measures []measurement, now time.Time) error {
	if len(measures) == 0 {
		return nil
	}
	body, err := json.Marshal(measures)
	if err != nil {
		return fmt.Errorf("encode measurements: %w", err)
	}
	if err := p.queries.RecordMetrics(ctx, tx, now, body); err != nil {
		return fmt.Errorf("record metrics: %w", err)
	}
	return nil
}

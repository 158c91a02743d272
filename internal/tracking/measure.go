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

// MeasureBatch asks one account's platform for the figures of some of its posts.
type MeasureBatch struct {
	Platform, AccountID string
	Posts               []db.ClaimMeasurementsRow
}

// ExternalIDs are the platform's ids of the posts.
func (b MeasureBatch) ExternalIDs() []string {
	ids := make([]string, len(b.Posts))
	for i, post := range b.Posts {
		ids[i] = post.ExternalID
	}
	return ids
}

// ClaimMeasurements leases up to limit posts whose next rung of the metric ladder is due, by account.
func (p *Polls) ClaimMeasurements(ctx context.Context, limit int, lease time.Duration) ([]MeasureBatch, error) {
	now := p.clock()
	rows, err := p.queries.ClaimMeasurements(ctx, p.store.Shared(), db.ClaimMeasurementsParams{At: now, LeaseUntil: now.Add(lease), MaxPosts: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("claim measurements: %w", err)
	}
	type account struct{ platform, id string }
	index := map[account]int{}
	var batches []MeasureBatch
	for _, row := range rows {
		key := account{row.Platform, row.AccountID}
		i, ok := index[key]
		if !ok {
			i = len(batches)
			index[key] = i
			batches = append(batches, MeasureBatch{Platform: row.Platform, AccountID: row.AccountID})
		}
		batches[i].Posts = append(batches[i].Posts, row)
	}
	return batches, nil
}

// RecordMetrics stores one measurement of a batch. A post the platform did not tell of keeps its
// figures and moves on to its next rung.
func (p *Polls) RecordMetrics(ctx context.Context, batch MeasureBatch, figures map[string]source.Metrics) error {
	now := p.clock()
	measures := make([]measurement, len(batch.Posts))
	for i, post := range batch.Posts {
		measures[i] = measure(post.ID, figures[post.ExternalID], post.PublishedAt, now)
	}
	if err := recordMetrics(ctx, p.queries, p.store.Shared(), measures, now); err != nil {
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

func recordMetrics(ctx context.Context, q *db.Queries, conn store.Conn, measures []measurement, now time.Time) error {
	if len(measures) == 0 {
		return nil
	}
	body, err := json.Marshal(measures)
	if err != nil {
		return fmt.Errorf("encode measurements: %w", err)
	}
	if err := q.RecordMetrics(ctx, conn, now, body); err != nil {
		return fmt.Errorf("record metrics: %w", err)
	}
	return nil
}

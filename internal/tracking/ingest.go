package tracking

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Stored is what became of a usable answer.
type Stored struct {
	End      *Finished // to be recorded by Finish; nil: it was, with all that was found
	Posts    int       // that nobody had seen before
	Messages int       // deliveries of them that were written, those that go nowhere too
}

// Store records a usable answer. With something new, edited or due for measuring it writes posts,
// tenants' copies, metrics and deliveries in one transaction with the end of the poll;
// with nothing to store it returns the end, to be recorded with others by Finish.
func (p *Polls) Store(ctx context.Context, due Due, result source.FetchResult) (Stored, error) {
	now := p.clock()
	if !result.NotModified && len(result.Posts) > 0 {
		in, err := p.compare(ctx, due, result, now)
		if err != nil {
			return Stored{}, err
		}
		if in.hasWork() {
			return p.ingest(ctx, in)
		}
	} else if due.NeedsBaseline && !result.NotModified {
		return p.ingest(ctx, &intake{due: due, result: result, now: now})
	}
	end := p.succeeded(due, result, now)
	return Stored{End: &end}, nil
}

// ingest writes an intake. Everything a crash could tear apart is in this one transaction, which reads first and then
// writes in one round trip: rows that others wait for, of the tenants' usage and channels, are held for that long.
func (p *Polls) ingest(ctx context.Context, in *intake) (stored Stored, err error) {
	err = p.store.InTx(ctx, func(tx store.Conn) error {
		if _, err := p.queries.LockLeasedSource(ctx, tx, in.due.ID, *in.due.LeaseToken); err != nil {
			if store.IsNotFound(err) {
				return nil // the lease went to another poller, which does this work
			}
			return fmt.Errorf("lock source: %w", err)
		}
		trackers, err := p.queries.ListTrackers(ctx, tx, in.due.ID)
		if err != nil {
			return fmt.Errorf("list trackers: %w", err)
		}
		found, err := p.lookUp(ctx, tx, in, trackers)
		if err != nil {
			return err
		}
		stored = Stored{Posts: in.fresh(), Messages: found.deliveries.Len()}
		return store.Together(ctx, tx, func(conn store.Conn) error { return p.write(ctx, conn, in, found) })
	})
	if err != nil {
		return Stored{}, err
	}
	return stored, p.announceBreakouts(ctx, in.measures, in.now)
}

// findings are what an intake comes to, with the tenants that follow the account.
type findings struct {
	trackers   []db.ListTrackersRow
	copies     []postCopy
	deliveries *delivery.Planned
	end        Finished
}

// lookUp works out what is to be written.
func (p *Polls) lookUp(ctx context.Context, tx store.Conn, in *intake, trackers []db.ListTrackersRow) (findings, error) {
	found := findings{trackers: trackers}
	copies, news, err := in.copies(trackers)
	if err != nil {
		return found, err
	}
	found.copies = copies
	if found.deliveries, err = delivery.PlanPosts(ctx, tx, news); err != nil {
		return found, fmt.Errorf("plan deliveries: %w", err)
	}
	found.end, err = p.endOf(ctx, tx, in)
	return found, err
}

// write writes all that a poll found, and its end.
func (p *Polls) write(ctx context.Context, conn store.Conn, in *intake, found findings) error {
	if err := p.writeSourcePosts(ctx, conn, in); err != nil {
		return err
	}
	if err := p.writeCopies(ctx, conn, in, found.copies); err != nil {
		return err
	}
	if err := p.markBaselines(ctx, conn, in, found.trackers); err != nil {
		return err
	}
	if err := p.writeEnds(ctx, conn, found.end); err != nil {
		return err
	}
	if err := found.deliveries.Write(ctx, conn); err != nil {
		return fmt.Errorf("enqueue deliveries: %w", err)
	}
	return p.meter(ctx, conn, found.trackers, found.copies)
}

func (p *Polls) writeSourcePosts(ctx context.Context, tx store.Conn, in *intake) error {
	type row struct {
		ID            uuid.UUID  `json:"id"`
		ExternalID    string     `json:"external_id"`
		Fingerprint   string     `json:"fingerprint"`
		PublishedAt   time.Time  `json:"published_at"`
		NextMeasureAt *time.Time `json:"next_measure_at"`
	}
	var rows []row
	for _, post := range in.posts {
		if post.isNew {
			r := row{ID: post.id, ExternalID: post.ExternalID, Fingerprint: hexBytes(post.fingerprint), PublishedAt: post.PublishedAt}
			if post.Metrics != nil {
				r.NextMeasureAt = NextMeasurement(post.PublishedAt, in.now)
			}
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	body, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("encode source posts: %w", err)
	}
	err = p.queries.InsertSourcePosts(ctx, tx, db.InsertSourcePostsParams{SourceID: in.due.ID, FirstSeenAt: in.now, Posts: body})
	if err != nil {
		return fmt.Errorf("insert source posts: %w", err)
	}
	return nil
}

// hexBytes is PostgreSQL's text form of bytea.
func hexBytes(b []byte) string { return `\x` + hex.EncodeToString(b) }

func (p *Polls) writeCopies(ctx context.Context, tx store.Conn, in *intake, copies []postCopy) error {
	if len(copies) > 0 {
		body, err := json.Marshal(copies)
		if err != nil {
			return fmt.Errorf("encode posts: %w", err)
		}
		err = p.queries.InsertPosts(ctx, tx, db.InsertPostsParams{Platform: in.due.Platform, FirstSeenAt: in.now, Posts: body})
		if err != nil {
			return fmt.Errorf("insert posts: %w", err)
		}
	}
	if err := p.writeEdits(ctx, tx, in); err != nil {
		return err
	}
	if err := p.writeFound(ctx, tx, in.found); err != nil {
		return err
	}
	return p.writeMetrics(ctx, tx, in.measures, in.now)
}

func (p *Polls) writeEdits(ctx context.Context, tx store.Conn, in *intake) error {
	type edit struct {
		SourcePostID uuid.UUID `json:"source_post_id"`
		Fingerprint  string    `json:"fingerprint"`
		URL          string    `json:"url"`
		Title        string    `json:"title"`
		Body         string    `json:"body"`
	}
	var edits []edit
	for _, post := range in.posts {
		if post.isEdited {
			edits = append(edits, edit{post.id, hexBytes(post.fingerprint), post.URL, post.Title, post.Body})
		}
	}
	if len(edits) == 0 {
		return nil
	}
	body, err := json.Marshal(edits)
	if err != nil {
		return fmt.Errorf("encode edits: %w", err)
	}
	if err := p.queries.EditPosts(ctx, tx, in.now, body); err != nil {
		return fmt.Errorf("edit posts: %w", err)
	}
	return nil
}

func (p *Polls) markBaselines(ctx context.Context, tx store.Conn, in *intake, trackers []db.ListTrackersRow) error {
	params := db.MarkBaselineParams{BaselineAt: in.now}
	for _, t := range trackers {
		if t.BaselineAt == nil {
			params.ClientIds, params.Ids = append(params.ClientIds, t.ClientID), append(params.Ids, t.ID)
		}
	}
	if len(params.Ids) == 0 {
		return nil
	}
	if err := p.queries.MarkBaseline(ctx, tx, params); err != nil {
		return fmt.Errorf("mark baseline: %w", err)
	}
	return nil
}

// endOf is the end of the poll, with the rhythm that the new posts give.
func (p *Polls) endOf(ctx context.Context, tx store.Conn, in *intake) (Finished, error) {
	end := p.succeeded(in.due, in.result, in.now)
	if n := len(in.posts); n > 0 && (end.LastPostAt == nil || in.posts[n-1].PublishedAt.After(*end.LastPostAt)) {
		end.LastPostAt = &in.posts[n-1].PublishedAt
	}
	var times []time.Time
	for _, post := range in.posts {
		if post.isNew {
			times = append(times, post.PublishedAt)
		}
	}
	rhythm := in.due.Rhythm()
	if len(times) > 0 {
		known, err := p.queries.ListPostTimes(ctx, tx, in.due.ID, rhythmPosts)
		if err != nil {
			return end, fmt.Errorf("list post times: %w", err)
		}
		times = append(times, known...)
		slices.SortFunc(times, func(a, b time.Time) int { return b.Compare(a) })
		if rhythm = RhythmOf(times[:min(len(times), rhythmPosts)]); rhythm.Gap > 0 {
			end.GapSeconds, end.LongGapSeconds = seconds(rhythm.Gap), seconds(rhythm.LongGap)
		}
	}
	p.settle(&end, in.due, rhythm, in.result.NextAfter, in.now)
	return end, nil
}

func seconds(d time.Duration) *int64 {
	n := int64(d / time.Second)
	return &n
}

func told(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (p *Polls) meter(ctx context.Context, tx store.Conn, trackers []db.ListTrackersRow, copies []postCopy) error {
	posts := make(map[uuid.UUID]int64, len(trackers))
	for _, c := range copies {
		posts[c.ClientID]++
	}
	clients, counts := make([]uuid.UUID, len(trackers)), make([]int64, len(trackers))
	for i, t := range trackers { // each tenant once: a source is unique within a tenant
		clients[i], counts[i] = t.ClientID, posts[t.ClientID]
	}
	if err := p.queries.CountPostsTracked(ctx, tx, clients, counts); err != nil {
		return fmt.Errorf("count posts: %w", err)
	}
	return nil
}

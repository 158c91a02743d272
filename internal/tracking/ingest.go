package tracking

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
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

// maxAnnounceAge bounds what counts as news: a feed that brings back its archive is stored, not announced.
// It is longer than the longest back-off, so that catching up after an outage announces everything.
const maxAnnounceAge = 14 * 24 * time.Hour

// Store records a usable answer. With something new, edited or due for measuring it writes posts,
// tenants' copies, metrics and deliveries in one transaction with the end of the poll, and returns nil;
// with nothing to store it returns the end, to be recorded with others by Finish.
func (p *Polls) Store(ctx context.Context, due Due, result source.FetchResult) (*Finished, error) {
	now := p.now().UTC().Truncate(time.Microsecond)
	if !result.NotModified && len(result.Posts) > 0 {
		in, err := p.compare(ctx, due, result, now)
		if err != nil {
			return nil, err
		}
		if in.hasWork() {
			return nil, p.ingest(ctx, in)
		}
	} else if due.NeedsBaseline && !result.NotModified {
		return nil, p.ingest(ctx, &intake{due: due, result: result, now: now})
	}
	end := p.unchanged(due, result, now)
	return &end, nil
}

// intake is one answer of a platform beside what is known.
type intake struct {
	due      Due
	result   source.FetchResult
	now      time.Time
	posts    []seenPost // oldest first
	measures []measurement
}

type seenPost struct {
	source.Post
	id          uuid.UUID // of the source post
	fingerprint []byte
	isNew       bool
	isEdited    bool
}

type measurement struct {
	ID            uuid.UUID  `json:"id"`
	Views         *int64     `json:"views"`
	Likes         *int64     `json:"likes"`
	Comments      *int64     `json:"comments"`
	Shares        *int64     `json:"shares"`
	NextMeasureAt *time.Time `json:"next_measure_at"`
}

func measure(id uuid.UUID, m source.Metrics, publishedAt, now time.Time) measurement {
	return measurement{
		ID: id, Views: m.Views, Likes: m.Likes, Comments: m.Comments, Shares: m.Shares,
		NextMeasureAt: NextMeasurement(publishedAt, now),
	}
}

func (in *intake) hasWork() bool {
	return in.due.NeedsBaseline || len(in.measures) > 0 ||
		slices.ContainsFunc(in.posts, func(p seenPost) bool { return p.isNew || p.isEdited })
}

// compare tells new, edited and known posts apart, by the platform's id alone.
func (p *Polls) compare(ctx context.Context, due Due, result source.FetchResult, now time.Time) (*intake, error) {
	ids := make([]string, len(result.Posts))
	for i, post := range result.Posts {
		ids[i] = post.ExternalID
	}
	rows, err := p.queries.ListKnownPosts(ctx, p.store.Shared(), due.ID, ids)
	if err != nil {
		return nil, fmt.Errorf("list known posts: %w", err)
	}
	known := make(map[string]db.ListKnownPostsRow, len(rows))
	for _, row := range rows {
		known[row.ExternalID] = row
	}
	in := &intake{due: due, result: result, now: now}
	for _, post := range result.Posts {
		row, isKnown := known[post.ExternalID]
		seen := seenPost{Post: post, fingerprint: fingerprint(post), isNew: !isKnown}
		if isKnown {
			seen.id, seen.PublishedAt = row.ID, row.PublishedAt
			seen.isEdited = !bytes.Equal(row.Fingerprint, seen.fingerprint)
		} else {
			if seen.id, err = uuid.NewV7(); err != nil {
				return nil, fmt.Errorf("make post id: %w", err)
			}
			if seen.PublishedAt.IsZero() || seen.PublishedAt.After(now) {
				seen.PublishedAt = now
			}
		}
		measureDue := !isKnown || row.NextMeasureAt != nil && !row.NextMeasureAt.After(now)
		if post.Metrics != nil && measureDue {
			in.measures = append(in.measures, measure(seen.id, *post.Metrics, seen.PublishedAt, now))
		}
		in.posts = append(in.posts, seen)
	}
	slices.SortStableFunc(in.posts, func(a, b seenPost) int {
		return cmp.Or(a.PublishedAt.Compare(b.PublishedAt), cmp.Compare(a.ExternalID, b.ExternalID))
	})
	return in, nil
}

// fingerprint covers what a reader sees, so that a changed date or picture address is no edit.
func fingerprint(post source.Post) []byte {
	h := sha256.New()
	for _, part := range []string{post.URL, post.Title, post.Body} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return h.Sum(nil)[:16]
}

// ingest writes an intake. Everything a crash could tear apart is in this one transaction.
func (p *Polls) ingest(ctx context.Context, in *intake) error {
	return p.store.InTx(ctx, func(tx store.Conn) error {
		if _, err := p.queries.LockLeasedSource(ctx, tx, in.due.ID, *in.due.LeaseToken); err != nil {
			if store.IsNotFound(err) {
				return nil // the lease went to another poller, which does this work
			}
			return fmt.Errorf("lock source: %w", err)
		}
		if err := p.writeSourcePosts(ctx, tx, in); err != nil {
			return err
		}
		trackers, err := p.queries.ListTrackers(ctx, tx, in.due.ID)
		if err != nil {
			return fmt.Errorf("list trackers: %w", err)
		}
		copies, news, err := in.copies(trackers)
		if err != nil {
			return err
		}
		if err := p.writeCopies(ctx, tx, in, copies); err != nil {
			return err
		}
		if err := p.markBaselines(ctx, tx, in, trackers); err != nil {
			return err
		}
		if err := p.end(ctx, tx, in); err != nil {
			return err
		}
		if err := delivery.EnqueuePosts(ctx, tx, news); err != nil {
			return fmt.Errorf("enqueue deliveries: %w", err)
		}
		return p.meter(ctx, tx, trackers, copies)
	})
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

// postCopy is one tenant's copy of a post, as InsertPosts reads it.
type postCopy struct {
	ClientID     uuid.UUID  `json:"client_id"`
	ID           uuid.UUID  `json:"id"`
	AccountID    uuid.UUID  `json:"account_id"`
	BrandID      uuid.UUID  `json:"brand_id"`
	GroupID      uuid.UUID  `json:"group_id"`
	SourcePostID uuid.UUID  `json:"source_post_id"`
	Kind         string     `json:"kind"`
	ExternalID   string     `json:"external_id"`
	URL          string     `json:"url"`
	Title        string     `json:"title"`
	Body         string     `json:"body"`
	AuthorName   string     `json:"author_name"`
	ThumbnailURL string     `json:"thumbnail_url"`
	PublishedAt  time.Time  `json:"published_at"`
	Views        *int64     `json:"views"`
	Likes        *int64     `json:"likes"`
	Comments     *int64     `json:"comments"`
	Shares       *int64     `json:"shares"`
	MeasuredAt   *time.Time `json:"measured_at"`
}

// copies lays out what each tenant stores and which of it is news: an account that is past its baseline
// gets the new posts and announces them, one that is not gets all and announces none, or the latest.
func (in *intake) copies(trackers []db.ListTrackersRow) ([]postCopy, []delivery.NewPost, error) {
	var copies []postCopy
	var news []delivery.NewPost
	for _, t := range trackers {
		baseline := t.BaselineAt == nil
		for i, post := range in.posts {
			if !post.isNew && !baseline {
				continue
			}
			c, err := copyOf(t, post, in.now)
			if err != nil {
				return nil, nil, err
			}
			copies = append(copies, c)
			isLatest := i == len(in.posts)-1
			if baseline && !(t.AnnounceLatest && isLatest) || in.now.Sub(post.PublishedAt) > maxAnnounceAge {
				continue
			}
			news = append(news, delivery.NewPost{
				ClientID: t.ClientID, PostID: c.ID, AccountID: t.ID, GroupID: t.GroupID, BrandID: t.BrandID,
				AccountChannelID: t.ChannelID, Kind: post.Kind, Title: post.Title, Body: post.Body,
				PublishedAt: post.PublishedAt, DetectedAt: in.now,
			})
		}
	}
	return copies, news, nil
}

func copyOf(t db.ListTrackersRow, post seenPost, now time.Time) (postCopy, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return postCopy{}, fmt.Errorf("make post id: %w", err)
	}
	c := postCopy{
		ClientID: t.ClientID, ID: id, AccountID: t.ID, BrandID: t.BrandID, GroupID: t.GroupID, SourcePostID: post.id,
		Kind: post.Kind, ExternalID: post.ExternalID, URL: post.URL, Title: post.Title, Body: post.Body,
		AuthorName: post.AuthorName, ThumbnailURL: post.ThumbnailURL, PublishedAt: post.PublishedAt,
	}
	if m := post.Metrics; m != nil {
		c.Views, c.Likes, c.Comments, c.Shares, c.MeasuredAt = m.Views, m.Likes, m.Comments, m.Shares, &now
	}
	return c, nil
}

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
	return recordMetrics(ctx, p.queries, tx, in.measures, in.now)
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

func (p *Polls) end(ctx context.Context, tx store.Conn, in *intake) error {
	params := db.FinishPollWithPostsParams{
		ID: in.due.ID, NextPollAt: p.next(in.due, in.now, in.result.NextAfter), PolledAt: in.now,
		Etag: in.result.Validators.ETag, LastModified: in.result.Validators.LastModified, Cursor: in.result.Cursor,
	}
	if len(in.posts) > 0 {
		params.LastPostAt = &in.posts[len(in.posts)-1].PublishedAt
	}
	if a := in.result.Account; a != nil {
		params.DisplayName, params.Handle = told(a.DisplayName), told(a.Handle)
		params.AvatarUrl, params.Followers = told(a.AvatarURL), a.Followers
	}
	if err := p.queries.FinishPollWithPosts(ctx, tx, params); err != nil {
		return fmt.Errorf("finish poll: %w", err)
	}
	return nil
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

package tracking

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/source"
	"trackbot/internal/store/db"
)

// maxAnnounceAge bounds what counts as news: a feed that brings back its archive is stored, not announced.
// It is longer than the longest back-off, so that catching up after an outage announces everything.
const maxAnnounceAge = 14 * 24 * time.Hour

// intake is one answer of a platform beside what is known.
type intake struct {
	due      Due
	result   source.FetchResult
	now      time.Time
	posts    []seenPost // oldest first
	measures []measurement
	found    []uuid.UUID // of source posts that were missing and are here again
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
	return in.due.NeedsBaseline || len(in.measures) > 0 || len(in.found) > 0 ||
		slices.ContainsFunc(in.posts, func(p seenPost) bool { return p.isNew || p.isEdited })
}

// fresh counts the posts that nobody had seen before.
func (in *intake) fresh() (n int) {
	for _, post := range in.posts {
		if post.isNew {
			n++
		}
	}
	return n
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
			if row.MissingSince != nil {
				in.found = append(in.found, row.ID)
			}
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
	in.sort()
	return in, nil
}

// sort brings the posts into their order, oldest first. Those of one moment, which is a second in most feeds and the
// whole poll in one without dates, keep the order of the platform: it lists the newest first, if not its dates say
// otherwise.
func (in *intake) sort() {
	if n := len(in.posts); n > 0 && !in.posts[0].PublishedAt.Before(in.posts[n-1].PublishedAt) {
		slices.Reverse(in.posts)
	}
	slices.SortStableFunc(in.posts, func(a, b seenPost) int { return a.PublishedAt.Compare(b.PublishedAt) })
}

// fingerprint covers what a reader sees, so that a changed date or picture address is no edit.
func fingerprint(post source.Post) []byte {
	h := sha256.New()
	for _, part := range []string{post.URL, post.Title, post.Body} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return h.Sum(nil)[:16]
}

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

package tracking

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// PostSort is the order of a list of posts, always descending.
type PostSort string

// The orders. Posts whose counter is unknown come last.
const (
	SortPublished PostSort = "publishedAt"
	SortViews     PostSort = "views"
	SortLikes     PostSort = "likes"
)

// PostFilter narrows a list of posts; nil and zero values do not.
type PostFilter struct {
	AccountID, GroupID, BrandID *uuid.UUID
	Platform, Kind, Search      *string
	From, To                    time.Time // From inclusive, To exclusive, on the time of publishing
	Sort                        PostSort
}

// PostPosition is the last row of a page, behind which the next begins. Count matters in the orders
// by a counter, Published in the order by time.
type PostPosition struct {
	Published time.Time `json:"p,omitzero"`
	Count     int64     `json:"c,omitzero"`
	ID        uuid.UUID `json:"i"`
}

// PositionOf is the position of a row in the given order.
func PositionOf(post db.PostItem, sort PostSort) PostPosition {
	switch sort {
	case SortViews:
		return PostPosition{Count: countOf(post.Views), ID: post.ID}
	case SortLikes:
		return PostPosition{Count: countOf(post.Likes), ID: post.ID}
	default:
		return PostPosition{Published: post.PublishedAt, ID: post.ID}
	}
}

func countOf(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

// Reader reads what a tenant tracks. It is safe for concurrent use.
type Reader struct {
	scope   func(clientID uuid.UUID) store.Conn
	queries *db.Queries
}

// NewReader returns a reader over the API's store.
func NewReader(st *store.Store) *Reader { return &Reader{scope: st.Tenant, queries: db.New()} }

// NewReaderIn returns a reader within a transaction that is scoped to one tenant; for one goroutine.
func NewReaderIn(tx store.Conn) *Reader {
	return &Reader{scope: func(uuid.UUID) store.Conn { return tx }, queries: db.New()}
}

// The ends of time and of ids, from which the first page of a descending order starts.
var (
	farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	longAgo   = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	lastID    = uuid.Max
)

// ListPosts returns at most limit posts behind the position (nil: from the start) in one round trip.
func (r *Reader) ListPosts(ctx context.Context, clientID uuid.UUID, f PostFilter, behind *PostPosition, limit int) ([]db.PostItem, error) {
	f = f.bounded()
	var rows []db.PostItem
	var err error
	switch f.Sort {
	case SortViews, SortLikes:
		rows, err = r.listByCount(ctx, clientID, f, behind, limit)
	default:
		rows, err = r.listByTime(ctx, clientID, f, behind, limit)
	}
	if err != nil {
		return nil, fmt.Errorf("list posts: %w", err)
	}
	return rows, nil
}

func (f PostFilter) bounded() PostFilter {
	if f.From.IsZero() {
		f.From = longAgo
	}
	if f.To.IsZero() {
		f.To = farFuture
	}
	return f
}

// listByTime picks the query whose index starts with the narrowest filter.
func (r *Reader) listByTime(ctx context.Context, clientID uuid.UUID, f PostFilter, behind *PostPosition, limit int) ([]db.PostItem, error) {
	// The position (To, zero id) excludes To itself, since no id is below the zero id.
	at := PostPosition{Published: f.To, ID: uuid.Nil}
	if behind != nil && behind.Published.Before(f.To) {
		at = *behind
	}
	conn, n := r.scope(clientID), int32(limit)
	switch {
	case f.AccountID != nil:
		return r.queries.ListPostsByAccount(ctx, conn, db.ListPostsByAccountParams{
			ClientID: clientID, FromTime: f.From, BeforeTime: at.Published, BeforeID: at.ID, MaxRows: n,
			AccountID: *f.AccountID, GroupID: f.GroupID, BrandID: f.BrandID, Platform: f.Platform, Kind: f.Kind, Search: f.Search,
		})
	case f.GroupID != nil:
		return r.queries.ListPostsByGroup(ctx, conn, db.ListPostsByGroupParams{
			ClientID: clientID, FromTime: f.From, BeforeTime: at.Published, BeforeID: at.ID, MaxRows: n,
			GroupID: *f.GroupID, BrandID: f.BrandID, Platform: f.Platform, Kind: f.Kind, Search: f.Search,
		})
	case f.BrandID != nil:
		return r.queries.ListPostsByBrand(ctx, conn, db.ListPostsByBrandParams{
			ClientID: clientID, FromTime: f.From, BeforeTime: at.Published, BeforeID: at.ID, MaxRows: n,
			BrandID: *f.BrandID, Platform: f.Platform, Kind: f.Kind, Search: f.Search,
		})
	case f.Platform != nil:
		return r.queries.ListPostsByPlatform(ctx, conn, db.ListPostsByPlatformParams{
			ClientID: clientID, FromTime: f.From, BeforeTime: at.Published, BeforeID: at.ID, MaxRows: n,
			Platform: *f.Platform, Kind: f.Kind, Search: f.Search,
		})
	case f.Kind != nil:
		return r.queries.ListPostsByKind(ctx, conn, db.ListPostsByKindParams{
			ClientID: clientID, FromTime: f.From, BeforeTime: at.Published, BeforeID: at.ID, MaxRows: n,
			Kind: *f.Kind, Search: f.Search,
		})
	default:
		return r.queries.ListPosts(ctx, conn, db.ListPostsParams{
			ClientID: clientID, FromTime: f.From, BeforeTime: at.Published, BeforeID: at.ID, MaxRows: n, Search: f.Search,
		})
	}
}

func (r *Reader) listByCount(ctx context.Context, clientID uuid.UUID, f PostFilter, behind *PostPosition, limit int) ([]db.PostItem, error) {
	at := PostPosition{Count: math.MaxInt64, ID: lastID}
	if behind != nil {
		at = *behind
	}
	params := db.ListPostsByViewsParams{
		ClientID: clientID, FromTime: &f.From, ToTime: &f.To, BeforeCount: at.Count, BeforeID: at.ID, MaxRows: int32(limit),
		AccountID: f.AccountID, GroupID: f.GroupID, BrandID: f.BrandID, Platform: f.Platform, Kind: f.Kind, Search: f.Search,
	}
	if f.Sort == SortLikes {
		return r.queries.ListPostsByLikes(ctx, r.scope(clientID), db.ListPostsByLikesParams(params))
	}
	return r.queries.ListPostsByViews(ctx, r.scope(clientID), params)
}

// GetPost returns one post of the tenant.
func (r *Reader) GetPost(ctx context.Context, clientID, id uuid.UUID) (db.PostItem, error) {
	post, err := r.queries.GetPostItem(ctx, r.scope(clientID), clientID, id)
	if store.IsNotFound(err) {
		return post, fault.New(fault.NotFound, "There is nothing here.")
	}
	if err != nil {
		return post, fmt.Errorf("get post: %w", err)
	}
	return post, nil
}

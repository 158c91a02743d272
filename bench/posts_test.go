package bench_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

const (
	pageSize = 50
	deepPage = 10_000
)

// BenchmarkPostsPage sets the posts page under row level security beside the same SQL through bare pgx,
// and page 1 beside page 10,000.
func BenchmarkPostsPage(b *testing.B) {
	d := newDatabase(b)
	client := d.tenant(b, "200000000000000001", 100)
	d.fill(b, client, pageSize*(deepPage+1))
	d.fill(b, d.tenant(b, "200000000000000002", 100), 100_000)
	d.analyze(b)
	reader := tracking.NewReader(d.open(b, store.RoleAPI))

	page := func(behind *tracking.PostPosition) func() error {
		return func() error {
			return full(reader.ListPosts(b.Context(), client, tracking.PostFilter{}, behind, pageSize))
		}
	}
	first := db.ListPostsParams{
		ClientID: client, FromTime: time.Time{}, BeforeTime: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), MaxRows: pageSize,
	}
	bare := func() error { return full(db.New().ListPosts(b.Context(), d.admin, first)) }
	deep := d.position(b, client, pageSize*(deepPage-1))
	t := median(b, page(nil), bare, page(&deep))
	row(b, "posts page, tenant scope / bare pgx", t[0], t[1], "<= 1.5x")
	row(b, "posts page 10,000 / page 1", t[2], t[0], "<= 1.2x")
}

func full(posts []db.PostItem, err error) error {
	if err == nil && len(posts) != pageSize {
		err = fmt.Errorf("page of %d posts, want %d", len(posts), pageSize)
	}
	return err
}

// position is the place behind the tenant's n newest posts.
func (d database) position(b *testing.B, client uuid.UUID, n int) (at tracking.PostPosition) {
	b.Helper()
	err := d.admin.QueryRow(b.Context(), `SELECT published_at, id FROM posts WHERE client_id = $1
		ORDER BY published_at DESC, id DESC OFFSET $2 LIMIT 1`, client, n-1).Scan(&at.Published, &at.ID)
	if err != nil {
		b.Fatal(err)
	}
	return at
}

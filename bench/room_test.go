package bench_test

import (
	"fmt"
	"testing"
)

// snapshots is how often the figures of a post are taken in its 90 days: 24 hours, 24 quarters of a day, 23 days, 9 weeks.
const snapshots = 24 + 24 + 23 + 9

// BenchmarkRoom prints the bytes that a post takes in the database, indexes included: at its source, as the tenant's copy,
// as a delivery, and all the figures of its life.
func BenchmarkRoom(b *testing.B) {
	const posts = 20_000
	d := newDatabase(b)
	client := d.tenant(b, "200000000000000001", 100)
	d.fill(b, client, posts)
	d.deliver(b, client)
	d.exec(b, `INSERT INTO post_metrics (source_post_id, measured_at, views, likes, comments, shares)
		SELECT id, published_at + n * interval '1 hour', n, n, n, n FROM source_posts, generate_series(1, $1::int) n`, snapshots)
	d.analyze(b)
	total := 0
	for _, table := range []string{"source_posts", "posts", "deliveries", "post_metrics"} {
		var bytes int
		if err := d.admin.QueryRow(b.Context(), `SELECT pg_total_relation_size($1::text::regclass)`, table).Scan(&bytes); err != nil {
			b.Fatal(err)
		}
		fmt.Printf("%-46s %6d bytes a post\n", table, bytes/posts)
		total += bytes / posts
	}
	fmt.Printf("%-46s %6d bytes a post\n", "all of them", total)
}

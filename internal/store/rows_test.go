package store_test

import (
	"context"
	"testing"

	"trackbot/internal/store"
)

// A scoped query holds its connection until its batch is closed. Each case leaves one half read or
// broken, and the pool's only connection must come back.
func TestScopedQueriesGiveTheirConnectionBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const many = "SELECT generate_series(1, 10000)"
	for _, tc := range []struct {
		name string
		use  func(ctx context.Context, on store.Conn) error
		want bool // an error
	}{
		{"rows closed before the last", func(ctx context.Context, on store.Conn) error {
			rows, err := on.Query(ctx, many)
			if err != nil {
				return err
			}
			rows.Next()
			rows.Close()
			return rows.Err()
		}, false},
		{"rows read to the end and not closed", func(ctx context.Context, on store.Conn) error {
			rows, err := on.Query(ctx, many)
			if err != nil {
				return err
			}
			for rows.Next() {
			}
			return rows.Err()
		}, false},
		{"rows closed twice", func(ctx context.Context, on store.Conn) error {
			rows, err := on.Query(ctx, many)
			if err != nil {
				return err
			}
			rows.Close()
			rows.Close()
			return rows.Err()
		}, false},
		{"one row of many", func(ctx context.Context, on store.Conn) error {
			var n int
			return on.QueryRow(ctx, many).Scan(&n)
		}, false},
		{"scan into the wrong type", func(ctx context.Context, on store.Conn) error {
			rows, err := on.Query(ctx, "SELECT 'text' FROM generate_series(1, 10000)")
			if err != nil {
				return err
			}
			defer rows.Close()
			rows.Next()
			var n int
			return rows.Scan(&n)
		}, true},
		{"scan of one row into the wrong type", func(ctx context.Context, on store.Conn) error {
			var n int
			return on.QueryRow(ctx, "SELECT 'text'").Scan(&n)
		}, true},
		{"no row", func(ctx context.Context, on store.Conn) error {
			var n int
			return on.QueryRow(ctx, "SELECT 1 WHERE false").Scan(&n)
		}, true},
		{"syntax error", func(ctx context.Context, on store.Conn) error {
			rows, err := on.Query(ctx, "SELEC 1")
			if err != nil {
				return err
			}
			defer rows.Close()
			rows.Next()
			return rows.Err()
		}, true},
		{"error at a later row", func(ctx context.Context, on store.Conn) error {
			rows, err := on.Query(ctx, "SELECT 1 / (5000 - n) FROM generate_series(1, 10000) AS n")
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
			}
			return rows.Err()
		}, true},
		{"statement that fails", func(ctx context.Context, on store.Conn) error {
			_, err := on.Exec(ctx, "SELECT 1 / 0")
			return err
		}, true},
		{"arguments that do not fit", func(ctx context.Context, on store.Conn) error {
			_, err := on.Exec(ctx, "SELECT $1::int", "text")
			return err
		}, true},
		{"caller who gave up", func(ctx context.Context, on store.Conn) error {
			ctx, cancel := context.WithCancel(ctx)
			rows, err := on.Query(ctx, "SELECT n, repeat('x', 10000) FROM generate_series(1, 10000) AS n")
			if err != nil {
				cancel()
				return err
			}
			defer rows.Close()
			rows.Next()
			cancel()
			for rows.Next() {
			}
			return rows.Err()
		}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, w.url, store.RoleAPI, 1)
			for range 3 {
				if err := tc.use(t.Context(), s.Tenant(w.a)); (err != nil) != tc.want {
					t.Errorf("error %v, want one: %t", err, tc.want)
				}
				if got := value[string](t, s.Tenant(w.b), "SELECT name FROM brands"); got != guildB {
					t.Errorf("the next query of another tenant reads %q", got)
				}
			}
		})
	}
}

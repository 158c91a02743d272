package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

func TestStatementsSentTogetherAreOneRoundTripInTheirOrder(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.Context(), testkit.NewDB(t).OwnerURL, store.RoleAdmin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	insert := "INSERT INTO users (id, username) VALUES ($1, $2)"
	count := func() (n int) {
		if err := st.Shared().QueryRow(t.Context(), "SELECT count(*) FROM users").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	write := func(fn func(ctx context.Context, conn store.Conn) error) error {
		return st.InTx(t.Context(), func(tx store.Conn) error {
			return store.Together(t.Context(), tx, func(conn store.Conn) error { return fn(t.Context(), conn) })
		})
	}
	err = write(func(ctx context.Context, conn store.Conn) error {
		_, first := conn.Exec(ctx, insert, "100000000000000001", "a")
		_, second := conn.Exec(ctx, "UPDATE users SET username = username || $1", "b")
		return errors.Join(first, second)
	})
	var name string
	if err := errors.Join(err, st.Shared().QueryRow(t.Context(), "SELECT username FROM users").Scan(&name)); err != nil || name != "ab" {
		t.Fatalf("got %q, %v", name, err)
	}
	err = write(func(ctx context.Context, conn store.Conn) error {
		_, first := conn.Exec(ctx, insert, "100000000000000002", "c")
		_, again := conn.Exec(ctx, insert, "100000000000000001", "d")
		return errors.Join(first, again)
	})
	if _, ok := store.IsConflict(err); !ok || count() != 1 {
		t.Errorf("a statement that fails: %v, %d users", err, count())
	}
	if err := write(func(context.Context, store.Conn) error { return nil }); err != nil {
		t.Errorf("nothing to send: %v", err)
	}
	if err := write(func(ctx context.Context, conn store.Conn) error {
		return conn.QueryRow(ctx, "SELECT 1").Scan(new(int))
	}); err == nil {
		t.Error("a query was sent together with others")
	}
	refused := errors.New("no")
	if err := write(func(ctx context.Context, conn store.Conn) error {
		_, _ = conn.Exec(ctx, insert, uuid.NewString(), "e")
		return refused
	}); !errors.Is(err, refused) || count() != 1 {
		t.Errorf("given up: %v, %d users", err, count())
	}
	if err := store.Together(t.Context(), st.Tenant(uuid.New()), func(store.Conn) error { return nil }); err == nil {
		t.Error("sent together outside of a transaction")
	}
}

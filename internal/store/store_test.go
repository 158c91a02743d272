package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"go.uber.org/goleak"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// roleOwner is no service's: it undoes SET ROLE, so the pool acts as the login role, which owns the tables.
const roleOwner store.Role = "none"

const (
	guildA = "100000000000000001"
	guildB = "100000000000000002"
)

// patience is far longer than any query here takes on a busy machine.
const patience = time.Minute

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, testkit.IgnoreServer())
}

func serviceRoles() []store.Role {
	return []store.Role{store.RoleAPI, store.RoleBot, store.RoleWorker, store.RoleNotifier, store.RoleExport, store.RoleAdmin}
}

// world is a database with two tenants, each with one row in several tables.
type world struct {
	url  string
	a, b uuid.UUID
}

func newWorld(t *testing.T) world {
	t.Helper()
	w := world{url: testkit.NewDB(t).OwnerURL, a: uuid.Must(uuid.NewV7()), b: uuid.Must(uuid.NewV7())}
	admin := open(t, w.url, store.RoleAdmin, 1)
	for guild, id := range map[string]uuid.UUID{guildA: w.a, guildB: w.b} {
		for _, sql := range []string{
			"INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, $2, $2)",
			"INSERT INTO guild_settings (client_id, timezone) VALUES ($1, $2)",
			"INSERT INTO subscriptions (client_id, external_id) VALUES ($1, $2)",
			"INSERT INTO guild_channels (client_id, id, name, type, can_send) VALUES ($1, $2, $2, 'text', true)",
			"INSERT INTO brands (client_id, id, name) VALUES ($1, gen_random_uuid(), $2)",
		} {
			exec(t, admin.Shared(), sql, id, guild)
		}
	}
	return w
}

// open gives a pool of the given size, closed with the test.
func open(t *testing.T, url string, role store.Role, conns int) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, role, store.WithMaxConns(conns))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, s) })
	return s
}

// closed closes the pool, which waits for ever for a connection that was not given back.
func closed(t *testing.T, s *store.Store) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Close()
	}()
	select {
	case <-done:
	case <-time.After(patience):
		t.Error("a connection was not given back to its pool")
	}
}

func exec(t *testing.T, on store.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := on.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// value fails the test rather than hang it when the pool has no connection left.
func value[T any](t *testing.T, on store.Conn, sql string, args ...any) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var v T
	if err := on.QueryRow(ctx, sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// sqlState is the server's code for the error, or "" when the error is not the server's.
func sqlState(err error) string {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return pe.Code
	}
	return ""
}

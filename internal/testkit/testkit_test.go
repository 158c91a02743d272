package testkit_test

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

func TestNoDayEndsSoonAfterATestBegins(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]time.Duration{
		"2026-11-23T00:00:00Z": 0, "2026-11-23T23:59:29Z": 0, "2026-11-23T23:59:31Z": 29 * time.Second,
		"2026-11-23T23:59:59.75Z": 250 * time.Millisecond, "2026-12-31T20:59:50-03:00": 10 * time.Second, "2026-12-31T23:59:50-03:00": 0,
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := testkit.UntilTomorrow(now); got != want {
			t.Errorf("at %s it waits %s, want %s", at, got, want)
		}
	}
}

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, testkit.IgnoreServer())
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func value[T any](t *testing.T, conn *pgx.Conn, sql string, args ...any) T {
	t.Helper()
	var v T
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// schema is a migration that counts its runs.
func schema(runs *atomic.Int32) func(context.Context, string) error {
	return func(ctx context.Context, url string) error {
		runs.Add(1)
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
		_, err = conn.Exec(ctx, "CREATE TABLE things (name text)")
		return err
	}
}

// newVersion names a template of this test alone, and removes it afterwards.
func newVersion(t *testing.T, on testkit.Cluster) string {
	t.Helper()
	version := "kit_" + strings.ToLower(rand.Text())
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		conn, err := pgx.Connect(ctx, on.SuperuserURL())
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.Close(ctx) }()
		name := pgx.Identifier{testkit.TemplateName(version)}.Sanitize()
		_, _ = conn.Exec(ctx, "ALTER DATABASE "+name+" WITH IS_TEMPLATE false") // unless it was never built
		if err := on.Drop(ctx, testkit.TemplateName(version)); err != nil {
			t.Error(err)
		}
	})
	return version
}

func create(t *testing.T, on testkit.Cluster, migrate func(context.Context, string) error, version string) testkit.DB {
	t.Helper()
	db, err := on.Create(t.Context(), migrate, version)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := on.Drop(context.WithoutCancel(t.Context()), db.Name); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestEachDatabaseIsItsTestsAlone(t *testing.T) {
	t.Parallel()
	on := testkit.ServerOf(t)
	version := newVersion(t, on)
	var runs atomic.Int32
	one := connect(t, create(t, on, schema(&runs), version).OwnerURL)
	two := connect(t, create(t, on, schema(&runs), version).OwnerURL)
	if _, err := one.Exec(t.Context(), "INSERT INTO things VALUES ('one')"); err != nil {
		t.Fatal(err)
	}
	if n := value[int](t, two, "SELECT count(*) FROM things"); n != 0 {
		t.Errorf("%d rows of another test's database", n)
	}
	if runs.Load() != 1 {
		t.Errorf("the schema was built %d times", runs.Load())
	}
}

func TestOwnerHasTheRightsOfADeployment(t *testing.T) {
	t.Parallel()
	on := testkit.ServerOf(t)
	var runs atomic.Int32
	conn := connect(t, create(t, on, schema(&runs), newVersion(t, on)).OwnerURL)
	got := value[string](t, conn, `SELECT concat_ws(' ', rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,
		datdba = pg_roles.oid) FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()`)
	if got != "f t f f t" {
		t.Errorf("superuser, createrole, createdb, bypassrls, owner = %s", got)
	}
	if _, err := conn.Exec(t.Context(), "ALTER TABLE things ADD more text"); err != nil {
		t.Errorf("cannot change its schema: %v", err)
	}
}

func TestTemplateIsBuiltOnceByManyAtATime(t *testing.T) {
	t.Parallel()
	on := testkit.ServerOf(t)
	version := newVersion(t, on)
	var runs atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			db, err := on.Create(t.Context(), schema(&runs), version)
			if err != nil {
				t.Error(err)
				return
			}
			if err := on.Drop(t.Context(), db.Name); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if runs.Load() != 1 {
		t.Errorf("the template was built %d times", runs.Load())
	}
}

func TestFailedMigrationLeavesNoTemplate(t *testing.T) {
	t.Parallel()
	on := testkit.ServerOf(t)
	version := newVersion(t, on)
	var runs atomic.Int32
	broken := errors.New("syntax error in migration")
	_, err := on.Create(t.Context(), func(ctx context.Context, url string) error {
		return errors.Join(schema(&runs)(ctx, url), broken) // half the work is done
	}, version)
	if !errors.Is(err, broken) {
		t.Fatalf("error %v, want the migration's", err)
	}
	create(t, on, schema(&runs), version)
	if runs.Load() != 2 {
		t.Errorf("the schema was built %d times, want a second try", runs.Load())
	}
}

func TestDatabaseIsDroppedWithItsTestDespiteConnections(t *testing.T) {
	t.Parallel()
	var name string
	var open *pgx.Conn
	t.Run("user", func(t *testing.T) {
		db := testkit.NewDB(t)
		name = db.Name
		var err error
		if open, err = pgx.Connect(t.Context(), db.OwnerURL); err != nil {
			t.Fatal(err)
		}
	})
	defer func() { _ = open.Close(context.WithoutCancel(t.Context())) }()
	super := connect(t, testkit.ServerOf(t).SuperuserURL())
	if value[bool](t, super, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name) {
		t.Errorf("database %s outlived its test", name)
	}
}

func TestNewDBHasTheProductsSchema(t *testing.T) {
	t.Parallel()
	db := testkit.NewDB(t)
	states, err := store.MigrationStatus(t.Context(), db.OwnerURL)
	if err != nil || len(states) == 0 {
		t.Fatalf("%d migrations, error %v", len(states), err)
	}
	for _, state := range states {
		if !state.Applied {
			t.Errorf("migration %s is not applied", state.Name)
		}
	}
	s, err := store.Open(t.Context(), db.OwnerURL, store.RoleAPI)
	if err != nil {
		t.Fatalf("act as a service: %v", err)
	}
	s.Close()
}

func BenchmarkNewDB(b *testing.B) {
	testkit.NewDB(b) // the server and the template are not what is measured
	for b.Loop() {
		testkit.NewDB(b)
	}
}

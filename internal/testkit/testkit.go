package testkit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"trackbot/internal/embeddedpg"
	"trackbot/internal/store"
)

// variable names the server to use: a superuser's URL of any database on it.
const variable = "TRACKBOT_TEST_PG"

// limit is for one step against a machine that is busy with other tests.
const limit = 2 * time.Minute

// DB is a database that belongs to one test.
type DB struct {
	Name string
	// OwnerURL is like DATABASE_URL: its role owns the database and has
	// CREATEROLE, but is no superuser. All of a server's tests share the role.
	OwnerURL string
}

// server is one per test process, so it cannot belong to any one test.
var server = sync.OnceValues(findServer)

// lastMoments is longer than a test takes that counts something by day.
const lastMoments = 30 * time.Second

// untilTomorrow is how long a test waits so that no day (UTC) ends beneath it: use, plans and messages are counted by
// day, on the clock of a database that no test can set.
func untilTomorrow(now time.Time) time.Duration {
	const day = 24 * time.Hour
	if left := now.UTC().Truncate(day).Add(day).Sub(now); left <= lastMoments {
		return left
	}
	return 0
}

// NewDB returns an empty database with the schema of the embedded migrations.
// It is dropped when the test ends, whoever is still connected. A missing
// PostgreSQL fails the test. In the last moments of a day it waits for the next.
func NewDB(t testing.TB) DB {
	t.Helper()
	return newDB(t, store.Migrate, store.MigrationsVersion())
}

func newDB(t testing.TB, migrate migration, version string) DB {
	t.Helper()
	on, err := server()
	if err != nil {
		t.Fatalf("find a server for tests: %v", err)
	}
	if wait := untilTomorrow(time.Now()); wait > 0 {
		midnight := time.NewTimer(wait)
		defer midnight.Stop()
		select {
		case <-midnight.C:
		case <-t.Context().Done():
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), limit)
	defer cancel()
	db, err := on.create(ctx, migrate, version)
	if err != nil {
		t.Fatalf("make a database for the test: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		if err := on.drop(ctx, db.Name); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return db
}

// IgnoreServer lets goleak pass over the watcher of the server that NewDB may
// have started: it lives as long as the test process.
func IgnoreServer() goleak.Option {
	return goleak.IgnoreAnyFunction("trackbot/internal/embeddedpg.(*child).run")
}

// findServer does not stop what it starts, since no test is known to be the
// last: the launcher ends the server when the process dies, and the next one
// clears its directory away.
func findServer() (*cluster, error) {
	if address := os.Getenv(variable); address != "" {
		return newCluster(address)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*limit) // a download included
	defer cancel()
	s, err := embeddedpg.Start(ctx, embeddedpg.Config{Temp: true, Fast: true})
	if err != nil {
		return nil, err
	}
	return newCluster(s.SuperuserURL("postgres"))
}

// newCluster derives the owner's password from the superuser's, so that every
// process that may use the server knows it.
func newCluster(address string) (*cluster, error) {
	super, err := url.Parse(address)
	if err != nil || super.Host == "" {
		return nil, fmt.Errorf("%s is not a postgres:// URL", variable)
	}
	key, _ := super.User.Password()
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(owner))
	return &cluster{super: *super, password: hex.EncodeToString(mac.Sum(nil))}, nil
}

package tracking_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

// awaitLockWait returns once some session of the database waits for another's lock.
func (f *fixture) awaitLockWait() {
	f.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		if scan[bool](f, `SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
			WHERE a.datname = current_database() AND NOT l.granted)`) {
			return
		}
	}
	f.t.Fatal("nobody waits for a lock")
}

// A claim looks at what was committed when it began and leases what is there when it gets to it. What it tells of a
// source is of the later moment, or an account that comes in between would be taken for none.
func TestAClaimKnowsOfAnAccountThatCameWhileItLooked(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	src := f.source(1)
	client, brand, group := f.tenant("200000000000000001")
	owner, err := pgx.Connect(t.Context(), f.url)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(context.WithoutCancel(t.Context()))
	// Lets a claim wait between its snapshot and its first row.
	if _, err := owner.Exec(t.Context(), `CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
		CREATE TRIGGER wait_here BEFORE UPDATE ON sources FOR EACH STATEMENT EXECUTE FUNCTION wait_here()`); err != nil {
		t.Fatal(err)
	}
	f.now = f.now.Add(time.Hour) // the account is due before the claim's now
	claimed := make(chan []tracking.Due, 1)
	err = f.admin.InTx(t.Context(), func(tx store.Conn) error {
		if _, err := tx.Exec(t.Context(), `SELECT pg_advisory_xact_lock(1)`); err != nil {
			return err
		}
		go func() {
			due, err := f.polls.Claim(t.Context(), 10, time.Minute)
			if err != nil {
				t.Error(err)
			}
			claimed <- due
		}()
		f.awaitLockWait()
		row, err := db.New().UpsertSource(t.Context(), tx, db.UpsertSourceParams{
			ID: uuid.New(), Platform: source.RSS, ExternalID: "https://feed.test/" + src.String(), Lane: 1, Resolved: true,
		})
		if err != nil {
			return err
		}
		return db.New().InsertAccount(t.Context(), tx, db.InsertAccountParams{ClientID: client, ID: uuid.New(), BrandID: brand, GroupID: group, SourceID: row.ID})
	})
	if err != nil {
		t.Fatal(err)
	}
	due := <-claimed
	if len(due) != 1 || due[0].ID != src {
		t.Fatalf("claimed %d sources", len(due))
	}
	if due[0].Untracked() || !due[0].NeedsBaseline {
		t.Errorf("untracked %t, needs a baseline %t: the account is not seen", due[0].Untracked(), due[0].NeedsBaseline)
	}
}

// Everybody locks sources in the order of their ids, those who record many ends at once too.
func TestTheEndsOfPollsDoNotDeadlockWithThoseWhoLockTheirSources(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"as claimed", "the other way round"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			client, brand, group := f.tenant("200000000000000001")
			for lane := range 2 {
				f.track(client, brand, group, f.source(lane))
			}
			due, err := f.polls.Claim(t.Context(), 10, time.Minute)
			if err != nil || len(due) != 2 {
				t.Fatalf("claimed %d sources, %v", len(due), err)
			}
			ends := []tracking.Finished{f.polls.Failed(due[0], down()), f.polls.Failed(due[1], down())}
			if name != "as claimed" {
				ends[0], ends[1] = ends[1], ends[0]
			}
			done := make(chan error, 1)
			err = f.admin.InTx(t.Context(), func(tx store.Conn) error {
				if _, err := tx.Exec(t.Context(), `SELECT FROM sources ORDER BY id LIMIT 1 FOR NO KEY UPDATE`); err != nil {
					return err
				}
				go func() { done <- f.polls.Finish(t.Context(), ends) }()
				f.awaitLockWait()
				_, err := tx.Exec(t.Context(), `SELECT FROM sources ORDER BY id OFFSET 1 FOR NO KEY UPDATE`)
				return err
			})
			if err := <-done; err != nil {
				t.Errorf("finish polls: %v", err)
			}
			if err != nil {
				t.Errorf("lock sources: %v", err)
			}
		})
	}
}

// Who stops tracking many sources at once, as a tenant that is erased, locks them in that order too.
func TestAReviewOfSourcesDoesNotDeadlockWithThoseWhoLockThem(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	low, high := uuid.UUID{15: 1}, uuid.UUID{15: 2}
	for _, id := range []uuid.UUID{high, low} { // as they lie in the table
		f.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, next_poll_at) VALUES ($1, 'rss', $2, 'f', 'F', '', 1, $3)`,
			id, id.String(), f.now)
	}
	done := make(chan error, 1)
	err := f.admin.InTx(t.Context(), func(tx store.Conn) error {
		if _, err := tx.Exec(t.Context(), `SELECT FROM sources WHERE id = $1 FOR NO KEY UPDATE`, low); err != nil {
			return err
		}
		go func() { done <- db.New().ReviewSources(t.Context(), f.admin.Shared(), []uuid.UUID{high, low}) }()
		f.awaitLockWait()
		_, err := tx.Exec(t.Context(), `SELECT FROM sources WHERE id = $1 FOR NO KEY UPDATE`, high)
		return err
	})
	if err := errors.Join(err, <-done); err != nil {
		t.Error(err)
	}
}

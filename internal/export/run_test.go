package export_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"trackbot/internal/audit"
	"trackbot/internal/export"
	"trackbot/internal/filestore"
)

func TestExportOfADeadWorkerIsBegunAnew(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.manyPosts(d.mine, 2500)
	e := d.order(d.mine, export.Posts, export.CSV, `{}`)
	// What a killed worker leaves: a lease that runs out, rows told, a file begun.
	d.exec("UPDATE exports SET state = 'running', lease_token = $2, lease_until = clock_timestamp() - interval '1 second', rows = 700, attempts = 1 WHERE id = $1",
		e.ID, uuid.New())
	half, err := d.files.Create(t.Context(), e.ClientID.String()+"/"+e.ID.String()+"-dead.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer half.Abort()
	if _, err := half.Write([]byte("half a file")); err != nil {
		t.Fatal(err)
	}
	d.run(d.runner(export.RunnerConfig{}))
	if _, rows := csvRows(t, d.content(e)); len(rows) != 2500 {
		t.Errorf("%d rows, want all 2500", len(rows))
	}
}

func TestLeaseThatRunsIsRespected(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	e := d.order(d.mine, export.Posts, export.CSV, `{}`)
	second := d.order(d.mine, export.Posts, export.CSV, `{"q":"second"}`)
	other := d.order(d.theirs, export.Posts, export.CSV, `{}`)
	d.exec("UPDATE exports SET state = 'running', lease_token = $2, lease_until = clock_timestamp() + interval '1 hour' WHERE id = $1", e.ID, uuid.New())
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	ended := make(chan struct{})
	go func() { defer close(ended); _ = d.runner(export.RunnerConfig{}).Run(ctx) }()
	for d.get(other).State != "done" && ctx.Err() == nil {
		pause(ctx)
	}
	stop()
	<-ended
	if d.get(e).State != "running" || d.get(second).State != "queued" {
		t.Errorf("states %s and %s: one export of a tenant at a time", d.get(e).State, d.get(second).State)
	}
}

func TestStopGivesTheExportBackWithoutCountingATry(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.manyPosts(d.mine, 5)
	e := d.order(d.mine, export.Posts, export.CSV, `{}`)
	ctx, stop := context.WithCancel(t.Context())
	files := &stoppingFiles{Files: d.files, stop: stop}
	if err := export.NewRunner(d.worker, d.export, files, discard(), export.RunnerConfig{Parallel: 1}).Run(ctx); err != nil {
		t.Fatal(err)
	}
	if row := d.get(e); row.State != "queued" || row.Attempts != 0 {
		t.Errorf("state %s, %d tries", row.State, row.Attempts)
	}
	if names := d.fileNames(); len(names) != 0 {
		t.Errorf("files %v are left", names)
	}
	d.run(d.runner(export.RunnerConfig{}))
	if _, rows := csvRows(t, d.content(e)); len(rows) != 5 {
		t.Errorf("%d rows after the next start", len(rows))
	}
}

// stoppingFiles stops the worker when a file is begun.
type stoppingFiles struct {
	filestore.Files
	stop func()
}

func (s *stoppingFiles) Create(ctx context.Context, name string) (filestore.File, error) {
	file, err := s.Files.Create(ctx, name)
	s.stop()
	return file, err
}

func TestFailureIsTriedAgainAndThenGivenUp(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name           string
		create, commit int
		want           string
	}{
		{"a passing fault", 1, 1, "done"},
		{"a lasting fault", 9, 0, "failed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.post(d.mine, "x", nil)
			e := d.order(d.mine, export.Posts, export.CSV, `{}`)
			files := &brokenFiles{Files: d.files, create: tc.create, commit: tc.commit}
			d.run(export.NewRunner(d.worker, d.export, files, discard(), export.RunnerConfig{Idle: time.Millisecond, Retry: time.Millisecond}))
			row := d.get(e)
			if row.State != tc.want || row.Attempts != 3 {
				t.Errorf("%s after %d tries, want %s after 3", row.State, row.Attempts, tc.want)
			}
			if tc.want == "failed" && (strings.Contains(deref(row.Error), "space") || deref(row.Error) == "") {
				t.Errorf("error %q: a sentence without inner details is wanted", deref(row.Error))
			}
		})
	}
}

func TestExportThatKillsItsWorkersIsGivenUp(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	e := d.order(d.mine, export.Posts, export.CSV, `{}`)
	d.exec("UPDATE exports SET state = 'running', lease_token = $2, lease_until = clock_timestamp(), attempts = 3 WHERE id = $1", e.ID, uuid.New())
	d.run(d.runner(export.RunnerConfig{}))
	if row := d.get(e); row.State != "failed" {
		t.Errorf("state %s after three deaths", row.State)
	}
}

// Two makers ask at the same time for what a tenant has ordered twice.
func TestMakersThatAskAtOnceTakeOneExportOfATenant(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	owner, err := pgx.Connect(t.Context(), d.url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = owner.Close(context.WithoutCancel(t.Context())) }()
	// Lets a claim wait when it has found its export and is about to take it.
	if _, err := owner.Exec(t.Context(), `CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NEW; END $$;
		CREATE TRIGGER wait_here BEFORE UPDATE ON exports FOR EACH ROW WHEN (OLD.state = 'queued') EXECUTE FUNCTION wait_here();
		SELECT pg_advisory_lock(1)`); err != nil {
		t.Fatal(err)
	}
	d.manyPosts(d.mine, 3)
	for _, q := range []string{"first", "second"} {
		d.order(d.mine, export.Posts, export.CSV, `{"q":"`+q+`"}`)
	}
	files := &watchedFiles{Files: d.files, begun: func() {
		if n := d.count("SELECT count(*) FROM exports WHERE state = 'running'"); n != 1 {
			t.Errorf("%d exports of a tenant are made at the same time", n)
		}
	}}
	go func() {
		defer func() { _, _ = owner.Exec(context.WithoutCancel(t.Context()), "SELECT pg_advisory_unlock(1)") }()
		for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); pause(t.Context()) {
			if d.count("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE a.datname = current_database() AND NOT l.granted") == 2 {
				return
			}
		}
		t.Error("nobody waits")
	}()
	d.run(export.NewRunner(d.worker, d.export, files, discard(), export.RunnerConfig{Idle: time.Millisecond, Parallel: 2}))
}

// watchedFiles tells when a file is begun.
type watchedFiles struct {
	filestore.Files
	begun func()
}

func (w *watchedFiles) Create(ctx context.Context, name string) (filestore.File, error) {
	w.begun()
	return w.Files.Create(ctx, name)
}

// slowFiles takes longer to end a file than the lease lasts, unless that is renewed.
type slowFiles struct {
	filestore.Files
	during func()
}

func (s *slowFiles) Create(ctx context.Context, name string) (filestore.File, error) {
	file, err := s.Files.Create(ctx, name)
	return slowFile{file, s.during}, err
}

type slowFile struct {
	filestore.File
	during func()
}

func (f slowFile) Commit() (int64, error) {
	f.during()
	return f.File.Commit()
}

func TestLeaseIsKeptWhileTheFileIsEnded(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.manyPosts(d.mine, 3)
	e := d.order(d.mine, export.Posts, export.CSV, `{}`)
	renewed := func() bool {
		return d.count("SELECT count(*) FROM exports WHERE lease_until > $1", time.Now().Add(time.Hour)) == 0
	}
	files := &slowFiles{Files: d.files, during: func() {
		d.exec("UPDATE exports SET lease_until = $1", time.Now().Add(2*time.Hour)) // the next beat says less
		for deadline := time.Now().Add(15 * time.Second); !renewed(); pause(t.Context()) {
			if time.Now().After(deadline) {
				t.Error("the lease runs out while the file is ended")
				return
			}
		}
	}}
	d.run(export.NewRunner(d.worker, d.export, files, discard(), export.RunnerConfig{Idle: time.Millisecond}))
	if _, rows := csvRows(t, d.content(e)); len(rows) != 3 || d.get(e).Attempts != 1 {
		t.Errorf("%d rows after %d tries", len(rows), d.get(e).Attempts)
	}
}

func TestExportDeletedWhileItsFileIsEndedLeavesNoFile(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.manyPosts(d.mine, 3)
	e := d.order(d.mine, export.Posts, export.CSV, `{}`)
	files := &slowFiles{Files: d.files, during: func() {
		if err := d.svc.Delete(t.Context(), d.by(), d.mine.client, e.ID); err != nil {
			t.Error(err)
		}
	}}
	d.run(export.NewRunner(d.worker, d.export, files, discard(), export.RunnerConfig{Idle: time.Millisecond}))
	if names := d.fileNames(); len(names) != 0 {
		t.Errorf("files %v are left", names)
	}
}

func TestDeletedExportIsNotMade(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.manyPosts(d.mine, 3)
	e := d.order(d.mine, export.Posts, export.CSV, `{}`)
	deleting := &deletingFiles{Files: d.files, do: func() {
		if err := d.svc.Delete(t.Context(), d.by(), d.mine.client, e.ID); err != nil {
			t.Error(err)
		}
	}}
	d.run(export.NewRunner(d.worker, d.export, deleting, discard(), export.RunnerConfig{Idle: time.Millisecond}))
	if names := d.fileNames(); len(names) != 0 {
		t.Errorf("files %v of an export that was deleted", names)
	}
	if n := d.count("SELECT coalesce(sum(exports), 0) FROM usage_daily"); n != 0 {
		t.Errorf("%d exports metered", n)
	}
}

// deletingFiles does something once a file is begun.
type deletingFiles struct {
	filestore.Files
	do func()
}

func (f *deletingFiles) Create(ctx context.Context, name string) (filestore.File, error) {
	file, err := f.Files.Create(ctx, name)
	f.do()
	return file, err
}

func TestDeleteTakesTheFile(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	e := d.order(d.mine, export.Posts, export.CSV, `{}`)
	d.run(d.runner(export.RunnerConfig{}))
	if len(d.fileNames()) != 1 {
		t.Fatalf("files %v", d.fileNames())
	}
	if err := d.svc.Delete(t.Context(), d.by(), d.mine.client, e.ID); err != nil {
		t.Fatal(err)
	}
	if names := d.fileNames(); len(names) != 0 {
		t.Errorf("files %v are left", names)
	}
	_, err := d.svc.Get(t.Context(), d.mine.client, e.ID)
	wantCode(t, err, "not_found")
}

func TestSweepExpiresAndRemovesWhatIsNobodys(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	dir := t.TempDir()
	files, err := filestore.NewDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	d.files = files
	runner := d.runner(export.RunnerConfig{})
	kept, old := d.order(d.mine, export.Posts, export.CSV, `{}`), d.order(d.theirs, export.Posts, export.CSV, `{}`)
	d.run(runner)
	stray := filepath.Join(dir, "notes.txt")
	half := filepath.Join(dir, d.mine.client.String(), kept.ID.String()+"-dead.csv.part")
	for _, name := range []string{stray, half} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d.exec("UPDATE exports SET expires_at = clock_timestamp() WHERE id = $1", old.ID)
	longAgo := time.Now().Add(-48 * time.Hour)
	for _, name := range d.fileNames() {
		if err := os.Chtimes(filepath.Join(dir, name), longAgo, longAgo); err != nil {
			t.Fatal(err)
		}
	}
	if err := runner.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if row := d.get(old); row.State != "expired" || row.Location != nil {
		t.Errorf("the old one is %s at %v", row.State, row.Location)
	}
	_, err = export.New(d.admin, files).Download(t.Context(), d.by(), d.get(old), true)
	wantCode(t, err, "not_found")
	names := d.fileNames()
	if len(names) != 2 || !strings.Contains(strings.Join(names, " "), kept.ID.String()) || !strings.Contains(strings.Join(names, " "), "notes.txt") {
		t.Errorf("files %v, want the kept one and the stranger's", names)
	}
}

func TestDownloadIsLoggedOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	e := d.order(d.mine, export.Posts, export.CSV, `{}`)
	_, err := d.svc.Download(t.Context(), d.by(), d.get(e), true)
	wantCode(t, err, "conflict")
	d.run(d.runner(export.RunnerConfig{}))
	for _, fromStart := range []bool{true, false, false} {
		file, err := d.svc.Download(t.Context(), d.by(), d.get(e), fromStart)
		if err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	if n := d.count("SELECT count(*) FROM audit_log WHERE action = 'export.downloaded' AND target_id = $1", e.ID.String()); n != 1 {
		t.Errorf("%d downloads in the log, want 1", n)
	}
}

// All but the first byte, or the last so many bytes of a shorter file, is the file: who takes that stands in the log.
func TestAPartThatGoesOnWithNothingIsLogged(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	e := d.order(d.mine, export.Posts, export.CSV, `{}`)
	d.run(d.runner(export.RunnerConfig{}))
	other := d.by()
	other.Actor.ID = "100000000000000077"
	for i, step := range []struct {
		by   audit.By
		want int
	}{{d.by(), 1}, {d.by(), 1}, {other, 2}, {other, 2}, {d.by(), 2}} {
		file, err := d.svc.Download(t.Context(), step.by, d.get(e), false)
		if err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
		if n := d.count("SELECT count(*) FROM audit_log WHERE action = 'export.downloaded' AND target_id = $1", e.ID.String()); n != step.want {
			t.Errorf("step %d: %d downloads in the log, want %d", i, n, step.want)
		}
	}
}

func TestRowsAreReadAsARoleThatSeesTheTenantAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.post(d.mine, "x", nil)
	d.post(d.theirs, "y", nil)
	for _, table := range []string{"posts", "client_accounts", "brands", "account_groups", "deliveries", "audit_log", "usage_daily"} {
		var outside, theirs int
		conn := d.export.Tenant(d.mine.client)
		if err := d.export.Shared().QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&outside); err != nil || outside != 0 {
			t.Errorf("%s without a tenant: %d rows, error %v", table, outside, err)
		}
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM "+table+" WHERE client_id <> $1", d.mine.client).Scan(&theirs); err != nil || theirs != 0 {
			t.Errorf("%s: %d rows of others, error %v", table, theirs, err)
		}
		if _, err := conn.Exec(t.Context(), "DELETE FROM "+table); err == nil {
			t.Errorf("%s: the role may delete", table)
		}
	}
}

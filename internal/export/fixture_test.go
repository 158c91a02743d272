package export_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/export"
	"trackbot/internal/filestore"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
	"trackbot/internal/testkit"
)

// desk is two tenants with the same rows but for a marker, their exports, and a folder of files.
type desk struct {
	t      *testing.T
	url    string
	admin  *store.Store
	worker *store.Store
	export *store.Store
	files  *filestore.Disk
	svc    *export.Exports
	mine   tenant
	theirs tenant
}

type tenant struct {
	client, brand, group, account uuid.UUID
	name                          string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	open := func(role store.Role) *store.Store {
		st, err := store.Open(t.Context(), url, role, store.WithMaxConns(4))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(st.Close)
		return st
	}
	files, err := filestore.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	d := &desk{t: t, url: url, admin: open(store.RoleAdmin), worker: open(store.RoleWorker), export: open(store.RoleExport), files: files}
	d.svc = export.New(open(store.RoleAPI), files)
	d.mine, d.theirs = d.tenant("200000000000000001", "mine"), d.tenant("200000000000000002", "theirs")
	return d
}

func (d *desk) exec(sql string, args ...any) {
	d.t.Helper()
	if _, err := d.admin.Shared().Exec(d.t.Context(), sql, args...); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) tenant(guild, name string) tenant {
	d.t.Helper()
	x := tenant{name: name}
	for _, id := range []*uuid.UUID{&x.client, &x.brand, &x.group, &x.account} {
		*id = uuid.Must(uuid.NewV7())
	}
	source := uuid.Must(uuid.NewV7())
	d.exec("INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, $3, $2)", x.client, guild, name)
	d.exec("INSERT INTO guild_settings (client_id) VALUES ($1)", x.client)
	d.exec("INSERT INTO subscriptions (client_id, tier) VALUES ($1, 'pro')", x.client)
	d.exec("INSERT INTO brands (client_id, id, name) VALUES ($1, $2, $3)", x.client, x.brand, name+" brand")
	d.exec("INSERT INTO account_groups (client_id, id, brand_id, name) VALUES ($1, $2, $3, $4)", x.client, x.group, x.brand, name+" group")
	d.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane) VALUES ($1, 'bluesky', $2, $2, $2, 'https://x.example', 1)`,
		source, name+".example")
	d.exec("INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id) VALUES ($1, $2, $3, $4, $5)", x.client, x.account, x.brand, x.group, source)
	return x
}

// post gives a tenant a post, older by a minute for each that is there already.
func (d *desk) post(x tenant, title string, views *int64) {
	d.t.Helper()
	d.exec(`WITH sp AS (INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
		    SELECT gen_random_uuid(), a.source_id, gen_random_uuid()::text, '', now() FROM client_accounts a WHERE a.id = $2 RETURNING *)
		INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, body, published_at, first_seen_at, views)
		SELECT $1, gen_random_uuid(), $2, $3, $4, sp.id, 'bluesky', 'post', sp.external_id, 'https://x.example/1', $5, 'of ' || $6,
		    '2026-03-01 12:00+00'::timestamptz - make_interval(mins => (SELECT count(*)::int FROM posts WHERE client_id = $1)), now(), $7 FROM sp`,
		x.client, x.account, x.brand, x.group, title, x.name, views)
}

// manyPosts gives a tenant n posts in one statement.
func (d *desk) manyPosts(x tenant, n int) {
	d.t.Helper()
	d.exec(`WITH sp AS (INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
		    SELECT gen_random_uuid(), a.source_id, n::text, '', now() - make_interval(secs => n) FROM client_accounts a, generate_series(1, $5::int) n WHERE a.id = $2
		    RETURNING *)
		INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, published_at, first_seen_at)
		SELECT $1, gen_random_uuid(), $2, $3, $4, sp.id, 'bluesky', 'post', sp.external_id, 'https://x.example/1', 'title ' || sp.external_id, sp.published_at, now() FROM sp`,
		x.client, x.account, x.brand, x.group, n)
}

func (d *desk) by() audit.By {
	return audit.By{Actor: audit.Actor{ID: "100000000000000009", Type: audit.User, Name: "Mara"}, Source: audit.FromDashboard}
}

func (d *desk) order(x tenant, kind export.Kind, format export.Format, filters string) db.Export {
	d.t.Helper()
	made, err := d.svc.Request(d.t.Context(), d.by(), x.client, export.Order{Kind: kind, Format: format, Filters: json.RawMessage(filters)})
	if err != nil {
		d.t.Fatal(err)
	}
	return made
}

func (d *desk) runner(cfg export.RunnerConfig) *export.Runner {
	cfg.Idle = time.Millisecond
	return export.NewRunner(d.worker, d.export, d.files, discard(), cfg)
}

// run works until every export of the two tenants has ended.
func (d *desk) run(runner *export.Runner) {
	d.t.Helper()
	ctx, stop := context.WithTimeout(d.t.Context(), 30*time.Second)
	defer stop()
	ended := make(chan struct{})
	go func() { defer close(ended); _ = runner.Run(ctx) }()
	for ctx.Err() == nil && d.count("SELECT count(*) FROM exports WHERE state IN ('queued', 'running')") > 0 {
		pause(ctx)
	}
	if ctx.Err() != nil {
		d.t.Error("the exports were not made in time")
	}
	stop()
	<-ended
}

// pause gives others a moment between two looks at the database.
func pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(2 * time.Millisecond):
	}
}

func (d *desk) count(sql string, args ...any) (n int) {
	d.t.Helper()
	if err := d.admin.Shared().QueryRow(d.t.Context(), sql, args...).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

func (d *desk) get(e db.Export) db.Export {
	d.t.Helper()
	row, err := d.svc.Get(d.t.Context(), e.ClientID, e.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	return row
}

// content is the finished file of an export.
func (d *desk) content(e db.Export) string {
	d.t.Helper()
	row := d.get(e)
	if row.State != "done" {
		d.t.Fatalf("state %s, error %v", row.State, deref(row.Error))
	}
	file, err := d.svc.Download(d.t.Context(), d.by(), row, false)
	if err != nil {
		d.t.Fatal(err)
	}
	defer file.Close()
	body, err := io.ReadAll(file)
	if err != nil {
		d.t.Fatal(err)
	}
	if row.Bytes != int64(len(body)) {
		d.t.Errorf("%d bytes, the export says %d", len(body), row.Bytes)
	}
	return string(body)
}

// made orders an export, makes it and returns its file.
func (d *desk) made(x tenant, kind export.Kind, format export.Format, filters string) string {
	d.t.Helper()
	e := d.order(x, kind, format, filters)
	d.run(d.runner(export.RunnerConfig{}))
	return d.content(e)
}

func (d *desk) fileNames() (names []string) {
	d.t.Helper()
	err := d.files.Each(d.t.Context(), func(name string, _ time.Time) error { names = append(names, name); return nil })
	if err != nil {
		d.t.Fatal(err)
	}
	return names
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || !strings.HasPrefix(err.Error(), code+":") {
		t.Errorf("error %v, want %s", err, code)
	}
}

// brokenFiles fails to create, to write or to commit, as often as it is told.
type brokenFiles struct {
	filestore.Files
	create, commit int
}

var errFull = errors.New("no space left on device")

func (b *brokenFiles) Create(ctx context.Context, name string) (filestore.File, error) {
	if b.create > 0 {
		b.create--
		return nil, errFull
	}
	file, err := b.Files.Create(ctx, name)
	return brokenFile{file, b}, err
}

type brokenFile struct {
	filestore.File
	of *brokenFiles
}

func (f brokenFile) Commit() (int64, error) {
	if f.of.commit > 0 {
		f.of.commit--
		f.Abort()
		return 0, fmt.Errorf("commit: %w", errFull)
	}
	return f.File.Commit()
}

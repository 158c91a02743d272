package erasure_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/erasure"
	"trackbot/internal/filestore"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

const (
	goingGuild   = "100000000000000001"
	stayingGuild = "100000000000000002"
	person       = "300000000000000001"
	bystander    = "300000000000000002"
)

// world is a database with two tenants that have something in every table.
type world struct {
	t              *testing.T
	url            string
	admin, worker  *store.Store
	api            *store.Store
	files          *filestore.Disk
	going, staying uuid.UUID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	files, err := filestore.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	w := &world{t: t, url: testkit.NewDB(t).OwnerURL, files: files}
	w.admin, w.worker, w.api = w.open(store.RoleAdmin), w.open(store.RoleWorker), w.open(store.RoleAPI)
	source := uuid.Must(uuid.NewV7())
	w.exec("INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane) VALUES ($1, 'rss', 'f', 'f', 'F', 'https://f.example', 1)", source)
	w.going, w.staying = w.tenant(goingGuild, "Going", source), w.tenant(stayingGuild, "Staying", source)
	return w
}

func (w *world) open(role store.Role, opts ...store.Option) *store.Store {
	w.t.Helper()
	st, err := store.Open(w.t.Context(), w.url, role, append([]store.Option{store.WithMaxConns(4)}, opts...)...)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(st.Close)
	return st
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.admin.Shared().Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func read[T any](w *world, sql string, args ...any) (v T) {
	w.t.Helper()
	if err := w.admin.Shared().QueryRow(w.t.Context(), sql, args...).Scan(&v); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// tenant makes a tenant with twelve posts of a source, and a row in each table that knows tenants.
func (w *world) tenant(guild, name string, source uuid.UUID) uuid.UUID {
	w.t.Helper()
	client, brand, group, account, export := uuid.Must(uuid.NewV7()), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	channel := "5" + guild[1:]
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{"INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, $3, $4)", []any{client, guild, name, person}},
		{"INSERT INTO guild_settings (client_id, timezone) VALUES ($1, 'UTC')", []any{client}},
		{"INSERT INTO subscriptions (client_id, tier) VALUES ($1, 'pro')", []any{client}},
		{"INSERT INTO guild_channels (client_id, id, name, type, can_send) VALUES ($1, $2, 'news', 'text', true)", []any{client, channel}},
		{"INSERT INTO guild_roles (client_id, id, name, mentionable, permissions) VALUES ($1, $2, 'r', true, '0')", []any{client, channel}},
		{"INSERT INTO brands (client_id, id, name) VALUES ($1, $2, $3)", []any{client, brand, name}},
		{"INSERT INTO account_groups (client_id, id, brand_id, name) VALUES ($1, $2, $3, 'G')", []any{client, group, brand}},
		{"INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id) VALUES ($1, $2, $3, $4, $5)", []any{client, account, brand, group, source}},
		{"INSERT INTO routes (client_id, id, brand_id, channel_id) VALUES ($1, gen_random_uuid(), $2, $3)", []any{client, brand, channel}},
		{
			`WITH sp AS (INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
			SELECT gen_random_uuid(), $5, $6 || n, '', now() - make_interval(hours => n) FROM generate_series(1, 12) n RETURNING *),
			m AS (INSERT INTO post_metrics (source_post_id, measured_at, likes) SELECT id, now(), 1 FROM sp)
			INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, published_at, first_seen_at)
			SELECT $1, gen_random_uuid(), $2, $3, $4, id, 'rss', 'post', external_id, 'https://f.example', published_at, now() FROM sp`,
			[]any{client, account, brand, group, source, guild},
		},
		{"INSERT INTO deliveries (client_id, id, kind, post_id, channel_id, state, detected_at) SELECT $1, gen_random_uuid(), 'post', id, $2, 'sent', now() FROM posts WHERE client_id = $1", []any{client, channel}},
		{"INSERT INTO channel_queues (client_id, channel_id) VALUES ($1, $2)", []any{client, channel}},
		{"INSERT INTO delivery_replays (client_id, idempotency_key, post_id, replayed) VALUES ($1, 'k', $2, '{}')", []any{client, account}},
		{"INSERT INTO usage_daily (client_id, day, polls) VALUES ($1, current_date, 1)", []any{client}},
		{"INSERT INTO api_keys (client_id, id, key_id, secret_hash, name, scopes, created_by) VALUES ($1, gen_random_uuid(), $2, '', 'K', '{read}', $3)", []any{client, guild[10:], person}},
		{"INSERT INTO shares (client_id, id, brand_id, token_hash, created_by, expires_at) VALUES ($1, gen_random_uuid(), $2, $3, $4, now())", []any{client, brand, []byte(guild), person}},
		{"INSERT INTO exports (client_id, id, kind, format, state, location, requested_by) VALUES ($1, $2, 'posts', 'csv', 'done', $3, $4)", []any{client, export, client.String() + "/" + export.String() + ".csv", person}},
		{"INSERT INTO figure_days (client_id, starts_at, ends_at) VALUES ($1, '2026-01-01', '2026-01-02')", []any{client}},
		{"INSERT INTO figures (client_id, starts_at, per, brand_id, platform, account_id, posts) VALUES ($1, '2026-01-01', 'brand', $2, 'rss', $3, 1)", []any{client, brand, uuid.Nil}},
		{"INSERT INTO audit_checks (client_id, seq, hash, checked_at, whole_at) VALUES ($1, 0, '', now(), now())", []any{client}},
	} {
		w.exec(step.sql, step.args...)
	}
	w.put(client.String() + "/" + export.String() + ".csv")
	for n := range 9 {
		w.log(client, []string{person, bystander}[n%2], fmt.Sprint(n))
	}
	return client
}

func (w *world) put(name string) {
	w.t.Helper()
	file, err := w.files.Create(w.t.Context(), name)
	if err == nil {
		_, err = file.Commit()
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// log writes an entry of somebody's, as the API does.
func (w *world) log(client uuid.UUID, who, target string) {
	w.t.Helper()
	err := w.api.InTenantTx(w.t.Context(), client, func(tx store.Conn) error {
		return audit.Append(w.t.Context(), tx, audit.Entry{
			ClientID: client, Action: audit.BrandUpdated, TargetType: audit.TargetBrand, TargetID: target,
			By: audit.By{
				Actor: audit.Actor{ID: who, Type: audit.User, Name: "name-of-" + who}, Source: audit.FromDashboard,
				IP: netip.MustParseAddr("192.0.2.7"), UserAgent: "Browser/1",
			},
		})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// end lets a tenant's grace be over; the bot has left.
func (w *world) end(client uuid.UUID) {
	w.exec("UPDATE clients SET erase_at = now() - interval '1 minute', erase_requested_at = now(), erase_requested_by = $2, removed_at = now() WHERE id = $1", client, person)
}

func (w *world) eraser(st *store.Store, files filestore.Files) *erasure.Eraser {
	return erasure.New(st, files, slog.New(slog.DiscardHandler), erasure.Config{Batch: 5, Settle: time.Nanosecond})
}

func (w *world) round() {
	w.t.Helper()
	if err := w.eraser(w.worker, w.files).Round(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// tables are those that know tenants, by the catalogue.
func (w *world) tables() []string {
	w.t.Helper()
	tables := read[[]string](w, `SELECT array_agg(c.relname::text ORDER BY c.relname) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'client_id'
		WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`)
	if len(tables) < 20 {
		w.t.Fatalf("only %d tables know tenants", len(tables))
	}
	return tables
}

// rows are what a tenant has in each table.
func (w *world) rows(client uuid.UUID) map[string]string {
	w.t.Helper()
	rows := map[string]string{}
	for _, table := range w.tables() {
		rows[table] = read[string](w, fmt.Sprintf("SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM %s t WHERE client_id = $1", table), client)
	}
	return rows
}

// mentions are the tables in which a text stands anywhere.
func (w *world) mentions(text string) (tables []string) {
	w.t.Helper()
	all := read[[]string](w, "SELECT array_agg(relname::text ORDER BY relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
	for _, table := range all {
		if read[bool](w, fmt.Sprintf("SELECT EXISTS (SELECT FROM %s t WHERE strpos(lower(t::text), lower($1)) > 0)", table), text) {
			tables = append(tables, table)
		}
	}
	return tables
}

func (w *world) fileNames() (names []string) {
	w.t.Helper()
	if err := w.files.Each(w.t.Context(), func(name string, _ time.Time) error { names = append(names, name); return nil }); err != nil {
		w.t.Fatal(err)
	}
	return names
}

func (w *world) verify(client uuid.UUID) audit.Report {
	w.t.Helper()
	report, err := audit.Verify(w.t.Context(), w.admin.Shared(), client)
	if err != nil {
		w.t.Fatal(err)
	}
	return report
}

// brokenFiles fails to remove a file, as often as told.
type brokenFiles struct {
	filestore.Files
	failures int
}

func (b *brokenFiles) Remove(ctx context.Context, name string) error {
	if b.failures > 0 {
		b.failures--
		return fmt.Errorf("remove %s: the store is away", strings.Split(name, "/")[1])
	}
	return b.Files.Remove(ctx, name)
}

package erasure_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"trackbot/internal/audit"
	"trackbot/internal/store"
)

// cascades are the tables whose rows go with their client by foreign key, for those that the test has no row of.
const cascades = `SELECT coalesce(array_agg(c.conrelid::regclass::text), '{}') FROM pg_constraint c
	JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] AND a.attname = 'client_id' WHERE c.contype = 'f' AND c.confdeltype = 'c'`

func TestNothingOfAnErasedTenantRemainsAndOthersStayAsTheyWere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before, kept, cascade := w.rows(w.going), w.rows(w.staying), read[[]string](w, cascades)
	for table, rows := range before {
		if rows == "" && !slices.Contains(cascade, table) {
			t.Errorf("the test has no row in %s, which does not go with its client either", table)
		}
	}
	w.exec("INSERT INTO users (id, username) VALUES ($1, 'p')", person)
	w.exec("INSERT INTO user_guilds (user_id, guild_id, name, is_owner, permissions, confirmed_at) SELECT $1, g, 'G', true, '0', now() FROM unnest($2::text[]) g",
		person, []string{goingGuild, stayingGuild})
	w.end(w.going)
	w.round()
	for table, rows := range w.rows(w.going) {
		if rows != "" {
			t.Errorf("%s still has\n%s", table, rows)
		}
	}
	if diff := cmp.Diff(kept, w.rows(w.staying)); diff != "" {
		t.Errorf("the other tenant's rows have changed:\n%s", diff)
	}
	for what, where := range map[string][]string{goingGuild: {"source_posts"}, w.going.String(): {"erased_clients"}} { // the platform's own ids of posts
		if got := w.mentions(what); !slices.Equal(got, where) {
			t.Errorf("%s stands in %v, want %v", what, got, where)
		}
	}
	if n := read[int](w, "SELECT count(*) FROM post_metrics"); n != 12 {
		t.Errorf("%d measurements, want those of the other tenant's posts", n)
	}
	if names := w.fileNames(); len(names) != 1 || !strings.HasPrefix(names[0], w.staying.String()) {
		t.Errorf("files %v", names)
	}
	if got := read[string](w, "SELECT requested_by FROM erased_clients"); got != "manager" {
		t.Errorf("noted %q", got)
	}
	if report := w.verify(w.staying); report != (audit.Report{Entries: 9}) {
		t.Errorf("the other tenant's log: %+v", report)
	}
	w.round() // finds nothing to do
}

func TestATenantIsErasedInItsTimeOnly(t *testing.T) {
	t.Parallel()
	const asked = "erase_requested_at = now(), erase_requested_by = 'operator', "
	for name, tc := range map[string]struct {
		set    string
		erased bool
	}{
		"within the grace":                    {asked + "erase_at = now() + interval '1 minute', removed_at = now()", false},
		"the bot has not left":                {asked + "erase_at = now() - interval '1 minute'", false},
		"the bot could not leave for a day":   {asked + "erase_at = now() - interval '25 hours'", true},
		"the bot was removed":                 {asked + "erase_at = now() - interval '1 minute', removed_at = now() - interval '3 days'", true},
		"nobody asked and the bot is removed": {"removed_at = now()", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.exec("UPDATE clients SET "+tc.set+" WHERE id = $1", w.going)
			w.round()
			if gone := read[bool](w, "SELECT NOT EXISTS (SELECT FROM clients WHERE id = $1)", w.going); gone != tc.erased {
				t.Errorf("erased: %t", gone)
			}
		})
	}
}

// dying cancels the context of the nth statement.
type dying struct {
	left atomic.Int64
	stop context.CancelFunc
}

func (d *dying) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	if d.left.Add(-1) == 0 {
		d.stop()
	}
	return ctx
}

func (d *dying) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// behind does something once a query has been answered.
type behind struct {
	query string
	do    func()
	asked bool
}

func (b *behind) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	b.asked = strings.HasPrefix(data.SQL, "-- name: "+b.query+" ")
	return ctx
}

func (b *behind) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {
	if b.asked {
		b.do()
	}
}

// The operator puts the deletion off when the worker has it on its list already.
func TestATenantWhoseErasureIsPutOffKeepsEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.end(w.going)
	var kept map[string]string
	st := w.open(store.RoleWorker, store.WithMaxConns(1), store.WithTracer(&behind{query: "ListClientsToErase", do: func() {
		w.exec("UPDATE clients SET erase_at = now() + interval '1 day' WHERE id = $1", w.going)
		kept = w.rows(w.going)
	}}))
	if err := w.eraser(st, w.files).Round(t.Context()); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(kept, w.rows(w.going)); diff != "" {
		t.Errorf("the tenant's rows have changed:\n%s", diff)
	}
	if names := w.fileNames(); len(names) != 2 {
		t.Errorf("files %v", names)
	}
}

// A worker that dies at any statement leaves what the next one ends.
func TestAnErasureThatBreaksOffGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kept := w.rows(w.staying)
	w.end(w.going)
	deaths := 0
	for {
		ctx, stop := context.WithCancel(t.Context())
		tracer := &dying{stop: stop}
		st := w.open(store.RoleWorker, func(c *pgxpool.Config) { c.ConnConfig.Tracer = tracer })
		tracer.left.Store(int64(deaths + 1))
		err := w.eraser(st, w.files).Round(ctx)
		stop()
		if err == nil {
			break
		}
		deaths++
	}
	if deaths < 10 {
		t.Fatalf("the worker has died %d times only", deaths)
	}
	for table, rows := range w.rows(w.going) {
		if rows != "" {
			t.Errorf("%s still has\n%s", table, rows)
		}
	}
	if diff := cmp.Diff(kept, w.rows(w.staying)); diff != "" {
		t.Errorf("the other tenant's rows have changed:\n%s", diff)
	}
}

// A long log goes in batches; what is left of it meanwhile is no log that somebody has tampered with.
func TestALogThatIsBeingErasedIsNotHeldToBeTamperedWith(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.end(w.going)
	w.exec("DELETE FROM audit_checks")
	if _, err := w.worker.Shared().Exec(t.Context(), "DELETE FROM audit_log WHERE client_id = $1 AND seq <= 3", w.going); err != nil {
		t.Fatal(err)
	}
	if err := audit.NewChecker(w.worker, slog.New(slog.DiscardHandler), time.Now).Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := read[int](w, "SELECT count(*) FROM audit_checks WHERE broken_seq IS NOT NULL"); n != 0 {
		t.Errorf("%d logs count as broken", n)
	}
	if n := read[int](w, "SELECT count(*) FROM audit_checks WHERE client_id = $1", w.staying); n != 1 {
		t.Error("the other tenant's log was not checked")
	}
}

func TestATenantStaysUntilItsFilesAreGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.end(w.going)
	files := &brokenFiles{Files: w.files, failures: 1}
	if err := w.eraser(w.worker, files).Round(t.Context()); err == nil || !strings.Contains(err.Error(), "the store is away") {
		t.Errorf("got %v", err)
	}
	if read[int](w, "SELECT count(*) FROM clients") != 2 {
		t.Error("the tenant went before its files")
	}
	if err := w.eraser(w.worker, files).Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if read[int](w, "SELECT count(*) FROM clients") != 1 || len(w.fileNames()) != 1 {
		t.Error("the tenant or its file is still there")
	}
}

func TestAPersonWhoHasLeftIsAnAliasInEveryLogAndTheChainsAreWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec("UPDATE clients SET owner_id = $1", bystander) // who owns a guild is Discord's to say
	w.exec("UPDATE clients SET erase_at = now() + interval '1 day', erase_requested_at = now(), erase_requested_by = $1", person)
	w.exec("UPDATE audit_log SET ip_address = NULL, user_agent = '' WHERE seq = 3") // as the operator may
	others := read[string](w, "SELECT string_agg(l::text, E'\n' ORDER BY client_id, seq) FROM audit_log l WHERE actor_id = $1", bystander)
	w.exec("INSERT INTO account_erasures (user_id, requested_at) VALUES ($1, clock_timestamp())", person)
	w.round()
	for _, text := range []string{person, "name-of-" + person} {
		if got := w.mentions(text); len(got) > 0 {
			t.Errorf("%s stands in %v", text, got)
		}
	}
	aliases := read[[]string](w, "SELECT array_agg(DISTINCT actor_id) FROM audit_log WHERE actor_id LIKE 'deleted-%'")
	if n := read[int](w, "SELECT count(*) FROM audit_log WHERE actor_id LIKE 'deleted-%' AND actor_name = '' AND ip_address IS NULL AND user_agent = ''"); n != 10 || len(aliases) != 2 {
		t.Errorf("%d entries under %v, want 10 under one alias a tenant", n, aliases)
	}
	if got := read[string](w, "SELECT string_agg(l::text, E'\n' ORDER BY client_id, seq) FROM audit_log l WHERE actor_id = $1", bystander); got != others {
		t.Error("entries of somebody else have changed")
	}
	for _, client := range []uuid.UUID{w.going, w.staying} {
		if report := w.verify(client); report != (audit.Report{Entries: 9}) {
			t.Errorf("verify: %+v", report)
		}
	}
	for _, table := range []string{"api_keys", "shares"} {
		if got := read[string](w, "SELECT string_agg(DISTINCT created_by, ',') FROM "+table); got != "deleted" {
			t.Errorf("%s were made by %s", table, got)
		}
	}
}

func TestWhoComesBackKeepsTheirNewEntries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec("INSERT INTO account_erasures (user_id, requested_at) VALUES ($1, clock_timestamp() - interval '1 minute')", person)
	w.round()
	if n := read[int](w, "SELECT count(*) FROM audit_log WHERE actor_id = $1", person); n != 10 {
		t.Errorf("%d of 10 entries are left of somebody who left before them", n)
	}
	if n := read[int](w, "SELECT count(*) FROM account_erasures"); n != 0 {
		t.Error("the note is still there")
	}
}

// The worker may put the alias in the place of those who have left and of nobody else, and nothing but the alias.
func TestTheLogCanBeChangedForThoseWhoHaveLeftOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const alias = "UPDATE audit_log SET ip_address = NULL, user_agent = '', actor_id = actor_alias, actor_name = ''"
	refused := func(sql string) {
		t.Helper()
		if _, err := w.worker.Shared().Exec(t.Context(), sql); err == nil {
			t.Errorf("the worker may %s", sql)
		}
	}
	refused(alias)
	refused("DELETE FROM audit_log")
	refused("UPDATE audit_log SET ip_address = NULL, user_agent = ''")
	w.exec("INSERT INTO account_erasures (user_id) VALUES ($1)", person)
	refused(alias)
	mine := " WHERE actor_id = '" + person + "'"
	refused("UPDATE audit_log SET ip_address = NULL, user_agent = '', actor_id = 'somebody', actor_name = ''" + mine)
	refused("UPDATE audit_log SET ip_address = NULL, user_agent = '', actor_id = actor_alias, actor_name = 'Somebody'" + mine)
	w.end(w.going)
	refused("DELETE FROM audit_log")
	if _, err := w.worker.Shared().Exec(t.Context(), alias+mine); err != nil {
		t.Errorf("who has left: %v", err)
	}
	if _, err := w.worker.Shared().Exec(t.Context(), "DELETE FROM audit_log WHERE client_id = $1", w.going); err != nil {
		t.Errorf("the log of a tenant that is erased: %v", err)
	}
}

package store_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"trackbot/internal/store"
)

// untold are the tables of tenants whose changes nobody is told of, since no kept answer is made of them.
func untold() []string { return []string{"audit_heads", "channel_queues", "usage_daily"} }

// Every write of every table of tenants, those of later migrations included, is told in its transaction: the rows
// are made up from the catalogue, in a database without the constraints that would want them to make sense.
func TestEveryWriteOfATenantsDataIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, admin := open(t, w.url, roleOwner, 1), open(t, w.url, store.RoleAdmin, 1)
	for _, drop := range rowsOf(t, owner, `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
		WHERE contype IN ('f', 'c') AND connamespace = 'public'::regnamespace`) {
		exec(t, owner.Shared(), drop)
	}
	told := newEar()
	l := admin.NewListener(store.ListenerConfig{})
	l.Subscribe(store.ChannelData, told.tell)
	run(t, l)
	told.want(t, missed())
	waitFor(t, l.Hearing)
	for _, table := range tablesOfTenants(t, owner) {
		client := uuid.New()
		key := "client_id"
		if table == "clients" {
			key = "id"
		}
		row := newRow(t, owner, table, key, client)
		writes := []string{
			fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(slices.Sorted(maps.Keys(row)), ", "), strings.Join(values(row), ", ")),
			fmt.Sprintf("UPDATE %s SET %s = %[2]s WHERE %[2]s = '%s'", table, key, client),
			fmt.Sprintf("DELETE FROM %s WHERE %s = '%s'", table, key, client),
		}
		if table == "audit_log" { // append-only
			writes = writes[:1]
		}
		for _, write := range writes {
			exec(t, admin.Shared(), write)
			if err := l.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			got, want := heardSoFar(told), client.String()+" "+table // and what triggers write elsewhere
			if slices.Contains(got, want) == slices.Contains(untold(), table) {
				t.Errorf("%s: told %q", write, got)
			}
		}
	}
}

func tablesOfTenants(t *testing.T, owner *store.Store) []string {
	t.Helper()
	tables := rowsOf(t, owner, `SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'client_id' AND NOT a.attisdropped
		WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1`)
	if len(tables) < 15 {
		t.Fatalf("only %v are found", tables)
	}
	return append(tables, "clients")
}

// newRow gives every column that needs one a value of its type.
func newRow(t *testing.T, owner *store.Store, table, key string, client uuid.UUID) map[string]string {
	t.Helper()
	row := map[string]string{key: "'" + client.String() + "'"}
	for _, column := range rowsOf(t, owner, `SELECT attname || ' ' || format_type(atttypid, NULL) FROM pg_attribute
		WHERE attrelid = '`+table+`'::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull AND NOT atthasdef AND attidentity = ''`) {
		name, kind, _ := strings.Cut(column, " ")
		if name == key {
			continue
		}
		made := map[string]string{
			"uuid": "gen_random_uuid()", "text": "'x'", "timestamp with time zone": "now()", "date": "now()::date", "integer": "1", "smallint": "1",
			"bigint": "1", "boolean": "true", "bytea": `'\x00'`, "jsonb": "'{}'", "text[]": "'{}'", "double precision": "1", "interval": "'1 s'", "uuid[]": "'{}'",
		}[kind]
		if made == "" {
			t.Fatalf("%s.%s: no value of type %s", table, name, kind)
		}
		row[name] = made
	}
	return row
}

func values(row map[string]string) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(row)) {
		out = append(out, row[name])
	}
	return out
}

func rowsOf(t *testing.T, s *store.Store, sql string) []string {
	t.Helper()
	rows, err := s.Shared().Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		out = append(out, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func heardSoFar(e ear) (payloads []string) {
	for {
		select {
		case n := <-e.heard:
			payloads = append(payloads, n.Payload)
		default:
			return payloads
		}
	}
}

// A change of many rows and tables of many tenants is told once each, and one that is undone not at all.
func TestDataIsToldOnceATransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := open(t, w.url, store.RoleAdmin, 2)
	told := newEar()
	l := admin.NewListener(store.ListenerConfig{})
	l.Subscribe(store.ChannelData, told.tell)
	run(t, l)
	told.want(t, missed())
	waitFor(t, l.Hearing)
	change := func(undo error) error {
		return admin.InTx(t.Context(), func(tx store.Conn) error {
			for range 3 {
				exec(t, tx, "UPDATE brands SET updated_at = now()")
				exec(t, tx, "UPDATE guild_settings SET updated_at = now() WHERE client_id = $1", w.a)
			}
			return undo
		})
	}
	if err := change(fmt.Errorf("undone")); err == nil {
		t.Fatal("nothing was undone")
	}
	if err := change(nil); err != nil {
		t.Fatal(err)
	}
	if err := l.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, want := heardSoFar(told), []string{w.a.String() + " brands", w.b.String() + " brands", w.a.String() + " guild_settings"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
}

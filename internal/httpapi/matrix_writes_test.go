package httpapi_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// tenantWrites are the queries of package db that may change or lock rows of a client, and the counts that
// tenantReads leaves out. What takes no client is called too: the API's role must not get far with it.
func tenantWrites() []query {
	queries := reflect.ValueOf(db.New())
	var writes []query
	for i := range queries.NumMethod() {
		m := queries.Type().Method(i)
		if !strings.HasPrefix(m.Name, "List") && !strings.HasPrefix(m.Name, "Get") {
			writes = append(writes, query{m, queries.Method(i)})
		}
	}
	return writes
}

// filled gives a write of a client's rows every parameter, so that it hits what about names.
func (q query) filled(client uuid.UUID, about ids) []reflect.Value {
	var args []reflect.Value
	seen := false // of the parameters without names the first UUID is the client, the next the object
	for i := 2; i < q.call.Type().NumIn(); i++ {
		arg := reflect.New(q.call.Type().In(i)).Elem()
		name := "ClientID"
		if seen {
			name = "ID"
		}
		switch arg.Interface().(type) {
		case uuid.UUID:
			seen = true
		case string, *string, []string:
			name = "ChannelID"
			if strings.Contains(q.Name, "Role") {
				name = "MentionRoleID"
			}
		}
		if arg.Kind() == reflect.Struct && arg.Type() != reflect.TypeFor[time.Time]() {
			for f := range arg.NumField() {
				q.fill(arg.Field(f), arg.Type().Field(f).Name, client, about)
			}
		} else {
			q.fill(arg, name, client, about)
		}
		args = append(args, arg)
	}
	return args
}

// object is the id of what the write is about, by its name; of a new thing a new one.
func (q query) object(about ids) string {
	if strings.HasPrefix(q.Name, "Insert") || strings.HasPrefix(q.Name, "Append") {
		return uuid.NewString()
	}
	for _, noun := range []string{"Account", "Brand", "Group", "Post", "Channel", "Role", "Export", "Route", "Delivery"} {
		if strings.Contains(q.Name, noun) {
			return about[strings.ToLower(noun)+"Id"]
		}
	}
	return about["accountId"]
}

func (q query) fill(v reflect.Value, name string, client uuid.UUID, about ids) {
	text := ""
	if q.Name == "InsertRoute" && (name == "GroupID" || name == "BrandID") {
		return // a route aims at one thing
	}
	switch {
	case name == "ID":
		text = q.object(about)
	case strings.HasPrefix(name, "ClientI"):
		text = client.String()
	case strings.HasSuffix(name, "ID"):
		text = about[strings.ToLower(name[:1])+strings.TrimSuffix(name[1:], "ID")+"Id"]
	default:
		text = map[string]string{"ActorType": "user", "Source": "dashboard", "TargetType": "brand", "Changes": "[]", "Tier": "pro", "Format": "csv"}[name]
		if name == "Kind" && strings.Contains(q.Name, "Export") {
			text = "posts"
		}
	}
	if text == "" {
		text = name + uuid.NewString()
	}
	id, err := uuid.Parse(text)
	switch v.Interface().(type) {
	case uuid.UUID:
		if err == nil {
			v.Set(reflect.ValueOf(id))
		}
	case *uuid.UUID:
		if err == nil {
			v.Set(reflect.ValueOf(&id))
		}
	case []uuid.UUID:
		v.Set(reflect.ValueOf([]uuid.UUID{id, client}))
	case string:
		v.SetString(text)
	case *string:
		v.Set(reflect.ValueOf(&text))
	case []string:
		v.Set(reflect.ValueOf([]string{text}))
	case json.RawMessage:
		v.Set(reflect.ValueOf(json.RawMessage(`[]`)))
	case []byte:
		v.Set(reflect.ValueOf([]byte{1}))
	case int32, int64:
		v.SetInt(1)
	case time.Time:
		v.Set(reflect.ValueOf(time.Now()))
	}
}

// changed counts the rows that the connection has written of late in tables that know tenants.
const changed = `SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int FROM pg_stat_xact_user_tables s
	WHERE relname = 'clients' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = s.relid AND a.attname = 'client_id' AND NOT a.attisdropped)`

// mixed counts the rows in sight that name an object. Posts are left out: their brand and group are copies
// of their account's, without a key of their own.
const mixed = `SELECT count(*) FROM (SELECT t::text FROM brands t UNION ALL SELECT t::text FROM account_groups t UNION ALL
	SELECT t::text FROM client_accounts t UNION ALL SELECT t::text FROM routes t UNION ALL
	SELECT t::text FROM deliveries t) rows (row) WHERE strpos(row, $1) > 0`

var errUndo = errors.New("undo")

// number gives the one number that a query of the transaction returns.
func number(t *testing.T, tx store.Conn, sql string, args ...any) (n int) {
	t.Helper()
	if err := tx.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// try runs the write in the scope of a tenant, lets look see what it returned and did, and undoes it.
func (q query) try(t *testing.T, st *store.Store, scope uuid.UUID, args []reflect.Value, look func(tx store.Conn, written int, out []reflect.Value)) error {
	t.Helper()
	return st.InTenantTx(t.Context(), scope, func(tx store.Conn) error {
		before := number(t, tx, changed)
		out := q.call.Call(append([]reflect.Value{reflect.ValueOf(t.Context()), reflect.ValueOf(tx)}, args...))
		if err, _ := out[len(out)-1].Interface().(error); err != nil {
			return err
		}
		if _, err := tx.Exec(t.Context(), "SET CONSTRAINTS ALL IMMEDIATE"); err != nil {
			return err
		}
		look(tx, number(t, tx, changed)-before, out)
		return errUndo
	})
}

// touches tells whether the write changes, locks or counts any row.
func (q query) touches(t *testing.T, st *store.Store, scope, client uuid.UUID, about ids) (touched bool, err error) {
	t.Helper()
	err = q.try(t, st, scope, q.filled(client, about), func(_ store.Conn, written int, out []reflect.Value) {
		looks := strings.HasPrefix(q.Name, "Lock") || strings.HasPrefix(q.Name, "Count")
		touched = written > 0 || looks && len(out) > 1 && !out[0].IsZero() && (out[0].Kind() != reflect.Slice || out[0].Len() > 0)
	})
	return touched, err
}

// apiWrites are the names of the queries that lock or change a client's rows in files the API's changes are made of.
func apiWrites(t *testing.T) (names []string) {
	t.Helper()
	write := regexp.MustCompile(`(?m)^(INSERT|UPDATE|DELETE|.*FOR (NO KEY )?UPDATE)`)
	for _, file := range []string{"tracking", "routes", "audit", "limits", "export"} {
		sql, err := os.ReadFile("../store/queries/" + file + ".sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range strings.Split(string(sql), "-- name: ")[1:] {
			if strings.Contains(statement, "\n-- Worker") || strings.Contains(statement, "\n-- Operator") {
				continue
			}
			if write.MatchString(statement) && strings.Contains(statement, "@client_id") && !strings.Contains(statement, "rate_budgets") {
				name, _, _ := strings.Cut(statement, " ")
				names = append(names, name)
			}
		}
	}
	return names
}

// newWritesFence is a fence in which every write of the API finds something to do.
func newWritesFence(t *testing.T) *fence {
	f := newFence(t)
	for _, n := range []*newsroom{f.mine, f.theirs} {
		n.exec("INSERT INTO audit_heads (client_id, seq, hash, salt) VALUES ($1, 0, '', '') ON CONFLICT DO NOTHING", n.client)
		n.exec("UPDATE exports SET created_at = now() - interval '2 days' WHERE client_id = $1", n.client)
		n.exec("UPDATE deliveries SET state = 'dead' WHERE client_id = $1", n.client)
	}
	source := func(n *newsroom) string {
		return one[string](n, "SELECT source_id::text FROM client_accounts WHERE client_id = $1", n.client)
	}
	f.own["sourceId"], f.foreign["sourceId"] = source(f.theirs), source(f.mine) // what one tracks the other may track too
	return f
}

// Row level security alone keeps tenants apart: a write that names another's client touches nothing.
func TestWritesOfAnotherClientTouchNoRows(t *testing.T) {
	t.Parallel()
	f := newWritesFence(t)
	idle := map[string]error{} // why a write touches not even its own
	for _, q := range tenantWrites() {
		if touched, err := q.touches(t, f.theirs.api, f.theirs.client, f.theirs.client, f.foreign); !touched {
			idle[q.Name] = err
		}
		for name, scope := range map[string]uuid.UUID{"mine": f.mine.client, "nobody": uuid.New()} {
			if touched, _ := q.touches(t, f.mine.api, scope, f.theirs.client, f.foreign); touched {
				t.Errorf("%s of another's client in the scope of %s touches rows", q.Name, name)
			}
		}
	}
	for _, name := range apiWrites(t) {
		if err := idle[name]; err != nil && name != "StartAuditHead" && name != "CopyDelivery" { // the chain has begun, and the post has its channel
			t.Errorf("%s does not touch its own rows: %v", name, err)
		}
	}
}

// Composite keys alone keep tenants apart: whatever object of another's a write of one's own names, no row of
// one's own comes to hold it.
func TestWritesOfOneOwnTakeNoObjectOfAnother(t *testing.T) {
	t.Parallel()
	f := newWritesFence(t)
	refused := 0
	for _, q := range tenantWrites() {
		if touched, _ := q.touches(t, f.mine.api, f.mine.client, f.mine.client, f.own); !touched {
			continue
		}
		for _, name := range []string{"brandId", "groupId", "accountId", "postId", "routeId", "deliveryId"} {
			about := maps.Clone(f.own)
			about[name] = f.foreign[name]
			err := q.try(t, f.mine.api, f.mine.client, q.filled(f.mine.client, about), func(tx store.Conn, _ int, _ []reflect.Value) {
				if rows := number(t, tx, mixed, f.foreign[name]); rows > 0 {
					t.Errorf("%s puts another's %s into %d rows", q.Name, name, rows)
				}
			})
			if !errors.Is(err, errUndo) {
				refused++
			}
		}
	}
	if refused < 5 {
		t.Errorf("only %d writes met a key", refused)
	}
}

package httpapi_test

import (
	"math"
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

// query is a read of package db that names a client.
type query struct {
	reflect.Method
	call reflect.Value
}

// tenantReads are the reads of package db that take a client's id, alone or among their parameters.
func tenantReads() []query {
	queries := reflect.ValueOf(db.New())
	var reads []query
	for i := range queries.NumMethod() {
		m := queries.Type().Method(i)
		if !strings.HasPrefix(m.Name, "List") && !strings.HasPrefix(m.Name, "Get") || m.Type.NumIn() < 4 {
			continue
		}
		arg := m.Type.In(3)
		if arg.Kind() == reflect.Struct {
			field, ok := arg.FieldByName("ClientID")
			if !ok || field.Type != reflect.TypeFor[uuid.UUID]() {
				continue
			}
		} else if arg != reflect.TypeFor[uuid.UUID]() {
			continue
		}
		reads = append(reads, query{m, queries.Method(i)})
	}
	return reads
}

// run asks for everything of a client on a connection and tells whether there was anything.
func (q query) run(t *testing.T, conn store.Conn, client uuid.UUID, about ids) (found bool, err error) {
	t.Helper()
	args := []reflect.Value{reflect.ValueOf(t.Context()), reflect.ValueOf(conn)}
	for i := 2; i < q.call.Type().NumIn(); i++ {
		arg := reflect.New(q.call.Type().In(i)).Elem()
		switch {
		case i == 2 && arg.Kind() != reflect.Struct:
			arg.Set(reflect.ValueOf(client))
		case arg.Kind() == reflect.Struct && arg.Type() != reflect.TypeFor[time.Time]():
			for f := range arg.NumField() {
				set(arg.Field(f), arg.Type().Field(f).Name, client, about)
			}
		case arg.Type() == reflect.TypeFor[uuid.UUID]() && strings.Contains(q.Name, "Post"):
			set(arg, "PostID", client, about)
		case arg.Kind() == reflect.Slice:
			set(arg, "IDs", client, about)
		case arg.Type() == reflect.TypeFor[uuid.UUID]() && strings.Contains(q.Name, "Export"):
			set(arg, "ExportID", client, about)
		default:
			set(arg, "AccountID", client, about)
		}
		args = append(args, arg)
	}
	out := q.call.Call(args)
	if err, _ := out[1].Interface().(error); err != nil {
		return false, err
	}
	if out[0].Kind() == reflect.Slice {
		return out[0].Len() > 0, nil
	}
	return !out[0].IsZero(), nil
}

// set gives a parameter the value that excludes least.
func set(v reflect.Value, name string, client uuid.UUID, about ids) {
	key := strings.ToLower(name[:1]) + strings.TrimSuffix(name[1:], "ID") + "Id"
	switch v.Interface().(type) {
	case uuid.UUID:
		switch {
		case name == "ClientID":
			v.Set(reflect.ValueOf(client))
		case strings.HasPrefix(name, "Before"):
			v.Set(reflect.ValueOf(uuid.Max))
		case about[key] != "":
			v.Set(reflect.ValueOf(uuid.MustParse(about[key])))
		}
	case bool:
		v.SetBool(true)
	case []time.Time: // one span that holds all
		at := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
		if name == "Ends" {
			at = at.AddDate(9000, 0, 0)
		}
		v.Set(reflect.ValueOf([]time.Time{at}))
	case []int32:
		v.Set(reflect.ValueOf([]int32{0}))
	case []uuid.UUID:
		v.Set(reflect.ValueOf([]uuid.UUID{uuid.MustParse(about["brandId"]), uuid.MustParse(about["accountId"])}))
	case string:
		v.SetString(map[string]string{"Platform": "bluesky", "Kind": "post", "Per": "brand"}[name])
	case int32:
		v.SetInt(50)
	case int64:
		if strings.HasPrefix(name, "Before") {
			v.SetInt(math.MaxInt64)
		}
	case time.Time:
		if name == "BeforeTime" || name == "LastDay" {
			v.Set(reflect.ValueOf(time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)))
		}
	}
}

// Row level security alone keeps tenants apart: a query that names another's client finds nothing.
func TestReadsOfAnotherClientFindNoRows(t *testing.T) {
	t.Parallel()
	f := newFence(t)
	held := map[string]bool{}
	for _, q := range tenantReads() {
		own, err := q.run(t, f.theirs.api.Tenant(f.theirs.client), f.theirs.client, f.foreign)
		if err != nil || !own {
			continue // other services' reads; those of the API are counted below
		}
		held[q.Name] = true
		for scope, conn := range map[string]store.Conn{"mine": f.mine.api.Tenant(f.mine.client), "none": f.mine.api.Shared()} {
			if found, err := q.run(t, conn, f.theirs.client, f.foreign); found || err != nil && !store.IsNotFound(err) {
				t.Errorf("%s of another's client in the scope of %s: found %t, %v", q.Name, scope, found, err)
			}
		}
	}
	var sql []byte
	for _, file := range []string{"reads", "directory", "history", "figures", "auditlog", "attention", "shares", "export"} {
		text, err := os.ReadFile("../store/queries/" + file + ".sql")
		if err != nil {
			t.Fatal(err)
		}
		sql = append(sql, text...)
	}
	for _, name := range regexp.MustCompile(`(?m)^-- name: ((?:List|Get)\w+) :\w+\n-- API.*`).FindAllStringSubmatch(string(sql), -1) {
		shared := name[1] == "ListGuildSummaries" // of the guilds it names
		if !held[name[1]] && !shared {
			t.Errorf("%s does not find its own rows, or takes no client", name[1])
		}
	}
	if rows, err := db.New().ListGuildSummaries(t.Context(), f.mine.api.Tenant(f.mine.client), []string{f.theirs.guildID}); err != nil || len(rows) > 0 {
		t.Errorf("summaries of another's guild: %d, %v", len(rows), err)
	}
	if rows, err := db.New().ListGuildSummaries(t.Context(), f.mine.api.Directory([]string{f.mine.guildID}), []string{f.theirs.guildID}); err != nil || len(rows) > 0 {
		t.Errorf("summaries of a guild that the directory does not name: %d, %v", len(rows), err)
	}
}

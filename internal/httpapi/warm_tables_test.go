package httpapi_test

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trackbot/internal/analytics"
	directory "trackbot/internal/guild"
	"trackbot/internal/httpapi"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
	"trackbot/internal/usage"
)

// statements keeps what is asked of the database.
type statements struct {
	mu   sync.Mutex
	text []string
}

func (s *statements) add(sql string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text = append(s.text, sql)
}

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	s.add(q.SQL)
	return ctx
}

func (s *statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (s *statements) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

func (s *statements) TraceBatchQuery(_ context.Context, _ *pgx.Conn, q pgx.TraceBatchQueryData) {
	s.add(q.SQL)
}

func (s *statements) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// take returns the tables that the statements since the last call name, and forgets them.
func (s *statements) take(relations map[string][]string) (tables []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sql := range s.text {
		for _, list := range regexp.MustCompile(`(?:FROM|JOIN)\s+((?:\w+(?:\s+\w+)?\s*,\s*)*\w+)`).FindAllStringSubmatch(sql, -1) {
			for name := range strings.SplitSeq(list[1], ",") {
				name, _, _ = strings.Cut(strings.TrimSpace(name), " ")
				tables = append(tables, relations[name]...)
			}
		}
	}
	s.text = nil
	slices.Sort(tables)
	return slices.Compact(tables)
}

// Every table that a kept answer is made of either ends it when it changes, or the answer is kept for seconds alone.
func TestKeptAnswersEndWithEveryTableTheyAreMadeOf(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n := newNewsroom(t, w, "Anna's")
	n.post(n.account(n.group(n.brand("Brand"), "Group"), "bluesky", "handle"), "post", "Title", 1)
	var asked statements
	st, err := store.Open(t.Context(), w.url, store.RoleAPI, store.WithTracer(&asked))
	n.must(err)
	t.Cleanup(st.Close)
	deps := w.deps
	deps.Warm, deps.Tracked, deps.Analytics = nil, tracking.NewReader(st), analytics.NewReader(st)
	deps.Directory, deps.Usage = directory.NewReader(st, heartbeat, time.Now), usage.NewReader(st, time.Now)
	h, err := httpapi.New(deps)
	n.must(err)
	relations, told := n.relations(), n.told()
	seen := 0
	for operation, paths := range map[string][]string{
		"listPosts":  {"/posts", "/posts?sort=views", "/posts?sort=likes", "/posts?kind=post", "/posts?platform=rss", "/posts?brandId=" + newID().String(), "/posts?groupId=" + newID().String(), "/posts?accountId=" + newID().String()},
		"listBrands": {"/brands"}, "listGroups": {"/groups"}, "getGuild": {""}, "getGuildUsage": {"/usage"}, "listAccounts": {"/accounts"},
		"getAnalytics": {"/analytics?from=2026-11-01&to=2026-11-20", "/analytics?from=2026-11-01&to=2026-11-20&groupBy=account"},
	} {
		keep := httpapi.KeepsOf(operation)
		for _, path := range paths {
			if got := (call{method: "GET", path: n.path(path), token: n.token}).send(h); got.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", path, got.Code, got.Body)
			}
			tables := asked.take(relations)
			if len(tables) == 0 {
				t.Errorf("%s asks for nothing", path)
			}
			seen++
			for _, table := range tables {
				ends := slices.Contains(told, table) && (len(keep.Tables) == 0 || slices.Contains(keep.Tables, table))
				if !ends && keep.Life > 5*time.Second {
					t.Errorf("%s is made of %s, and kept for %s when that changes", path, table, keep.Life)
				}
			}
		}
	}
	if kept := httpapi.KeptOperations(); len(kept) != 7 || seen < len(kept) {
		t.Errorf("kept are %v", kept)
	}
}

// relations are the tables behind each name in public: a table's own, or those that a view reads.
func (n *newsroom) relations() map[string][]string {
	n.t.Helper()
	rows, err := n.admin.Shared().Query(n.t.Context(), `
		SELECT relname::text, relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
		UNION
		SELECT v.relname::text, c.relname::text FROM pg_class v JOIN pg_rewrite r ON r.ev_class = v.oid
		JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
		JOIN pg_class c ON c.oid = d.refobjid AND c.relkind IN ('r', 'p') WHERE v.relkind = 'v' AND v.relnamespace = 'public'::regnamespace`)
	n.must(err)
	defer rows.Close()
	out := map[string][]string{}
	for rows.Next() {
		var name, table string
		n.must(rows.Scan(&name, &table))
		out[name] = append(out[name], table)
	}
	n.must(rows.Err())
	return out
}

// told are the tables whose changes are told.
func (n *newsroom) told() []string {
	n.t.Helper()
	return one[[]string](n, `SELECT array_agg(DISTINCT tgrelid::regclass::text) FROM pg_trigger WHERE tgname = 'data_updated' AND tgenabled = 'O'`)
}

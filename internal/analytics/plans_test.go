package analytics_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"trackbot/internal/analytics"
	"trackbot/internal/store"
)

// lastFigures remembers the last query for figures.
type lastFigures struct {
	mu   sync.Mutex
	sql  string
	args []any
}

func (l *lastFigures) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}
func (l *lastFigures) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (l *lastFigures) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

func (l *lastFigures) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if strings.Contains(data.SQL, "ListFigures") {
		l.sql, l.args = data.SQL, data.Args
	}
}
func (l *lastFigures) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// fill gives the tenant's accounts posts, one every so often back from now.
func (n *tenant) fill(posts int, every time.Duration) {
	n.t.Helper()
	n.exec(`WITH a AS (SELECT a.*, s.platform, row_number() OVER () - 1 AS nr, count(*) OVER () AS total FROM client_accounts a JOIN sources s ON s.id = a.source_id WHERE client_id = $1),
		sp AS (INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
			SELECT gen_random_uuid(), a.source_id, 'p' || n, '', now() - n * make_interval(secs => $3)
			FROM generate_series(1, $2::int) n JOIN a ON a.nr = n % a.total RETURNING *)
		INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, body, published_at, first_seen_at, views, likes)
		SELECT a.client_id, gen_random_uuid(), a.id, a.brand_id, a.group_id, sp.id, a.platform, 'post', sp.external_id, '', repeat('Some text of a post. ', 20), sp.published_at, now(), 1, 1
		FROM sp JOIN a ON a.source_id = sp.source_id`, n.client, posts, every.Seconds())
}

// explain shows the generic plan as it ran, which the API's sessions use for every argument.
func (n *tenant) explain(q *lastFigures) string {
	n.t.Helper()
	var plan strings.Builder
	n.must(n.api.InTenantTx(n.t.Context(), n.client, func(tx store.Conn) error {
		name := "figures_" + strings.ReplaceAll(uuid.NewString(), "-", "")
		for _, sql := range []string{"SET LOCAL plan_cache_mode = force_generic_plan", "PREPARE " + name + " AS " + q.sql} {
			if _, err := tx.Exec(n.t.Context(), sql); err != nil {
				return err
			}
		}
		rows, err := tx.Query(n.t.Context(), "EXPLAIN (ANALYZE, BUFFERS) EXECUTE "+name+"("+literals(q.args)+")")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				return err
			}
			plan.WriteString(line + "\n")
		}
		return rows.Err()
	}))
	return plan.String()
}

func literals(args []any) string {
	out := make([]string, len(args))
	for i, arg := range args {
		switch v := arg.(type) {
		case uuid.UUID, string:
			out[i] = fmt.Sprintf("'%v'", v)
		case []time.Time:
			var at []string
			for _, t := range v {
				at = append(at, t.UTC().Format(time.RFC3339Nano))
			}
			out[i] = "'{" + strings.Join(at, ",") + "}'"
		case []int32:
			out[i] = "'{" + strings.Trim(strings.Join(strings.Fields(fmt.Sprint(v)), ","), "[]") + "}'"
		default:
			out[i] = "NULL"
		}
	}
	return strings.Join(out, ", ")
}

func TestFiguresReadTheirDaysAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n, other := w.tenant("200000000000000001", "Europe/Berlin"), w.tenant("200000000000000002", "UTC")
	n.fill(40_000, 7*time.Minute) // 194 days
	other.fill(10_000, 30*time.Minute)
	vacuum := func() {
		owner, err := pgx.Connect(t.Context(), w.url)
		w.must(err)
		defer owner.Close(context.WithoutCancel(t.Context())) // nothing is written
		_, err = owner.Exec(t.Context(), "VACUUM ANALYZE")
		w.must(err)
	}
	vacuum()
	last := &lastFigures{}
	api, err := store.Open(t.Context(), w.url, store.RoleAPI, store.WithMaxConns(2), store.WithTracer(last))
	w.must(err)
	t.Cleanup(api.Close)
	n.reader = analytics.NewReader(api)
	p, err := analytics.NewPeriod(time.Time{}, time.Time{}, time.Now(), n.zone, analytics.Day)
	w.must(err)
	for _, rolled := range []bool{false, true} {
		for _, by := range []analytics.GroupBy{"", analytics.ByAccount} {
			n.report(p, analytics.Filter{}, by)
			plan := n.explain(last)
			index := "Index Scan using posts_by_time on posts"
			if rolled {
				index = "Index Scan using figures_pkey on figures"
			}
			if !strings.Contains(plan, index) || strings.Contains(plan, "Seq Scan on posts") || rolled && strings.Contains(plan, "Seq Scan on figures") {
				t.Errorf("rolled up %v, by %q: the plan is not by %s:\n%s", rolled, by, index, plan)
			}
		}
		n.roll()
		vacuum()
	}
}

package tracking_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trackbot/internal/store"
	"trackbot/internal/tracking"
)

// meanwhile does something once, just before a store asks a query: what another process may do then.
type meanwhile struct {
	query string
	do    func()
	once  sync.Once
}

func (m *meanwhile) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if strings.HasPrefix(data.SQL, "-- name: "+m.query+" ") {
		m.once.Do(m.do)
	}
	return ctx
}

func (*meanwhile) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// interrupted are the rules of a worker in whose middle something happens.
func (f *fixture) interrupted(query string, do func()) *tracking.Polls {
	f.t.Helper()
	st, err := store.Open(f.t.Context(), f.url, store.RoleWorker, store.WithMaxConns(2), store.WithTracer(&meanwhile{query: query, do: do}))
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(st.Close)
	return tracking.NewPolls(st, tracking.Schedule{Min: 5 * time.Minute}, func() time.Time { return f.now })
}

func (f *fixture) tell(p *tracking.Polls) {
	f.t.Helper()
	if err := p.Tell(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}

// Between the look and the telling an account goes; the others are told all the same.
func TestAnAccountThatGoesWhileOthersAreToldTakesNoWordAlong(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	goes := f.track(client, brand, group, f.source(1))
	f.track(client, brand, group, f.source(2))
	f.exec(`UPDATE client_accounts SET baseline_at = $1`, f.now.Add(-day))
	f.exec(`UPDATE sources SET state = 'failing', state_since = $1`, f.now.Add(-time.Hour))
	f.tell(f.interrupted("MarkToldAccounts", func() { f.exec(`DELETE FROM client_accounts WHERE id = $1`, goes) }))
	f.tell(f.polls)
	if got := scan[int](f, `SELECT count(*) FROM deliveries WHERE client_id = $1 AND kind = 'notice'`, client); got != 1 {
		t.Errorf("%d notices of the account that is left, want 1", got)
	}
}

func TestAnIncidentThatEndsWhileItsStartIsToldIsToldToBeOver(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, f.source(1))
	f.exec(`UPDATE sources SET state = 'incident', host = 'feed.test'`)
	f.exec(`INSERT INTO platform_incidents (id, platform, host, started_at) VALUES (gen_random_uuid(), 'rss', 'feed.test', $1)`, f.now.Add(-time.Hour))
	f.tell(f.interrupted("MarkIncidentTold", func() { f.exec(`UPDATE platform_incidents SET ended_at = $1`, f.now) }))
	f.now = f.now.Add(time.Hour)
	f.tell(f.polls)
	if got := scan[string](f, `SELECT string_agg(payload ->> 'title', ', ' ORDER BY seq) FROM deliveries WHERE client_id = $1`, client); got != "The server feed.test fails for most accounts, The server feed.test works again" {
		t.Errorf("told %q", got)
	}
}

package limit_test

import (
	"context"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"trackbot/internal/limit"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// patience is for a busy machine: a question that is given up lets a process count alone, beside the others.
const patience = time.Minute

// world is a database with limiters of several processes on it, whose clocks a test moves together.
type world struct {
	url               string
	api, admin, owner *store.Store
	ahead             atomic.Int64
}

func newWorld(t testing.TB) *world {
	t.Helper()
	address := testkit.NewDB(t).OwnerURL
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return &world{
		url: address, api: open(t, address, store.RoleAPI), admin: open(t, address, store.RoleAdmin),
		owner: open(t, address, store.Role(parsed.User.Username())),
	}
}

func open(t testing.TB, url string, role store.Role) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), url, role)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	return st
}

func (w *world) process() *limit.Limiter {
	return limit.New(w.api, limit.Config{Patience: patience, Now: w.now})
}

func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }

// pass lets time go by, for the processes and in the database.
func (w *world) pass(t *testing.T, d time.Duration) {
	t.Helper()
	w.ahead.Add(int64(d))
	w.sql(t, "UPDATE rate_events SET at = (SELECT array_agg(e - make_interval(secs => $1) ORDER BY e) FROM unnest(at) e)", d.Seconds())
	w.sql(t, "UPDATE rate_budgets SET due = due - make_interval(secs => $1)", d.Seconds())
}

// grant gives the API's role rights on a table, or takes them away.
func (w *world) grant(t testing.TB, statement string) {
	t.Helper()
	if _, err := w.owner.Shared().Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func (w *world) sql(t testing.TB, query string, args ...any) {
	t.Helper()
	if _, err := w.admin.Shared().Exec(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

// tenant makes a client on a tier.
func (w *world) tenant(t testing.TB, tier string) uuid.UUID {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	w.sql(t, "INSERT INTO clients (id, guild_id, name, owner_id) SELECT $1, (100000000000000001 + count(*))::text, 'G', '100000000000000000' FROM clients", id)
	w.sql(t, "INSERT INTO subscriptions (client_id, tier) VALUES ($1, $2)", id, tier)
	return id
}

// admitted counts how many of n requests pass.
func admitted(n int, take func() limit.Verdict) (passed int) {
	for range n {
		if !take().Refused {
			passed++
		}
	}
	return passed
}

func TestCapIsExactAcrossProcesses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.process(), w.process()
	for i := range 60 {
		p := []*limit.Limiter{one, two}[i%2]
		v := p.User(t.Context(), "1")
		if v.Refused || v.Quota != 60 || v.Remaining != 59-i || v.Reset <= 0 || v.Reset > time.Minute {
			t.Fatalf("request %d: %+v", i+1, v)
		}
	}
	for _, p := range []*limit.Limiter{one, two, w.process()} {
		if v := p.User(t.Context(), "1"); !v.Refused || v.Remaining != 0 || v.Reset <= 50*time.Second || v.Reset > time.Minute {
			t.Errorf("request 61: %+v", v)
		}
		if v := p.User(t.Context(), "2"); v.Refused {
			t.Errorf("another user: %+v", v)
		}
	}
}

func TestParallelRequestsNeverOvershoot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	processes := []*limit.Limiter{w.process(), w.process(), w.process()}
	var passed atomic.Int64
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			if !processes[i%3].User(context.Background(), "1").Refused {
				passed.Add(1)
			}
		})
	}
	wg.Wait()
	if n := passed.Load(); n != 60 {
		t.Errorf("%d passed", n)
	}
}

func TestHighCapKeepsAShortLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cfg := limit.Config{Patience: patience, UserRequests: 10_000, Now: w.now}
	processes := []*limit.Limiter{limit.New(w.api, cfg), limit.New(w.api, cfg)}
	i := 0
	user := func() limit.Verdict { i++; return processes[i%2].User(t.Context(), "1") }
	if v := user(); v.Refused || v.Quota != 10_000 || v.Remaining != 9_999 {
		t.Errorf("got %+v", v)
	}
	if n := admitted(11_000, user); n < 9_800 || n > 9_999 {
		t.Errorf("%d more passed", n)
	}
	if v := user(); !v.Refused || v.Remaining != 0 || v.Reset <= 0 {
		t.Errorf("got %+v", v)
	}
	var longest int
	if err := w.admin.Shared().QueryRow(t.Context(), "SELECT max(cardinality(at)) FROM rate_events").Scan(&longest); err != nil || longest > 200 {
		t.Errorf("%d entries, %v", longest, err)
	}
	w.pass(t, time.Minute)
	var wg sync.WaitGroup
	for range 300 {
		wg.Go(func() {
			if processes[0].User(context.Background(), "1").Refused {
				t.Error("refused below the cap")
			}
		})
	}
	wg.Wait()
}

func TestWindowSlides(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, other := w.process(), w.process()
	third, i := w.process(), 0
	user := func() limit.Verdict { i++; return []*limit.Limiter{p, third}[i%2].User(t.Context(), "1") } // so that neither takes slices
	if n := admitted(20, user); n != 20 {
		t.Fatalf("%d passed", n)
	}
	w.pass(t, 40*time.Second)
	if n := admitted(50, user); n != 40 {
		t.Errorf("%d more within the minute", n)
	}
	w.pass(t, 21*time.Second)
	if n := admitted(50, func() limit.Verdict { return other.User(t.Context(), "1") }); n != 20 {
		t.Errorf("%d after the first twenty left the minute", n)
	}
	if n := admitted(5, user); n != 0 {
		t.Errorf("%d at the first process", n)
	}
	w.pass(t, time.Minute)
	if n := admitted(70, user); n != 60 {
		t.Errorf("%d after a minute of silence", n)
	}
}

func TestLimitsHoldWithoutTheTable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.process()
	client := w.tenant(t, "free")
	user := func() limit.Verdict { return p.User(t.Context(), "1") }
	if n := admitted(10, user); n != 10 {
		t.Fatalf("%d passed", n)
	}
	w.grant(t, "REVOKE ALL ON rate_events, rate_budgets FROM trackbot_api")
	if n := admitted(100, user); n != 50 {
		t.Errorf("%d more passed without the table", n)
	}
	if n := admitted(100, func() limit.Verdict { return p.Attempt(t.Context(), "192.0.2.1") }); n != 10 {
		t.Errorf("%d attempts passed", n)
	}
	if n := admitted(500, func() limit.Verdict { return p.Tenant(t.Context(), client) }); n < 300 || n > 305 {
		t.Errorf("%d of the tenant passed", n)
	}
	w.grant(t, "GRANT SELECT, INSERT, UPDATE, DELETE ON rate_events, rate_budgets TO trackbot_api")
	w.pass(t, 2*time.Minute)
	if n := admitted(100, user); n != 60 {
		t.Errorf("%d passed once the table was back", n)
	}
	if v := w.process().User(t.Context(), "1"); !v.Refused {
		t.Error("what passed then is not shared")
	}
}

func TestHangingUpDoesNotAvoidTheCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if n := admitted(20, func() limit.Verdict { return w.process().Attempt(gone, "192.0.2.1") }); n != 10 {
		t.Errorf("%d attempts passed", n)
	}
}

func TestRefusalsDoNotReachTheDatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.process()
	admitted(11, func() limit.Verdict { return p.Attempt(t.Context(), "192.0.2.1") })
	w.sql(t, "DELETE FROM rate_events")
	if v := p.Attempt(t.Context(), "192.0.2.1"); !v.Refused {
		t.Error("the database was asked again")
	}
}

func TestTenantBudgetFollowsTheTier(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for tier, perMinute := range map[string]int{"free": 60, "pro": 300} {
		client := w.tenant(t, tier)
		processes := []*limit.Limiter{w.process(), w.process()}
		i := 0
		take := func() limit.Verdict { i++; return processes[i%2].Tenant(t.Context(), client) }
		lease := perMinute / 20
		// The budget flows in while it is used, and a process may sit on a lease.
		if n := admitted(6*perMinute, take); n < 5*perMinute-lease || n > 5*perMinute+2*lease {
			t.Errorf("%s: %d passed at once", tier, n)
		}
		v := take()
		if !v.Refused || v.Quota != 5*perMinute || v.Window != 5*time.Minute || v.Reset <= 0 || v.Reset > 2*time.Second {
			t.Errorf("%s: %+v", tier, v)
		}
		w.pass(t, time.Minute)
		if n := admitted(2*perMinute, take); n < perMinute-lease || n > perMinute+2*lease {
			t.Errorf("%s: %d passed after a minute", tier, n)
		}
	}
}

func TestTenantMayUseWhatOneUserMay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, client := limit.New(w.api, limit.Config{Patience: patience, UserRequests: 1000}), w.tenant(t, "free")
	if v := p.Tenant(t.Context(), client); v.Refused || v.Quota != 5000 {
		t.Errorf("got %+v", v)
	}
}

func TestRefusalsAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reg := prometheus.NewRegistry()
	p := limit.New(w.api, limit.Config{Patience: patience, AuthAttempts: 1, Registerer: reg})
	admitted(4, func() limit.Verdict { return p.Attempt(t.Context(), "192.0.2.1") })
	families, err := reg.Gather()
	if err != nil || len(families) != 1 {
		t.Fatalf("got %v, %v", families, err)
	}
	for _, m := range families[0].GetMetric() {
		if want := map[string]float64{"login": 3}[m.GetLabel()[0].GetValue()]; m.GetCounter().GetValue() != want {
			t.Errorf("got %v, want %v", m, want)
		}
	}
}

func TestSweepKeepsWhatStillCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.process()
	p.Attempt(t.Context(), "192.0.2.1")
	w.pass(t, 2*time.Hour)
	p.Attempt(t.Context(), "192.0.2.2")
	if err := p.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	var buckets string
	if err := w.admin.Shared().QueryRow(t.Context(), "SELECT string_agg(bucket, ',') FROM rate_events").Scan(&buckets); err != nil || buckets != "login:192.0.2.2" {
		t.Errorf("left %q, %v", buckets, err)
	}
}

// BenchmarkUser is what the limit costs a request: of one user, of many at once, and of one who is refused.
func BenchmarkUser(b *testing.B) {
	w := newWorld(b)
	p := w.process()
	b.Run("admitted", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			p.User(b.Context(), strconv.Itoa(i/60))
		}
	})
	b.Run("admitted, parallel", func(b *testing.B) {
		var n atomic.Int64
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				p.User(b.Context(), "p"+strconv.FormatInt(n.Add(1)/60, 10))
			}
		})
	})
	b.Run("refused", func(b *testing.B) {
		admitted(61, func() limit.Verdict { return p.User(b.Context(), "r") })
		for b.Loop() {
			p.User(b.Context(), "r")
		}
	})
	b.Run("tenant", func(b *testing.B) {
		client := w.tenant(b, "enterprise")
		for b.Loop() {
			p.Tenant(b.Context(), client)
		}
	})
}

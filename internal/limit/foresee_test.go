package limit_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/limit"
	"trackbot/internal/store"
)

// foreseen counts a request of a user of the tenant as the API does: what it needs is asked together, then taken.
func foreseen(ctx context.Context, st *store.Store, l *limit.Limiter, user string, client uuid.UUID) (passed bool) {
	st.Ask(ctx, l.Foresee(user, client))
	return !l.User(ctx, user).Refused && !l.Tenant(ctx, client).Refused
}

func (w *world) metered(t *testing.T) (*limit.Limiter, func() int64) {
	t.Helper()
	l := limit.New(w.api, limit.Config{Patience: patience, Now: w.now, Meter: limit.NewMeter(w.api, slog.New(slog.DiscardHandler), w.now)})
	return l, func() (n int64) {
		t.Helper()
		if err := l.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := w.admin.Shared().QueryRow(t.Context(), "SELECT coalesce(sum(api_requests), 0)::bigint FROM usage_daily").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
}

func TestForeseenRequestsNeverOvershootAndAreCountedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.tenant(t, "pro")
	one, counted := w.metered(t)
	two, countedToo := w.metered(t)
	var passed atomic.Int64
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			if foreseen(context.Background(), w.api, []*limit.Limiter{one, two}[i%2], "1", client) {
				passed.Add(1)
			}
		})
	}
	wg.Wait()
	// Entries that a process holds while the other asks are refused meanwhile, and given back.
	n := passed.Load()
	if n > 60 || n < 50 {
		t.Errorf("%d passed of a cap of 60", n)
	}
	counted()
	if got := countedToo(); got != n {
		t.Errorf("%d requests of the tenant counted, %d passed", got, n)
	}
}

// What is asked for a request that is refused for another reason counts neither for its user nor for the tenant.
func TestWhatIsForeseenAndNotTakenIsNotCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.tenant(t, "pro")
	l, counted := w.metered(t)
	for range 100 {
		w.api.Ask(t.Context(), l.Foresee("1", client))
		if n := w.entries(t); n > 1 {
			t.Fatalf("%d entries of requests that were not let in", n)
		}
		w.ahead.Add(int64(time.Second)) // entries are held for less
	}
	if n := counted(); n != 0 {
		t.Errorf("%d requests of the tenant counted", n)
	}
	if n := admitted(61, func() limit.Verdict { return l.User(t.Context(), "1") }); n != 60 {
		t.Errorf("%d passed", n)
	}
}

func TestForeseenLimitsAreOneQuestionEachAndNoneWhenKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client, key := w.tenant(t, "free"), uuid.Must(uuid.NewV7())
	l := w.process()
	questions := l.Foresee("1", client)
	if len(questions) != 2 || len(l.Foresee("1", client)) != 0 {
		t.Error("a request asks for what another is asking for")
	}
	w.api.Ask(t.Context(), questions)
	if n := len(l.Foresee("1", client)); n != 0 {
		t.Errorf("%d questions about what is held", n)
	}
	if v := l.User(t.Context(), "1"); v.Refused || v.Remaining != 59 || w.entries(t) != 1 {
		t.Errorf("%+v with %d entries", v, w.entries(t))
	}
	if n := len(l.ForeseeKey(client, key)); n != 1 {
		t.Errorf("%d questions about a key whose tenant has a lease", n)
	}
	admitted(60, func() limit.Verdict { return l.User(t.Context(), "1") })
	if n := len(l.Foresee("1", client)); n != 0 {
		t.Errorf("%d questions about a user who is known to be refused", n)
	}
}

func TestAQuestionThatFailsLeavesTheLimitsAsTheyWere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.tenant(t, "free")
	l, counted := w.metered(t)
	w.grant(t, "REVOKE ALL ON rate_budgets FROM trackbot_api")
	if !foreseen(t.Context(), w.api, l, "1", client) {
		t.Error("refused without a shared budget")
	}
	if n := w.entries(t); n != 1 {
		t.Errorf("%d entries for one request", n)
	}
	w.grant(t, "GRANT SELECT, INSERT, UPDATE, DELETE ON rate_budgets TO trackbot_api")
	w.pass(t, 2*time.Second)
	if !foreseen(t.Context(), w.api, l, "1", client) || w.entries(t) != 2 {
		t.Errorf("%d entries for two requests", w.entries(t))
	}
	if n := counted(); n != 2 {
		t.Errorf("%d requests counted", n)
	}
}

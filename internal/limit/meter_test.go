package limit_test

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/limit"
)

func TestMeterAddsUpWhatProcessesCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, other := w.tenant(t, "free"), w.tenant(t, "pro")
	log := slog.New(slog.DiscardHandler)
	now := time.Date(2026, 11, 22, 23, 59, 59, 0, time.FixedZone("", -3600))
	meters := []*limit.Meter{limit.NewMeter(w.api, log, func() time.Time { return now }), limit.NewMeter(w.api, log, func() time.Time { return now })}
	for range 2 {
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() { meters[i%2].Count(one) })
		}
		meters[0].Count(other)
		meters[1].Count(uuid.Must(uuid.NewV7())) // a tenant that is no more
		wg.Wait()
		for _, m := range meters {
			if err := m.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for client, want := range map[uuid.UUID]int64{one: 100, other: 2} {
		var n int64
		err := w.admin.Shared().QueryRow(t.Context(), "SELECT api_requests FROM usage_daily WHERE client_id = $1 AND day = '2026-11-23'", client).Scan(&n)
		if err != nil || n != want {
			t.Errorf("got %d, %v, want %d", n, err, want)
		}
	}
}

func TestMeterKeepsWhatCannotBeStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.tenant(t, "free")
	m := limit.NewMeter(w.api, slog.New(slog.DiscardHandler), time.Now)
	m.Count(client)
	w.grant(t, "REVOKE INSERT ON usage_daily FROM trackbot_api")
	if err := m.Flush(t.Context()); err == nil {
		t.Fatal("nothing failed")
	}
	m.Count(client)
	w.grant(t, "GRANT INSERT ON usage_daily TO trackbot_api")
	if err := m.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var n int64
	if err := w.admin.Shared().QueryRow(t.Context(), "SELECT sum(api_requests)::bigint FROM usage_daily").Scan(&n); err != nil || n != 2 {
		t.Errorf("got %d, %v", n, err)
	}
}

// A process that is killed has counted its requests before: what it did not use of its last grant is all that is too much.
func TestAKilledProcessLosesNoRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.tenant(t, "pro")
	counted := func() (n int64) {
		t.Helper()
		if err := w.admin.Shared().QueryRow(t.Context(), "SELECT coalesce(sum(api_requests), 0)::bigint FROM usage_daily").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	process := func() *limit.Limiter {
		return limit.New(w.api, limit.Config{Patience: patience, Now: w.now, Meter: limit.NewMeter(w.api, slog.New(slog.DiscardHandler), w.now)})
	}
	const grant = 300 / 20
	killed := process()
	for i := range int64(40) {
		if v := killed.Tenant(t.Context(), client); v.Refused {
			t.Fatal("refused")
		}
		if n := counted(); n <= i || n > i+grant {
			t.Fatalf("after %d requests %d are counted", i+1, n)
		}
	}
	before := counted() // the process is gone here, with what it held in memory
	stopped := process()
	for range 20 {
		stopped.Tenant(t.Context(), client)
	}
	if err := stopped.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := counted(); n != before+20 {
		t.Errorf("a process that stops adds %d for 20 requests", n-before)
	}
}

// Who reads the use of today does so by a request, whose lease must not appear as use.
func TestALimiterKnowsWhatOfTheCountWasNotMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.tenant(t, "pro")
	meter := limit.NewMeter(w.api, slog.New(slog.DiscardHandler), w.now)
	l := limit.New(w.api, limit.Config{Patience: patience, Now: w.now, Meter: meter})
	made := int64(0)
	want := func(when string) {
		t.Helper()
		var counted int64
		if err := w.admin.Shared().QueryRow(t.Context(), "SELECT coalesce(sum(api_requests), 0)::bigint FROM usage_daily").Scan(&counted); err != nil {
			t.Fatal(err)
		}
		if day, unmade := l.Unmade(client); counted-unmade != made || !day.Equal(w.now().UTC().Truncate(24*time.Hour)) {
			t.Errorf("%s: %d counted, %d of them unmade on %v, want %d made", when, counted, unmade, day, made)
		}
	}
	want("before any")
	for range 3 {
		l.Tenant(t.Context(), client)
		made++
		want("in a lease")
	}
	w.pass(t, 4*time.Second)
	l.Tenant(t.Context(), client)
	made++
	want("with a lease to give back")
	if err := meter.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	want("given back")
	meter.Count(client)
	made++
	want("counted alone")
}

func TestWhatALeaseLeavesIsGivenBackWhenItEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.tenant(t, "pro")
	meter := limit.NewMeter(w.api, slog.New(slog.DiscardHandler), w.now)
	l := limit.New(w.api, limit.Config{Patience: patience, Now: w.now, Meter: meter})
	l.Tenant(t.Context(), client)
	l.Key(t.Context(), client, uuid.Must(uuid.NewV7()))
	for _, want := range []int64{15, 1} {
		if err := meter.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		var n int64
		if err := w.admin.Shared().QueryRow(t.Context(), "SELECT api_requests FROM usage_daily").Scan(&n); err != nil || n != want {
			t.Errorf("counted %d, %v, want %d", n, err, want)
		}
		w.pass(t, 4*time.Second)
	}
}

// However busy another tenant is, and however many of it at once, each has its own budget.
func TestANoisyTenantTakesNothingFromAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	noisy, quiet := w.tenant(t, "free"), w.tenant(t, "free")
	l := w.process()
	const most = 60 * 5 // a minute's requests, five minutes ahead
	var admitted, served atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 * most / 8 {
				if !l.Tenant(t.Context(), noisy).Refused {
					admitted.Add(1)
				}
			}
		})
	}
	for range 4 {
		all.Go(func() {
			for range 60 / 4 {
				if !l.Tenant(t.Context(), quiet).Refused {
					served.Add(1)
				}
			}
		})
	}
	all.Wait()
	if n := admitted.Load(); n < most || n > most+60 { // a minute may pass on a busy machine
		t.Errorf("the noisy tenant made %d requests, its budget is %d", n, most)
	}
	if n := served.Load(); n != 60 {
		t.Errorf("the quiet tenant was served %d of 60 times", n)
	}
}

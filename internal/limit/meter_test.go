package limit_test

import (
	"log/slog"
	"sync"
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

package limit_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trackbot/internal/limit"
	"trackbot/internal/store"
)

func TestAPlatformsQuotaHoldsOverProcesses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var granted atomic.Int64
	var processes sync.WaitGroup
	for range 4 {
		quota := limit.NewQuota(w.api, 100)
		processes.Go(func() {
			for range 50 {
				ok, err := quota.Spend(t.Context(), "youtube", 1, 0)
				if err != nil {
					t.Error(err)
				}
				if ok {
					granted.Add(1)
				}
			}
		})
	}
	processes.Wait()
	if granted.Load() != 100 {
		t.Errorf("%d of 100 units were spent", granted.Load())
	}
	if ok, err := limit.NewQuota(w.api, 100).Spend(t.Context(), "other", 1, 0); !ok || err != nil {
		t.Errorf("another platform: %t, %v", ok, err)
	}
}

func TestUnitsAreKeptForWhatMattersMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	quota := limit.NewQuota(w.api, 10)
	spend := func(units, keep int, want bool) {
		t.Helper()
		if got, err := quota.Spend(t.Context(), "youtube", units, keep); got != want || err != nil {
			t.Errorf("%d units with %d kept: %t, %v", units, keep, got, err)
		}
	}
	spend(6, 4, true)
	spend(1, 4, false)
	spend(5, 0, false)
	spend(3, 1, true)
	spend(1, 1, false)
	spend(1, 0, true)
	spend(1, 0, false)
	small := limit.NewQuota(w.api, 4)
	if ok, err := small.Spend(t.Context(), "small", 2, 3000); !ok || err != nil {
		t.Errorf("half of a small budget is for everything: %t, %v", ok, err)
	}
}

func TestASpentQuotaEndsAtMidnightOfItsZone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	quota := limit.NewQuota(w.api, 10)
	if err := quota.Exhaust(t.Context(), "youtube"); err != nil {
		t.Fatal(err)
	}
	if ok, _ := quota.Spend(t.Context(), "youtube", 1, 0); ok {
		t.Error("units are left of a spent budget")
	}
	var day time.Time
	if err := w.admin.Shared().QueryRow(t.Context(), "SELECT day FROM api_quotas").Scan(&day); err != nil {
		t.Fatal(err)
	}
	pacific, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Now().In(pacific).Format(time.DateOnly); day.Format(time.DateOnly) != want {
		t.Errorf("the day is %s, in California it is %s", day.Format(time.DateOnly), want)
	}
	w.sql(t, "UPDATE api_quotas SET day = day - 1")
	if ok, err := quota.Spend(t.Context(), "youtube", 1, 0); !ok || err != nil {
		t.Errorf("the next day: %t, %v", ok, err)
	}
}

func TestEachServiceThatAsksPlatformsMaySpend(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, role := range []store.Role{store.RoleAPI, store.RoleBot, store.RoleWorker} {
		if ok, err := limit.NewQuota(open(t, w.url, role), 10).Spend(t.Context(), "youtube", 1, 0); !ok || err != nil {
			t.Errorf("%s: %t, %v", role, ok, err)
		}
	}
}

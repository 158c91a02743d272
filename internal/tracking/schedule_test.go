package tracking_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"trackbot/internal/source"
	"trackbot/internal/tracking"
)

const day = 24 * time.Hour

func drawID(t *rapid.T) uuid.UUID {
	return uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
}

func TestIntervalIsTheGreatestMinimum(t *testing.T) {
	t.Parallel()
	s := tracking.Schedule{Min: 5 * time.Minute}
	for _, tc := range []struct{ plan, platform, want time.Duration }{
		{0, 0, 5 * time.Minute},
		{15 * time.Minute, 0, 15 * time.Minute},
		{15 * time.Minute, time.Hour, time.Hour},
		{48 * time.Hour, 0, day},
	} {
		if got := s.Interval(tc.plan, tc.platform, tracking.Rhythm{}, 0); got != tc.want {
			t.Errorf("Interval(%s, %s) = %s, want %s", tc.plan, tc.platform, got, tc.want)
		}
	}
	if got := (tracking.Schedule{Min: time.Second, TestClock: true}).Interval(time.Hour, time.Hour, tracking.Rhythm{}, 0); got != time.Second {
		t.Errorf("on a test clock: %s", got)
	}
}

func TestNextSlotLiesHalfToOneAndAHalfIntervalsAheadAndKeepsItsPhase(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := tracking.Schedule{Min: time.Second}
		id := drawID(t)
		interval := time.Duration(rapid.Int64Range(int64(time.Second), int64(day)).Draw(t, "interval"))
		now := time.Unix(rapid.Int64Range(1_700_000_000, 2_000_000_000).Draw(t, "now"), 0)
		next := s.NextSlot(id, now, interval, 0)
		if wait := next.Sub(now); wait < interval/2 || wait > interval+interval/2 {
			t.Fatalf("next poll in %s at interval %s", wait, interval)
		}
		if again := s.NextSlot(id, next, interval, 0); again.Sub(next) != interval {
			t.Fatalf("a poll in turn is followed after %s, want %s", again.Sub(next), interval)
		}
		if late := s.NextSlot(id, now, interval, 2*interval); late.Before(now.Add(min(2*interval, day))) {
			t.Fatalf("the source's own wish was not kept: %s", late.Sub(now))
		}
	})
}

func TestSlotsSpreadEvenly(t *testing.T) {
	t.Parallel()
	s, now := tracking.Schedule{Min: time.Minute}, time.Unix(1_790_000_000, 0)
	const sources, bins = 6000, 60
	var counts [bins]int
	for range sources {
		wait := s.NextSlot(uuid.New(), now, time.Hour, 0).Sub(now) - 30*time.Minute
		counts[int(wait/time.Minute)%bins]++
	}
	for i, n := range counts {
		if n < sources/bins/2 || n > sources/bins*2 {
			t.Errorf("minute %d has %d of %d sources", i, n, sources)
		}
	}
}

func TestBackoffDoublesToItsLimitAndHonoursRetryAfter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := tracking.Schedule{Min: 5 * time.Minute}
		id := drawID(t)
		failures := rapid.IntRange(1, 1000).Draw(t, "failures")
		wait := s.Backoff(id, failures, source.Transient, 0)
		want := 30 * time.Minute << min(failures-1, 20)
		want = min(want, 7*day)
		if wait > want || wait < want-want/10-1 {
			t.Fatalf("after %d failures %s, want about %s", failures, wait, want)
		}
		limited := s.Backoff(id, failures, source.RateLimited, 0)
		if limited > 6*time.Hour {
			t.Fatalf("a 429 waits %s", limited)
		}
		retryAfter := time.Duration(rapid.Int64Range(0, int64(day)).Draw(t, "retry after"))
		if got := s.Backoff(id, failures, source.RateLimited, retryAfter); got < retryAfter {
			t.Fatalf("waits %s, asked for %s", got, retryAfter)
		}
	})
}

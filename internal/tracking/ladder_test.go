package tracking_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"trackbot/internal/tracking"
)

// rungs is how many measurements the ladder has: hourly, 6-hourly, daily, weekly with the last at its end.
const rungs = 24 + 6*4 + 23 + 9

// climb walks the ladder; each measurement is late by what delay says.
func climb(published time.Time, delay func(n int) time.Duration) []time.Time {
	var at []time.Time
	for next := tracking.NextMeasurement(published, published); next != nil; {
		measured := next.Add(delay(len(at)))
		at = append(at, measured)
		next = tracking.NextMeasurement(published, measured)
	}
	return at
}

func TestTheLadderHasItsRungsOverNinetyDays(t *testing.T) {
	t.Parallel()
	published := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	at := climb(published, func(int) time.Duration { return 0 })
	if len(at) != rungs {
		t.Errorf("%d measurements, want %d", len(at), rungs)
	}
	if age := at[len(at)-1].Sub(published); age != tracking.LadderEnd {
		t.Errorf("the last one at %s", age)
	}
	steps := map[time.Duration]int{}
	for i := 1; i < len(at); i++ {
		steps[at[i].Sub(at[i-1])]++
	}
	if steps[time.Hour] != 23 || steps[6*time.Hour] != 24 || steps[day] != 23 || steps[7*day] != 8 || steps[4*day] != 1 {
		t.Errorf("steps %v", steps)
	}
}

func TestALateMeasurementDelaysNoOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		published := time.Unix(rapid.Int64Range(1_700_000_000, 2_000_000_000).Draw(t, "published"), 0)
		late := rapid.SliceOfN(rapid.Int64Range(0, int64(50*time.Minute)), rungs, rungs).Draw(t, "late")
		if at := climb(published, func(n int) time.Duration { return time.Duration(late[n]) }); len(at) != rungs {
			t.Fatalf("%d measurements, want %d", len(at), rungs)
		}
	})
}

func TestTheNextMeasurementIsAheadUntilTheLadderEnds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		published := time.Unix(1_800_000_000, 0)
		age := time.Duration(rapid.Int64Range(int64(-day), int64(120*day)).Draw(t, "age"))
		next := tracking.NextMeasurement(published, published.Add(age))
		if age >= tracking.LadderEnd {
			if next != nil {
				t.Fatalf("at %s the ladder goes on", age)
			}
			return
		}
		if next == nil {
			if tracking.LadderEnd-age > 17*time.Hour {
				t.Fatalf("at %s the ladder ends", age)
			}
			return
		}
		if wait := next.Sub(published) - age; wait <= 0 || wait > 8*day {
			t.Fatalf("at %s the next is %s away", age, wait)
		}
	})
}

package tracking_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"trackbot/internal/tracking"
)

// every makes the times of n posts, one every gap.
func every(gap time.Duration, n int) []time.Time {
	at := time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)
	var times []time.Time
	for i := range n {
		times = append(times, at.Add(time.Duration(i)*gap))
	}
	return times
}

func TestRhythmIsReadFromTheGaps(t *testing.T) {
	t.Parallel()
	weekend := every(day, 10)
	weekend[9] = weekend[9].Add(2 * day)
	for name, tc := range map[string]struct {
		times []time.Time
		want  tracking.Rhythm
	}{
		"daily":               {every(day, 20), tracking.Rhythm{Gap: day, LongGap: day}},
		"one long gap":        {weekend, tracking.Rhythm{Gap: day, LongGap: day}},
		"too few":             {every(day, 4), tracking.Rhythm{}},
		"all at once":         {every(0, 20), tracking.Rhythm{}},
		"pairs count as one":  {append(every(day, 10), every(day, 10)...), tracking.Rhythm{Gap: day, LongGap: day}},
		"nothing":             {nil, tracking.Rhythm{}},
		"a thread every week": {append(every(7*day, 6), every(7*day+2*time.Second, 6)...), tracking.Rhythm{Gap: 7 * day, LongGap: 7 * day}},
	} {
		got := tracking.RhythmOf(tc.times)
		if got.Gap.Round(time.Minute) != tc.want.Gap || got.LongGap.Round(time.Minute) != tc.want.LongGap {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
	}
}

func TestQuietIsLongerThanTheRhythmWithinFloorAndCeiling(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ long, want time.Duration }{
		{0, 30 * day}, {10 * time.Minute, 3 * day}, {day, 4 * day}, {7 * day, 28 * day}, {60 * day, 90 * day}, {1 << 62, 90 * day},
	} {
		if got := (tracking.Rhythm{Gap: tc.long, LongGap: tc.long}).QuietAfter(); got != tc.want {
			t.Errorf("long gap %s: quiet after %s, want %s", tc.long, got, tc.want)
		}
	}
}

func TestTheIntervalFollowsTheRhythmBetweenThePlanAndADay(t *testing.T) {
	t.Parallel()
	s := tracking.Schedule{Min: 5 * time.Minute}
	for _, tc := range []struct{ plan, gap, silence, want time.Duration }{
		{5 * time.Minute, 10 * time.Minute, 0, 5 * time.Minute},
		{5 * time.Minute, 6 * time.Hour, 0, 15 * time.Minute},
		{15 * time.Minute, 6 * time.Hour, 0, 15 * time.Minute},
		{5 * time.Minute, day, 0, time.Hour},
		{5 * time.Minute, 7 * day, 0, 6 * time.Hour},
		{5 * time.Minute, 60 * day, 0, 16 * time.Hour},
		{5 * time.Minute, 10 * time.Minute, 4 * day, 2 * time.Hour},
		{5 * time.Minute, 0, 30 * time.Minute, 5 * time.Minute},
	} {
		if got := s.Interval(tc.plan, 0, tracking.Rhythm{Gap: tc.gap, LongGap: tc.gap}, tc.silence); got != tc.want {
			t.Errorf("plan %s, gap %s, silence %s: %s, want %s", tc.plan, tc.gap, tc.silence, got, tc.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) time.Duration {
			return time.Duration(rapid.Int64Range(0, int64(400*day)).Draw(t, name))
		}
		plan := min(max(draw("plan"), 5*time.Minute), day)
		gap, silence := draw("gap"), draw("silence")
		got := s.Interval(plan, 0, tracking.Rhythm{Gap: gap, LongGap: gap}, silence)
		if got < plan || got > day {
			t.Fatalf("interval %s on a plan of %s", got, plan)
		}
		if longer := s.Interval(plan, 0, tracking.Rhythm{Gap: gap, LongGap: gap}, silence+day); longer < got {
			t.Fatalf("a longer silence shortens the interval from %s to %s", got, longer)
		}
	})
}

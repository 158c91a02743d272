package tracking

import (
	"cmp"
	"slices"
	"time"
)

// Rhythm is how often an account posts, from the gaps between its latest posts. Zero is unknown.
type Rhythm struct {
	Gap     time.Duration // the median gap
	LongGap time.Duration // four of five gaps are no longer
}

const (
	rhythmPosts    = 21 // posts looked at
	minRhythmPosts = 5  // fewer tell nothing

	// An account is looked at this often within its usual gap, and within a silence that is longer.
	pollsPerGap     = 24
	pollsPerSilence = 48

	// Silence counts as quiet after this many long gaps, within floor and ceiling.
	quietGaps        = 4
	quietFloor       = 3 * 24 * time.Hour
	quietCeiling     = 90 * 24 * time.Hour
	quietWithoutGaps = 30 * 24 * time.Hour // where no rhythm is known
)

// RhythmOf reads the rhythm from the times of an account's latest posts, in any order. Posts that were
// published together are one.
func RhythmOf(published []time.Time) Rhythm {
	times := slices.Clone(published)
	slices.SortFunc(times, time.Time.Compare)
	var gaps []time.Duration
	for i := 1; i < len(times); i++ {
		if gap := times[i].Sub(times[i-1]); gap >= time.Minute {
			gaps = append(gaps, gap)
		}
	}
	if len(gaps) < minRhythmPosts-1 {
		return Rhythm{}
	}
	slices.Sort(gaps)
	return Rhythm{Gap: gaps[len(gaps)/2], LongGap: gaps[len(gaps)*4/5]}
}

// QuietAfter is the silence that is longer than the rhythm suggests: 3 to 90 days, 30 where it is unknown.
func (r Rhythm) QuietAfter() time.Duration {
	if r.LongGap == 0 {
		return quietWithoutGaps
	}
	return min(max(min(r.LongGap, quietCeiling)*quietGaps, quietFloor), quietCeiling)
}

// interval is how often to look, before any minimum. The steps keep a source's slots in place while its
// silence grows; after the longest a turn is never more than a day away (see NextSlot).
func (r Rhythm) interval(silence time.Duration) time.Duration {
	wanted := max(r.Gap/pollsPerGap, silence/pollsPerSilence)
	steps := []time.Duration{
		0, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, maxInterval * 2 / 3,
	}
	i, found := slices.BinarySearchFunc(steps, wanted, cmp.Compare[time.Duration])
	if !found {
		i--
	}
	return steps[i]
}

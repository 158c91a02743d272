package tracking

import "time"

// rung is a stretch of a post's age with a measurement every step.
type rung struct{ until, step time.Duration }

const day = 24 * time.Hour

// ladder is the measuring schedule by the age of a post: hourly under a day, 6-hourly under 7 days,
// daily under 30, weekly under 90, and a last time at its end.
func ladder() []rung {
	return []rung{{day, time.Hour}, {7 * day, 6 * time.Hour}, {30 * day, day}, {LadderEnd, 7 * day}}
}

// LadderEnd is the age at which a post is measured for the last time.
const LadderEnd = 90 * day

// NextMeasurement is when a post is measured again after measuredAt; nil when its history is complete.
// The times are fixed by the post's age, so that a late measurement delays none of those after it; one
// that would follow within a tenth of a step is left out.
func NextMeasurement(publishedAt, measuredAt time.Time) *time.Time {
	age := max(measuredAt.Sub(publishedAt), 0)
	start := time.Duration(0)
	for _, r := range ladder() {
		for at := start + r.step; ; at += r.step {
			at = min(at, r.until)
			if at-age > r.step/10 {
				next := publishedAt.Add(at)
				return &next
			}
			if at == r.until {
				break
			}
		}
		start = r.until
	}
	return nil
}

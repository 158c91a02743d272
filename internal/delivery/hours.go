package delivery

import "time"

// Digests, as the settings name them.
const (
	DigestOff    = "off"
	DigestHourly = "hourly"
	DigestDaily  = "daily"
)

// dailyMinute is when daily digests leave where no quiet hours say when the day begins.
const dailyMinute = 9 * 60

const minutesOfDay = 24 * 60

// Quiet is a daily time on the wall clock without messages, in minutes after midnight: Start belongs
// to it, End does not. Start after End goes over midnight; both equal is no time at all.
type Quiet struct{ Start, End int }

// ParseQuiet reads quiet hours of two times "HH:MM"; anything else is no quiet hours.
func ParseQuiet(start, end string) Quiet {
	from, errFrom := time.Parse("15:04", start)
	to, errTo := time.Parse("15:04", end)
	if errFrom != nil || errTo != nil {
		return Quiet{}
	}
	return Quiet{Start: from.Hour()*60 + from.Minute(), End: to.Hour()*60 + to.Minute()}
}

// Timing is when a tenant wants its posts.
type Timing struct {
	Zone   *time.Location
	Quiet  Quiet
	Digest string
}

// Hold tells until when a post has to wait that could leave at t, and why; t itself and "" when it
// need not. A digest's window that ends within the quiet hours ends with them.
func (s Timing) Hold(t time.Time) (until time.Time, reason string) {
	until = t
	switch s.Digest {
	case DigestHourly:
		until, reason = nextHour(t, s.Zone), ReasonDigest
	case DigestDaily:
		until, reason = nextDaily(t, s.dailyMinute(), s.Zone), ReasonDigest
	}
	if loud := s.Loud(until); loud.After(until) {
		return loud, ReasonQuietHours
	}
	return until, reason
}

// Loud is the first time from t on that is outside the quiet hours: the end of the quiet hours, which
// is what a clock on the wall there shows, on the days that it is changed too.
func (s Timing) Loud(t time.Time) time.Time {
	for s.isQuiet(t) {
		local := t.In(s.Zone)
		left := (s.Quiet.End - minuteOf(local) + minutesOfDay) % minutesOfDay
		next := t.Add(time.Duration(left)*time.Minute - sinceMinute(local))
		if _, change := local.ZoneBounds(); !change.IsZero() && change.Before(next) {
			next = change // the clock is changed before that: look again from there
		}
		t = next
	}
	return t
}

func (s Timing) isQuiet(t time.Time) bool {
	if s.Quiet.Start == s.Quiet.End {
		return false
	}
	now := minuteOf(t.In(s.Zone))
	if s.Quiet.Start < s.Quiet.End {
		return s.Quiet.Start <= now && now < s.Quiet.End
	}
	return now >= s.Quiet.Start || now < s.Quiet.End
}

// dailyMinute is when the day begins: at the end of the quiet hours where there are any.
func (s Timing) dailyMinute() int {
	if s.Quiet.Start == s.Quiet.End {
		return dailyMinute
	}
	return s.Quiet.End
}

func minuteOf(local time.Time) int { return local.Hour()*60 + local.Minute() }

func sinceMinute(local time.Time) time.Duration {
	return time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
}

// nextHour is the next full hour on the wall clock after t, an hour away at most.
func nextHour(t time.Time, zone *time.Location) time.Time {
	const hour = int64(time.Hour / time.Second)
	_, offset := t.In(zone).Zone()
	local := t.Unix() + int64(offset)
	past := ((local % hour) + hour) % hour
	return time.Unix(t.Unix()-past+hour, 0).UTC()
}

// nextDaily is the next time after t when the wall clock shows the minute, once a date.
func nextDaily(t time.Time, minute int, zone *time.Location) time.Time {
	local := t.In(zone)
	for day := -1; ; day++ {
		at := wallTime(local.Year(), local.Month(), local.Day()+day, minute, zone)
		if at.After(t) {
			return at
		}
	}
}

// wallTime is when a date's wall clock first shows the minute, or jumps over it.
func wallTime(year int, month time.Month, day, minute int, zone *time.Location) time.Time {
	const aDay = 24 * time.Hour
	wall := time.Date(year, month, day, 0, minute, 0, 0, time.UTC)
	var found time.Time
	var before time.Duration
	for i, near := range []time.Time{wall.Add(-aDay), wall.Add(aDay)} { // of the offsets around it one is right
		_, seconds := near.In(zone).Zone()
		offset := time.Duration(seconds) * time.Second
		if i == 0 {
			before = offset
		}
		at := wall.Add(-offset)
		_, real := at.In(zone).Zone()
		if time.Duration(real)*time.Second == offset && (found.IsZero() || at.Before(found)) {
			found = at
		}
	}
	if found.IsZero() { // jumped over: when the clock was put forward
		found, _ = wall.Add(-before).In(zone).ZoneBounds()
	}
	return found.UTC()
}

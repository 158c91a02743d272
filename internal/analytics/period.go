package analytics

import (
	"fmt"
	"time"

	"trackbot/internal/fault"
)

const (
	// MaxDays is the longest period that may be asked for.
	MaxDays = 366
	// DefaultDays is the length of a period of which a bound is missing.
	DefaultDays = 30
)

// Interval is the width of a point.
type Interval string

// The intervals. Weeks begin on Monday.
const (
	Day  Interval = "day"
	Week Interval = "week"
)

// Span is a stretch of time from Start up to, without, End.
type Span struct{ Start, End time.Time }

// Period is what is asked for, cut into days of the zone and gathered into points, beside as much time before it.
type Period struct {
	Span
	Previous Span

	days     []Span // the first and the last may be parts of days
	before   []Span // for each of days the same time before
	points   []int  // the point that each of days belongs to
	nPoints  int
	starts   []time.Time // of the points
	previous []time.Time // of those before
}

// NewPeriod cuts a period into days of the zone. A bound that is zero lies 30 days from the other; without bounds the
// period ends with today. Whole days are compared with as many whole days before them, whatever their hours; a period
// that begins or ends within a day with the same length of time. Refusals: validation_failed (from).
func NewPeriod(from, to, now time.Time, zone *time.Location, interval Interval) (Period, error) {
	if to.IsZero() {
		y, m, d := now.In(zone).Date()
		to = StartOfDay(y, m, d+1, zone)
	}
	if from.IsZero() {
		from = shift(to, -DefaultDays, zone)
	}
	if !from.Before(to) || to.After(shift(from, MaxDays, zone)) {
		return Period{}, fault.Invalid(fault.Field{Name: "from", Message: fmt.Sprintf("must lie 1 to %d days before the end", MaxDays)})
	}
	p := Period{Span: Span{from, to}}
	p.cut(zone, interval)
	p.compare(zone)
	return p, nil
}

// cut makes the days and gathers them into points.
func (p *Period) cut(zone *time.Location, interval Interval) {
	for at := p.Start; at.Before(p.End); {
		y, m, d := at.In(zone).Date()
		end := StartOfDay(y, m, d+1, zone)
		if end.After(p.End) {
			end = p.End
		}
		if len(p.days) == 0 || interval == Day || at.In(zone).Weekday() == time.Monday {
			p.starts = append(p.starts, at)
			p.nPoints++
		}
		p.days, p.points = append(p.days, Span{at, end}), append(p.points, p.nPoints-1)
		at = end
	}
}

// compare lays the time before beside the days.
func (p *Period) compare(zone *time.Location) {
	back := func(t time.Time) time.Time { return t.Add(-p.End.Sub(p.Start)) }
	if isMidnight(p.Start, zone) && isMidnight(p.End, zone) {
		n := len(p.days)
		back = func(t time.Time) time.Time { return shift(t, -n, zone) }
	}
	p.Previous = Span{back(p.Start), back(p.End)}
	for _, day := range p.days {
		p.before = append(p.before, Span{back(day.Start), back(day.End)})
	}
	for _, start := range p.starts {
		p.previous = append(p.previous, back(start))
	}
}

// spans lists what is to be summed, as the query takes it: the points of the period count from 0 on, those of the
// time before up to -1.
func (p *Period) spans() (starts, ends []time.Time, points []int32) {
	add := func(s Span, point int) {
		if s.Start.Before(s.End) { // a day that a zone has skipped is empty
			starts, ends, points = append(starts, s.Start), append(ends, s.End), append(points, int32(point))
		}
	}
	for i, day := range p.days {
		add(day, p.points[i])
		add(p.before[i], p.points[i]-p.nPoints)
	}
	return starts, ends, points
}

// StartOfDay is the first instant of a day in a zone, which is not always midnight: some zones change their clocks then.
func StartOfDay(year int, month time.Month, day int, zone *time.Location) time.Time {
	wanted := time.Date(year, month, day, 12, 0, 0, 0, time.UTC).Day()
	at := time.Date(year, month, day, 0, 0, 0, 0, zone)
	if before := at.Add(-time.Nanosecond); before.Day() == wanted { // the clock has come back to midnight
		_, offset := before.Zone()
		at = time.Date(year, month, day, 0, 0, 0, 0, time.FixedZone("", offset)).In(zone)
	}
	if at.Day() != wanted { // the clock jumps over midnight: the day begins where it lands
		if _, end := at.ZoneBounds(); !end.IsZero() {
			return end
		}
	}
	return at
}

// shift is the same time of day some days later, or earlier; the start of a day stays one.
func shift(t time.Time, days int, zone *time.Location) time.Time {
	local := t.In(zone)
	y, m, d := local.Date()
	if isMidnight(t, zone) {
		return StartOfDay(y, m, d+days, zone)
	}
	return local.AddDate(0, 0, days)
}

func isMidnight(t time.Time, zone *time.Location) bool {
	y, m, d := t.In(zone).Date()
	return StartOfDay(y, m, d, zone).Equal(t)
}

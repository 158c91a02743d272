package api

import (
	"errors"
	"time"

	"github.com/oapi-codegen/nullable"
)

// timeLayout is RFC 3339 with exactly three decimals; every time on the wire is written so.
const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// Time is an instant on the wire: read in any RFC 3339 form, written in UTC with milliseconds.
type Time struct{ time.Time }

// At makes the wire form of t.
func At(t time.Time) Time { return Time{Time: t} }

// AtOrNull makes the wire form of t, null when t is nil or zero.
func AtOrNull(t *time.Time) nullable.Nullable[Time] {
	if t == nil || t.IsZero() {
		return nullable.NewNullNullable[Time]()
	}
	return nullable.NewNullableWithValue(At(*t))
}

// OrNull makes the wire form of an optional value, null when v is nil.
func OrNull[T any](v *T) nullable.Nullable[T] {
	if v == nil {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(*v)
}

// MarshalJSON writes UTC with milliseconds; what is finer is cut off.
func (t Time) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, len(timeLayout)+2)
	b = append(b, '"')
	b = t.UTC().AppendFormat(b, timeLayout)
	return append(b, '"'), nil
}

// UnmarshalJSON reads RFC 3339.
func (t *Time) UnmarshalJSON(b []byte) error { return t.Time.UnmarshalJSON(b) }

// Moment is what `from` and `to` take: an instant, or a whole day whose zone
// only the reader knows.
type Moment struct {
	at   time.Time // for a day its midnight in UTC, of which only the date counts
	date bool
}

var errMoment = errors.New("not an RFC 3339 time or date")

// ParseMoment reads an RFC 3339 date or time.
func ParseMoment(s string) (Moment, error) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return Moment{at: t, date: true}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return Moment{}, errMoment
	}
	return Moment{at: t}, nil
}

// Start is the instant itself, or the first of the day in loc.
func (m Moment) Start(loc *time.Location) time.Time {
	if !m.date {
		return m.at
	}
	y, mo, d := m.at.Date()
	return time.Date(y, mo, d, 0, 0, 0, 0, loc)
}

// End is the instant itself, or the first of the next day in loc: the
// exclusive end that includes the day.
func (m Moment) End(loc *time.Location) time.Time {
	if !m.date {
		return m.at
	}
	y, mo, d := m.at.Date()
	return time.Date(y, mo, d+1, 0, 0, 0, 0, loc)
}

// String gives what was read, in RFC 3339.
func (m Moment) String() string {
	if m.date {
		return m.at.Format(time.DateOnly)
	}
	return m.at.Format(time.RFC3339Nano)
}

// Bind reads a query parameter; oapi-codegen's runtime calls it.
func (m *Moment) Bind(s string) error {
	v, err := ParseMoment(s)
	if err != nil {
		return err
	}
	*m = v
	return nil
}

// MarshalText writes what was read.
func (m Moment) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads an RFC 3339 date or time.
func (m *Moment) UnmarshalText(b []byte) error { return m.Bind(string(b)) }

package analytics_test

import (
	"testing"
	"time"

	"trackbot/internal/analytics"
	"trackbot/internal/fault"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// Whatever a zone does to its clocks, a day begins at the first instant that bears its date.
func TestDaysBeginAtTheFirstInstantOfTheirDate(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/Havana", "Asia/Beirut", "Africa/Cairo", "Atlantic/Azores",
		"Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Kolkata", "America/St_Johns", "Pacific/Chatham", "Asia/Tehran", "Asia/Amman", "America/Asuncion",
	} {
		z := zone(t, name)
		for day := range 366 * 12 {
			at := time.Date(2012, 1, 1+day, 12, 0, 0, 0, time.UTC)
			y, m, d := at.Date()
			start := analytics.StartOfDay(y, m, d, z)
			if got := start.In(z); got.Day() != d || got.Month() != m || got.Year() != y {
				t.Fatalf("%s: %v begins at %v", name, at, got)
			}
			for _, before := range []time.Duration{time.Nanosecond, time.Hour, 2 * time.Hour} {
				if start.Add(-before).In(z).Day() == d {
					t.Fatalf("%s: %v is in the day already, %v before it begins", name, at, before)
				}
			}
		}
	}
}

func TestPeriodsHaveTheLengthsAskedFor(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	now := time.Date(2026, 4, 2, 22, 30, 0, 0, time.UTC) // 3 April in Berlin
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, berlin) }
	for _, c := range []struct {
		name                      string
		from, to                  time.Time
		start, end, before, until time.Time
	}{
		{"none", time.Time{}, time.Time{}, day(2026, 3, 5), day(2026, 4, 4), day(2026, 2, 3), day(2026, 3, 5)},
		{"only an end", time.Time{}, day(2026, 2, 1), day(2026, 1, 2), day(2026, 2, 1), day(2025, 12, 3), day(2026, 1, 2)},
		{"only a start", day(2026, 4, 1), time.Time{}, day(2026, 4, 1), day(2026, 4, 4), day(2026, 3, 29), day(2026, 4, 1)},
		{"the 23 hours of a day", day(2026, 3, 29), day(2026, 3, 30), day(2026, 3, 29), day(2026, 3, 30), day(2026, 3, 28), day(2026, 3, 29)},
		{"within days", day(2026, 3, 28).Add(time.Hour), day(2026, 3, 29).Add(time.Minute), day(2026, 3, 28).Add(time.Hour), day(2026, 3, 29).Add(time.Minute), day(2026, 3, 27).Add(119 * time.Minute), day(2026, 3, 28).Add(time.Hour)},
	} {
		p, err := analytics.NewPeriod(c.from, c.to, now, berlin, analytics.Day)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !p.Start.Equal(c.start) || !p.End.Equal(c.end) || !p.Previous.Start.Equal(c.before) || !p.Previous.End.Equal(c.until) {
			t.Errorf("%s: got %v after %v", c.name, p.Span, p.Previous)
		}
	}
	for name, span := range map[string]analytics.Span{
		"too long":  {Start: day(2025, 1, 1), End: day(2026, 1, 3)},
		"empty":     {Start: day(2026, 1, 1), End: day(2026, 1, 1)},
		"turned":    {Start: day(2026, 1, 2), End: day(2026, 1, 1)},
		"to come":   {Start: day(2999, 1, 1)},
		"of ages":   {Start: time.Date(2, 1, 1, 0, 0, 0, 0, time.UTC)},
		"by a hair": {Start: day(2025, 1, 1), End: day(2026, 1, 2).Add(time.Nanosecond)},
	} {
		if _, err := analytics.NewPeriod(span.Start, span.End, now, berlin, analytics.Day); !fault.Is(err, fault.ValidationFailed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := analytics.NewPeriod(day(2025, 1, 1), day(2026, 1, 2), now, berlin, analytics.Day); err != nil {
		t.Errorf("366 days: %v", err)
	}
}

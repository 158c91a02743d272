package delivery_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the same rules wherever the test runs

	"pgregory.net/rapid"

	"trackbot/internal/delivery"
)

// zones change their clocks by an hour, by half an hour, in winter, at midnight, not at all, or skip a whole day.
var zones = []string{
	"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana",
	"Africa/Casablanca", "Pacific/Apia", "Asia/Beirut", "America/Sao_Paulo", "Pacific/Chatham",
}

func zone(t interface{ Fatal(...any) }, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// aMoment draws times of 2010 to 2030, most of them near a change of the zone's clocks.
func aMoment(t *rapid.T, loc *time.Location) time.Time {
	base := time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)
	at := base.Add(time.Duration(rapid.Int64Range(0, int64(20*365*24*time.Hour)).Draw(t, "moment")))
	if _, change := at.In(loc).ZoneBounds(); !change.IsZero() && rapid.IntRange(0, 3).Draw(t, "near") > 0 {
		at = change.Add(time.Duration(rapid.Int64Range(-int64(30*time.Hour), int64(30*time.Hour)).Draw(t, "off")))
	}
	return at.UTC()
}

func aTiming(t *rapid.T) delivery.Timing {
	minute := rapid.OneOf(rapid.IntRange(0, 24*60-1), rapid.SampledFrom([]int{0, 60, 119, 120, 150, 180, 1439}))
	return delivery.Timing{
		Zone:   zone(t, rapid.SampledFrom(zones).Draw(t, "zone")),
		Quiet:  delivery.Quiet{Start: minute.Draw(t, "start"), End: minute.Draw(t, "end")},
		Digest: rapid.SampledFrom([]string{delivery.DigestOff, delivery.DigestHourly, delivery.DigestDaily}).Draw(t, "digest"),
	}
}

// shown is what the wall clock shows, in minutes after midnight.
func shown(at time.Time, loc *time.Location) int { return at.In(loc).Hour()*60 + at.In(loc).Minute() }

// quietAt is the definition: whether the wall clock shows a time of the quiet hours.
func quietAt(s delivery.Timing, at time.Time) bool {
	now, q := shown(at, s.Zone), s.Quiet
	switch {
	case q.Start < q.End:
		return q.Start <= now && now < q.End
	case q.Start > q.End:
		return now >= q.Start || now < q.End
	}
	return false
}

// Whatever is done to the clocks: nothing leaves in the quiet hours, and what waits leaves the minute they end.
func TestQuietHoursEndWhenTheWallClockSaysSo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := aTiming(t)
		at := aMoment(t, s.Zone)
		until := s.Loud(at)
		if quietAt(s, until) {
			t.Fatalf("%s is quiet", until.In(s.Zone))
		}
		if !quietAt(s, at) {
			if !until.Equal(at) {
				t.Fatalf("%s is not quiet and waits until %s", at.In(s.Zone), until.In(s.Zone))
			}
			return
		}
		for m := at; m.Before(until); m = m.Add(time.Minute) {
			if !quietAt(s, m) {
				t.Fatalf("from %s it is loud already at %s, before %s", at.In(s.Zone), m.In(s.Zone), until.In(s.Zone))
			}
		}
		if last := until.Add(-time.Second); last.After(at) && !quietAt(s, last) {
			t.Fatalf("%s, the second before the end, is loud", last.In(s.Zone))
		}
	})
}

// A digest's window always ends, after the post, on time, and outside the quiet hours.
func TestDigestWindowsEndInTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := aTiming(t)
		at := aMoment(t, s.Zone)
		until, reason := s.Hold(at)
		if quietAt(s, until) {
			t.Fatalf("leaves in the quiet hours: %s", until.In(s.Zone))
		}
		// A day, an hour for the clock, and the quiet hours that the end may fall into; where a date is left out, that too.
		longest := 2*24*time.Hour + 2*time.Hour
		if until.Before(at) || until.Sub(at) > longest {
			t.Fatalf("%s waits until %s", at, until)
		}
		if waits := until.After(at); waits != (reason != "") {
			t.Fatalf("waits %t for %q", waits, reason)
		}
		if s.Digest != delivery.DigestOff && !until.After(at) {
			t.Fatal("a digest without a window")
		}
		if s.Digest == delivery.DigestHourly && reason == delivery.ReasonDigest {
			if until.Sub(at) > time.Hour || until.Unix()%60 != 0 {
				t.Fatalf("the hour of %s ends %s", at.In(s.Zone), until.In(s.Zone))
			}
		}
	})
}

// Two posts of one window leave together, and no window ends before an earlier one: the order stays.
func TestLaterPostsNeverLeaveBeforeEarlierOnes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := aTiming(t)
		at := aMoment(t, s.Zone)
		later := at.Add(time.Duration(rapid.Int64Range(0, int64(50*time.Hour)).Draw(t, "later")))
		first, _ := s.Hold(at)
		second, _ := s.Hold(later)
		if second.Before(first) && !later.Before(first) {
			t.Fatalf("%s leaves at %s, %s at %s", at, first, later, second)
		}
		if later.Before(first) && s.Digest == delivery.DigestOff && !second.Equal(first) {
			t.Fatalf("two posts of one night leave at %s and %s", first, second)
		}
	})
}

func TestDailyDigestsLeaveOncePerDate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := aTiming(t)
		s.Digest = delivery.DigestDaily
		at := aMoment(t, s.Zone)
		first, _ := s.Hold(at)
		second, _ := s.Hold(first)
		a, b := first.In(s.Zone), second.In(s.Zone)
		if a.Format(time.DateOnly) >= b.Format(time.DateOnly) {
			t.Fatalf("two windows end on one date: %s and %s", a, b)
		}
		if days := second.Sub(first); days > 49*time.Hour {
			t.Fatalf("from %s to %s there is no digest", a, b)
		}
	})
}

func TestHoldFollowsTheClockOfTheGuild(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, zone, start, end, digest, at, until, reason string
	}{
		{"by day", "Europe/Berlin", "22:00", "08:00", "off", "2026-11-23T12:00:00+01:00", "2026-11-23T12:00:00+01:00", ""},
		{"at night", "Europe/Berlin", "22:00", "08:00", "off", "2026-11-23T23:30:10+01:00", "2026-11-24T08:00:00+01:00", "quiet_hours"},
		{"the first minute is quiet", "Europe/Berlin", "22:00", "08:00", "off", "2026-11-23T22:00:00+01:00", "2026-11-24T08:00:00+01:00", "quiet_hours"},
		{"the last is not", "Europe/Berlin", "22:00", "08:00", "off", "2026-11-24T08:00:00+01:00", "2026-11-24T08:00:00+01:00", ""},
		{"the clock is put forward over the end", "Europe/Berlin", "22:00", "02:30", "off", "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00", "quiet_hours"},
		{"a night of seven hours", "Europe/Berlin", "00:00", "08:00", "off", "2026-03-29T00:00:00+01:00", "2026-03-29T08:00:00+02:00", "quiet_hours"},
		{"a night of nine hours", "Europe/Berlin", "00:00", "08:00", "off", "2026-10-25T00:00:00+02:00", "2026-10-25T08:00:00+01:00", "quiet_hours"},
		{"put back within the quiet hours", "Europe/Berlin", "22:00", "02:30", "off", "2026-10-25T02:15:00+02:00", "2026-10-25T02:30:00+02:00", "quiet_hours"},
		{"quiet for a second time", "Europe/Berlin", "22:00", "02:30", "off", "2026-10-25T02:15:00+01:00", "2026-10-25T02:30:00+01:00", "quiet_hours"},
		{"hourly", "Asia/Kathmandu", "", "", "hourly", "2026-11-23T12:10:00+05:45", "2026-11-23T13:00:00+05:45", "digest"},
		{"hourly at night", "Europe/Berlin", "22:00", "08:00", "hourly", "2026-11-23T22:10:00+01:00", "2026-11-24T08:00:00+01:00", "quiet_hours"},
		{"hourly before the night", "Europe/Berlin", "22:00", "08:00", "hourly", "2026-11-23T21:10:00+01:00", "2026-11-24T08:00:00+01:00", "quiet_hours"},
		{"daily", "America/New_York", "", "", "daily", "2026-11-23T09:00:00-05:00", "2026-11-24T09:00:00-05:00", "digest"},
		{"daily at the end of the night", "America/New_York", "23:00", "07:30", "daily", "2026-11-23T12:00:00-05:00", "2026-11-24T07:30:00-05:00", "digest"},
		{"daily over a change of the clock", "America/New_York", "", "", "daily", "2026-10-31T10:00:00-04:00", "2026-11-01T09:00:00-05:00", "digest"},
		{"no length is no quiet hours", "UTC", "08:00", "08:00", "off", "2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z", ""},
	}
	for _, tt := range tests {
		s := delivery.Timing{Zone: zone(t, tt.zone), Quiet: delivery.ParseQuiet(tt.start, tt.end), Digest: tt.digest}
		at, err := time.Parse(time.RFC3339, tt.at)
		must(t, err)
		want, err := time.Parse(time.RFC3339, tt.until)
		must(t, err)
		if until, reason := s.Hold(at); !until.Equal(want) || reason != tt.reason {
			t.Errorf("%s: until %s for %q, want %s for %q", tt.name, until.In(s.Zone), reason, want, tt.reason)
		}
	}
}

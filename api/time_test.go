package api_test

import (
	"encoding/json"
	"testing"
	"time"

	"trackbot/api"
)

func TestTimeIsWrittenInUTCWithMilliseconds(t *testing.T) {
	t.Parallel()
	berlin := time.FixedZone("CET", 3600)
	for _, c := range []struct {
		in   time.Time
		want string
	}{
		{time.Date(2026, 11, 22, 21, 13, 0, 0, berlin), `"2026-11-22T20:13:00.000Z"`},
		{time.Date(2026, 11, 22, 20, 13, 0, 123_999_999, time.UTC), `"2026-11-22T20:13:00.123Z"`},
	} {
		got, err := json.Marshal(api.At(c.in))
		if err != nil || string(got) != c.want {
			t.Errorf("%v: got %s, %v, want %s", c.in, got, err, c.want)
		}
		var back api.Time
		if err := json.Unmarshal(got, &back); err != nil || !back.Equal(c.in.Truncate(time.Millisecond)) {
			t.Errorf("%s: read back as %v, %v", got, back, err)
		}
	}
	if got, _ := json.Marshal(api.AtOrNull(nil)); string(got) != "null" {
		t.Errorf("no time: got %s, want null", got)
	}
	if got, _ := json.Marshal(api.OrNull[int](nil)); string(got) != "null" {
		t.Errorf("no value: got %s, want null", got)
	}
}

func TestMomentOfADayCoversTheDayInTheZone(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ in, start, end string }{
		{"2026-11-22", "2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z"},
		{"2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"}, // 25 hours long
		{"2026-11-22T20:13:00Z", "2026-11-22T20:13:00Z", "2026-11-22T20:13:00Z"},
	} {
		m, err := api.ParseMoment(c.in)
		if err != nil {
			t.Fatalf("%s: %v", c.in, err)
		}
		if got := m.Start(berlin).UTC().Format(time.RFC3339); got != c.start {
			t.Errorf("%s: starts %s, want %s", c.in, got, c.start)
		}
		if got := m.End(berlin).UTC().Format(time.RFC3339); got != c.end {
			t.Errorf("%s: ends %s, want %s", c.in, got, c.end)
		}
	}
}

func FuzzMoment(f *testing.F) {
	for _, s := range []string{"2026-11-22", "2026-11-22T20:13:00Z", "2026-11-22T20:13:00.5+01:00", "22.11.2026", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := api.ParseMoment(s)
		if err != nil {
			return
		}
		again, err := api.ParseMoment(m.String())
		if err != nil || !again.Start(time.UTC).Equal(m.Start(time.UTC)) || !again.End(time.UTC).Equal(m.End(time.UTC)) {
			t.Fatalf("%q is written as %q, which reads as %v, %v", s, m, again, err)
		}
	})
}

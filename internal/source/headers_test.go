package source_test

import (
	"net/http"
	"testing"
	"time"

	"trackbot/internal/source"
)

func TestRetryAfterReadsEveryForm(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name, value string
		want        time.Duration
	}{
		{"Retry-After", "30", 30 * time.Second},
		{"Retry-After", " 30 ", 30 * time.Second},
		{"Retry-After", "1.5", 1500 * time.Millisecond},
		{"Retry-After", "Sun, 01 Mar 2026 13:00:00 GMT", time.Hour},
		{"Retry-After", "Sunday, 01-Mar-26 13:00:00 GMT", time.Hour},
		{"Retry-After", "Sun, 01 Mar 2026 11:00:00 GMT", 0},
		{"Retry-After", "-5", 0},
		{"Retry-After", "NaN", 0},
		{"Retry-After", "Inf", 24 * time.Hour},
		{"Retry-After", "soon", 0},
		{"Retry-After", "", 0},
		{"X-Ratelimit-Reset", "2026-03-01T12:04:00.000000Z", 4 * time.Minute},
		{"Ratelimit-Reset", "1772366460", time.Minute},
		{"Ratelimit-Reset", "45", 45 * time.Second},
	} {
		if got := source.RetryAfter(http.Header{tc.name: {tc.value}}, now); got != tc.want {
			t.Errorf("%s: %q gives %s, want %s", tc.name, tc.value, got, tc.want)
		}
	}
	both := http.Header{"Retry-After": {"10"}, "X-Ratelimit-Reset": {"2026-03-01T12:04:00Z"}}
	if got := source.RetryAfter(both, now); got != 10*time.Second {
		t.Errorf("Retry-After does not win: %s", got)
	}
}

func TestMaxAgeIsTheRestOfTheFreshness(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		control, age string
		want         time.Duration
	}{
		{"max-age=600", "", 10 * time.Minute},
		{"public, Max-Age=600", "100", 500 * time.Second},
		{`max-age="60"`, "", time.Minute},
		{"max-age=600, no-cache", "", 0},
		{"no-store", "", 0},
		{"max-age=600", "700", 0},
		{"max-age=-1", "", 0},
		{"max-age=99999999999", "", 24 * time.Hour},
		{"max-age=x", "", 0},
		{"", "", 0},
	} {
		if got := source.MaxAge(http.Header{"Cache-Control": {tc.control}, "Age": {tc.age}}); got != tc.want {
			t.Errorf("%q age %q gives %s, want %s", tc.control, tc.age, got, tc.want)
		}
	}
}

package httpapi_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"trackbot/internal/httpapi"
	"trackbot/internal/limit"
	"trackbot/internal/store"
)

const (
	addressKey = "0f9c3b7a1e5d48620f9c3b7a1e5d4862"
	olderKey   = "7a1e5d48620f9c3b7a1e5d48620f9c3b"
	// vouchedExample is what the dashboard's own test makes of the same key, time and address.
	vouchedExample = "v1;1763900000;203.0.113.9;f-YlIeLJAaSEmrRd5OJb2qgZg7vLo7_DtrBks2XcVzA"
)

var vouchedAt = time.Unix(1763900000, 0)

// vouch is the header of a dashboard's server.
func vouch(key string, at time.Time, address string) string {
	return signedClient(key, strconv.FormatInt(at.Unix(), 10), address)
}

func signedClient(key, seconds, address string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte("TBC1\n" + seconds + "\n" + address))
	return "v1;" + seconds + ";" + address + ";" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// vouching is an API that shares secrets with the dashboard and runs at vouchedAt.
func vouching(keys ...string) httpapi.Deps {
	deps := ready()
	deps.TrustedProxies = nil
	deps.Now = func() time.Time { return vouchedAt }
	for _, key := range keys {
		deps.AddressKeys = append(deps.AddressKeys, []byte(key))
	}
	return deps
}

func TestAnAddressCountsOnlyWhenTheDashboardVouchesForIt(t *testing.T) {
	t.Parallel()
	const peer = "192.0.2.1"
	good := vouch(addressKey, vouchedAt, "203.0.113.9")
	for name, c := range map[string]struct {
		keys   []string
		header []string
		want   string
	}{
		"as the dashboard signs it":         {[]string{addressKey}, []string{vouchedExample}, "203.0.113.9"},
		"the newer key beside the older":    {[]string{olderKey, addressKey}, []string{good}, "203.0.113.9"},
		"the older key beside the newer":    {[]string{addressKey, olderKey}, []string{vouch(olderKey, vouchedAt, "203.0.113.9")}, "203.0.113.9"},
		"IPv6":                              {[]string{addressKey}, []string{vouch(addressKey, vouchedAt, "2001:db8:2::9")}, "2001:db8:2::9"},
		"IPv4 within IPv6":                  {[]string{addressKey}, []string{vouch(addressKey, vouchedAt, "::ffff:203.0.113.9")}, "203.0.113.9"},
		"a clock a minute off":              {[]string{addressKey}, []string{vouch(addressKey, vouchedAt.Add(-time.Minute), "203.0.113.9")}, "203.0.113.9"},
		"a key that went":                   {[]string{addressKey}, []string{vouch(olderKey, vouchedAt, "203.0.113.9")}, peer},
		"no secret here":                    {nil, []string{good}, peer},
		"signed with nothing":               {[]string{addressKey}, []string{vouch("", vouchedAt, "203.0.113.9")}, peer},
		"too old":                           {[]string{addressKey}, []string{vouch(addressKey, vouchedAt.Add(-61*time.Second), "203.0.113.9")}, peer},
		"from the future":                   {[]string{addressKey}, []string{vouch(addressKey, vouchedAt.Add(61*time.Second), "203.0.113.9")}, peer},
		"another address than the signed":   {[]string{addressKey}, []string{strings.Replace(good, "203.0.113.9", "203.0.113.8", 1)}, peer},
		"another time than the signed":      {[]string{addressKey}, []string{strings.Replace(good, "1763900000", "1763900001", 1)}, peer},
		"a signature cut short":             {[]string{addressKey}, []string{good[:len(good)-1]}, peer},
		"without a signature":               {[]string{addressKey}, []string{"v1;1763900000;203.0.113.9;"}, peer},
		"the address alone":                 {[]string{addressKey}, []string{"203.0.113.9"}, peer},
		"another version":                   {[]string{addressKey}, []string{"v2" + good[2:]}, peer},
		"twice":                             {[]string{addressKey}, []string{good, good}, peer},
		"signed, but no address":            {[]string{addressKey}, []string{vouch(addressKey, vouchedAt, "unknown")}, peer},
		"signed, but several addresses":     {[]string{addressKey}, []string{vouch(addressKey, vouchedAt, "203.0.113.9, 203.0.113.8")}, peer},
		"signed, but nobody's address":      {[]string{addressKey}, []string{vouch(addressKey, vouchedAt, "0.0.0.0")}, peer},
		"signed, but empty":                 {[]string{addressKey}, []string{vouch(addressKey, vouchedAt, "")}, peer},
		"longer than any that is one":       {[]string{addressKey}, []string{vouch(addressKey, vouchedAt, strings.Repeat("1", 300))}, peer},
		"the browser's own X-Forwarded-For": {[]string{addressKey}, nil, peer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log strings.Builder
			deps := vouching(c.keys...)
			deps.Log = slog.New(slog.NewJSONHandler(&log, nil))
			h := newAPIWith(t, deps, httpapi.Nothing{})
			r := httptest.NewRequest("GET", "/api/v1/auth/me", nil)
			r.Header["X-Trackbot-Client"] = c.header
			r.Header.Set("X-Forwarded-For", "198.51.100.66")
			h.ServeHTTP(httptest.NewRecorder(), r)
			if !strings.Contains(log.String(), `"client_ip":"`+c.want+`"`) {
				t.Errorf("logged %s, want %s", log.String(), c.want)
			}
			for _, told := range append(c.keys, "TBC1", "v1;") {
				if strings.Contains(log.String(), told) {
					t.Errorf("%q is in the log", told)
				}
			}
		})
	}
}

// The dashboard's own limit would otherwise be everybody's: all calls come from its server.
func TestPeopleBehindTheDashboardHaveAttemptsOfTheirOwn(t *testing.T) {
	t.Parallel()
	w := newLimitedWorld(t)
	st := openStore(t, w.url, store.RoleAPI)
	deps := vouching(olderKey, addressKey)
	deps.Limits = limit.New(st, limit.Config{Patience: time.Minute})
	metrics := prometheus.NewRegistry()
	deps.Registerer = metrics
	h := newAPIWith(t, deps, httpapi.Nothing{})
	attempt := func(header string) int {
		c := call{method: "POST", path: "/api/v1/auth/exchange", token: "none", body: `{}`}
		if header != "" {
			c.header = map[string]string{"X-Trackbot-Client": header}
		}
		return c.send(h).Code
	}
	for i := range 30 { // three times as many as one address has
		if got := attempt(vouch(addressKey, vouchedAt, fmt.Sprintf("203.0.113.%d", i+1))); got == http.StatusTooManyRequests {
			t.Fatalf("person %d was refused", i+1)
		}
	}
	one := vouch(addressKey, vouchedAt, "203.0.113.99")
	for i := range 10 {
		if got := attempt(one); got == http.StatusTooManyRequests {
			t.Fatalf("attempt %d was refused", i+1)
		}
	}
	if got := attempt(one); got != http.StatusTooManyRequests {
		t.Errorf("the eleventh attempt of one person: %d", got)
	}
	// Headers that nobody signed share what the peer has, however many addresses they name.
	for i := range 10 {
		if got := attempt(vouch("another secret of thirty-two bytes", vouchedAt, fmt.Sprintf("198.51.100.%d", i+1))); got == http.StatusTooManyRequests {
			t.Fatalf("attempt %d of the peer was refused", i+1)
		}
	}
	if got := attempt(vouch("another secret of thirty-two bytes", vouchedAt, "198.51.100.77")); got != http.StatusTooManyRequests {
		t.Errorf("a forged address has attempts of its own: %d", got)
	}
	for outcome, want := range map[string]float64{"believed": 41, "refused": 11} {
		if got := counter(t, metrics, "trackbot_http_vouched_addresses_total", outcome); got != want {
			t.Errorf("%s: %v, want %v", outcome, got, want)
		}
	}
}

// counter reads the series of a counter whose only label has a value.
func counter(t *testing.T, from prometheus.Gatherer, name, value string) float64 {
	t.Helper()
	families, err := from.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && m.GetLabel()[0].GetValue() == value {
				return m.GetCounter().GetValue()
			}
		}
	}
	t.Fatalf("no series %s of %s", name, value)
	return 0
}

func FuzzVouchedAddress(f *testing.F) {
	f.Add(vouchedExample)
	f.Add("v1;;;")
	f.Add("v1;1763900000;203.0.113.9;AAAA")
	f.Fuzz(func(t *testing.T, header string) {
		got := httpapi.Vouched([][]byte{[]byte(addressKey)}, vouchedAt, header)
		if !got.IsValid() {
			return
		}
		parts := strings.Split(header, ";")
		seconds, err := strconv.ParseInt(parts[1], 10, 64)
		if err != nil || header != signedClient(addressKey, parts[1], parts[2]) {
			t.Fatalf("%q counts and is not signed", header)
		}
		if age := vouchedAt.Sub(time.Unix(seconds, 0)).Abs(); age > time.Minute {
			t.Fatalf("%q counts after %v", header, age)
		}
		if want, err := netip.ParseAddr(parts[2]); err != nil || got != want.Unmap().WithZone("") {
			t.Fatalf("%q is read as %s", header, got)
		}
	})
}

package plan_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"trackbot/internal/plan"
)

const stripeSecret = "whsec_test_1"

// v1 is a signature of a body at a time.
func v1(body, secret string, at time.Time) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%d.%s", at.Unix(), body)
	return hex.EncodeToString(mac.Sum(nil))
}

// signed is the header that Stripe sends with a body.
func signed(body string, at time.Time) string {
	return fmt.Sprintf("t=%d,v1=%s,v0=%s", at.Unix(), v1(body, stripeSecret, at), strings.Repeat("6", 64))
}

func TestOnlyStripesOwnSignatureOfTheBodyCounts(t *testing.T) {
	t.Parallel()
	const body = `{"id":"evt_1"}`
	now := time.Unix(1_790_000_000, 0)
	stamp := func(at time.Time) string { return fmt.Sprintf("t=%d", at.Unix()) }
	good, bad := v1(body, stripeSecret, now), v1(body, "whsec_other", now)
	for name, c := range map[string]struct {
		header, body string
		want         bool
	}{
		"as Stripe sends it":                {signed(body, now), body, true},
		"the newest secret's among several": {stamp(now) + ",v1=" + bad + ",v1=" + good, body, true},
		"with spaces":                       {stamp(now) + ", v1=" + good, body, true},
		"at the edge of the window":         {signed(body, now.Add(-5*time.Minute)), body, true},
		"too old":                           {signed(body, now.Add(-5*time.Minute-time.Second)), body, false},
		"from the future":                   {signed(body, now.Add(5*time.Minute+time.Second)), body, false},
		"of another body":                   {signed(body, now), body + " ", false},
		"of another secret":                 {stamp(now) + ",v1=" + bad, body, false},
		"of another time":                   {stamp(now.Add(time.Second)) + ",v1=" + good, body, false},
		"a scheme that does not count":      {stamp(now) + ",v0=" + good, body, false},
		"two times":                         {stamp(now) + "," + stamp(now) + ",v1=" + good, body, false},
		"no time":                           {"v1=" + good, body, false},
		"no signature":                      {stamp(now), body, false},
		"no hexadecimal":                    {stamp(now) + ",v1=zz", body, false},
		"none at all":                       {"", body, false},
		"more than anybody sends":           {stamp(now) + strings.Repeat(",v1="+bad, 16) + ",v1=" + good, body, false},
	} {
		if got := plan.SignedByStripe(c.header, []byte(c.body), stripeSecret, now); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if plan.SignedByStripe(stamp(now)+",v1="+v1(body, "", now), []byte(body), "", now) {
		t.Error("without a secret anybody's signature counts")
	}
}

func FuzzStripesSignature(f *testing.F) {
	now := time.Unix(1_790_000_000, 0)
	f.Add(signed("x", now), "x")
	f.Add("t=1,t=,v1=,,=", "")
	f.Fuzz(func(t *testing.T, header, body string) {
		if plan.SignedByStripe(header, []byte(body), stripeSecret, now) && !strings.Contains(strings.ToLower(header), v1(body, stripeSecret, now)[:8]) {
			found := false
			for at := now.Add(-5 * time.Minute); !at.After(now.Add(5 * time.Minute)); at = at.Add(time.Second) {
				found = found || strings.Contains(strings.ToLower(header), v1(body, stripeSecret, at))
			}
			if !found {
				t.Errorf("%q signs %q", header, body)
			}
		}
	})
}

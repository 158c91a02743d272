package plan

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// signatureWindow is how old or how far ahead a signed timestamp may be (Stripe docs: Webhooks, "Replay attacks").
const signatureWindow = 5 * time.Minute

// maxSignatures bounds what one header makes us compute; Stripe sends one a live secret.
const maxSignatures = 16

// SignedByStripe tells whether a Stripe-Signature header, "t=<unix seconds>,v1=<hex>,…", signs exactly this body just now
// (Stripe docs: Webhooks, "Verify webhook signatures manually"): one of its v1 is the HMAC-SHA-256 of the timestamp, a dot
// and the body. Other schemes do not count.
func SignedByStripe(header string, body []byte, secret string, now time.Time) bool {
	stamp, signatures := "", []string{}
	for _, part := range strings.Split(header, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch {
		case key == "t" && stamp != "":
			return false
		case key == "t":
			stamp = value
		case key == "v1":
			signatures = append(signatures, value)
		}
	}
	at, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || secret == "" || len(signatures) > maxSignatures || now.Sub(time.Unix(at, 0)).Abs() > signatureWindow {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	want := mac.Sum(nil)
	for _, s := range signatures {
		if got, err := hex.DecodeString(s); err == nil && hmac.Equal(got, want) {
			return true
		}
	}
	return false
}

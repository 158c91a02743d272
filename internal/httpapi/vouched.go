package httpapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

const (
	// clientHeader carries what the dashboard's server says about the browser behind a call:
	// "v1;<unix seconds>;<address>;<base64url of HMAC-SHA-256>", signed as clientMessage says.
	clientHeader = "X-Trackbot-Client"
	// clientWindow is how far the signer's clock may be from ours, as with the calls of bots.
	clientWindow = time.Minute
	// maxClientHeader is well above the longest header that is one.
	maxClientHeader = 256
)

// clientMessage is what is signed. The first line keeps the signature from meaning anything else.
func clientMessage(seconds, address string) string { return "TBC1\n" + seconds + "\n" + address }

// vouchers believe the address of a browser from whoever holds one of the shared secrets, wherever the call comes from.
type vouchers struct {
	keys              [][]byte
	now               func() time.Time
	believed, refused prometheus.Counter
}

// newVouchers makes the two series, so that both are there before the first call.
func newVouchers(keys [][]byte, now func() time.Time, reg prometheus.Registerer) *vouchers {
	outcomes := promauto.With(reg).NewCounterVec(prometheus.CounterOpts{
		Name: "trackbot_http_vouched_addresses_total",
		Help: "Calls whose client address was vouched for by the shared secret, by whether it was believed.",
	}, []string{"outcome"})
	return &vouchers{keys: keys, now: now, believed: outcomes.WithLabelValues("believed"), refused: outcomes.WithLabelValues("refused")}
}

// address is what a call's header vouches for. Without secrets, without the header, or with one that is not
// whole, fresh and signed, there is none, and the call counts as any other.
func (v *vouchers) address(h http.Header) (netip.Addr, bool) {
	values := h.Values(clientHeader)
	if len(v.keys) == 0 || len(values) == 0 {
		return netip.Addr{}, false
	}
	if len(values) == 1 {
		if addr := v.read(values[0]); addr.IsValid() {
			v.believed.Inc()
			return addr, true
		}
	}
	v.refused.Inc()
	return netip.Addr{}, false
}

// read is the address of a header that counts, else the zero Addr.
func (v *vouchers) read(value string) netip.Addr {
	parts := strings.Split(value, ";")
	if len(value) > maxClientHeader || len(parts) != 4 || parts[0] != "v1" {
		return netip.Addr{}
	}
	signature, err := base64.RawURLEncoding.Strict().DecodeString(parts[3])
	if err != nil || !v.signed(clientMessage(parts[1], parts[2]), signature) {
		return netip.Addr{}
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || v.now().Sub(time.Unix(seconds, 0)).Abs() > clientWindow {
		return netip.Addr{}
	}
	addr, err := netip.ParseAddr(parts[2])
	if err != nil || addr.IsUnspecified() {
		return netip.Addr{}
	}
	return addr.Unmap().WithZone("")
}

// signed tries every key, so that the time taken does not tell which one it was, nor how much of a signature is right.
func (v *vouchers) signed(message string, signature []byte) bool {
	found := false
	for _, key := range v.keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(message))
		found = hmac.Equal(mac.Sum(nil), signature) || found
	}
	return found
}

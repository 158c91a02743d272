package signed

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"trackbot/internal/fault"
)

// Window is how far a timestamp may be from our clock, to either side.
const Window = 60 * time.Second

const (
	headerKeyID     = "X-Trackbot-Key-Id"
	headerTimestamp = "X-Trackbot-Timestamp"
	headerNonce     = "X-Trackbot-Nonce"
	headerContent   = "X-Trackbot-Content-SHA256"
	headerSignature = "X-Trackbot-Signature"

	nonceLength = 22 // 16 bytes in base64url
)

// Request is what a signature stands for.
type Request struct {
	Method string
	Path   string              // as sent, escapes included
	Query  string              // as sent, without the question mark
	Header map[string][]string // by canonical name, as net/http has them
	Body   []byte
}

// Stamp is what makes a signed request the one it is.
type Stamp struct{ KeyID, Nonce string }

// Check verifies all of a signature but that its nonce is new. Refusals: validation_failed for a
// header that is there twice, else unauthenticated.
func (k Keys) Check(r Request, now time.Time) (Stamp, error) {
	h, err := readHeaders(r.Header)
	if err != nil {
		return Stamp{}, err
	}
	secret, ok := k[h.keyID]
	if !ok {
		return Stamp{}, refuse(headerKeyID + " names no key that counts here.")
	}
	if err := checkTime(h.timestamp, now); err != nil {
		return Stamp{}, err
	}
	if !isNonce(h.nonce) {
		return Stamp{}, refuse(headerNonce + " is not 16 bytes in base64url.")
	}
	sum := sha256.Sum256(r.Body)
	if content := hex.EncodeToString(sum[:]); !hmac.Equal([]byte(h.content), []byte(content)) {
		return Stamp{}, refuse(headerContent + " is not that of the body.")
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("TB1\n" + strings.Join([]string{
		r.Method, r.Path, r.Query, strings.ToLower(h.mediaType), h.timestamp, h.nonce, h.content,
	}, "\n")))
	if want := "v1=" + hex.EncodeToString(mac.Sum(nil)); !hmac.Equal([]byte(h.signature), []byte(want)) {
		return Stamp{}, refuse("The signature is wrong.")
	}
	return Stamp{KeyID: h.keyID, Nonce: h.nonce}, nil
}

type headers struct{ keyID, timestamp, nonce, content, signature, mediaType string }

// readHeaders takes each header once: of two values, proxies and libraries disagree on which counts.
func readHeaders(header map[string][]string) (h headers, err error) {
	var twice []fault.Field
	missing := ""
	for _, want := range []struct {
		name string
		to   *string
		free bool // may be missing
	}{
		{headerKeyID, &h.keyID, false},
		{headerTimestamp, &h.timestamp, false},
		{headerNonce, &h.nonce, false},
		{headerContent, &h.content, false},
		{headerSignature, &h.signature, false},
		{"Content-Type", &h.mediaType, true},
	} {
		values := header[textproto.CanonicalMIMEHeaderKey(want.name)]
		switch {
		case len(values) > 1:
			twice = append(twice, fault.Field{Name: want.name, Message: "is given more than once"})
		case len(values) == 1 && values[0] != "":
			*want.to = values[0]
		case !want.free && missing == "":
			missing = want.name
		}
	}
	switch {
	case len(twice) > 0:
		return headers{}, fault.Invalid(twice...)
	case missing != "":
		return headers{}, refuse("Sign this call: the header " + missing + " is missing.")
	default:
		return h, nil
	}
}

func checkTime(timestamp string, now time.Time) error {
	sec, err := strconv.ParseInt(timestamp, 10, 64)
	// Up to the year 9999, so that no difference of times overflows.
	if err != nil || strconv.FormatInt(sec, 10) != timestamp || sec < 0 || sec > 253402300799 {
		return refuse(headerTimestamp + " is not a time in Unix seconds.")
	}
	if off := now.Sub(time.Unix(sec, 0)).Abs(); off > Window {
		return refuse(headerTimestamp + " is more than 60 seconds from the time here.")
	}
	return nil
}

// isNonce holds a nonce to its length too, since the decoder passes over line breaks.
func isNonce(s string) bool {
	_, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(s) == nonceLength && !strings.ContainsAny(s, "\r\n")
}

func refuse(sentence string) error { return fault.New(fault.Unauthenticated, sentence) }

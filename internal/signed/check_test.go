package signed_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"trackbot/internal/fault"
	"trackbot/internal/signed"
)

const (
	secret = "0f9c3b7a1e5d48620f9c3b7a1e5d4862"
	other  = "7a1e5d48620f9c3b7a1e5d48620f9c3b"
	nonce  = "AAECAwQFBgcICQoLDA0ODw"
	body   = `{"shardCount":1,"guildCount":12,"status":"online","version":"1.4.0"}`
)

var noon = time.Unix(1_760_000_000, 0)

func keys(t testing.TB, keys ...signed.Key) signed.Keys {
	t.Helper()
	k, err := signed.NewKeys(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func defaultKeys(t testing.TB) signed.Keys {
	return keys(t, signed.Key{ID: "default", Secret: []byte(secret)})
}

// hash is SHA-256 in hexadecimal.
func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// sign makes a signature over lines as they are.
func sign(key string, lines ...string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(strings.Join(lines, "\n")))
	return "v1=" + hex.EncodeToString(mac.Sum(nil))
}

// heartbeat is a call that is signed as it should be.
func heartbeat(keyID, key, nonce string, at time.Time) signed.Request {
	stamp := strconv.FormatInt(at.Unix(), 10)
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("X-Trackbot-Key-Id", keyID)
	h.Set("X-Trackbot-Timestamp", stamp)
	h.Set("X-Trackbot-Nonce", nonce)
	h.Set("X-Trackbot-Content-SHA256", hash(body))
	h.Set("X-Trackbot-Signature", sign(key, "TB1", "PUT", "/api/v1/bot/health", "", "application/json", stamp, nonce, hash(body)))
	return signed.Request{Method: "PUT", Path: "/api/v1/bot/health", Header: h, Body: []byte(body)}
}

// The numbers were made with OpenSSL.
func TestAKnownSignatureIsVerified(t *testing.T) {
	t.Parallel()
	r := heartbeat("default", secret, nonce, noon)
	r.Header["X-Trackbot-Signature"] = []string{"v1=45990e9815cb66b5fea0b76697763951f25380d678ce34f067f08b191c5e3558"}
	stamp, err := defaultKeys(t).Check(r, noon)
	if err != nil || stamp != (signed.Stamp{KeyID: "default", Nonce: nonce}) {
		t.Errorf("got %v, %v", stamp, err)
	}
}

func TestEachSignedHeaderHasToBeThereOnce(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"X-Trackbot-Key-Id", "X-Trackbot-Timestamp", "X-Trackbot-Nonce", "X-Trackbot-Content-SHA256", "X-Trackbot-Signature", "Content-Type",
	} {
		for what, change := range map[string]func(http.Header){
			"missing": func(h http.Header) { h.Del(name) },
			"empty":   func(h http.Header) { h.Set(name, "") },
			"altered": func(h http.Header) { h.Set(name, h.Get(name)+"0") },
			"listed":  func(h http.Header) { h.Set(name, h.Get(name)+", "+h.Get(name)) },
		} {
			r := heartbeat("default", secret, nonce, noon)
			change(r.Header)
			if _, err := defaultKeys(t).Check(r, noon); !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("%s %s: got %v", name, what, err)
			}
		}
		r := heartbeat("default", secret, nonce, noon)
		http.Header(r.Header).Add(name, r.Header[http.CanonicalHeaderKey(name)][0])
		_, err := defaultKeys(t).Check(r, noon)
		if !fault.Is(err, fault.ValidationFailed) || fault.From(err).Fields[0].Name != name {
			t.Errorf("%s twice: got %v", name, err)
		}
	}
}

func TestWhatIsSignedCannotBeChanged(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]func(*signed.Request){
		"method":       func(r *signed.Request) { r.Method = "POST" },
		"path":         func(r *signed.Request) { r.Path = "/api/v1/bot/guilds/197038439483310086" },
		"path's case":  func(r *signed.Request) { r.Path = "/api/v1/bot/Health" },
		"escapes":      func(r *signed.Request) { r.Path = "/api/v1/bot/%68ealth" },
		"query":        func(r *signed.Request) { r.Query = "dry=1" },
		"body":         func(r *signed.Request) { r.Body = []byte(strings.Replace(body, "online", "offline", 1)) },
		"no body":      func(r *signed.Request) { r.Body = nil },
		"media type":   func(r *signed.Request) { r.Header["Content-Type"] = []string{"text/plain"} },
		"line between": func(r *signed.Request) { r.Path, r.Query = "/api/v1/bot/health\n", "" },
		"body and its hash": func(r *signed.Request) {
			r.Body = []byte("{}")
			r.Header[http.CanonicalHeaderKey("X-Trackbot-Content-SHA256")] = []string{hash("{}")}
		},
		"hash in capitals": func(r *signed.Request) {
			r.Header[http.CanonicalHeaderKey("X-Trackbot-Content-SHA256")] = []string{strings.ToUpper(hash(body))}
		},
		"signature in capitals": func(r *signed.Request) {
			s := r.Header["X-Trackbot-Signature"][0]
			r.Header["X-Trackbot-Signature"] = []string{"v1=" + strings.ToUpper(s[3:])}
		},
		"signature's version": func(r *signed.Request) {
			r.Header["X-Trackbot-Signature"] = []string{"v2" + r.Header["X-Trackbot-Signature"][0][2:]}
		},
		"half a signature": func(r *signed.Request) {
			r.Header["X-Trackbot-Signature"] = []string{r.Header["X-Trackbot-Signature"][0][:35]}
		},
	} {
		r := heartbeat("default", secret, nonce, noon)
		change(&r)
		if _, err := defaultKeys(t).Check(r, noon); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

func TestMediaTypeIsSignedInLowerCase(t *testing.T) {
	t.Parallel()
	r := heartbeat("default", secret, nonce, noon)
	r.Header["Content-Type"] = []string{"Application/JSON"}
	if _, err := defaultKeys(t).Check(r, noon); err != nil {
		t.Error(err)
	}
}

func TestClocksMayDifferByAMinute(t *testing.T) {
	t.Parallel()
	for off, ok := range map[time.Duration]bool{
		0: true, time.Minute: true, -time.Minute: true, 61 * time.Second: false, -61 * time.Second: false,
		time.Minute + time.Nanosecond: false, 24 * time.Hour: false, -24 * time.Hour: false,
	} {
		_, err := defaultKeys(t).Check(heartbeat("default", secret, nonce, noon), noon.Add(off))
		if (err == nil) != ok || err != nil && !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("clock off by %v: got %v", off, err)
		}
	}
}

// Each of these is signed with the right key: it is its form that counts.
func TestValuesHaveOneSpelling(t *testing.T) {
	t.Parallel()
	now := strconv.FormatInt(noon.Unix(), 10)
	for _, stamp := range []string{"+" + now, "0" + now, now + ".0", now + "000", "-" + now, " ", "1e9", "9223372036854775807", "99999999999999999999", "\u0661"} {
		if err := checkSigned(t, stamp, nonce); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("timestamp %q: got %v", stamp, err)
		}
	}
	for _, n := range []string{nonce + "==", nonce[:21], nonce[:20] + "+/", nonce + "AA", nonce[:21] + "x", nonce[:11] + "\n" + nonce[11:], "", strings.Repeat("A", 4000)} {
		if err := checkSigned(t, now, n); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("nonce %.40q: got %v", n, err)
		}
	}
	if err := checkSigned(t, now, nonce); err != nil {
		t.Errorf("good ones: got %v", err)
	}
}

func checkSigned(t *testing.T, stamp, nonce string) error {
	t.Helper()
	r := heartbeat("default", secret, nonce, noon)
	h := http.Header(r.Header)
	h.Set("X-Trackbot-Timestamp", stamp)
	h.Set("X-Trackbot-Signature", sign(secret, "TB1", "PUT", r.Path, "", "application/json", stamp, nonce, hash(body)))
	_, err := defaultKeys(t).Check(r, noon)
	return err
}

func TestTwoKeysOverlap(t *testing.T) {
	t.Parallel()
	both := keys(t, signed.Key{ID: "default", Secret: []byte(secret)}, signed.Key{ID: "next", Secret: []byte(other)})
	for id, key := range map[string]string{"default": secret, "next": other} {
		if stamp, err := both.Check(heartbeat(id, key, nonce, noon), noon); err != nil || stamp.KeyID != id {
			t.Errorf("%s: got %v, %v", id, stamp, err)
		}
	}
	for id, key := range map[string]string{"default": other, "next": secret, "gone": secret} {
		if _, err := both.Check(heartbeat(id, key, nonce, noon), noon); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s with another's secret: got %v", id, err)
		}
	}
}

func TestKeysThatCannotBeToldApartAreRefused(t *testing.T) {
	t.Parallel()
	for what, list := range map[string][]signed.Key{
		"none":         nil,
		"no id":        {{Secret: []byte(secret)}},
		"short":        {{ID: "a", Secret: []byte(secret[:31])}},
		"same id":      {{ID: "a", Secret: []byte(secret)}, {ID: "a", Secret: []byte(other)}},
		"same secrets": {{ID: "a", Secret: []byte(secret)}, {ID: "b", Secret: []byte(secret)}},
	} {
		if _, err := signed.NewKeys(list...); err == nil || strings.Contains(err.Error(), secret[:31]) {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

// What is not a signature of ours is refused, whatever it is, and what is can be told by one text alone.
func FuzzHeaders(f *testing.F) {
	good := http.Header(heartbeat("default", secret, nonce, noon).Header)
	f.Add(good.Get("X-Trackbot-Key-Id"), good.Get("X-Trackbot-Timestamp"), good.Get("X-Trackbot-Nonce"), good.Get("X-Trackbot-Content-SHA256"), good.Get("X-Trackbot-Signature"), "application/json")
	f.Add("", "-1", "====", "zz", "v1=", "\x00")
	f.Fuzz(func(t *testing.T, keyID, stamp, nonce, content, signature, mediaType string) {
		r := heartbeat("default", secret, "AAECAwQFBgcICQoLDA0ODw", noon)
		h := http.Header(maps.Clone(r.Header))
		h["X-Trackbot-Key-Id"], h["X-Trackbot-Timestamp"], h["X-Trackbot-Nonce"] = []string{keyID}, []string{stamp}, []string{nonce}
		h[http.CanonicalHeaderKey("X-Trackbot-Content-SHA256")] = []string{content}
		h["X-Trackbot-Signature"], h["Content-Type"] = []string{signature}, []string{mediaType}
		r.Header = h
		_, err := defaultKeys(t).Check(r, noon)
		genuine := keyID == "default" && stamp == good.Get("X-Trackbot-Timestamp") && nonce == good.Get("X-Trackbot-Nonce") &&
			content == hash(body) && signature == good.Get("X-Trackbot-Signature") && strings.ToLower(mediaType) == "application/json"
		if genuine != (err == nil) || err != nil && !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("genuine %v, got %v", genuine, err)
		}
	})
}

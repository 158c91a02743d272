package bot

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Key is a secret that the bot shares with the API.
type Key struct {
	ID     string
	Secret []byte // at least 32 bytes
}

// Sign puts the five headers of a signed call into r, whose body is or will be body, and which has
// its Content-Type already. A request that is sent again has to be signed again.
func (k Key) Sign(r *http.Request, body []byte, at time.Time) {
	nonce := make([]byte, 16)
	_, _ = rand.Read(nonce) // never returns an error (crypto/rand)
	k.sign(r, body, at, base64.RawURLEncoding.EncodeToString(nonce))
}

func (k Key) sign(r *http.Request, body []byte, at time.Time, nonce string) {
	sum := sha256.Sum256(body)
	timestamp, content := strconv.FormatInt(at.Unix(), 10), hex.EncodeToString(sum[:])
	mac := hmac.New(sha256.New, k.Secret)
	mac.Write([]byte("TB1\n" + strings.Join([]string{
		r.Method, r.URL.EscapedPath(), r.URL.RawQuery, strings.ToLower(r.Header.Get("Content-Type")), timestamp, nonce, content,
	}, "\n")))
	r.Header.Set("X-Trackbot-Key-Id", k.ID)
	r.Header.Set("X-Trackbot-Timestamp", timestamp)
	r.Header.Set("X-Trackbot-Nonce", nonce)
	r.Header.Set("X-Trackbot-Content-SHA256", content)
	r.Header.Set("X-Trackbot-Signature", "v1="+hex.EncodeToString(mac.Sum(nil)))
}

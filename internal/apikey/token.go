package apikey

import (
	"crypto/rand"
	"crypto/sha256"
	"hash/crc32"
	"math/big"
	"regexp"
	"strings"
)

// Prefix begins every key, so that scanners of leaked secrets find it.
const Prefix = "tb_live_"

const (
	base62       = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	idLength     = 8
	secretLength = 30 // 178 bits
	sumLength    = 6  // a CRC-32 in base62
)

// newToken makes a key: tb_live_<8 public>_<30 secret><6 checksum>.
func newToken() (token, keyID string) {
	keyID = random(idLength)
	body := Prefix + keyID + "_" + random(secretLength)
	return body + checksum(body), keyID
}

func random(n int) string {
	var b strings.Builder
	for range n {
		i, _ := rand.Int(rand.Reader, big.NewInt(int64(len(base62)))) // never returns an error (crypto/rand)
		b.WriteByte(base62[i.Int64()])
	}
	return b.String()
}

// checksum tells a mistyped or made-up key without a question to the database.
func checksum(body string) string {
	n := crc32.ChecksumIEEE([]byte(body))
	out := make([]byte, sumLength)
	for i := sumLength - 1; i >= 0; i-- {
		out[i] = base62[n%62]
		n /= 62
	}
	return string(out)
}

const tokenPattern = `^tb_live_[0-9A-Za-z]{8}_[0-9A-Za-z]{36}$`

// parse gives the public part of a key that may be one of ours.
func parse(token string) (keyID string, ok bool) {
	if len(token) != len(Prefix)+idLength+1+secretLength+sumLength || !regexp.MustCompile(tokenPattern).MatchString(token) {
		return "", false
	}
	body, sum := token[:len(token)-sumLength], token[len(token)-sumLength:]
	return token[len(Prefix) : len(Prefix)+idLength], checksum(body) == sum
}

func digest(token string) [sha256.Size]byte { return sha256.Sum256([]byte(token)) }

package account

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"github.com/google/uuid"
)

const (
	refreshPrefix  = "tb_rt_"
	refreshVersion = 1
	refreshHead    = 1 + 16 + 4 // version, session id, generation
	refreshBytes   = refreshHead + sha256.Size
	saltBytes      = 32
)

var tokenEncoding = base64.RawURLEncoding.Strict()

// refreshToken is tb_rt_ and base64url(version ‖ session id ‖ generation ‖ HMAC-SHA-256). The MAC
// tells an old but genuine token from rubbish, and lets a token be made again without storing it.
type refreshToken struct {
	sessionID  uuid.UUID
	generation uint32
	raw        [refreshBytes]byte
}

// parseRefreshToken reads the shape; genuine checks the MAC.
func parseRefreshToken(s string) (refreshToken, bool) {
	var t refreshToken
	encoded, ok := strings.CutPrefix(s, refreshPrefix)
	if !ok || len(encoded) != tokenEncoding.EncodedLen(refreshBytes) {
		return t, false
	}
	n, err := tokenEncoding.Decode(t.raw[:], []byte(encoded))
	if err != nil || n != refreshBytes || t.raw[0] != refreshVersion {
		return t, false
	}
	t.sessionID = uuid.UUID(t.raw[1:17])
	t.generation = binary.BigEndian.Uint32(t.raw[17:refreshHead])
	return t, t.generation <= maxGeneration
}

// maxGeneration is what the column holds.
const maxGeneration = 1<<31 - 1

func makeRefreshToken(pepper, salt []byte, sessionID uuid.UUID, generation uint32) refreshToken {
	t := refreshToken{sessionID: sessionID, generation: generation}
	t.raw[0] = refreshVersion
	copy(t.raw[1:], sessionID[:])
	binary.BigEndian.PutUint32(t.raw[17:], generation)
	copy(t.raw[refreshHead:], refreshMAC(pepper, salt, t.raw[:refreshHead]))
	return t
}

// genuine tells whether this service once issued the token, with any of its peppers, for a session with this salt.
func (t refreshToken) genuine(peppers [][]byte, salt []byte) bool {
	found := false
	for _, pepper := range peppers {
		found = hmac.Equal(t.raw[refreshHead:], refreshMAC(pepper, salt, t.raw[:refreshHead])) || found
	}
	return found
}

// storedToken is the token of a session's generation whose hash was stored, made again, and the place of its pepper.
func storedToken(peppers [][]byte, salt []byte, sessionID uuid.UUID, generation uint32, hash []byte) (refreshToken, int, bool) {
	for i, pepper := range peppers {
		if t := makeRefreshToken(pepper, salt, sessionID, generation); hmac.Equal(t.hash(), hash) {
			return t, i, true
		}
	}
	return refreshToken{}, 0, false
}

func (t refreshToken) String() string {
	return refreshPrefix + tokenEncoding.EncodeToString(t.raw[:])
}

// hash is the one form in which a token is stored.
func (t refreshToken) hash() []byte { return digest(t.String()) }

func refreshMAC(pepper, salt, head []byte) []byte {
	key, err := hkdf.Key(sha256.New, pepper, salt, "trackbot refresh token", sha256.Size)
	if err != nil {
		panic(err) // only for a length beyond RFC 5869 §2.3
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(head)
	return mac.Sum(nil)
}

func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

// randomSecret is 256 bits in base64url: a state, a verifier (RFC 7636 §4.1), a login code.
func randomSecret() string { return tokenEncoding.EncodeToString(randomBytes(32)) }

// challengeOf is the S256 transformation (RFC 7636 §4.2).
func challengeOf(secret string) string { return tokenEncoding.EncodeToString(digest(secret)) }

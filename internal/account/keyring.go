package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"trackbot/internal/fault"
)

const (
	tokenIssuer   = "trackbot"
	tokenAudience = "trackbot-api"
	tokenType     = "at+jwt" // RFC 9068 §2.1
	maxTokenBytes = 8 << 10
	leeway        = 30 * time.Second
)

// VerifyKey is a secret whose tokens are accepted but which signs none: the next one, or an
// earlier one until a time. A zero Until never ends.
type VerifyKey struct {
	Secret []byte
	Until  time.Time
}

// KeyRing signs and verifies access tokens: JWT with HS512 (RFC 7518 §3.2). A token names its
// key by an id derived from the secret, and every key takes HS512 alone.
type KeyRing struct {
	ttl     time.Duration
	current string
	keys    map[string]VerifyKey
	parser  *jwt.Parser
}

// NewKeyRing returns a ring that signs with current. ttl is the life of the tokens, 0: 15 minutes.
func NewKeyRing(current []byte, ttl time.Duration, verifyOnly ...VerifyKey) *KeyRing {
	if ttl == 0 {
		ttl = 15 * time.Minute
	}
	k := &KeyRing{
		ttl: ttl, current: keyID(current), keys: map[string]VerifyKey{},
		// The claims have rules of ours, so check does them all in one place.
		parser: jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS512.Alg()}),
			jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation()),
	}
	for _, key := range verifyOnly {
		k.keys[keyID(key.Secret)] = key
	}
	k.keys[k.current] = VerifyKey{Secret: current}
	return k
}

// TTL is how long a token lives.
func (k *KeyRing) TTL() time.Duration { return k.ttl }

// keyID names a secret and gives nothing of it away.
func keyID(secret []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("trackbot jwt key id"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:9])
}

// GuildClaim is a guild in a token. Permissions is Discord's decimal string, which leaves out
// what an owner has.
type GuildClaim struct {
	ID          string    `json:"id"`
	ClientID    uuid.UUID `json:"clientId"`
	Permissions string    `json:"permissions"`
	Owner       bool      `json:"owner,omitempty"`
}

// Principal is a signed-in caller, as the access token tells. The guilds are an upper bound on
// the caller's rights; GuildsTruncated says that there are more than those named.
type Principal struct {
	UserID          string
	Username        string
	SessionID       uuid.UUID
	Guilds          []GuildClaim
	GuildsTruncated bool
	ExpiresAt       time.Time
}

type claims struct {
	jwt.RegisteredClaims
	Username        string       `json:"username"`
	SessionID       uuid.UUID    `json:"sid"`
	Guilds          []GuildClaim `json:"guilds"`
	GuildsTruncated bool         `json:"guildsTruncated,omitempty"`
}

// Sign makes an access token; p.ExpiresAt is ignored.
func (k *KeyRing) Sign(p Principal, now time.Time) (string, error) {
	if p.Guilds == nil {
		p.Guilds = []GuildClaim{}
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS512, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: tokenIssuer, Audience: jwt.ClaimStrings{tokenAudience}, Subject: p.UserID, ID: uuid.NewString(),
			IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(k.ttl)),
		},
		Username: p.Username, SessionID: p.SessionID, Guilds: p.Guilds, GuildsTruncated: p.GuildsTruncated,
	})
	token.Header["typ"] = tokenType
	token.Header["kid"] = k.current
	return token.SignedString(k.keys[k.current].Secret)
}

// Verify checks an access token and returns its holder. A token that is in order but over is
// refused as token_expired, any other as unauthenticated, with one sentence for all of them.
func (k *KeyRing) Verify(raw string, now time.Time) (*Principal, error) {
	p, _, err := k.verify(raw, now)
	return p, err
}

// verify is Verify, and tells until when the answer will be the same.
func (k *KeyRing) verify(raw string, now time.Time) (*Principal, time.Time, error) {
	if len(raw) > maxTokenBytes {
		return nil, time.Time{}, refuseToken(errors.New("token too long"))
	}
	// The standard library's base64 skips line breaks even when strict.
	if strings.ContainsAny(raw, "\r\n") {
		return nil, time.Time{}, refuseToken(errors.New("token with a line break"))
	}
	var c claims
	var key VerifyKey
	_, err := k.parser.ParseWithClaims(raw, &c, func(t *jwt.Token) (_ any, err error) {
		key, err = k.keyOf(t.Header, now)
		return key.Secret, err
	})
	if err != nil {
		return nil, time.Time{}, refuseToken(err)
	}
	if err := k.check(&c, now); err != nil {
		return nil, time.Time{}, refuseToken(err)
	}
	until := c.ExpiresAt.Add(leeway)
	if !now.Before(until) {
		return nil, time.Time{}, fault.New(fault.TokenExpired, "The access token has expired.")
	}
	if !key.Until.IsZero() && key.Until.Before(until) {
		until = key.Until
	}
	return &Principal{
		UserID: c.Subject, Username: c.Username, SessionID: c.SessionID,
		Guilds: c.Guilds, GuildsTruncated: c.GuildsTruncated, ExpiresAt: c.ExpiresAt.Time,
	}, until, nil
}

func (k *KeyRing) keyOf(header map[string]any, now time.Time) (VerifyKey, error) {
	if header["typ"] != tokenType {
		return VerifyKey{}, errors.New("not an access token")
	}
	if _, ok := header["crit"]; ok {
		return VerifyKey{}, errors.New("critical extension that is not known here") // RFC 7515 §4.1.11
	}
	kid, ok := header["kid"].(string)
	if !ok {
		return VerifyKey{}, errors.New("no key id")
	}
	key, ok := k.keys[kid]
	if !ok || (!key.Until.IsZero() && !now.Before(key.Until)) {
		return VerifyKey{}, errors.New("unknown key id")
	}
	return key, nil
}

// check holds every rule of the claims but their end.
func (k *KeyRing) check(c *claims, now time.Time) error {
	switch {
	case c.Issuer != tokenIssuer:
		return errors.New("foreign issuer")
	case len(c.Audience) != 1 || c.Audience[0] != tokenAudience:
		return errors.New("foreign audience")
	case !snowflake.MatchString(c.Subject) || c.SessionID == uuid.Nil || c.ID == "":
		return errors.New("sub, sid or jti missing or malformed")
	case c.ExpiresAt == nil || c.NotBefore == nil || c.IssuedAt == nil:
		return errors.New("exp, nbf or iat missing")
	case now.Add(leeway).Before(c.NotBefore.Time) || now.Add(leeway).Before(c.IssuedAt.Time):
		return errors.New("from the future")
	case !c.ExpiresAt.After(c.IssuedAt.Time) || c.ExpiresAt.Sub(c.IssuedAt.Time) > k.ttl+leeway:
		return errors.New("lives too long, or not at all")
	}
	return nil
}

func refuseToken(cause error) error {
	return fault.Wrap(cause, fault.Unauthenticated, "The access token is missing or not valid.")
}

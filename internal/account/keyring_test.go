package account_test

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"trackbot/internal/account"
	"trackbot/internal/fault"
)

var (
	noon   = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	holder = account.Principal{
		UserID: "123456789012345678", Username: "ann", SessionID: uuid.MustParse("0190a6f0-0000-7000-8000-000000000001"),
		Guilds: []account.GuildClaim{{ID: "223456789012345678", ClientID: uuid.MustParse("0190a6f0-0000-7000-8000-000000000002"), Permissions: "104324673"}},
	}
)

func sign(t *testing.T, keys *account.KeyRing) string {
	t.Helper()
	raw, err := keys.Sign(holder, noon)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// part decodes the header (0) or the claims (1) of a token.
func part(t *testing.T, raw string, i int) map[string]any {
	t.Helper()
	body, err := base64.RawURLEncoding.DecodeString(strings.Split(raw, ".")[i])
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(body, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// forge signs a changed token with a key of the attacker's choice.
func forge(t *testing.T, method jwt.SigningMethod, key any, header, claims map[string]any) string {
	t.Helper()
	token := &jwt.Token{Method: method, Header: header, Claims: jwt.MapClaims(claims)}
	raw, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestAccessTokenNamesItsHolderAndGuilds(t *testing.T) {
	t.Parallel()
	keys := account.NewKeyRing(jwtSecret, 0)
	raw := sign(t, keys)
	p, err := keys.Verify(raw, noon)
	if err != nil {
		t.Fatal(err)
	}
	if p.UserID != holder.UserID || p.Username != "ann" || p.SessionID != holder.SessionID || len(p.Guilds) != 1 || p.Guilds[0] != holder.Guilds[0] {
		t.Errorf("got %+v", p)
	}
	header, claims := part(t, raw, 0), part(t, raw, 1)
	if header["alg"] != "HS512" || header["typ"] != "at+jwt" || header["kid"] == "" {
		t.Errorf("header %v", header)
	}
	for _, name := range []string{"iss", "aud", "sub", "username", "sid", "jti", "iat", "nbf", "exp", "guilds"} {
		if _, ok := claims[name]; !ok {
			t.Errorf("claim %s is missing", name)
		}
	}
	if life := claims["exp"].(float64) - claims["iat"].(float64); life != 900 {
		t.Errorf("lives %v s", life)
	}
}

func TestAccessTokenAttacksAreRefused(t *testing.T) {
	t.Parallel()
	keys := account.NewKeyRing(jwtSecret, 0)
	good := sign(t, keys)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	type tokenParts = map[string]any
	hs512 := func(header, claims func(tokenParts)) string {
		h, c := part(t, good, 0), part(t, good, 1)
		if header != nil {
			header(h)
		}
		if claims != nil {
			claims(c)
		}
		return forge(t, jwt.SigningMethodHS512, jwtSecret, h, c)
	}
	header := func(name string, value any) string { return hs512(func(h tokenParts) { h[name] = value }, nil) }
	claim := func(name string, value any) string { return hs512(nil, func(c tokenParts) { c[name] = value }) }
	without := func(name string) string { return hs512(nil, func(c tokenParts) { delete(c, name) }) }
	with := func(alg string) tokenParts { h := part(t, good, 0); h["alg"] = alg; return h }
	unix := func(d time.Duration) int64 { return noon.Add(d).Unix() }
	segments := strings.Split(good, ".")
	richer := part(t, good, 1)
	richer["guilds"] = []any{tokenParts{"id": "223456789012345678", "clientId": uuid.NewString(), "permissions": "8"}}
	richerBody, _ := json.Marshal(richer)

	cases := map[string]string{
		"empty":                "",
		"alg none":             forge(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, with("none"), part(t, good, 1)),
		"alg None":             rawHeader(t, with("None"), segments),
		"alg HS256":            forge(t, jwt.SigningMethodHS256, jwtSecret, with("HS256"), part(t, good, 1)),
		"alg HS384":            forge(t, jwt.SigningMethodHS384, jwtSecret, with("HS384"), part(t, good, 1)),
		"alg RS512":            forge(t, jwt.SigningMethodRS512, rsaKey, with("RS512"), part(t, good, 1)),
		"alg RS512 over HS512": rawHeader(t, with("RS512"), segments),
		"public key as secret": forge(t, jwt.SigningMethodHS512, x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey), part(t, good, 0), part(t, good, 1)),
		"alg missing":          rawHeader(t, tokenParts{"typ": "at+jwt", "kid": part(t, good, 0)["kid"]}, segments),
		"kid missing":          hs512(func(h tokenParts) { delete(h, "kid") }, nil),
		"kid unknown":          header("kid", "someone-else"),
		"kid a path":           header("kid", "../../../../dev/null"),
		"kid a number":         header("kid", 1),
		"kid a list":           header("kid", []string{part(t, good, 0)["kid"].(string)}),
		"typ JWT":              header("typ", "JWT"),
		"typ missing":          hs512(func(h tokenParts) { delete(h, "typ") }, nil),
		"crit":                 header("crit", []string{"exp"}),
		"crit empty":           header("crit", []string{}),
		"other secret":         forge(t, jwt.SigningMethodHS512, []byte(strings.Repeat("x", 64)), part(t, good, 0), part(t, good, 1)),
		"key in the header":    forge(t, jwt.SigningMethodHS512, []byte("own"), withJWK(part(t, good, 0)), part(t, good, 1)),
		"guilds tampered":      segments[0] + "." + base64.RawURLEncoding.EncodeToString(richerBody) + "." + segments[2],
		"signature cut":        segments[0] + "." + segments[1] + ".",
		"two parts":            segments[0] + "." + segments[1],
		"four parts":           good + ".x",
		"padded base64":        good + "=",
		"line break":           segments[0] + "\n." + segments[1] + "." + segments[2],
		"loose last bits":      good[:len(good)-1] + string(nextBase64(good[len(good)-1])),
		"wrong issuer":         claim("iss", "https://evil.test"),
		"issuer missing":       without("iss"),
		"wrong audience":       claim("aud", "dashboard"),
		"two audiences":        claim("aud", []string{"trackbot-api", "other"}),
		"audience missing":     without("aud"),
		"subject missing":      without("sub"),
		"subject no snowflake": claim("sub", "1 OR 1=1"),
		"sid missing":          without("sid"),
		"sid no uuid":          claim("sid", "1"),
		"jti missing":          without("jti"),
		"exp missing":          without("exp"),
		"iat missing":          without("iat"),
		"nbf missing":          without("nbf"),
		"exp far":              claim("exp", unix(24*time.Hour)),
		"exp beyond int64":     claim("exp", 1e300),
		"exp a word":           claim("exp", "never"),
		"nbf in the future":    claim("nbf", unix(time.Minute)),
		"iat in the future":    hs512(nil, func(c tokenParts) { c["iat"], c["exp"] = unix(time.Minute), unix(10*time.Minute) }),
		"20 KB":                claim("username", strings.Repeat("a", 20<<10)),
		"just over 8 KiB":      claim("username", strings.Repeat("a", 6000)),
		"a refresh token":      "tb_rt_" + strings.Repeat("A", 71),
		"an API key":           "tb_live_abcdefgh_" + strings.Repeat("a", 36),
		"not json":             "e30.bm90anNvbg.e30",
		"header a list":        "W10." + segments[1] + "." + segments[2],
	}
	for name, raw := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if raw == good {
				t.Fatal("the attack is the genuine token")
			}
			p, err := keys.Verify(raw, noon)
			if p != nil || !fault.Is(err, fault.Unauthenticated) {
				t.Fatalf("got %+v, %v", p, err)
			}
			if detail := fault.From(err).Detail; detail != "The access token is missing or not valid." {
				t.Errorf("the answer tells the cases apart: %q", detail)
			}
		})
	}
}

func rawHeader(t *testing.T, header map[string]any, segments []string) string {
	t.Helper()
	body, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(body) + "." + segments[1] + "." + segments[2]
}

func withJWK(header map[string]any) map[string]any {
	out := maps.Clone(header)
	out["jwk"] = map[string]any{"kty": "oct", "k": base64.RawURLEncoding.EncodeToString([]byte("own"))}
	return out
}

// nextBase64 differs from c in its last bit, which is padding in the last character of 64 bytes.
func nextBase64(c byte) byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, c)^1]
}

func TestAccessTokenEndsWithItsLeeway(t *testing.T) {
	t.Parallel()
	keys := account.NewKeyRing(jwtSecret, 0)
	raw := sign(t, keys)
	for after, want := range map[time.Duration]fault.Code{
		-29 * time.Second: "", 15*time.Minute + 29*time.Second: "",
		-31 * time.Second: fault.Unauthenticated, 15*time.Minute + 30*time.Second: fault.TokenExpired,
	} {
		_, err := keys.Verify(raw, noon.Add(after))
		if (want == "") != (err == nil) || (want != "" && !fault.Is(err, want)) {
			t.Errorf("%s after issue: got %v, want %q", after, err, want)
		}
	}
}

func TestKeyRotationKeepsTokensValid(t *testing.T) {
	t.Parallel()
	next := []byte("next" + string(jwtSecret))
	before := account.NewKeyRing(jwtSecret, 0)
	prepared := account.NewKeyRing(jwtSecret, 0, account.VerifyKey{Secret: next})
	promoted := account.NewKeyRing(next, 0, account.VerifyKey{Secret: jwtSecret, Until: noon.Add(15 * time.Minute)})
	old, fresh := sign(t, before), sign(t, promoted)

	accepts := func(keys *account.KeyRing, raw string, at time.Time) bool {
		_, err := keys.Verify(raw, at)
		return err == nil
	}
	if !accepts(prepared, old, noon) || !accepts(prepared, fresh, noon) || !accepts(promoted, old, noon) || !accepts(promoted, fresh, noon) {
		t.Error("a token was refused in the middle of a rotation")
	}
	if accepts(promoted, old, noon.Add(15*time.Minute)) {
		t.Error("the previous key outlived its date")
	}
	if accepts(before, fresh, noon) {
		t.Error("an unknown key was accepted")
	}
}

func FuzzVerify(f *testing.F) {
	keys := account.NewKeyRing(jwtSecret, 0)
	raw, err := keys.Sign(holder, noon)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add("e30.e30.e30")
	f.Fuzz(func(t *testing.T, in string) {
		if _, err := keys.Verify(in, noon); err != nil {
			return
		}
		at := strings.LastIndexByte(in, '.')
		mac := hmac.New(sha512.New, jwtSecret)
		mac.Write([]byte(in[:at]))
		if want := base64.RawURLEncoding.EncodeToString(mac.Sum(nil)); in[at+1:] != want {
			t.Fatalf("%q was let in without our signature", in)
		}
	})
}

package account_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/account"
	"trackbot/internal/fault"
)

func TestATokenSeenBeforeTellsTheSameHolder(t *testing.T) {
	t.Parallel()
	keys := account.NewKeyRing(jwtSecret, 0)
	known, raw := account.NewTokens(10), sign(t, keys)
	first, err := known.Holder(keys, raw, noon)
	if err != nil {
		t.Fatal(err)
	}
	again, err := known.Holder(keys, raw, noon.Add(time.Minute))
	if err != nil || again != first {
		t.Errorf("verified anew: %p and %p, %v", first, again, err)
	}
	want, err := keys.Verify(raw, noon)
	if diff := cmp.Diff(want, again); diff != "" || err != nil {
		t.Errorf("%s%v", diff, err)
	}
}

func TestATokenSeenBeforeEndsWhenItEnds(t *testing.T) {
	t.Parallel()
	keys := account.NewKeyRing(jwtSecret, 0)
	known, raw := account.NewTokens(10), sign(t, keys)
	for _, tc := range []struct {
		after time.Duration
		want  fault.Code
	}{{0, ""}, {15*time.Minute + 29*time.Second, ""}, {15*time.Minute + 30*time.Second, fault.TokenExpired}} {
		_, err := known.Holder(keys, raw, noon.Add(tc.after))
		if got := codeOf(err); got != tc.want {
			t.Errorf("after %s: %q, want %q", tc.after, got, tc.want)
		}
	}
}

func codeOf(err error) fault.Code {
	if fe := fault.From(err); fe != nil {
		return fe.Code
	}
	return ""
}

func TestATokenSeenBeforeEndsWithItsKey(t *testing.T) {
	t.Parallel()
	raw := sign(t, account.NewKeyRing(jwtSecret, 0))
	next := []byte("a-completely-different-secret-of-sixty-four-bytes-for-the-next-ring")
	ring := account.NewKeyRing(next, 0, account.VerifyKey{Secret: jwtSecret, Until: noon.Add(time.Minute)})
	known := account.NewTokens(10)
	if _, err := known.Holder(ring, raw, noon); err != nil {
		t.Fatal(err)
	}
	_, err := known.Holder(ring, raw, noon.Add(time.Minute))
	wantCode(t, err, fault.Unauthenticated)
}

func TestOnlyTheTokenThatWasVerifiedIsKnown(t *testing.T) {
	t.Parallel()
	keys := account.NewKeyRing(jwtSecret, 0)
	known, raw := account.NewTokens(10), sign(t, keys)
	if _, err := known.Holder(keys, raw, noon); err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		other := []byte(raw)
		if other[i]++; raw[i] == '.' {
			other[i] = '_'
		}
		if p, err := known.Holder(keys, string(other), noon); err == nil {
			t.Fatalf("byte %d changed, and it is %v's", i, p.UserID)
		}
	}
	if known.Len() != 1 {
		t.Errorf("%d tokens are kept", known.Len())
	}
}

func TestTokensKeptAreBounded(t *testing.T) {
	t.Parallel()
	keys := account.NewKeyRing(jwtSecret, 0)
	known := account.NewTokens(50)
	for i := range 500 {
		raw, err := keys.Sign(account.Principal{UserID: fmt.Sprint(200000000000000000 + i), SessionID: uuid.New()}, noon)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := known.Holder(keys, raw, noon); err != nil || p.UserID != fmt.Sprint(200000000000000000+i) {
			t.Fatalf("token %d is %v's: %v", i, p, err)
		}
		if n := known.Len(); n > 50 {
			t.Fatalf("%d tokens are kept", n)
		}
	}
}

// The session of a token that is known is looked at all the same.
func TestARevokedSessionEndsATokenSeenBefore(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	pair := f.signIn(t, f.user())
	for range 2 {
		if _, err := f.Authenticate(t.Context(), pair.AccessToken); err != nil {
			t.Fatal(err)
		}
	}
	f.sql(t, "UPDATE dashboard_sessions SET revoked_at = now(), revoked_reason = 'operator'")
	f.pass(5 * time.Second)
	_, err := f.Authenticate(t.Context(), pair.AccessToken)
	wantCode(t, err, fault.SessionRevoked)
}

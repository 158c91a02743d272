package account_test

import (
	"testing"
	"time"

	"trackbot/internal/account"
	"trackbot/internal/fault"
)

var nextKey = []byte("vutsrqponmlkjihgfedcba9876543210")

// withKeys returns another process's service, which seals with the first key and opens with all.
func (f *fixture) withKeys(t *testing.T, key []byte, others ...[]byte) *account.Service {
	t.Helper()
	svc, err := account.New(f.api, f.discord, account.Config{
		Keys: f.keys, EncryptionKey: key, OtherKeys: others, DashboardURL: dashboard, Now: f.now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(svc.Close)
	return svc
}

func wantKeyUse(t *testing.T, when string, svc *account.Service, want account.KeyUse) {
	t.Helper()
	got, err := svc.KeyUse(t.Context())
	if err != nil || got != want {
		t.Errorf("%s: %+v, %v; want %+v", when, got, err, want)
	}
}

// The walk of docs/security.md: the new key opens everywhere, then it seals, then the old one goes.
func TestEncryptionKeyIsReplacedWithoutEndingASession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, idle := f.oneGuild(t, "members", plain, false)
	userID := f.user(account.DiscordGuild{ID: guildID, Permissions: plain})
	pair := f.signIn(t, userID)
	refresh := func(when string, svc *account.Service) {
		t.Helper()
		next, err := svc.Refresh(t.Context(), pair.RefreshToken, "", account.Origin{})
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		pair = next
	}
	wantKeyUse(t, "before", f.Service, account.KeyUse{Grants: 2, Sessions: 2})

	both := f.withKeys(t, encryptionKey, nextKey)
	refresh("the old key seals, both open", both)
	promoted := f.withKeys(t, nextKey, encryptionKey)
	wantKeyUse(t, "promoted", promoted, account.KeyUse{OlderGrants: 2, OlderSessions: 2})
	refresh("a replica that has changed", promoted)
	refresh("and one that has not", both)
	refresh("and the first again", promoted)
	wantKeyUse(t, "after a refresh", promoted, account.KeyUse{OlderGrants: 2, Sessions: 1, OlderSessions: 1})

	f.stale(t, false)
	promoted.FreshenGuilds(t.Context(), userID)
	if f.discord.called("renew") != 0 {
		t.Error("a grant of the old key was not opened")
	}
	f.stale(t, true)
	promoted.FreshenGuilds(t.Context(), userID)
	wantKeyUse(t, "after a renewal", promoted, account.KeyUse{Grants: 1, OlderGrants: 1, Sessions: 1, OlderSessions: 1})

	f.sql(t, "UPDATE discord_grants SET updated_at = now() - interval '9 days' WHERE user_id = $1", idle.UserID)
	if n, err := promoted.Reseal(t.Context()); n != 1 || err != nil {
		t.Errorf("sealed %d anew, %v", n, err)
	}
	if n := f.count(t, "SELECT count(*) FROM discord_grants WHERE user_id = $1 AND updated_at < now() - interval '8 days'", idle.UserID); n != 1 {
		t.Error("sealing anew made the authorization look newer")
	}
	if n, err := promoted.Reseal(t.Context()); n != 0 || err != nil {
		t.Errorf("sealed %d again, %v", n, err)
	}
	wantKeyUse(t, "sealed anew", promoted, account.KeyUse{Grants: 2, Sessions: 1, OlderSessions: 1})

	alone := f.withKeys(t, nextKey)
	refresh("the new key alone", alone)
	f.stale(t, false)
	alone.FreshenGuilds(t.Context(), idle.UserID)
	if n := f.count(t, "SELECT count(*) FROM users WHERE id = $1 AND guilds_confirmed_at > now() - interval '1 min'", idle.UserID); n != 1 {
		t.Error("the grant that was sealed anew is of no use")
	}
	wantKeyUse(t, "at the end", alone, account.KeyUse{Grants: 2, Sessions: 1, LostSessions: 1})
}

func TestARetryGetsTheSameSuccessorWhicheverKeyMadeIt(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	before, after := f.withKeys(t, encryptionKey, nextKey), f.withKeys(t, nextKey, encryptionKey)
	for name, order := range map[string][2]*account.Service{"forwards": {before, after}, "backwards": {after, before}} {
		pair := f.signIn(t, f.user())
		next, err := order[0].Refresh(t.Context(), pair.RefreshToken, "k", account.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		again, err := order[1].Refresh(t.Context(), pair.RefreshToken, "k", account.Origin{})
		if err != nil || again.RefreshToken != next.RefreshToken {
			t.Errorf("%s: %v, the same successor: %v", name, err, again.RefreshToken == next.RefreshToken)
		}
		if _, err := order[1].Refresh(t.Context(), again.RefreshToken, "", account.Origin{}); err != nil {
			t.Errorf("%s: the successor does not work: %v", name, err)
		}
	}
	// A process that does not know the successor's key must not make up another.
	pair := f.signIn(t, f.user())
	next, err := after.Refresh(t.Context(), pair.RefreshToken, "k", account.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Refresh(t.Context(), pair.RefreshToken, "k", account.Origin{})
	wantCode(t, err, fault.RefreshRace)
	if _, err := after.Refresh(t.Context(), next.RefreshToken, "", account.Origin{}); err != nil {
		t.Errorf("the session is over: %v", err)
	}
}

func TestATokenOfTheOldKeyIsStillSeenToBeStolen(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	stolen := f.signIn(t, f.user())
	after := f.withKeys(t, nextKey, encryptionKey)
	next, err := after.Refresh(t.Context(), stolen.RefreshToken, "", account.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	f.sql(t, "UPDATE dashboard_sessions SET rotated_at = now() - $1::interval", time.Hour.String())
	_, err = after.Refresh(t.Context(), stolen.RefreshToken, "", account.Origin{})
	wantCode(t, err, fault.SessionRevoked)
	if f.alive(t, next) {
		t.Error("the session lives on")
	}
}

// What no key opens is counted and left: a sign-in replaces it. There are more than one batch of them.
func TestWhatNoKeyOpensIsCountedAndLeft(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signIn(t, f.user())
	const strangers = 1203
	f.sql(t, "INSERT INTO users (id, username) SELECT (200000000000000000 + n)::text, 'u' FROM generate_series(1, $1::int) n", strangers)
	f.sql(t, `INSERT INTO discord_grants (user_id, access_token, refresh_token, scope, expires_at)
		SELECT id, '\x01aabb', '\x01ccdd', 'identify', now() FROM users WHERE id > '200000000000000000'`)
	f.sql(t, `INSERT INTO dashboard_sessions (id, user_id, refresh_token_hash, salt, generation, expires_at)
		SELECT gen_random_uuid(), id, sha256(id::bytea), sha256(id::bytea), 0, now() + interval '1 day' FROM users WHERE id > '200000000000000000'`)
	f.sql(t, `UPDATE dashboard_sessions SET revoked_at = now() WHERE user_id IN ('200000000000000001', '200000000000000002')`)
	after := f.withKeys(t, nextKey, encryptionKey)
	if n, err := after.Reseal(t.Context()); n != 1 || err != nil {
		t.Errorf("sealed %d anew, %v", n, err)
	}
	wantKeyUse(t, "afterwards", after, account.KeyUse{Grants: 1, LostGrants: strangers, OlderSessions: 1, LostSessions: strangers - 2})
}

func TestKeysOfTheWrongLengthAreRefused(t *testing.T) {
	t.Parallel()
	keys := account.NewKeyRing(jwtSecret, 0)
	for _, others := range [][][]byte{{nil}, {nextKey, nextKey[:31]}} {
		if _, err := account.New(nil, nil, account.Config{Keys: keys, EncryptionKey: encryptionKey, OtherKeys: others}); err == nil {
			t.Errorf("%d other keys were taken", len(others))
		}
	}
}

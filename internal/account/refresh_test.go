package account_test

import (
	"context"
	"encoding/base64"
	"strings"
	"sync"
	"testing"

	"trackbot/internal/account"
	"trackbot/internal/fault"
)

func TestRefreshRotatesAndKeepsTheEnd(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	first := f.signIn(t, f.user())
	pair := first
	for range 3 {
		next, err := f.Refresh(t.Context(), pair.RefreshToken, "", account.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		if next.RefreshToken == pair.RefreshToken || next.AccessToken == pair.AccessToken {
			t.Error("a token came twice")
		}
		if !next.RefreshExpiresAt.Equal(first.RefreshExpiresAt) {
			t.Errorf("the session's end moved from %s to %s", first.RefreshExpiresAt, next.RefreshExpiresAt)
		}
		if f.principal(t, next).SessionID != f.principal(t, first).SessionID {
			t.Error("the session changed")
		}
		pair = next
	}
}

func TestParallelRefreshesTakeOneStepAndKeepTheSession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	userID := f.user()
	pair := f.signIn(t, userID)
	counts := tally(20, func(ctx context.Context) error {
		_, err := f.Refresh(ctx, pair.RefreshToken, "", account.Origin{})
		return err
	})
	if counts["ok"] != 1 || counts[fault.RefreshRace] != 19 {
		t.Errorf("got %v", counts)
	}
	if g := f.count(t, "SELECT generation FROM dashboard_sessions WHERE user_id = $1", userID); g != 1 {
		t.Errorf("generation %d", g)
	}
	if !f.alive(t, pair) {
		t.Error("the session died")
	}
}

func TestSameIdempotencyKeyGetsTheSameSuccessor(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	pair := f.signIn(t, f.user())
	var mu sync.Mutex
	successors := map[string]bool{}
	counts := tally(10, func(ctx context.Context) error {
		next, err := f.Refresh(ctx, pair.RefreshToken, "key-1", account.Origin{})
		mu.Lock()
		defer mu.Unlock()
		successors[next.RefreshToken] = true
		return err
	})
	if counts["ok"] != 10 || len(successors) != 1 {
		t.Fatalf("got %v, %d successors", counts, len(successors))
	}
	_, err := f.Refresh(t.Context(), pair.RefreshToken, "key-2", account.Origin{})
	wantCode(t, err, fault.RefreshRace)
	_, err = f.Refresh(t.Context(), pair.RefreshToken, "", account.Origin{})
	wantCode(t, err, fault.RefreshRace)
	f.sql(t, "UPDATE dashboard_sessions SET rotated_at = rotated_at - interval '50 s'")
	if _, err := f.Refresh(t.Context(), pair.RefreshToken, "key-1", account.Origin{}); err != nil {
		t.Errorf("after 50 s: %v", err)
	}
	for next := range successors {
		if _, err := f.Refresh(t.Context(), next, "", account.Origin{}); err != nil {
			t.Errorf("the successor does not work: %v", err)
		}
	}
}

// Each case presents a genuine token of an earlier generation or a session that is over.
func TestRefreshOfAnotherStateIsRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	cases := map[string]struct {
		rotations int
		key       string // the second presentation's
		sql       string
		want      fault.Code
		alive     bool
	}{
		"late replay":                {1, "", "rotated_at = now() - interval '11 s'", fault.SessionRevoked, false},
		"late replay, same key":      {1, "k", "rotated_at = now() - interval '61 s'", fault.SessionRevoked, false},
		"late replay, other key":     {1, "x", "rotated_at = now() - interval '11 s'", fault.SessionRevoked, false},
		"two generations old":        {2, "", "", fault.SessionRevoked, false},
		"two generations, same key":  {2, "k", "", fault.SessionRevoked, false},
		"race":                       {1, "", "rotated_at = now() - interval '8 s'", fault.RefreshRace, true},
		"race on an expired session": {1, "", "expires_at = now()", fault.Unauthenticated, true},
		"expired":                    {0, "", "expires_at = now()", fault.Unauthenticated, true},
		"idle for 14 days":           {0, "", "last_used_at = now() - interval '14 d'", fault.Unauthenticated, true},
		"idle for 13 days":           {0, "", "last_used_at = now() - interval '13 d 23 h'", "", true},
		"revoked":                    {0, "", "revoked_at = now(), revoked_reason = 'logout'", fault.SessionRevoked, false},
		"replay on a revoked one":    {1, "", "revoked_at = now(), revoked_reason = 'logout'", fault.SessionRevoked, false},
		"same key on a revoked one":  {1, "k", "revoked_at = now(), revoked_reason = 'logout'", fault.SessionRevoked, false},
		"session restored to before": {1, "", "generation = 0, refresh_token_hash = previous_hash", "", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			userID := f.user()
			first := f.signIn(t, userID)
			pair := first
			for range tc.rotations {
				var err error
				if pair, err = f.Refresh(t.Context(), pair.RefreshToken, "k", account.Origin{}); err != nil {
					t.Fatal(err)
				}
			}
			if tc.sql != "" {
				f.sql(t, "UPDATE dashboard_sessions SET "+tc.sql+" WHERE user_id = $1", userID)
			}
			_, err := f.Refresh(t.Context(), first.RefreshToken, tc.key, account.Origin{})
			if tc.want == "" {
				if err != nil {
					t.Errorf("got %v", err)
				}
			} else {
				wantCode(t, err, tc.want)
			}
			if f.alive(t, first) != tc.alive {
				t.Errorf("session alive: %v, want %v", !tc.alive, tc.alive)
			}
		})
	}
}

func TestReplayEndsTheThiefsSessionToo(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	stolen := f.signIn(t, f.user())
	thief, err := f.Refresh(t.Context(), stolen.RefreshToken, "", account.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	f.sql(t, "UPDATE dashboard_sessions SET rotated_at = now() - interval '1 h'")
	f.principal(t, thief) // the session is in the cache now
	_, err = f.Refresh(t.Context(), stolen.RefreshToken, "", account.Origin{})
	wantCode(t, err, fault.SessionRevoked)
	_, err = f.Refresh(t.Context(), thief.RefreshToken, "", account.Origin{})
	wantCode(t, err, fault.SessionRevoked)
	_, err = f.Authenticate(t.Context(), thief.AccessToken)
	wantCode(t, err, fault.SessionRevoked)
	if n := f.count(t, "SELECT count(*) FROM dashboard_sessions WHERE revoked_reason = 'token_replay'"); n != 1 {
		t.Error("the reason is not kept")
	}
}

func TestRubbishRefreshTokensChangeNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	pair := f.signIn(t, f.user())
	other := f.signIn(t, f.user())
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(pair.RefreshToken, "tb_rt_"))
	if err != nil {
		t.Fatal(err)
	}
	changed := func(at int, flip byte) string {
		b := append([]byte{}, raw...)
		b[at] ^= flip
		return "tb_rt_" + base64.RawURLEncoding.EncodeToString(b)
	}
	otherRaw, _ := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(other.RefreshToken, "tb_rt_"))
	cases := map[string]string{
		"empty": "", "prefix": "tb_rt_", "access token": pair.AccessToken, "no prefix": pair.RefreshToken[6:],
		"longer": pair.RefreshToken + "A", "padded": pair.RefreshToken + "=", "line break": pair.RefreshToken[:40] + "\n" + pair.RefreshToken[41:],
		"other version": changed(0, 2), "other session": changed(5, 1), "next generation": changed(20, 1), "generation beyond the column": changed(17, 0x80),
		"other MAC": changed(52, 1), "MAC of another session": "tb_rt_" + base64.RawURLEncoding.EncodeToString(append(append([]byte{}, raw[:21]...), otherRaw[21:]...)),
	}
	for name, token := range cases {
		_, err := f.Refresh(t.Context(), token, "", account.Origin{})
		if !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if !f.alive(t, pair) || !f.alive(t, other) {
		t.Error("rubbish ended a session")
	}
	if _, err := f.Refresh(t.Context(), pair.RefreshToken, "", account.Origin{}); err != nil {
		t.Error(err)
	}
}

func TestLogoutWinsOverARacingRefresh(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	userID := f.user()
	for range 30 {
		pair := f.signIn(t, userID)
		var next account.TokenPair
		var wg sync.WaitGroup
		wg.Go(func() { next, _ = f.Refresh(context.Background(), pair.RefreshToken, "", account.Origin{}) })
		wg.Go(func() {
			if err := f.Logout(context.Background(), pair.RefreshToken, false); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		if f.alive(t, pair) {
			t.Fatal("the session outlived its logout")
		}
		if next.AccessToken != "" {
			_, err := f.Authenticate(t.Context(), next.AccessToken)
			wantCode(t, err, fault.SessionRevoked)
		}
	}
}

func TestRefreshSurvivesARestartWithTheSameKey(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	pair := f.signIn(t, f.user())
	restarted := f.restart(t, encryptionKey)
	if _, err := restarted.Refresh(t.Context(), pair.RefreshToken, "", account.Origin{}); err != nil {
		t.Error(err)
	}
	rekeyed := f.restart(t, []byte("another key of thirty-two bytes!"))
	_, err := rekeyed.Refresh(t.Context(), pair.RefreshToken, "", account.Origin{})
	wantCode(t, err, fault.Unauthenticated)
}

// What tells theft from a retry is in the database: a process that was started after the rotation knows it too.
func TestReplayAfterARestartEndsTheSession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for name, tc := range map[string]struct {
		age  string
		key  string
		want fault.Code
	}{
		"late":            {"1 h", "", fault.SessionRevoked},
		"late, same key":  {"61 s", "k", fault.SessionRevoked},
		"in the window":   {"1 s", "", fault.RefreshRace},
		"retried at once": {"1 s", "k", ""},
	} {
		userID := f.user()
		stolen := f.signIn(t, userID)
		next, err := f.restart(t, encryptionKey).Refresh(t.Context(), stolen.RefreshToken, "k", account.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		f.sql(t, "UPDATE dashboard_sessions SET rotated_at = now() - $1::interval WHERE user_id = $2", tc.age, userID)
		again, err := f.restart(t, encryptionKey).Refresh(t.Context(), stolen.RefreshToken, tc.key, account.Origin{})
		switch {
		case tc.want != "":
			wantCode(t, err, tc.want)
		case err != nil || again.RefreshToken != next.RefreshToken:
			t.Errorf("%s: %v, the same successor: %v", name, err, again.RefreshToken == next.RefreshToken)
		}
		if f.alive(t, next) == (tc.want == fault.SessionRevoked) {
			t.Errorf("%s: session alive %v", name, f.alive(t, next))
		}
	}
}

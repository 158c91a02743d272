package account_test

import (
	"context"
	"testing"

	"trackbot/internal/account"
	"trackbot/internal/fault"
)

func TestParallelUsesOfALoginCodeMakeOneSession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	userID := f.user()
	code, verifier := f.loginCode(t, userID)
	counts := tally(20, func(ctx context.Context) error {
		_, err := f.Exchange(ctx, code, verifier, account.Origin{})
		return err
	})
	if counts["ok"] != 1 || counts[fault.ValidationFailed] != 19 {
		t.Errorf("got %v", counts)
	}
	if n := f.count(t, "SELECT count(*) FROM dashboard_sessions WHERE user_id = $1", userID); n != 1 {
		t.Errorf("%d sessions", n)
	}
	if n := f.count(t, "SELECT count(*) FROM dashboard_sessions WHERE user_id = $1 AND revoked_reason = 'code_replay'", userID); n != 1 {
		t.Error("a second use left the session of the first alive")
	}
}

func TestSecondUseOfALoginCodeEndsTheFirstSession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	code, verifier := f.loginCode(t, f.user())
	pair, err := f.Exchange(t.Context(), code, verifier, account.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	p := f.principal(t, pair)
	_, err = f.Exchange(t.Context(), code, challenge("another verifier"), account.Origin{})
	wantCode(t, err, fault.ValidationFailed)
	_, err = f.Authenticate(t.Context(), pair.AccessToken)
	wantCode(t, err, fault.SessionRevoked)
	_, err = f.Refresh(t.Context(), pair.RefreshToken, "", account.Origin{})
	wantCode(t, err, fault.SessionRevoked)
	wantCode(t, f.Alive(t.Context(), p), fault.SessionRevoked)
}

func TestLoginCodeIsRefusedAlike(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	userID := f.user()
	wrong, _ := f.loginCode(t, userID)
	late, lateVerifier := f.loginCode(t, userID)
	f.sql(t, "UPDATE login_codes SET expires_at = now() WHERE challenge = $1", challenge(lateVerifier))
	var answers []string
	for name, in := range map[string][2]string{
		"unknown": {"no-such-code", lateVerifier}, "late": {late, lateVerifier}, "wrong verifier": {wrong, challenge("x")},
	} {
		_, err := f.Exchange(t.Context(), in[0], in[1], account.Origin{})
		wantCode(t, err, fault.ValidationFailed)
		if fe := fault.From(err); fe == nil || fe.Fields[0].Name != "code" {
			t.Fatalf("%s: got %v", name, err)
		}
		answers = append(answers, err.Error())
	}
	if answers[0] != answers[1] || answers[1] != answers[2] {
		t.Errorf("the answer tells the cases apart: %q", answers)
	}
	if _, err := f.Exchange(t.Context(), wrong, "short", account.Origin{}); fault.From(err).Fields[0].Name != "verifier" {
		t.Errorf("malformed verifier: %v", err)
	}
	if n := f.count(t, "SELECT count(*) FROM dashboard_sessions"); n != 0 {
		t.Errorf("%d sessions", n)
	}
}

func TestWrongVerifierSpendsTheCode(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	code, verifier := f.loginCode(t, f.user())
	if _, err := f.Exchange(t.Context(), code, challenge("a thief's guess"), account.Origin{}); err == nil {
		t.Fatal("a wrong verifier was accepted")
	}
	_, err := f.Exchange(t.Context(), code, verifier, account.Origin{})
	wantCode(t, err, fault.ValidationFailed)
}

func TestSweepKeepsWhatStillMatters(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	userID := f.user()
	code, verifier := f.loginCode(t, userID)
	pair, err := f.Exchange(t.Context(), code, verifier, account.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	f.begin(t, userID)
	sweep := func() (flows, codes, sessions int) {
		if err := f.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		return f.count(t, "SELECT count(*) FROM login_flows"), f.count(t, "SELECT count(*) FROM login_codes"), f.count(t, "SELECT count(*) FROM dashboard_sessions")
	}
	if flows, codes, sessions := sweep(); flows != 2 || codes != 1 || sessions != 1 {
		t.Errorf("took live rows: %d flows, %d codes, %d sessions left", flows, codes, sessions)
	}
	f.sql(t, "UPDATE login_flows SET expires_at = now() - interval '2 h'")
	f.sql(t, "UPDATE login_codes SET expires_at = now() - interval '25 h'")
	f.sql(t, "UPDATE dashboard_sessions SET expires_at = now() - interval '31 d'")
	if flows, codes, sessions := sweep(); flows+codes+sessions != 0 {
		t.Errorf("left old rows: %d flows, %d codes, %d sessions", flows, codes, sessions)
	}
	_, err = f.Refresh(t.Context(), pair.RefreshToken, "", account.Origin{})
	wantCode(t, err, fault.Unauthenticated)
}

var _ account.Discord = (*fakeDiscord)(nil)

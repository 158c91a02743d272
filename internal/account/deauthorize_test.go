package account_test

import (
	"net/netip"
	"testing"
	"time"

	"trackbot/internal/account"
	"trackbot/internal/fault"
)

func TestDeauthorizationEndsEverySession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID := snowflake()
	client := f.manage(t, guildID, "members")
	userID := f.user(account.DiscordGuild{ID: guildID, Permissions: manage})
	one, two := f.signIn(t, userID), f.signIn(t, userID)
	_, bystander := f.oneGuild(t, "members", manage, false)
	p := f.principal(t, one)

	from := account.Origin{IP: netip.MustParseAddr("203.0.113.9"), RequestID: "deauthorize-1"}
	if err := f.Deauthorize(t.Context(), userID, time.Now(), from); err != nil {
		t.Fatal(err)
	}
	if f.alive(t, one) || f.alive(t, two) {
		t.Error("a session lives on")
	}
	wantCode(t, f.Alive(t.Context(), p), fault.SessionRevoked)
	if err := f.Alive(t.Context(), bystander); err != nil {
		t.Errorf("another user: %v", err)
	}
	if n := f.count(t, "SELECT count(*) FROM discord_grants WHERE user_id = $1", userID); n != 0 {
		t.Error("the grant is still there")
	}
	n := f.count(t, `SELECT count(*) FROM audit_log WHERE client_id = $1 AND action = 'session.revoked' AND request_id = 'deauthorize-1'
		AND changes::jsonb @> '[{"field": "revokedReason", "new": "deauthorized"}]'`, client)
	if n != 2 {
		t.Errorf("%d entries in the audit log", n)
	}
	if err := f.Deauthorize(t.Context(), userID, time.Now(), from); err != nil {
		t.Errorf("again: %v", err)
	}
}

func TestOldDeauthorizationDoesNotEndALaterSignIn(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	_, p := f.oneGuild(t, "members", manage, false)
	if err := f.Deauthorize(t.Context(), p.UserID, time.Now().Add(-time.Minute), account.Origin{}); err != nil {
		t.Fatal(err)
	}
	if err := f.Alive(t.Context(), p); err != nil {
		t.Error(err)
	}
	if n := f.count(t, "SELECT count(*) FROM discord_grants WHERE user_id = $1", p.UserID); n != 1 {
		t.Error("the grant is gone")
	}
}

package account_test

import (
	"net/netip"
	"testing"

	"trackbot/internal/account"
	"trackbot/internal/fault"
)

func TestReplayStandsInTheAuditLogOfTheUsersGuilds(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	first, second, other := snowflake(), snowflake(), snowflake()
	for _, id := range []string{first, second, other} {
		f.manage(t, id, "members")
	}
	userID := f.user(account.DiscordGuild{ID: first, Permissions: plain}, account.DiscordGuild{ID: second, Permissions: manage})
	thief := account.Origin{IP: netip.MustParseAddr("198.51.100.7"), UserAgent: "curl/8", RequestID: "request-1"}

	code, verifier := f.loginCode(t, userID)
	byCode, err := f.Exchange(t.Context(), code, verifier, account.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the third use has nothing left to end
		_, err = f.Exchange(t.Context(), code, verifier, thief)
		wantCode(t, err, fault.ValidationFailed)
	}
	byToken := f.signIn(t, userID)
	pair := byToken
	for range 2 {
		if pair, err = f.Refresh(t.Context(), pair.RefreshToken, "", account.Origin{}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = f.Refresh(t.Context(), byToken.RefreshToken, "", thief)
	wantCode(t, err, fault.SessionRevoked)

	for reason, session := range map[string]account.TokenPair{"code_replay": byCode, "token_replay": byToken} {
		p, err := f.keys.Verify(session.AccessToken, f.now())
		if err != nil {
			t.Fatal(err)
		}
		n := f.count(t, `SELECT count(DISTINCT guild_id) FROM audit_log WHERE action = 'session.revoked' AND target_id = $1
			AND ip_address = '198.51.100.7' AND request_id = 'request-1' AND position($2 IN changes) > 0`, p.SessionID.String(), reason)
		if n != 2 {
			t.Errorf("%s: in the log of %d guilds", reason, n)
		}
	}
	if n := f.count(t, "SELECT count(*) FROM audit_log"); n != 4 {
		t.Errorf("%d entries", n)
	}
}

package account_test

import (
	"sync"
	"testing"
	"time"

	"trackbot/internal/account"
	"trackbot/internal/fault"
)

// stale makes the user's guild list due, and the access token too when it is to be renewed.
func (f *fixture) stale(t *testing.T, renew bool) {
	t.Helper()
	f.sql(t, "UPDATE users SET guilds_attempted_at = NULL, guilds_confirmed_at = now() - interval '2 min'")
	if renew {
		f.sql(t, "UPDATE discord_grants SET expires_at = now() + interval '1 min'")
	}
	f.pass(6 * time.Second)
}

func TestGrantIsRenewedBeforeItEndsAndWhenRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", plain, false)
	f.discord.setGuilds(p.UserID, account.DiscordGuild{ID: guildID, Permissions: manage})
	for renewals, prepare := range []func(){
		func() {}, func() { f.stale(t, true) }, func() { f.discord.endTokens(p.UserID, false); f.stale(t, false) }, func() { f.stale(t, true) },
	} {
		prepare()
		f.FreshenGuilds(t.Context(), p.UserID)
		if got := f.discord.called("renew"); got != renewals {
			t.Fatalf("%d renewals, want %d", got, renewals)
		}
	}
	if n := f.count(t, "SELECT count(*) FROM user_guilds WHERE user_id = $1 AND permissions = $2", p.UserID, manage); n != 1 {
		t.Error("the list was not brought up to date")
	}
}

func TestDeadGrantIsNeverTriedAgain(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", plain, false)
	f.discord.endTokens(p.UserID, true)
	for range 3 {
		f.stale(t, false)
		if _, err := f.Access(t.Context(), p, guildID); err != nil {
			t.Fatalf("the list was good for a day: %v", err)
		}
	}
	if n := f.discord.called("renew"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	f.sql(t, "UPDATE users SET guilds_confirmed_at = now() - interval '25 h'")
	f.pass(6 * time.Second)
	_, err := f.Access(t.Context(), p, guildID)
	wantCode(t, err, fault.SessionRevoked)
	_, err = f.Me(t.Context(), p)
	wantCode(t, err, fault.SessionRevoked)
	if n := f.count(t, "SELECT count(*) FROM dashboard_sessions WHERE revoked_reason = 'deauthorized'"); n != 1 {
		t.Error("the session goes on without anyone to confirm its rights")
	}
	again := f.principal(t, f.signIn(t, p.UserID))
	if _, err := f.Access(t.Context(), again, guildID); err != nil {
		t.Errorf("after a new sign-in: %v", err)
	}
}

func TestRefreshOutageKeepsTheGrant(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	_, p := f.oneGuild(t, "members", plain, false)
	f.discord.failing("renew", errDiscordDown)
	f.stale(t, true)
	f.FreshenGuilds(t.Context(), p.UserID)
	f.discord.failing("renew", nil)
	f.stale(t, true)
	f.FreshenGuilds(t.Context(), p.UserID)
	if n := f.count(t, "SELECT count(*) FROM users WHERE id = $1 AND guilds_confirmed_at > now() - interval '1 min'", p.UserID); n != 1 {
		t.Error("the grant did not outlive an outage of Discord")
	}
}

func TestRefreshOfAnOlderListDoesNotUndoALogin(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", manage, false)
	held := f.discord.holdGuilds()
	f.stale(t, false)
	var refresh sync.WaitGroup
	refresh.Go(func() { f.FreshenGuilds(t.Context(), p.UserID) })
	<-held.entered
	// Discord's answer, with the manage bit, is on its way. Meanwhile the user loses the bit and signs in again.
	f.discord.setGuilds(p.UserID, account.DiscordGuild{ID: guildID, Permissions: plain})
	f.signIn(t, p.UserID)
	close(held.release)
	refresh.Wait()
	if n := f.count(t, "SELECT count(*) FROM user_guilds WHERE user_id = $1 AND permissions = $2", p.UserID, plain); n != 1 {
		t.Error("an older answer of Discord replaced a newer one")
	}
}

func TestOldUserIsNotServedAnothersGrant(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	_, victim := f.oneGuild(t, "members", manage, false)
	_, thief := f.oneGuild(t, "members", plain, false)
	// Whoever can write rows but lacks the key cannot hand one user's grant to another.
	f.sql(t, `UPDATE discord_grants SET (access_token, refresh_token) = (SELECT access_token, refresh_token FROM discord_grants WHERE user_id = $1)
		WHERE user_id = $2`, victim.UserID, thief.UserID)
	f.stale(t, false)
	asked := f.discord.called("guilds")
	f.FreshenGuilds(t.Context(), thief.UserID)
	if f.discord.called("guilds") != asked {
		t.Error("the copied grant was used")
	}
}

package account_test

import (
	"context"
	"testing"
	"time"

	"trackbot/internal/account"
	"trackbot/internal/fault"
)

const (
	plain  = "2048"
	manage = "32"
)

// oneGuild signs a user in who is in one managed guild.
func (f *fixture) oneGuild(t *testing.T, dashboardAccess, permissions string, owner bool) (guildID string, p *account.Principal) {
	t.Helper()
	guildID = snowflake()
	f.manage(t, guildID, dashboardAccess)
	userID := f.user(account.DiscordGuild{ID: guildID, Name: "G", Permissions: permissions, Owner: owner})
	return guildID, f.principal(t, f.signIn(t, userID))
}

func TestWhoMayReadAndWhoMayChange(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for name, tc := range map[string]struct {
		dashboardAccess, permissions string
		owner, read, write           bool
	}{
		"member":                   {"members", plain, false, true, false},
		"manager":                  {"members", manage, false, true, true},
		"administrator":            {"members", "8", false, true, true},
		"owner without bits":       {"members", "0", true, true, true},
		"member, managers only":    {"managers", plain, false, false, false},
		"manager, managers only":   {"managers", manage, false, true, true},
		"owner, managers only":     {"managers", "0", true, true, true},
		"bits beyond, no manage":   {"members", "9007199254740992", false, true, false},
		"bits beyond, with manage": {"members", "9007199254741000", false, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			guildID, p := f.oneGuild(t, tc.dashboardAccess, tc.permissions, tc.owner)
			a, err := f.Access(t.Context(), p, guildID)
			if !tc.read {
				wantCode(t, err, fault.NotFound)
				return
			}
			if err != nil || a.CanManage != tc.write || a.GuildID != guildID {
				t.Fatalf("got %+v, %v", a, err)
			}
			if err := a.Manage(); tc.write && err != nil {
				t.Error(err)
			} else if !tc.write {
				wantCode(t, err, fault.Forbidden)
			}
		})
	}
}

func TestGuildsThatAreNotTheCallersLookAlike(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	_, p := f.oneGuild(t, "members", plain, false)
	closed, _ := f.oneGuild(t, "managers", plain, false)
	theirs, _ := f.oneGuild(t, "members", plain, false)
	truncated := *p
	truncated.GuildsTruncated = true
	_, want := f.Access(t.Context(), p, snowflake())
	wantCode(t, want, fault.NotFound)
	for _, id := range []string{theirs, closed, "", "1", "../x", "123456789012345678,223456789012345678"} {
		for _, caller := range []*account.Principal{p, &truncated} {
			if _, err := f.Access(t.Context(), caller, id); err == nil || err.Error() != want.Error() {
				t.Errorf("%q: got %v, want %v", id, err, want)
			}
		}
	}
}

func TestTokenIsAnUpperBoundOnRights(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", plain, false)
	added := snowflake()
	f.manage(t, added, "members")
	f.discord.setGuilds(p.UserID, account.DiscordGuild{ID: guildID, Permissions: manage}, account.DiscordGuild{ID: added, Permissions: manage})
	f.sql(t, "UPDATE users SET guilds_confirmed_at = guilds_confirmed_at - interval '2 min'")

	a, err := f.Access(t.Context(), p, guildID)
	if err != nil || a.CanManage {
		t.Errorf("rights beyond the token: %+v, %v", a, err)
	}
	_, err = f.Access(t.Context(), p, added)
	wantCode(t, err, fault.NotFound)
	if me, err := f.Me(t.Context(), p); err != nil || len(me.Guilds) != 2 {
		t.Errorf("the caller is not told of the new guild: %+v, %v", me.Guilds, err)
	}
	if open, err := f.Guilds(t.Context(), p); err != nil || len(open) != 1 || open[0].ID != guildID || open[0].CanManage {
		t.Errorf("listed beyond the token: %+v, %v", open, err)
	}
}

func TestLossOfRightsIsSeenWithinAMinute(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", manage, false)
	left, q := f.oneGuild(t, "members", manage, false)
	f.discord.setGuilds(p.UserID, account.DiscordGuild{ID: guildID, Permissions: plain})
	f.discord.setGuilds(q.UserID)
	if a, err := f.Access(t.Context(), p, guildID); err != nil || !a.CanManage {
		t.Fatalf("a fresh list was not trusted: %+v, %v", a, err)
	}
	f.sql(t, "UPDATE users SET guilds_confirmed_at = guilds_confirmed_at - interval '61 s'")
	if a, err := f.Access(t.Context(), p, guildID); err != nil || !a.CanManage {
		t.Errorf("asked again within five seconds: %+v, %v", a, err)
	}
	f.pass(6 * time.Second)
	if a, err := f.Access(t.Context(), p, guildID); err != nil || a.CanManage {
		t.Errorf("rights were kept: %+v, %v", a, err)
	}
	_, err := f.Access(t.Context(), q, left)
	wantCode(t, err, fault.NotFound)
}

func TestRemovedBotClosesTheGuild(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", manage, true)
	f.sql(t, "UPDATE clients SET removed_at = now() WHERE guild_id = $1", guildID)
	_, err := f.Access(t.Context(), p, guildID)
	wantCode(t, err, fault.NotFound)
	if me, err := f.Me(t.Context(), p); err != nil || len(me.Guilds) != 0 {
		t.Errorf("got %+v, %v", me.Guilds, err)
	}
}

func TestMeHidesWhatTheGuildHides(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "managers", plain, false)
	me, err := f.Me(t.Context(), p)
	if err != nil || len(me.Guilds) != 0 {
		t.Errorf("got %+v, %v", me.Guilds, err)
	}
	if open, err := f.Guilds(t.Context(), p); err != nil || len(open) != 0 {
		t.Errorf("got %+v, %v", open, err)
	}
	f.sql(t, "UPDATE guild_settings SET dashboard_access = 'members'")
	if _, err := f.Access(t.Context(), p, guildID); err != nil {
		t.Errorf("once it is open: %v", err)
	}
}

func TestWarmRequestAsksTheDatabaseNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", manage, false)
	token, err := f.keys.Sign(*p, f.now())
	if err != nil {
		t.Fatal(err)
	}
	request := func() error {
		p, err := f.Authenticate(t.Context(), token)
		if err != nil {
			return err
		}
		a, err := f.Access(t.Context(), p, guildID)
		if err != nil {
			return err
		}
		return a.Manage()
	}
	if err := request(); err != nil {
		t.Fatal(err)
	}
	f.api.Close()
	for range 3 {
		if err := request(); err != nil {
			t.Errorf("the database was asked: %v", err)
		}
	}
	f.pass(6 * time.Second)
	if err := request(); err == nil || fault.From(err) != nil {
		t.Errorf("without a database: %v", err)
	}
}

func TestGuildListIsFetchedOncePerMinute(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", plain, false)
	other := f.restart(t, encryptionKey) // another replica
	f.sql(t, "UPDATE users SET guilds_confirmed_at = guilds_confirmed_at - interval '2 min'")
	before := f.discord.called("guilds")
	counts := tally(40, func(ctx context.Context) error {
		other.FreshenGuilds(ctx, p.UserID)
		_, err := f.Access(ctx, p, guildID)
		return err
	})
	if counts["ok"] != 40 {
		t.Errorf("got %v", counts)
	}
	if n := f.discord.called("guilds") - before; n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestOldListServesWhileDiscordFails(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", manage, false)
	f.discord.failing("guilds", errDiscordDown)
	age := func(interval string) {
		f.sql(t, "UPDATE users SET guilds_attempted_at = NULL, guilds_confirmed_at = now() - $1::interval", interval)
		f.sql(t, "UPDATE user_guilds SET confirmed_at = now() - $1::interval", interval)
		f.pass(6 * time.Second)
	}
	age("4 minutes")
	a, err := f.Access(t.Context(), p, guildID)
	if err != nil || a.Manage() != nil {
		t.Errorf("after 4 minutes: %v, %v", err, a.Manage())
	}
	age("23 hours")
	if a, err = f.Access(t.Context(), p, guildID); err != nil {
		t.Errorf("read after 23 hours: %v", err)
	}
	wantCode(t, a.Manage(), fault.PermissionCheckUnavailable)
	asked := f.discord.called("guilds")
	f.pass(6 * time.Second)
	if _, err := f.Access(t.Context(), p, guildID); err != nil || f.discord.called("guilds") != asked {
		t.Errorf("a failing Discord was asked again at once: %v", err)
	}
	age("25 hours")
	_, err = f.Access(t.Context(), p, guildID)
	wantCode(t, err, fault.PermissionCheckUnavailable)
	_, err = f.Me(t.Context(), p)
	wantCode(t, err, fault.PermissionCheckUnavailable)
	f.discord.failing("guilds", nil)
	age("25 hours")
	if _, err := f.Access(t.Context(), p, guildID); err != nil {
		t.Errorf("once Discord is back: %v", err)
	}
}

func TestSlowDiscordDoesNotHoldUpReads(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", plain, false)
	held := f.discord.holdGuilds()
	f.sql(t, "UPDATE users SET guilds_confirmed_at = guilds_confirmed_at - interval '2 min'")
	began := time.Now()
	if _, err := f.Access(t.Context(), p, guildID); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("waited %s", took)
	}
	close(held.release)
	f.Close() // the refresh still comes to its end
	if n := f.count(t, "SELECT count(*) FROM users WHERE guilds_confirmed_at > now() - interval '1 min'"); n != 1 {
		t.Error("the late answer was not stored")
	}
}

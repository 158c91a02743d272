package account_test

import (
	"context"
	"testing"
	"time"

	"trackbot/internal/account"
	"trackbot/internal/fault"
	"trackbot/internal/store/db"
)

// drop does what an event of the gateway does: nobody's rights in the guild are certain any more.
func (f *fixture) drop(t *testing.T, guildID string) {
	t.Helper()
	if err := db.New().DropGuildRights(t.Context(), f.admin.Shared(), guildID); err != nil {
		t.Error(err)
	}
}

// wantDemoted has another process ask Discord, to which the caller is no manager any more.
func (f *fixture) wantDemoted(t *testing.T, p *account.Principal, guildID string) {
	t.Helper()
	svc, members := f.withMembers(t, always(plain, false))
	wantCode(t, second(svc.AccessToChange(t.Context(), p, guildID)), fault.Forbidden)
	if n := members.calls.Load(); n != 1 {
		t.Errorf("Discord was asked %d times", n)
	}
}

// awaitList returns once the guild list that is on its way is stored.
func (f *fixture) awaitList(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); f.count(t, "SELECT count(*) FROM users WHERE guilds_confirmed_at > now() - interval '1 min'") == 0; {
		if time.Now().After(deadline) {
			t.Fatal("the list was not stored")
		}
	}
}

// A member is demoted while Discord's answer about them is on its way: it must not count for five minutes.
func TestAnAnswerFromBeforeAnEventConfirmsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", manage, false)
	f.drop(t, guildID)
	svc, _ := f.withMembers(t, func(context.Context) (account.Rights, error) {
		f.drop(t, guildID)
		return account.Rights{Permissions: manage}, nil
	})
	if _, err := svc.AccessToChange(t.Context(), p, guildID); err != nil {
		t.Error(err)
	}
	f.wantDemoted(t, p, guildID)
}

func TestAGuildListFromBeforeAnEventConfirmsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", manage, false)
	f.stale(t, false)
	held := f.discord.holdGuilds()
	go f.FreshenGuilds(context.WithoutCancel(t.Context()), p.UserID)
	<-held.entered
	f.drop(t, guildID)
	close(held.release)
	f.awaitList(t)
	f.wantDemoted(t, p, guildID)

	f.stale(t, false) // a later list confirms again
	f.FreshenGuilds(t.Context(), p.UserID)
	f.awaitList(t)
	f.pass(6 * time.Second)
	again, members := f.withMembers(t, failing(errDiscordDown))
	if _, err := again.AccessToChange(t.Context(), p, guildID); err != nil || members.calls.Load() != 0 {
		t.Errorf("%v with %d calls", err, members.calls.Load())
	}
}

package account_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"trackbot/internal/account"
	"trackbot/internal/fault"
)

type question func(context.Context) (account.Rights, error)

// fakeMembers answers for the bot as it is told.
type fakeMembers struct {
	calls  atomic.Int64
	answer question
}

func (m *fakeMembers) Rights(ctx context.Context, _, _ string) (account.Rights, error) {
	m.calls.Add(1)
	return m.answer(ctx)
}

func always(permissions string, owner bool) question {
	return func(context.Context) (account.Rights, error) {
		return account.Rights{Owner: owner, Permissions: permissions}, nil
	}
}

func failing(err error) question {
	return func(context.Context) (account.Rights, error) { return account.Rights{}, err }
}

// withMembers is a process that may ask in the bot's name.
func (f *fixture) withMembers(t *testing.T, answer question) (*account.Service, *fakeMembers) {
	t.Helper()
	members := &fakeMembers{answer: answer}
	svc, err := account.New(f.api, f.discord, account.Config{
		Keys: f.keys, EncryptionKey: encryptionKey, DashboardURL: dashboard, Now: f.now, Members: members,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(svc.Close)
	return svc, members
}

// unconfirmed makes the rights in a guild older than a change may rely on.
func (f *fixture) unconfirmed(t *testing.T, guildID string) {
	t.Helper()
	f.sql(t, "UPDATE user_guilds SET confirmed_at = now() - interval '6 min' WHERE guild_id = $1", guildID)
}

func TestChangeAsksDiscordWhenRightsAreOld(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for name, tc := range map[string]struct {
		access, token string
		answer        question
		want          fault.Code // "": allowed
	}{
		"still a manager":              {"members", manage, always("40", false), ""},
		"owner without bits":           {"members", manage, always("0", true), ""},
		"no manager any more":          {"members", manage, always(plain, false), fault.Forbidden},
		"no manager of a closed guild": {"managers", manage, always(plain, false), fault.NotFound},
		"nonsense grants nothing":      {"members", manage, always("-1", false), fault.Forbidden},
		"gone":                         {"members", manage, failing(account.ErrNotMember), fault.NotFound},
		"unreachable":                  {"members", manage, failing(errDiscordDown), fault.PermissionCheckUnavailable},
		"token without rights":         {"members", plain, always(manage, true), fault.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			guildID, p := f.oneGuild(t, tc.access, tc.token, false)
			f.unconfirmed(t, guildID)
			svc, _ := f.withMembers(t, tc.answer)
			a, err := svc.AccessToChange(t.Context(), p, guildID)
			if tc.want != "" {
				wantCode(t, err, tc.want)
			} else if err != nil || !a.CanManage || f.now().Sub(a.ConfirmedAt) > time.Minute {
				t.Errorf("got %+v, %v", a, err)
			}
			_, err = svc.Access(t.Context(), p, guildID)
			if tc.want != fault.NotFound {
				if err != nil {
					t.Errorf("reads stop: %v", err)
				}
				return
			}
			_, stranger := svc.Access(t.Context(), p, snowflake())
			for _, err := range []error{err, second(svc.AccessToChange(t.Context(), p, guildID))} {
				if err == nil || err.Error() != stranger.Error() {
					t.Errorf("a stranger sees %v, the caller %v", stranger, err)
				}
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

func TestConfirmedRightsAreShared(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	kept, p := f.oneGuild(t, "members", manage, false)
	left, q := f.oneGuild(t, "members", manage, false)
	f.unconfirmed(t, kept)
	f.unconfirmed(t, left)
	svc, _ := f.withMembers(t, always("40", false))
	if _, err := svc.AccessToChange(t.Context(), p, kept); err != nil {
		t.Error(err)
	}
	other, members := f.withMembers(t, failing(errDiscordDown))
	if _, err := other.AccessToChange(t.Context(), p, kept); err != nil || members.calls.Load() != 0 {
		t.Errorf("another replica: %v with %d calls", err, members.calls.Load())
	}
	gone, _ := f.withMembers(t, failing(account.ErrNotMember))
	wantCode(t, second(gone.AccessToChange(t.Context(), q, left)), fault.NotFound)
	if n := f.count(t, "SELECT count(*) FROM user_guilds WHERE guild_id = $1", left); n != 0 {
		t.Error("the guild is still listed")
	}
}

func TestLateAnswerDoesNotReplaceANewerOne(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", manage, false)
	f.unconfirmed(t, guildID)
	svc, _ := f.withMembers(t, func(context.Context) (account.Rights, error) {
		f.sql(t, "UPDATE user_guilds SET permissions = $2, confirmed_at = now() WHERE guild_id = $1", guildID, plain)
		return account.Rights{Permissions: manage}, nil
	})
	if _, err := svc.AccessToChange(t.Context(), p, guildID); err != nil {
		t.Error(err)
	}
	if n := f.count(t, "SELECT count(*) FROM user_guilds WHERE guild_id = $1 AND permissions = $2", guildID, plain); n != 1 {
		t.Error("the newer rights were replaced")
	}
}

func TestParallelChangesAskOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", manage, false)
	f.unconfirmed(t, guildID)
	svc, members := f.withMembers(t, always(manage, false))
	change := func(ctx context.Context) error { return second(svc.AccessToChange(ctx, p, guildID)) }
	if counts := tally(40, change); counts["ok"] != 40 || members.calls.Load() != 1 {
		t.Errorf("got %v with %d calls", counts, members.calls.Load())
	}
	f.sql(t, "UPDATE user_guilds SET confirmed_at = 'epoch' WHERE guild_id = $1", guildID) // as an event of the gateway does
	f.pass(6 * time.Second)
	if err := change(t.Context()); err != nil || members.calls.Load() != 1 {
		t.Errorf("within ten seconds: %v with %d calls", err, members.calls.Load())
	}
	f.pass(5 * time.Second)
	if err := change(t.Context()); err != nil || members.calls.Load() != 2 {
		t.Errorf("after ten seconds: %v with %d calls", err, members.calls.Load())
	}
}

func TestSilentDiscordHoldsAChangeUpBriefly(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", manage, false)
	f.unconfirmed(t, guildID)
	svc, _ := f.withMembers(t, func(ctx context.Context) (account.Rights, error) {
		<-ctx.Done()
		return account.Rights{}, ctx.Err()
	})
	began := time.Now()
	err := second(svc.AccessToChange(t.Context(), p, guildID))
	wantCode(t, err, fault.PermissionCheckUnavailable)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the log does not see the cause: %v", err)
	}
	if took := time.Since(began); took < time.Second || took > 20*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestFreshRightsAskNobody(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, p := f.oneGuild(t, "members", manage, false)
	svc, members := f.withMembers(t, failing(errDiscordDown))
	if _, err := svc.AccessToChange(t.Context(), p, guildID); err != nil || members.calls.Load() != 0 {
		t.Errorf("%v with %d calls", err, members.calls.Load())
	}
	f.unconfirmed(t, guildID)
	without := f.restart(t, encryptionKey) // without the bot's token
	wantCode(t, second(without.AccessToChange(t.Context(), p, guildID)), fault.PermissionCheckUnavailable)
}

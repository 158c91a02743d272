package account_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/account"
	"trackbot/internal/fault"
	"trackbot/internal/store"
)

// replica is another api process on the fixture's database: a pool, a listener and caches of its own.
// Its clock stands still, so that nothing it has cached ever grows old.
type replica struct {
	*account.Service
	listener *store.Listener
	told     chan store.Notice
}

func (f *fixture) replica(t *testing.T, address string) *replica {
	t.Helper()
	st := open(t, address, store.RoleAPI)
	stopped := time.Now()
	svc, err := account.New(st, f.discord, account.Config{
		Keys: f.keys, EncryptionKey: encryptionKey, DashboardURL: dashboard, Now: func() time.Time { return stopped },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(svc.Close)
	r := &replica{svc, st.NewListener(store.ListenerConfig{}), make(chan store.Notice, 1000)}
	r.listener.Subscribe(store.ChannelAccess, func(n store.Notice) { svc.AccessChanged(n); r.told <- n })
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var done sync.WaitGroup
	done.Go(func() {
		if err := r.listener.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { cancel(); done.Wait() })
	r.await(t, store.Notice{Missed: true})
	return r
}

// await returns when the replica was told this, whatever it was told before.
func (r *replica) await(t *testing.T, want store.Notice) {
	t.Helper()
	for {
		select {
		case n := <-r.told:
			if n == want {
				return
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("never told %+v", want)
		}
	}
}

func user(id string) store.Notice { return store.Notice{Payload: "user " + id} }

func TestRevocationIsSeenByEveryReplicaAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	there := f.replica(t, f.address)
	for name, end := range map[string]func(t *testing.T, pair account.TokenPair, p *account.Principal) error{
		"logout": func(t *testing.T, pair account.TokenPair, _ *account.Principal) error {
			return f.Logout(t.Context(), pair.RefreshToken, false)
		},
		"logout of all": func(t *testing.T, pair account.TokenPair, _ *account.Principal) error {
			return f.Logout(t.Context(), pair.RefreshToken, true)
		},
		"logout everywhere": func(t *testing.T, _ account.TokenPair, p *account.Principal) error {
			return f.LogoutEverywhere(t.Context(), p)
		},
		"ended by another session": func(t *testing.T, _ account.TokenPair, p *account.Principal) error {
			other := f.principal(t, f.signIn(t, p.UserID))
			return f.EndSession(t.Context(), other, p.SessionID)
		},
		"deauthorized": func(t *testing.T, _ account.TokenPair, p *account.Principal) error {
			return f.Deauthorize(t.Context(), p.UserID, time.Now(), account.Origin{})
		},
		"replay": func(t *testing.T, pair account.TokenPair, _ *account.Principal) error {
			raw := pair.RefreshToken
			for range 2 {
				next, err := f.Refresh(t.Context(), raw, "", account.Origin{})
				if err != nil {
					return err
				}
				raw = next.RefreshToken
			}
			_, err := f.Refresh(t.Context(), pair.RefreshToken, "", account.Origin{})
			wantCode(t, err, fault.SessionRevoked)
			return nil
		},
		"by the operator": func(t *testing.T, _ account.TokenPair, p *account.Principal) error {
			f.sql(t, "UPDATE dashboard_sessions SET revoked_at = now(), revoked_reason = 'operator' WHERE user_id = $1", p.UserID)
			return nil
		},
		"deleted": func(t *testing.T, _ account.TokenPair, p *account.Principal) error {
			f.sql(t, "DELETE FROM dashboard_sessions WHERE user_id = $1", p.UserID)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) { // one after the other: each awaits its own notice
			pair := f.signIn(t, f.user())
			p := f.principal(t, pair)
			bystander := f.principal(t, f.signIn(t, f.user()))
			for _, alive := range []*account.Principal{p, bystander} {
				if err := there.Alive(t.Context(), alive); err != nil {
					t.Fatal(err)
				}
			}
			if err := end(t, pair, p); err != nil {
				t.Fatal(err)
			}
			there.await(t, user(p.UserID))
			wantCode(t, there.Alive(t.Context(), p), fault.SessionRevoked)
			if err := there.Alive(t.Context(), bystander); err != nil {
				t.Errorf("another user's session: %v", err)
			}
		})
	}
}

func TestChangedRightsAreSeenByEveryReplicaAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	there := f.replica(t, f.address)
	guildID, p := f.oneGuild(t, "members", manage, false)
	client := f.clientOf(t, guildID)
	for _, step := range []struct {
		name, change string
		arg          any
		told         store.Notice
		read, write  fault.Code // "" for none
	}{
		{"rights taken away", "UPDATE user_guilds SET permissions = '2048' WHERE user_id = $1", p.UserID, user(p.UserID), "", fault.Forbidden},
		{"rights given back", "UPDATE user_guilds SET permissions = '32' WHERE user_id = $1", p.UserID, user(p.UserID), "", ""},
		{
			"rights to be confirmed anew", "UPDATE user_guilds SET confirmed_at = 'epoch' WHERE guild_id = $1", guildID,
			store.Notice{Payload: "guild " + guildID},
			"", fault.PermissionCheckUnavailable,
		},
		{"confirmed", "UPDATE user_guilds SET confirmed_at = now(), is_owner = true WHERE guild_id = $1", guildID, user(p.UserID), "", ""},
		{
			"closed to members", "UPDATE guild_settings SET dashboard_access = 'managers' WHERE client_id = $1", client,
			store.Notice{Payload: "client " + client.String()},
			"", "",
		},
		{"no manager any more", "UPDATE user_guilds SET is_owner = false, permissions = '2048' WHERE user_id = $1", p.UserID, user(p.UserID), fault.NotFound, ""},
		{
			"open to members", "UPDATE guild_settings SET dashboard_access = 'members' WHERE client_id = $1", client,
			store.Notice{Payload: "client " + client.String()},
			"", fault.Forbidden,
		},
		{
			"the bot removed", "UPDATE clients SET removed_at = now() WHERE guild_id = $1", guildID,
			store.Notice{Payload: "guild " + guildID},
			fault.NotFound, "",
		},
		{
			"the bot back", "UPDATE clients SET removed_at = NULL WHERE guild_id = $1", guildID,
			store.Notice{Payload: "guild " + guildID},
			"", fault.Forbidden,
		},
		{"the guild left", "DELETE FROM user_guilds WHERE user_id = $1", p.UserID, user(p.UserID), fault.NotFound, ""},
	} {
		if _, err := there.Access(t.Context(), p, guildID); err != nil && !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		f.sql(t, step.change, step.arg)
		there.await(t, step.told)
		a, err := there.Access(t.Context(), p, guildID)
		if step.read != "" {
			wantCode(t, err, step.read)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", step.name, err)
			continue
		}
		if err := a.Manage(); (step.write == "") != (err == nil) || step.write != "" && !fault.Is(err, step.write) {
			t.Errorf("%s: a change got %v, want %q", step.name, err, step.write)
		}
	}
}

func (f *fixture) clientOf(t *testing.T, guildID string) uuid.UUID {
	t.Helper()
	var id uuid.UUID
	if err := f.admin.Shared().QueryRow(t.Context(), "SELECT id FROM clients WHERE guild_id = $1", guildID).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

func TestUseOfAGuildDropsNobodysRights(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	there := f.replica(t, f.address)
	guildID, p := f.oneGuild(t, "members", manage, false)
	f.sql(t, "UPDATE user_guilds SET last_used_at = now(), name = 'New name', confirmed_at = now() WHERE user_id = $1", p.UserID)
	f.sql(t, "UPDATE guild_settings SET locale = 'de', version = version + 1 WHERE client_id = $1", f.clientOf(t, guildID))
	f.sql(t, "UPDATE clients SET name = 'New name', unavailable_since = now() WHERE guild_id = $1", guildID)
	f.sql(t, "UPDATE dashboard_sessions SET generation = generation + 1, last_used_at = now() WHERE user_id = $1", p.UserID)
	f.sql(t, "SELECT pg_notify('trackbot_access', 'guild 1')")
	if n := <-there.told; n.Payload != "guild 1" {
		t.Errorf("told %+v of a change that is nobody's rights", n)
	}
}

func TestRevocationMissedByAListenerIsSeenWhenItIsBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	there := f.replica(t, f.address)
	p := f.principal(t, f.signIn(t, f.user()))
	if err := there.Alive(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	// The notice of this revocation is lost, as one is that is sent while the connection is away.
	f.owner(t, "ALTER TABLE dashboard_sessions DISABLE TRIGGER session_revoked")
	f.sql(t, "UPDATE dashboard_sessions SET revoked_at = now(), revoked_reason = 'operator'")
	if err := there.Alive(t.Context(), p); err != nil {
		t.Fatalf("seen without a notice: %v", err)
	}
	f.owner(t, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'trackbot_api listener'`)
	there.await(t, store.Notice{Missed: true})
	wantCode(t, there.Alive(t.Context(), p), fault.SessionRevoked)
}

// owner runs a statement as the database's owner.
func (f *fixture) owner(t *testing.T, query string) {
	t.Helper()
	if _, err := open(t, f.address, "none").Shared().Exec(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

func TestNoticeOfALaterVersionDropsEverything(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	p := f.principal(t, f.signIn(t, f.user()))
	f.sql(t, "UPDATE dashboard_sessions SET revoked_at = now(), revoked_reason = 'operator'")
	for _, harmless := range []string{"user 1", "guild 1", "client " + uuid.NewString()} {
		f.AccessChanged(store.Notice{Payload: harmless})
		if err := f.Alive(t.Context(), p); err != nil {
			t.Errorf("%q: %v", harmless, err)
		}
	}
	f.AccessChanged(store.Notice{Payload: "role 1"})
	wantCode(t, f.Alive(t.Context(), p), fault.SessionRevoked)
}

package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"testing"

	"trackbot/internal/account"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi"
)

type membersFunc func() (account.Rights, error)

func (f membersFunc) Rights(context.Context, string, string) (account.Rights, error) { return f() }

func TestChangesNeedRightsThatDiscordConfirmsNow(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	for name, tc := range map[string]struct {
		answer membersFunc
		write  fault.Code
		read   int
	}{
		"still a manager": {func() (account.Rights, error) { return account.Rights{Permissions: "32"}, nil }, fault.NotImplemented, http.StatusNotImplemented},
		"only a member":   {func() (account.Rights, error) { return account.Rights{Permissions: "0"}, nil }, fault.Forbidden, http.StatusNotImplemented},
		"gone":            {func() (account.Rights, error) { return account.Rights{}, account.ErrNotMember }, fault.NotFound, http.StatusNotFound},
		"unreachable":     {func() (account.Rights, error) { return account.Rights{}, errors.New("no route") }, fault.PermissionCheckUnavailable, http.StatusNotImplemented},
	} {
		owner := w.addUser(t, "ann")
		guildID := w.addGuild(t, owner)
		if _, err := w.admin.Shared().Exec(t.Context(), "UPDATE guild_settings s SET dashboard_access = 'members' FROM clients c WHERE c.id = s.client_id AND c.guild_id = $1", guildID); err != nil {
			t.Fatal(err)
		}
		token := w.signIn(t, owner).AccessToken
		if _, err := w.admin.Shared().Exec(t.Context(), "UPDATE user_guilds SET confirmed_at = now() - interval '6 min' WHERE guild_id = $1", guildID); err != nil {
			t.Fatal(err)
		}
		accounts, err := account.New(w.api, nil, account.Config{
			Keys: account.NewKeyRing(bytes.Repeat([]byte("k1"), 40), 0), EncryptionKey: bytes.Repeat([]byte("e"), 32), DashboardURL: origin, Members: tc.answer,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(accounts.Close)
		gate := httpapi.NewUserGate(accounts)
		deps := ready()
		deps.Auth, deps.Guilds = gate, gate
		h := newAPIWith(t, deps, httpapi.Nothing{})
		change := call{method: "POST", path: "/api/v1/guilds/" + guildID + "/brands", token: token, body: `{"name":"B"}`}.send(h)
		if got := problemOf(t, change); string(got.Code) != string(tc.write) {
			t.Errorf("%s: change: %+v", name, got)
		}
		if (change.Code == http.StatusServiceUnavailable) != (change.Header().Get("Retry-After") != "") {
			t.Errorf("%s: Retry-After %q", name, change.Header().Get("Retry-After"))
		}
		if read := (call{method: "GET", path: "/api/v1/guilds/" + guildID, token: token}).send(h); read.Code != tc.read {
			t.Errorf("%s: read: %d", name, read.Code)
		}
	}
}

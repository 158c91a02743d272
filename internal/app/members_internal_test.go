package app

import (
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"trackbot/internal/account"
	"trackbot/internal/config"
	"trackbot/internal/sim"
)

func TestMembersRightsAreThoseOfTheirRoles(t *testing.T) {
	t.Parallel()
	s := sim.New(sim.Config{})
	t.Cleanup(s.Close)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	person := func(name string) string {
		u, err := s.AddUser(sim.UserSpec{Username: name})
		if err != nil {
			t.Fatal(err)
		}
		return u.ID
	}
	owner, manager, plain, stranger := person("owner"), person("manager"), person("plain"), person("stranger")
	guildID, err := s.AddGuild(sim.GuildSpec{
		Name: "Newsroom", OwnerID: owner, Roles: []sim.RoleSpec{{Name: "desk", Permissions: 0x20}},
		Members: []sim.MemberSpec{{UserID: manager, Roles: []string{"desk"}}, {UserID: plain}},
	})
	if err != nil {
		t.Fatal(err)
	}
	e := env{cfg: config.Config{DiscordAPIURL: server.URL + "/api/v10", DiscordBotToken: config.Secret(s.BotToken())}}
	discord := newMembers(e)
	for name, tc := range map[string]struct {
		userID         string
		owner, manages bool
	}{"owner": {owner, true, true}, "manager": {manager, false, true}, "plain": {plain, false, false}} {
		got, err := discord.Rights(t.Context(), guildID, tc.userID)
		if err != nil || got.Owner != tc.owner || account.CanManage(got.Owner, got.Permissions) != tc.manages {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	if _, err := discord.Rights(t.Context(), guildID, stranger); !errors.Is(err, account.ErrNotMember) {
		t.Errorf("a stranger: %v", err)
	}
	s.AddFault(sim.Fault{Path: "/api/v10/guilds/**", Status: 503, Delay: time.Millisecond})
	if _, err := discord.Rights(t.Context(), guildID, manager); err == nil || errors.Is(err, account.ErrNotMember) {
		t.Errorf("while Discord fails: %v", err)
	}
	if newMembers(env{}) != nil {
		t.Error("without a token somebody is asked")
	}
}

package bot_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// showToAll makes Discord show the commands to everybody, as a guild's admin can.
func (s *scene) showToAll() {
	s.t.Helper()
	commands := s.Commands("")
	for i := range commands {
		commands[i].Permissions = nil
	}
	body, err := json.Marshal(commands)
	s.must(err)
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPut, s.base+"/api/v10/applications/"+s.ClientID()+"/commands", strings.NewReader(string(body)))
	s.must(err)
	req.Header.Set("Authorization", "Bot "+s.BotToken())
	req.Header.Set("User-Agent", "DiscordBot (https://trackbot.example, 1)")
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	s.must(err)
	s.must(res.Body.Close())
	if res.StatusCode != http.StatusOK {
		s.t.Fatalf("put commands: %s", res.Status)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestMembersReadAndManagersChange(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	for _, path := range []string{"status", "posts", "settings", "dashboard"} {
		if a := s.runAs(s.bystander.ID, path); a.title == "You may not do this" {
			t.Errorf("/%s is kept from members", path)
		}
	}
	if _, err := s.Run(t.Context(), s.invocation(s.bystander.ID, "track list")); err == nil {
		t.Error("Discord shows everybody commands that change things")
	}
	s.showToAll()
	s.runAs(s.bystander.ID, "track list").wantTitle(t, "Accounts")
	changes := map[string][]any{
		"brand add": {"name", "Mine"}, "route add": {"channel", s.news}, "quiet off": nil, "digest": {"rhythm", "daily"}, "breakout off": nil,
		"notifications off": nil, "account pause": {"account", "ada"}, "route remove": {"route", "x"}, "replay": {"post", "x"},
	}
	for path, options := range changes {
		s.runAs(s.bystander.ID, path, options...).wantTitle(t, "You may not do this").wantBody(t, "Manage Server")
	}
	s.runAs(s.owner.ID, "brand add", "name", "Owned").wantTitle(t, "Brand Owned added")
	if n := read[int](s, "SELECT count(*) FROM brands"); n != 1 {
		t.Errorf("%d brands", n)
	}
	if n := read[int](s, "SELECT count(*) FROM audit_log WHERE action = 'access.refused' AND actor_name = 'bo'"); n != len(changes) {
		t.Errorf("%d refusals are in the log", n)
	}
	s.wantOffered("brand remove", 0)
	s.wantOffered("posts", 1)
	s.exec("UPDATE guild_settings SET dashboard_access = 'managers'")
	for _, path := range []string{"status", "posts", "settings", "track list"} {
		s.runAs(s.bystander.ID, path).wantTitle(t, "You may not do this").wantBody(t, "may see this")
	}
	s.wantOffered("posts", 0)
	s.run("status").wantTitle(t, "All is well")
}

// wantOffered checks how many brands a plain member is offered while typing.
func (s *scene) wantOffered(path string, brands int) {
	s.t.Helper()
	in := s.invocation(s.bystander.ID, path, "brand", "")
	in.Focused = "brand"
	out, err := s.Autocomplete(s.t.Context(), in)
	s.must(err)
	if len(out.Choices) != brands {
		s.t.Errorf("/%s offers a member %v", path, out.Choices)
	}
}

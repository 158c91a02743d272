package e2e_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"trackbot/api"
	"trackbot/internal/sim"
)

// Every service holds a suspension, from a moment after the operator's command on, and undoing it announces nothing old.
func TestASuspendedTenantIsServedByNoServiceUntilItIsResumed(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{})
	feed, err := s.sim.AddFeed(sim.SourceSpec{Name: "roast"})
	if err != nil {
		t.Fatal(err)
	}
	for _, service := range []string{"api", "worker", "notifier"} {
		s.start(t, service)
	}
	s.join(t)
	c := s.signIn(t, owner)
	s.slash(t, "track add", map[string]any{"account": s.base + "/feeds/roast.xml", "announce_latest": true})
	s.publish(t, feed, sim.PostSpec{Title: "Before"})
	sent := func(title string) bool { return slices.Contains(s.titles(newsroom), title) }
	await(t, "a post to be sent", func() bool { return sent("Before") })
	key := newClient(s.api)
	key.token = create[api.APIKeyCreated](t, c, "/guilds/"+guildID+"/api-keys", map[string]any{"name": "Report", "scopes": []string{"write"}}).Key
	clientID := get[api.GuildDetail](t, c, "/guilds/"+guildID).ClientID.String()

	env := map[string]string{"DATABASE_URL": s.env["DATABASE_URL"]}
	admin := func(code int, says string, args ...string) {
		t.Helper()
		got, out, errOut := execute(t, env, append([]string{"admin"}, args...)...)
		if got != code || !strings.Contains(out+errOut, says) {
			t.Errorf("%v: exit %d, want %d and %q: %s%s", args, got, code, says, out, errOut)
		}
	}
	admin(80, "missing flags", "clients", "suspend", guildID)
	admin(1, "not known", "clients", "suspend", "499999999999999999", "--reason", "unpaid")
	admin(0, "suspended; its people can read", "clients", "suspend", guildID, "--reason", "Unpaid since March")
	admin(0, "suspended already", "client", "suspend", clientID, "--reason", "other")
	admin(0, "Unpaid since March", "client", "show", guildID)
	await(t, "the account to leave the schedule", func() bool {
		return s.count(t, `SELECT count(*) FROM sources WHERE next_poll_at IS NOT NULL`) == 0
	})
	posts := s.count(t, `SELECT count(*) FROM posts`)
	s.publish(t, feed, sim.PostSpec{Title: "Meanwhile"})

	await(t, "changes to be refused", func() bool {
		a := c.call(t, http.MethodDelete, "/guilds/"+guildID+"/brands/0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d", nil)
		return a.status == http.StatusForbidden && strings.Contains(string(a.body), "Unpaid since March")
	})
	if a := key.call(t, http.MethodGet, "/guilds/"+guildID+"/posts", nil); a.status != http.StatusForbidden {
		t.Errorf("a program with a key: %d %s", a.status, a.body)
	}
	again := s.signIn(t, owner)
	if detail := get[api.GuildDetail](t, again, "/guilds/"+guildID); detail.Suspension.IsNull() || detail.Attention[0].Kind != "suspended" {
		t.Errorf("who signs in is not told: %+v", detail)
	}
	if got := again.posts(t, guildID); len(got) != posts {
		t.Errorf("%d posts can be read, want %d", len(got), posts)
	}
	export := again.call(t, http.MethodPost, "/guilds/"+guildID+"/exports", map[string]any{"kind": "posts", "format": "csv"})
	id := read[api.Export](t, export, http.StatusAccepted).ID.String()
	await(t, "the export", func() bool { return get[api.Export](t, again, "/guilds/"+guildID+"/exports/"+id).State == "done" })
	if _, text := s.say(t, owner, "notifications off", nil); !strings.Contains(text, "Unpaid since March") {
		t.Errorf("a command that changes: %s", text)
	}
	if _, text := s.say(t, owner, "status", nil); !strings.Contains(text, "suspended") {
		t.Errorf("/status: %s", text)
	}
	if sent("Meanwhile") || s.count(t, `SELECT count(*) FROM posts`) != posts {
		t.Error("something was tracked or sent while suspended")
	}

	admin(0, "served again", "clients", "resume", guildID, "--reason", "paid")
	admin(0, "is not suspended", "clients", "resume", guildID, "--reason", "paid")
	await(t, "what was missed to be stored", func() bool { return s.count(t, `SELECT count(*) FROM posts WHERE title = 'Meanwhile'`) == 1 })
	s.publish(t, feed, sim.PostSpec{Title: "After"})
	await(t, "the next post to be sent", func() bool { return sent("After") })
	if sent("Meanwhile") {
		t.Error("a post of the time of the suspension was announced")
	}
	if n := s.count(t, `SELECT count(*) FROM audit_log WHERE action IN ('guild.suspended', 'guild.resumed') AND actor_id = 'operator'`); n != 2 {
		t.Errorf("%d entries in the log, want one for each", n)
	}
	if got := key.call(t, http.MethodGet, "/guilds/"+guildID+"/posts", nil); got.status != http.StatusOK {
		t.Errorf("the key afterwards: %d %s", got.status, got.body)
	}
}

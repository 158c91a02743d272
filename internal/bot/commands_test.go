package bot_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/sim"
)

// log gives the actions of the guild's log from an entry on, with who did them.
func (s *scene) log(from int) []string {
	s.t.Helper()
	return read[[]string](s, `SELECT coalesce(array_agg(action || ' ' || actor_type || ':' || actor_name || ' ' || source ORDER BY seq), '{}')
		FROM audit_log WHERE seq >= $1`, from)
}

func (s *scene) wantLog(from int, actions ...string) {
	s.t.Helper()
	want := []string{}
	for _, a := range actions {
		want = append(want, a+" user:mara bot")
	}
	if diff := cmp.Diff(want, s.log(from)); diff != "" {
		s.t.Errorf("audit log: %s", diff)
	}
}

func (a answer) wantTitle(t *testing.T, title string) answer {
	t.Helper()
	if a.title != title {
		t.Errorf("answer %q: %s, want %q", a.title, a.body, title)
	}
	return a
}

func (a answer) wantBody(t *testing.T, part string) answer {
	t.Helper()
	if !strings.Contains(a.body, part) {
		t.Errorf("answer %q: %s, want it to say %q", a.title, a.body, part)
	}
	return a
}

func TestTheFirstAccountTakesOneCommand(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	a := s.run("track add", "account", "@ada.example").wantTitle(t, "Following ADA")
	if !a.Deferred {
		t.Error("Discord was kept waiting")
	}
	want := map[string]string{"Platform": "Bluesky", "Filed under": "General › General", "Posts go to": "<#" + s.general + ">"}
	if diff := cmp.Diff(want, a.fields); diff != "" {
		t.Error(diff)
	}
	if buttons, _ := json.Marshal(a.Message.Components); !strings.Contains(string(buttons), dashboard+"/guilds/"+s.guild) {
		t.Errorf("no way to the dashboard: %s", buttons)
	}
	s.wantLog(2, "brand.created", "group.created", "account.added")
	if got := read[string](s, "SELECT request_id FROM audit_log WHERE seq = 4"); got != a.InteractionID {
		t.Errorf("request %s of interaction %s", got, a.InteractionID)
	}
	s.run("track list").wantTitle(t, "Accounts").wantBody(t, "**General › General**").wantBody(t, "🔵 [ADA](")

	choices := s.choose("track remove", "account", "ad")
	id := choices["ADA (ada.example) · General › General"]
	if id == "" || len(choices) != 1 {
		t.Fatalf("choices %v", choices)
	}
	s.run("track remove", "account", id).wantTitle(t, "No longer following ADA")
	s.wantLog(5, "account.removed")
	s.run("track list").wantBody(t, "Start with `/track add`")
	s.run("track remove", "account", id).wantTitle(t, "I do not find that")
}

func TestAccountsAreFiledAndSentWhereTheManagerSays(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	s.run("brand add", "name", "Northwind").wantTitle(t, "Brand Northwind added")
	s.run("group add", "name", "Creators").wantTitle(t, "Group Northwind › Creators added")
	group := s.choose("track add", "group", "creat")["Northwind › Creators"]
	a := s.run("track add", "account", s.base+"/feeds/daily.xml", "group", group, "channel", s.news, "announce_latest", true)
	if a.fields["Posts go to"] != "<#"+s.news+">" || a.fields["Filed under"] != "Northwind › Creators" || !strings.Contains(a.body, "newest post") {
		t.Errorf("answer %+v", a.fields)
	}
	if strings.Contains(a.title, "*Feed*") && !strings.Contains(a.title, `\*Feed\*`) {
		t.Errorf("a foreign name is not shown as it is written: %q", a.title)
	}
	s.run("channel show").wantBody(t, "**Default:** <#"+s.general+">").wantBody(t, "<#"+s.news+"> · 1 account")
	s.run("channel clear", "account", "daily").wantTitle(t, "Channel cleared")
	s.run("channel set", "channel", s.news).wantTitle(t, "Default channel set")
	s.run("channel set", "account", "daily").wantBody(t, "<#"+s.general+">")
	s.run("channel clear").wantTitle(t, "No default channel any more")
	s.run("track add", "account", "@ada.example", "group", "northwind › creators").wantTitle(t, "Following ADA")
	if got := read[string](s, "SELECT default_channel_id FROM guild_settings"); got != s.general {
		t.Error("without a default channel the one of the command was not taken")
	}
	s.wantLog(2, "brand.created", "group.created", "account.added", "account.channel_changed", "settings.updated",
		"account.channel_changed", "settings.updated", "account.added", "settings.updated")
	s.run("track list", "group", group).wantTitle(t, "Northwind › Creators").wantBody(t, "Feed (RSS, Atom, JSON) → <#"+s.general+">")
}

func TestBrandsAndGroupsAreArranged(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	s.run("group add", "name", "Creators").wantTitle(t, "I do not find that").wantBody(t, "/brand add")
	s.run("brand list").wantBody(t, "There is none yet")
	s.run("brand add", "name", "Northwind")
	s.run("brand add", "name", "northWIND").wantTitle(t, "That is there already")
	s.run("brand add", "name", "   ").wantTitle(t, "That does not work")
	s.run("brand rename", "brand", "northwind", "name", "North*wind").wantBody(t, `**North\*wind**`)
	s.run("brand add", "name", "Contoso")
	s.run("group add", "name", "Creators").wantTitle(t, "That does not work").wantBody(t, "`brand`")
	brand := s.choose("group add", "brand", "conto")["Contoso"]
	s.run("group add", "name", "Creators", "brand", brand).wantTitle(t, "Group Contoso › Creators added")
	s.run("group rename", "group", "creators", "name", "Rivals").wantTitle(t, "Group renamed")
	s.run("group list", "brand", brand).wantTitle(t, "Groups of Contoso").wantBody(t, "**Contoso › Rivals** · 0 accounts")
	s.run("track add", "account", "@ada.example", "group", "rivals")
	s.run("group add", "name", "Rivals", "brand", "north")
	s.run("group remove", "group", "rivals").wantTitle(t, "I do not find that").wantBody(t, "fits more than one group")
	s.run("group remove", "group", "northwind › rivals").wantTitle(t, "I do not find that")
	s.run("group remove", "group", "North*wind › rivals").wantTitle(t, `Group North\*wind › Rivals removed`)
	s.run("brand list").wantBody(t, "**Contoso** · 1 group · 1 account")
	s.run("group remove", "group", "rivals").wantTitle(t, "That does not work").wantBody(t, "confirm: True")
	s.run("brand remove", "brand", brand).wantBody(t, "1 account")
	s.run("brand remove", "brand", brand, "confirm", true).wantTitle(t, "Brand Contoso removed").wantBody(t, "1 group and 1 account")
	s.run("brand remove", "brand", "north").wantTitle(t, `Brand North\*wind removed`)
	s.run("group list").wantBody(t, "There is none yet")
	s.wantLog(2, "brand.created", "brand.updated", "brand.created", "group.created", "group.updated", "account.added",
		"group.created", "group.deleted", "brand.deleted", "brand.deleted")
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	s.run("track add", "account", "@nobody.example").wantTitle(t, "That does not work")
	s.run("track add", "account", "@ada.example", "group", "none").wantTitle(t, "I do not find that").wantBody(t, "Pick it from the list")
	s.must(s.RemovePermission(s.news, sim.PermSendMessages))
	s.holds("(SELECT NOT can_send FROM guild_channels WHERE id = $1)", s.news)
	s.run("channel set", "channel", s.news).wantTitle(t, "That does not work").wantBody(t, "Send Messages")
	s.run("track add", "account", "@ada.example")
	s.run("track add", "account", "@ada.example").wantTitle(t, "That is there already").wantBody(t, "General › General")
	s.exec("UPDATE plans SET accounts = 1 WHERE tier = 'free'")
	full := s.run("track add", "account", "@grace.example").wantTitle(t, "Your plan is full").wantBody(t, "Remove an account or move to a larger plan")
	if len(full.Message.Components) != 1 {
		t.Error("no way to a larger plan")
	}
	s.run("track list", "page", 7).wantTitle(t, "I do not find that")
	s.wantLog(2, "brand.created", "group.created", "account.added")
}

func TestASlowPlatformIsWaitedForWithoutHaste(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	s.AddFault(sim.Fault{Path: "/xrpc/**", Delay: 300 * time.Millisecond})
	s.run("track add", "account", "@ada.example").wantTitle(t, "Following ADA")
	s.AddFault(sim.Fault{Path: "/feeds/**", Status: 503})
	late := s.run("track add", "account", s.base+"/feeds/daily.xml").wantBody(t, "not confirmed yet")
	if late.title == "" || read[string](s, "SELECT state FROM sources WHERE platform = 'rss'") != "learning" {
		t.Errorf("answer %q", late.title)
	}
}

func TestStatusTellsWhatNeedsAttention(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	s.run("track add", "account", "@ada.example")
	well := s.run("status").wantTitle(t, "All is well")
	if well.Deferred || !strings.HasPrefix(well.fields["Discord"], "connected") || well.fields["Accounts"] != "1 of 10 on the free plan" ||
		well.fields["Posts go to"] != "<#"+s.general+">" || well.fields["Waiting to be posted"] != "1" {
		t.Errorf("answer %+v", well.fields)
	}
	s.exec("UPDATE sources SET state = 'failing'")
	s.exec("UPDATE guild_channels SET paused_at = now(), paused_reason = 'missing_access' WHERE id = $1", s.general)
	s.run("status").wantTitle(t, "Something needs attention").wantBody(t, "1 account cannot be read").wantBody(t, "Discord refused my posts")
	s.run("channel show").wantBody(t, "Discord refused my posts")
	s.run("channel set", "channel", s.general)
	s.exec("UPDATE sources SET state = 'ok'")
	s.run("status").wantTitle(t, "All is well")
	s.run("route add", "channel", s.news, "account", "ada")
	s.run("route pause", "route", "ada")
	s.publish("Lost", "dead", "gave_up")
	s.run("status").wantTitle(t, "Something needs attention").wantBody(t, "1 route paused since <t:").wantBody(t, "1 message could not be sent")
	s.exec("UPDATE deliveries SET state = 'sent' WHERE state = 'dead'")
	s.run("route resume", "route", "ada")
	s.run("channel clear")
	s.run("status").wantTitle(t, "All is well")
	s.run("route remove", "route", "ada")
	s.run("status").wantBody(t, "Posts have nowhere to go")
	s.run("dashboard").wantTitle(t, "Your dashboard")
}

func TestACommandThatIsToldTwiceIsDoneOnce(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	// Two processes with a session each, as while one replaces the other.
	s.holds("EXISTS (SELECT FROM gateway_sessions WHERE sequence = $1)", s.GatewaySessions()[0].Seq)
	s.exec("DELETE FROM gateway_sessions")
	s.start()
	s.eventually("both are connected", func() bool { return len(s.GatewaySessions()) == 2 })
	s.run("brand add", "name", "Northwind").wantTitle(t, "Brand Northwind added")
	s.run("track add", "account", "@ada.example").wantTitle(t, "Following ADA")
	s.wantLog(2, "brand.created", "group.created", "account.added")
}

func TestCommandsRunSideBySide(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	s.exec("UPDATE plans SET brands = 100 WHERE tier = 'free'")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			out, err := s.Run(ctx, sim.Invocation{
				GuildID: s.guild, ChannelID: s.general, UserID: s.manager.ID, Path: "brand add", Options: map[string]any{"name": strings.Repeat("x", i+1)},
			})
			if err != nil || !out.Answered || out.Message == nil || !strings.HasSuffix(out.Message.Embeds[0].Title, "added") {
				t.Errorf("answer %+v, %v", out, err)
			}
		})
	}
	wg.Wait()
	if n := read[int](s, "SELECT count(*) FROM brands"); n != 20 {
		t.Errorf("%d brands", n)
	}
}

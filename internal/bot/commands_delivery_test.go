package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/sim"
	"trackbot/internal/store"
)

// tracked is a scene with an account that is followed in a group of its own.
func tracked(t *testing.T) *scene {
	t.Helper()
	s := newScene(t)
	s.start()
	s.joined()
	s.run("brand add", "name", "Northwind")
	s.run("group add", "name", "Creators")
	s.run("track add", "account", "@ada.example", "group", "creators").wantTitle(t, "Following ADA")
	s.exec("UPDATE sources SET state = 'ok', state_since = now() - interval '2 hours', last_polled_at = now() - interval '5 minutes', next_poll_at = now() + interval '10 minutes'")
	s.exec("UPDATE client_accounts SET baseline_at = now() - interval '1 hour'")
	return s
}

// publish stores a post of the tenant's account with a delivery in a state, "" for none.
func (s *scene) publish(title, state, reason string) (id string) {
	s.t.Helper()
	post := uuid.NewString()
	s.must(s.admin.InTx(s.t.Context(), func(tx store.Conn) error {
		const insert = `WITH a AS (SELECT * FROM client_accounts LIMIT 1), sp AS (
			INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
			SELECT $1::uuid, source_id, $1::uuid::text, '', now() - interval '1 hour' FROM a RETURNING id)
			INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, body, published_at, first_seen_at, views, likes)
			SELECT a.client_id, $1::uuid, a.id, a.brand_id, a.group_id, sp.id, 'bluesky', 'post', $1::uuid::text, 'https://example.org/' || $1::uuid, $2, '', now() - interval '1 hour', now(), 1204, 7 FROM a, sp`
		if _, err := tx.Exec(s.t.Context(), insert, post, title); err != nil || state == "" {
			return err
		}
		channel := any(s.general)
		if reason == "no_channel" || reason == "filtered" {
			channel = nil
		}
		_, err := tx.Exec(s.t.Context(), `INSERT INTO deliveries (client_id, id, kind, post_id, channel_id, payload, state, reason, published_at, detected_at, trail)
			SELECT client_id, gen_random_uuid(), 'post', id, $2, '{}', $3, $4, published_at, now(),
			jsonb_build_array(jsonb_build_object('at', now(), 'event', 'skipped', 'detail', 'the *words* pass no filter')) FROM posts WHERE id = $1`, post, channel, state, reason)
		return err
	}))
	return post
}

func TestRoutesAreMadeChangedPausedAndRemoved(t *testing.T) {
	t.Parallel()
	s := tracked(t)
	group := s.choose("route add", "group", "creat")["Northwind › Creators"]
	kinds := s.choose("route add", "kinds", "shorts")["Videos, shorts, live streams"]
	if kinds != "video,short,live" {
		t.Errorf("kinds %q of %v", kinds, s.choose("route add", "kinds", "shorts"))
	}
	s.run("route list").wantTitle(t, "Routes").wantBody(t, "There is none yet")
	made := s.run("route add", "channel", s.news, "group", group, "kinds", kinds, "include", "Launch, launch, *sale*", "exclude", "ad", "role", s.roleID("Managers"))
	made.wantTitle(t, "Route added").wantBody(t, "▶️ **Northwind › Creators** (group) → <#"+s.news+">").
		wantBody(t, "videos, shorts, live streams").wantBody(t, `only with “Launch”, “\*sale\*”`).wantBody(t, "not with “ad”").wantBody(t, "mentions <@&")
	s.run("route add", "channel", s.news, "group", group, "kinds", kinds, "include", "Launch, *sale*", "exclude", "ad").wantTitle(t, "That is there already")
	choices := s.choose("route change", "route", "creators")
	id := choices["Northwind › Creators → #news · videos, shorts, live streams"]
	if id == "" {
		t.Fatalf("choices %v", choices)
	}
	s.run("route change", "route", id).wantTitle(t, "That does not work").wantBody(t, "Say what to change")
	s.run("route change", "route", id, "kinds", "everything").wantTitle(t, "That does not work").wantBody(t, "is no kind of post")
	changed := s.run("route change", "route", id, "kinds", "all", "include", "none", "no_role", true).wantTitle(t, "Route changed").wantBody(t, "everything")
	if strings.Contains(changed.body, "only with") || strings.Contains(changed.body, "mentions") {
		t.Errorf("words and role are still there: %s", changed.body)
	}
	s.run("route pause", "route", "northwind › creators").wantTitle(t, "Route paused").wantBody(t, "⏸️").wantBody(t, "Paused by a manager.")
	s.run("account show", "account", "ada").wantTitle(t, "ADA")
	s.run("route resume", "route", id).wantTitle(t, "Route resumed").wantBody(t, "▶️")
	s.run("route list").wantBody(t, "→ <#"+s.news+">")
	s.run("route remove", "route", id).wantTitle(t, "Route removed")
	s.run("route remove", "route", id).wantTitle(t, "I do not find that").wantBody(t, "There is no such route")
	s.wantLog(2, "brand.created", "group.created", "account.added", "route.created", "route.updated", "route.updated", "route.updated", "route.deleted")
}

func TestARouteSaysWhatItNeeds(t *testing.T) {
	t.Parallel()
	s := tracked(t)
	s.run("route add", "channel", s.news).wantTitle(t, "That does not work").wantBody(t, "one of `account`, `group` and `brand`")
	s.run("route add", "channel", s.news, "brand", "northwind", "group", "creators").wantBody(t, "one of `account`")
	s.run("route add", "channel", s.news, "brand", "northwind", "include", strings.Repeat("x", 101)).wantBody(t, "100 characters")
	s.run("route add", "channel", s.news, "brand", "northwind", "include", manyWords(51)).wantBody(t, "at most 50 words")
	s.run("route add", "channel", s.news, "brand", "northwind", "role", s.guild).wantBody(t, "Everyone is no role")
	s.must(s.RemovePermission(s.news, sim.PermSendMessages))
	s.holds("(SELECT NOT can_send FROM guild_channels WHERE id = $1)", s.news)
	s.run("route add", "channel", s.news, "brand", "northwind").wantTitle(t, "That does not work").wantBody(t, "Send Messages")
	if n := read[int](s, "SELECT count(*) FROM routes"); n != 0 {
		t.Errorf("%d routes", n)
	}
}

func manyWords(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = fmt.Sprint("word", i)
	}
	return strings.Join(words, ",")
}

func TestALongListOfRoutesFitsAndTurnsPages(t *testing.T) {
	t.Parallel()
	s := tracked(t)
	long := strings.Repeat("*wörter* ", 10)
	for i := range 12 {
		s.run("route add", "channel", s.news, "brand", "northwind", "include", fmt.Sprintf("%s%d,%sa,%sb,%sc,%sd", long, i, long, long, long, long),
			"exclude", long, "role", s.roleID("Managers")).wantTitle(t, "Route added")
	}
	first := s.run("route list")
	if n := strings.Count(first.body, "▶️"); n != 10 || first.Message.Embeds[0].Footer.Text != "12 routes · page 1 of 2" {
		t.Errorf("%d routes under %q", n, first.Message.Embeds[0].Footer.Text)
	}
	if n := strings.Count(s.run("route list", "page", 2).body, "▶️"); n != 2 {
		t.Errorf("%d routes on the second page", n)
	}
	s.run("route list", "page", 3).wantTitle(t, "I do not find that")
}

func TestAnAccountIsExplainedCheckedAndPaused(t *testing.T) {
	t.Parallel()
	s := tracked(t)
	id := s.choose("account show", "account", "ada")["ADA (ada.example) · Northwind › Creators"]
	well := s.run("account show", "account", id).wantTitle(t, "ADA").wantBody(t, "🟢 **Working** since <t:")
	if well.Deferred || well.fields["Filed under"] != "Northwind › Creators" || well.fields["Posts go to"] != "<#"+s.general+">" ||
		!strings.HasPrefix(well.fields["Next check"], "<t:") || !strings.HasPrefix(well.fields["Last checked"], "<t:") {
		t.Errorf("answer %v", well.fields)
	}
	s.exec("UPDATE sources SET state = 'failing', state_reason = 'The platform *answers* 503.', failures = 3, failure_kind = 'unavailable', failed_at = now() - interval '1 hour'")
	s.run("account show", "account", id).wantBody(t, "🟠 **Failing** since").wantBody(t, `The platform \*answers\* 503.`).wantBody(t, "/account check")
	s.run("account check", "account", id).wantTitle(t, "Checking ADA")
	s.exec("UPDATE sources SET last_polled_at = now()")
	s.run("account check", "account", id).wantTitle(t, "Not yet").wantBody(t, "Try again <t:")
	s.run("account pause", "account", id).wantTitle(t, "ADA is paused")
	s.run("account show", "account", id).wantBody(t, "⏸️ **Paused** since").wantBody(t, "/account resume")
	s.run("account check", "account", id).wantTitle(t, "That is not possible now").wantBody(t, "Resume it first")
	s.run("account resume", "account", id).wantTitle(t, "ADA is followed")
	s.wantLog(5, "account.poll_requested", "account.paused", "account.resumed")
	s.run("route add", "channel", s.news, "account", id)
	if got := s.run("account show", "account", id).fields["Posts go to"]; got != "▶️ <#"+s.news+"> · by a route of **ADA** (account)" {
		t.Errorf("posts go to %q", got)
	}
}

func TestPostsAreListedWithTheirFigures(t *testing.T) {
	t.Parallel()
	s := tracked(t)
	s.run("posts").wantTitle(t, "Latest posts").wantBody(t, "There is none yet")
	s.publish("The [launch](http://evil.example) @everyone", "sent", "")
	quiet := s.publish("A quiet one", "skipped", "filtered")
	s.exec("UPDATE posts SET views = 3, likes = NULL WHERE id = $1", quiet)
	latest := s.run("posts").wantBody(t, "ADA · <t:").wantBody(t, "1,204 views · 7 likes").wantBody(t, "⏭️ [A quiet one](https://example.org/")
	if strings.Contains(latest.body, "[launch]") || !strings.Contains(latest.body, "· [open](https://example.org/") || latest.Deferred {
		t.Errorf("answer %s", latest.body)
	}
	top := s.run("posts", "sort", "views", "days", 30, "brand", "northwind").wantTitle(t, "Most viewed posts of the last 30 days · Northwind")
	if strings.Index(top.body, "launch") > strings.Index(top.body, "quiet") {
		t.Errorf("not by views: %s", top.body)
	}
	s.run("posts", "account", "ada").wantTitle(t, "Latest posts · ADA")
}

func TestALongListOfPostsFits(t *testing.T) {
	t.Parallel()
	s := tracked(t)
	for i := range 12 {
		s.publish(fmt.Sprint(i, strings.Repeat(" _*wörd*_", 60)), "sent", "")
	}
	s.exec("UPDATE posts SET url = 'https://example.org/' || repeat('x', 200)")
	if n := strings.Count(s.run("posts").body, "\n-# ADA"); n != 8 {
		t.Errorf("%d posts are whole", n)
	}
	if n := len(s.choose("why", "post", "")); n != 12 {
		t.Errorf("%d choices", n)
	}
}

func TestWhyTellsTheReasonAndWhatToDo(t *testing.T) {
	t.Parallel()
	s := tracked(t)
	s.publish("The launch", "skipped", "filtered")
	s.publish("Old news", "", "")
	choices := s.choose("why", "post", "launch")
	var id string
	for name, value := range choices {
		if id = value; name != "⏭️ The launch · 1 h ago" {
			t.Errorf("choice %q", name)
		}
	}
	why := s.run("why", "post", id).wantTitle(t, "The launch").wantBody(t, "⏭️ **Not sent**").wantBody(t, "include or exclude words").
		wantBody(t, `skipped: the \*words\* pass no filter`).wantBody(t, "/route change")
	if why.Deferred || why.fields["Views"] != "1,204" {
		t.Errorf("answer %v", why.fields)
	}
	s.run("why", "post", "old").wantBody(t, "Not announced").wantBody(t, "before the account was followed")
	s.run("why", "post", "nothing like it").wantTitle(t, "I do not find that")
	s.run("replay", "post", id).wantTitle(t, "Sending it again").wantBody(t, "**The launch** goes to <#"+s.general+">")
	s.run("why", "post", id).wantBody(t, "⏳ **On its way**")
	s.run("replay", "post", id).wantTitle(t, "That is not possible now").wantBody(t, "nothing to send again")
	if got := read[string](s, "SELECT string_agg(action || ' ' || source, ',') FROM audit_log WHERE action LIKE '%replay%'"); got == "" || strings.Contains(got, ",") || !strings.HasSuffix(got, " bot") {
		t.Errorf("log %q", got)
	}
}

func TestChoicesComeInTimeAndOfTheGuildAlone(t *testing.T) {
	t.Parallel()
	s := tracked(t)
	mine := s.publish("The launch", "skipped", "filtered")
	s.run("route add", "channel", s.news, "brand", "northwind")
	route := read[string](s, "SELECT id::text FROM routes")
	account := read[string](s, "SELECT id::text FROM client_accounts")
	// Another tenant, whose member sends the first one's ids as if they had been offered.
	other, err := s.AddGuild(sim.GuildSpec{
		Name: "Rivals", OwnerID: s.manager.ID, Channels: []sim.ChannelSpec{{Name: "lobby", System: true}}, Members: []sim.MemberSpec{{UserID: s.bystander.ID}},
	})
	s.must(err)
	s.holds("EXISTS (SELECT FROM clients WHERE guild_id = $1)", other)
	s.holds("(SELECT default_channel_id FROM guild_settings g JOIN clients c ON c.id = g.client_id WHERE c.guild_id = $1) IS NOT NULL", other)
	lobby := read[string](s, "SELECT default_channel_id FROM guild_settings g JOIN clients c ON c.id = g.client_id WHERE c.guild_id = $1", other)
	s.guild, s.general = other, lobby
	for path, options := range map[string][]any{
		"why": {"post", mine}, "replay": {"post", mine}, "posts": {"account", account}, "account show": {"account", account},
		"account pause": {"account", account}, "account check": {"account", account}, "route remove": {"route", route}, "route pause": {"route", route},
		"route change": {"route", route, "kinds", "all"}, "route add": {"channel", lobby, "account", account},
	} {
		s.run(path, options...).wantTitle(t, "I do not find that")
	}
	for option, path := range map[string]string{"account": "account show", "route": "route pause", "post": "why", "brand": "posts", "group": "route add"} {
		began := time.Now()
		if choices := s.choose(path, option, ""); len(choices) != 0 {
			t.Errorf("/%s offers %v", path, choices)
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("choices for %s after %s", option, took)
		}
	}
	if n := read[int](s, "SELECT count(*) FROM routes WHERE paused_at IS NULL"); n != 1 {
		t.Error("another tenant's route was changed")
	}
}

package httpapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/fault"
)

// role is a new one of the guild.
func (n *newsroom) role(name string) string {
	n.t.Helper()
	return one[string](n, `INSERT INTO guild_roles (client_id, id, name, mentionable, permissions)
		SELECT $1, 700000000000000000 + count(*), $2, true, '0' FROM guild_roles RETURNING id`, n.client, name)
}

func (n *newsroom) routes(query string) []uuid.UUID {
	n.t.Helper()
	var ids []uuid.UUID
	for _, r := range decode[api.RouteList](n.t, n.read("/routes"+query)).Items {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestManagerMakesChangesAndRemovesARoute(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	brand, channel, other, role := n.brand("B"), n.channel(), n.channel(), n.role("News")
	body := fmt.Sprintf(`{"brandId":%q,"channelId":%q,"include":["launch"],"mentionRoleId":%q,"template":"New: {title}"}`, brand, channel, role)
	answer := n.change("POST", "/routes", body)
	r := made[api.Route](t, answer)
	if r.BrandID.MustGet() != brand || !r.AccountID.IsNull() || r.ChannelID != channel || r.State != "active" || !r.StateReason.IsNull() ||
		!slices.Equal(r.Kinds, []api.PostKind{"post", "video", "short", "live"}) || !slices.Equal(r.Include, []string{"launch"}) || r.Exclude == nil ||
		r.MentionRoleID.MustGet() != role || r.Template.MustGet() != "New: {title}" {
		t.Errorf("route %+v", r)
	}
	n.wantLogged(answer, "route.created", r.ID)
	wantProblem(t, problemOf(t, n.change("POST", "/routes", body)), fault.Conflict)

	path := "/routes/" + id(r.ID)
	answer = n.change("PATCH", path, fmt.Sprintf(`{"channelId":%q,"kinds":["repost","post"],"mentionRoleId":null,"template":null,"exclude":["ad"]}`, other))
	r = decode[api.Route](t, answer)
	if r.ChannelID != other || !slices.Equal(r.Kinds, []api.PostKind{"post", "repost"}) || !r.MentionRoleID.IsNull() || !r.Template.IsNull() ||
		!slices.Equal(r.Exclude, []string{"ad"}) || !slices.Equal(r.Include, []string{"launch"}) {
		t.Errorf("changed to %+v", r)
	}
	n.wantLogged(answer, "route.updated", r.ID)
	changes := one[string](n, "SELECT changes FROM audit_log WHERE client_id = $1 ORDER BY seq DESC LIMIT 1", n.client)
	for _, field := range []string{"channelId", "kinds", "mentionRoleId", "template", "exclude"} {
		if !strings.Contains(changes, `"field":"`+field+`"`) {
			t.Errorf("the log does not tell of %s: %s", field, changes)
		}
	}
	before := n.entries()
	if same := n.change("PATCH", path, `{"exclude":["ad"]}`); same.Code != http.StatusOK || n.entries() != before {
		t.Errorf("no change: got %d and %d entries more", same.Code, n.entries()-before)
	}
	answer = n.change("DELETE", path, "")
	n.wantGone(answer)
	n.wantLogged(answer, "route.deleted", r.ID)
	for _, method := range []string{"DELETE", "PATCH"} {
		wantProblem(t, problemOf(t, n.change(method, path, map[string]string{"PATCH": `{"state":"active"}`}[method])), fault.NotFound)
	}
}

func TestRoutesAreListedNewestFirstInPages(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	brand, channel := n.brand("B"), n.channel()
	group := n.group(brand, "G")
	var want []uuid.UUID
	for _, target := range []string{fmt.Sprintf(`"brandId":%q`, brand), fmt.Sprintf(`"groupId":%q`, group), fmt.Sprintf(`"accountId":%q`, n.account(group, "rss", "a"))} {
		r := made[api.Route](t, n.change("POST", "/routes", fmt.Sprintf(`{%s,"channelId":%q}`, target, channel)))
		want = slices.Insert(want, 0, r.ID)
	}
	page := decode[api.RouteList](t, n.read("/routes?limit=2"))
	got := append(n.routes("?limit=2"), n.routes("?limit=2&cursor="+page.NextCursor.MustGet())...)
	if !slices.Equal(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
}

func TestWhatARouteCannotBeIsNamed(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	brand, channel := n.brand("B"), n.channel()
	everyone := n.role("@everyone")
	mute := n.channel()
	n.exec("UPDATE guild_channels SET can_send = false WHERE id = $1", mute)
	for name, tt := range map[string]struct{ body, field string }{
		"no target":         {fmt.Sprintf(`{"channelId":%q}`, channel), "brandId"},
		"two targets":       {fmt.Sprintf(`{"channelId":%q,"brandId":%q,"groupId":%q}`, channel, brand, brand), "groupId"},
		"unknown channel":   {fmt.Sprintf(`{"channelId":"511111111111111111","brandId":%q}`, brand), "channelId"},
		"forbidden channel": {fmt.Sprintf(`{"channelId":%q,"brandId":%q}`, mute, brand), "channelId"},
		"unknown role":      {fmt.Sprintf(`{"channelId":%q,"brandId":%q,"mentionRoleId":"711111111111111111"}`, channel, brand), "mentionRoleId"},
		"everyone":          {fmt.Sprintf(`{"channelId":%q,"brandId":%q,"mentionRoleId":%q}`, channel, brand, everyone), "mentionRoleId"},
		"unknown name":      {fmt.Sprintf(`{"channelId":%q,"brandId":%q,"template":"{titel}"}`, channel, brand), "template"},
		"blank word":        {fmt.Sprintf(`{"channelId":%q,"brandId":%q,"include":[" "]}`, channel, brand), "include.0"},
		"unknown kind":      {fmt.Sprintf(`{"channelId":%q,"brandId":%q,"kinds":["story"]}`, channel, brand), "kinds.0"},
	} {
		p := problemOf(t, n.change("POST", "/routes", tt.body))
		if p.Code != "validation_failed" || fields(p)[tt.field] == "" {
			t.Errorf("%s: got %s %v", name, p.Code, fields(p))
		}
	}
	missing := fmt.Sprintf(`{"channelId":%q,"accountId":%q}`, channel, newID())
	wantProblem(t, problemOf(t, n.change("POST", "/routes", missing)), fault.NotFound)
	if n.entries() != 0 || len(n.routes("")) != 0 {
		t.Error("something was made")
	}
}

func TestARoutePausesAndResumesWithItsChannel(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	brand, channel := n.brand("B"), n.channel()
	r := made[api.Route](t, n.change("POST", "/routes", fmt.Sprintf(`{"brandId":%q,"channelId":%q}`, brand, channel)))
	path := "/routes/" + id(r.ID)
	paused := decode[api.Route](t, n.change("PATCH", path, `{"state":"paused"}`))
	if paused.State != "paused" || !strings.Contains(paused.StateReason.MustGet(), "manager") {
		t.Errorf("paused: %+v", paused)
	}
	if active := decode[api.Route](t, n.change("PATCH", path, `{"state":"active"}`)); active.State != "active" || !active.StateReason.IsNull() {
		t.Errorf("resumed: %+v", active)
	}

	n.exec("UPDATE guild_channels SET paused_at = now(), paused_reason = 'missing_permissions' WHERE id = $1", channel)
	refused := decode[api.RouteList](t, n.read("/routes")).Items[0]
	if refused.State != "paused" || !strings.Contains(refused.StateReason.MustGet(), "Send Messages") {
		t.Errorf("refused by Discord: %+v", refused)
	}
	answer := n.change("PATCH", path, `{"state":"active"}`)
	if active := decode[api.Route](t, answer); active.State != "active" {
		t.Errorf("resumed: %+v", active)
	}
	if one[bool](n, "SELECT paused_at IS NOT NULL FROM guild_channels WHERE id = $1", channel) {
		t.Error("the channel is still paused")
	}
	if got := one[string](n, "SELECT action FROM audit_log ORDER BY seq DESC LIMIT 1"); got != "channel.resumed" {
		t.Errorf("logged %s", got)
	}
	n.exec("UPDATE guild_channels SET paused_at = now(), paused_reason = 'missing_access', can_send = false WHERE id = $1", channel)
	if p := problemOf(t, n.change("PATCH", path, `{"state":"active"}`)); fields(p)["state"] == "" {
		t.Errorf("a channel that takes nothing is resumed: %+v", p)
	}
}

func TestAPreviewShowsTheMessageAndWhetherItWouldBeSent(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	brand, channel, role := n.brand("B"), n.channel(), n.role("News")
	group := n.group(brand, "G")
	account := n.account(group, "bluesky", "ann")
	r := made[api.Route](t, n.change("POST", "/routes", fmt.Sprintf(`{"groupId":%q,"channelId":%q,"include":["launch"],"template":"**{title}**","mentionRoleId":%q}`, group, channel, role)))
	path := "/routes/" + id(r.ID) + "/preview"
	wantProblem(t, problemOf(t, n.change("POST", path, "")), fault.NotFound)

	launch := n.post(account, "post", "The launch @everyone <@&700000000000000009> *now*", 20)
	latest := n.post(account, "post", "Something else", 1)
	elsewhere := n.post(n.account(n.group(brand, "Other"), "rss", "x"), "post", "The launch", 5)
	p := decode[api.RoutePreview](t, n.change("POST", path, ""))
	want := "<@&" + role + "> **The launch @\u200beveryone \\<@&700000000000000009\\> \\*now\\***"
	if p.PostID != launch || !p.WouldSend || !p.Reason.IsNull() || p.Content.MustGet() != strings.NewReplacer(`\>`, ">").Replace(want) || len(p.Embeds) != 1 {
		t.Errorf("shown %+v", p)
	}
	p = decode[api.RoutePreview](t, n.change("POST", path, fmt.Sprintf(`{"postId":%q}`, latest)))
	if p.PostID != latest || p.WouldSend || !strings.Contains(p.Reason.MustGet(), "words") {
		t.Errorf("a post that is kept back: %+v", p)
	}
	p = decode[api.RoutePreview](t, n.change("POST", path, fmt.Sprintf(`{"postId":%q,"include":[],"template":"{kind} on {platform}","mentionRoleId":null}`, latest)))
	if !p.WouldSend || p.Content.MustGet() != "post on Bluesky" {
		t.Errorf("with values that are not saved: %+v", p)
	}
	if p = decode[api.RoutePreview](t, n.change("POST", path, fmt.Sprintf(`{"postId":%q}`, elsewhere))); p.WouldSend {
		t.Errorf("a post of another group: %+v", p)
	}
	if problem := problemOf(t, n.change("POST", path, `{"template":"{x}"}`)); fields(problem)["template"] == "" {
		t.Errorf("a faulty template: %+v", problem)
	}
	draft := decode[api.RoutePreview](t, n.change("POST", "/routes/preview", fmt.Sprintf(`{"accountId":%q,"template":"{account}: {title}"}`, account)))
	if draft.PostID != latest || draft.Content.MustGet() != "ann: Something else" {
		t.Errorf("a route to be: %+v", draft)
	}
	if problem := problemOf(t, n.change("POST", "/routes/preview", `{"template":"x"}`)); fields(problem)["accountId"] == "" {
		t.Errorf("a route to nowhere: %+v", problem)
	}
	if len(n.routes("")) != 1 || one[int](n, "SELECT count(*) FROM deliveries") != 0 {
		t.Error("a preview has saved or sent something")
	}
}

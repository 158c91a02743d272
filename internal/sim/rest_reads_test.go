package sim_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"trackbot/internal/sim"
)

func TestReadsHaveDiscordsShapes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited, func(c *sim.Config) { c.Gateway.PrivilegedIntents = 1 << 1 })
	for path, want := range map[string]string{
		"/users/" + w.member:       `"username":"mia"`,
		"/users/@me":               `"bot":true`,
		"/users/@me/guilds":        `"name":"Newsroom"`,
		"/applications/@me":        `"verify_key":"` + w.PublicKey(),
		"/oauth2/applications/@me": `"approximate_guild_count":1`,
		"/gateway":                 `"url":"ws://`,
		"/guilds/" + w.guild + "?with_counts=true":     `"approximate_member_count":4`,
		"/guilds/" + w.guild + "/channels":             `"type":0`,
		"/guilds/" + w.guild + "/roles":                `"permissions":"32"`,
		"/guilds/" + w.guild + "/members?limit=1000":   `"joined_at":"2026-11-22T12:00:00Z"`,
		"/channels/" + w.channel:                       `"guild_id":"` + w.guild,
		"/applications/" + w.ClientID() + "/commands":  `[]`,
		"/guilds/" + w.guild + "/members/" + w.manager: `"roles":["` + w.role,
	} {
		if r := w.rest("GET", path, nil).want(200, 0); !strings.Contains(string(r.raw), want) {
			t.Errorf("%s lacks %s: %s", path, want, r.raw)
		}
	}
	first := w.rest("GET", "/guilds/"+w.guild+"/members?limit=2", nil).list("")
	rest := w.rest("GET", "/guilds/"+w.guild+"/members?limit=1000&after="+first[1].str("user", "id"), nil).list("")
	if len(first) != 2 || len(rest) != 2 {
		t.Errorf("members come in pages of %d and %d, want 2 and 2", len(first), len(rest))
	}
	w.rest("POST", "/channels/"+w.channel+"/typing", nil).want(204, 0)
	w.rest("DELETE", "/users/@me/guilds/"+w.guild, nil).want(204, 0)
	w.rest("GET", "/guilds/"+w.guild, nil).want(404, 10004)
}

func TestGuildCommandsAreTheGuildsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	other := must(w.AddGuild(sim.GuildSpec{Name: "Other", OwnerID: w.owner}))
	path := "/applications/" + w.ClientID() + "/guilds/" + w.guild + "/commands"
	choices := []m{{"name": "x", "value": "y"}}
	w.rest("PUT", path, []m{{"name": "here", "description": "d", "options": []m{
		{"type": 3, "name": "a", "description": "d", "choices": choices, "autocomplete": true},
	}}}).want(400, 50035)
	w.rest("PUT", path, []m{{"name": "here", "description": "d", "options": []m{
		{"type": 3, "name": "a", "description": "d", "choices": choices},
	}}}).want(200, 0)
	if len(w.Commands(w.guild)) != 1 || len(w.Commands(other)) != 0 {
		t.Error("a guild command shows up elsewhere")
	}
	w.rest("GET", path, nil).want(200, 0)
}

func TestFilesComeAsMultipart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	must0(t, form.WriteField("payload_json", `{"content":"with a file"}`))
	_, err := must(form.CreateFormFile("files[0]", "export.csv")).Write([]byte("a,b\n"))
	must0(t, err)
	must0(t, form.Close())
	req := must(http.NewRequestWithContext(t.Context(), "POST", w.base+"/api/v10/channels/"+w.channel+"/messages", &body))
	req.Header.Set("Authorization", "Bot "+w.BotToken())
	req.Header.Set("User-Agent", "DiscordBot (x, 1)")
	req.Header.Set("Content-Type", form.FormDataContentType())
	res := must(w.client.Do(req))
	_ = res.Body.Close()
	list := w.Messages(w.channel)
	if res.StatusCode != 200 || len(list) != 1 || len(list[0].Attachments) != 1 || list[0].Attachments[0].Filename != "export.csv" {
		t.Errorf("%d, messages %+v", res.StatusCode, list)
	}
}

func TestAnswersAreReturnedAndDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify)
	w.register()
	s, _ := w.ready(nil)
	out, err := w.answer(s, w.invocation("status", nil), func(e event) {
		path := "/api/v10/interactions/" + e.D["id"].(string) + "/" + e.D["token"].(string) + "/callback?with_response=true"
		r := w.call("POST", path, m{"type": 4, "data": m{"content": "hi"}}, nil).want(200, 0)
		if r.str("resource", "message", "content") != "hi" || r.str("interaction", "response_message_id") == "" {
			t.Errorf("response is %s", r.raw)
		}
		extra := w.webhook("POST", e, "", m{"content": "more"}).want(200, 0).str("id")
		w.webhook("DELETE", e, "/messages/"+extra, nil).want(204, 0)
		w.webhook("DELETE", e, "/messages/@original", nil).want(204, 0)
		w.webhook("PATCH", e, "/messages/@original", m{"content": "x"}).want(404, 10008)
	})
	if err != nil || !out.Answered || len(w.Messages(w.channel)) != 0 {
		t.Errorf("outcome is %+v, %v", out, err)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	w.register()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Run(ctx, w.invocation("status", nil)); err == nil {
		t.Error("Run outlived its context")
	}
}

func TestPeopleAndPostsComeAndGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	must0(t, w.RemoveMember(w.guild, w.member))
	w.rest("GET", "/guilds/"+w.guild+"/members/"+w.member, nil).want(404, 10007)
	key := must(w.AddMastodonAccount(sim.SourceSpec{Name: "ada"}))
	a, b := must(w.Publish(key, sim.PostSpec{Text: "a"})), must(w.Publish(key, sim.PostSpec{Text: "b"}))
	if list := w.get("/api/v1/statuses?id[]="+a+"&id[]="+b+"&id[]=1", nil).list(""); len(list) != 2 {
		t.Errorf("%d of two statuses were found", len(list))
	}
	must0(t, w.RemovePost(key, a))
	w.get("/api/v1/statuses/"+a, nil).want(404, 0)
	if acct := w.get("/api/v1/accounts/"+w.Sources()[0].ID, nil).want(200, 0); acct.object["statuses_count"] != 1.0 {
		t.Errorf("account is %s", acct.raw)
	}
	token := w.exchange(w.code(w.owner), nil).str("access_token")
	w.ExpireTokens()
	w.as(token, "/users/@me").want(401, 0)
	w.Reconfigure([]string{"http://elsewhere.example/cb"}, nil)
	if _, err := w.Authorize(w.owner, "", w.authorizeQuery(nil)); err == nil {
		t.Error("an address that is no longer registered was accepted")
	}
}

func TestPageStateHoldsWhatThePageDraws(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify)
	must(w.AddBlueskyAccount(sim.SourceSpec{Name: "ada.example", Title: "Ada"}))
	w.ready(nil)
	r := w.get("/sim/state", nil).want(200, 0)
	guild := r.list("guilds")[0]
	if r.object["online"] != true || guild.str("initials") != "N" || len(guild.list("channels")) != 2 || len(guild.list("members")) != 4 {
		t.Errorf("state is %s", r.raw)
	}
	roles := []string{}
	for _, member := range guild.list("members") {
		roles = append(roles, member.str("role"))
	}
	if strings.Join(roles, " ") != "owner manager member bot" {
		t.Errorf("members are %v", roles)
	}
	if src := r.list("sources")[0]; src.str("address") != "@ada.example" {
		t.Errorf("source is %v", src.object)
	}
}

package sim_test

import (
	"strings"
	"testing"
	"time"

	"trackbot/internal/sim"
)

func unlimited(c *sim.Config) { c.Limits.Off = true }

func TestTokenIsRequired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, token := range []string{"", "Bot wrong", "Bearer " + w.BotToken(), w.BotToken()} {
		r := w.call("GET", "/api/v10/users/@me", nil, map[string]string{"Authorization": token})
		if r.want(401, 0); string(r.raw) != `{"message":"401: Unauthorized","code":0}` {
			t.Errorf("body of a 401 is %s", r.raw)
		}
	}
}

func TestUserAgentOfABotIsRequired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.call("GET", "/api/v10/gateway", nil, map[string]string{"User-Agent": "Go-http-client/1.1"}).want(403, 0)
	if string(r.raw) != "error code: 1010" {
		t.Errorf("body is %q", r.raw)
	}
}

func TestUnknownAndForbiddenResourcesHaveTheirCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	foreign := must(w.AddGuild(sim.GuildSpec{Name: "Other", OwnerID: w.owner, WithoutBot: true}))
	theirs := must(w.AddChannel(foreign, sim.ChannelSpec{Name: "x"}))
	for _, c := range []struct {
		method, path string
		status, code int
	}{
		{"GET", "/nothing", 404, 0},
		{"DELETE", "/gateway", 405, 0},
		{"GET", "/channels/123456789012345678", 404, 10003},
		{"GET", "/channels/abc", 400, 50035},
		{"GET", "/channels/" + theirs, 403, 50001},
		{"GET", "/guilds/" + foreign, 404, 10004},
		{"GET", "/guilds/" + foreign + "/channels", 403, 50001},
		{"GET", "/guilds/123456789012345678/roles", 404, 10004},
		{"GET", "/guilds/" + w.guild + "/members/" + w.member, 200, 0},
		{"GET", "/guilds/" + w.guild + "/members/" + must(w.AddUser(sim.UserSpec{Username: "zoe"})).ID, 404, 10007},
		{"GET", "/guilds/" + w.guild + "/members/123456789012345678", 404, 10013},
		{"GET", "/guilds/" + w.guild + "/members", 403, 50001},
		{"GET", "/channels/" + w.channel + "/messages/123456789012345678", 404, 10008},
		{"GET", "/channels/" + w.channel + "/messages?limit=101", 400, 50035},
		{"PUT", "/applications/123456789012345678/commands", 403, 20012},
	} {
		w.rest(c.method, c.path, nil).want(c.status, c.code)
	}
}

func TestPermissionsDecideWhatTheBotMaySend(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	must0(t, w.RemovePermission(w.channel, sim.PermEmbedLinks))
	w.send(m{"embeds": []m{{"title": "x"}}}).want(403, 50013)
	w.send(m{"content": "plain"}).want(200, 0)
	must0(t, w.RemovePermission(w.channel, sim.PermSendMessages))
	w.send(m{"content": "x"}).want(403, 50013)
	must0(t, w.RemovePermission(w.channel, sim.PermViewChannel))
	w.send(m{"content": "x"}).want(403, 50001)
	must0(t, w.RestorePermission(w.channel, sim.PermViewChannel|sim.PermSendMessages|sim.PermEmbedLinks))
	w.send(m{"embeds": []m{{"title": "x"}}}).want(200, 0)
	must0(t, w.KickBot(w.guild))
	w.send(m{"content": "x"}).want(403, 50001)
	must0(t, w.InviteBot(w.guild))
	w.send(m{"content": "x"}).want(200, 0)
}

func must0(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestMessageLimitsAnswerTheNestedForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	long := func(n int) string { return strings.Repeat("ü", n) }
	for name, c := range map[string]struct {
		body m
		path []string
		code string
	}{
		"content":      {m{"content": long(2001)}, []string{"content"}, "BASE_TYPE_MAX_LENGTH"},
		"nonce":        {m{"content": "x", "nonce": long(26)}, []string{"nonce"}, "BASE_TYPE_MAX_LENGTH"},
		"title":        {m{"embeds": []m{{"title": long(257)}}}, []string{"embeds", "0", "title"}, "BASE_TYPE_MAX_LENGTH"},
		"description":  {m{"embeds": []m{{"description": long(4097)}}}, []string{"embeds", "0", "description"}, "BASE_TYPE_MAX_LENGTH"},
		"bare embed":   {m{"embeds": []m{{"color": 1}}}, []string{"embeds", "0", "description"}, "BASE_TYPE_REQUIRED"},
		"field":        {m{"embeds": []m{{"fields": []m{{"name": "n", "value": long(1025)}}}}}, []string{"embeds", "0", "fields", "0", "value"}, "BASE_TYPE_MAX_LENGTH"},
		"no value":     {m{"embeds": []m{{"fields": []m{{"name": "n"}}}}}, []string{"embeds", "0", "fields", "0", "value"}, "BASE_TYPE_REQUIRED"},
		"eleven":       {m{"embeds": make11()}, []string{"embeds"}, "BASE_TYPE_MAX_LENGTH"},
		"total":        {m{"embeds": []m{{"description": long(4000)}, {"description": long(2001)}}}, []string{"embeds"}, "MAX_EMBED_SIZE_EXCEEDED"},
		"scheme":       {m{"embeds": []m{{"title": "x", "url": "ftp://a.example/"}}}, []string{"embeds", "0", "url"}, "URL_TYPE_INVALID_SCHEME"},
		"image":        {m{"embeds": []m{{"image": m{"url": "no url"}}}}, []string{"embeds", "0", "image", "url"}, "URL_TYPE_INVALID_URL"},
		"color":        {m{"embeds": []m{{"title": "x", "color": 1 << 24}}}, []string{"embeds", "0", "color"}, "NUMBER_TYPE_MAX"},
		"timestamp":    {m{"embeds": []m{{"title": "x", "timestamp": "yesterday"}}}, []string{"embeds", "0", "timestamp"}, "DATE_TIME_TYPE_PARSE"},
		"wrong type":   {m{"content": 5}, []string{"content"}, "STRING_TYPE_CONVERT"},
		"both parsers": {m{"content": "x", "allowed_mentions": m{"parse": []string{"users"}, "users": []string{w.member}}}, []string{"allowed_mentions"}, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"},
		"reply":        {m{"content": "x", "message_reference": m{"message_id": "123456789012345678"}}, []string{"message_reference"}, "REPLIES_UNKNOWN_MESSAGE"},
	} {
		r := w.send(c.body).want(400, 50035)
		at := r.object["errors"].(m)
		for _, key := range c.path {
			at, _ = at[key].(m)
		}
		errs, _ := at["_errors"].([]any)
		if len(errs) == 0 || errs[0].(m)["code"] != c.code {
			t.Errorf("%s: want %s at %v, got %s", name, c.code, c.path, r.raw)
		}
	}
	w.send(m{}).want(400, 50006)
	w.send(m{"content": "   "}).want(400, 50006)
	w.send(m{"content": long(2000)}).want(200, 0)
	w.send(m{"embeds": []m{{"title": long(256), "description": long(4096)}}}).want(200, 0)
	if r := w.call("POST", "/api/v10/channels/"+w.channel+"/messages", "content=x", map[string]string{"Authorization": "Bot " + w.BotToken()}); r.status != 400 {
		t.Errorf("a form is no message: %d", r.status)
	}
}

func make11() []m {
	list := []m{}
	for range 11 {
		list = append(list, m{"title": "x"})
	}
	return list
}

func TestEnforcedNonceCreatesOneMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	first := w.send(m{"content": "a", "nonce": "n1", "enforce_nonce": true}).want(200, 0).str("id")
	again := w.send(m{"content": "a", "nonce": "n1", "enforce_nonce": true}).want(200, 0)
	if again.str("id") != first || again.str("nonce") != "n1" || len(w.Messages(w.channel)) != 1 {
		t.Fatalf("the nonce was not enforced: %s", again.raw)
	}
	if later := w.rest("GET", "/channels/"+w.channel+"/messages", nil).list("")[0]; later.object["nonce"] != nil {
		t.Error("a message that is read back still has its nonce")
	}
	w.send(m{"content": "a", "nonce": "n2", "enforce_nonce": true})
	w.send(m{"content": "a", "nonce": "n2"})
	if n := len(w.Messages(w.channel)); n != 3 {
		t.Fatalf("without enforce_nonce there are %d messages, want 3", n)
	}
	w.clock.advance(5*time.Minute + time.Second)
	if w.send(m{"content": "a", "nonce": "n1", "enforce_nonce": true}).str("id") == first {
		t.Error("the nonce is remembered past its window")
	}
}

func TestMentionsFollowAllowedMentions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	text := "@everyone <@" + w.member + "> <@!" + w.manager + "> <@&" + w.role + ">"
	for name, c := range map[string]struct {
		allowed any
		pings   int
	}{
		"default":  {nil, 3}, // the bot may not ping everyone
		"none":     {m{"parse": []string{}}, 0},
		"one user": {m{"users": []string{w.member, w.owner}}, 1},
		"roles":    {m{"parse": []string{"roles"}}, 1},
	} {
		body := m{"content": text}
		if c.allowed != nil {
			body["allowed_mentions"] = c.allowed
		}
		id := w.send(body).want(200, 0).str("id")
		for _, msg := range w.Messages(w.channel) {
			if msg.ID == id && len(msg.Pings()) != c.pings {
				t.Errorf("%s: pinged %v, want %d", name, msg.Pings(), c.pings)
			}
		}
	}
}

func TestMessagesAreListedNewestFirstByCursor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	ids := []string{}
	for range 7 {
		ids = append(ids, w.send(m{"content": "x"}).str("id"))
	}
	for query, want := range map[string][]int{
		"?limit=3":                    {6, 5, 4},
		"?limit=2&before=" + ids[3]:   {2, 1},
		"?limit=2&after=" + ids[3]:    {5, 4},
		"?limit=3&around=" + ids[3]:   {4, 3, 2},
		"?after=" + ids[6]:            {},
		"?limit=100&after=0":          {6, 5, 4, 3, 2, 1, 0},
		"?limit=1&before=" + ids[0]:   {},
		"?limit=50&before=" + ids[1]:  {0},
		"?limit=50&around=" + ids[0]:  {6, 5, 4, 3, 2, 1, 0},
		"?limit=4&before=" + "9" + "": {},
	} {
		got := w.rest("GET", "/channels/"+w.channel+"/messages"+query, nil).want(200, 0).list("")
		if len(got) != len(want) {
			t.Errorf("%s: %d messages, want %d", query, len(got), len(want))
			continue
		}
		for i := range got {
			if got[i].str("id") != ids[want[i]] {
				t.Errorf("%s: place %d is not message %d", query, i, want[i])
			}
		}
	}
	w.rest("GET", "/channels/"+w.channel+"/messages?before=1&after=2", nil).want(400, 50035)
}

func TestMessagesAreEditedAndDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	path := "/channels/" + w.channel + "/messages/" + w.send(m{"content": "a", "embeds": []m{{"title": "t"}}}).str("id")
	r := w.rest("PATCH", path, m{"content": "b"}).want(200, 0)
	if r.str("content") != "b" || r.str("edited_timestamp") == "" || len(r.list("embeds")) != 1 {
		t.Errorf("edited message is %s", r.raw)
	}
	w.rest("PATCH", path, m{"content": "", "embeds": []m{}}).want(400, 50006)
	w.rest("DELETE", path, nil).want(204, 0)
	w.rest("GET", path, nil).want(404, 10008)
}

func TestDirectMessagesWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	id := w.rest("POST", "/users/@me/channels", m{"recipient_id": w.owner}).want(200, 0).str("id")
	if w.rest("POST", "/users/@me/channels", m{"recipient_id": w.owner}).str("id") != id {
		t.Error("a second channel was made for the same person")
	}
	w.rest("POST", "/channels/"+id+"/messages", m{"content": "hi"}).want(200, 0)
}

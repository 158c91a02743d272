package sim_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"trackbot/internal/sim"
)

func (w *world) control() sim.Client { return sim.Client{Base: w.base, HTTP: w.client} }

func TestControlDrivesTheWorldFromAnotherProcess(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify)
	c, ctx := w.control(), t.Context()
	call := func(op string, in, out any) {
		t.Helper()
		must0(t, c.Do(ctx, op, in, out))
	}
	var user sim.User
	call("users.add", sim.UserSpec{Username: "uma", GlobalName: "Uma"}, &user)
	var id struct{ ID, Key string }
	call("guilds.add", m{"name": "Remote", "ownerId": user.ID, "channels": []m{{"name": "news"}}}, &id)
	guild := id.ID
	call("channels.add", m{"guildId": guild, "name": "extra"}, &id)
	channel := id.ID
	call("members.add", m{"guildId": guild, "userId": w.member, "roles": []string{}}, nil)
	call("sources.add", m{"platform": "feed", "name": "remote", "title": "Remote"}, &id)
	call("posts.publish", m{"source": id.Key, "title": "T", "text": "x"}, &id)
	if r := w.get("/feeds/remote.xml", nil); !strings.Contains(string(r.raw), "<title>T</title>") {
		t.Errorf("feed is %s", r.raw)
	}
	w.rest("POST", "/channels/"+channel+"/messages", m{"content": "hello"}).want(200, 0)
	var messages []sim.Message
	call("messages.list", m{"channelId": channel}, &messages)
	if len(messages) != 1 || messages[0].Content != "hello" {
		t.Errorf("messages are %+v", messages)
	}
	call("permissions.remove", m{"channelId": channel, "permissions": "2048"}, nil)
	w.rest("POST", "/channels/"+channel+"/messages", m{"content": "hello"}).want(403, 50013)
	call("faults.add", sim.Fault{Path: "/feeds/**", Status: 500, Times: 1}, &id)
	w.get("/feeds/remote.xml", nil).want(500, 0)
	call("faults.remove", m{"id": ""}, nil)
	var to struct{ Redirect string }
	call("oauth.authorize", m{"userId": user.ID, "url": "http://x/oauth2/authorize?" + w.authorizeQuery(nil).Encode()}, &to)
	if !strings.HasPrefix(to.Redirect, callbackURI+"?") {
		t.Errorf("redirect is %q", to.Redirect)
	}
	call("gateway.pause", m{"on": true}, nil)
	call("gateway.pause", m{"on": false}, nil)
	call("gateway.drop", nil, nil)
	var counts []sim.RequestCount
	call("requests.counts", nil, &counts)
	if len(counts) == 0 {
		t.Error("no requests were counted")
	}
}

func TestControlNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.control()
	for op, in := range map[string]any{
		"nothing.known": nil, "bot.kick": m{"guildId": "1"}, "users.add": m{"usrname": "x"}, "sources.add": m{"platform": "x", "name": "y"},
	} {
		if err := c.Do(t.Context(), op, in, nil); err == nil {
			t.Errorf("%s succeeded", op)
		} else {
			t.Log(err)
		}
	}
	if r := w.call("POST", "/sim/control/users.add", "username=x", nil); r.status != 415 {
		t.Errorf("a form reached the control API: %d", r.status)
	}
}

func TestPageShowsStateAndStreamsChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	page := string(w.get("/sim/", nil).want(200, 0).raw)
	for _, asset := range []string{"app.css", "app.js", "message.js", "markdown.js", "forms.js"} {
		if !strings.Contains(page, asset) || len(w.get("/sim/"+asset, nil).want(200, 0).raw) == 0 {
			t.Errorf("the page lacks %s", asset)
		}
	}
	if strings.Contains(page, "https://") {
		t.Error("the page asks for something from outside")
	}
	must(w.AddUser(sim.UserSpec{ID: "300000000000000077", Username: "guest", GlobalName: "A guest of no server"}))
	state := string(w.get("/sim/state", nil).want(200, 0).raw)
	for _, id := range []string{w.owner, w.member, "300000000000000077"} {
		if !strings.Contains(state, `{"id":"`+id+`","name":`) {
			t.Errorf("%s is not among the people of %s", id, state)
		}
	}
	w.send(m{"content": "x"})
	if list := w.get("/sim/messages?channel="+w.channel, nil).list(""); len(list) != 1 {
		t.Errorf("the page has %d messages", len(list))
	}
	w.register()
	if list := w.get("/sim/commands?guild="+w.guild+"&user="+w.member, nil).list(""); len(list) != 1 {
		t.Errorf("a member sees %d commands, want 1", len(list))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	req := must(http.NewRequestWithContext(ctx, "GET", w.base+"/sim/events", nil))
	res := must(w.client.Do(req))
	defer func() { _ = res.Body.Close() }()
	lines := bufio.NewScanner(res.Body)
	next := func() (n int) {
		for lines.Scan() {
			if _, err := fmt.Sscanf(lines.Text(), "data: %d", &n); err == nil {
				return n
			}
		}
		t.Fatal("the stream ended")
		return 0
	}
	first := next()
	w.send(m{"content": "y"})
	if second := next(); second <= first {
		t.Errorf("version went from %d to %d", first, second)
	}
}

func TestListenAndServeEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := sim.New(sim.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	base, wait, err := s.ListenAndServe(ctx, "127.0.0.1:0")
	must0(t, err)
	client := &http.Client{Transport: &http.Transport{}}
	res := must(client.Get(base + "/feeds/none.xml"))
	_ = res.Body.Close()
	client.CloseIdleConnections()
	cancel()
	must0(t, wait())
}

package sim_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"trackbot/internal/sim"
)

func commandSet() []m {
	return []m{
		{"name": "track", "description": "Track accounts", "default_member_permissions": "32", "options": []m{
			{"type": 1, "name": "add", "description": "Add one", "options": []m{
				{"type": 3, "name": "account", "description": "Which", "required": true, "autocomplete": true},
				{"type": 7, "name": "channel", "description": "Where", "channel_types": []int{0}},
				{"type": 4, "name": "count", "description": "How many", "min_value": 1},
			}},
		}},
		{"name": "status", "description": "How it goes"},
	}
}

func (w *world) register() {
	w.t.Helper()
	w.rest("PUT", "/applications/"+w.ClientID()+"/commands", commandSet()).want(200, 0)
}

// answer runs a command and hands the interaction to reply while Run waits.
func (w *world) answer(s *socket, in sim.Invocation, reply func(event)) (sim.Outcome, error) {
	w.t.Helper()
	type result struct {
		out sim.Outcome
		err error
	}
	done := make(chan result, 1)
	go func() {
		out, err := w.Run(context.Background(), in)
		done <- result{out, err}
	}()
	reply(s.wait("INTERACTION_CREATE"))
	r := <-done
	return r.out, r.err
}

func (w *world) callback(e event, body m) reply {
	w.t.Helper()
	return w.call("POST", "/api/v10/interactions/"+e.D["id"].(string)+"/"+e.D["token"].(string)+"/callback", body, nil)
}

func (w *world) webhook(method string, e event, rest string, body m) reply {
	w.t.Helper()
	return w.call(method, "/api/v10/webhooks/"+w.ClientID()+"/"+e.D["token"].(string)+rest, body, nil)
}

func (w *world) invocation(path string, options map[string]any) sim.Invocation {
	return sim.Invocation{GuildID: w.guild, ChannelID: w.channel, UserID: w.manager, Path: path, Options: options}
}

func TestCommandsAreOverwrittenAndKeepTheirIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	w.register()
	first := w.Commands(w.guild)
	w.rest("PUT", "/applications/"+w.ClientID()+"/commands", commandSet()[:1]).want(200, 0)
	second := w.Commands(w.guild)
	if len(first) != 2 || len(second) != 1 || first[0].ID != second[0].ID {
		t.Errorf("commands went from %v to %v", first, second)
	}
}

func TestWrongCommandsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	sub := m{"type": 1, "name": "s", "description": "d"}
	for name, list := range map[string][]m{
		"upper case":     {{"name": "Track", "description": "d"}},
		"no description": {{"name": "track"}},
		"twice":          {{"name": "a", "description": "d"}, {"name": "a", "description": "d"}},
		"required late": {{"name": "a", "description": "d", "options": []m{
			{"type": 3, "name": "x", "description": "d"}, {"type": 3, "name": "y", "description": "d", "required": true},
		}}},
		"too deep":     {{"name": "a", "description": "d", "options": []m{{"type": 1, "name": "g", "description": "d", "options": []m{sub}}}}},
		"unknown type": {{"name": "a", "description": "d", "options": []m{{"type": 12, "name": "x", "description": "d"}}}},
	} {
		if r := w.rest("PUT", "/applications/"+w.ClientID()+"/commands", list); r.status != 400 {
			t.Errorf("%s: %d %s", name, r.status, r.raw)
		}
	}
}

func TestSlashCommandTravelsOverTheGatewayAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify)
	w.register()
	s, _ := w.ready(nil)
	out, err := w.answer(s, w.invocation("track add", map[string]any{"account": "@a", "channel": w.channel, "count": 3}), func(e event) {
		if e.D["type"] != 2.0 || e.D["member"].(m)["permissions"] == "" || e.D["guild_id"] != w.guild || e.D["version"] != 1.0 {
			t.Errorf("interaction is %v", e.D)
		}
		data := e.D["data"].(m)
		add := data["options"].([]any)[0].(m)
		if data["name"] != "track" || add["name"] != "add" || len(add["options"].([]any)) != 3 {
			t.Errorf("data is %v", data)
		}
		if data["resolved"].(m)["channels"].(m)[w.channel] == nil {
			t.Errorf("the channel is not resolved: %v", data)
		}
		w.callback(e, m{"type": 4, "data": m{"content": "done", "flags": 64}}).want(204, 0)
		w.callback(e, m{"type": 4, "data": m{"content": "again"}}).want(400, 40060)
	})
	if err != nil || !out.Answered || !out.Ephemeral || out.Message.Content != "done" {
		t.Errorf("outcome is %+v, %v", out, err)
	}
	if n := len(w.Messages(w.channel)); n != 0 {
		t.Errorf("the ephemeral answer stands in the channel (%d)", n)
	}
}

func TestDeferredAnswerIsEditedAndFollowedUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify)
	w.register()
	s, _ := w.ready(nil)
	out, err := w.answer(s, w.invocation("status", nil), func(e event) {
		w.webhook("PATCH", e, "/messages/@original", m{"content": "early"}).want(404, 10015)
		w.callback(e, m{"type": 5}).want(204, 0)
		if list := w.Messages(w.channel); len(list) != 1 || list[0].Flags&(1<<7) == 0 {
			t.Errorf("a deferral shows %v, want one loading message", list)
		}
		w.webhook("POST", e, "", m{"content": "one", "flags": 64}).want(200, 0) // right after a deferral: an edit
		w.webhook("PATCH", e, "/messages/@original", m{"embeds": []m{{"title": "all well"}}}).want(200, 0)
		w.webhook("POST", e, "", m{"content": "two"}).want(200, 0)
		w.webhook("GET", e, "/messages/@original", nil).want(200, 0)
		w.clock.advance(15*time.Minute + time.Second)
		w.webhook("POST", e, "", m{"content": "late"}).want(401, 50027)
	})
	if err != nil || !out.Deferred || out.Message.Content != "one" {
		t.Fatalf("outcome is %+v, %v", out, err)
	}
	out = must(w.OutcomeOf(out.InteractionID))
	if len(out.Message.Embeds) != 1 || len(out.Followups) != 1 {
		t.Errorf("later outcome is %+v", out)
	}
	if list := w.Messages(w.channel); len(list) != 2 || list[0].Flags != 0 || list[1].Content != "two" {
		t.Errorf("the channel holds %+v", list)
	}
}

func TestLateAndWrongCallbacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify, func(c *sim.Config) { c.Interactions.Deadline = 50 * time.Millisecond })
	w.register()
	s, _ := w.ready(nil)
	out, err := w.answer(s, w.invocation("status", nil), func(e event) {
		w.callback(e, m{"type": 8, "data": m{"choices": []m{}}}).want(400, 50035)
		w.callback(e, m{"type": 4, "data": m{}}).want(400, 50006)
		w.clock.advance(51 * time.Millisecond)
		w.callback(e, m{"type": 4, "data": m{"content": "late"}}).want(404, 10062)
	})
	if err != nil || out.Answered {
		t.Errorf("outcome is %+v, %v", out, err)
	}
}

func TestAutocompleteAsksForChoices(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify)
	w.register()
	s, _ := w.ready(nil)
	in := w.invocation("track add", map[string]any{"account": "ad"})
	in.Focused = "account"
	done := make(chan sim.Outcome, 1)
	go func() { done <- must(w.Autocomplete(context.Background(), in)) }()
	e := s.wait("INTERACTION_CREATE")
	option := e.D["data"].(m)["options"].([]any)[0].(m)["options"].([]any)[0].(m)
	if e.D["type"] != 4.0 || option["focused"] != true || option["value"] != "ad" {
		t.Errorf("autocomplete sends %v", e.D)
	}
	w.callback(e, m{"type": 8, "data": m{"choices": []m{{"name": "Ada", "value": "ada.example"}}}}).want(204, 0)
	if out := <-done; len(out.Choices) != 1 || out.Choices[0].Name != "Ada" {
		t.Errorf("choices are %+v", out.Choices)
	}
}

func TestWhatAClientWouldNotSendIsNotInvoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	w.register()
	plain := w.invocation("track add", map[string]any{"account": "x"})
	plain.UserID = w.member
	for name, in := range map[string]sim.Invocation{
		"no permission":  plain,
		"no command":     w.invocation("nothing", nil),
		"no subcommand":  w.invocation("track", nil),
		"required":       w.invocation("track add", nil),
		"below minimum":  w.invocation("track add", map[string]any{"account": "x", "count": 0}),
		"no such id":     w.invocation("track add", map[string]any{"account": "x", "channel": "1"}),
		"unknown member": {GuildID: w.guild, ChannelID: w.channel, UserID: "1", Path: "status"},
	} {
		if _, err := w.Run(context.Background(), in); !errors.Is(err, sim.ErrNotInvocable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

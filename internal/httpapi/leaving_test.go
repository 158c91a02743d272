package httpapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"trackbot/api"
	"trackbot/internal/fault"
	"trackbot/internal/sim"
)

func TestAPersonTakesWhatIsHeldAndLeaves(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	user := w.addUser(t, "mara")
	guildID := w.addGuild(t, user)
	pair := w.signIn(t, user)
	change := call{method: "POST", path: "/api/v1/guilds/" + guildID + "/brands", token: pair.AccessToken, body: `{"name":"Northwind"}`}.send(w)
	if change.Code != http.StatusCreated {
		t.Fatalf("got %d %s", change.Code, change.Body)
	}
	answer := w.get("/auth/me/data", pair.AccessToken)
	data := decode[api.PersonalData](t, answer)
	if data.Profile.Username != "mara" || len(data.Guilds) != 1 || !data.Guilds[0].Owner || len(data.Sessions) != 1 || len(data.SignIns) != 1 || data.DiscordGrant.IsNull() {
		t.Errorf("data %s", answer.Body)
	}
	if len(data.Actions) != 1 || data.Actions[0].Action != "brand.created" || data.Actions[0].GuildID != guildID || data.ActionsTotal != 1 {
		t.Errorf("actions %+v", data.Actions)
	}
	for _, secret := range []string{"Northwind", "token", pair.RefreshToken, "hash\""} { // what is changed is the guild's
		if strings.Contains(answer.Body.String(), secret) {
			t.Errorf("the document tells %q", secret)
		}
	}
	leave := func(body string) *json.Decoder {
		t.Helper()
		answer := call{method: "POST", path: "/api/v1/auth/me/deletion", token: pair.AccessToken, body: body}.send(w)
		if want := map[bool]int{true: http.StatusOK, false: http.StatusBadRequest}[body == `{"confirm":"mara"}`]; answer.Code != want {
			t.Fatalf("%s: got %d %s", body, answer.Code, answer.Body)
		}
		return json.NewDecoder(answer.Body)
	}
	leave(`{}`)
	leave(`{"confirm":"noor"}`)
	var end api.Farewell
	if err := leave(`{"confirm":"mara"}`).Decode(&end); err != nil || end.Discord != "revoked" {
		t.Errorf("farewell %+v, %v", end, err)
	}
	for _, path := range []string{"/auth/me", "/auth/me/data", "/guilds"} {
		if answer := w.get(path, pair.AccessToken); answer.Code != http.StatusUnauthorized {
			t.Errorf("%s: got %d", path, answer.Code)
		}
	}
	wantProblem(t, problemOf(t, w.post("/auth/refresh", `{"refreshToken":"`+pair.RefreshToken+`"}`)), fault.Unauthenticated)
	if again := w.signIn(t, user); w.get("/auth/me", again.AccessToken).Code != http.StatusOK {
		t.Error("who comes back is not let in")
	}
}

func TestAManagerPlansTheDeletionOfTheGuildAndUndoesIt(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	plan := func() api.GuildDeletion { return decode[api.GuildDeletion](t, n.read("/deletion")) }
	if p := plan(); p.Scheduled || p.GraceDays != 7 || !p.DeletesAt.IsNull() {
		t.Errorf("plan %+v", p)
	}
	before := n.entries()
	if p := problemOf(t, n.change("POST", "/deletion", `{"confirm":"Another"}`)); fields(p)["confirm"] == "" {
		t.Errorf("a wrong name: %+v", p)
	}
	wantProblem(t, problemOf(t, n.change("DELETE", "/deletion", "")), fault.NotFound)
	if n.entries() != before {
		t.Error("a refused change is in the log")
	}
	answer := n.change("POST", "/deletion", `{"confirm":"newsroom"}`)
	if answer.Code != http.StatusAccepted {
		t.Fatalf("got %d %s", answer.Code, answer.Body)
	}
	if p := plan(); !p.Scheduled || p.RequestedBy.MustGet() != n.owner || p.DeletesAt.IsNull() {
		t.Errorf("plan %+v", p)
	}
	detail := decode[api.GuildDetail](t, n.read(""))
	if len(detail.Attention) == 0 || detail.Attention[0].Kind != "deletion_scheduled" {
		t.Errorf("attention %+v", detail.Attention)
	}
	n.wantGone(n.change("DELETE", "/deletion", ""))
	if p := plan(); p.Scheduled || n.entries() != before+2 {
		t.Errorf("plan %+v, %d entries", p, n.entries()-before)
	}
	n.change("POST", "/deletion", `{"confirm":"newsroom"}`)
	n.exec("UPDATE clients SET erase_at = now() - interval '1 second' WHERE id = $1", n.client)
	wantProblem(t, problemOf(t, n.change("DELETE", "/deletion", "")), fault.Conflict)
}

func TestABrokenChainNeedsAManager(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	n.exec("INSERT INTO audit_checks (client_id, seq, hash, broken_seq, checked_at, whole_at) VALUES ($1, 3, '', 4, now(), now())", n.client)
	detail := decode[api.GuildDetail](t, n.read(""))
	if len(detail.Attention) == 0 || detail.Attention[0].Kind != "audit_broken" || detail.Attention[0].Count != 1 || detail.Attention[0].Since.IsNull() {
		t.Errorf("attention %+v", detail.Attention)
	}
}

// An authorization that cannot be revoked now holds nobody back.
func TestWhoLeavesIsToldWhenDiscordWasNotReached(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	pair := w.signIn(t, w.addUser(t, "mara"))
	w.sim.AddFault(sim.Fault{Path: "/api/v10/oauth2/token/revoke", Status: http.StatusInternalServerError})
	answer := call{method: "POST", path: "/api/v1/auth/me/deletion", token: pair.AccessToken, body: `{"confirm":"Mara"}`}.send(w)
	if end := decode[api.Farewell](t, answer); end.Discord != "unreachable" {
		t.Errorf("farewell %+v", end)
	}
}

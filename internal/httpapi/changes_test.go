package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/fault"
)

func made[T any](t *testing.T, answer *httptest.ResponseRecorder) (out T) {
	t.Helper()
	if answer.Code != http.StatusCreated || answer.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("got %d %s", answer.Code, answer.Body)
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// wantLogged checks the newest entry of the guild's log: what was done to what, and by whom from where.
func (n *newsroom) wantLogged(answer *httptest.ResponseRecorder, action string, target uuid.UUID) {
	n.t.Helper()
	got := one[string](n, `SELECT concat_ws(' ', action, target_id, actor_type, actor_id, actor_name, source, host(ip_address), request_id)
		FROM audit_log WHERE client_id = $1 ORDER BY seq DESC LIMIT 1`, n.client)
	want := fmt.Sprintf("%s %s user %s newsroom dashboard 203.0.113.9 %s", action, target, n.owner, answer.Header().Get("X-Request-Id"))
	if got != want {
		n.t.Errorf("log says %s\nwant     %s", got, want)
	}
}

func (n *newsroom) entries() int {
	n.t.Helper()
	return one[int](n, "SELECT count(*) FROM audit_log WHERE client_id = $1", n.client)
}

func (n *newsroom) wantGone(answer *httptest.ResponseRecorder) {
	n.t.Helper()
	if answer.Code != http.StatusNoContent || answer.Body.Len() != 0 {
		n.t.Errorf("got %d %s", answer.Code, answer.Body)
	}
}

func TestManagerKeepsBrandsAndGroups(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	answer := n.change("POST", "/brands", `{"name":"  North   wind "}`)
	brand := made[api.Brand](t, answer)
	if brand.Name != "North wind" || brand.ID.Version() != 7 || brand.CreatedAt.IsZero() {
		t.Errorf("brand %+v", brand)
	}
	n.wantLogged(answer, "brand.created", brand.ID)
	wantProblem(t, problemOf(t, n.change("POST", "/brands", `{"name":"NORTH WIND"}`)), fault.Conflict)
	other := made[api.Brand](t, n.change("POST", "/brands", `{"name":"Contoso"}`))
	wantProblem(t, problemOf(t, n.change("PATCH", "/brands/"+id(other.ID), `{"name":"north wind"}`)), fault.Conflict)
	answer = n.change("PATCH", "/brands/"+id(brand.ID), `{"name":"Northwind"}`)
	if renamed := decode[api.Brand](t, answer); renamed.Name != "Northwind" || renamed.ID != brand.ID {
		t.Errorf("renamed %+v", renamed)
	}
	n.wantLogged(answer, "brand.updated", brand.ID)

	answer = n.change("POST", "/groups", fmt.Sprintf(`{"name":"Creators","brandId":%q}`, brand.ID))
	group := made[api.Group](t, answer)
	n.wantLogged(answer, "group.created", group.ID)
	wantProblem(t, problemOf(t, n.change("POST", "/groups", fmt.Sprintf(`{"name":"creators","brandId":%q}`, brand.ID))), fault.Conflict)
	answer = n.change("PATCH", "/groups/"+id(group.ID), fmt.Sprintf(`{"name":"Rivals","brandId":%q}`, other.ID))
	if moved := decode[api.Group](t, answer); moved.Name != "Rivals" || moved.BrandID != other.ID {
		t.Errorf("moved %+v", moved)
	}
	n.wantLogged(answer, "group.updated", group.ID)
	before := n.entries()
	if same := n.change("PATCH", "/groups/"+id(group.ID), `{"name":"Rivals"}`); same.Code != http.StatusOK || n.entries() != before {
		t.Errorf("no change: got %d and %d entries, before %d", same.Code, n.entries(), before)
	}
	answer = n.change("DELETE", "/groups/"+id(group.ID), "")
	n.wantGone(answer)
	n.wantLogged(answer, "group.deleted", group.ID)
	answer = n.change("DELETE", "/brands/"+id(brand.ID), "")
	n.wantGone(answer)
	n.wantLogged(answer, "brand.deleted", brand.ID)
	wantProblem(t, problemOf(t, n.change("DELETE", "/brands/"+id(brand.ID), "")), fault.NotFound)
	wantProblem(t, problemOf(t, n.change("PATCH", "/brands/"+id(brand.ID), `{"name":"Ghost"}`)), fault.NotFound)
	wantProblem(t, problemOf(t, n.change("POST", "/groups", fmt.Sprintf(`{"name":"G","brandId":%q}`, brand.ID))), fault.NotFound)
}

func TestManagerTracksMovesPausesAndRemovesAnAccount(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	brand, channel := n.brand("B"), n.channel()
	first, second := n.group(brand, "1"), n.group(brand, "2")
	answer := n.change("POST", "/accounts", fmt.Sprintf(`{"platform":"auto","url":"https://bsky.app/profile/ann","groupId":%q,"channelId":%q}`, first, channel))
	a := made[api.Account](t, answer)
	if a.Platform != "bluesky" || a.Handle != "ann" || a.DisplayName.MustGet() != "ANN" || a.State != "learning" || a.GroupID != first || a.BrandID != brand ||
		a.ChannelID.MustGet() != channel || !a.LastPolledAt.IsNull() || !a.AsOf.IsNull() {
		t.Errorf("account %+v", a)
	}
	n.wantLogged(answer, "account.added", a.ID)
	path := "/accounts/" + id(a.ID)
	again := n.change("POST", "/accounts", fmt.Sprintf(`{"platform":"bluesky","handle":"ann","groupId":%q}`, second))
	wantProblem(t, problemOf(t, again), fault.Conflict) // in the guild, not only in the group

	answer = n.change("PATCH", path, fmt.Sprintf(`{"groupId":%q}`, second))
	if moved := decode[api.Account](t, answer); moved.GroupID != second || moved.ChannelID.MustGet() != channel {
		t.Errorf("moved %+v", moved)
	}
	n.wantLogged(answer, "account.moved", a.ID)
	answer = n.change("PATCH", path, `{"channelId":null}`)
	if plain := decode[api.Account](t, answer); !plain.ChannelID.IsNull() || plain.GroupID != second {
		t.Errorf("on the default channel %+v", plain)
	}
	n.wantLogged(answer, "account.channel_changed", a.ID)
	answer = n.change("PATCH", path, `{"paused":true}`)
	if paused := decode[api.Account](t, answer); paused.State != "paused" || paused.StateReason.IsNull() || !paused.NextPollAt.IsNull() {
		t.Errorf("paused %+v", paused)
	}
	n.wantLogged(answer, "account.paused", a.ID)
	answer = n.change("PATCH", path, `{"paused":false}`)
	if resumed := decode[api.Account](t, answer); resumed.State != "learning" || !resumed.StateReason.IsNull() || resumed.NextPollAt.IsNull() {
		t.Errorf("resumed %+v", resumed)
	}
	n.wantLogged(answer, "account.resumed", a.ID)
	answer = n.change("DELETE", path, "")
	n.wantGone(answer)
	n.wantLogged(answer, "account.removed", a.ID)
	wantProblem(t, problemOf(t, n.change("DELETE", path, "")), fault.NotFound)
	wantProblem(t, problemOf(t, n.change("PATCH", path, `{"paused":true}`)), fault.NotFound)
}

func TestChangesRefuseInvalidValuesByName(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	group := n.group(n.brand("B"), "G")
	account := n.account(group, "rss", "feed")
	in := func(body string) string { return strings.ReplaceAll(body, "GROUP", id(group)) }
	before := n.entries()
	for _, c := range []struct{ method, tail, body, field string }{
		{"POST", "/brands", `{"name":""}`, "name"},
		{"POST", "/brands", `{"name":" \t"}`, "name"},
		{"POST", "/brands", `{"name":"a\u0000b"}`, "name"},
		{"POST", "/brands", `{"name":"a\u0007b"}`, "name"},
		{"POST", "/brands", `{"name":"` + strings.Repeat("x", 101) + `"}`, "name"},
		{"POST", "/brands", `{}`, "name"},
		{"POST", "/brands", `{"name":"N","color":"red"}`, "color"},
		{"POST", "/brands", `[]`, "body"},
		{"POST", "/groups", `{"name":"G"}`, "brandId"},
		{"POST", "/groups", `{"name":"G","brandId":"7"}`, "brandId"},
		{"PATCH", "/groups/" + id(group), `{}`, "body"},
		{"PATCH", "/accounts/" + id(account), `{"paused":"yes"}`, "paused"},
		{"PATCH", "/accounts/" + id(account), `{"channelId":"news"}`, "channelId"},
		{"PATCH", "/accounts/" + id(account), `{"channelId":"500000000000000009"}`, "channelId"},
		{"POST", "/accounts", in(`{"platform":"bluesky","groupId":"GROUP"}`), "handle"},
		{"POST", "/accounts", in(`{"platform":"bluesky","groupId":"GROUP","handle":"a","url":"https://bsky.app/profile/a"}`), "handle"},
		{"POST", "/accounts", in(`{"platform":"auto","groupId":"GROUP","handle":"a"}`), "url"},
		{"POST", "/accounts", in(`{"platform":"bluesky","groupId":"GROUP","handle":"nobody"}`), "handle"},
		{"POST", "/accounts", in(`{"platform":"auto","groupId":"GROUP","url":"https://bsky.app/profile/nobody"}`), "url"},
		{"POST", "/accounts", in(`{"platform":"tiktok","groupId":"GROUP","handle":"a"}`), "platform"},
		{"POST", "/accounts", in(`{"platform":"bluesky","groupId":"GROUP","handle":"a","channelId":"500000000000000009"}`), "channelId"},
		{"POST", "/accounts", `{"platform":"bluesky","handle":"a"}`, "groupId"},
	} {
		answer := n.change(c.method, c.tail, c.body)
		if p := problemOf(t, answer); p.Code != "validation_failed" || fields(p)[c.field] == "" {
			t.Errorf("%s %s %s: %s", c.method, c.tail, c.body, answer.Body)
		}
	}
	for _, nobody := range []string{uuid.Nil.String(), uuid.NewString()} {
		answer := n.change("POST", "/accounts", fmt.Sprintf(`{"platform":"bluesky","handle":"a","groupId":%q}`, nobody))
		wantProblem(t, problemOf(t, answer), fault.NotFound)
	}
	if n.entries() != before || one[int](n, "SELECT count(*) FROM client_accounts") != 1 || one[int](n, "SELECT count(*) FROM brands") != 1 {
		t.Error("a refused change has left something behind")
	}
}

func TestPlanBoundsBrandsAndAccounts(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	group := n.group(n.brand("1"), "G")
	n.brand("2")
	n.brand("3")
	for i := range 10 {
		n.account(group, "rss", fmt.Sprint(i))
	}
	for tail, body := range map[string]string{
		"/brands": `{"name":"4"}`, "/accounts": fmt.Sprintf(`{"platform":"bluesky","handle":"a","groupId":%q}`, group),
	} {
		answer := n.change("POST", tail, body)
		if p := problemOf(t, answer); answer.Code != http.StatusForbidden || p.Code != "tier_limit" || p.Detail == nil || !strings.Contains(*p.Detail, "free plan") {
			t.Errorf("%s: %s", tail, answer.Body)
		}
	}
	n.exec("UPDATE subscriptions SET tier = 'pro'")
	if answer := n.change("POST", "/brands", `{"name":"4"}`); answer.Code != http.StatusCreated {
		t.Errorf("on a larger plan: got %d", answer.Code)
	}
}

func TestMembersChangeNothing(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	brand := n.brand("B")
	group := n.group(brand, "G")
	account := n.account(group, "rss", "feed")
	token, before := n.member("mia"), n.entries()
	calls := []call{
		{method: "POST", path: "/brands", body: `{"name":"N"}`},
		{method: "PATCH", path: "/brands/" + id(brand), body: `{"name":"N"}`},
		{method: "DELETE", path: "/brands/" + id(brand)},
		{method: "POST", path: "/groups", body: fmt.Sprintf(`{"name":"N","brandId":%q}`, brand)},
		{method: "PATCH", path: "/groups/" + id(group), body: `{"name":"N"}`},
		{method: "DELETE", path: "/groups/" + id(group)},
		{method: "POST", path: "/accounts", body: fmt.Sprintf(`{"platform":"bluesky","handle":"a","groupId":%q}`, group)},
		{method: "PATCH", path: "/accounts/" + id(account), body: `{"paused":true}`},
		{method: "DELETE", path: "/accounts/" + id(account)},
		{method: "DELETE", path: "/accounts/" + uuid.NewString()},
	}
	for _, c := range calls {
		c.path, c.token = n.path(c.path), token
		answer := c.send(n)
		if p := problemOf(t, answer); answer.Code != http.StatusForbidden || p.Code != "forbidden" {
			t.Errorf("%s %s: %s", c.method, c.path, answer.Body)
		}
	}
	if one[string](n, "SELECT name FROM brands") != "B" || one[int](n, "SELECT count(*) FROM client_accounts WHERE paused IS NULL") != 1 {
		t.Error("a member has changed something")
	}
	if got := n.entries() - before; got != len(calls) {
		t.Errorf("%d refusals logged, want %d", got, len(calls))
	}
	last := one[string](n, "SELECT action || ' ' || changes FROM audit_log WHERE client_id = $1 ORDER BY seq DESC LIMIT 1", n.client)
	if last != `access.refused [{"field":"operation","old":null,"new":"deleteAccount"}]` {
		t.Errorf("logged %s", last)
	}
}

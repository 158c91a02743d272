package httpapi_test

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi"
)

// closedGuilds have suspended every guild.
type closedGuilds struct{ fakeGuilds }

func (g closedGuilds) Access(ctx context.Context, a httpapi.Actor, guildID string, write bool) (httpapi.Tenant, error) {
	tenant, err := g.fakeGuilds.Access(ctx, a, guildID, write)
	tenant.Suspended = "unpaid since March"
	return tenant, err
}

// mayWhileSuspended is what takes away and does not add.
var mayWhileSuspended = map[string]bool{
	"createExport": true, "deleteExport": true, "scheduleGuildDeletion": true, "cancelGuildDeletion": true, "deleteShare": true, "deleteApiKey": true,
}

func TestASuspendedGuildIsReadAndTakenAwayByPeopleAndNothingElse(t *testing.T) {
	t.Parallel()
	deps := ready()
	deps.Guilds = closedGuilds{}
	h := newAPIWith(t, deps, httpapi.Nothing{})
	guilds := 0
	for _, op := range operations(t) {
		if !strings.HasPrefix(op.permission(), "guild:") {
			continue
		}
		guilds++
		for _, token := range []string{manager, readKey, writeKey} {
			c := sample(t, op)
			c.token = token
			w := c.send(h)
			if w.Code == http.StatusUnauthorized && token != manager {
				continue // keys do not count there at all
			}
			open := token == manager && (op.method == http.MethodGet || mayWhileSuspended[op.OperationID])
			if open {
				if w.Code != http.StatusNotImplemented {
					t.Errorf("%s as %s: got %d %s", op, token, w.Code, w.Body)
				}
				continue
			}
			p := problemOf(t, w)
			if w.Code != http.StatusForbidden || p.Code != "forbidden" {
				t.Errorf("%s as %s: got %d %s", op, token, w.Code, w.Body)
			}
			if token != readKey && !strings.Contains(*p.Detail, "unpaid since March") {
				t.Errorf("%s as %s: the reason is not told: %s", op, token, w.Body)
			}
		}
	}
	if guilds < 40 {
		t.Errorf("%d operations were tried", guilds)
	}
}

// settles waits until a change of what is not there is answered so: what processes keep of a guild is dropped by a notice.
func (n *newsroom) settles(want int) {
	n.t.Helper()
	got := 0
	for deadline := time.Now().Add(20 * time.Second); got != want && time.Now().Before(deadline); runtime.Gosched() {
		got = n.change("DELETE", "/brands/"+someID, "").Code
	}
	if got != want {
		n.t.Fatalf("got %d, want %d", got, want)
	}
}

func TestAManagerSeesWhyTheGuildIsSuspendedAndExports(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	key := n.key("Report")
	if !decode[api.GuildDetail](t, n.read("")).Suspension.IsNull() {
		t.Error("a guild that is served is said to be suspended")
	}
	link := n.share(n.brand("Shared"), "").URL
	link = link[strings.LastIndex(link, "/")+1:]
	if got := n.open(link); got.Code != http.StatusOK {
		t.Fatalf("the shared page: %d %s", got.Code, got.Body)
	}
	entries := n.entries()
	n.exec("UPDATE clients SET suspended_at = now(), suspended_reason = 'unpaid' WHERE id = $1", n.client)
	n.settles(http.StatusForbidden)
	detail := decode[api.GuildDetail](t, n.read(""))
	if s, err := detail.Suspension.Get(); err != nil || s.Reason != "unpaid" || s.Since.IsZero() {
		t.Errorf("suspension %+v, %v", s, err)
	}
	if len(detail.Attention) == 0 || detail.Attention[0].Kind != "suspended" || detail.Attention[0].Since.IsNull() {
		t.Errorf("attention %+v", detail.Attention)
	}
	if got := n.open(link); got.Code != http.StatusNotFound {
		t.Errorf("a shared page of a suspended guild: %d %s", got.Code, got.Body)
	}
	answer := call{method: "GET", path: n.path("/brands"), token: key.Key}.send(n)
	wantProblem(t, problemOf(t, answer), fault.Forbidden)
	if got := n.ask("POST", n.path("/exports"), n.token, `{"kind":"posts","format":"csv"}`, "Idempotency-Key", "suspended-1"); got.Code != http.StatusAccepted {
		t.Errorf("export: %d %s", got.Code, got.Body)
	}
	if got := n.entries(); got != entries+1 {
		t.Errorf("%d entries in the log, want the export's alone", got-entries)
	}
	n.exec("UPDATE clients SET suspended_at = NULL, suspended_reason = NULL WHERE id = $1", n.client)
	n.settles(http.StatusNotFound)
	if got := (call{method: "GET", path: n.path("/brands"), token: key.Key}).send(n); got.Code != http.StatusOK {
		t.Errorf("the key afterwards: %d %s", got.Code, got.Body)
	}
}

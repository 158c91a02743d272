package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"trackbot/internal/httpapi"
)

func TestEveryOperationIsRouted(t *testing.T) {
	t.Parallel()
	deps := ready()
	deps.Machines = trustingMachines{}
	h := newAPIWith(t, deps, httpapi.Nothing{})
	for _, op := range operations(t) {
		t.Run(op.OperationID, func(t *testing.T) {
			t.Parallel()
			w := sample(t, op).send(h)
			if op.Tags[0] == "Service" {
				if w.Code != http.StatusOK {
					t.Errorf("got %d", w.Code)
				}
				return
			}
			if p := problemOf(t, w); w.Code != http.StatusNotImplemented || p.Code != "not_implemented" {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
		})
	}
}

func TestProtectedOperationsAskForCredentials(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	for _, op := range operations(t) {
		protected := op.permission() == "session" || strings.HasPrefix(op.permission(), "guild:")
		for _, token := range []string{"none", "unknown", revoked} {
			c := sample(t, op)
			c.token = token
			w := c.send(h)
			if !protected {
				if w.Code == http.StatusUnauthorized || w.Code == http.StatusNotFound {
					t.Errorf("%s with %s token: got %d", op, token, w.Code)
				}
				continue
			}
			if p := problemOf(t, w); w.Code != http.StatusUnauthorized || !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer ") {
				t.Errorf("%s with %s token: got %d %s, challenge %q", op, token, w.Code, p.Code, w.Header().Get("WWW-Authenticate"))
			}
		}
	}
}

func TestChallengeNamesTheErrorOnlyWhenCredentialsWereSent(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	for token, want := range map[string]string{
		"none":  `Bearer realm="trackbot"`,
		revoked: `Bearer realm="trackbot", error="invalid_token", error_description="session_revoked"`,
	} {
		w := call{method: "GET", path: "/api/v1/auth/me", token: token}.send(h)
		if got := w.Header().Get("WWW-Authenticate"); got != want {
			t.Errorf("%s: got %s, want %s", token, got, want)
		}
	}
}

func TestMalformedCredentialsAreNone(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	for _, value := range []string{
		"", "Bearer", "Bearer ", "Basic " + manager, manager, "Bearer a b", "Bearer a,b",
		"Bearer " + strings.Repeat("x", 9<<10),
	} {
		c := call{method: "GET", path: "/api/v1/auth/me", header: map[string]string{"Authorization": value}}
		if w := c.send(h); w.Code != http.StatusUnauthorized {
			t.Errorf("%.20q: got %d", value, w.Code)
		}
	}
	c := call{method: "GET", path: "/api/v1/auth/me", header: map[string]string{"Authorization": "bEaReR  " + manager}}
	if w := c.send(h); w.Code != http.StatusNotImplemented {
		t.Errorf("scheme in any case: got %d", w.Code)
	}
}

// What may not be seen does not exist: the same answer, byte for byte but for the request id.
func TestForeignMissingAndMalformedGuildsAnswerAlike(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	var want string
	for _, op := range operations(t) {
		if !strings.HasPrefix(op.permission(), "guild:") {
			continue
		}
		for _, token := range []string{manager, member, writeKey} {
			for _, id := range []string{foreignGuild, "397038439483310086", "1", "not-a-guild", "197038439483310086%00", "%E2%80%A6"} {
				c := sample(t, op)
				c.path = strings.Replace(c.path, guild, id, 1)
				c.token = token
				c.header["X-Request-Id"] = "same-for-all"
				w := c.send(h)
				if w.Code == http.StatusUnauthorized && token == writeKey {
					continue // keys do not count there at all
				}
				if w.Code != http.StatusNotFound {
					t.Fatalf("%s with guild %s: got %d %s", op, id, w.Code, w.Body)
				}
				got := headerDump(w.Header()) + w.Body.String()
				if want == "" {
					want = got
				}
				if got != want {
					t.Fatalf("%s with guild %s:\n%s\nelsewhere:\n%s", op, id, got, want)
				}
			}
		}
	}
}

func TestMalformedIDsInThePathAreNotFound(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	var seen int
	for _, op := range operations(t) {
		c := sample(t, op)
		if !strings.Contains(c.path, "/"+someID) {
			continue
		}
		seen++
		for _, id := range []string{"1", "none", someID + "0", "%7B" + someID + "%7D"} {
			bad := c
			bad.path = strings.Replace(c.path, "/"+someID, "/"+id, 1)
			if w := bad.send(h); w.Code != http.StatusNotFound && w.Code != http.StatusMethodNotAllowed {
				t.Errorf("%s with id %s: got %d", op, id, w.Code)
			}
		}
	}
	if seen == 0 {
		t.Error("no operation has an id in its path")
	}
}

func TestMembersReadAndDoNotChange(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	for _, op := range operations(t) {
		c := sample(t, op)
		c.token = member
		want := http.StatusNotImplemented
		if op.permission() == "guild:manage" {
			want = http.StatusForbidden
		}
		if !strings.HasPrefix(op.permission(), "guild:") {
			continue
		}
		if w := c.send(h); w.Code != want {
			t.Errorf("%s: got %d, want %d", op, w.Code, want)
		}
	}
	// Not even whether the inputs are good is told.
	if w := (call{method: "POST", path: base + "/brands", token: member, body: `{"x":1}`}).send(h); w.Code != http.StatusForbidden {
		t.Errorf("invalid body of a member: got %d", w.Code)
	}
}

func TestAPIKeysCountOnGuildRoutesWithinTheirScope(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	for _, c := range []struct {
		name string
		call call
		want int
	}{
		{"read reads", call{method: "GET", path: base + "/posts", token: readKey}, http.StatusNotImplemented},
		{"read does not write", call{method: "POST", path: base + "/brands", body: `{"name":"N"}`, token: readKey}, http.StatusForbidden},
		{"write writes", call{method: "POST", path: base + "/brands", body: `{"name":"N"}`, token: writeKey}, http.StatusNotImplemented},
		{"write reads", call{method: "GET", path: base + "/posts", token: writeKey}, http.StatusNotImplemented},
		{"not on user routes", call{method: "GET", path: "/api/v1/auth/me", token: writeKey}, http.StatusUnauthorized},
		{"not on the user's guilds", call{method: "GET", path: "/api/v1/guilds", token: writeKey}, http.StatusUnauthorized},
		{"not for keys", call{method: "GET", path: base + "/api-keys", token: writeKey}, http.StatusUnauthorized},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := c.call.send(h)
			if w.Code != c.want {
				t.Errorf("got %d %s, want %d", w.Code, w.Body, c.want)
			}
			if w.Code == http.StatusForbidden && !strings.Contains(w.Header().Get("WWW-Authenticate"), `error="insufficient_scope", scope="write"`) {
				t.Errorf("challenge %q", w.Header().Get("WWW-Authenticate"))
			}
		})
	}
}

func TestSignedCallsNeedAVerifier(t *testing.T) {
	t.Parallel()
	c := call{method: "PUT", path: "/api/v1/bot/health", body: `{"shardCount":1,"guildCount":1,"status":"online","version":"1"}`}
	if w := c.send(newAPI(t)); w.Code != http.StatusNotImplemented {
		t.Errorf("without a verifier: got %d", w.Code)
	}
	deps := ready()
	deps.Machines = suspiciousMachines{}
	if w := c.send(newAPIWith(t, deps, httpapi.Nothing{})); w.Code != http.StatusUnauthorized {
		t.Errorf("with a bad signature: got %d", w.Code)
	}
}

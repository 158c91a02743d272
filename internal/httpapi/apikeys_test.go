package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"trackbot/api"
)

// keyWorld is a managed guild with its owner's token.
type keyWorld struct {
	*signInWorld
	guild, owner, token string
}

func newKeyWorld(t *testing.T) *keyWorld {
	t.Helper()
	w := newSignInWorld(t)
	owner := w.addUser(t, "ann")
	k := &keyWorld{signInWorld: w, guild: w.addGuild(t, owner), owner: owner}
	k.token = w.signIn(t, owner).AccessToken
	return k
}

func (k *keyWorld) path(rest string) string { return "/api/v1/guilds/" + k.guild + rest }

func (k *keyWorld) make(t *testing.T, body string) api.APIKeyCreated {
	t.Helper()
	answer := call{method: "POST", path: k.path("/api-keys"), token: k.token, body: body}.send(k)
	if answer.Code != http.StatusCreated {
		t.Fatalf("got %d %s", answer.Code, answer.Body)
	}
	var made api.APIKeyCreated
	if err := json.Unmarshal(answer.Body.Bytes(), &made); err != nil {
		t.Fatal(err)
	}
	return made
}

// sql changes rows as the operator could.
func (k *keyWorld) sql(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := k.admin.Shared().Exec(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

// status is what a request with the bearer gets.
func (k *keyWorld) status(method, path, body, bearer string) int {
	return call{method: method, path: path, token: bearer, body: body}.send(k).Code
}

func TestAKeyIsShownOnceAndListedWithoutItsSecret(t *testing.T) {
	t.Parallel()
	k := newKeyWorld(t)
	made := k.make(t, `{"name":" Nightly report ","scopes":["write","read"]}`)
	if !strings.HasPrefix(made.Key, made.Prefix+"_") || len(made.Key) != 53 || made.Name != "Nightly report" || made.CreatedBy != k.owner {
		t.Errorf("got %+v", made)
	}
	if left := time.Until(made.ExpiresAt.Time); left < 364*24*time.Hour || left > 366*24*time.Hour {
		t.Errorf("ends in %s", left)
	}
	for range 3 {
		k.make(t, `{"name":"Other","scopes":["read"]}`)
	}
	var seen []string
	for cursor := ""; ; {
		answer := call{method: "GET", path: k.path("/api-keys?limit=3" + cursor), token: k.token}.send(k)
		if strings.Contains(answer.Body.String(), made.Key) {
			t.Fatal("the list shows the key")
		}
		list := decode[api.APIKeyList](t, answer)
		for _, item := range list.Items {
			seen = append(seen, item.Prefix)
		}
		next, err := list.NextCursor.Get()
		if err != nil {
			break
		}
		cursor = "&cursor=" + next
	}
	if len(seen) != 4 || seen[3] != made.Prefix {
		t.Errorf("listed %v", seen)
	}
	var stored, logged int
	err := k.admin.Shared().QueryRow(t.Context(), `SELECT (SELECT count(*) FROM api_keys k WHERE position($1 IN k::text) > 0 OR secret_hash <> sha256(convert_to($1, 'utf8')) AND key_id = $2),
		(SELECT count(*) FROM audit_log WHERE action = 'api_key.created' AND actor_id = $3 AND target_id = $4 AND position($1 IN changes) = 0)`,
		made.Key, strings.TrimPrefix(made.Prefix, "tb_live_"), k.owner, made.ID.String()).Scan(&stored, &logged)
	if err != nil || stored != 0 || logged != 1 {
		t.Errorf("%d rows hold the key, %d entries tell of it, %v", stored, logged, err)
	}
}

func TestAKeyTellsWhoMadeItForAsLongAsThatIsKnown(t *testing.T) {
	t.Parallel()
	k := newKeyWorld(t)
	made := k.make(t, `{"name":"Report","scopes":["read"]}`)
	names := func() (string, string) {
		answer := call{method: "GET", path: k.path("/api-keys"), token: k.token}.send(k)
		item := decode[api.APIKeyList](t, answer).Items[0]
		name, err := item.CreatedByName.Get()
		if err != nil {
			name = "null"
		}
		return item.CreatedBy, name
	}
	if by, name := names(); by != k.owner || name != "ANN" || made.CreatedByName.MustGet() != "ANN" {
		t.Errorf("made by %s %s, as made by %v", by, name, made.CreatedByName)
	}
	k.sql(t, `UPDATE users SET global_name = 'Ann from Harbour' WHERE id = $1`, k.owner)
	if _, name := names(); name != "Ann from Harbour" {
		t.Errorf("made by %s", name)
	}
	k.sql(t, `UPDATE api_keys SET created_by = '299999999999999999'`) // of somebody who has taken everything of theirs away
	if by, name := names(); by != "299999999999999999" || name != "null" {
		t.Errorf("made by %s %s", by, name)
	}
}

func TestAKeyActsInItsGuildWithinItsScopes(t *testing.T) {
	t.Parallel()
	k := newKeyWorld(t)
	other := k.addGuild(t, k.owner)
	reader, writer := k.make(t, `{"name":"R","scopes":["read"]}`).Key, k.make(t, `{"name":"W","scopes":["write"]}`).Key
	for _, tc := range []struct {
		method, path, body, key string
		want                    int
	}{
		{"GET", k.path(""), "", reader, 200},
		{"GET", k.path("/brands"), "", writer, 200},
		{"POST", k.path("/brands"), `{"name":"North"}`, reader, 403},
		{"POST", k.path("/brands"), `{"name":"North"}`, writer, 201},
		{"GET", "/api/v1/guilds/" + other, "", reader, 404},
		{"POST", "/api/v1/guilds/" + other + "/brands", `{"name":"North"}`, writer, 404},
		{"GET", "/api/v1/guilds", "", writer, 401},
		{"GET", "/api/v1/auth/me", "", writer, 401},
		{"GET", "/api/v1/auth/sessions", "", writer, 401},
		{"GET", k.path("/api-keys"), "", writer, 401},
		{"POST", k.path("/api-keys"), `{"name":"X","scopes":["read"]}`, writer, 401},
	} {
		if got := k.status(tc.method, tc.path, tc.body, tc.key); got != tc.want {
			t.Errorf("%s %s: got %d, want %d", tc.method, tc.path, got, tc.want)
		}
	}
	var by string
	if err := k.admin.Shared().QueryRow(t.Context(), "SELECT actor_type || ' ' || source || ' ' || actor_name FROM audit_log WHERE action = 'brand.created'").Scan(&by); err != nil || by != "api_key api W" {
		t.Errorf("the log says %q, %v", by, err)
	}
}

func TestKeysEndAtOnce(t *testing.T) {
	t.Parallel()
	k := newKeyWorld(t)
	made := k.make(t, `{"name":"R","scopes":["read"]}`)
	if k.status("GET", k.path(""), "", made.Key) != 200 {
		t.Fatal("does not work")
	}
	address := k.path("/api-keys/" + made.ID.String())
	if got := k.status("DELETE", address, "", k.token); got != 204 {
		t.Fatalf("got %d", got)
	}
	if got := k.status("GET", k.path(""), "", made.Key); got != 401 {
		t.Errorf("revoked: got %d", got)
	}
	if got := k.status("DELETE", address, "", k.token); got != 404 {
		t.Errorf("revoked again: got %d", got)
	}
	for what, sql := range map[string]string{
		"expired":      "UPDATE api_keys SET expires_at = now() WHERE id = $1",
		"a year old":   "UPDATE api_keys SET expires_at = NULL, created_at = now() - interval '367 days' WHERE id = $1",
		"left guild":   "UPDATE clients SET removed_at = now() WHERE id = (SELECT client_id FROM api_keys WHERE id = $1)",
		"other secret": "UPDATE api_keys SET secret_hash = sha256('x') WHERE id = $1",
	} {
		k := newKeyWorld(t)
		made := k.make(t, `{"name":"R","scopes":["read"]}`)
		k.sql(t, sql, made.ID)
		if got := k.status("GET", k.path(""), "", made.Key); got != 401 {
			t.Errorf("%s: got %d", what, got)
		}
	}
}

func TestFaultyKeysAreNotMade(t *testing.T) {
	t.Parallel()
	k := newKeyWorld(t)
	year := time.Now().AddDate(1, 0, 2).UTC().Format(time.RFC3339)
	for body, field := range map[string]string{
		`{"name":"X","scopes":[]}`:                                          "scopes",
		`{"name":"X","scopes":["admin"]}`:                                   "scopes.0",
		`{"name":"  ","scopes":["read"]}`:                                   "name",
		`{"name":"X","scopes":["read"],"expiresAt":"2020-01-01T00:00:00Z"}`: "expiresAt",
		fmt.Sprintf(`{"name":"X","scopes":["read"],"expiresAt":%q}`, year):  "expiresAt",
	} {
		answer := call{method: "POST", path: k.path("/api-keys"), token: k.token, body: body}.send(k)
		if p := problemOf(t, answer); answer.Code != 400 || fields(p)[field] == "" {
			t.Errorf("%s: got %d %+v", body, answer.Code, p)
		}
	}
	k.sql(t, `INSERT INTO api_keys (client_id, id, key_id, secret_hash, name, scopes, created_by)
		SELECT c.id, gen_random_uuid(), lpad(n::text, 8, '0'), '', 'K', '{read}', $1 FROM clients c, generate_series(1, 50) n`, k.owner)
	answer := call{method: "POST", path: k.path("/api-keys"), token: k.token, body: `{"name":"X","scopes":["read"]}`}.send(k)
	if answer.Code != http.StatusConflict {
		t.Errorf("the 51st: got %d %s", answer.Code, answer.Body)
	}
}

func TestUseOfAKeyIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	k := newKeyWorld(t)
	made := k.make(t, `{"name":"R","scopes":["read"]}`)
	used := func() (at string) {
		if err := k.admin.Shared().QueryRow(t.Context(), "SELECT coalesce(last_used_at::text, '') FROM api_keys").Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	if used() != "" {
		t.Error("used before it was")
	}
	k.status("GET", k.path(""), "", made.Key)
	first := used()
	k.status("GET", k.path(""), "", made.Key)
	if first == "" || used() != first {
		t.Errorf("used %q, then %q", first, used())
	}
	k.sql(t, "UPDATE api_keys SET last_used_at = now() - interval '61 s'")
	k.status("GET", k.path(""), "", made.Key)
	if !strings.HasPrefix(used(), first[:10]) || used() == first {
		t.Errorf("a minute later: %q", used())
	}
}

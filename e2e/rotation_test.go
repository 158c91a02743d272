package e2e_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"trackbot/api"
	"trackbot/client/bot"
	"trackbot/internal/sim"
)

const (
	secondSecret = "Vd8Kq2Wm5Zt7Xc3Rn6Lb9Yp4Jh1Gs0FuEaTiOzQxCvBnMkLjHgFdSaPoIuYtReW1"
	thirdSecret  = "Hy6Tg9Rf4Ed7Ws2Qa5Zx8Cv1Bn3Mk0LpOiUyTrEwQaSdFgHjKlMnBvCxZ1qW2eR3"
)

// rotation is an API whose secrets are replaced one after the other, as docs/operations.md says.
type rotation struct {
	*system
	api *process
}

// restart gives the API other settings; an empty value takes a setting away.
func (r *rotation) restart(t *testing.T, settings map[string]string) {
	t.Helper()
	for name, value := range settings {
		r.env[name] = value
	}
	if r.api != nil {
		r.api.stop(t)
	}
	r.api = r.start(t, "api")
}

// me is the status that a bearer token is answered with.
func (r *rotation) me(t *testing.T, token string) int {
	t.Helper()
	c := newClient(r.system.api)
	c.token = token
	return c.call(t, http.MethodGet, "/auth/me", nil).status
}

// renew swaps the client's refresh token for a new pair.
func (r *rotation) renew(t *testing.T, c *client) int {
	t.Helper()
	a := c.call(t, http.MethodPost, "/auth/refresh", map[string]string{"refreshToken": c.refresh})
	if a.status == http.StatusOK {
		pair := read[api.TokenPair](t, a, http.StatusOK)
		c.token, c.refresh = pair.AccessToken, pair.RefreshToken
	}
	return a.status
}

func expect(t *testing.T, what string, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("%s: answered %d, want %d", what, got, want)
	}
}

func newRotation(t *testing.T) *rotation {
	t.Helper()
	r := &rotation{system: newSystem(t, sim.Config{})}
	r.restart(t, nil)
	r.join(t).stop(t)
	return r
}

func TestSigningSecretIsReplacedWithoutEndingASession(t *testing.T) {
	t.Parallel()
	r := newRotation(t)
	c := r.signIn(t, owner)
	before := c.token

	r.restart(t, map[string]string{"JWT_SECRET_NEXT": secondSecret})
	expect(t, "while the next one is known", r.me(t, before), 200)
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	r.restart(t, map[string]string{"JWT_SECRET": secondSecret, "JWT_SECRET_NEXT": "", "JWT_SECRET_PREVIOUS": jwtSecret + "@" + until})
	expect(t, "a token of the old one after the change", r.me(t, before), 200)
	expect(t, "a refresh after the change", r.renew(t, c), 200)
	r.restart(t, map[string]string{"JWT_SECRET_PREVIOUS": ""})
	expect(t, "a token of the old one at the end", r.me(t, before), 401)
	expect(t, "a token of the new one at the end", r.me(t, c.token), 200)

	// It has leaked: replaced in one step, so that forged tokens end at once.
	r.restart(t, map[string]string{"JWT_SECRET": thirdSecret})
	expect(t, "a token of the leaked one", r.me(t, c.token), 401)
	expect(t, "the session", r.renew(t, c), 200)
	expect(t, "its new token", r.me(t, c.token), 200)
}

func TestEncryptionKeyIsReplacedWithoutEndingASession(t *testing.T) {
	t.Parallel()
	r := newRotation(t)
	c, idle := r.signIn(t, owner), r.signIn(t, owner)
	for range 3 { // so that lists have a second page
		expect(t, "a brand", c.call(t, http.MethodPost, "/guilds/"+guildID+"/brands", map[string]string{"name": uuid.NewString()}).status, 201)
	}
	page := "/guilds/" + guildID + "/brands?limit=1&cursor=" + string(read[api.BrandList](t, c.call(t, http.MethodGet, "/guilds/"+guildID+"/brands?limit=1", nil), 200).NextCursor.MustGet())
	before := r.env["ENCRYPTION_KEY"]
	after := base64.StdEncoding.EncodeToString([]byte("another encryption key, 32 bytes"))
	doctor := func(when, words string) {
		t.Helper()
		_, out, _ := execute(t, r.env, "doctor", "api")
		if !strings.Contains(out, words) {
			t.Errorf("%s: the doctor does not say %q:\n%s", when, words, out)
		}
	}

	r.restart(t, map[string]string{"ENCRYPTION_KEY": before + "," + after})
	expect(t, "a refresh while the new key opens", r.renew(t, c), 200)
	r.restart(t, map[string]string{"ENCRYPTION_KEY": after + "," + before})
	await(t, "the grants to be sealed anew", func() bool { return strings.Contains(r.api.log.String(), "discord grants sealed anew") })
	doctor("while sessions have tokens of the old key", "a former value still opens 0 Discord grants and 2 sessions")
	expect(t, "a page that was begun with the old key", c.call(t, http.MethodGet, page, nil).status, 200)
	expect(t, "a refresh with the new key", r.renew(t, c), 200)
	expect(t, "and again", r.renew(t, c), 200)
	doctor("while one session has", "a former value still opens 0 Discord grants and 1 session")
	expect(t, "the other session's refresh", r.renew(t, idle), 200)
	doctor("at the end", "nothing needs a former value any more")
	r.restart(t, map[string]string{"ENCRYPTION_KEY": after})
	for name, c := range map[string]*client{"the session": c, "the other session": idle} {
		expect(t, name, r.renew(t, c), 200)
		expect(t, name+"'s guild", c.call(t, http.MethodGet, "/guilds/"+guildID, nil).status, 200)
	}
	doctor("with the new key alone", "opens 1 Discord grant and 2 sessions")

	// It has leaked: replaced in one step, and everybody signs in again.
	r.restart(t, map[string]string{"ENCRYPTION_KEY": base64.StdEncoding.EncodeToString([]byte("a third key, after the leak of 2"))})
	expect(t, "a session of the leaked key", r.renew(t, c), 401)
	doctor("after the leak", "no value opens 1 Discord grant and 2 sessions")
	c = r.signIn(t, owner)
	expect(t, "a new sign-in", r.me(t, c.token), 200)
	expect(t, "its refresh", r.renew(t, c), 200)
	expect(t, "its guild", c.call(t, http.MethodGet, "/guilds/"+guildID, nil).status, 200)
}

func TestBotKeysAreReplacedWhileBothCount(t *testing.T) {
	t.Parallel()
	r := newRotation(t)
	const before, after = "0f9c3b7a1e5d48620f9c3b7a1e5d4862", "7a1e5d48620f9c3b7a1e5d48620f9c3b"
	counts := func(id, secret string) bool {
		t.Helper()
		c, err := bot.New(r.root(), bot.Key{ID: id, Secret: []byte(secret)}, bot.Config{})
		if err != nil {
			t.Fatal(err)
		}
		err = c.ReportHealth(t.Context(), bot.Health{ShardCount: 1, GuildCount: 1, Status: "online", Version: "1"})
		var refusal *bot.Error
		if err != nil && (!errors.As(err, &refusal) || refusal.Status != http.StatusUnauthorized) {
			t.Fatal(err)
		}
		return err == nil
	}
	for _, step := range []struct {
		keys     string
		old, new bool
	}{
		{before, true, false},
		{before + ",next:" + after, true, true},
		{"next:" + after, false, true},
	} {
		r.restart(t, map[string]string{"BOT_HMAC_SECRET": step.keys})
		if counts("default", before) != step.old || counts("next", after) != step.new {
			t.Errorf("with %d keys the old one counts: %t, the new one: %t", strings.Count(step.keys, ",")+1, !step.old, !step.new)
		}
	}
}

// The password of a service's login is replaced under the running service; two logins leave no gap at all.
func TestDatabaseLoginsAreReplaced(t *testing.T) {
	t.Parallel()
	r := newRotation(t)
	conn, err := pgx.Connect(t.Context(), r.env["DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) // nothing is lost
	owned := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	suffix := strings.ReplaceAll(uuid.NewString(), "-", "")
	first, second := "first_"+suffix, "second_"+suffix
	login := func(name, password string) map[string]string {
		own, err := url.Parse(r.env["DATABASE_URL"])
		if err != nil {
			t.Fatal(err)
		}
		own.User = url.UserPassword(name, password)
		return map[string]string{"DATABASE_URL_API": own.String()}
	}
	ready := func(when string) {
		t.Helper()
		expect(t, when, statusOf(r.root()+"/readyz"), 200)
	}

	owned("CREATE ROLE " + first + " LOGIN PASSWORD 'one' IN ROLE trackbot_api")
	r.restart(t, login(first, "one"))
	c := r.signIn(t, owner)
	owned("ALTER ROLE " + first + " PASSWORD 'two'")
	ready("with connections of the old password")
	expect(t, "a read with them", r.me(t, c.token), 200)
	r.restart(t, login(first, "two"))
	expect(t, "a read with the new password", r.me(t, c.token), 200)

	owned("CREATE ROLE " + second + " LOGIN PASSWORD 'three' IN ROLE trackbot_api")
	ready("beside the second login")
	r.restart(t, login(second, "three"))
	owned("DROP ROLE " + first)
	expect(t, "a read by the second login", r.me(t, c.token), 200)
	r.api.stop(t)
	owned("DROP ROLE " + second)
}

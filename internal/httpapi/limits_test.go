package httpapi_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/account"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi"
	"trackbot/internal/limit"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// forged has the form of a refresh token.
var forged = "tb_rt_" + strings.Repeat("A", 70)

// userTokens takes any token "user:<id>" for the user's.
type userTokens struct{ fakeAuth }

func (a userTokens) Authenticate(ctx context.Context, token string) (httpapi.Actor, error) {
	if id, ok := strings.CutPrefix(token, "user:"); ok {
		return httpapi.Actor{Kind: httpapi.ActorUser, UserID: id, Username: manager}, nil
	}
	return a.fakeAuth.Authenticate(ctx, token)
}

// limitedWorld is a database on which replicas with limits run, around no operations.
type limitedWorld struct {
	url   string
	admin *store.Store
}

func newLimitedWorld(t *testing.T) limitedWorld {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	return limitedWorld{url: url, admin: openStore(t, url, store.RoleAdmin)}
}

func (w limitedWorld) replica(t *testing.T) (http.Handler, *limit.Limiter) {
	t.Helper()
	st := openStore(t, w.url, store.RoleAPI)
	deps := ready()
	deps.Auth = userTokens{}
	deps.Store = st
	deps.Limits = limit.New(st, limit.Config{Patience: time.Minute, Meter: limit.NewMeter(st, slog.New(slog.DiscardHandler), time.Now)})
	return newAPIWith(t, deps, httpapi.Nothing{}), deps.Limits
}

func as(user string) call { return call{method: "GET", path: "/api/v1/auth/me", token: "user:" + user} }

// wantLimited holds what a 429 must say.
func wantLimited(t *testing.T, answer *httptest.ResponseRecorder, policy string, within int) {
	t.Helper()
	if answer.Code != http.StatusTooManyRequests {
		t.Fatalf("got %d %s", answer.Code, answer.Body)
	}
	wantProblem(t, problemOf(t, answer), fault.RateLimited)
	name, _, _ := strings.Cut(policy, ";")
	left := regexp.MustCompile(`(?:^|, )` + name + `;r=0;t=(\d+)$`).FindStringSubmatch(answer.Header().Get("RateLimit"))
	retry, err := strconv.Atoi(answer.Header().Get("Retry-After"))
	if !strings.HasSuffix(answer.Header().Get("RateLimit-Policy"), policy) || left == nil || err != nil ||
		left[1] != strconv.Itoa(retry) || retry < 1 || retry > within {
		t.Errorf("headers %v", answer.Header())
	}
}

func TestSixtyFirstRequestOfAUserIsRefused(t *testing.T) {
	t.Parallel()
	w := newLimitedWorld(t)
	one, _ := w.replica(t)
	two, _ := w.replica(t)
	for i := range 60 {
		answer := as("1").send([]http.Handler{one, two}[i%2])
		if answer.Code != http.StatusNotImplemented || answer.Header().Get("RateLimit-Policy") != `"user";q=60;w=60` ||
			!strings.HasPrefix(answer.Header().Get("RateLimit"), fmt.Sprintf(`"user";r=%d;t=`, 59-i)) {
			t.Fatalf("request %d: %d %v", i+1, answer.Code, answer.Header())
		}
	}
	for _, h := range []http.Handler{one, two} {
		wantLimited(t, as("1").send(h), `"user";q=60;w=60`, 60)
		if answer := as("2").send(h); answer.Code != http.StatusNotImplemented {
			t.Errorf("another user: %d", answer.Code)
		}
		foreign := call{method: "GET", path: "/api/v1/guilds/" + foreignGuild, token: "user:1"}
		wantLimited(t, foreign.send(h), `"user";q=60;w=60`, 60)
	}
}

func TestRefusedCredentialsAreNotCounted(t *testing.T) {
	t.Parallel()
	h, _ := newLimitedWorld(t).replica(t)
	for range 70 {
		answer := call{method: "GET", path: "/api/v1/auth/me", token: revoked}.send(h)
		if answer.Code != http.StatusUnauthorized || answer.Header().Get("RateLimit") != "" {
			t.Fatalf("got %d %v", answer.Code, answer.Header())
		}
	}
}

func TestEleventhAttemptToSignInIsRefused(t *testing.T) {
	t.Parallel()
	w := newLimitedWorld(t)
	one, _ := w.replica(t)
	two, _ := w.replica(t)
	attempts := []call{
		{method: "GET", path: "/api/v1/auth/discord?challenge=x&state=y", token: "none"},
		{method: "GET", path: "/api/v1/auth/discord/callback?code=x&state=y", token: "none"},
		{method: "POST", path: "/api/v1/auth/exchange", token: "none", body: `{}`},
		{method: "POST", path: "/api/v1/auth/refresh", token: "none", body: `{}`},
	}
	from := func(c call, ip string) call {
		c.header = map[string]string{"X-Forwarded-For": ip}
		return c
	}
	for i := range 10 {
		answer := from(attempts[i%4], "2001:db8:1:2::"+strconv.Itoa(i+1)).send([]http.Handler{one, two}[i%2])
		if answer.Code == http.StatusTooManyRequests || answer.Header().Get("RateLimit-Policy") != `"login";q=10;w=900` {
			t.Fatalf("attempt %d: %d %v", i+1, answer.Code, answer.Header())
		}
	}
	for _, c := range attempts {
		for _, h := range []http.Handler{one, two} {
			wantLimited(t, from(c, "2001:db8:1:2:ffff::1").send(h), `"login";q=10;w=900`, 900)
			if answer := from(c, "2001:db8:1:3::1").send(h); answer.Code == http.StatusTooManyRequests {
				t.Errorf("another network: %d", answer.Code)
			}
		}
	}
}

func TestTenantsAreCountedAfterAccess(t *testing.T) {
	t.Parallel()
	w := newLimitedWorld(t)
	if _, err := w.admin.Shared().Exec(t.Context(), "INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, 'G', $2)", client, guild); err != nil {
		t.Fatal(err)
	}
	h, limits := w.replica(t)
	path := "/api/v1/guilds/" + guild
	answer := call{method: "GET", path: path, token: "user:1"}.send(h)
	if got := answer.Header().Get("RateLimit-Policy"); got != `"user";q=60;w=60, "tenant";q=300;w=300` {
		t.Errorf("policy %s", got)
	}
	if got := (call{method: "GET", path: "/api/v1/guilds/" + foreignGuild, token: "user:1"}).send(h).Header().Get("RateLimit-Policy"); got != `"user";q=60;w=60` {
		t.Errorf("policy without access %s", got)
	}
	key := call{method: "GET", path: path, token: readKey}
	for key.send(h).Code != http.StatusTooManyRequests {
		if t.Failed() || t.Context().Err() != nil {
			t.Fatal("the budget has no end")
		}
	}
	// A key has half of the budget, and people what is left of it.
	wantLimited(t, key.send(h), `"key";q=150;w=300`, 4)
	refused := false
	for i := 0; !refused; i++ {
		user := call{method: "GET", path: path, token: fmt.Sprintf("user:%d", 2+i/60)}
		answer := user.send(h)
		if refused = answer.Code == http.StatusTooManyRequests; refused {
			wantLimited(t, answer, `"tenant";q=300;w=300`, 2)
		}
		if i < 100 && refused || i > 400 {
			t.Fatalf("the tenant's budget ends with request %d", i+1)
		}
	}
	if err := limits.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	var metered int
	err := w.admin.Shared().QueryRow(t.Context(), "SELECT api_requests FROM usage_daily WHERE client_id = $1", client).Scan(&metered)
	if err != nil || metered < 300 || metered > 320 {
		t.Errorf("metered %d, %v", metered, err)
	}
}

// countedKeys counts how often it was asked who somebody is.
type countedKeys struct {
	userTokens
	asked atomic.Int64
}

func (a *countedKeys) Authenticate(ctx context.Context, token string) (httpapi.Actor, error) {
	a.asked.Add(1)
	return a.userTokens.Authenticate(ctx, token)
}

// A program far over its budget must not cost its neighbours a look at the database for each refusal.
func TestAProgramOverItsBudgetIsRefusedWithoutAskingWhoItIs(t *testing.T) {
	t.Parallel()
	w := newLimitedWorld(t)
	if _, err := w.admin.Shared().Exec(t.Context(), "INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, 'G', $2)", client, guild); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	keys, deps := &countedKeys{}, ready()
	deps.Auth, deps.Now = keys, func() time.Time { return now }
	deps.Limits = limit.New(openStore(t, w.url, store.RoleAPI), limit.Config{Patience: time.Minute, Now: deps.Now})
	h := newAPIWith(t, deps, httpapi.Nothing{})
	key := call{method: "GET", path: "/api/v1/guilds/" + guild, token: readKey}
	for n := 0; key.send(h).Code != http.StatusTooManyRequests; n++ {
		if n > 400 {
			t.Fatal("the budget has no end")
		}
	}
	asked := keys.asked.Load()
	for range 50 {
		wantLimited(t, key.send(h), `"key";q=150;w=300`, 4)
	}
	if more := keys.asked.Load() - asked; more != 0 {
		t.Errorf("it was asked %d times who a refused program is", more)
	}
	if answer := (call{method: "GET", path: key.path, token: "user:1"}).send(h); answer.Code == http.StatusTooManyRequests {
		t.Error("people of the tenant are refused with it")
	}
	now = now.Add(1100 * time.Millisecond) // a revoked key is known as one after a second
	key.send(h)
	if keys.asked.Load() == asked {
		t.Error("a refusal stands for more than a second")
	}
}

func TestLimitsHoldWithoutADatabase(t *testing.T) {
	t.Parallel()
	w := newLimitedWorld(t)
	st, err := store.Open(t.Context(), w.url, store.RoleAPI)
	if err != nil {
		t.Fatal(err)
	}
	deps := ready()
	deps.Auth, deps.Limits = userTokens{}, limit.New(st, limit.Config{Patience: time.Minute})
	h := newAPIWith(t, deps, httpapi.Nothing{})
	st.Close()
	for i := range 60 {
		if answer := as("1").send(h); answer.Code != http.StatusNotImplemented {
			t.Fatalf("request %d: %d", i+1, answer.Code)
		}
	}
	wantLimited(t, as("1").send(h), `"user";q=60;w=60`, 60)
}

func TestGenuineRefreshesAreNoAttempts(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	pair := w.signIn(t, w.addUser(t, "ann"))
	accounts, err := account.New(w.api, nil, account.Config{
		Keys: account.NewKeyRing(bytes.Repeat([]byte("k1"), 40), 0), EncryptionKey: bytes.Repeat([]byte("e"), 32), DashboardURL: origin,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(accounts.Close)
	gate := httpapi.NewUserGate(accounts)
	deps := ready()
	deps.Accounts, deps.Auth, deps.Guilds, deps.Limits = accounts, gate, gate, limit.New(w.api, limit.Config{Patience: time.Minute})
	deps.Store = w.api
	h, err := httpapi.New(deps)
	if err != nil {
		t.Fatal(err)
	}
	refresh := func(token string) *httptest.ResponseRecorder {
		return call{method: "POST", path: "/api/v1/auth/refresh", token: "none", body: `{"refreshToken":"` + token + `"}`}.send(h)
	}
	for range 15 {
		loser := pair.RefreshToken
		pair = decode[api.TokenPair](t, refresh(pair.RefreshToken))
		wantProblem(t, problemOf(t, refresh(loser)), fault.RefreshRace)
	}
	for range 10 {
		if answer := refresh(forged); answer.Code != http.StatusUnauthorized {
			t.Fatalf("got %d %s", answer.Code, answer.Body)
		}
	}
	wantLimited(t, refresh(forged), `"login";q=10;w=900`, 900)
	decode[api.TokenPair](t, refresh(pair.RefreshToken))
}

package account_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/netip"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/account"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

const dashboard = "https://dash.test"

var (
	jwtSecret     = []byte("q3Zx8vT1mYw5Kc7Rb0Ls2Hd9Gf4Jn6PaUeQiWoXzVtBkMyCrNsDhFgLjEpAu81xZ")
	encryptionKey = []byte("0123456789abcdefghijklmnopqrstuv")
	ids           atomic.Int64
)

// snowflake makes an id that no other test has.
func snowflake() string { return fmt.Sprint(100_000_000_000_000_000 + ids.Add(1)) }

// fixture is a service on a database of its own, with a Discord that does as it is told.
type fixture struct {
	*account.Service
	discord *fakeDiscord
	keys    *account.KeyRing
	api     *store.Store
	admin   *store.Store
	address string       // of the database, as its owner
	ahead   atomic.Int64 // how far the service's clock runs ahead
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	f := &fixture{address: url, discord: newFakeDiscord(), keys: account.NewKeyRing(jwtSecret, 0)}
	f.admin, f.api = open(t, url, store.RoleAdmin), open(t, url, store.RoleAPI)
	f.Service = f.restart(t, encryptionKey)
	return f
}

// restart returns another process's service on the same database and Discord.
func (f *fixture) restart(t *testing.T, key []byte) *account.Service {
	t.Helper()
	svc, err := account.New(f.api, f.discord, account.Config{
		Keys: f.keys, EncryptionKey: key, DashboardURL: dashboard + "/", Now: f.now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(svc.Close)
	return svc
}

func open(t *testing.T, url string, role store.Role) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), url, role)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	return st
}

func (f *fixture) now() time.Time { return time.Now().Add(time.Duration(f.ahead.Load())) }

// pass lets the service's clock run ahead, not the database's.
func (f *fixture) pass(d time.Duration) { f.ahead.Add(int64(d)) }

// sql changes rows as the operator could, for instance to make them older.
func (f *fixture) sql(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := f.admin.Shared().Exec(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) count(t *testing.T, query string, args ...any) int {
	t.Helper()
	var n int
	if err := f.admin.Shared().QueryRow(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// manage makes a client of a guild, with settings.
func (f *fixture) manage(t *testing.T, guildID, dashboardAccess string) uuid.UUID {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	f.sql(t, "INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, 'Guild', '100000000000000000')", id, guildID)
	f.sql(t, "INSERT INTO guild_settings (client_id, dashboard_access) VALUES ($1, $2)", id, dashboardAccess)
	return id
}

// user adds a Discord user who is in the given guilds.
func (f *fixture) user(guilds ...account.DiscordGuild) string {
	id := snowflake()
	f.discord.addUser(account.Profile{ID: id, Username: "user" + id[14:], GlobalName: "User"}, guilds)
	return id
}

// signingIn is a sign-in that has come back from Discord with a state and a code.
type signingIn struct {
	verifier string
	back     account.LoginReturn
}

func (f *fixture) begin(t *testing.T, userID string) signingIn {
	t.Helper()
	verifier := base64.RawURLEncoding.EncodeToString([]byte("verifier of the dashboard " + snowflake()))
	flow, err := f.StartLogin(t.Context(), account.LoginStart{Challenge: challenge(verifier), State: "own-state", ReturnTo: "/guilds/1?tab=a#b"})
	if err != nil {
		t.Fatal(err)
	}
	state, code := f.discord.approve(t, flow.AuthorizeURL, userID)
	if flow.CookieName != account.FlowCookieName(state) {
		t.Fatalf("cookie %q is not the one of state %q", flow.CookieName, state)
	}
	return signingIn{verifier, account.LoginReturn{
		State: state, Code: code, CookieValue: flow.CookieValue, From: account.Origin{UserAgent: "Browser/1", IP: netip.MustParseAddr("::ffff:203.0.113.9")},
	}}
}

// loginCode takes a sign-in up to the code that the dashboard gets.
func (f *fixture) loginCode(t *testing.T, userID string) (code, verifier string) {
	t.Helper()
	in := f.begin(t, userID)
	to, err := f.FinishLogin(t.Context(), in.back)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("code"), in.verifier
}

func (f *fixture) signIn(t *testing.T, userID string) account.TokenPair {
	t.Helper()
	code, verifier := f.loginCode(t, userID)
	pair, err := f.Exchange(t.Context(), code, verifier, account.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func (f *fixture) principal(t *testing.T, pair account.TokenPair) *account.Principal {
	t.Helper()
	p, err := f.Authenticate(t.Context(), pair.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// alive tells whether the pair's session still is, as another replica would see it.
func (f *fixture) alive(t *testing.T, pair account.TokenPair) bool {
	t.Helper()
	p, err := f.keys.Verify(pair.AccessToken, f.now())
	if err != nil {
		t.Fatal(err)
	}
	return f.count(t, "SELECT count(*) FROM dashboard_sessions WHERE id = $1 AND revoked_at IS NULL", p.SessionID) == 1
}

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func wantCode(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Errorf("got %v, want %s", err, code)
	}
}

// tally runs fn n times at once and counts the results by what name says of the error.
func tally(n int, fn func(context.Context) error) map[fault.Code]int {
	results := make(chan error, n)
	start := make(chan struct{})
	for range n {
		go func() {
			<-start
			results <- fn(context.Background())
		}()
	}
	close(start)
	counts := map[fault.Code]int{}
	for range n {
		switch err := <-results; {
		case err == nil:
			counts["ok"]++
		case fault.From(err) == nil:
			counts[fault.Code(err.Error())]++
		default:
			counts[fault.From(err).Code]++
		}
	}
	return counts
}

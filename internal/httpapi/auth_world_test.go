package httpapi_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/account"
	"trackbot/internal/analytics"
	"trackbot/internal/apikey"
	"trackbot/internal/audit"
	"trackbot/internal/discord"
	"trackbot/internal/export"
	"trackbot/internal/filestore"
	directory "trackbot/internal/guild"
	"trackbot/internal/httpapi"
	"trackbot/internal/plan"
	"trackbot/internal/push"
	"trackbot/internal/route"
	"trackbot/internal/share"
	"trackbot/internal/sim"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
	"trackbot/internal/tracking"
	"trackbot/internal/usage"
)

const (
	callbackURL = "https://api.example/api/v1/auth/discord/callback"
	verifier    = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)

// signInWorld is the whole API on a database, with a simulated Discord behind it.
type signInWorld struct {
	http.Handler
	sim      *sim.Sim
	accounts *account.Service
	gate     httpapi.UserGate
	admin    *store.Store
	api      *store.Store
	url      string // of the database, as its owner
	files    *filestore.Disk
	deps     httpapi.Deps
	log      bytes.Buffer
}

func newSignInWorld(t *testing.T) *signInWorld {
	t.Helper()
	w := &signInWorld{sim: sim.New(sim.Config{RedirectURIs: []string{callbackURL}})}
	t.Cleanup(w.sim.Close)
	server := httptest.NewServer(w.sim.Handler())
	t.Cleanup(server.Close)
	client := discord.New(discord.Config{
		BaseURL: server.URL + "/api/v10", AuthorizeURL: server.URL + "/oauth2/authorize",
		ClientID: w.sim.ClientID(), ClientSecret: w.sim.ClientSecret(),
	})
	w.url, w.files = testkit.NewDB(t).OwnerURL, newFiles(t)
	w.admin = openStore(t, w.url, store.RoleAdmin)
	w.api = openStore(t, w.url, store.RoleAPI)
	accounts, err := account.New(w.api, simDiscord{client}, account.Config{
		Keys: account.NewKeyRing(bytes.Repeat([]byte("k1"), 40), 0), EncryptionKey: bytes.Repeat([]byte("e"), 32), DashboardURL: origin,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(accounts.Close)
	w.accounts, w.gate = accounts, httpapi.NewUserGate(accounts)
	deps := ready()
	deps.Log = slog.New(slog.NewJSONHandler(&w.log, nil))
	deps.Keys = apikey.New(w.api, time.Now)
	gate := httpapi.NewKeyGate(deps.Keys, w.gate)
	deps.Accounts, deps.Auth, deps.Guilds = accounts, gate, gate
	deps.Directory, deps.Usage = directory.NewReader(w.api, heartbeat, time.Now), usage.NewReader(w.api, time.Now)
	deps.Plans, deps.Shops = plan.NewReader(w.api, time.Now), shops()
	deps.Live, deps.Still = w.liveHub(t, deps.Directory), gate
	deps.Exports = export.New(w.api, w.files)
	deps.Tracked, deps.Catalog = tracking.NewReader(w.api), tracking.NewCatalog(w.api, fakePlatform{})
	deps.Analytics = analytics.NewReader(w.api)
	deps.Routes = route.New(w.api)
	deps.Offers = func(platform string) tracking.Offers {
		return tracking.Offers{Views: platform == "youtube", Likes: platform != "rss", Comments: platform == "bluesky"}
	}
	deps.Registry = directory.New(w.api, directory.Config{})
	deps.Refusals, deps.Audit = deps.Registry, audit.NewReader(w.api)
	deps.Shares = share.New(w.api, origin, time.Now)
	deps.Pushes, deps.Platforms = push.NewReceiver(w.api, push.Config{}), platforms(t)
	deps.Store = w.api
	deps.Warm = keeping(t, w.api, accounts, deps.Keys, time.Nanosecond) // so that what a test writes by SQL is known at once
	if w.Handler, err = httpapi.New(deps); err != nil {
		t.Fatal(err)
	}
	w.deps = deps
	return w
}

// platforms are those of an installation without keys.
func platforms(t *testing.T) []tracking.Platform {
	t.Helper()
	sources := source.New(source.Config{})
	t.Cleanup(sources.Close)
	return sources.Platforms()
}

func openStore(t *testing.T, url string, role store.Role) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), url, role)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	return st
}

// simDiscord gives account what it asks of Discord, through the product's own client.
type simDiscord struct{ client *discord.Client }

func (d simDiscord) AuthorizeURL(state, challenge string) string {
	return d.client.AuthorizeURL(discord.Authorize{RedirectURI: callbackURL, Scopes: []string{"identify", "guilds"}, State: state, Challenge: challenge})
}

func (d simDiscord) ExchangeCode(ctx context.Context, code, verifier string) (account.Grant, error) {
	return grantOf(d.client.ExchangeCode(ctx, code, verifier, callbackURL))
}

func (d simDiscord) RenewGrant(ctx context.Context, refreshToken string) (account.Grant, error) {
	return grantOf(d.client.RefreshToken(ctx, refreshToken))
}

func (d simDiscord) RevokeGrant(ctx context.Context, token string) error {
	return d.client.RevokeToken(ctx, token)
}

func grantOf(t discord.Token, err error) (account.Grant, error) {
	if errors.Is(err, discord.ErrInvalidGrant) {
		return account.Grant{}, errors.Join(account.ErrGrantRefused, err)
	}
	return account.Grant{AccessToken: t.Access, RefreshToken: t.Refresh, Scopes: t.Scopes, ExpiresAt: t.ExpiresAt}, err
}

func (d simDiscord) Me(ctx context.Context, accessToken string) (account.Profile, error) {
	u, err := d.client.Me(ctx, accessToken)
	return account.Profile{ID: u.ID, Username: u.Username, GlobalName: u.GlobalName, AvatarHash: u.Avatar}, refusedToken(err)
}

func (d simDiscord) MyGuilds(ctx context.Context, accessToken string) ([]account.DiscordGuild, error) {
	guilds, err := d.client.MyGuilds(ctx, accessToken)
	out := make([]account.DiscordGuild, len(guilds))
	for i, g := range guilds {
		out[i] = account.DiscordGuild{ID: g.ID, Name: g.Name, IconHash: g.Icon, Owner: g.Owner, Permissions: g.Permissions}
	}
	return out, refusedToken(err)
}

func refusedToken(err error) error {
	if errors.Is(err, discord.ErrUnauthorized) {
		return errors.Join(account.ErrTokenRefused, err)
	}
	return err
}

// addUser makes a person of Discord.
func (w *signInWorld) addUser(t *testing.T, name string) string {
	t.Helper()
	u, err := w.sim.AddUser(sim.UserSpec{Username: name, GlobalName: strings.ToUpper(name), Avatar: "a1b2c3"})
	if err != nil {
		t.Fatal(err)
	}
	return u.ID
}

// addGuild makes a guild that Trackbot manages.
func (w *signInWorld) addGuild(t *testing.T, owner string, members ...string) string {
	t.Helper()
	return w.addGuildNamed(t, "Newsroom", owner, members...)
}

func (w *signInWorld) addGuildNamed(t *testing.T, name, owner string, members ...string) string {
	t.Helper()
	spec := sim.GuildSpec{Name: name, OwnerID: owner, Icon: "c0ffee"}
	for _, m := range members {
		spec.Members = append(spec.Members, sim.MemberSpec{UserID: m})
	}
	id, err := w.sim.AddGuild(spec)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.admin.Shared().Exec(t.Context(), `WITH c AS (INSERT INTO clients (id, guild_id, name, icon_hash, owner_id) VALUES ($1, $2, $3, 'c0ffee', $4)),
			s AS (INSERT INTO subscriptions (client_id) VALUES ($1))
		INSERT INTO guild_settings (client_id) VALUES ($1)`, uuid.Must(uuid.NewV7()), id, name, owner)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// start begins a sign-in and clicks "Authorize": the way back to the API and the cookie for it.
func (w *signInWorld) start(t *testing.T, userID string) (back, cookie string) {
	t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	query := url.Values{"challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "state": {`own\state`}, "returnTo": {"/guilds?x=1"}}
	answer := call{method: "GET", path: "/api/v1/auth/discord?" + query.Encode(), token: "none"}.send(w)
	if answer.Code != http.StatusFound {
		t.Fatalf("got %d %s", answer.Code, answer.Body)
	}
	page, err := url.Parse(answer.Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	to, err := w.sim.Authorize(userID, "", page.Query())
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(to, "https://api.example"), answer.Header().Get("Set-Cookie")
}

func (w *signInWorld) comeBack(back, cookie string) *httptest.ResponseRecorder {
	pair, _, _ := strings.Cut(cookie, ";")
	return call{method: "GET", path: back, token: "none", header: map[string]string{"Cookie": pair, "User-Agent": "Browser/1", "X-Forwarded-For": "203.0.113.9"}}.send(w)
}

func (w *signInWorld) loginCode(t *testing.T, userID string) string {
	t.Helper()
	answer := w.comeBack(w.start(t, userID))
	to, err := url.Parse(answer.Header().Get("Location"))
	if err != nil || to.Query().Get("code") == "" {
		t.Fatalf("sent to %s, %v", to, err)
	}
	return to.Query().Get("code")
}

func (w *signInWorld) exchange(code string) *httptest.ResponseRecorder {
	body, _ := json.Marshal(map[string]string{"code": code, "verifier": verifier})
	return call{method: "POST", path: "/api/v1/auth/exchange", token: "none", body: string(body)}.send(w)
}

func (w *signInWorld) signIn(t *testing.T, userID string) api.TokenPair {
	t.Helper()
	return decode[api.TokenPair](t, w.exchange(w.loginCode(t, userID)))
}

func (w *signInWorld) post(path, body string) *httptest.ResponseRecorder {
	return call{method: "POST", path: "/api/v1" + path, token: "none", body: body}.send(w)
}

func (w *signInWorld) get(path, token string) *httptest.ResponseRecorder {
	return call{method: "GET", path: "/api/v1" + path, token: token}.send(w)
}

func decode[T any](t *testing.T, answer *httptest.ResponseRecorder) T {
	t.Helper()
	var out T
	if answer.Code != http.StatusOK {
		t.Fatalf("got %d %s", answer.Code, answer.Body)
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

package httpapi_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"trackbot/internal/account"
	"trackbot/internal/config"
	"trackbot/internal/discord"
	"trackbot/internal/export"
	directory "trackbot/internal/guild"
	"trackbot/internal/httpapi"
	"trackbot/internal/limit"
	"trackbot/internal/plan"
	"trackbot/internal/route"
	"trackbot/internal/share"
	"trackbot/internal/sim"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
	"trackbot/internal/tracking"
	"trackbot/internal/usage"
)

// exchange is a part of what the API answered: where it stood, and what.
type exchange struct{ place, text string }

// aviary is the whole API, configured with secrets that are known again wherever they turn up.
type aviary struct {
	*signInWorld
	cfg     config.Config
	bot     *discord.Client
	metrics *prometheus.Registry
	answers []exchange
	// canaries are the secrets by name; homes are the places where one belongs.
	canaries map[string]string
	homes    map[string][]string
}

// hatch makes a secret and keeps it in mind.
func (a *aviary) hatch(name string) string {
	raw := make([]byte, 66)
	rand.Read(raw)
	a.canaries[name] = base64.RawURLEncoding.EncodeToString(raw)
	return a.canaries[name]
}

// note keeps a secret in mind that the program has made, and where it belongs.
func (a *aviary) note(name, secret string, homes ...string) {
	a.canaries[name] = secret
	a.homes[name] = append(a.homes[name], homes...)
}

func newAviary(t *testing.T) *aviary {
	t.Helper()
	a := &aviary{signInWorld: &signInWorld{}, canaries: map[string]string{}, homes: map[string][]string{}, metrics: prometheus.NewRegistry()}
	a.sim = sim.New(sim.Config{RedirectURIs: []string{callbackURL}, ClientSecret: a.hatch("client secret"), BotToken: a.hatch("bot token")})
	t.Cleanup(a.sim.Close)
	server := httptest.NewServer(a.sim.Handler())
	t.Cleanup(server.Close)
	a.configure(t, server.URL)
	db := testkit.NewDB(t).OwnerURL
	a.admin, a.api = openStore(t, db, store.RoleAdmin), openStore(t, db, store.RoleAPI)
	a.build(t)
	return a
}

// configure reads the configuration as the program does, and prints it in every way.
func (a *aviary) configure(t *testing.T, discordURL string) {
	t.Helper()
	key := make([]byte, 32)
	rand.Read(key)
	a.canaries["encryption key"], a.canaries["encryption key's bytes"] = base64.StdEncoding.EncodeToString(key), string(key)
	env := map[string]string{
		"DATABASE_URL": "postgres://owner:" + a.hatch("database password") + "@localhost/db", "DATABASE_URL_API": "postgres://api:" + a.hatch("api's password") + "@localhost/db",
		"JWT_SECRET": a.hatch("jwt secret"), "JWT_SECRET_NEXT": a.hatch("next jwt secret"), "JWT_SECRET_PREVIOUS": a.hatch("previous jwt secret") + "@2999-01-01",
		"ENCRYPTION_KEY": a.canaries["encryption key"], "BOT_HMAC_SECRET": a.hatch("hmac secret"), "DASHBOARD_URL": origin,
		"DASHBOARD_DISCORD_CLIENT_ID": a.sim.ClientID(), "DASHBOARD_DISCORD_CLIENT_SECRET": a.canaries["client secret"],
		"DASHBOARD_OAUTH_CALLBACK": callbackURL, "DISCORD_BOT_TOKEN": a.canaries["bot token"], "DISCORD_API_URL": discordURL + "/api/v10",
		"DISCORD_AUTHORIZE_URL": discordURL + "/oauth2/authorize",
	}
	var err error
	a.cfg, err = config.Load(func(name string) (string, bool) { v, ok := env[name]; return v, ok }, os.ReadFile, config.All)
	if err != nil {
		t.Fatal(err)
	}
}

// build wires the API as the program does, with a log that holds everything.
func (a *aviary) build(t *testing.T) {
	t.Helper()
	log := slog.New(slog.NewJSONHandler(&a.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	oauth := discord.New(discord.Config{
		BaseURL: a.cfg.DiscordAPIURL, AuthorizeURL: a.cfg.DiscordAuthorizeURL, ClientID: a.cfg.OAuthClientID,
		ClientSecret: a.cfg.OAuthClientSecret.Reveal(), Logger: log, Registerer: a.metrics,
	})
	a.bot = discord.New(discord.Config{BaseURL: a.cfg.DiscordAPIURL, Token: a.cfg.DiscordBotToken.Reveal(), Logger: log})
	cfg, err := account.FromConfig(a.cfg)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Log = log
	accounts, err := account.New(a.api, listeningDiscord{simDiscord{oauth}, a}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(accounts.Close)
	a.gate = httpapi.NewUserGate(accounts)
	deps := ready()
	deps.Log, deps.Accounts, deps.Auth, deps.Guilds = log, accounts, a.gate, fallingGate{a.gate}
	deps.Directory, deps.Usage = directory.NewReader(a.api, heartbeat, time.Now), usage.NewReader(a.api, time.Now)
	deps.Plans, deps.Shops = plan.NewReader(a.api, time.Now), shops()
	deps.Exports, deps.Shares = export.New(a.api, newFiles(t)), share.New(a.api, origin, time.Now)
	deps.Tracked, deps.Catalog = tracking.NewReader(a.api), tracking.NewCatalog(a.api, fakePlatform{})
	deps.Routes = route.New(a.api)
	deps.Store = a.api
	deps.Limits = limit.New(a.api, limit.Config{UserRequests: 1000, AuthAttempts: 1000, Log: log, Registerer: a.metrics})
	handler, err := httpapi.New(deps)
	if err != nil {
		t.Fatal(err)
	}
	a.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		place := r.Method + " " + r.URL.Path + " "
		a.answers = append(a.answers, exchange{place + "header", headerDump(answer.Header())}, exchange{place + "body", answer.Body.String()})
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// fallingGate panics over one guild, as a mistake in a handler would.
type fallingGate struct{ httpapi.UserGate }

const abyss = "666666666666666666"

func (g fallingGate) Access(ctx context.Context, actor httpapi.Actor, guildID string, write bool) (httpapi.Tenant, error) {
	if guildID == abyss {
		panic("fell")
	}
	return g.UserGate.Access(ctx, actor, guildID, write)
}

// listeningDiscord notes what Discord and the API tell each other.
type listeningDiscord struct {
	simDiscord
	a *aviary
}

func (d listeningDiscord) ExchangeCode(ctx context.Context, code, verifier string) (account.Grant, error) {
	grant, err := d.simDiscord.ExchangeCode(ctx, code, verifier)
	d.a.note("discord's code", code)
	d.a.note("verifier for discord", verifier, "login_flows")
	if err == nil {
		d.a.note("discord's access token", grant.AccessToken)
		d.a.note("discord's refresh token", grant.RefreshToken)
	}
	return grant, err
}

// forms are the ways in which a secret could be written.
func forms(secret string) []string {
	return []string{
		secret, url.QueryEscape(secret), hex.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte(secret)), strings.TrimRight(base64.URLEncoding.EncodeToString([]byte(secret)), "="),
	}
}

// search fails for every secret that the text holds in a place which is not its home, and counts those at home.
func (a *aviary) search(t *testing.T, place, text string, atHome map[string]bool) {
	t.Helper()
	for name, secret := range a.canaries {
		for _, form := range forms(secret) {
			if !strings.Contains(text, form) {
				continue
			}
			home := false
			for _, h := range a.homes[name] {
				home = home || h == place
			}
			if !home {
				t.Errorf("the %s stands in %s: %.3000s", name, place, text)
			}
			atHome[name+" in "+place] = true
			break
		}
	}
}

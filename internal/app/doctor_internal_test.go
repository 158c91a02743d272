package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trackbot/internal/config"
	"trackbot/internal/sim"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// ward is an environment in which all is well, before a test spoils it.
type ward struct {
	sim      *sim.Sim
	env      map[string]string
	admin    *store.Store
	guild    string
	channel  string
	now      func() time.Time
	order    DoctorOrder
	findings []finding
}

func newWard(t *testing.T) *ward {
	t.Helper()
	const callback = "https://api.test/api/v1/auth/discord/callback"
	w := &ward{
		sim: sim.New(sim.Config{RedirectURIs: []string{callback}}), now: time.Now, guild: "400000000000000001", channel: "410000000000000001",
		order: DoctorOrder{Service: config.All, Guilds: 20},
	}
	t.Cleanup(w.sim.Close)
	discordAt := httptest.NewServer(w.sim.Handler())
	t.Cleanup(discordAt.Close)
	dashboard := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(dashboard.Close)
	owner, err := w.sim.AddUser(sim.UserSpec{Username: "mara"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.sim.AddGuild(sim.GuildSpec{ID: w.guild, Name: "Harbour Studio", OwnerID: owner.ID, Channels: []sim.ChannelSpec{{ID: w.channel, Name: "newsroom", System: true}}}); err != nil {
		t.Fatal(err)
	}
	w.env = map[string]string{
		"DATABASE_URL": testkit.NewDB(t).OwnerURL, "METRICS_ADDR": "127.0.0.1:0", "EXPORT_DIR": t.TempDir(),
		"JWT_SECRET": "q3Zx8vT1mYw5Kc7Rb0Ls2Hd9Gf4Jn6PaUeQiWoXzVtBkMyCrNsDhFgLjEpAu81xZ", "ENCRYPTION_KEY": "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=",
		"DASHBOARD_URL": dashboard.URL, "DASHBOARD_OAUTH_CALLBACK": callback, "DASHBOARD_DISCORD_CLIENT_ID": w.sim.ClientID(),
		"DASHBOARD_DISCORD_CLIENT_SECRET": w.sim.ClientSecret(), "DISCORD_BOT_TOKEN": w.sim.BotToken(), "DISCORD_PUBLIC_KEY": w.sim.PublicKey(),
		"DISCORD_API_URL": discordAt.URL + "/api/v10",
	}
	if w.admin, err = store.Open(t.Context(), w.env["DATABASE_URL"], store.RoleAdmin, store.WithMaxConns(1)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.admin.Close)
	w.exec(t, `INSERT INTO clients (id, guild_id, name, owner_id) VALUES (gen_random_uuid(), '`+w.guild+`', 'Harbour Studio', '`+owner.ID+`')`)
	w.exec(t, `INSERT INTO guild_settings (client_id, default_channel_id) SELECT id, '`+w.channel+`' FROM clients`)
	w.exec(t, `INSERT INTO bot_health (id, last_heartbeat, shard_count, guild_count, status, version) VALUES ('main', now(), 1, 1, 'online', 'dev')`)
	return w
}

func (w *ward) exec(t *testing.T, sql string) {
	t.Helper()
	if _, err := w.admin.Shared().Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// examine runs the doctor and returns what it printed for people, and its error.
func (w *ward) examine(t *testing.T) (string, error) {
	t.Helper()
	lookup := func(name string) (string, bool) { v, ok := w.env[name]; return v, ok }
	cfg, faults := config.Load(lookup, os.ReadFile, w.order.Service)
	var out bytes.Buffer
	d := newDoctor(cfg, w.order, w.now)
	err := d.examine(t.Context(), faults, &out)
	w.findings = d.findings
	return out.String(), err
}

// has tells whether there is a finding of a check in a state whose detail holds the words.
func (w *ward) has(check, state, words string) bool {
	return slices.ContainsFunc(w.findings, func(f finding) bool {
		return f.Check == check && f.State == state && strings.Contains(f.Detail, words)
	})
}

func TestDoctorFindsNothingToMendWhereAllIsWell(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	w.order.Strict = true
	out, err := w.examine(t)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, check := range []string{
		"configuration", "database", "clock of database", "schema", "role of api", "role of bot", "role of worker", "role of notifier", "signing key", "encryption key", "bots",
		"clock of discord", "discord token", "application", "gateway", "permissions", "dashboard", "exports",
	} {
		if !w.has(check, doctorOK, "") {
			t.Errorf("%s was not found well:\n%s", check, out)
		}
	}
	if !w.has("permissions", doctorOK, "1 channels of 1 guilds") {
		t.Errorf("the guild was not looked at:\n%s", out)
	}
	w.order.JSON = true
	out, err = w.examine(t)
	var told struct{ Findings []finding }
	if err != nil || json.Unmarshal([]byte(out), &told) != nil || !slices.Equal(told.Findings, w.findings) {
		t.Errorf("as JSON: %v\n%s", err, out)
	}
	if entries, err := os.ReadDir(filepath.Join(w.env["EXPORT_DIR"], "doctor")); err == nil && len(entries) > 0 {
		t.Errorf("it left %v behind", entries)
	}
}

func TestDoctorNamesEachFaultWithItsRemedy(t *testing.T) {
	t.Parallel()
	later := func(d time.Duration) func(*testing.T, *ward) {
		return func(_ *testing.T, w *ward) { w.now = func() time.Time { return time.Now().Add(d) } }
	}
	env := func(name, value string) func(*testing.T, *ward) {
		return func(_ *testing.T, w *ward) { w.env[name] = value }
	}
	sql := func(statement string) func(*testing.T, *ward) {
		return func(t *testing.T, w *ward) { w.exec(t, statement) }
	}
	owned := func(statement string) func(*testing.T, *ward) {
		return func(t *testing.T, w *ward) { w.asOwner(t, statement) }
	}
	answer := func(method, path string, status int, body string) func(*testing.T, *ward) {
		return func(_ *testing.T, w *ward) {
			w.sim.AddFault(sim.Fault{Method: method, Path: path, Status: status, Body: body})
		}
	}
	for name, tc := range map[string]struct {
		spoil               func(*testing.T, *ward)
		check, state, words string
	}{
		"a short secret":                 {env("JWT_SECRET", "short"), "configuration", doctorFail, "JWT_SECRET: want at least 64 bytes"},
		"no database":                    {env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none?connect_timeout=2"), "database", doctorFail, "reach database"},
		"a wrong password":               {wrongPassword, "database", doctorFail, "reach database"},
		"an empty database":              {emptied, "schema", doctorFail, "migrations are missing"},
		"a missing migration":            {owned(`DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`), "schema", doctorFail, "1 migrations are missing"},
		"a program that is behind":       {owned(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)`), "schema", doctorWarn, "ahead of this program"},
		"row level security that is off": {owned(`ALTER TABLE posts DISABLE ROW LEVEL SECURITY`), "role of api", doctorFail, "row level security is not enabled"},
		"a clock that is behind":         {later(-40 * time.Second), "clock of database", doctorFail, "off"},
		"a clock that drifts":            {later(8 * time.Second), "clock of discord", doctorWarn, "off"},
		"grants that no key opens": {sql(`INSERT INTO users (id, username) VALUES ('300000000000000009', 'u');
			INSERT INTO discord_grants (user_id, access_token, refresh_token, scope, expires_at) VALUES ('300000000000000009', '\x01', '\x01', 'identify', now())`), "encryption key", doctorWarn, "no value opens 1 Discord grant and 0 sessions"},
		"an old signing key":          {sql(`INSERT INTO jwt_keys (kid, first_used_at) VALUES ('k', now() - interval '100 days')`), "signing key", doctorWarn, "100 days"},
		"a bot that is silent":        {sql(`UPDATE bot_health SET last_heartbeat = now() - interval '1 hour'`), "bots", doctorWarn, "main is offline"},
		"no way to discord":           {env("DISCORD_API_URL", "http://127.0.0.1:1/api/v10"), "discord", doctorFail, "no answer"},
		"a wrong token":               {env("DISCORD_BOT_TOKEN", "MTA.wrong.token"), "discord token", doctorFail, "refuses it"},
		"discord in trouble":          {answer("GET", "/api/v10/applications/@me", 503, "{}"), "discord token", doctorFail, "503"},
		"another application":         {env("DASHBOARD_DISCORD_CLIENT_ID", "1"), "application", doctorFail, "DASHBOARD_DISCORD_CLIENT_ID is 1"},
		"another public key":          {env("DISCORD_PUBLIC_KEY", strings.Repeat("ab", 32)), "application", doctorFail, "DISCORD_PUBLIC_KEY"},
		"a redirect that is unknown":  {env("DASHBOARD_OAUTH_CALLBACK", "https://other.test/api/v1/auth/discord/callback"), "application", doctorFail, "not among its redirects"},
		"no session starts":           {answer("GET", "/api/v10/gateway/bot", 200, `{"url":"wss://g.test","shards":2,"session_start_limit":{"total":1000,"remaining":1,"reset_after":3600000,"max_concurrency":1}}`), "gateway", doctorFail, "1 of 1000 session starts"},
		"a bot that was removed":      {func(t *testing.T, w *ward) { w.must(t, w.sim.KickBot(w.guild)) }, "permissions", doctorWarn, "the bot is not in it"},
		"a channel closed to the bot": {closed, "permissions", doctorFail, "#newsroom: the bot lacks Send Messages"},
		"a channel that is gone":      {sql(`UPDATE guild_settings SET default_channel_id = '410000000000000099'`), "permissions", doctorWarn, "410000000000000099 is not there"},
		"no dashboard":                {env("DASHBOARD_URL", "http://127.0.0.1:1"), "dashboard", doctorFail, "DASHBOARD_URL does not answer"},
		"exports without a folder":    {noFolder, "exports", doctorFail, "EXPORT_DIR"},
		"no bucket":                   {noBucket, "exports", doctorFail, "bucket exports"},
		"feeds of one's own network": {func(_ *testing.T, w *ward) {
			w.env["FETCH_ALLOW_PRIVATE"], w.env["DASHBOARD_URL"] = "true", "https://dashboard.invalid"
		}, "configuration", doctorWarn, "FETCH_ALLOW_PRIVATE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWard(t)
			tc.spoil(t, w)
			out, err := w.examine(t)
			if !w.has(tc.check, tc.state, tc.words) {
				t.Errorf("it was not found:\n%s", out)
			}
			if tc.state == doctorFail && !errors.Is(err, errUnwell) {
				t.Errorf("err = %v", err)
			}
			for _, f := range w.findings {
				if (f.State == doctorFail || f.State == doctorWarn) && f.Fix == "" {
					t.Errorf("%s has no remedy: %s", f.Check, f.Detail)
				}
			}
			for name, secret := range w.env {
				if (strings.Contains(name, "SECRET") || strings.Contains(name, "TOKEN")) && len(secret) > 10 && strings.Contains(out, secret) {
					t.Errorf("%s is printed", name)
				}
			}
		})
	}
}

func (w *ward) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wrongPassword(_ *testing.T, w *ward) {
	w.env["DATABASE_URL"] = strings.Replace(w.env["DATABASE_URL"], "@", "wrong@", 1)
}

// emptied is a database that was never migrated.
func emptied(t *testing.T, w *ward) {
	w.asOwner(t, `DROP SCHEMA public CASCADE; CREATE SCHEMA public`)
}

// asOwner runs statements as the login role, which owns the database.
func (w *ward) asOwner(t *testing.T, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.env["DATABASE_URL"])
	w.must(t, err)
	_, err = conn.Exec(t.Context(), sql)
	w.must(t, errors.Join(err, conn.Close(t.Context())))
}

func closed(t *testing.T, w *ward) {
	t.Helper()
	w.must(t, w.sim.RemovePermission(w.channel, sim.PermSendMessages))
}

func noFolder(t *testing.T, w *ward) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a-file")
	w.must(t, os.WriteFile(file, nil, 0o600))
	w.env["EXPORT_DIR"] = filepath.Join(file, "exports")
}

func noBucket(t *testing.T, w *ward) {
	t.Helper()
	s3 := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(s3.Close)
	delete(w.env, "EXPORT_DIR")
	w.env["EXPORT_S3_ENDPOINT"], w.env["EXPORT_S3_BUCKET"], w.env["EXPORT_S3_ACCESS_KEY_ID"], w.env["EXPORT_S3_SECRET_ACCESS_KEY"] = s3.URL, "exports", "key-id", "bucket-secret-1"
}

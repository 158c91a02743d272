package httpapi_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trackbot/client/bot"
	"trackbot/internal/account"
	"trackbot/internal/command"
	directory "trackbot/internal/guild"
	"trackbot/internal/httpapi"
	"trackbot/internal/route"
	"trackbot/internal/signed"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
	"trackbot/internal/tracking"
)

const beat = `{"shardCount":1,"guildCount":12,"status":"online","version":"1.4.0"}`

var (
	botKey  = bot.Key{ID: "default", Secret: []byte("0f9c3b7a1e5d48620f9c3b7a1e5d4862")}
	nextKey = bot.Key{ID: "next", Secret: []byte("7a1e5d48620f9c3b7a1e5d48620f9c3b")}
)

// outpost is the API on a database, and bots elsewhere that call it. Its clock stands still.
type outpost struct {
	t        *testing.T
	url      string
	handlers []http.Handler // replicas
	admin    *store.Store
	log      bytes.Buffer
	now      time.Time
}

func newOutpost(t *testing.T, replicas int) *outpost {
	t.Helper()
	o := &outpost{t: t, url: testkit.NewDB(t).OwnerURL, now: time.Unix(1_760_000_000, 0)}
	o.admin = openStore(t, o.url, store.RoleAdmin)
	log := slog.New(slog.NewJSONHandler(&o.log, nil))
	keys, err := signed.NewKeys(signed.Key(botKey), signed.Key(nextKey))
	o.must(err)
	for range replicas {
		st := openStore(t, o.url, store.RoleAPI)
		accounts, err := account.New(st, simDiscord{}, account.Config{
			Keys: account.NewKeyRing(bytes.Repeat([]byte("k1"), 40), 0), EncryptionKey: bytes.Repeat([]byte("e"), 32), DashboardURL: origin,
		})
		o.must(err)
		t.Cleanup(accounts.Close)
		deps := ready()
		deps.Log, deps.Accounts = log, accounts
		deps.Machines = httpapi.NewMachineGate(signed.New(keys, st, func() time.Time { return o.now }))
		deps.Reports = directory.NewReports(st, directory.Config{})
		deps.Commands = command.New(command.Rules{
			Guilds: directory.New(st, directory.Config{}), Health: directory.NewReader(st, time.Second, time.Now), Catalog: tracking.NewCatalog(st, nil), Tracked: tracking.NewReader(st), Routes: route.New(st),
		}, "", log)
		h, err := httpapi.New(deps)
		o.must(err)
		o.handlers = append(o.handlers, h)
	}
	return o
}

func (o *outpost) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// holds tells whether a condition on the database is true.
func (o *outpost) holds(condition string, args ...any) bool {
	o.t.Helper()
	var yes bool
	o.must(o.admin.Shared().QueryRow(o.t.Context(), "SELECT "+condition, args...).Scan(&yes))
	return yes
}

// client is a bot with the key.
func (o *outpost) client(key bot.Key) *bot.Client {
	o.t.Helper()
	return o.clientWith(key, bot.Config{})
}

func (o *outpost) clientWith(key bot.Key, cfg bot.Config) *bot.Client {
	o.t.Helper()
	server := httptest.NewServer(o.handlers[0])
	o.t.Cleanup(server.Close)
	cfg.HTTPClient, cfg.Now = server.Client(), func() time.Time { return o.now }
	c, err := bot.New(server.URL, key, cfg)
	o.must(err)
	return c
}

// signedCall is a request as a bot would send it.
func (o *outpost) signedCall(method, path, body string, key bot.Key, at time.Time) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	key.Sign(r, []byte(body), at)
	return r
}

func (o *outpost) heartbeat() *http.Request {
	return o.signedCall("PUT", "/api/v1/bot/health", beat, botKey, o.now)
}

func (o *outpost) send(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	o.handlers[0].ServeHTTP(w, r)
	return w
}

func TestABotReportsItsHealth(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 1)
	c := o.client(botKey)
	o.must(c.ReportHealth(t.Context(), bot.Health{ShardCount: 1, GuildCount: 2, Status: "online", Version: "1.0"}))
	o.must(c.ReportHealth(t.Context(), bot.Health{ShardCount: 2, GuildCount: 3, Status: "degraded", Version: "1.1"}))
	if !o.holds("(SELECT (shard_count, guild_count, status, version) = (2, 3, 'degraded', '1.1') AND last_heartbeat > now() - interval '1 minute' FROM bot_health WHERE id = 'main')") {
		t.Error("the last beat is not there")
	}
	for _, h := range []bot.Health{{Status: "asleep", Version: "1"}, {Status: "online"}, {Status: "online", Version: "1", ShardCount: -1}, {Status: "online", Version: "1", GuildCount: 1 << 31}} {
		if got := refusalOf(t, c.ReportHealth(t.Context(), h)); got.Status != 400 || len(got.Fields) != 1 {
			t.Errorf("%+v: got %v", h, got)
		}
	}
}

// refusalOf reads what the client was told.
func refusalOf(t *testing.T, err error) *bot.Error {
	t.Helper()
	var refusal *bot.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v", err)
	}
	return refusal
}

func TestABotTellsOfItsGuilds(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 1)
	c := o.client(botKey)
	icon := "https://cdn.discordapp.com/icons/" + guild + "/a_c0ffee.webp?size=128"
	g := bot.Guild{Name: "Newsroom", IconURL: &icon, OwnerID: "100000000000000001"}
	made, err := c.PutGuild(t.Context(), guild, g)
	if err != nil || !made.Created || made.GuildID != guild {
		t.Fatalf("got %+v, %v", made, err)
	}
	if !o.holds(`(SELECT c.id::text = $1 AND name = 'Newsroom' AND icon_hash = 'a_c0ffee' AND owner_id = '100000000000000001' AND tier = 'free' AND locale = 'en-US'
		FROM clients c JOIN subscriptions b ON b.client_id = c.id JOIN guild_settings s ON s.client_id = c.id)`, made.ClientID) {
		t.Error("the tenant is not whole")
	}
	if !o.holds(`(SELECT (action, actor_id, actor_type, source, target_id) = ('guild.joined', 'default', 'system', 'system', $1)
		AND request_id <> '' AND host(ip_address) = '127.0.0.1' AND user_agent LIKE 'Go-http-client/%' FROM audit_log)`, guild) {
		t.Error("the log does not tell")
	}
	g.Name, g.IconURL = "Evening News", nil
	again, err := c.PutGuild(t.Context(), guild, g)
	if err != nil || again.Created || again.ClientID != made.ClientID {
		t.Errorf("again: got %+v, %v", again, err)
	}
	if !o.holds("(SELECT name = 'Evening News' AND icon_hash IS NULL FROM clients)") {
		t.Error("not up to date")
	}

	o.must(c.DeleteGuild(t.Context(), guild))
	o.must(c.DeleteGuild(t.Context(), guild))
	o.must(c.DeleteGuild(t.Context(), foreignGuild))
	if !o.holds("(SELECT removed_at IS NOT NULL FROM clients)") {
		t.Error("not removed")
	}
	back, err := c.PutGuild(t.Context(), guild, g)
	if err != nil || back.Created || back.ClientID != made.ClientID {
		t.Errorf("back: got %+v, %v", back, err)
	}
	if !o.holds("(SELECT array_agg(action ORDER BY seq) = '{guild.joined,guild.renamed,guild.removed,guild.rejoined}' FROM audit_log)") {
		t.Error("the log does not tell all")
	}
}

func TestABotReadsWhatItNeedsOfAGuild(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 1)
	c := o.client(botKey)
	_, err := c.GuildConfig(t.Context(), guild)
	if got := refusalOf(t, err); got.Status != 404 || got.Code != "not_found" {
		t.Errorf("unknown: got %v", got)
	}
	made, err := c.PutGuild(t.Context(), guild, bot.Guild{Name: "N", OwnerID: "100000000000000001"})
	o.must(err)
	_, err = o.admin.Shared().Exec(t.Context(), "UPDATE guild_settings SET quiet_hours_start = '22:00', quiet_hours_end = '07:00', mention_role_id = '100000000000000003'")
	o.must(err)
	got, err := c.GuildConfig(t.Context(), guild)
	o.must(err)
	if got.GuildID != guild || got.ClientID != made.ClientID || got.Tier != "free" || got.Limits.Accounts != 10 || got.Limits.RequestsPerMinute != 60 {
		t.Errorf("got %+v", got)
	}
	s := got.Settings
	if s.Timezone != "UTC" || !s.NotificationsEnabled || s.DefaultChannelID != nil || *s.MentionRoleID != "100000000000000003" ||
		*s.QuietHours != (bot.QuietHours{Start: "22:00", End: "07:00"}) || s.EmbedColor != "#5865f2" || s.BreakoutFactor != nil {
		t.Errorf("got %+v", s)
	}
	first := o.send(o.signedCall("GET", "/api/v1/bot/guilds/"+guild+"/config", "", botKey, o.now))
	r := o.signedCall("GET", "/api/v1/bot/guilds/"+guild+"/config", "", botKey, o.now)
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	if w := o.send(r); w.Code != http.StatusNotModified {
		t.Errorf("unchanged: got %d", w.Code)
	}
}

func TestIconsAreThoseOfDiscord(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 1)
	c := o.client(botKey)
	for _, icon := range []string{"javascript:alert(1)", "a.png", "//evil.example/a.png", "data:image/png;base64,AA==", "https://"} {
		_, err := c.PutGuild(t.Context(), guild, bot.Guild{Name: "N", IconURL: &icon, OwnerID: "100000000000000001"})
		if got := refusalOf(t, err); got.Status != 400 || len(got.Fields) != 1 || got.Fields[0].Field != "iconUrl" {
			t.Errorf("%s: got %v", icon, got)
		}
	}
	if o.holds("EXISTS (SELECT FROM clients)") {
		t.Error("a tenant was made")
	}
	for _, icon := range []string{
		"https://cdn.discordapp.com.evil.example/icons/" + guild + "/a.png", "https://evil.example/icons/" + guild + "/a.png",
		"http://cdn.discordapp.com/icons/" + guild + "/a.png", "https://cdn.discordapp.com/icons/" + foreignGuild + "/a.png",
		"https://cdn.discordapp.com/icons/" + guild + "/../a.png", "https://cdn.discordapp.com/icons/" + guild + "/a.svg",
		"https://cdn.discordapp.com/icons/" + guild + "/a.png#x",
	} {
		if _, err := c.PutGuild(t.Context(), guild, bot.Guild{Name: "N", IconURL: &icon, OwnerID: "100000000000000001"}); err != nil {
			t.Errorf("%s: %v", icon, err)
		}
		if o.holds("EXISTS (SELECT FROM clients WHERE icon_hash IS NOT NULL)") {
			t.Errorf("%s is shown", icon)
		}
	}
}

func TestForgedCallsChangeNothing(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 1)
	stranger := bot.Key{ID: "default", Secret: bytes.Repeat([]byte("x1y2"), 8)}
	calls := map[string]*http.Request{
		"unsigned":          httptest.NewRequest("PUT", "/api/v1/bot/health", strings.NewReader(beat)),
		"of another key":    o.signedCall("PUT", "/api/v1/bot/health", beat, stranger, o.now),
		"of an unknown key": o.signedCall("PUT", "/api/v1/bot/health", beat, bot.Key{ID: "gone", Secret: botKey.Secret}, o.now),
		"61 s early":        o.signedCall("PUT", "/api/v1/bot/health", beat, botKey, o.now.Add(61*time.Second)),
		"61 s late":         o.signedCall("PUT", "/api/v1/bot/health", beat, botKey, o.now.Add(-61*time.Second)),
		"unsigned removal":  httptest.NewRequest("DELETE", "/api/v1/bot/guilds/"+guild, http.NoBody),
		"unsigned reading":  httptest.NewRequest("GET", "/api/v1/bot/guilds/"+guild+"/config", http.NoBody),
		"unsigned nonsense": httptest.NewRequest("GET", "/api/v1/bot/guilds/1/config", http.NoBody),
	}
	calls["unsigned"].Header.Set("Content-Type", "application/json")
	calls["unsigned reading"].Header.Set("Authorization", "Bearer "+manager)
	moved := func(what string, change func(*http.Request)) {
		calls[what] = o.heartbeat()
		change(calls[what])
	}
	moved("to another method", func(r *http.Request) { r.Method = "HEAD"; r.URL.Path = "/api/v1/bot/guilds/" + guild + "/config" })
	moved("with another query", func(r *http.Request) { r.URL.RawQuery = "a=1" })
	moved("with another media type", func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") })
	moved("with another body", func(r *http.Request) { r.Body = http.NoBody; r.ContentLength = 0 })
	for _, name := range []string{"Key-Id", "Timestamp", "Nonce", "Content-SHA256", "Signature"} {
		moved("without "+name, func(r *http.Request) { r.Header.Del("X-Trackbot-" + name) })
		moved("with a changed "+name, func(r *http.Request) { r.Header.Set("X-Trackbot-"+name, "0"+r.Header.Get("X-Trackbot-"+name)) })
	}
	for what, r := range calls {
		if w := o.send(r); w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") == "" || r.Method != "HEAD" && problemOf(t, w).Code != "unauthenticated" {
			t.Errorf("%s: got %d %s", what, w.Code, w.Body)
		}
	}
	for _, name := range []string{"Key-Id", "Timestamp", "Nonce", "Content-SHA256", "Signature"} {
		r := o.heartbeat()
		r.Header.Add("X-Trackbot-"+name, r.Header.Get("X-Trackbot-"+name))
		if w := o.send(r); w.Code != http.StatusBadRequest || fields(problemOf(t, w))["X-Trackbot-"+name] == "" {
			t.Errorf("%s twice: got %d %s", name, w.Code, w.Body)
		}
	}
	if o.holds("EXISTS (SELECT FROM bot_health) OR EXISTS (SELECT FROM request_nonces)") {
		t.Error("something was written")
	}
}

func TestSignedCallsAreHeldToTheContractToo(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 1)
	for what, tc := range map[string]struct {
		r    *http.Request
		want int
	}{
		"no guild":        {o.signedCall("GET", "/api/v1/bot/guilds/1/config", "", botKey, o.now), 404},
		"unknown query":   {o.signedCall("GET", "/api/v1/bot/guilds/"+guild+"/config?all=1", "", botKey, o.now), 400},
		"unknown field":   {o.signedCall("PUT", "/api/v1/bot/health", `{"x":1}`, botKey, o.now), 400},
		"clock at 60 s":   {o.signedCall("PUT", "/api/v1/bot/health", beat, botKey, o.now.Add(-time.Minute)), 204},
		"another key":     {o.signedCall("PUT", "/api/v1/bot/health", beat, nextKey, o.now), 204},
		"body too large":  {o.signedCall("PUT", "/api/v1/bot/health", strings.Repeat(" ", 1<<20+1), botKey, o.now), 413},
		"escaped in path": {o.signedCall("GET", "/api/v1/bot/guilds/%31"+guild[1:]+"/config", "", botKey, o.now), 404},
	} {
		if w := o.send(tc.r); w.Code != tc.want {
			t.Errorf("%s: got %d %s, want %d", what, w.Code, w.Body, tc.want)
		}
	}
}

func TestAnOverheardCallIsOfNoUse(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 2)
	template := o.heartbeat()
	var passed, refused atomic.Int32
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Go(func() {
			again := httptest.NewRequest("PUT", "/api/v1/bot/health", strings.NewReader(beat))
			again.Header = template.Header.Clone()
			w := httptest.NewRecorder()
			o.handlers[i%2].ServeHTTP(w, again)
			switch w.Code {
			case http.StatusNoContent:
				passed.Add(1)
			case http.StatusUnauthorized:
				refused.Add(1)
			}
		})
	}
	wg.Wait()
	if passed.Load() != 1 || refused.Load() != 29 {
		t.Errorf("%d passed, %d were refused", passed.Load(), refused.Load())
	}
}

func TestLogsNameTheKeyAndNoSecrets(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 1)
	r := o.heartbeat()
	o.send(r)
	if logged := o.log.String(); !strings.Contains(logged, `"key_id":"default"`) || strings.Contains(logged, r.Header.Get("X-Trackbot-Signature")) ||
		strings.Contains(logged, r.Header.Get("X-Trackbot-Nonce")) || strings.Contains(logged, string(botKey.Secret)) {
		t.Errorf("logged %s", logged)
	}
}

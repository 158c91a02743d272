package e2e_test

import (
	"context"
	"encoding/base64"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"trackbot/internal/sim"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

const (
	owner    = "300000000000000001" // of the guild
	member   = "300000000000000002"
	stranger = "300000000000000003"

	guildID  = "400000000000000001"
	newsroom = "410000000000000001" // the guild's system channel

	jwtSecret     = "q3Zx8vT1mYw5Kc7Rb0Ls2Hd9Gf4Jn6PaUeQiWoXzVtBkMyCrNsDhFgLjEpAu81xZ"
	encryptionKey = "an encryption key, of 32 bytes.."

	// patience is for one step of the system on a busy machine; a step takes a second or so.
	patience = 30 * time.Second
)

// system is a database, the world outside and the environment of the services, none of them started.
type system struct {
	sim   *sim.Sim
	base  string // of the simulator
	api   string // base path of the API
	env   map[string]string
	admin *store.Store
}

// newSystem makes a world with one guild that the bot is not in yet.
func newSystem(t *testing.T, cfg sim.Config, channels ...sim.ChannelSpec) *system {
	t.Helper()
	return newSystemOn(t, testkit.NewDB(t).OwnerURL, cfg, channels...)
}

// newSystemOn is newSystem on a migrated database.
func newSystemOn(t *testing.T, url string, cfg sim.Config, channels ...sim.ChannelSpec) *system {
	t.Helper()
	apiAddr := freeAddr(t)
	cfg.RedirectURIs = []string{"http://" + apiAddr + "/api/v1/auth/discord/callback"}
	cfg.Limits.Mastodon, cfg.Limits.Bluesky = -1, -1
	cfg.Gateway.IdentifyInterval = 100 * time.Millisecond // a bot that is started anew need not wait
	s := &system{sim: sim.New(cfg), api: "http://" + apiAddr + "/api/v1"}
	t.Cleanup(s.sim.Close)
	var err error
	if s.base, _, err = s.sim.ListenAndServe(context.WithoutCancel(t.Context()), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	s.people(t, channels)
	if s.admin, err = store.Open(t.Context(), url, store.RoleAdmin, store.WithMaxConns(2)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.admin.Close)
	s.env = s.variables(url, apiAddr)
	return s
}

func (s *system) people(t *testing.T, channels []sim.ChannelSpec) {
	t.Helper()
	for _, u := range []sim.UserSpec{{ID: stranger, Username: "otto"}, {ID: member, Username: "noor"}, {ID: owner, Username: "mara"}} {
		if _, err := s.sim.AddUser(u); err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.sim.AddGuild(sim.GuildSpec{
		ID: guildID, Name: "Harbour Studio", OwnerID: owner, WithoutBot: true,
		Channels: append([]sim.ChannelSpec{{ID: "410000000000000009", Name: "rules"}, {ID: newsroom, Name: "newsroom", System: true}}, channels...),
		Members:  []sim.MemberSpec{{UserID: member}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (s *system) variables(databaseURL, apiAddr string) map[string]string {
	return map[string]string{
		"DATABASE_URL": databaseURL, "LISTEN_ADDR": apiAddr, "LOG_LEVEL": "info",
		"JWT_SECRET": jwtSecret, "ENCRYPTION_KEY": base64.StdEncoding.EncodeToString([]byte(encryptionKey)),
		"DASHBOARD_URL": "http://dashboard.test", "DASHBOARD_OAUTH_CALLBACK": "http://" + apiAddr + "/api/v1/auth/discord/callback",
		"DASHBOARD_DISCORD_CLIENT_ID": s.sim.ClientID(), "DASHBOARD_DISCORD_CLIENT_SECRET": s.sim.ClientSecret(),
		"DISCORD_BOT_TOKEN": s.sim.BotToken(), "DISCORD_PUBLIC_KEY": s.sim.PublicKey(),
		"DISCORD_API_URL": s.base + "/api/v10", "DISCORD_AUTHORIZE_URL": s.base + "/oauth2/authorize",
		"BLUESKY_APPVIEW_URL": s.base, "YOUTUBE_FEED_URL": s.base + "/youtube/feeds/videos.xml", "FETCH_ALLOW_PRIVATE": "true",
		"TWITCH_CLIENT_ID": s.sim.TwitchClientID(), "TWITCH_CLIENT_SECRET": s.sim.TwitchClientSecret(),
		"TWITCH_API_URL": s.base + "/twitch/helix", "TWITCH_TOKEN_URL": s.base + "/twitch/oauth2/token",
		"MIN_POLL_INTERVAL": "1s", "HEARTBEAT_INTERVAL": "1s", "CLAIM_LEASE": "3s",
		"AUTH_ATTEMPTS_PER_15M": "1000", "USER_REQUESTS_PER_MIN": "100000",
	}
}

// start runs a service in a process of its own. The API is waited for, the others come when they come.
func (s *system) start(t *testing.T, service string) *process {
	t.Helper()
	env := maps.Clone(s.env)
	env["METRICS_ADDR"] = freeAddr(t)
	if service == "bot" && env["BOT_MODE"] == "api" {
		for _, name := range []string{"DATABASE_URL", "JWT_SECRET", "ENCRYPTION_KEY", "DASHBOARD_DISCORD_CLIENT_SECRET"} {
			delete(env, name) // it has no use for them
		}
	}
	p := start(t, env, service)
	ready := "http://" + env["METRICS_ADDR"] + "/healthz"
	if service == "api" {
		ready = strings.TrimSuffix(s.api, "/api/v1") + "/readyz"
	}
	await(t, service+" to answer", func() bool {
		if p.ended() {
			t.Fatalf("%s ended: %v", service, p.err)
		}
		return statusOf(ready) == http.StatusOK
	})
	return p
}

// join starts the bot, invites it and waits until the guild is a tenant.
func (s *system) join(t *testing.T) *process {
	t.Helper()
	bot := s.start(t, "bot")
	if err := s.sim.InviteBot(guildID); err != nil {
		t.Fatal(err)
	}
	await(t, "the guild to be taken in and the commands to be there", func() bool {
		return s.count(t, `SELECT count(*) FROM clients WHERE guild_id = $1`, guildID) == 1 && len(s.sim.Commands(guildID)) > 0
	})
	return bot
}

func statusOf(url string) int {
	client := http.Client{Timeout: 2 * time.Second}
	resp, err := client.Get(url)
	if err != nil {
		return 0
	}
	_ = resp.Body.Close() // nothing of it is read
	return resp.StatusCode
}

// count reads a number as the operator.
func (s *system) count(t *testing.T, sql string, args ...any) (n int) {
	t.Helper()
	if err := s.admin.Shared().QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// await asks again and again until the answer is yes.
func await(t *testing.T, what string, yes func() bool) {
	t.Helper()
	awaitFor(t, patience, what, yes)
}

func awaitFor(t *testing.T, limit time.Duration, what string, yes func() bool) {
	t.Helper()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !yes() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("waited %s for %s", limit, what)
		}
	}
}

// titles are those of the posts in a channel, oldest first; greetings and notices are left out.
func (s *system) titles(channelID string) []string {
	var out []string
	for _, m := range s.sim.Messages(channelID) {
		if len(m.Embeds) > 0 && m.Embeds[0].URL != "" {
			out = append(out, text(m.Embeds[0]))
		}
	}
	return out
}

// text is what a post's card says: its body, or its title for a post that has nothing else.
func text(e sim.Embed) string {
	if e.Description != "" {
		return e.Description
	}
	return e.Title
}

// publish brings out a post and fails the test when it cannot.
func (s *system) publish(t *testing.T, key string, post sim.PostSpec) string {
	t.Helper()
	id, err := s.sim.Publish(key, post)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// slash types a command as the owner in the newsroom and returns the answer.
func (s *system) slash(t *testing.T, path string, options map[string]any) sim.Outcome {
	t.Helper()
	out, err := s.sim.Run(t.Context(), sim.Invocation{GuildID: guildID, ChannelID: newsroom, UserID: owner, Path: path, Options: options})
	if err != nil || !out.Answered || out.Message == nil || len(out.Message.Embeds) == 0 {
		t.Fatalf("/%s: %+v, %v", path, out, err)
	}
	return out
}

package bot_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"trackbot/internal/bot"
	"trackbot/internal/command"
	"trackbot/internal/discord"
	"trackbot/internal/guild"
	"trackbot/internal/plan"
	"trackbot/internal/route"
	"trackbot/internal/sim"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
	"trackbot/internal/tracking"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, testkit.IgnoreServer()) }

const dashboard = "https://dashboard.example"

// scene is a simulated Discord with one guild, a database and a bot that can be started and stopped.
type scene struct {
	*sim.Sim
	t     *testing.T
	base  string
	url   string
	admin *store.Store

	transport                 http.RoundTripper // of the bot's calls to Discord; nil: the usual one
	guild                     string            // id
	general, news, talk       string            // ids of channels
	owner, manager, bystander sim.User
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{t: t, url: testkit.NewDB(t).OwnerURL, Sim: sim.New(sim.Config{
		Limits:       sim.Limits{Off: true},
		Gateway:      sim.GatewayConfig{HeartbeatInterval: 10 * time.Second, IdentifyInterval: time.Millisecond},
		Interactions: sim.InteractionConfig{Deadline: 20 * time.Second},
	})}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	base, wait, err := s.ListenAndServe(ctx, "127.0.0.1:0")
	s.must(err)
	t.Cleanup(func() {
		cancel()
		if err := wait(); err != nil {
			t.Error(err)
		}
	})
	s.base = base
	s.admin, err = store.Open(t.Context(), s.url, store.RoleAdmin)
	s.must(err)
	t.Cleanup(s.admin.Close)
	s.populate()
	return s
}

func (s *scene) populate() {
	s.t.Helper()
	s.owner, s.manager, s.bystander = s.user("olga"), s.user("mara"), s.user("bo")
	var err error
	s.guild, err = s.AddGuild(sim.GuildSpec{
		Name: "Newsroom", OwnerID: s.owner.ID, Locale: "de",
		Roles:    []sim.RoleSpec{{Name: "Managers", Permissions: sim.PermManageGuild}},
		Channels: []sim.ChannelSpec{{Name: "general", System: true}, {Name: "news"}, {Name: "talk", Type: sim.ChannelVoice}},
		Members:  []sim.MemberSpec{{UserID: s.manager.ID, Roles: []string{"Managers"}}, {UserID: s.bystander.ID}},
	})
	s.must(err)
	s.general, s.news, s.talk = s.channel("general"), s.channel("news"), s.channel("talk")
	for _, handle := range []string{"ada.example", "grace.example"} {
		_, err := s.AddBlueskyAccount(sim.SourceSpec{Name: handle, Title: strings.ToUpper(handle[:3]), Followers: 12})
		s.must(err)
	}
	_, err = s.AddFeed(sim.SourceSpec{Name: "daily", Title: "The Daily *Feed* @everyone"})
	s.must(err)
}

func (s *scene) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) user(name string) sim.User {
	s.t.Helper()
	u, err := s.AddUser(sim.UserSpec{Username: name})
	s.must(err)
	return u
}

// channel finds the id of a channel of the guild by its name.
func (s *scene) channel(name string) string {
	s.t.Helper()
	api := discord.New(discord.Config{BaseURL: s.base + "/api/v10", Token: s.BotToken()})
	defer api.Close()
	channels, err := api.GuildChannels(s.t.Context(), s.guild)
	s.must(err)
	for _, c := range channels {
		if c.Name == name {
			return c.ID
		}
	}
	s.t.Fatalf("no channel %q", name)
	return ""
}

// start runs a bot process and waits until it has registered its commands and hears Discord. The
// returned function stops it cleanly.
func (s *scene) start() (stop func()) {
	s.t.Helper()
	st, err := store.Open(s.t.Context(), s.url, store.RoleBot)
	s.must(err)
	api := discord.New(discord.Config{BaseURL: s.base + "/api/v10", Token: s.BotToken(), UserAgent: discord.UserAgent("https://trackbot.example", "1"), Transport: s.transport})
	sources := source.New(source.Config{AllowPrivate: true, BlueskyURL: s.base, YouTubeFeedURL: s.base + "/youtube/feeds/videos.xml"})
	guilds := guild.New(st, guild.Config{DashboardURL: dashboard})
	b := bot.New(bot.Config{
		Token: s.BotToken(), DashboardURL: dashboard, Version: "1.2.3", Heartbeat: 40 * time.Millisecond,
		Sales: plan.NewSales(st, plan.SalesConfig{Discord: plan.Catalogue{skuPro: plan.Pro, skuEnterprise: plan.Enterprise}}),
	}, guilds, command.New(command.Rules{
		Guilds: guilds, Health: guild.NewReader(st, time.Second, time.Now), Catalog: tracking.NewCatalog(st, sources), Tracked: tracking.NewReader(st), Routes: route.New(st),
	}, dashboard, slog.New(slog.DiscardHandler)), api)
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("run bot: %v", err)
		}
		api.Close()
		sources.Close()
		st.Close()
	}
	s.t.Cleanup(stop)
	s.eventually("the bot is ready", func() bool { return b.Ready(ctx) == nil && len(s.Commands("")) > 0 })
	return stop
}

// eventually waits for what another goroutine brings about.
func (s *scene) eventually(what string, done func() bool) {
	s.t.Helper()
	deadline := time.After(time.Minute)
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for !done() {
		select {
		case <-deadline:
			s.t.Fatalf("never: %s", what)
		case <-look.C:
		}
	}
}

// read gives the one value that a query returns.
func read[T any](s *scene, sql string, args ...any) (v T) {
	s.t.Helper()
	s.must(s.admin.Shared().QueryRow(s.t.Context(), sql, args...).Scan(&v))
	return v
}

func (s *scene) exec(sql string, args ...any) {
	s.t.Helper()
	_, err := s.admin.Shared().Exec(s.t.Context(), sql, args...)
	s.must(err)
}

// holds waits until a condition in SQL is true.
func (s *scene) holds(condition string, args ...any) {
	s.t.Helper()
	s.eventually(condition, func() bool { return read[bool](s, "SELECT coalesce(("+condition+"), false)", args...) })
}

// joined waits until the guild is a tenant.
func (s *scene) joined() {
	s.t.Helper()
	s.holds("EXISTS (SELECT FROM clients WHERE guild_id = $1 AND removed_at IS NULL AND unavailable_since IS NULL)", s.guild)
}

// answer is what a member sees of a command.
type answer struct {
	sim.Outcome
	title, body string
	fields      map[string]string
}

// run gives a command as the manager in #general, options as name, value, name, …
func (s *scene) run(path string, options ...any) answer {
	s.t.Helper()
	return s.runAs(s.manager.ID, path, options...)
}

func (s *scene) invocation(userID, path string, options ...any) sim.Invocation {
	in := sim.Invocation{GuildID: s.guild, ChannelID: s.general, UserID: userID, Path: path, Options: map[string]any{}}
	for i := 0; i+1 < len(options); i += 2 {
		in.Options[options[i].(string)] = options[i+1]
	}
	return in
}

// roleID finds the id of a role of the guild by its name.
func (s *scene) roleID(name string) string {
	s.t.Helper()
	return read[string](s, "SELECT id FROM guild_roles WHERE name = $1", name)
}

func (s *scene) runAs(userID, path string, options ...any) answer {
	s.t.Helper()
	out, err := s.Run(s.t.Context(), s.invocation(userID, path, options...))
	s.must(err)
	a := answer{Outcome: out, fields: map[string]string{}}
	if !out.Answered || !out.Ephemeral || out.Message == nil || len(out.Message.Embeds) != 1 {
		s.t.Fatalf("/%s: %+v", path, out)
	}
	if pings := out.Message.Pings(); len(pings) > 0 {
		s.t.Errorf("/%s pings %v", path, pings)
	}
	embed := out.Message.Embeds[0]
	a.title, a.body = embed.Title, embed.Description
	for _, f := range embed.Fields {
		a.fields[f.Name] = f.Value
	}
	return a
}

// choose types text into an option and gives the choices offered, name → value.
func (s *scene) choose(path, option, text string) map[string]string {
	s.t.Helper()
	out, err := s.Autocomplete(s.t.Context(), sim.Invocation{
		GuildID: s.guild, ChannelID: s.general, UserID: s.manager.ID, Path: path, Focused: option, Options: map[string]any{option: text},
	})
	s.must(err)
	if !out.Answered {
		s.t.Fatalf("no choices for /%s %s", path, option)
	}
	choices := map[string]string{}
	for _, c := range out.Choices {
		choices[c.Name] = c.Value.(string)
	}
	return choices
}

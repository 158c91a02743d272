package e2e_test

import (
	"strings"
	"testing"

	"trackbot/api"
	"trackbot/internal/sim"
)

// newRemoteSystem has a bot that knows the API's address and a key, and no database.
func newRemoteSystem(t *testing.T, cfg sim.Config) *system {
	t.Helper()
	s := newSystem(t, cfg)
	s.env["BOT_HMAC_SECRET"] = "7a1e5d48620f9c3b7a1e5d48620f9c3b"
	s.env["BOT_MODE"], s.env["TRACKBOT_API_URL"] = "api", strings.TrimSuffix(s.api, "/api/v1")
	return s
}

// say gives a slash command and returns the title and text that the member saw.
func (s *system) say(t *testing.T, userID, path string, options map[string]any) (title, text string) {
	t.Helper()
	out, err := s.sim.Run(t.Context(), sim.Invocation{GuildID: guildID, ChannelID: newsroom, UserID: userID, Path: path, Options: options})
	if err != nil || out.Message == nil || len(out.Message.Embeds) != 1 {
		t.Fatalf("/%s: got %+v, %v", path, out, err)
	}
	e := out.Message.Embeds[0]
	text = e.Description
	for _, f := range e.Fields {
		text += "\n" + f.Name + ": " + f.Value
	}
	if e.Footer != nil {
		text += "\n" + e.Footer.Text
	}
	return e.Title, text
}

func TestABotWithoutADatabaseDoesAllThatTheOtherDoes(t *testing.T) {
	t.Parallel()
	s := newRemoteSystem(t, sim.Config{})
	if _, err := s.sim.AddBlueskyAccount(sim.SourceSpec{Name: "ada.example", Title: "Ada", Followers: 12}); err != nil {
		t.Fatal(err)
	}
	s.start(t, "api")
	s.join(t)
	// Onboarding: settings, plan, channels, roles and a greeting in the channel that becomes the default one.
	if s.count(t, `SELECT count(*) FROM guild_settings g JOIN deliveries d USING (client_id)
		WHERE g.default_channel_id = $1 AND d.kind = 'notice' AND d.channel_id = $1`, newsroom) != 1 {
		t.Error("not greeted in the default channel")
	}
	if s.count(t, "SELECT count(*) FROM guild_channels") < 2 || s.count(t, "SELECT count(*) FROM guild_roles") < 1 {
		t.Error("channels and roles are not known")
	}
	client := s.signIn(t, owner)
	await(t, "a heartbeat", func() bool {
		st := get[api.GuildStatus](t, client, "/guilds/"+guildID+"/status")
		return st.Bot.Status == "online" && st.Bot.GuildCount == 1
	})

	title, _ := s.say(t, owner, "track add", map[string]any{"account": "ada.example", "platform": "bluesky"})
	if !strings.Contains(title, "Ada") || s.count(t, "SELECT count(*) FROM client_accounts") != 1 {
		t.Errorf("/track add: %q", title)
	}
	if s.count(t, "SELECT count(*) FROM audit_log WHERE action = 'account.added' AND actor_id = $1 AND actor_type = 'user' AND source = 'bot'", owner) != 1 {
		t.Error("the log does not say who tracked it")
	}
	if _, text := s.say(t, owner, "track list", nil); !strings.Contains(text, "Ada") {
		t.Errorf("/track list: %q", text)
	}
	if title, text := s.say(t, owner, "status", nil); title != "All is well" || !strings.Contains(text, "Discord: connected") || !strings.Contains(text, "Trackbot ") {
		t.Errorf("/status: %q, %q", title, text)
	}
	s.commandsOfDelivery(t)
	choices, err := s.sim.Autocomplete(t.Context(), sim.Invocation{
		GuildID: guildID, ChannelID: newsroom, UserID: owner, Path: "track remove", Focused: "account", Options: map[string]any{"account": "ad"},
	})
	if err != nil || len(choices.Choices) != 1 || !strings.HasPrefix(choices.Choices[0].Name, "Ada") {
		t.Errorf("choices: got %+v, %v", choices, err)
	}
}

// commandsOfDelivery gives commands about routes and settings, options of each type among them.
func (s *system) commandsOfDelivery(t *testing.T) {
	t.Helper()
	if title, text := s.say(t, owner, "route add", map[string]any{"channel": newsroom, "account": "ada", "kinds": "videos"}); title != "Route added" || !strings.Contains(text, "**Ada**") {
		t.Errorf("/route add: %q, %q", title, text)
	}
	routes, err := s.sim.Autocomplete(t.Context(), sim.Invocation{
		GuildID: guildID, ChannelID: newsroom, UserID: owner, Path: "route pause", Focused: "route", Options: map[string]any{"route": "ada"},
	})
	if err != nil || len(routes.Choices) != 1 || !strings.Contains(routes.Choices[0].Name, "videos") {
		t.Errorf("choices: got %+v, %v", routes, err)
	}
	if title, text := s.say(t, owner, "breakout set", map[string]any{"factor": 2.5}); title != "Breakout alerts on" {
		t.Errorf("/breakout set: %q, %q", title, text)
	}
	if title, text := s.say(t, owner, "route remove", map[string]any{"route": "ada"}); title != "Route removed" {
		t.Errorf("/route remove: %q, %q", title, text)
	}
	if title, text := s.say(t, owner, "settings", nil); title != "Settings" || !strings.Contains(text, "2.5×") {
		t.Errorf("/settings: %q, %q", title, text)
	}
}

func TestABotWithoutADatabaseMissesNothing(t *testing.T) {
	t.Parallel()
	s := newRemoteSystem(t, sim.Config{})
	apiProcess := s.start(t, "api")
	g := &gap{system: s, bot: s.join(t)}
	g.client = s.signIn(t, owner)
	g.awaitStatus(t, "online")
	g.channel = s.addChannel(t, "first")
	g.awaitChannel(t, "first")

	before := s.sim.GatewayStats()
	g.during(t, "dropped", func() { s.sim.PauseGateway(true); s.sim.DropGateway() }, func() { s.sim.PauseGateway(false) })
	if now := s.sim.GatewayStats(); now.Resumes != before.Resumes+1 || now.Identifies != before.Identifies {
		t.Errorf("a dropped connection was not resumed: %+v, then %+v", before, now)
	}
	await(t, "the place to be stored", func() bool { return s.count(t, "SELECT count(*) FROM gateway_sessions") == 1 })
	before = s.sim.GatewayStats()
	g.during(t, "killed", func() { g.bot.kill(); g.awaitStatus(t, "offline") }, func() { g.bot = s.start(t, "bot") })
	if now := s.sim.GatewayStats(); now.Resumes != before.Resumes+1 || now.Identifies != before.Identifies {
		t.Errorf("the next process did not resume: %+v, then %+v", before, now)
	}
	g.during(t, "the-api-was-away", func() { apiProcess.stop(t) }, func() { s.start(t, "api") })

	// It leaves while nobody listens: the bot finds out when it is connected again.
	g.bot.kill()
	s.sim.InvalidateSessions(false)
	if err := s.sim.KickBot(guildID); err != nil {
		t.Fatal(err)
	}
	g.bot = s.start(t, "bot")
	await(t, "the removal to be known", func() bool {
		return s.count(t, "SELECT count(*) FROM clients WHERE removed_at IS NOT NULL") == 1
	})
}

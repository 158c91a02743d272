package e2e_test

import (
	"strings"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/sim"
)

// beat is HEARTBEAT_INTERVAL of the tests.
const beat = time.Second

// Whatever happens to the bot's connection or to the bot, what changed in the guild meanwhile is known
// afterwards and commands work. While it is gone the status says so, and says so no longer once it is back.
func TestBotSurvivesLostConnectionsSessionsAndRestarts(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{})
	s.start(t, "api")
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
	g.during(t, "invalidated", func() { s.sim.InvalidateSessions(false) }, func() {})
	g.during(t, "restarted", func() { s.sim.PauseGateway(true); s.sim.RestartGateway() }, func() { s.sim.PauseGateway(false) })
	g.during(t, "stopped", func() {
		g.bot.stop(t)
		g.awaitStatus(t, "offline") // it said goodbye
	}, func() { g.bot = s.start(t, "bot") })
	g.during(t, "killed", func() {
		g.bot.kill()
		began := time.Now()
		g.awaitStatus(t, "offline")
		took := time.Since(began)
		t.Logf("the dead bot was offline after %s", took.Round(time.Millisecond))
		if took > 3*beat+3*time.Second { // three beats, and what a busy machine adds
			t.Errorf("status needed %s", took)
		}
	}, func() { g.bot = s.start(t, "bot") })
}

// gap is a bot that misses things.
type gap struct {
	*system
	bot     *process
	client  *client
	channel string
}

// addChannel makes a channel and returns its id.
func (s *system) addChannel(t *testing.T, name string) string {
	t.Helper()
	id, err := s.sim.AddChannel(guildID, sim.ChannelSpec{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// during lets a channel be renamed and another be made while the bot is away.
func (g *gap) during(t *testing.T, name string, leave, comeBack func()) {
	t.Helper()
	leave()
	if err := g.sim.RenameChannel(g.channel, "renamed-while-"+name); err != nil {
		t.Fatal(err)
	}
	made := g.addChannel(t, "made-while-"+name)
	comeBack()
	g.awaitChannel(t, "renamed-while-"+name)
	g.channel = made
	g.awaitChannel(t, "made-while-"+name)
	g.awaitStatus(t, "online")
	await(t, "a command to be answered", func() bool {
		out, err := g.sim.Run(t.Context(), sim.Invocation{GuildID: guildID, ChannelID: newsroom, UserID: owner, Path: "status"})
		return err == nil && out.Message != nil && len(out.Message.Embeds) == 1 && strings.Contains(out.Message.Embeds[0].Title, "well")
	})
}

func (g *gap) awaitChannel(t *testing.T, name string) {
	t.Helper()
	await(t, "channel "+name+" to be known", func() bool {
		return g.count(t, `SELECT count(*) FROM guild_channels WHERE id = $1 AND name = $2`, g.channel, name) == 1
	})
}

func (g *gap) awaitStatus(t *testing.T, want api.BotStatus) {
	t.Helper()
	await(t, "the bot to be "+string(want), func() bool {
		return get[api.GuildStatus](t, g.client, "/guilds/"+guildID+"/status").Bot.Status == want
	})
}

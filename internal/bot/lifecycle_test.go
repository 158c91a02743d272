package bot_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/sim"
)

func TestAGuildIsOnboardedWhenTheBotJoins(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	if got := read[string](s, "SELECT name || ' ' || owner_id || ' ' || system_channel_id FROM clients"); got != "Newsroom "+s.owner.ID+" "+s.general {
		t.Errorf("client %s", got)
	}
	if got := read[string](s, "SELECT string_agg(name || ':' || type || ':' || can_send, ' ' ORDER BY name) FROM guild_channels"); got != "general:text:true news:text:true talk:voice:true" {
		t.Errorf("channels %s", got)
	}
	if n := read[int](s, "SELECT count(*) FROM deliveries WHERE kind = 'notice' AND channel_id = $1", s.general); n != 1 {
		t.Errorf("%d greetings", n)
	}
	if len(s.Messages(s.general)) != 0 {
		t.Error("the bot posted by itself")
	}
	other, err := s.AddGuild(sim.GuildSpec{Name: "Second", OwnerID: s.bystander.ID})
	s.must(err)
	s.holds("EXISTS (SELECT FROM clients WHERE guild_id = $1)", other)
}

func TestAnOutageIsNoRemovalAndARemovalIsNotForEver(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	s.must(s.SetUnavailable(s.guild, true))
	s.holds("(SELECT unavailable_since IS NOT NULL AND removed_at IS NULL FROM clients)")
	s.must(s.SetUnavailable(s.guild, false))
	s.joined()
	s.must(s.KickBot(s.guild))
	s.holds("(SELECT removed_at IS NOT NULL FROM clients)")
	s.must(s.InviteBot(s.guild))
	s.joined()
	s.holds("(SELECT count(*) = 2 FROM deliveries WHERE kind = 'notice')")
	if got := read[[]string](s, "SELECT array_agg(action ORDER BY seq) FROM audit_log"); !cmp.Equal(got, []string{"guild.joined", "guild.removed", "guild.rejoined"}) {
		t.Errorf("audit log %v", got)
	}
}

func TestChannelsAndPermissionsAreFollowed(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	s.must(s.RemovePermission(s.news, sim.PermSendMessages))
	s.holds("(SELECT NOT can_send FROM guild_channels WHERE id = $1)", s.news)
	s.exec("UPDATE guild_channels SET paused_at = now(), paused_reason = 'missing_permissions' WHERE id = $1", s.news)
	s.must(s.RestorePermission(s.news, sim.PermSendMessages))
	s.holds("(SELECT can_send AND paused_at IS NULL FROM guild_channels WHERE id = $1)", s.news)

	// A role takes away what it gave, everywhere at once.
	everyone, bots := s.guild, read[string](s, "SELECT id FROM guild_roles WHERE name = 'Trackbot'")
	s.must(s.SetRolePermissions(s.guild, everyone, sim.PermViewChannel))
	s.must(s.SetRolePermissions(s.guild, bots, sim.PermViewChannel))
	s.holds("(SELECT NOT bool_or(can_send) FROM guild_channels)")
	s.must(s.SetRolePermissions(s.guild, bots, sim.PermAdministrator))
	s.holds("(SELECT bool_and(can_send) FROM guild_channels)")

	added, err := s.AddChannel(s.guild, sim.ChannelSpec{Name: "new"})
	s.must(err)
	s.holds("EXISTS (SELECT FROM guild_channels WHERE id = $1 AND can_send)", added)
	s.must(s.RenameChannel(added, "newer"))
	s.holds("EXISTS (SELECT FROM guild_channels WHERE id = $1 AND name = 'newer')", added)
	s.must(s.DeleteChannel(added))
	s.holds("NOT EXISTS (SELECT FROM guild_channels WHERE id = $1)", added)
}

func TestRightsAreAskedForAgainWhenWhoManagesChanges(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	s.exec("INSERT INTO users (id, username) VALUES ($1, 'mara')", s.manager.ID)
	s.exec("INSERT INTO user_guilds (user_id, guild_id, name, is_owner, permissions, confirmed_at) VALUES ($1, $2, 'Newsroom', false, '32', now())", s.manager.ID, s.guild)
	managers := read[string](s, "SELECT id FROM guild_roles WHERE name = 'Managers'")
	for _, change := range []func() error{
		func() error { return s.SetRolePermissions(s.guild, managers, 0) },
		func() error { return s.SetRolePermissions(s.guild, managers, sim.PermManageGuild) },
		func() error { return s.UpdateGuild(s.guild, "", s.bystander.ID) },
		func() error { return s.DeleteRole(s.guild, managers) },
		func() error { return s.KickBot(s.guild) },
	} {
		s.exec("UPDATE user_guilds SET confirmed_at = now()")
		s.must(change())
		s.holds("(SELECT confirmed_at < now() - interval '1 day' FROM user_guilds)")
	}
}

func TestNoEventIsLostOverDroppedConnections(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	const channels = 30
	for i := range channels {
		_, err := s.AddChannel(s.guild, sim.ChannelSpec{Name: fmt.Sprintf("channel-%d", i)})
		s.must(err)
		if i%10 == 5 {
			s.DropGateway()
		}
	}
	s.holds("(SELECT count(*) = $1 FROM guild_channels WHERE name LIKE 'channel-%')", channels)
	if stats := s.GatewayStats(); stats.Identifies != 1 || stats.Resumes == 0 {
		t.Errorf("%d identifies, %d resumes", stats.Identifies, stats.Resumes)
	}
}

func TestARestartedGatewayTellsEverythingAnew(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	s.PauseGateway(true)
	s.RestartGateway()
	s.holds("(SELECT status = 'degraded' FROM bot_health)")
	_, err := s.AddChannel(s.guild, sim.ChannelSpec{Name: "unseen"})
	s.must(err)
	s.PauseGateway(false)
	s.holds("EXISTS (SELECT FROM guild_channels WHERE name = 'unseen')")
	s.holds("(SELECT status = 'online' FROM bot_health)")
	if n := read[int](s, "SELECT count(*) FROM deliveries"); n != 1 {
		t.Errorf("greeted %d times", n)
	}
}

func TestANewProcessResumesWhereTheLastOneStopped(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	stop := s.start()
	s.joined()
	stop()
	s.must(s.UpdateGuild(s.guild, "Pressroom", ""))
	added, err := s.AddChannel(s.guild, sim.ChannelSpec{Name: "meanwhile"})
	s.must(err)
	s.must(s.RemovePermission(s.news, sim.PermViewChannel))
	s.start()
	s.holds("EXISTS (SELECT FROM clients WHERE name = 'Pressroom')")
	s.holds("EXISTS (SELECT FROM guild_channels WHERE id = $1 AND can_send)", added)
	s.holds("EXISTS (SELECT FROM guild_channels WHERE id = $1 AND NOT can_send)", s.news)
	if stats := s.GatewayStats(); stats.Identifies != 1 || stats.Resumes != 1 {
		t.Errorf("%d identifies, %d resumes", stats.Identifies, stats.Resumes)
	}
	if out := s.run("status"); out.title == "" {
		t.Errorf("a command in a guild that this process was not told of: %+v", out)
	}
}

func TestARemovalThatNobodyHeardIsFoundOut(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	stay, err := s.AddGuild(sim.GuildSpec{Name: "Stays", OwnerID: s.owner.ID})
	s.must(err)
	stop := s.start()
	s.joined()
	s.holds("(SELECT count(*) = 2 FROM clients)")
	stop()
	s.must(s.KickBot(s.guild))
	s.RestartGateway() // the session is gone, and with it the event
	s.start()
	s.holds("(SELECT removed_at IS NOT NULL FROM clients WHERE guild_id = $1)", s.guild)
	s.holds("(SELECT removed_at IS NULL FROM clients WHERE guild_id = $1)", stay)
}

// However many guilds it has to ask for, and however long Discord does not tell of them.
func TestCommandsAreAnsweredWhileRemovalsCannotBeConfirmed(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	var gone []string
	for range 80 {
		id, err := s.AddGuild(sim.GuildSpec{Name: "Leaves", OwnerID: s.owner.ID})
		s.must(err)
		gone = append(gone, id)
	}
	stop := s.start()
	s.joined()
	s.holds("(SELECT count(*) = 81 FROM clients)")
	stop()
	for _, id := range gone {
		s.must(s.KickBot(id))
		s.AddFault(sim.Fault{Method: "GET", Path: "/api/v10/guilds/" + id, Status: 503})
	}
	s.RestartGateway()
	s.start()
	s.holds("(SELECT status = 'online' FROM bot_health)")
	s.eventually("Discord to be asked for them", func() bool { return len(s.Requests("/api/v10/guilds/"+gone[0])) > 0 })
	if out := s.run("status"); out.title == "" {
		t.Errorf("a command meanwhile: %+v", out)
	}
	s.RemoveFault("")
	s.holds("(SELECT count(*) = 80 FROM clients WHERE removed_at IS NOT NULL)")
}

func TestEventsWaitWhileDiscordHasTrouble(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	stop := s.start()
	s.joined()
	stop()
	// The new process knows no guild, so it has to ask the API, which fails twice.
	s.AddFault(sim.Fault{Method: "GET", Path: "/api/v10/guilds/**", Times: 2, Status: 503})
	added, err := s.AddChannel(s.guild, sim.ChannelSpec{Name: "meanwhile"})
	s.must(err)
	s.start()
	s.holds("EXISTS (SELECT FROM guild_channels WHERE id = $1)", added)
}

func TestTheBeaconTellsHowTheBotIs(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	stop := s.start()
	s.joined()
	s.holds("(SELECT status = 'online' AND shard_count = 1 AND guild_count = 1 AND version = '1.2.3' FROM bot_health WHERE id = 'main')")
	first := read[string](s, "SELECT last_heartbeat::text FROM bot_health")
	s.holds("(SELECT last_heartbeat > $1::text::timestamptz FROM bot_health)", first)
	s.PauseGateway(true)
	s.DropGateway()
	s.holds("(SELECT status = 'degraded' FROM bot_health)")
	s.PauseGateway(false)
	s.holds("(SELECT status = 'online' FROM bot_health)")
	stop()
	if got := read[string](s, "SELECT status FROM bot_health"); got != "offline" {
		t.Errorf("after a clean stop it is %s", got)
	}
}

package guild_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/guild"
)

// pause does what the notifier does when Discord refuses a channel, with a post waiting.
func (h *house) pause(clientID uuid.UUID, channelID string) {
	h.t.Helper()
	h.exec("UPDATE guild_channels SET paused_at = now(), paused_reason = 'missing_access' WHERE client_id = $1 AND id = $2", clientID, channelID)
	h.exec("INSERT INTO channel_queues (client_id, channel_id) VALUES ($1, $2) ON CONFLICT (client_id, channel_id) DO UPDATE SET due_at = NULL", clientID, channelID)
}

// resumed tells whether a channel is no longer paused and its line due.
func (h *house) resumed(channelID string) bool {
	h.t.Helper()
	paused := read[bool](h, "SELECT paused_at IS NOT NULL FROM guild_channels WHERE id = $1", channelID)
	due := read[bool](h, "SELECT due_at IS NOT NULL FROM channel_queues WHERE channel_id = $1", channelID)
	if paused == due {
		h.t.Errorf("paused %v and due %v", paused, due)
	}
	return !paused
}

func TestAPausedChannelGoesOnWhenTheBotMayPostAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.onboard(sample())
	channels := sample().Channels
	h.pause(id, news)

	h.must(h.reg.SyncChannels(t.Context(), guildID, channels))
	if h.resumed(news) {
		t.Error("resumed although no permission changed")
	}
	channels[0].CanSend = false
	h.must(h.reg.SyncChannels(t.Context(), guildID, channels))
	if h.resumed(news) {
		t.Error("resumed although the permission was lost")
	}
	channels[0].CanSend = true
	h.must(h.reg.SyncChannels(t.Context(), guildID, channels))
	if !h.resumed(news) {
		t.Error("not resumed although the permission came back")
	}
	h.wantActions("guild.joined", "channel.resumed")

	h.pause(id, news)
	h.must(h.reg.SyncChannel(t.Context(), guildID, channels[0]))
	if !h.resumed(news) {
		t.Error("not resumed although the channel was changed")
	}
	h.pause(id, news)
	h.onboard(sample())
	if !h.resumed(news) {
		t.Error("not resumed although Discord told everything anew")
	}
}

func TestChannelsAreKeptUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.onboard(sample())
	h.must(h.reg.SyncChannel(t.Context(), guildID, guild.Channel{ID: news, Name: "headlines", Type: guild.Announcement, Position: 9}))
	h.must(h.reg.SyncChannel(t.Context(), guildID, guild.Channel{ID: "500000000000000009", Name: "new", Type: guild.Forum}))
	if n := read[int](h, "SELECT count(*) FROM guild_channels WHERE (name, type, position, can_send) IN (('headlines', 'announcement', 9, false), ('new', 'forum', 0, false))"); n != 2 {
		t.Errorf("%d channels as told", n)
	}
	h.onboard(sample())
	if n := read[int](h, "SELECT count(*) FROM guild_channels"); n != 4 {
		t.Errorf("%d channels after one vanished unseen", n)
	}
	h.wantActions("guild.joined")
}

func TestNothingPointsToADeletedChannel(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.onboard(sample())
	h.exec("INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane) VALUES ($1, 'rss', 'x', 'x', 'x', 'x', 1)", id)
	h.exec("INSERT INTO brands (client_id, id, name) VALUES ($1, $1, 'Northwind')", id)
	h.exec("INSERT INTO account_groups (client_id, id, brand_id, name) VALUES ($1, $1, $1, 'Creators')", id)
	h.exec("INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, channel_id) VALUES ($1, $1, $1, $1, $1, $2)", id, system)
	h.exec("INSERT INTO routes (client_id, id, brand_id, channel_id) VALUES ($1, $1, $1, $2)", id, system)

	h.must(h.reg.ForgetChannel(t.Context(), guildID, system))
	h.must(h.reg.ForgetChannel(t.Context(), guildID, system))
	h.must(h.reg.ForgetChannel(t.Context(), guildID, locked))
	if n := read[int](h, `SELECT count(*) FROM guild_settings s, client_accounts a
		WHERE s.default_channel_id IS NULL AND a.channel_id IS NULL AND NOT EXISTS (SELECT FROM routes)`); n != 1 {
		t.Error("something still points to the channel")
	}
	h.wantActions("guild.joined", "channel.deleted")
	changes := read[string](h, "SELECT changes FROM audit_log WHERE action = 'channel.deleted'")
	if want := `[{"field":"name","old":"general","new":null},{"field":"default","old":true,"new":false},` +
		`{"field":"accounts","old":1,"new":0},{"field":"routes","old":1,"new":0}]`; changes != want {
		t.Errorf("changes %s", changes)
	}
	notices := h.notices()
	if len(notices) != 2 || notices[1].channel != news || !strings.Contains(notices[1].message.Body, "/channel set") {
		t.Errorf("the manager was not told: %+v", notices)
	}
}

func TestDefaultChannelIsChosenAndCleared(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.onboard(sample())
	settings, err := h.reg.SetDefaultChannel(t.Context(), h.by(), id, news)
	h.must(err)
	if *settings.DefaultChannelID != news || settings.Version != 2 {
		t.Errorf("settings %+v", settings)
	}
	if settings, err = h.reg.SetDefaultChannel(t.Context(), h.by(), id, news); err != nil || settings.Version != 2 {
		t.Errorf("the same again: %+v, %v", settings, err)
	}
	if settings, err = h.reg.SetDefaultChannel(t.Context(), h.by(), id, ""); err != nil || settings.DefaultChannelID != nil {
		t.Errorf("cleared: %+v, %v", settings, err)
	}
	h.wantActions("guild.joined", "settings.updated", "settings.updated")
	changes := read[string](h, "SELECT changes FROM audit_log WHERE seq = 2 AND actor_id = '300000000000000001'")
	if want := `[{"field":"defaultChannelId","old":"` + system + `","new":"` + news + `"}]`; changes != want {
		t.Errorf("changes %s", changes)
	}
}

func TestChoosingThePausedDefaultChannelAgainEndsItsPause(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.onboard(sample())
	h.pause(id, system)
	_, err := h.reg.SetDefaultChannel(t.Context(), h.by(), id, system)
	h.must(err)
	if !h.resumed(system) {
		t.Error("still paused")
	}
}

func TestADefaultChannelThatCannotBeUsedIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.onboard(sample())
	other := sample()
	other.ID, other.Channels = "100000000000000002", []guild.Channel{{ID: "500000000000000011", Name: "theirs", Type: guild.Text, CanSend: true}}
	h.onboard(other)
	for _, channel := range []string{locked, voice, "500000000000000011", "599999999999999999", "x"} {
		_, err := h.reg.SetDefaultChannel(t.Context(), h.by(), id, channel)
		refusal := fault.From(err)
		if refusal == nil || refusal.Code != fault.ValidationFailed || refusal.Fields[0].Name != "defaultChannelId" {
			t.Errorf("channel %s: %v", channel, err)
		}
	}
	h.wantActions("guild.joined")
}

func TestWhereAndHowPostsGoIsTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.onboard(sample())
	h.pause(id, system)
	h.exec(`INSERT INTO deliveries (client_id, id, kind, channel_id, notice_key, state, detected_at) VALUES
		($1, gen_random_uuid(), 'notice', $2, 'a', 'retry', now()), ($1, gen_random_uuid(), 'notice', $2, 'b', 'sent', now())`, id, system)
	state, err := h.reg.Delivering(t.Context(), id)
	h.must(err)
	if *state.DefaultChannelID != system || !state.CanSend || state.PausedAt == nil || state.PausedReason != "missing_access" || state.Waiting != 2 {
		t.Errorf("the greeting and one more wait for a paused channel: %+v", state)
	}
	own, err := h.reg.OwnChannels(t.Context(), id, 5)
	if err != nil || len(own) != 0 {
		t.Errorf("channels of accounts %v, %v", own, err)
	}
}

func TestRefusalsLeaveATrace(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.onboard(sample())
	client, err := h.reg.Find(t.Context(), guildID)
	h.must(err)
	h.must(h.reg.Refuse(t.Context(), h.by(), client.ID, client.GuildID, "/track"))
	h.wantActions("guild.joined", "access.refused")
}

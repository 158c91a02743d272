package guild_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

const beat = 30 * time.Second

// desk is a database with two tenants, and a reader on a clock of its own.
type desk struct {
	*house
	reader       *guild.Reader
	now          time.Time
	mine, theirs uuid.UUID
}

const theirGuild = "100000000000000002"

func newDesk(t *testing.T) *desk {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	d := &desk{house: &house{t: t}, now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	open := func(role store.Role) *store.Store {
		st, err := store.Open(t.Context(), url, role, store.WithMaxConns(2))
		d.must(err)
		t.Cleanup(st.Close)
		return st
	}
	d.admin = open(store.RoleAdmin)
	d.reader = guild.NewReader(open(store.RoleAPI), beat, func() time.Time { return d.now })
	d.mine, d.theirs = d.tenant(guildID), d.tenant(theirGuild)
	return d
}

func (d *desk) tenant(guildID string) uuid.UUID {
	d.t.Helper()
	id := uuid.Must(uuid.NewV7())
	d.exec("INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, 'Newsroom', $2)", id, guildID)
	d.exec("INSERT INTO guild_settings (client_id) VALUES ($1)", id)
	d.exec("INSERT INTO subscriptions (client_id) VALUES ($1)", id)
	return id
}

// wantBot checks what summary, detail and status say of the bot.
func (d *desk) wantBot(want guild.BotStatus) {
	d.t.Helper()
	list, err := d.reader.Summaries(d.t.Context(), []string{guildID})
	d.must(err)
	detail, err := d.reader.Detail(d.t.Context(), d.mine)
	d.must(err)
	status, err := d.reader.Status(d.t.Context(), d.mine)
	d.must(err)
	if len(list) != 1 || list[0].Bot != want || detail.Bot != want || status.Bot != want {
		d.t.Errorf("summaries %+v, detail %s, status %s, want %s", list, detail.Bot, status.Bot, want)
	}
}

func TestBotIsOfflineAfterThreeMissedBeats(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.wantBot(guild.BotUnknown)
	last := d.now
	d.exec("INSERT INTO bot_health VALUES ('main', $1, 1, 2, 'online', '1')", last)
	for _, c := range []struct {
		after time.Duration
		says  string
		want  guild.BotStatus
	}{
		{-time.Second, "online", guild.BotOnline}, // the bot's clock is ahead
		{0, "online", guild.BotOnline},
		{3 * beat, "online", guild.BotOnline},
		{3*beat + time.Millisecond, "online", guild.BotOffline},
		{beat, "degraded", guild.BotDegraded},
		{4 * beat, "degraded", guild.BotOffline},
		{time.Second, "offline", guild.BotOffline}, // it said farewell
	} {
		d.exec("UPDATE bot_health SET status = $1", c.says)
		d.now = last.Add(c.after)
		d.wantBot(c.want)
	}
}

func TestGuildThatDiscordHasLostIsDegraded(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.exec("INSERT INTO bot_health VALUES ('main', $1, 1, 2, 'online', '1')", d.now)
	d.exec("UPDATE clients SET unavailable_since = $1 WHERE id = $2", d.now, d.mine)
	d.wantBot(guild.BotDegraded)
	d.now = d.now.Add(time.Hour)
	d.wantBot(guild.BotOffline)
}

func TestSummariesAreOfTheGuildsAskedFor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, c := range []struct {
		ids  []string
		want int
	}{{nil, 0}, {[]string{guildID}, 1}, {[]string{guildID, theirGuild}, 2}, {[]string{guildID, "100000000000000009"}, 1}} {
		list, err := d.reader.Summaries(t.Context(), c.ids)
		if err != nil || len(list) != c.want {
			t.Errorf("%v: %+v, %v", c.ids, list, err)
		}
	}
	d.exec("UPDATE clients SET removed_at = now() WHERE id = $1", d.mine)
	if list, err := d.reader.Summaries(t.Context(), []string{guildID}); err != nil || len(list) != 0 {
		t.Errorf("after the bot was removed: %+v, %v", list, err)
	}
}

func TestDetailAndStatusCountTheTenantsOwn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for range 2 {
		d.exec("INSERT INTO brands (client_id, id, name) VALUES ($1, gen_random_uuid(), gen_random_uuid()::text)", d.theirs)
	}
	d.exec("INSERT INTO exports (client_id, id, kind, format, requested_by) VALUES ($1, gen_random_uuid(), 'posts', 'csv', 'x')", d.theirs)
	for client, want := range map[uuid.UUID]int64{d.mine: 0, d.theirs: 2} {
		detail, err := d.reader.Detail(t.Context(), client)
		if err != nil || detail.BrandCount != want || detail.Client.ID != client || detail.Entitlement.Tier != "free" || detail.GuildSetting.ClientID != client {
			t.Errorf("detail %+v, %v", detail, err)
		}
		status, err := d.reader.Status(t.Context(), client)
		if err != nil || status.ExportDepth != want/2 || len(status.Platforms) != 0 || !status.CheckedAt.Equal(d.now) {
			t.Errorf("status %+v, %v", status, err)
		}
	}
	if _, err := d.reader.Detail(t.Context(), uuid.New()); !fault.Is(err, fault.NotFound) {
		t.Errorf("detail of nobody: %v", err)
	}
}

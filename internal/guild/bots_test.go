package guild_test

import (
	"slices"
	"testing"

	"trackbot/internal/fault"
	"trackbot/internal/guild"
)

// The API's role may do for a bot all that the bot's role may.
func TestTheAPIWritesAllThatABotTells(t *testing.T) {
	t.Parallel()
	o := newOutpost(t)
	ctx, reg := t.Context(), o.reports.Bot("")
	g := sample()
	id, err := reg.Onboard(ctx, g)
	o.must(err)
	if n := read[int](o.house, "SELECT count(*) FROM deliveries WHERE client_id = $1 AND kind = 'notice'", id); n != 1 {
		t.Errorf("%d greetings", n)
	}
	g.Name = "Renamed"
	g.Roles = append(slices.Clone(g.Roles), guild.Role{ID: "100000000000000777", Name: "New", Permissions: "32"})
	o.must(reg.Update(ctx, g))
	o.must(reg.SyncRoles(ctx, g.ID, g.Roles[:1]))
	changed := g.Channels[0]
	changed.Name = "changed"
	o.must(reg.SyncChannel(ctx, g.ID, changed))
	o.must(reg.ForgetChannel(ctx, g.ID, changed.ID))
	o.must(reg.SyncChannels(ctx, g.ID, g.Channels[1:]))
	if !read[bool](o.house, `SELECT name = 'Renamed' AND (SELECT count(*) FROM guild_roles) = 1
		AND (SELECT count(*) FROM guild_channels WHERE id = $1) = 0 FROM clients`, changed.ID) {
		t.Error("not all is written")
	}
	o.must(reg.MarkUnavailable(ctx, g.ID))
	if !read[bool](o.house, "SELECT unavailable_since IS NOT NULL FROM clients") {
		t.Error("the outage is not known")
	}
	o.must(reg.Beat(ctx, guild.Beat{Shards: 1, Status: guild.BotOnline, Version: "1"}))
	if n := read[int](o.house, "SELECT guild_count FROM bot_health"); n != 1 {
		t.Errorf("counted %d guilds", n)
	}
	o.must(reg.Remove(ctx, g.ID))
	if live, err := reg.Live(ctx, 0, 1); err != nil || len(live) != 0 {
		t.Errorf("live: %v, %v", live, err)
	}
	if err := reg.SyncRoles(ctx, g.ID, nil); !fault.Is(err, fault.NotFound) {
		t.Errorf("of a guild that was left: %v", err)
	}
}

func TestSeveralBotsDoNotMeet(t *testing.T) {
	t.Parallel()
	o := newOutpost(t)
	ctx, main, second := t.Context(), o.reg, o.reports.Bot("second")
	mine, theirs := sample(), sample()
	theirs.ID = "100000000000000050"
	_, err := main.Onboard(ctx, mine)
	o.must(err)
	_, err = second.Onboard(ctx, theirs)
	o.must(err)
	for reg, want := range map[*guild.Registry]string{main: mine.ID, second: theirs.ID} {
		if live, err := reg.Live(ctx, 0, 1); err != nil || !slices.Equal(live, []string{want}) {
			t.Errorf("live %v, %v; want %s", live, err, want)
		}
		o.must(reg.Beat(ctx, guild.Beat{Shards: 1, Status: guild.BotOnline, Version: want}))
		o.must(reg.SavePlace(ctx, 0, guild.StreamPlace{SessionID: want, ResumeURL: "wss://x", Sequence: 7, ShardCount: 1}))
	}
	for reg, want := range map[*guild.Registry]string{main: mine.ID, second: theirs.ID} {
		if p, err := reg.Place(ctx, 0); err != nil || p.SessionID != want || p.Sequence != 7 {
			t.Errorf("place %+v, %v; want that of %s", p, err, want)
		}
	}
	if !read[bool](o.house, "SELECT array_agg(id || ' ' || guild_count || ' ' || version ORDER BY id) = ARRAY['main 1 ' || $1, 'second 1 ' || $2] FROM bot_health", mine.ID, theirs.ID) {
		t.Error("not a row of its own for each")
	}
	// What one says of a guild that the other serves does not end it there.
	o.must(second.Remove(ctx, mine.ID))
	o.must(second.MarkUnavailable(ctx, mine.ID))
	if !read[bool](o.house, "SELECT removed_at IS NULL AND unavailable_since IS NULL FROM clients WHERE guild_id = $1", mine.ID) {
		t.Error("another bot ended a guild")
	}
	// A guild changes over to the bot that says it is there.
	_, err = second.Onboard(ctx, mine)
	o.must(err)
	o.must(main.Remove(ctx, mine.ID))
	if live, err := second.Live(ctx, 0, 1); err != nil || len(live) != 2 {
		t.Errorf("live %v, %v", live, err)
	}
	o.must(second.SavePlace(ctx, 0, guild.StreamPlace{}))
	if p, err := second.Place(ctx, 0); err != nil || p != (guild.StreamPlace{}) {
		t.Errorf("place %+v, %v after it was forgotten", p, err)
	}
	if p, err := main.Place(ctx, 0); err != nil || p.SessionID == "" {
		t.Errorf("place %+v, %v of the other", p, err)
	}
}

func TestGuildsAreDealtToShardsAsDiscordDoes(t *testing.T) {
	t.Parallel()
	o := newOutpost(t)
	g := sample()
	g.ID = "197038439483310086" // >> 22 is 46977624388, which four shards deal to the first
	_, err := o.reg.Onboard(t.Context(), g)
	o.must(err)
	for shard := range 4 {
		live, err := o.reg.Live(t.Context(), shard, 4)
		if err != nil || (len(live) == 1) != (shard == (197038439483310086>>22)%4) {
			t.Errorf("shard %d: %v, %v", shard, live, err)
		}
	}
}

package guild_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// outpost is a house whose bot reports to the API; the registry is that of a bot with a database.
type outpost struct {
	*house
	reports *guild.Reports
}

func newOutpost(t *testing.T) outpost {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	h := &house{t: t}
	open := func(role store.Role) *store.Store {
		st, err := store.Open(t.Context(), url, role)
		h.must(err)
		t.Cleanup(st.Close)
		return st
	}
	h.admin = open(store.RoleAdmin)
	h.reg = guild.New(open(store.RoleBot), guild.Config{})
	return outpost{house: h, reports: guild.NewReports(open(store.RoleAPI), guild.Config{})}
}

func byMachine() audit.By {
	return audit.By{Actor: audit.Actor{ID: "default", Type: audit.System, Name: "Bot"}, Source: audit.FromSystem}
}

// reported is sample as a bot without database would tell it.
func reported() guild.Guild {
	return guild.Guild{ID: guildID, Name: sample().Name, IconHash: sample().IconHash, OwnerID: ownerID}
}

func (o outpost) enroll(g guild.Guild) (uuid.UUID, bool) {
	o.t.Helper()
	id, made, err := o.reports.Enroll(o.t.Context(), byMachine(), guild.MainBot, g)
	o.must(err)
	return id, made
}

func (o outpost) logged() []string {
	o.t.Helper()
	return read[[]string](o.house, "SELECT coalesce(array_agg(action ORDER BY seq), '{}') FROM audit_log WHERE source = 'system' AND guild_id = $1", guildID)
}

func TestAReportedGuildBecomesATenantOnce(t *testing.T) {
	t.Parallel()
	o := newOutpost(t)
	var made atomic.Int32
	var wg sync.WaitGroup
	ids := make([]uuid.UUID, 8)
	for i := range ids {
		wg.Go(func() {
			id, first, err := o.reports.Enroll(context.WithoutCancel(t.Context()), byMachine(), guild.MainBot, reported())
			if err != nil {
				t.Error(err)
			}
			if ids[i] = id; first {
				made.Add(1)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
	for _, id := range ids {
		if id != ids[0] || id == uuid.Nil {
			t.Errorf("got tenants %v", ids)
		}
	}
	if got := read[string](o.house, `SELECT b.tier || ' ' || s.locale || ' ' || c.owner_id FROM clients c
		JOIN subscriptions b ON b.client_id = c.id JOIN guild_settings s ON s.client_id = c.id`); got != "free en-US "+ownerID {
		t.Errorf("got %q", got)
	}
	if diff := cmp.Diff([]string{"guild.joined"}, o.logged()); diff != "" {
		t.Error(diff)
	}
}

func TestAReportTellsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	o := newOutpost(t)
	o.enroll(reported())
	if _, made := o.enroll(reported()); made {
		t.Error("made twice")
	}
	o.exec("INSERT INTO users (id, username) VALUES ('900000000000000001', 'a')")
	o.exec("INSERT INTO user_guilds (user_id, guild_id, name, is_owner, permissions, confirmed_at) VALUES ('900000000000000001', $1, '', false, '32', now())", guildID)
	g := reported()
	g.Name, g.OwnerID = "Evening News", "200000000000000009"
	o.enroll(g)
	if diff := cmp.Diff([]string{"guild.joined", "guild.renamed", "guild.owner_changed"}, o.logged()); diff != "" {
		t.Error(diff)
	}
	if !read[bool](o.house, "SELECT confirmed_at = 'epoch' FROM user_guilds") {
		t.Error("rights under the last owner still count as confirmed")
	}
}

// The channels, which such a bot does not know, are left as another bot saw them.
func TestAReportLeavesChannelsAlone(t *testing.T) {
	t.Parallel()
	o := newOutpost(t)
	o.onboard(sample())
	before := read[string](o.house, "SELECT (SELECT json_agg(c) FROM guild_channels c)::text || (SELECT json_agg(r) FROM guild_roles r)::text || (SELECT system_channel_id FROM clients)")
	o.must(o.reports.Remove(t.Context(), byMachine(), guild.MainBot, guildID))
	o.must(o.reports.Remove(t.Context(), byMachine(), guild.MainBot, guildID))
	o.must(o.reports.Remove(t.Context(), byMachine(), guild.MainBot, "100000000000000099"))
	if _, made := o.enroll(reported()); made {
		t.Error("made anew")
	}
	after := read[string](o.house, "SELECT (SELECT json_agg(c) FROM guild_channels c)::text || (SELECT json_agg(r) FROM guild_roles r)::text || (SELECT system_channel_id FROM clients)")
	if before != after {
		t.Errorf("before %s\nafter %s", before, after)
	}
	if diff := cmp.Diff([]string{"guild.removed", "guild.rejoined"}, o.logged()); diff != "" {
		t.Error(diff)
	}
	if !read[bool](o.house, "SELECT removed_at IS NULL FROM clients") {
		t.Error("still removed")
	}
}

func TestConfigIsThatOfAGuildTheBotIsIn(t *testing.T) {
	t.Parallel()
	o := newOutpost(t)
	if _, err := o.reports.Config(t.Context(), guildID); !fault.Is(err, fault.NotFound) {
		t.Errorf("unknown: got %v", err)
	}
	id, _ := o.enroll(reported())
	o.exec("UPDATE subscriptions SET tier = 'pro'")
	o.exec("UPDATE guild_settings SET timezone = 'Europe/Berlin'")
	got, err := o.reports.Config(t.Context(), guildID)
	if err != nil || got.ClientID != id || got.Entitlement.Tier != "pro" || got.GuildSetting.Timezone != "Europe/Berlin" {
		t.Errorf("got %+v, %v", got, err)
	}
	o.must(o.reports.Remove(t.Context(), byMachine(), guild.MainBot, guildID))
	if _, err := o.reports.Config(t.Context(), guildID); !fault.Is(err, fault.NotFound) {
		t.Errorf("removed: got %v", err)
	}
}

func TestTheLastReportedBeatCounts(t *testing.T) {
	t.Parallel()
	o := newOutpost(t)
	two, four := int32(2), int32(4)
	o.must(o.reports.Bot("").Beat(t.Context(), guild.Beat{Shards: 1, Guilds: &two, Status: guild.BotOnline, Version: "1"}))
	first := read[string](o.house, "SELECT last_heartbeat::text FROM bot_health")
	o.must(o.reports.Bot("").Beat(t.Context(), guild.Beat{Shards: 3, Guilds: &four, Status: guild.BotDegraded, Version: "2"}))
	if !read[bool](o.house, "SELECT (shard_count, guild_count, status, version) = (3, 4, 'degraded', '2') AND last_heartbeat > $1::text::timestamptz FROM bot_health WHERE id = 'main'", first) {
		t.Error("not the last beat")
	}
}

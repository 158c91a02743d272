package guild_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/delivery"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

const (
	guildID   = "100000000000000001"
	ownerID   = "200000000000000001"
	system    = "500000000000000001"
	news      = "500000000000000002"
	locked    = "500000000000000003"
	voice     = "500000000000000004"
	managerID = "600000000000000001" // a role
	readerID  = "600000000000000002"
)

// house is a database, a registry of the bot's role and an operator who looks.
type house struct {
	t     *testing.T
	admin *store.Store
	reg   *guild.Registry
	open  func(store.Role) *store.Store
}

func newHouse(t *testing.T) *house {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	h := &house{t: t}
	h.open = func(role store.Role) *store.Store {
		st, err := store.Open(t.Context(), url, role)
		h.must(err)
		t.Cleanup(st.Close)
		return st
	}
	h.admin = h.open(store.RoleAdmin)
	h.reg = guild.New(h.open(store.RoleBot), guild.Config{DashboardURL: "https://dashboard.example/"})
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	_, err := h.admin.Shared().Exec(h.t.Context(), sql, args...)
	h.must(err)
}

// read gives the one value that a query returns.
func read[T any](h *house, sql string, args ...any) (v T) {
	h.t.Helper()
	h.must(h.admin.Shared().QueryRow(h.t.Context(), sql, args...).Scan(&v))
	return v
}

// actions are those in the guild's log, with the source, in order.
func (h *house) actions() []string {
	h.t.Helper()
	return read[[]string](h, "SELECT coalesce(array_agg(action ORDER BY seq), '{}') FROM audit_log WHERE source = 'bot' AND guild_id = $1", guildID)
}

func (h *house) wantActions(want ...string) {
	h.t.Helper()
	if diff := cmp.Diff(want, h.actions()); diff != "" {
		h.t.Errorf("audit log: %s", diff)
	}
}

type notice struct {
	key, channel string
	message      delivery.Message
}

func (h *house) notices() []notice {
	h.t.Helper()
	rows, err := h.admin.Shared().Query(h.t.Context(), "SELECT notice_key, channel_id, payload FROM deliveries WHERE kind = 'notice' ORDER BY seq")
	h.must(err)
	defer rows.Close()
	var out []notice
	for rows.Next() {
		var n notice
		var payload []byte
		h.must(rows.Scan(&n.key, &n.channel, &payload))
		h.must(json.Unmarshal(payload, &n.message))
		out = append(out, n)
	}
	h.must(rows.Err())
	return out
}

// sample is a guild with a system channel, three others and three roles.
func sample() guild.Guild {
	return guild.Guild{
		ID: guildID, Name: "Newsroom", IconHash: "abc", OwnerID: ownerID, SystemChannelID: system, Locale: "de",
		Channels: []guild.Channel{
			{ID: news, Name: "news", Type: guild.Text, Position: 2, CanSend: true},
			{ID: system, Name: "general", Type: guild.Text, Position: 5, CanSend: true},
			{ID: locked, Name: "locked", Type: guild.Text, Position: 1},
			{ID: voice, Name: "talk", Type: guild.Voice, Position: 0, CanSend: true},
		},
		Roles: []guild.Role{
			{ID: guildID, Name: "@everyone", Permissions: "1024"},
			{ID: managerID, Name: "Managers", Permissions: "32", Position: 2, Color: 0xff0000},
			{ID: readerID, Name: "Readers", Permissions: "1024", Position: 1, Mentionable: true},
		},
	}
}

func (h *house) onboard(g guild.Guild) uuid.UUID {
	h.t.Helper()
	id, err := h.reg.Onboard(h.t.Context(), g)
	h.must(err)
	return id
}

// dashboardUser gives a member of the guild rights that were confirmed just now.
func (h *house) dashboardUser() {
	h.t.Helper()
	h.exec("INSERT INTO users (id, username) VALUES ('700000000000000001', 'member')")
	h.exec("INSERT INTO user_guilds (user_id, guild_id, name, is_owner, permissions, confirmed_at) VALUES ('700000000000000001', $1, 'Newsroom', false, '32', now())", guildID)
}

// rightsDropped tells whether the member's rights are to be asked for again, and confirms them anew.
func (h *house) rightsDropped() bool {
	h.t.Helper()
	dropped := read[bool](h, "SELECT confirmed_at < now() - interval '1 day' FROM user_guilds")
	h.exec("UPDATE user_guilds SET confirmed_at = now()")
	return dropped
}

func TestANewGuildBecomesATenant(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.onboard(sample())
	client, err := h.reg.Find(t.Context(), guildID)
	h.must(err)
	if client.ID != id || client.Name != "Newsroom" || *client.IconHash != "abc" || client.OwnerID != ownerID ||
		*client.SystemChannelID != system || client.RemovedAt != nil {
		t.Errorf("client %+v", client)
	}
	if n := read[int](h, `SELECT count(*) FROM guild_settings WHERE client_id = $1 AND locale = 'de' AND timezone = 'UTC'
		AND notifications_enabled AND default_channel_id = $2 AND version = 1`, id, system); n != 1 {
		t.Error("the settings are not the default ones")
	}
	if tier := read[string](h, "SELECT tier FROM subscriptions WHERE client_id = $1", id); tier != "free" {
		t.Errorf("tier %s", tier)
	}
	if n := read[int](h, "SELECT (SELECT count(*) FROM guild_channels) * 10 + (SELECT count(*) FROM guild_roles)"); n != 43 {
		t.Errorf("4 channels and 3 roles, got %d", n)
	}
	notices := h.notices()
	if len(notices) != 1 || notices[0].channel != system || !strings.Contains(notices[0].message.Body, "/track add") ||
		notices[0].message.Buttons[0].URL != "https://dashboard.example/guilds/"+guildID {
		t.Errorf("notices %+v", notices)
	}
	h.wantActions("guild.joined")
	changes := read[string](h, "SELECT changes FROM audit_log")
	if want := `[{"field":"name","old":null,"new":"Newsroom"},{"field":"ownerId","old":null,"new":"` + ownerID +
		`"},{"field":"defaultChannelId","old":null,"new":"` + system + `"}]`; changes != want {
		t.Errorf("changes %s", changes)
	}
}

func TestAKnownGuildIsNotOnboardedTwice(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ids := make([]uuid.UUID, 6)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() { ids[i], _ = h.reg.Onboard(context.WithoutCancel(t.Context()), sample()) })
	}
	wg.Wait()
	for _, id := range ids {
		if id == uuid.Nil || id != ids[0] {
			t.Errorf("client %s beside %s", id, ids[0])
		}
	}
	h.onboard(sample())
	if n := len(h.notices()); n != 1 {
		t.Errorf("greeted %d times", n)
	}
	h.wantActions("guild.joined")
}

func TestTheGreetingGoesWhereTheBotCanPost(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(g *guild.Guild)
		want   string
	}{
		"the system channel":                   {func(*guild.Guild) {}, system},
		"no system channel":                    {func(g *guild.Guild) { g.SystemChannelID = "" }, news},
		"may not post into the system channel": {func(g *guild.Guild) { g.Channels[1].CanSend = false }, news},
		"may post into voice alone": {func(g *guild.Guild) {
			g.Channels[0].CanSend, g.Channels[1].CanSend = false, false
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			g := sample()
			tc.change(&g)
			id := h.onboard(g)
			got := ""
			for _, n := range h.notices() {
				got += n.channel
			}
			if got != tc.want {
				t.Errorf("greeted in %q, want %q", got, tc.want)
			}
			state, err := h.reg.Delivering(t.Context(), id)
			h.must(err)
			if (state.DefaultChannelID == nil) != (tc.want == "") || state.CanSend != (tc.want != "") {
				t.Errorf("delivery %+v", state)
			}
		})
	}
}

func TestARemovedGuildComesBackWithItsData(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.onboard(sample())
	h.dashboardUser()
	h.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, etag, failures, next_poll_at)
		VALUES (gen_random_uuid(), 'rss', 'x', 'x', 'x', 'x', 1, '"1"', 0, now() + interval '1 day')`)
	h.exec("INSERT INTO brands (client_id, id, name) VALUES ($1, $1, 'Northwind')", id)
	h.exec("INSERT INTO account_groups (client_id, id, brand_id, name) VALUES ($1, $1, $1, 'Creators')", id)
	h.exec("INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, baseline_at) SELECT $1, $1, $1, $1, id, now() FROM sources", id)

	h.must(h.reg.Remove(t.Context(), guildID))
	h.must(h.reg.Remove(t.Context(), guildID))
	h.wantActions("guild.joined", "guild.removed")
	if !h.rightsDropped() {
		t.Error("rights in a removed guild are still believed")
	}
	if !read[bool](h, "SELECT next_poll_at <= now() FROM sources") {
		t.Error("the worker is not asked to look at the source")
	}
	if live, err := h.reg.Live(t.Context(), 0, 1); err != nil || len(live) != 0 {
		t.Errorf("live guilds %v, %v", live, err)
	}
	if err := h.reg.SyncRoles(t.Context(), guildID, nil); !fault.Is(err, fault.NotFound) {
		t.Errorf("an event of a removed guild: %v", err)
	}

	h.exec("UPDATE sources SET next_poll_at = NULL")
	h.must(h.reg.MarkUnavailable(t.Context(), guildID))
	if back := h.onboard(sample()); back != id {
		t.Errorf("came back as %s", back)
	}
	h.onboard(sample())
	h.wantActions("guild.joined", "guild.removed", "guild.rejoined")
	if n := len(h.notices()); n != 2 {
		t.Errorf("greeted %d times", n)
	}
	if !read[bool](h, "SELECT next_poll_at <= now() AND etag = '' FROM sources") {
		t.Error("its source is not polled again in full")
	}
	if !read[bool](h, "SELECT baseline_at IS NULL FROM client_accounts") {
		t.Error("what was published meanwhile would be announced")
	}
	client, err := h.reg.Find(t.Context(), guildID)
	h.must(err)
	if client.RemovedAt != nil || client.UnavailableSince != nil {
		t.Errorf("client %+v", client)
	}
	h.must(h.reg.Remove(t.Context(), guildID))
	h.onboard(sample())
	if n := len(h.notices()); n != 3 {
		t.Errorf("greeted %d times after the second return", n)
	}
}

func TestAnOutageIsNoRemoval(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.onboard(sample())
	h.must(h.reg.MarkUnavailable(t.Context(), guildID))
	client, err := h.reg.Find(t.Context(), guildID)
	h.must(err)
	if client.UnavailableSince == nil || client.RemovedAt != nil {
		t.Errorf("client %+v", client)
	}
	h.onboard(sample())
	if client, err = h.reg.Find(t.Context(), guildID); err != nil || client.UnavailableSince != nil {
		t.Errorf("client %+v, %v", client, err)
	}
	if n := len(h.notices()); n != 1 {
		t.Errorf("greeted %d times", n)
	}
	h.wantActions("guild.joined")
	h.must(h.reg.MarkUnavailable(t.Context(), "199999999999999999"))
	h.must(h.reg.Remove(t.Context(), "199999999999999999"))
}

func TestNameAndOwnerAreKeptUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.onboard(sample())
	h.dashboardUser()
	g := sample()
	g.Name, g.IconHash = "Pressroom", ""
	h.must(h.reg.Update(t.Context(), g))
	if h.rightsDropped() {
		t.Error("a new name took rights away")
	}
	g.OwnerID = "200000000000000002"
	h.must(h.reg.Update(t.Context(), g))
	if !h.rightsDropped() {
		t.Error("a new owner left the rights as they were")
	}
	h.must(h.reg.Update(t.Context(), g))
	h.wantActions("guild.joined", "guild.renamed", "guild.owner_changed")
	client, err := h.reg.Find(t.Context(), guildID)
	h.must(err)
	if client.Name != "Pressroom" || client.IconHash != nil || client.OwnerID != "200000000000000002" {
		t.Errorf("client %+v", client)
	}
	if n := read[int](h, "SELECT count(*) FROM guild_channels"); n != 4 {
		t.Errorf("%d channels after an update without channels", n)
	}
	g.ID = "199999999999999999"
	if err := h.reg.Update(t.Context(), g); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown guild: %v", err)
	}
}

func TestRightsAreDroppedWhenARoleThatManagesChanges(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.onboard(sample())
	h.dashboardUser()
	for _, tc := range []struct {
		name   string
		change func(roles []guild.Role) []guild.Role
		want   bool
	}{
		{"nothing", func(r []guild.Role) []guild.Role { return r }, false},
		{"a reader's permission", func(r []guild.Role) []guild.Role { r[2].Permissions = "3072"; return r }, false},
		{"a reader manages", func(r []guild.Role) []guild.Role { r[2].Permissions = "32"; return r }, true},
		{"a reader administrates as well", func(r []guild.Role) []guild.Role { r[2].Permissions = "40"; return r }, false},
		{"beyond 64 bits", func(r []guild.Role) []guild.Role {
			r[2].Permissions = "340282366920938463463374607431768211496"
			return r
		}, false},
		{"a manager's role is deleted", func(r []guild.Role) []guild.Role { return []guild.Role{r[0], r[2]} }, true},
		{"a manager's role is made", func(r []guild.Role) []guild.Role { return r }, true},
	} {
		roles := sample().Roles
		roles[2].Permissions = read[string](h, "SELECT coalesce((SELECT permissions FROM guild_roles WHERE id = $1), '1024')", readerID)
		h.must(h.reg.SyncRoles(t.Context(), guildID, tc.change(roles)))
		if got := h.rightsDropped(); got != tc.want {
			t.Errorf("%s: rights dropped %v", tc.name, got)
		}
	}
}

func TestADeletedRoleIsNotMentionedAnyMore(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.onboard(sample())
	h.exec("UPDATE guild_settings SET mention_role_id = $1", readerID)
	h.exec("INSERT INTO brands (client_id, id, name) SELECT id, id, 'B' FROM clients")
	h.exec(`INSERT INTO routes (client_id, id, brand_id, channel_id, mention_role_id)
		SELECT c.id, gen_random_uuid(), c.id, (SELECT min(id) FROM guild_channels), role FROM clients c, unnest($1::text[]) role`, []string{readerID, sample().Roles[0].ID})
	h.must(h.reg.SyncRoles(t.Context(), guildID, sample().Roles[:2]))
	if !read[bool](h, "SELECT count(*) FILTER (WHERE mention_role_id IS NULL) = 1 AND count(*) = 2 FROM routes") {
		t.Error("the route of the role names it still, or another route has lost its own")
	}
	if !read[bool](h, "SELECT mention_role_id IS NULL AND version = 2 FROM guild_settings") {
		t.Error("the settings still name the role")
	}
	h.wantActions("guild.joined", "settings.updated")
}

func (h *house) by() audit.By {
	return audit.By{Actor: audit.Actor{ID: "300000000000000001", Type: audit.User, Name: "Manager"}, Source: audit.FromBot}
}

package httpapi_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"trackbot/api"
)

// pages reads a list under the guild with a limit of two, page by page, as the name of each item in order.
func pages[List, Item any](n *newsroom, tail, token string, open func(List) ([]Item, *string), name func(Item) string) []string {
	n.t.Helper()
	names, cursor := []string{}, ""
	for {
		items, next := open(decode[List](n.t, n.get("/guilds/"+n.guildID+tail+"?limit=2"+cursor, token)))
		for _, item := range items {
			names = append(names, name(item))
		}
		if next == nil {
			return names
		}
		cursor = "&cursor=" + *next
	}
}

func nextOf(n interface{ Get() (string, error) }) *string {
	cursor, err := n.Get()
	if err != nil {
		return nil
	}
	return &cursor
}

func (n *newsroom) channelNames(token string) []string {
	return pages(n, "/channels", token,
		func(l api.ChannelList) ([]api.Channel, *string) { return l.Items, nextOf(l.NextCursor) },
		func(c api.Channel) string { return c.Name })
}

func (n *newsroom) roleNames(token string) []string {
	return pages(n, "/roles", token,
		func(l api.RoleList) ([]api.Role, *string) { return l.Items, nextOf(l.NextCursor) },
		func(r api.Role) string { return r.Name })
}

// directory gives the guild five channels and four roles.
func (n *newsroom) directory() {
	n.t.Helper()
	for i, c := range []struct {
		name, kind string
		position   int
	}{{"late", "text", 7}, {"second", "announcement", 1}, {"first", "text", 1}, {"lobby", "voice", 0}, {"below", "text", -1}} {
		id := fmt.Sprint(500000000000000009 - i)
		n.exec(`INSERT INTO guild_channels (client_id, id, name, type, position, can_send, seen_at)
			VALUES ($1, $2, $3, $4, $5, $4 <> 'voice', '2026-03-01T10:00:00Z')`, n.client, id, c.name, c.kind, c.position)
	}
	for i, name := range []string{"Admin", "Editors", "Fans"} {
		n.exec(`INSERT INTO guild_roles (client_id, id, name, color, mentionable, position, permissions, seen_at)
			VALUES ($1, $2, $3, $4, $4 > 0, $5, '0', '2026-03-01T10:00:00Z')`, n.client, fmt.Sprint(700000000000000001+i), name, i*255, 3-max(i, 1))
	}
	n.exec(`INSERT INTO guild_roles (client_id, id, name, mentionable, permissions) VALUES ($1, $2, '@everyone', true, '0')`, n.client, n.guildID)
}

func TestChannelsComeInDiscordsOrder(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	if page := decode[api.ChannelList](t, n.read("/channels")); len(page.Items) != 0 || !page.AsOf.IsNull() || !page.NextCursor.IsNull() {
		t.Errorf("of nothing: %+v", page)
	}
	n.directory()
	if got := n.channelNames(n.token); !slices.Equal(got, []string{"below", "lobby", "first", "second", "late"}) {
		t.Errorf("got %v", got)
	}
	n.exec(`UPDATE guild_channels SET paused_at = '2026-03-02T10:00:00Z', paused_reason = 'missing_access' WHERE name = 'first'`)
	page := decode[api.ChannelList](t, n.read("/channels"))
	lobby, first := page.Items[1], page.Items[2]
	if lobby.Type != "voice" || lobby.CanSend || !lobby.PausedSince.IsNull() || lobby.ID != "500000000000000006" {
		t.Errorf("lobby %+v", lobby)
	}
	if first.Type != "text" || !first.CanSend || first.PausedSince.MustGet().Month() != time.March {
		t.Errorf("first %+v", first)
	}
}

func TestRolesComeHighestFirstWithoutEveryone(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	n.directory()
	if got := n.roleNames(n.token); !slices.Equal(got, []string{"Admin", "Editors", "Fans"}) {
		t.Errorf("got %v", got)
	}
	n.exec(`UPDATE guild_roles SET position = 1`) // of the same height the one with the lower id is above
	if got := n.roleNames(n.token); !slices.Equal(got, []string{"Admin", "Editors", "Fans"}) {
		t.Errorf("of the same height: %v", got)
	}
	page := decode[api.RoleList](t, n.read("/roles"))
	if admin := page.Items[0]; !admin.Color.IsNull() || admin.Mentionable {
		t.Errorf("admin %+v", admin)
	}
	if editors := page.Items[1]; editors.Color.MustGet() != "#0000ff" || !editors.Mentionable || editors.ID != "700000000000000002" {
		t.Errorf("editors %+v", editors)
	}
}

// What the bot saw holds for as long as it has followed the guild.
func TestDirectoryTellsUpToWhenTheBotFollowedIt(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	n.directory()
	n.exec(`UPDATE guild_roles SET seen_at = '2026-03-01T10:00:00Z'`)
	wantAsOf := func(why, want string) {
		t.Helper()
		channels, roles := decode[api.ChannelList](t, n.read("/channels")), decode[api.RoleList](t, n.read("/roles"))
		if got := channels.AsOf.MustGet(); got.UTC().Format(time.DateTime) != want {
			t.Errorf("%s: channels as of %v", why, got)
		}
		if got := roles.AsOf.MustGet(); got.UTC().Format(time.DateTime) != want {
			t.Errorf("%s: roles as of %v", why, got)
		}
	}
	n.exec(`UPDATE guild_channels SET seen_at = '2026-03-01T12:00:00Z' WHERE name = 'late'`)
	wantAsOf("no bot has beaten", "2026-03-01 10:00:00")
	n.exec(`INSERT INTO bot_health VALUES ('main', '2026-03-05T10:00:00Z', 1, 1, 'online', '1')`)
	wantAsOf("the bot has followed since", "2026-03-05 10:00:00")
	n.exec(`UPDATE clients SET unavailable_since = '2026-03-04T10:00:00Z' WHERE id = $1`, n.client)
	wantAsOf("Discord has lost the guild", "2026-03-04 10:00:00")
}

func TestMembersSeeOnlyTheChannelsAndRolesInUse(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	n.directory()
	mia := n.member("mia")
	if channels, roles := n.channelNames(mia), n.roleNames(mia); len(channels) > 0 || len(roles) > 0 {
		t.Errorf("with nothing in use: %v, %v", channels, roles)
	}
	brand := n.brand("B")
	account := n.account(n.group(brand, "G"), "rss", "feed")
	n.exec(`UPDATE guild_settings SET default_channel_id = '500000000000000007', mention_role_id = '700000000000000003' WHERE client_id = $1`, n.client)
	n.exec(`UPDATE client_accounts SET channel_id = '500000000000000009' WHERE id = $1`, account)
	n.exec(`INSERT INTO routes (client_id, id, brand_id, channel_id, mention_role_id) VALUES ($1, $2, $3, '500000000000000008', '700000000000000001')`, n.client, newID(), brand)
	if got := n.channelNames(mia); !slices.Equal(got, []string{"first", "second", "late"}) {
		t.Errorf("channels %v", got)
	}
	if got := n.roleNames(mia); !slices.Equal(got, []string{"Admin", "Fans"}) {
		t.Errorf("roles %v", got)
	}
	if got := n.channelNames(n.token); len(got) != 5 {
		t.Errorf("the owner sees %v", got)
	}
}

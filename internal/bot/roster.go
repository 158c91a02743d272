package bot

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"trackbot/internal/discord"
	"trackbot/internal/guild"
)

// presence is a guild as the gateway has told of it: what is needed to know where
// the bot may post.
type presence struct {
	guild    discord.Guild              // with its roles
	channels map[string]discord.Channel // with their overwrites
	roles    []string                   // the bot's own
}

func newPresence(g discord.Guild, channels []discord.Channel, roles []string) *presence {
	p := &presence{guild: g, channels: make(map[string]discord.Channel, len(channels)), roles: roles}
	for _, c := range channels {
		p.channels[c.ID] = c
	}
	return p
}

// describe gives the guild in the rules' terms, with where the bot, me, may post.
func (p *presence) describe(me string) guild.Guild {
	g := guild.Guild{
		ID: p.guild.ID, Name: p.guild.Name, IconHash: p.guild.Icon, OwnerID: p.guild.OwnerID,
		SystemChannelID: p.guild.SystemChannelID, Locale: p.guild.PreferredLocale,
		Channels: []guild.Channel{}, Roles: []guild.Role{},
	}
	base := discord.GuildPermissions(p.guild, me, p.roles)
	for _, c := range p.channels {
		may := discord.ChannelPermissions(base, c, p.guild.ID, me, p.roles)
		g.Channels = append(g.Channels, guild.Channel{
			ID: c.ID, Name: c.Name, Type: channelKind(c.Type), Position: c.Position, CanSend: discord.CanPost(may, c.Type),
		})
	}
	slices.SortFunc(g.Channels, func(a, b guild.Channel) int { return cmp.Compare(a.ID, b.ID) })
	for _, r := range p.guild.Roles {
		g.Roles = append(g.Roles, guild.Role{
			ID: r.ID, Name: r.Name, Color: r.Color, Mentionable: r.Mentionable, Position: r.Position, Permissions: permissions(r.Permissions),
		})
	}
	return g
}

// permissions is a set that can be stored: what cannot be read grants nothing.
func permissions(s string) string {
	if _, err := discord.ParsePermissions(s); err != nil {
		return "0"
	}
	return s
}

func channelKind(t discord.ChannelType) string {
	switch t {
	case discord.ChannelText:
		return guild.Text
	case discord.ChannelAnnouncement:
		return guild.Announcement
	case discord.ChannelVoice:
		return guild.Voice
	case discord.ChannelStage:
		return guild.Stage
	case discord.ChannelForum, discord.ChannelMedia:
		return guild.Forum
	case discord.ChannelCategory:
		return guild.Category
	}
	return guild.Other
}

// roster holds the presences. Each shard changes only its own guilds.
type roster struct {
	mu     sync.Mutex
	guilds map[string]*presence // guarded by mu
}

func newRoster() *roster { return &roster{guilds: map[string]*presence{}} }

func (r *roster) put(p *presence) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.guilds[p.guild.ID] = p
}

func (r *roster) has(guildID string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.guilds[guildID] != nil
}

func (r *roster) drop(guildID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.guilds, guildID)
}

// change applies fn and gives the guild before and after it; false if it is not known.
func (r *roster) change(guildID, me string, fn func(p *presence)) (before, after guild.Guild, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old, known := r.guilds[guildID]
	if !known {
		return before, after, false
	}
	p := &presence{guild: old.guild, channels: maps.Clone(old.channels), roles: old.roles}
	fn(p)
	r.guilds[guildID] = p
	return old.describe(me), p.describe(me), true
}

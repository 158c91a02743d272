package sim

import (
	"fmt"
	"slices"
	"time"
)

// AddMember makes a user a member of a guild, or replaces the roles of one.
func (s *Sim) AddMember(guildID string, spec MemberSpec) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.guilds[guildID]
	if g == nil {
		return fmt.Errorf("add member: unknown guild %q", guildID)
	}
	event := "GUILD_MEMBER_ADD"
	if g.members[spec.UserID] != nil {
		event = "GUILD_MEMBER_UPDATE"
	}
	if err := s.newMember(g, spec); err != nil {
		return err
	}
	s.dispatch(g, intentGuildMembers, event, g.memberEvent(spec.UserID))
	s.touch()
	return nil
}

// RemoveMember takes a user out of a guild.
func (s *Sim) RemoveMember(guildID, userID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.guilds[guildID]
	if g == nil || g.members[userID] == nil {
		return fmt.Errorf("remove member: unknown guild or member")
	}
	g.removeMember(userID)
	s.dispatch(g, intentGuildMembers, "GUILD_MEMBER_REMOVE", object{"guild_id": g.id, "user": s.users[userID]})
	s.touch()
	return nil
}

// UpdateGuild renames a guild or hands it to another owner; empty values stay as they are.
func (s *Sim) UpdateGuild(guildID, name, ownerID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.guilds[guildID]
	if g == nil {
		return fmt.Errorf("update guild: unknown guild %q", guildID)
	}
	if name != "" {
		g.name = name
	}
	if ownerID != "" {
		g.ownerID = ownerID
	}
	s.dispatch(g, intentGuilds, "GUILD_UPDATE", s.guildObject(g))
	s.touch()
	return nil
}

// InviteBot makes the bot a member; the gateway sends GUILD_CREATE.
func (s *Sim) InviteBot(guildID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.guilds[guildID]
	if g == nil {
		return fmt.Errorf("invite bot: unknown guild %q", guildID)
	}
	if !g.hasBot {
		s.join(g)
		s.touch()
	}
	return nil
}

// KickBot removes the bot; the gateway sends GUILD_DELETE without "unavailable".
func (s *Sim) KickBot(guildID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.botGuild(guildID)
	if g == nil {
		return fmt.Errorf("kick bot: it is not in guild %q", guildID)
	}
	s.leave(g)
	return nil
}

// SetUnavailable starts or ends an outage of one guild.
func (s *Sim) SetUnavailable(guildID string, unavailable bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.guilds[guildID]
	if g == nil {
		return fmt.Errorf("set unavailable: unknown guild %q", guildID)
	}
	if g.unavailable == unavailable {
		return nil
	}
	g.unavailable = unavailable
	if unavailable {
		s.dispatch(g, intentGuilds, "GUILD_DELETE", object{"id": g.id, "unavailable": true})
	} else {
		s.dispatch(g, intentGuilds, "GUILD_CREATE", s.guildCreate(g))
	}
	s.touch()
	return nil
}

func (s *Sim) join(g *guild) {
	g.hasBot = true
	role := s.newRole(g, RoleSpec{Name: s.cfg.AppName, Permissions: s.cfg.BotPermissions})
	role.Managed = true
	g.botRole = role.ID
	g.addMember(&s.bot, "", []string{role.ID}, s.now())
	if !g.unavailable {
		s.dispatch(g, intentGuilds, "GUILD_CREATE", s.guildCreate(g))
	}
}

func (s *Sim) leave(g *guild) {
	s.dispatch(g, intentGuilds, "GUILD_DELETE", object{"id": g.id})
	g.hasBot = false
	g.removeMember(s.bot.ID)
	g.roles = slices.DeleteFunc(g.roles, func(r *Role) bool { return r.ID == g.botRole })
	delete(s.commands, g.id)
	s.touch()
}

// guildObject is the guild as REST shows it (Discord API docs: Guild Object).
func (s *Sim) guildObject(g *guild) object {
	return object{
		"id": g.id, "name": g.name, "icon": g.icon, "owner_id": g.ownerID,
		"roles": g.roles, "emojis": []any{}, "stickers": []any{}, "features": []string{},
		"preferred_locale": g.locale, "system_channel_id": g.systemChannel, "system_channel_flags": 0,
		"verification_level": 1, "default_message_notifications": 1, "explicit_content_filter": 2,
		"mfa_level": 0, "premium_tier": 0, "nsfw_level": 0, "afk_timeout": 300, "afk_channel_id": nil,
		"application_id": nil, "rules_channel_id": nil, "public_updates_channel_id": nil,
		"vanity_url_code": nil, "description": nil, "banner": nil, "splash": nil, "discovery_splash": nil,
		"safety_alerts_channel_id": nil, "premium_progress_bar_enabled": false,
	}
}

// guildCreate is the guild as GUILD_CREATE carries it: with members and channels besides.
func (s *Sim) guildCreate(g *guild) object {
	o := s.guildObject(g)
	channels := make([]Channel, 0, len(g.channels))
	for _, ch := range g.channels {
		channels = append(channels, ch.Channel)
	}
	members := []*Member{}
	if m := g.members[s.bot.ID]; m != nil {
		members = append(members, m) // without GUILD_PRESENCES only the bot's own member is listed
	}
	joined := time.Time{}
	if len(members) > 0 {
		joined = members[0].JoinedAt
	}
	o["joined_at"], o["large"], o["unavailable"] = joined, false, false
	o["member_count"], o["members"], o["channels"] = len(g.members), members, channels
	o["threads"], o["voice_states"], o["presences"] = []any{}, []any{}, []any{}
	o["stage_instances"], o["guild_scheduled_events"], o["soundboard_sounds"] = []any{}, []any{}, []any{}
	return o
}

func (g *guild) memberEvent(userID string) object {
	m := g.members[userID]
	return object{
		"guild_id": g.id, "user": m.User, "nick": m.Nick, "avatar": m.Avatar, "roles": m.Roles,
		"joined_at": m.JoinedAt, "deaf": m.Deaf, "mute": m.Mute, "flags": m.Flags, "pending": m.Pending,
	}
}

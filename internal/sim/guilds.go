package sim

import (
	"fmt"
	"slices"
)

// GuildSpec describes a guild to add. OwnerID must be a known user; empty ids are made up.
type GuildSpec struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	OwnerID    string        `json:"ownerId"`
	Icon       string        `json:"icon"`
	Locale     string        `json:"locale"` // en-US when empty
	WithoutBot bool          `json:"withoutBot"`
	Roles      []RoleSpec    `json:"roles"`
	Channels   []ChannelSpec `json:"channels"`
	Members    []MemberSpec  `json:"members"`
}

// RoleSpec describes a role. In a GuildSpec, members name roles by id or by name.
type RoleSpec struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Color       int         `json:"color"`
	Permissions Permissions `json:"permissions"`
	Mentionable bool        `json:"mentionable"`
}

// ChannelSpec describes a channel; Type 0 is a text channel.
type ChannelSpec struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Type     int    `json:"type"`
	Topic    string `json:"topic"`
	ParentID string `json:"parentId"`
	System   bool   `json:"system"` // the guild's system channel
}

// MemberSpec makes a known user a member.
type MemberSpec struct {
	UserID string   `json:"userId"`
	Nick   string   `json:"nick"`
	Roles  []string `json:"roles"` // ids or names
}

// AddGuild adds a guild with its channels, roles and members and, unless
// WithoutBot, invites the bot. It returns the guild's id.
func (s *Sim) AddGuild(spec GuildSpec) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	owner := s.users[spec.OwnerID]
	if owner == nil {
		return "", fmt.Errorf("add guild: unknown owner %q", spec.OwnerID)
	}
	if spec.ID == "" {
		spec.ID = s.nextGuild(s.now())
	}
	if s.guilds[spec.ID] != nil || snowflake(spec.ID) == 0 {
		return "", fmt.Errorf("add guild: id %q is taken or no snowflake", spec.ID)
	}
	def(&spec.Locale, "en-US")
	g := &guild{
		id: spec.ID, name: spec.Name, ownerID: owner.ID, locale: spec.Locale,
		icon: optional(spec.Icon), members: map[string]*Member{},
	}
	g.roles = []*Role{{ID: g.id, Name: "@everyone", Permissions: permEveryone}}
	for _, r := range spec.Roles {
		s.newRole(g, r)
	}
	for _, c := range spec.Channels {
		s.newChannel(g, c)
	}
	g.addMember(owner, "", nil, s.now())
	for _, m := range spec.Members {
		if err := s.newMember(g, m); err != nil {
			return "", err
		}
	}
	s.guilds[g.id] = g
	s.guildOrder = append(s.guildOrder, g.id)
	if !spec.WithoutBot {
		s.join(g)
	}
	s.touch()
	return g.id, nil
}

func (s *Sim) newRole(g *guild, spec RoleSpec) *Role {
	if spec.ID == "" {
		spec.ID = s.next(s.now())
	}
	r := &Role{
		ID: spec.ID, Name: spec.Name, Color: spec.Color, Position: len(g.roles),
		Permissions: spec.Permissions, Mentionable: spec.Mentionable,
	}
	g.roles = append(g.roles, r)
	return r
}

func (s *Sim) newChannel(g *guild, spec ChannelSpec) *channel {
	if spec.ID == "" {
		spec.ID = s.next(s.now())
	}
	ch := &channel{Channel: Channel{
		ID: spec.ID, Type: spec.Type, GuildID: g.id, Position: len(g.channels), Name: spec.Name,
		Topic: optional(spec.Topic), ParentID: optional(spec.ParentID), Overwrites: []Overwrite{},
	}}
	g.channels = append(g.channels, ch)
	s.channels[ch.ID] = ch
	if spec.System {
		g.systemChannel = &ch.ID
	}
	return ch
}

func (s *Sim) newMember(g *guild, spec MemberSpec) error {
	u := s.users[spec.UserID]
	if u == nil {
		return fmt.Errorf("add member: unknown user %q", spec.UserID)
	}
	roles := make([]string, 0, len(spec.Roles))
	for _, name := range spec.Roles {
		i := slices.IndexFunc(g.roles, func(r *Role) bool { return r.ID == name || r.Name == name })
		if i < 0 {
			return fmt.Errorf("add member: unknown role %q", name)
		}
		roles = append(roles, g.roles[i].ID)
	}
	g.addMember(u, spec.Nick, roles, s.now())
	return nil
}

// AddRole adds a role to a guild and returns its id.
func (s *Sim) AddRole(guildID string, spec RoleSpec) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.guilds[guildID]
	if g == nil {
		return "", fmt.Errorf("add role: unknown guild %q", guildID)
	}
	r := s.newRole(g, spec)
	s.dispatch(g, intentGuilds, "GUILD_ROLE_CREATE", object{"guild_id": g.id, "role": r})
	s.touch()
	return r.ID, nil
}

// SetRolePermissions replaces the permissions of a role.
func (s *Sim) SetRolePermissions(guildID, roleID string, p Permissions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.guilds[guildID]
	if g == nil || g.role(roleID) == nil {
		return fmt.Errorf("set role permissions: unknown guild or role")
	}
	r := g.role(roleID)
	r.Permissions = p
	s.dispatch(g, intentGuilds, "GUILD_ROLE_UPDATE", object{"guild_id": g.id, "role": r})
	return nil
}

// DeleteRole removes a role from the guild and from its members.
func (s *Sim) DeleteRole(guildID, roleID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.guilds[guildID]
	if g == nil || g.role(roleID) == nil || roleID == guildID {
		return fmt.Errorf("delete role: unknown guild or role")
	}
	g.roles = slices.DeleteFunc(g.roles, func(r *Role) bool { return r.ID == roleID })
	for _, m := range g.members {
		m.Roles = slices.DeleteFunc(m.Roles, func(id string) bool { return id == roleID })
	}
	s.dispatch(g, intentGuilds, "GUILD_ROLE_DELETE", object{"guild_id": g.id, "role_id": roleID})
	s.touch()
	return nil
}

// AddChannel adds a channel to a guild and returns its id.
func (s *Sim) AddChannel(guildID string, spec ChannelSpec) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.guilds[guildID]
	if g == nil {
		return "", fmt.Errorf("add channel: unknown guild %q", guildID)
	}
	ch := s.newChannel(g, spec)
	s.dispatch(g, intentGuilds, "CHANNEL_CREATE", ch.Channel)
	s.touch()
	return ch.ID, nil
}

// RenameChannel changes a channel's name.
func (s *Sim) RenameChannel(channelID, name string) error {
	return s.editChannel(channelID, func(ch *channel) { ch.Name = name })
}

// DeleteChannel removes a channel and its messages.
func (s *Sim) DeleteChannel(channelID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[channelID]
	if ch == nil || ch.GuildID == "" {
		return fmt.Errorf("delete channel: unknown channel %q", channelID)
	}
	g := s.guilds[ch.GuildID]
	delete(s.channels, channelID)
	g.channels = slices.DeleteFunc(g.channels, func(c *channel) bool { return c == ch })
	if deref(g.systemChannel) == channelID {
		g.systemChannel = nil
	}
	s.dispatch(g, intentGuilds, "CHANNEL_DELETE", ch.Channel)
	s.touch()
	return nil
}

func (s *Sim) editChannel(channelID string, edit func(*channel)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[channelID]
	if ch == nil || ch.GuildID == "" {
		return fmt.Errorf("edit channel: unknown channel %q", channelID)
	}
	edit(ch)
	s.dispatch(s.guilds[ch.GuildID], intentGuilds, "CHANNEL_UPDATE", ch.Channel)
	s.touch()
	return nil
}

// RemovePermission denies the bot a permission in one channel, by an overwrite
// for its member; RestorePermission takes the overwrite away again.
func (s *Sim) RemovePermission(channelID string, p Permissions) error {
	return s.editChannel(channelID, func(ch *channel) { ch.botOverwrite(s.bot.ID, p, true) })
}

// RestorePermission undoes RemovePermission.
func (s *Sim) RestorePermission(channelID string, p Permissions) error {
	return s.editChannel(channelID, func(ch *channel) { ch.botOverwrite(s.bot.ID, p, false) })
}

func (ch *channel) botOverwrite(botID string, p Permissions, deny bool) {
	i := slices.IndexFunc(ch.Overwrites, func(o Overwrite) bool { return o.Type == 1 && o.ID == botID })
	if i < 0 {
		ch.Overwrites = append(ch.Overwrites, Overwrite{ID: botID, Type: 1})
		i = len(ch.Overwrites) - 1
	}
	if deny {
		ch.Overwrites[i].Deny |= p
	} else {
		ch.Overwrites[i].Deny &^= p
	}
}

package sim

import (
	"fmt"
	"slices"
	"time"
)

// User is a Discord user as the API shows it.
type User struct {
	ID            string  `json:"id"`
	Username      string  `json:"username"`
	Discriminator string  `json:"discriminator"` // "0" since unique usernames
	GlobalName    *string `json:"global_name"`
	Avatar        *string `json:"avatar"`
	Bot           bool    `json:"bot,omitempty"`
	PublicFlags   int     `json:"public_flags"`
}

// Name is what a person reads: the global name, else the username.
func (u User) Name() string {
	if u.GlobalName != nil {
		return *u.GlobalName
	}
	return u.Username
}

// Role is a guild's role. The role whose id is the guild's is @everyone.
type Role struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Color       int         `json:"color"`
	Hoist       bool        `json:"hoist"`
	Position    int         `json:"position"`
	Permissions Permissions `json:"permissions"`
	Managed     bool        `json:"managed"`
	Mentionable bool        `json:"mentionable"`
	Flags       int         `json:"flags"`
}

// Member is a user's membership of a guild.
type Member struct {
	User     *User     `json:"user,omitempty"`
	Nick     *string   `json:"nick"`
	Avatar   *string   `json:"avatar"`
	Roles    []string  `json:"roles"`
	JoinedAt time.Time `json:"joined_at"`
	Deaf     bool      `json:"deaf"`
	Mute     bool      `json:"mute"`
	Flags    int       `json:"flags"`
	Pending  bool      `json:"pending"`
}

func (m *Member) hasRole(id string) bool { return slices.Contains(m.Roles, id) }

// Channel types that the simulator uses (Discord API docs: Channel Types).
const (
	ChannelText         = 0
	ChannelDM           = 1
	ChannelVoice        = 2
	ChannelCategory     = 4
	ChannelAnnouncement = 5
	ChannelForum        = 15
)

// Channel is a guild's channel or a DM as the API shows it.
type Channel struct {
	ID            string      `json:"id"`
	Type          int         `json:"type"`
	GuildID       string      `json:"guild_id,omitempty"`
	Position      int         `json:"position"`
	Overwrites    []Overwrite `json:"permission_overwrites"`
	Name          string      `json:"name"`
	Topic         *string     `json:"topic"`
	NSFW          bool        `json:"nsfw"`
	ParentID      *string     `json:"parent_id"`
	LastMessageID *string     `json:"last_message_id"`
	RateLimit     int         `json:"rate_limit_per_user"`
	Flags         int         `json:"flags"`
	Recipients    []User      `json:"recipients,omitempty"`
}

type channel struct {
	Channel
	messages []*Message // oldest first
}

type guild struct {
	id, name, ownerID, locale string
	icon                      *string
	systemChannel             *string
	roles                     []*Role
	channels                  []*channel
	members                   map[string]*Member
	memberOrder               []string
	hasBot                    bool
	botRole                   string
	unavailable               bool
}

// UserSpec describes a user to add. Username is required; an empty ID is made up.
type UserSpec struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"globalName"`
	Avatar     string `json:"avatar"` // image hash
}

// AddUser adds a user and returns it.
func (s *Sim) AddUser(spec UserSpec) (User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if spec.Username == "" {
		return User{}, fmt.Errorf("add user: no username")
	}
	if spec.ID == "" {
		spec.ID = s.next(s.now())
	}
	if s.users[spec.ID] != nil || snowflake(spec.ID) == 0 {
		return User{}, fmt.Errorf("add user: id %q is taken or no snowflake", spec.ID)
	}
	u := &User{
		ID: spec.ID, Username: spec.Username, Discriminator: "0",
		GlobalName: optional(spec.GlobalName), Avatar: optional(spec.Avatar),
	}
	s.users[u.ID] = u
	s.userOrder = append(s.userOrder, u.ID)
	s.touch()
	return *u, nil
}

// Users lists the people, without the bot, in the order they were added.
func (s *Sim) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]User, 0, len(s.userOrder))
	for _, id := range s.userOrder {
		list = append(list, *s.users[id])
	}
	return list
}

func optional(v string) *string {
	if v == "" {
		return nil
	}
	return &v
}

func deref(v *string) string {
	if v == nil {
		return ""
	}
	return *v
}

// botGuild returns a guild that the bot is a member of, or nil.
func (s *Sim) botGuild(id string) *guild {
	if g := s.guilds[id]; g != nil && g.hasBot {
		return g
	}
	return nil
}

func (g *guild) role(id string) *Role {
	for _, r := range g.roles {
		if r.ID == id {
			return r
		}
	}
	return nil
}

func (g *guild) addMember(u *User, nick string, roles []string, at time.Time) *Member {
	m := &Member{User: u, Nick: optional(nick), Roles: append([]string{}, roles...), JoinedAt: at}
	if g.members[u.ID] == nil {
		g.memberOrder = append(g.memberOrder, u.ID)
	}
	g.members[u.ID] = m
	return m
}

func (g *guild) removeMember(id string) {
	delete(g.members, id)
	g.memberOrder = slices.DeleteFunc(g.memberOrder, func(m string) bool { return m == id })
}

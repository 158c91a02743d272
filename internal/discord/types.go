package discord

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Time is an ISO 8601 time of Discord's. One that cannot be read is the zero
// time: a foreign date never spoils the object around it.
type Time struct{ time.Time }

// UnmarshalJSON accepts null, RFC 3339 and, as webhook events have it, the same without a zone (UTC).
func (t *Time) UnmarshalJSON(b []byte) error {
	t.Time = time.Time{}
	var s string
	if json.Unmarshal(b, &s) != nil {
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if at, err := time.Parse(layout, s); err == nil {
			t.Time = at.UTC()
			return nil
		}
	}
	return nil
}

// User is a Discord account.
type User struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"` // display name, may be empty
	Avatar     string `json:"avatar"`      // image hash, may be empty
	Bot        bool   `json:"bot"`
	Locale     string `json:"locale"`
}

// DisplayName returns the name people see.
func (u User) DisplayName() string {
	if u.GlobalName != "" {
		return u.GlobalName
	}
	return u.Username
}

// Member is a user in a guild.
type Member struct {
	User     *User    `json:"user"`
	Nick     string   `json:"nick"`
	Roles    []string `json:"roles"` // without @everyone
	JoinedAt Time     `json:"joined_at"`
	// Permissions in the channel, overwrites included; in interactions only.
	Permissions string `json:"permissions"`
}

// Role is a role of a guild; @everyone has the guild's id.
type Role struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Color       int    `json:"color"` // 0xRRGGBB, 0: none
	Position    int    `json:"position"`
	Permissions string `json:"permissions"`
	Managed     bool   `json:"managed"`
	Mentionable bool   `json:"mentionable"`
}

// ChannelType is the kind of a channel.
type ChannelType int

// The channel types a guild has (Discord API docs: Channel, Channel Types).
const (
	ChannelText               ChannelType = 0
	ChannelVoice              ChannelType = 2
	ChannelCategory           ChannelType = 4
	ChannelAnnouncement       ChannelType = 5
	ChannelAnnouncementThread ChannelType = 10
	ChannelPublicThread       ChannelType = 11
	ChannelPrivateThread      ChannelType = 12
	ChannelStage              ChannelType = 13
	ChannelForum              ChannelType = 15
	ChannelMedia              ChannelType = 16
)

// IsThread reports whether the channel is a thread of another one.
func (t ChannelType) IsThread() bool {
	return t == ChannelAnnouncementThread || t == ChannelPublicThread || t == ChannelPrivateThread
}

// Messageable reports whether messages can be posted into it directly.
func (t ChannelType) Messageable() bool {
	return t == ChannelText || t == ChannelAnnouncement || t == ChannelVoice || t == ChannelStage || t.IsThread()
}

// Channel is a channel of a guild.
type Channel struct {
	ID         string      `json:"id"`
	GuildID    string      `json:"guild_id"` // missing within GuildCreate
	Type       ChannelType `json:"type"`
	Name       string      `json:"name"`
	ParentID   string      `json:"parent_id"`
	Position   int         `json:"position"`
	Overwrites []Overwrite `json:"permission_overwrites"`
	// Permissions of the invoking user; in an interaction's resolved data only.
	Permissions string `json:"permissions"`
}

// Overwrite changes the permissions of a role (Type 0) or a member (Type 1) in one channel.
type Overwrite struct {
	ID    string `json:"id"`
	Type  int    `json:"type"`
	Allow string `json:"allow"`
	Deny  string `json:"deny"`
}

// Guild is what Trackbot uses of a guild.
type Guild struct {
	ID              string `json:"id"`
	Name            string `json:"name"`
	Icon            string `json:"icon"` // image hash, may be empty
	OwnerID         string `json:"owner_id"`
	SystemChannelID string `json:"system_channel_id"`
	PreferredLocale string `json:"preferred_locale"`
	Roles           []Role `json:"roles"`
}

// Application is the program the bot token belongs to.
type Application struct {
	ID                    string `json:"id"`
	Name                  string `json:"name"`
	VerifyKey             string `json:"verify_key"` // hex Ed25519 key of its webhooks
	ApproximateGuildCount int    `json:"approximate_guild_count"`
	Bot                   *User  `json:"bot"`

	RedirectURIs []string `json:"redirect_uris"` // where a sign-in may lead back to
}

// UserGuild is a guild in the list of a user's guilds.
type UserGuild struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Icon        string `json:"icon"`
	Owner       bool   `json:"owner"`
	Permissions string `json:"permissions"` // decimal, beyond 2^53; excludes what the owner has
}

// cdnURL is where images are served (Discord API docs: Reference, Image Formatting).
const cdnURL = "https://cdn.discordapp.com/"

// AvatarURL returns the address of the user's picture, Discord's own if there is none.
func (u User) AvatarURL() string {
	if isHash(u.Avatar) {
		return cdnURL + "avatars/" + u.ID + "/" + u.Avatar + ".png"
	}
	id, _ := strconv.ParseUint(u.ID, 10, 64)
	return cdnURL + "embed/avatars/" + strconv.FormatUint((id>>22)%6, 10) + ".png"
}

func isHash(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// SnowflakeAt returns the smallest id made at t, for paging by time.
func SnowflakeAt(t time.Time) string {
	return strconv.FormatUint(uint64(max(0, t.UnixMilli()-discordEpoch))<<22, 10)
}

const discordEpoch = 1420070400000 // the first millisecond of 2015

package discord

import (
	"encoding/json"
	"fmt"
)

// Intents select the events Discord sends.
type Intents int

// IntentGuilds brings guilds, roles and channels. It is not privileged, and
// interactions need no intent.
const IntentGuilds Intents = 1 << 0

// Names of the events Trackbot acts on. READY and RESUMED are handed on too.
const (
	EventReady             = "READY"
	EventResumed           = "RESUMED"
	EventGuildCreate       = "GUILD_CREATE"
	EventGuildUpdate       = "GUILD_UPDATE"
	EventGuildDelete       = "GUILD_DELETE"
	EventChannelCreate     = "CHANNEL_CREATE"
	EventChannelUpdate     = "CHANNEL_UPDATE"
	EventChannelDelete     = "CHANNEL_DELETE"
	EventRoleCreate        = "GUILD_ROLE_CREATE"
	EventRoleUpdate        = "GUILD_ROLE_UPDATE"
	EventRoleDelete        = "GUILD_ROLE_DELETE"
	EventInteractionCreate = "INTERACTION_CREATE"
)

// Event is one dispatch of the gateway.
type Event struct {
	Type string
	Data json.RawMessage
	Seq  int64 // counts up within a session
}

// Decode reads the event's data into the struct of its type below.
func (e Event) Decode(into any) error {
	if err := json.Unmarshal(e.Data, into); err != nil {
		return fmt.Errorf("decode %s: %w", e.Type, err)
	}
	return nil
}

// Ready starts a session. Its guilds are unavailable until their GuildCreate.
type Ready struct {
	Version          int           `json:"v"`
	User             User          `json:"user"`
	Guilds           []GuildDelete `json:"guilds"`
	SessionID        string        `json:"session_id"`
	ResumeGatewayURL string        `json:"resume_gateway_url"`
	Application      Application   `json:"application"`
}

// GuildCreate says that a guild is there: at the start of a session, after an
// outage, or because the bot was added. While Unavailable only the ID is set.
type GuildCreate struct {
	Guild
	Unavailable bool      `json:"unavailable"`
	JoinedAt    Time      `json:"joined_at"`
	MemberCount int       `json:"member_count"`
	Channels    []Channel `json:"channels"` // without GuildID
}

// GuildUpdate carries the guild with its roles, without its channels.
type GuildUpdate = Guild

// GuildDelete says that a guild is gone. Unavailable: an outage, not a removal.
type GuildDelete struct {
	ID          string `json:"id"`
	Unavailable bool   `json:"unavailable"`
}

// ChannelEvent is the data of the three channel events.
type ChannelEvent = Channel

// RoleEvent is the data of a role made or changed.
type RoleEvent struct {
	GuildID string `json:"guild_id"`
	Role    Role   `json:"role"`
}

// RoleDelete is the data of a role deleted.
type RoleDelete struct {
	GuildID string `json:"guild_id"`
	RoleID  string `json:"role_id"`
}

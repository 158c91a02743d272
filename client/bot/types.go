package bot

import (
	"fmt"
	"time"
)

// Health is a heartbeat. A bot that misses three is shown as offline.
type Health struct {
	ShardCount int    `json:"shardCount"`
	GuildCount int    `json:"guildCount,omitempty"` // 0: Trackbot counts those it was told of
	Status     string `json:"status"`               // online, degraded or offline
	Version    string `json:"version"`              // 1 to 100 characters
}

// Guild is a guild as Discord describes it. With Channels and Roles, all of them, a new guild is greeted
// and gets a default channel; with neither what is known of them stays.
type Guild struct {
	Name            string    `json:"name"`    // 1 to 100 characters
	IconURL         *string   `json:"iconUrl"` // at cdn.discordapp.com; nil: no icon
	OwnerID         string    `json:"ownerId"`
	SystemChannelID string    `json:"systemChannelId,omitempty"`
	Locale          string    `json:"locale,omitempty"` // as Discord names it
	Channels        []Channel `json:"channels,omitzero"`
	Roles           []Role    `json:"roles,omitzero"`
}

// Channel is a channel as the bot sees it.
type Channel struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Type     string `json:"type"` // text, announcement, voice, stage, forum, category or other
	Position int    `json:"position"`
	CanSend  bool   `json:"canSend"` // the bot has View Channel, Send Messages and Embed Links there
}

// Role is a role of a guild.
type Role struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Color       int    `json:"color"` // 0xRRGGBB
	Mentionable bool   `json:"mentionable"`
	Position    int    `json:"position"`
	Permissions string `json:"permissions"` // Discord's decimal set
}

// GuildChange is what an event of Discord has changed; what is not set has not.
type GuildChange struct {
	Unavailable      bool      `json:"unavailable,omitempty"` // an outage of Discord; PutGuild ends it
	Guild            *Guild    `json:"guild,omitempty"`       // the guild itself with all Roles; Channels do not count
	Roles            []Role    `json:"roles,omitzero"`        // all
	Channels         []Channel `json:"channels,omitzero"`     // all
	Channel          *Channel  `json:"channel,omitempty"`     // one that was made or has changed
	DeletedChannelID string    `json:"deletedChannelId,omitempty"`
}

// Session is a shard's place in Discord's stream of events.
type Session struct {
	SessionID  string `json:"sessionId"`
	ResumeURL  string `json:"resumeUrl"`
	Sequence   int64  `json:"sequence"` // of the last event that need not be told again
	ShardCount int    `json:"shardCount"`
}

// Command is a slash command that a member has given, or is typing.
type Command struct {
	InteractionID string   `json:"interactionId"`
	ChannelID     string   `json:"channelId"`
	Member        Member   `json:"member"`
	Name          string   `json:"name"` // with its subcommand: "track add"
	Options       []Option `json:"options"`
}

// Member is who gave it, with the permissions that came with the interaction, unchanged: Trackbot
// believes the bot.
type Member struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Permissions string `json:"permissions"` // Discord's decimal set
}

// Option is a value as text: true and false, numbers in decimals.
type Option struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Focused bool   `json:"focused,omitempty"` // it is being typed
}

// Reply is what the member is to see, alone. Its texts are Discord markdown.
type Reply struct {
	Outcome   string   `json:"outcome"` // ok, or the code of a refusal
	Color     int      `json:"color"`   // 0xRRGGBB
	Title     string   `json:"title"`
	URL       string   `json:"url"` // where the title leads; may be empty
	Body      string   `json:"body"`
	Fields    []Field  `json:"fields"`
	Footer    string   `json:"footer"`
	Thumbnail string   `json:"thumbnail"`
	Buttons   []Button `json:"buttons"`
}

// Field is a fact with its name.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Button opens an address.
type Button struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// Choice is a value offered for an option.
type Choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// GuildState is a guild that Trackbot knows.
type GuildState struct {
	GuildID  string `json:"guildId"`
	ClientID string `json:"clientId"` // Trackbot's own id, a UUID
	Created  bool   `json:"-"`        // it was not known before this call
}

// GuildConfig is what a bot needs to know about a guild.
type GuildConfig struct {
	GuildID  string   `json:"guildId"`
	ClientID string   `json:"clientId"`
	Tier     string   `json:"tier"` // free, pro or enterprise
	Limits   Limits   `json:"limits"`
	Settings Settings `json:"settings"`
}

// Limits are those of the guild's tier.
type Limits struct {
	Accounts               int64 `json:"accounts"`
	Brands                 int64 `json:"brands"`
	MinPollIntervalSeconds int64 `json:"minPollIntervalSeconds"`
	NotificationsPerDay    int64 `json:"notificationsPerDay"`
	HistoryDays            int64 `json:"historyDays"`
	ExportRows             int64 `json:"exportRows"`
	RequestsPerMinute      int64 `json:"requestsPerMinute"`
}

// Settings are the guild's own; nil stands for none.
type Settings struct {
	Timezone             string      `json:"timezone"` // IANA name
	Locale               string      `json:"locale"`   // as Discord names it
	NotificationsEnabled bool        `json:"notificationsEnabled"`
	DefaultChannelID     *string     `json:"defaultChannelId"`
	MentionRoleID        *string     `json:"mentionRoleId"`
	QuietHours           *QuietHours `json:"quietHours"`
	Digest               string      `json:"digest"`          // off, hourly or daily
	DashboardAccess      string      `json:"dashboardAccess"` // members or managers
	EmbedColor           string      `json:"embedColor"`      // #rrggbb
	BreakoutFactor       *float64    `json:"breakoutFactor"`
	WeeklyScorecard      bool        `json:"weeklyScorecard"`
}

// QuietHours are times of day in the guild's time zone, as hh:mm.
type QuietHours struct {
	Start string `json:"start"`
	End   string `json:"end"`
}

// Error is a refusal by the API (RFC 9457).
type Error struct {
	Status     int           // HTTP's
	Code       string        // such as unauthenticated, not_found, validation_failed; "" when it was not the API that answered
	Detail     string        // a sentence for people
	RequestID  string        // names the call in the API's log
	Fields     []FieldError  // with validation_failed
	RetryAfter time.Duration // 0: no hint
}

// FieldError says what is wrong with one value.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Error gives all that a log needs.
func (e *Error) Error() string {
	s := fmt.Sprintf("trackbot answered %d %s: %s", e.Status, e.Code, e.Detail)
	for _, f := range e.Fields {
		s += fmt.Sprintf(" [%s: %s]", f.Field, f.Message)
	}
	return s + " (request " + e.RequestID + ")"
}

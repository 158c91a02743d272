package bot

import (
	"fmt"
	"time"
)

// Health is a heartbeat. A bot that misses three is shown as offline.
type Health struct {
	ShardCount int    `json:"shardCount"`
	GuildCount int    `json:"guildCount"`
	Status     string `json:"status"`  // online, degraded or offline
	Version    string `json:"version"` // 1 to 100 characters
}

// Guild is a guild as Discord describes it.
type Guild struct {
	Name    string  `json:"name"`    // 1 to 100 characters
	IconURL *string `json:"iconUrl"` // at cdn.discordapp.com; nil: no icon
	OwnerID string  `json:"ownerId"`
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

// Package delivery decides which channels a new post goes to, what the message says, and what
// becomes of a message that Discord does not take. It owns the outbox; it knows no HTTP and no Discord.
//
// A delivery is written in the transaction of its post and moves so:
//
//	        no channel, wrong kind,            older than a day
//	        filtered, switched off           when a pause ends
//	post ──────────────────────────► skipped ◄──────┐
//	 │                                              │
//	 └──► pending ──► sending ──► sent              │
//	      │  ▲         │  ▲ │      ▲                │
//	      ▼  │         │  │ └──► dead               │
//	      held ────────┼──┼───────┘ with its digest │
//	                   ▼  │                         │
//	                  retry ────────────────────────┘
//
// Pending, sending and retry rows of a channel form its line, ordered by seq. A line is served by
// one sender at a time, who holds the lease on its row in channel_queues, and only from its head.
// A row whose attempted_at is set may have reached Discord, whatever its state: before it is sent
// again the channel is searched for it.
//
// The sender takes posts out of the line that fall into the quiet hours or a digest's window: held
// rows wait beside it. When their time has come and they are several, one or more digests take the
// place of the first of them in the line, and they end as their digest ends. A post behind held ones
// waits with them, whatever the settings say by then: nothing overtakes. A digest is a delivery
// like any other, so a crash neither loses nor repeats it.
package delivery

import (
	"strings"
	"time"

	"github.com/google/uuid"
)

// The states of a delivery.
const (
	StatePending = "pending"
	StateSending = "sending"
	StateRetry   = "retry"
	StateHeld    = "held"
	StateSent    = "sent"
	StateDead    = "dead"
	StateSkipped = "skipped"
)

// The kinds of deliveries. A digest carries held posts, which end with it.
const (
	KindPost     = "post"
	KindBreakout = "breakout"
	KindDigest   = "digest"
	KindNotice   = "notice"
)

// The reasons of skipped, waiting and dead deliveries and of paused channels.
const (
	ReasonNotificationsOff   = "notifications_off"
	ReasonKind               = "kind_not_announced"
	ReasonFiltered           = "filtered"
	ReasonRoutePaused        = "route_paused"
	ReasonNoChannel          = "no_channel"
	ReasonExpired            = "expired"
	ReasonQuietHours         = "quiet_hours"
	ReasonDigest             = "digest"
	ReasonRecovered          = "recovered"
	ReasonPlanLimit          = "plan_limit"
	ReasonRateLimited        = "rate_limited"
	ReasonUnavailable        = "discord_unavailable"
	ReasonHeld               = "sending_held"
	ReasonGaveUp             = "gave_up"
	ReasonMessageRefused     = "message_refused"
	ReasonUnknownChannel     = "unknown_channel"
	ReasonMissingAccess      = "missing_access"
	ReasonMissingPermissions = "missing_permissions"
)

// Message is what goes to a channel, in no platform's terms. Its texts are Discord markdown but for
// Author and Footer, which are plain; feed text in it must have gone through Escape.
type Message struct {
	Content       string     `json:"content,omitempty"` // above the card
	Title         string     `json:"title,omitempty"`
	Body          string     `json:"body,omitempty"`
	URL           string     `json:"url,omitempty"`   // where the title leads
	Color         int        `json:"color,omitempty"` // 0xRRGGBB
	Author        string     `json:"author,omitempty"`
	AuthorIconURL string     `json:"authorIconUrl,omitempty"`
	Footer        string     `json:"footer,omitempty"`
	ThumbnailURL  string     `json:"thumbnailUrl,omitempty"` // small, beside the text
	ImageURL      string     `json:"imageUrl,omitempty"`     // large, below it
	Timestamp     *time.Time `json:"timestamp,omitempty"`
	Fields        []Field    `json:"fields,omitempty"`
	Buttons       []Button   `json:"buttons,omitempty"`
	MentionRoleID string     `json:"mentionRoleId,omitempty"` // the one role that may be pinged
	// AlsoMention are further roles that may be pinged, by a message that stands for several posts.
	AlsoMention []string `json:"alsoMention,omitempty"`
	// Cards, of a digest, stand in place of the message's own card.
	Cards []Message `json:"cards,omitempty"`
}

// Text is what stands above the card: the mentions and then the content.
func (m Message) Text() string {
	if m.MentionRoleID == "" {
		return m.Content
	}
	return strings.TrimSpace("<@&" + strings.Join(m.Roles(), "> <@&") + "> " + m.Content)
}

// Roles are those that may be pinged.
func (m Message) Roles() []string {
	if m.MentionRoleID == "" {
		return nil
	}
	return append([]string{m.MentionRoleID}, m.AlsoMention...)
}

// Field is a named value of a message.
type Field struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline,omitempty"`
}

// Button is a link below a message.
type Button struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

// Notice is a message that is no post. It goes out once for ever by (ClientID, Key).
type Notice struct {
	ClientID  uuid.UUID
	Key       string
	ChannelID string
	Message   Message
}

// NewPost is a tenant's copy of a post that is to be announced.
type NewPost struct {
	ClientID, PostID, AccountID, GroupID, BrandID uuid.UUID
	// AccountChannelID is the account's own channel, nil when it has none.
	AccountChannelID        *string
	Kind, Title, Body       string
	PublishedAt, DetectedAt time.Time
}

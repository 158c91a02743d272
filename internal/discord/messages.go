package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// Limits of a message (Discord API docs: Message, Create Message), in Unicode code points.
const (
	MaxContent = 2000
	MaxNonce   = 25
)

// Message flags (Discord API docs: Message, Message Flags).
const (
	FlagSuppressEmbeds        = 1 << 2
	FlagEphemeral             = 1 << 6 // interaction responses only
	FlagSuppressNotifications = 1 << 12
)

// AllowedMentions says who may be pinged by a message. The zero value: nobody.
type AllowedMentions struct {
	Parse []string // any of "users", "roles", "everyone"
	Roles []string // ids; excludes "roles" in Parse
	Users []string // ids; excludes "users" in Parse
}

// MarshalJSON always writes parse: left out, Discord would ping whatever the text names.
func (a AllowedMentions) MarshalJSON() ([]byte, error) {
	if a.Parse == nil {
		a.Parse = []string{}
	}
	return json.Marshal(struct {
		Parse []string `json:"parse"`
		Roles []string `json:"roles,omitempty"`
		Users []string `json:"users,omitempty"`
	}(a))
}

// MessageCreate is a message to send. Content, Embeds or Components must be there.
type MessageCreate struct {
	Content         string          `json:"content,omitempty"` // up to MaxContent
	Embeds          []Embed         `json:"embeds,omitempty"`  // within the limits of ClampEmbeds
	AllowedMentions AllowedMentions `json:"allowed_mentions"`  // always sent
	// Nonce, up to MaxNonce, with EnforceNonce: for some minutes the same nonce
	// yields the message already made instead of a second one. If that was deleted
	// meanwhile, the answer is CodeUnknownMessage.
	Nonce        string      `json:"nonce,omitempty"`
	EnforceNonce bool        `json:"enforce_nonce,omitempty"`
	Components   []Component `json:"components,omitempty"`
	Flags        int         `json:"flags,omitempty"`
}

// Component is an action row or a link button (Discord API docs: Component Reference).
type Component struct {
	Type       int         `json:"type"`
	Components []Component `json:"components,omitempty"`
	Style      int         `json:"style,omitempty"`
	Label      string      `json:"label,omitempty"`
	URL        string      `json:"url,omitempty"`
}

const (
	componentRow    = 1
	componentButton = 2
	styleLink       = 5
	maxButtons      = 5 // in a row
	maxLabel        = 80
	maxButtonURL    = 512
)

// LinkButton returns a button that opens an http(s) address of up to 512
// characters. It needs no interaction to work.
func LinkButton(label, address string) Component {
	return Component{Type: componentButton, Style: styleLink, Label: clampText(label, maxLabel), URL: address}
}

// LinkRow returns a row of up to five buttons; buttons whose address Discord
// would refuse are left out. Without any it returns nil, to be used as it is.
func LinkRow(buttons ...Component) []Component {
	var kept []Component
	for _, b := range buttons {
		if isWebURL(b.URL) && len(b.URL) <= maxButtonURL && b.Label != "" && len(kept) < maxButtons {
			kept = append(kept, b)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return []Component{{Type: componentRow, Components: kept}}
}

func isWebURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// Nonce is a message's nonce, which Discord writes as a string or a number.
type Nonce string

// UnmarshalJSON accepts both forms and null.
func (n *Nonce) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*n = Nonce(s)
		return nil
	}
	var num json.Number
	if err := json.Unmarshal(b, &num); err != nil {
		return fmt.Errorf("read nonce: %w", err)
	}
	*n = Nonce(num.String())
	return nil
}

// Message is a message in a channel.
type Message struct {
	ID        string  `json:"id"`
	ChannelID string  `json:"channel_id"`
	Author    User    `json:"author"`
	Content   string  `json:"content"`
	Timestamp Time    `json:"timestamp"`
	Nonce     Nonce   `json:"nonce"` // in the answer to CreateMessage; rarely in lists
	Embeds    []Embed `json:"embeds"`
	Flags     int     `json:"flags"`
}

// URL returns where people see the message; guildID "@me" for direct messages.
func (m Message) URL(guildID string) string {
	return "https://discord.com/channels/" + guildID + "/" + m.ChannelID + "/" + m.ID
}

// CreateMessage posts a message once. An error that is not NotSent leaves open
// whether the message was made, unless Discord answered with a refusal.
func (c *Client) CreateMessage(ctx context.Context, channelID string, m MessageCreate) (Message, error) {
	var out Message
	if err := checkIDs(channelID); err != nil {
		return out, err
	}
	rq := c.bot(http.MethodPost, "/channels/{channel}/messages", "/channels/"+channelID+"/messages", channelID)
	rq.json = m
	err := c.do(ctx, rq, &out)
	return out, err
}

// MessageQuery selects messages of a channel. At most one of Around, Before and
// After may be set; they are message ids.
type MessageQuery struct {
	Limit  int // 1 to 100; 0: Discord's 50
	Around string
	Before string
	After  string
}

// ChannelMessages returns messages from newest to oldest. A bot that may not
// read the history gets none and no error.
func (c *Client) ChannelMessages(ctx context.Context, channelID string, q MessageQuery) ([]Message, error) {
	if err := checkIDs(channelID); err != nil {
		return nil, err
	}
	rq := c.bot(http.MethodGet, "/channels/{channel}/messages", "/channels/"+channelID+"/messages", channelID)
	rq.query, rq.limit = url.Values{}, listLimit
	if q.Limit > 0 {
		rq.query.Set("limit", strconv.Itoa(q.Limit))
	}
	for name, id := range map[string]string{"around": q.Around, "before": q.Before, "after": q.After} {
		if id != "" {
			rq.query.Set(name, id)
		}
	}
	var out []Message
	err := c.do(ctx, rq, &out)
	return out, err
}

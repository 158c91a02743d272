package sim

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Message flags (Discord API docs: Message Flags).
const (
	flagSuppressEmbeds = 1 << 2
	flagEphemeral      = 1 << 6
	flagLoading        = 1 << 7
	flagSilent         = 1 << 12
)

// Message is a message as the API shows it. Mentions, MentionRoles and
// MentionEveryone name those who were pinged, after allowed_mentions.
type Message struct {
	ID              string            `json:"id"`
	ChannelID       string            `json:"channel_id"`
	Type            int               `json:"type"`
	Author          User              `json:"author"`
	Content         string            `json:"content"`
	Timestamp       time.Time         `json:"timestamp"`
	EditedTimestamp *time.Time        `json:"edited_timestamp"`
	TTS             bool              `json:"tts"`
	MentionEveryone bool              `json:"mention_everyone"`
	Mentions        []User            `json:"mentions"`
	MentionRoles    []string          `json:"mention_roles"`
	Attachments     []Attachment      `json:"attachments"`
	Embeds          []Embed           `json:"embeds"`
	Components      []json.RawMessage `json:"components"`
	Pinned          bool              `json:"pinned"`
	Flags           int               `json:"flags"`
	Nonce           any               `json:"nonce,omitempty"`
	ApplicationID   string            `json:"application_id,omitempty"`
	WebhookID       string            `json:"webhook_id,omitempty"`
	Reference       *Reference        `json:"message_reference,omitempty"`
	Interaction     object            `json:"interaction_metadata,omitempty"`
}

// Pings lists everyone whom the message notified: "@everyone", user ids, role ids.
func (m Message) Pings() []string {
	var list []string
	if m.MentionEveryone {
		list = append(list, "@everyone")
	}
	for _, u := range m.Mentions {
		list = append(list, u.ID)
	}
	return append(list, m.MentionRoles...)
}

// stored is the message as it is read back later: Discord does not keep the
// nonce, which only the answer to the creation and MESSAGE_CREATE carry.
func (m *Message) stored() Message {
	out := *m
	out.Nonce = nil
	return out
}

// Reference points at the message that is replied to.
type Reference struct {
	Type            int    `json:"type"`
	MessageID       string `json:"message_id"`
	ChannelID       string `json:"channel_id,omitempty"`
	GuildID         string `json:"guild_id,omitempty"`
	FailIfNotExists *bool  `json:"fail_if_not_exists,omitempty"`
}

// Attachment is an uploaded file; only its name and size are kept.
type Attachment struct {
	ID       string `json:"id"`
	Filename string `json:"filename"`
	Size     int    `json:"size"`
	URL      string `json:"url"`
}

// Embed is a rich embed (Discord API docs: Embed Object).
type Embed struct {
	Type        string       `json:"type"`
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	URL         string       `json:"url,omitempty"`
	Timestamp   string       `json:"timestamp,omitempty"`
	Color       *int         `json:"color,omitempty"`
	Footer      *EmbedFooter `json:"footer,omitempty"`
	Image       *EmbedImage  `json:"image,omitempty"`
	Thumbnail   *EmbedImage  `json:"thumbnail,omitempty"`
	Author      *EmbedAuthor `json:"author,omitempty"`
	Fields      []EmbedField `json:"fields,omitempty"`
}

// EmbedFooter is the small print of an embed.
type EmbedFooter struct {
	Text    string `json:"text"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedImage is an embed's image or thumbnail.
type EmbedImage struct {
	URL string `json:"url"`
}

// EmbedAuthor is the line above an embed's title.
type EmbedAuthor struct {
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedField is a name and a value.
type EmbedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline"`
}

// allowedMentions is the object of the same name. A nil *allowedMentions means "not given".
type allowedMentions struct {
	Parse []string `json:"parse"`
	Users []string `json:"users"`
	Roles []string `json:"roles"`
}

// nonceEntry remembers a sent nonce for enforce_nonce.
type nonceEntry struct {
	message *Message
	at      time.Time
}

// Messages lists what stands in a channel, oldest first. Ephemeral answers are
// not among it.
func (s *Sim) Messages(channelID string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[channelID]
	if ch == nil {
		return nil
	}
	list := make([]Message, 0, len(ch.messages))
	for _, m := range ch.messages {
		list = append(list, *m)
	}
	return list
}

// mention sets who is pinged by the content, honouring allowed_mentions and the
// bot's permissions (Discord API docs: Allowed Mentions Object).
func (s *Sim) mention(m *Message, g *guild, may Permissions, allowed *allowedMentions) {
	m.Mentions, m.MentionRoles = []User{}, []string{}
	parse := func(kind string) bool { return allowed == nil || slices.Contains(allowed.Parse, kind) }
	for _, id := range idsIn(m.Content, `<@!?(\d+)>`) {
		u := s.users[id]
		if u != nil && (parse("users") || slices.Contains(allowed.Users, id)) {
			m.Mentions = append(m.Mentions, *u)
		}
	}
	if g == nil {
		return
	}
	for _, id := range idsIn(m.Content, `<@&(\d+)>`) {
		r := g.role(id)
		if r == nil || !(parse("roles") || slices.Contains(allowed.Roles, id)) {
			continue
		}
		if r.Mentionable || may.has(PermMentionEveryone) {
			m.MentionRoles = append(m.MentionRoles, id)
		}
	}
	everyone := strings.Contains(m.Content, "@everyone") || strings.Contains(m.Content, "@here")
	m.MentionEveryone = everyone && parse("everyone") && may.has(PermMentionEveryone)
}

func idsIn(text, pattern string) []string {
	var found []string
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		if !slices.Contains(found, match[1]) {
			found = append(found, match[1])
		}
	}
	return found
}

// post puts a message into a channel and tells the gateway. Callers hold mu.
func (s *Sim) post(ch *channel, m *Message) {
	m.ID, m.ChannelID, m.Timestamp = s.next(s.now()), ch.ID, s.now()
	ch.messages = append(ch.messages, m)
	ch.LastMessageID = &m.ID
	s.messageEvent("MESSAGE_CREATE", ch, m)
	s.touch()
}

// messageEvent sends a message event. Apps without the message content intent
// still get the content of their own messages, and here only the bot writes.
func (s *Sim) messageEvent(event string, ch *channel, m *Message) {
	g := s.guilds[ch.GuildID]
	intent := uint64(intentGuildMessages)
	if g == nil {
		intent = intentDirectMessages
	}
	var payload object
	if err := json.Unmarshal(mustJSON(m), &payload); err != nil {
		panic(err) // a message is a JSON object
	}
	if g != nil {
		payload["guild_id"] = g.id
	}
	s.dispatch(g, intent, event, payload)
}

func (ch *channel) message(id string) *Message {
	for _, m := range slices.Backward(ch.messages) {
		if m.ID == id {
			return m
		}
	}
	return nil
}

func (ch *channel) remove(id string) {
	ch.messages = slices.DeleteFunc(ch.messages, func(m *Message) bool { return m.ID == id })
}

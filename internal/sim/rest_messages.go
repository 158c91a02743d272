package sim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

func messageRoutes(s *Sim) []apiRoute {
	return []apiRoute{
		{"POST /channels/{channel}/messages", authBot, "message-create", "channel", false, s.createMessage},
		{"GET /channels/{channel}/messages", authBot, "message-read", "channel", false, s.listMessages},
		{"GET /channels/{channel}/messages/{message}", authBot, "message-read", "channel", false, s.getMessage},
		{"PATCH /channels/{channel}/messages/{message}", authBot, "message-edit", "channel", false, s.editMessage},
		{"DELETE /channels/{channel}/messages/{message}", authBot, "message-delete", "channel", false, s.deleteMessage},
		{"POST /channels/{channel}/typing", authBot, "typing", "channel", false, s.startTyping},
		{"GET /channels/{channel}", authBot, "channel", "channel", false, s.getChannel},
		{"POST /users/@me/channels", authBot, "dm-create", "", false, s.createDM},
	}
}

// channelFor finds the channel of the path and checks the bot's permissions in it:
// 10003 for none, 50001 where the bot sees nothing, 50013 for the rest.
func (c *call) channelFor(want Permissions) (*channel, *guild, Permissions, *apiError) {
	id, e := c.pathID("channel")
	if e != nil {
		return nil, nil, 0, e
	}
	ch := c.sim.channels[id]
	if ch == nil {
		return nil, nil, 0, errUnknownChannel()
	}
	if ch.GuildID == "" {
		return ch, nil, permAll &^ PermMentionEveryone, nil
	}
	g := c.sim.botGuild(ch.GuildID)
	if g == nil {
		return nil, nil, 0, errMissingAccess()
	}
	may := g.channelPermissions(c.sim.bot.ID, ch)
	switch {
	case !may.has(PermViewChannel):
		return nil, nil, 0, errMissingAccess()
	case !may.has(want):
		return nil, nil, 0, errMissingPermissions()
	}
	return ch, g, may, nil
}

func (s *Sim) getChannel(c *call) (any, *apiError) {
	ch, _, _, e := c.channelFor(PermViewChannel)
	if e != nil {
		return nil, e
	}
	return ch.Channel, nil
}

func (s *Sim) startTyping(c *call) (any, *apiError) {
	_, _, _, e := c.channelFor(PermSendMessages)
	return nil, e
}

func (s *Sim) createDM(c *call) (any, *apiError) {
	var in struct {
		RecipientID string `json:"recipient_id"`
	}
	if e := c.decode(&in); e != nil {
		return nil, e
	}
	u := s.users[in.RecipientID]
	if u == nil || u.Bot {
		return nil, errUnknownUser()
	}
	for _, ch := range s.channels {
		if ch.Type == ChannelDM && ch.Recipients[0].ID == u.ID {
			return ch.Channel, nil
		}
	}
	ch := &channel{Channel: Channel{
		ID: s.next(s.now()), Type: ChannelDM, Recipients: []User{*u}, Overwrites: []Overwrite{},
	}}
	s.channels[ch.ID] = ch
	return ch.Channel, nil
}

func (s *Sim) createMessage(c *call) (any, *apiError) {
	ch, g, may, e := c.channelFor(PermSendMessages)
	if e != nil {
		return nil, e
	}
	if ch.Type == ChannelCategory || ch.Type == ChannelForum {
		return nil, &apiError{Status: 400, Code: 50008, Message: "Cannot send messages in a non-text channel"}
	}
	var form messageForm
	if e := c.decodeMessage(&form); e != nil {
		return nil, e
	}
	if form.empty() {
		return nil, errEmptyMessage()
	}
	if form.Embeds != nil && len(*form.Embeds) > 0 && !may.has(PermEmbedLinks) {
		return nil, errMissingPermissions()
	}
	if e := ch.checkReference(form.Reference); e != nil {
		return nil, e
	}
	key := nonceKey(s.bot.ID, form.Nonce)
	if old, ok := s.nonces[key]; ok && form.EnforceNonce && key != "" && s.now().Sub(old.at) < s.cfg.Limits.NonceWindow {
		return old.message, nil
	}
	m := &Message{Author: s.bot, ApplicationID: s.cfg.ClientID, Nonce: form.Nonce, Reference: form.Reference, TTS: form.TTS}
	m.Flags = form.Flags & (flagSuppressEmbeds | flagSilent)
	if form.Reference != nil {
		m.Type = 19 // REPLY
	}
	form.fill(m)
	s.mention(m, g, may, form.AllowedMentions)
	s.post(ch, m)
	s.remember(key, m)
	return m, nil
}

// remember notes a nonce and forgets those past the window once there are many.
func (s *Sim) remember(key string, m *Message) {
	if key == "" {
		return
	}
	now := s.now()
	if len(s.nonces) >= 4096 {
		maps.DeleteFunc(s.nonces, func(_ string, n nonceEntry) bool { return now.Sub(n.at) >= s.cfg.Limits.NonceWindow })
	}
	s.nonces[key] = nonceEntry{m, now}
}

// fill copies what is given into the message and makes its lists non-nil.
func (form *messageForm) fill(m *Message) {
	if form.Content != nil {
		m.Content = strings.TrimSpace(*form.Content)
	}
	if form.Embeds != nil {
		m.Embeds = *form.Embeds
	}
	if form.Components != nil {
		m.Components = *form.Components
	}
	m.Attachments = append(m.Attachments, form.attachments...)
	if m.Attachments == nil {
		m.Attachments = []Attachment{}
	}
	if m.Embeds == nil {
		m.Embeds = []Embed{}
	}
	if m.Components == nil {
		m.Components = []json.RawMessage{}
	}
}

func nonceKey(author string, nonce any) string {
	switch n := nonce.(type) {
	case string:
		return author + "/" + n
	case float64:
		return author + "/" + strconv.FormatFloat(n, 'f', 0, 64)
	}
	return ""
}

func (ch *channel) checkReference(ref *Reference) *apiError {
	if ref == nil || ch.message(ref.MessageID) != nil || ref.FailIfNotExists != nil && !*ref.FailIfNotExists {
		return nil
	}
	var f formErrors
	f.add("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
	return f.err()
}

// listMessages answers newest first; after takes the messages next to that id.
func (s *Sim) listMessages(c *call) (any, *apiError) {
	ch, _, may, e := c.channelFor(PermViewChannel)
	if e != nil {
		return nil, e
	}
	q := c.URL.Query()
	var f formErrors
	limit := f.number("limit", q.Get("limit"), 50, 1, 100)
	given := 0
	for _, name := range []string{"around", "before", "after"} {
		if id := q.Get(name); id != "" {
			given++
			if _, err := strconv.ParseUint(id, 10, 64); err != nil {
				f.add(name, "NUMBER_TYPE_COERCE", fmt.Sprintf("Value %q is not snowflake.", id))
			}
		}
	}
	if given > 1 {
		f.add("", "MUTUALLY_EXCLUSIVE", "Only one of around, before and after may be given.")
	}
	if e := f.err(); e != nil {
		return nil, e
	}
	if !may.has(PermReadMessageHistory) {
		return []Message{}, nil
	}
	return ch.page(q.Get("around"), q.Get("before"), q.Get("after"), limit), nil
}

func (ch *channel) page(around, before, after string, limit int) []Message {
	at := func(id string) int { // index of the first message at or past id
		n, _ := strconv.ParseUint(id, 10, 64)
		i, _ := slices.BinarySearchFunc(ch.messages, n, func(m *Message, n uint64) int {
			return cmp.Compare(snowflake(m.ID), n)
		})
		return i
	}
	lo, hi := max(len(ch.messages)-limit, 0), len(ch.messages)
	switch {
	case before != "":
		hi = at(before)
		lo = max(hi-limit, 0)
	case after != "":
		lo = at(after)
		if lo < len(ch.messages) && ch.messages[lo].ID == after {
			lo++
		}
		hi = min(lo+limit, len(ch.messages))
	case around != "":
		lo = max(at(around)-limit/2, 0)
		hi = min(lo+limit, len(ch.messages))
	}
	list := []Message{}
	for _, m := range slices.Backward(ch.messages[lo:hi]) {
		list = append(list, m.stored())
	}
	return list
}

// number reads an integer query parameter within its documented range.
func (f *formErrors) number(name, value string, fallback, low, high int) int {
	if value == "" {
		return fallback
	}
	n, err := strconv.Atoi(value)
	switch {
	case err != nil:
		f.add(name, "NUMBER_TYPE_COERCE", fmt.Sprintf("Value %q is not int.", value))
	case n < low:
		f.add(name, "NUMBER_TYPE_MIN", fmt.Sprintf("int value should be greater than or equal to %d.", low))
	case n > high:
		f.add(name, "NUMBER_TYPE_MAX", fmt.Sprintf("int value should be less than or equal to %d.", high))
	}
	return n
}

func (c *call) messageFor(want Permissions) (*channel, *Message, *apiError) {
	ch, _, _, e := c.channelFor(want)
	if e != nil {
		return nil, nil, e
	}
	id, e := c.pathID("message")
	if e != nil {
		return nil, nil, e
	}
	m := ch.message(id)
	if m == nil {
		return nil, nil, errUnknownMessage()
	}
	return ch, m, nil
}

func (s *Sim) getMessage(c *call) (any, *apiError) {
	_, m, e := c.messageFor(PermViewChannel | PermReadMessageHistory)
	if e != nil {
		return nil, e
	}
	return m.stored(), nil
}

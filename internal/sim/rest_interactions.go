package sim

import (
	"fmt"
	"slices"
)

func interactionRoutes(s *Sim) []apiRoute {
	const original = "/webhooks/{application}/{token}/messages/{message}"
	return []apiRoute{
		{"POST /interactions/{interaction}/{token}/callback", authNone, "", "", true, s.callback},
		{"GET " + original, authNone, "webhook", "token", true, s.getAnswer},
		{"PATCH " + original, authNone, "webhook", "token", true, s.editAnswer},
		{"DELETE " + original, authNone, "webhook", "token", true, s.deleteAnswer},
		{"POST /webhooks/{application}/{token}", authNone, "webhook", "token", true, s.followup},
	}
}

// callback takes the first answer to an interaction, once and in time.
func (s *Sim) callback(c *call) (any, *apiError) {
	it := s.interactions[c.PathValue("token")]
	if it == nil || it.id != c.PathValue("interaction") {
		return nil, errUnknownInteraction()
	}
	if it.answered {
		return nil, &apiError{Status: 400, Code: 40060, Message: "Interaction has already been acknowledged."}
	}
	if s.now().Sub(it.sent) > s.cfg.Interactions.Deadline {
		return nil, errUnknownInteraction()
	}
	var in struct {
		Type int `json:"type"`
		Data struct {
			messageForm
			Choices *[]Choice `json:"choices"`
		} `json:"data"`
	}
	if e := c.decode(&in); e != nil {
		return nil, e
	}
	if e := it.accept(s, in.Type, &in.Data.messageForm, in.Data.Choices); e != nil {
		return nil, e
	}
	it.answered = true
	it.step()
	s.touch()
	if q := c.URL.Query().Get("with_response"); q != "true" && q != "1" {
		return nil, nil
	}
	return it.response(in.Type), nil
}

func (it *interaction) accept(s *Sim, kind int, form *messageForm, choices *[]Choice) *apiError {
	var f formErrors
	switch {
	case kind == callbackAutocomplete && it.kind == interactionAutocomplete:
		if choices == nil {
			f.add("data.choices", "BASE_TYPE_REQUIRED", "This field is required")
			return f.err()
		}
		return it.setChoices(*choices)
	case it.kind == interactionCommand && (kind == callbackMessage || kind == callbackDeferred):
		return it.answer(s, kind, form)
	default:
		f.add("type", "INTERACTION_TYPE_INVALID", fmt.Sprintf("Callback type %d does not fit the interaction.", kind))
		return f.err()
	}
}

func (it *interaction) setChoices(list []Choice) *apiError {
	var f formErrors
	if len(list) > 25 {
		f.add("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	for i, ch := range list {
		f.length(fmt.Sprintf("data.choices.%d.name", i), ch.Name, 1, 100)
		if v, ok := ch.Value.(string); ok {
			f.length(fmt.Sprintf("data.choices.%d.value", i), v, 0, 100)
		}
	}
	it.choices = list
	return f.err()
}

// answer makes the original message, visible to all unless it is ephemeral.
func (it *interaction) answer(s *Sim, kind int, form *messageForm) *apiError {
	if e := form.check(); e != nil {
		return e
	}
	if kind == callbackMessage && form.empty() {
		return errEmptyMessage()
	}
	it.deferred = kind == callbackDeferred
	it.loading = it.deferred
	it.ephemeral = form.Flags&flagEphemeral != 0
	it.message = it.newMessage(s, form, it.ephemeral)
	if it.loading {
		it.message.Flags |= flagLoading
	}
	it.place(s, it.message)
	return nil
}

func (it *interaction) newMessage(s *Sim, form *messageForm, ephemeral bool) *Message {
	m := &Message{
		Type: 20, Author: s.bot, ApplicationID: s.cfg.ClientID, WebhookID: s.cfg.ClientID, // CHAT_INPUT_COMMAND
		Flags: form.Flags & flagSuppressEmbeds,
		Interaction: object{
			"id": it.id, "type": it.kind, "name": it.command, "user": it.user,
			"authorizing_integration_owners": object{"0": it.guild.id},
		},
	}
	if ephemeral {
		m.Flags |= flagEphemeral
	}
	form.fill(m)
	allowed := form.AllowedMentions
	if allowed == nil {
		allowed = &allowedMentions{Parse: []string{"users"}} // the default for interactions
	}
	s.mention(m, it.guild, it.guild.channelPermissions(s.bot.ID, it.channel), allowed)
	return m
}

// place posts the message, or gives an ephemeral one an id and nothing more.
func (it *interaction) place(s *Sim, m *Message) {
	if m.Flags&flagEphemeral == 0 {
		s.post(it.channel, m)
		return
	}
	m.ID, m.ChannelID, m.Timestamp = s.next(s.now()), it.channel.ID, s.now()
}

func (it *interaction) response(kind int) object {
	cb := object{"id": it.id, "type": it.kind}
	out := object{"interaction": cb, "resource": object{"type": kind}}
	if it.message != nil {
		cb["response_message_id"] = it.message.ID
		cb["response_message_loading"] = it.loading
		cb["response_message_ephemeral"] = it.ephemeral
	}
	if kind == callbackMessage {
		out["resource"] = object{"type": kind, "message": it.message}
	}
	return out
}

// tokenFor finds a live interaction by its token: 50027 once the 15 minutes are
// over, 10015 while it has not been answered.
func (c *call) tokenFor() (*interaction, *apiError) {
	s := c.sim
	it := s.interactions[c.PathValue("token")]
	if it == nil || c.PathValue("application") != s.cfg.ClientID || s.now().Sub(it.sent) > s.cfg.Interactions.TokenTTL {
		return nil, &apiError{Status: 401, Code: 50027, Message: "Invalid Webhook Token"}
	}
	if !it.answered {
		return nil, errUnknownWebhook()
	}
	return it, nil
}

// answerFor finds "@original" or a followup.
func (c *call) answerFor() (*interaction, *Message, *apiError) {
	it, e := c.tokenFor()
	if e != nil {
		return nil, nil, e
	}
	id := c.PathValue("message")
	if it.message != nil && !it.originalDeleted && (id == "@original" || id == it.message.ID) {
		return it, it.message, nil
	}
	for _, m := range it.followups {
		if m.ID == id {
			return it, m, nil
		}
	}
	return nil, nil, errUnknownMessage()
}

func (s *Sim) getAnswer(c *call) (any, *apiError) {
	_, m, e := c.answerFor()
	return m, e
}

func (s *Sim) editAnswer(c *call) (any, *apiError) {
	it, m, e := c.answerFor()
	if e != nil {
		return nil, e
	}
	var form messageForm
	if e := c.decodeMessage(&form); e != nil {
		return nil, e
	}
	if e := it.edit(s, m, &form); e != nil {
		return nil, e
	}
	return m, nil
}

func (it *interaction) edit(s *Sim, m *Message, form *messageForm) *apiError {
	ch := it.channel
	if m.Flags&flagEphemeral != 0 {
		ch = nil // nobody but the member hears of it
	}
	if e := s.applyEdit(ch, m, form); e != nil {
		return e
	}
	if m == it.message {
		it.loading = false
	}
	it.step()
	return nil
}

func (s *Sim) deleteAnswer(c *call) (any, *apiError) {
	it, m, e := c.answerFor()
	if e != nil {
		return nil, e
	}
	if m.Flags&flagEphemeral == 0 {
		s.drop(it.channel, m)
	}
	if m == it.message {
		it.originalDeleted, it.loading, it.message = true, false, nil
	} else {
		it.followups = slices.DeleteFunc(it.followups, func(f *Message) bool { return f == m })
	}
	it.step()
	return nil, nil
}

// followup sends a further message; right after a deferral it edits the original instead
// (Discord API docs: Create Followup Message).
func (s *Sim) followup(c *call) (any, *apiError) {
	it, e := c.tokenFor()
	if e != nil {
		return nil, e
	}
	var form messageForm
	if e := c.decodeMessage(&form); e != nil {
		return nil, e
	}
	if form.empty() {
		return nil, errEmptyMessage()
	}
	if it.loading {
		if e := it.edit(s, it.message, &form); e != nil {
			return nil, e
		}
		return it.message, nil
	}
	m := it.newMessage(s, &form, form.Flags&flagEphemeral != 0)
	it.place(s, m)
	it.followups = append(it.followups, m)
	it.step()
	s.touch()
	return m, nil
}

package sim

// editMessage changes the bot's own message; fields that are absent stay.
func (s *Sim) editMessage(c *call) (any, *apiError) {
	ch, m, e := c.messageFor(PermViewChannel)
	if e != nil {
		return nil, e
	}
	if m.Author.ID != s.bot.ID {
		return nil, &apiError{Status: 403, Code: 50005, Message: "Cannot edit a message authored by another user"}
	}
	var form messageForm
	if e := c.decodeMessage(&form); e != nil {
		return nil, e
	}
	if e := s.applyEdit(ch, m, &form); e != nil {
		return nil, e
	}
	return m.stored(), nil
}

func (s *Sim) applyEdit(ch *channel, m *Message, form *messageForm) *apiError {
	next := *m
	form.fill(&next)
	if next.Content == "" && len(next.Embeds) == 0 && len(next.Components) == 0 && len(next.Attachments) == 0 {
		return errEmptyMessage()
	}
	if m.Flags&flagLoading == 0 {
		now := s.now()
		next.EditedTimestamp = &now
	}
	next.Flags &^= flagLoading
	*m = next
	if ch != nil {
		s.messageEvent("MESSAGE_UPDATE", ch, m)
	}
	s.touch()
	return nil
}

// deleteMessage removes the bot's own message, or any with MANAGE_MESSAGES.
func (s *Sim) deleteMessage(c *call) (any, *apiError) {
	ch, m, e := c.messageFor(PermViewChannel)
	if e != nil {
		return nil, e
	}
	if g := s.guilds[ch.GuildID]; m.Author.ID != s.bot.ID && (g == nil || !g.channelPermissions(s.bot.ID, ch).has(PermManageMessages)) {
		return nil, errMissingPermissions()
	}
	s.drop(ch, m)
	return nil, nil
}

func (s *Sim) drop(ch *channel, m *Message) {
	ch.remove(m.ID)
	event := object{"id": m.ID, "channel_id": ch.ID}
	g, intent := s.guilds[ch.GuildID], uint64(intentDirectMessages)
	if g != nil {
		event["guild_id"], intent = g.id, intentGuildMessages
	}
	s.dispatch(g, intent, "MESSAGE_DELETE", event)
	s.touch()
}

package sim

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Interaction types and callback types (Discord API docs: Receiving and Responding).
const (
	interactionCommand      = 2
	interactionAutocomplete = 4

	callbackPong         = 1
	callbackMessage      = 4
	callbackDeferred     = 5
	callbackAutocomplete = 8
)

// Invocation is a slash command as a member types it. Path is the command's
// name followed by its group and subcommand, as in "track add".
type Invocation struct {
	GuildID   string         `json:"guildId"`
	ChannelID string         `json:"channelId"`
	UserID    string         `json:"userId"`
	Path      string         `json:"path"`
	Options   map[string]any `json:"options"`
	// Focused names the option that is being typed, for Autocomplete alone.
	Focused string `json:"focused"`
	// Wait bounds how long Run waits for a deferred answer (10 s when zero).
	Wait time.Duration `json:"wait"`
}

// Outcome is what the member sees of an interaction.
type Outcome struct {
	InteractionID string    `json:"interactionId"`
	Answered      bool      `json:"answered"`  // a callback came in time
	Deferred      bool      `json:"deferred"`  // it was "thinking" first
	Ephemeral     bool      `json:"ephemeral"` // only the member sees the answer
	Message       *Message  `json:"message"`
	Followups     []Message `json:"followups"`
	Choices       []Choice  `json:"choices"`
}

// ErrNotInvocable says that the member could not have sent the command from a client.
var ErrNotInvocable = errors.New("command cannot be invoked")

// interaction is guarded by Sim.mu; progress is closed and replaced at every step.
type interaction struct {
	id, token       string
	kind            int
	guild           *guild
	channel         *channel
	user            *User
	command         string
	sent            time.Time
	answered        bool
	deferred        bool
	loading         bool
	ephemeral       bool
	message         *Message
	originalDeleted bool
	followups       []*Message
	choices         []Choice
	progress        chan struct{}
}

// Run sends an interaction over the gateway and returns what the member sees:
// the first answer or, after a deferral, its edit.
func (s *Sim) Run(ctx context.Context, in Invocation) (Outcome, error) {
	it, err := s.invoke(in, interactionCommand)
	if err != nil {
		return Outcome{}, err
	}
	wait := in.Wait
	if wait == 0 {
		wait = 10 * time.Second
	}
	s.await(ctx, it, s.cfg.Interactions.Deadline, func() bool { return it.answered })
	s.await(ctx, it, wait, func() bool { return !it.answered || !it.loading })
	return s.outcome(it), ctx.Err()
}

// Autocomplete asks for choices while the option named by Focused is being typed.
func (s *Sim) Autocomplete(ctx context.Context, in Invocation) (Outcome, error) {
	it, err := s.invoke(in, interactionAutocomplete)
	if err != nil {
		return Outcome{}, err
	}
	s.await(ctx, it, s.cfg.Interactions.Deadline, func() bool { return it.answered })
	return s.outcome(it), ctx.Err()
}

// await returns when done reports true (asked with mu held), the time is up or ctx ends.
func (s *Sim) await(ctx context.Context, it *interaction, limit time.Duration, done func() bool) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		s.mu.Lock()
		ok, progress := done(), it.progress
		s.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-progress:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		case <-s.ctx.Done():
			return
		}
	}
}

func (it *interaction) step() {
	close(it.progress)
	it.progress = make(chan struct{})
}

func (s *Sim) outcome(it *interaction) Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := Outcome{
		InteractionID: it.id, Answered: it.answered, Deferred: it.deferred, Ephemeral: it.ephemeral,
		Followups: []Message{}, Choices: it.choices,
	}
	if it.message != nil {
		m := *it.message
		out.Message = &m
	}
	for _, m := range it.followups {
		out.Followups = append(out.Followups, *m)
	}
	return out
}

// OutcomeOf returns the present state of an earlier interaction, with later edits and followups.
func (s *Sim) OutcomeOf(interactionID string) (Outcome, error) {
	s.mu.Lock()
	var found *interaction
	for _, it := range s.interactions {
		if it.id == interactionID {
			found = it
		}
	}
	s.mu.Unlock()
	if found == nil {
		return Outcome{}, fmt.Errorf("find interaction: unknown id %q", interactionID)
	}
	return s.outcome(found), nil
}

// invoke builds the interaction from the registered command and dispatches it.
func (s *Sim) invoke(in Invocation, kind int) (*interaction, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ch, u := s.botGuild(in.GuildID), s.channels[in.ChannelID], s.users[in.UserID]
	switch {
	case g == nil || ch == nil || ch.GuildID != g.id:
		return nil, fmt.Errorf("%w: unknown guild or channel, or the bot is not there", ErrNotInvocable)
	case u == nil || g.members[u.ID] == nil:
		return nil, fmt.Errorf("%w: the user is no member", ErrNotInvocable)
	}
	data, err := s.commandData(g, u, in, kind)
	if err != nil {
		return nil, err
	}
	it := &interaction{
		id: s.next(s.now()), token: "aW50ZXJhY3Rpb24." + secret(32), kind: kind, guild: g, channel: ch, user: u,
		command: in.Path, sent: s.now(), progress: make(chan struct{}),
	}
	s.forgetInteractions()
	s.interactions[it.token] = it
	s.dispatch(g, 0, "INTERACTION_CREATE", s.interactionObject(it, data))
	return it, nil
}

// forgetInteractions drops tokens long past their life, so that a long demo does not grow.
func (s *Sim) forgetInteractions() {
	for token, it := range s.interactions {
		if s.now().Sub(it.sent) > 2*s.cfg.Interactions.TokenTTL {
			delete(s.interactions, token)
		}
	}
}

// interactionObject is the payload of INTERACTION_CREATE (Discord API docs: Interaction Structure).
func (s *Sim) interactionObject(it *interaction, data object) object {
	g, ch := it.guild, it.channel
	m := g.members[it.user.ID]
	return object{
		"id": it.id, "application_id": s.cfg.ClientID, "type": it.kind, "token": it.token, "version": 1, "data": data,
		"guild":    object{"id": g.id, "locale": g.locale, "features": []string{}},
		"guild_id": g.id, "guild_locale": g.locale, "locale": "en-US",
		"channel_id": ch.ID,
		"channel": object{
			"id": ch.ID, "type": ch.Type, "name": ch.Name, "guild_id": g.id, "parent_id": ch.ParentID, "topic": ch.Topic,
			"position": ch.Position, "nsfw": ch.NSFW, "last_message_id": ch.LastMessageID, "flags": ch.Flags,
			"permissions": g.channelPermissions(it.user.ID, ch),
		},
		"member": object{
			"user": m.User, "nick": m.Nick, "avatar": m.Avatar, "roles": m.Roles, "joined_at": m.JoinedAt,
			"deaf": m.Deaf, "mute": m.Mute, "flags": m.Flags, "pending": m.Pending, "premium_since": nil,
			"communication_disabled_until": nil, "permissions": g.channelPermissions(it.user.ID, ch),
		},
		"app_permissions": g.channelPermissions(s.bot.ID, ch),
		"entitlements":    []any{}, "authorizing_integration_owners": object{"0": g.id},
		"context": 0, "attachment_size_limit": 10 << 20,
	}
}

package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"trackbot/internal/command"
	"trackbot/internal/discord"
	"trackbot/internal/fault"
)

// Discord waits three seconds for the first answer (Discord API docs: Receiving
// and Responding); what only reads must leave some of them for the way back.
const (
	readTimeout    = 2200 * time.Millisecond
	respondTimeout = 3 * time.Second
)

// interact answers one interaction.
func (b *Bot) interact(ctx context.Context, in discord.Interaction) {
	c, member := invocationOf(in)
	log := b.log.With("interaction_id", in.ID, "guild_id", in.GuildID, "command", c.Name)
	switch in.Type {
	case discord.InteractionAutocomplete:
		b.complete(ctx, log, in, c)
	case discord.InteractionCommand:
		started := time.Now()
		outcome := b.command(ctx, log, in, c, member)
		log.InfoContext(ctx, "command", "outcome", outcome, "duration_ms", time.Since(started).Milliseconds())
	}
}

// command runs a command, answers it and tells what came of it: ok, a fault's code or unheard.
func (b *Bot) command(ctx context.Context, log *slog.Logger, in discord.Interaction, c command.Invocation, member bool) string {
	reads, known := command.Reads(c.Name)
	if !known || !member {
		return b.respond(ctx, log, in, command.Refusal(b.cfg.DashboardURL, c, command.ErrUnknown, false), command.ErrUnknown)
	}
	if reads {
		reading, cancel := context.WithTimeout(ctx, readTimeout)
		defer cancel()
		answer, err := b.do(reading, c)
		return b.respond(ctx, log, in, answer, err)
	}
	if err := b.acknowledge(ctx, in); err != nil {
		// Too late, or done by the process that was told first: nothing may be changed unseen.
		log.WarnContext(ctx, "acknowledge command", "error", err)
		return "unheard"
	}
	answer, err := b.do(ctx, c)
	return b.edit(ctx, log, in, answer, err)
}

// do has the command run. A guild that is not known is asked for and onboarded first.
func (b *Bot) do(ctx context.Context, c command.Invocation) (command.Reply, error) {
	answer, err := b.commands.Run(ctx, c)
	if errors.Is(err, command.ErrUnknownGuild) {
		if err := b.reload(ctx, c.GuildID); err != nil {
			return command.Refusal(b.cfg.DashboardURL, c, err, passing(err)), err
		}
		answer, err = b.commands.Run(ctx, c)
	}
	if err == nil && c.Name == "status" {
		answer.Fields = append([]command.Field{{Name: "Discord", Value: b.connection()}}, answer.Fields...)
		answer.Footer = "Trackbot " + b.cfg.Version
	}
	return answer, err
}

// acknowledge shows the invoker that the bot is at work. Discord takes it once and within three seconds.
func (b *Bot) acknowledge(ctx context.Context, in discord.Interaction) error {
	ctx, cancel := context.WithTimeout(ctx, respondTimeout)
	defer cancel()
	return b.api.RespondInteraction(ctx, in.ID, in.Token, discord.InteractionResponse{
		Type: discord.CallbackDefer, Message: discord.InteractionMessage{Flags: discord.FlagEphemeral},
	})
}

// respond gives the first answer.
func (b *Bot) respond(ctx context.Context, log *slog.Logger, in discord.Interaction, answer command.Reply, cause error) string {
	ctx, cancel := context.WithTimeout(ctx, respondTimeout)
	defer cancel()
	err := b.api.RespondInteraction(ctx, in.ID, in.Token, discord.InteractionResponse{Type: discord.CallbackMessage, Message: message(answer)})
	return outcome(ctx, log, err, cause)
}

// edit replaces the acknowledgement by the answer.
func (b *Bot) edit(ctx context.Context, log *slog.Logger, in discord.Interaction, answer command.Reply, cause error) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), respondTimeout)
	defer cancel()
	_, err := b.api.EditInteractionResponse(ctx, b.app().ID, in.Token, message(answer))
	return outcome(ctx, log, err, cause)
}

// complete answers with what fits to what was typed so far.
func (b *Bot) complete(ctx context.Context, log *slog.Logger, in discord.Interaction, c command.Invocation) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	found, err := b.commands.Complete(ctx, c)
	if err != nil {
		log.WarnContext(ctx, "complete option", "error", err)
	}
	var choices []discord.Choice
	for _, choice := range found {
		choices = append(choices, discord.Choice{Name: choice.Name, Value: choice.Value})
	}
	response := discord.InteractionResponse{Type: discord.CallbackAutocomplete, Choices: choices}
	if err := b.api.RespondInteraction(ctx, in.ID, in.Token, response); err != nil {
		log.WarnContext(ctx, "answer completion", "error", err)
	}
}

// outcome logs what only an operator can mend and names what came of a command.
func outcome(ctx context.Context, log *slog.Logger, unsent, cause error) string {
	if unsent != nil {
		log.WarnContext(ctx, "answer command", "error", unsent)
	}
	refused := fault.From(cause)
	switch {
	case cause == nil && unsent != nil:
		return "unheard"
	case cause == nil:
		return "ok"
	case refused == nil:
		log.ErrorContext(ctx, "run command", "error", cause)
		return string(fault.Internal)
	}
	return string(refused.Code)
}

// connection says how the bot hears Discord.
func (b *Bot) connection() string {
	s := b.gateway.Status()
	text := "connected"
	if s.ReadyShards < s.ShardCount {
		text = fmt.Sprintf("%d of %d connected", s.ReadyShards, s.ShardCount)
	}
	var slowest time.Duration
	for _, shard := range s.Shards {
		slowest = max(slowest, shard.Latency)
	}
	if slowest > 0 {
		text += fmt.Sprintf(", %d ms", slowest.Milliseconds())
	}
	return text
}

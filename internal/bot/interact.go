package bot

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"trackbot/internal/audit"
	"trackbot/internal/discord"
	"trackbot/internal/fault"
	"trackbot/internal/store/db"
)

// Discord waits three seconds for the first answer (Discord API docs: Receiving
// and Responding); what only reads must leave some of them for the way back.
const (
	readTimeout    = 2200 * time.Millisecond
	respondTimeout = 3 * time.Second
)

// action is what a command does. One that only reads answers at once; the others are
// acknowledged first and may take their time.
type action struct {
	reads bool
	run   func(r *request, ctx context.Context) (reply, error)
}

// request is a command that a manager has given in a guild.
type request struct {
	*Bot
	in      discord.Interaction
	options discord.Options
	client  db.Client
	by      audit.By
}

func actions() map[string]action {
	return map[string]action{
		"track add":     {run: (*request).trackAdd},
		"track remove":  {run: (*request).trackRemove},
		"track list":    {reads: true, run: (*request).trackList},
		"brand add":     {run: (*request).brandAdd},
		"brand rename":  {run: (*request).brandRename},
		"brand remove":  {run: (*request).brandRemove},
		"brand list":    {reads: true, run: (*request).brandList},
		"group add":     {run: (*request).groupAdd},
		"group rename":  {run: (*request).groupRename},
		"group remove":  {run: (*request).groupRemove},
		"group list":    {reads: true, run: (*request).groupList},
		"channel set":   {run: (*request).channelSet},
		"channel show":  {reads: true, run: (*request).channelShow},
		"channel clear": {run: (*request).channelClear},
		"status":        {reads: true, run: (*request).status},
		"dashboard":     {reads: true, run: (*request).dashboard},
	}
}

// interact answers one interaction.
func (b *Bot) interact(ctx context.Context, in discord.Interaction) {
	path, options := in.Data.Path()
	name := strings.Join(path, " ")
	log := b.log.With("interaction_id", in.ID, "guild_id", in.GuildID, "command", name)
	switch in.Type {
	case discord.InteractionAutocomplete:
		b.complete(ctx, log, in, options)
	case discord.InteractionCommand:
		started := time.Now()
		outcome := b.command(ctx, log, in, name, options)
		log.Info("command", "outcome", outcome, "duration_ms", time.Since(started).Milliseconds())
	}
}

// command runs a command, answers it and tells what came of it: ok, a fault's code or unheard.
func (b *Bot) command(ctx context.Context, log *slog.Logger, in discord.Interaction, name string, options discord.Options) string {
	act, known := b.actions[name]
	if !known || in.GuildID == "" || in.Member == nil {
		err := fault.New(fault.NotFound, "This command works in a server and in its present form. If Discord shows you an older one, reload it with Ctrl+R.")
		return b.respond(ctx, log, in, b.refusal(in, err), err)
	}
	r := &request{Bot: b, in: in, options: options, by: actor(in)}
	if act.reads {
		reading, cancel := context.WithTimeout(ctx, readTimeout)
		defer cancel()
		answer, err := r.do(reading, act)
		return b.respond(ctx, log, in, answer, err)
	}
	if err := b.acknowledge(ctx, in); err != nil {
		// Too late, or done by the process that was told first: nothing may be changed unseen.
		log.Warn("acknowledge command", "error", err)
		return "unheard"
	}
	answer, err := r.do(ctx, act)
	return b.edit(ctx, log, in, answer, err)
}

// do runs the command if the invoker may give it.
func (r *request) do(ctx context.Context, act action) (reply, error) {
	err := r.admit(ctx)
	if err == nil {
		var answer reply
		if answer, err = act.run(r, ctx); err == nil {
			return answer, nil
		}
	}
	return r.refusal(r.in, err), err
}

// admit finds the tenant and checks the invoker's permission, as Discord told it with this very command.
func (r *request) admit(ctx context.Context) error {
	client, err := r.guilds.Find(ctx, r.in.GuildID)
	if fault.Is(err, fault.NotFound) || (err == nil && client.RemovedAt != nil) {
		if err := r.reload(ctx, r.in.GuildID); err != nil {
			return err
		}
		client, err = r.guilds.Find(ctx, r.in.GuildID)
	}
	if err != nil {
		return err
	}
	r.client = client
	if r.in.CanManage() {
		return nil
	}
	if err := r.guilds.Refuse(ctx, r.by, client.ID, client.GuildID, "/"+r.in.Data.Name); err != nil {
		return err
	}
	return fault.New(fault.Forbidden, "Only members with the permission **Manage Server** can do this. Ask one of them, or have the permission given to one of your roles.")
}

func actor(in discord.Interaction) audit.By {
	who := in.Invoker()
	return audit.By{
		Actor:  audit.Actor{ID: who.ID, Type: audit.User, Name: who.DisplayName()},
		Source: audit.FromBot, RequestID: in.ID,
	}
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
func (b *Bot) respond(ctx context.Context, log *slog.Logger, in discord.Interaction, answer reply, cause error) string {
	ctx, cancel := context.WithTimeout(ctx, respondTimeout)
	defer cancel()
	err := b.api.RespondInteraction(ctx, in.ID, in.Token, discord.InteractionResponse{Type: discord.CallbackMessage, Message: answer.message()})
	return outcome(log, err, cause)
}

// edit replaces the acknowledgement by the answer.
func (b *Bot) edit(ctx context.Context, log *slog.Logger, in discord.Interaction, answer reply, cause error) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), respondTimeout)
	defer cancel()
	_, err := b.api.EditInteractionResponse(ctx, b.app.ID, in.Token, answer.message())
	return outcome(log, err, cause)
}

// outcome logs what only an operator can mend and names what came of a command.
func outcome(log *slog.Logger, unsent, cause error) string {
	if unsent != nil {
		log.Warn("answer command", "error", unsent)
	}
	refusal := fault.From(cause)
	switch {
	case cause == nil && unsent != nil:
		return "unheard"
	case cause == nil:
		return "ok"
	case refusal == nil:
		log.Error("run command", "error", cause)
		return string(fault.Internal)
	}
	return string(refusal.Code)
}

package notifier

import (
	"context"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/discord"
)

// depart looks for guilds to leave now and then, beside the sending: Discord may take its time with each.
func (n *Notifier) depart(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := n.leave(ctx); err != nil && ctx.Err() == nil {
			n.log.ErrorContext(ctx, "leave guilds", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// leave takes the bot out of the guilds whose data is being deleted. A guild that it is not in is left already; what
// fails is tried again with the next look.
func (n *Notifier) leave(ctx context.Context) error {
	due, err := n.departures.Due(ctx)
	if err != nil {
		return err
	}
	for _, g := range due {
		if ctx.Err() != nil {
			return nil
		}
		if err := n.leaveGuild(ctx, g.ID, g.GuildID); err != nil && ctx.Err() == nil {
			n.log.ErrorContext(ctx, "leave guild", "client_id", g.ID, "guild_id", g.GuildID, "error", err)
		}
	}
	return nil
}

func (n *Notifier) leaveGuild(ctx context.Context, clientID uuid.UUID, guildID string) error {
	ctx, cancel := context.WithTimeout(ctx, n.call)
	defer cancel()
	err := n.discord.LeaveGuild(ctx, guildID)
	if err != nil && !discord.HasCode(err, discord.CodeUnknownGuild, discord.CodeMissingAccess) {
		return err
	}
	n.log.InfoContext(ctx, "guild left", "client_id", clientID, "guild_id", guildID)
	return n.departures.Left(ctx, clientID)
}

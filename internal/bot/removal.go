package bot

import (
	"context"
	"slices"
	"time"

	"trackbot/internal/discord"
)

// ready looks for guilds that the bot was removed from while nobody listened:
// they are missing from the shard's list.
func (b *Bot) ready(ctx context.Context, shard int, r discord.Ready) error {
	live, err := b.memory.Live(ctx, shard, b.gateway.Status().ShardCount)
	if err != nil {
		return err
	}
	missing := slices.DeleteFunc(live, func(id string) bool {
		return slices.ContainsFunc(r.Guilds, func(g discord.GuildDelete) bool { return g.ID == id })
	})
	for _, id := range missing {
		b.roster.drop(id) // until an event tells of it again
	}
	line := b.lines.of(shard)
	line.endSearch()
	ctx, line.endSearch = context.WithCancel(ctx)
	b.tasks.Go(func() { b.confirmRemovals(ctx, line, missing) })
	return nil
}

// confirmRemovals asks for guilds one after the other until Discord has told of each or ctx ends: whoever is away at the
// moment would not be asked again before the next session.
func (b *Bot) confirmRemovals(ctx context.Context, line *line, missing []string) {
	for pause := firstPause; len(missing) > 0; pause = min(2*pause, longestPause) {
		missing = slices.DeleteFunc(missing, func(id string) bool { return b.confirmRemoval(ctx, line, id) })
		if len(missing) == 0 {
			return
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// confirmRemoval believes only Discord's own word that the bot is not in a guild, and an event that tells of the guild more:
// the word may be older. It tells whether there is nothing left to ask.
func (b *Bot) confirmRemoval(ctx context.Context, line *line, guildID string) (done bool) {
	ctx, cancel := context.WithTimeout(ctx, taskTimeout)
	defer cancel()
	_, err := b.api.Guild(ctx, guildID)
	if gone(err) {
		err = line.inTurn(ctx, func() error {
			if b.roster.has(guildID) {
				return nil
			}
			return b.memory.Remove(ctx, guildID)
		})
	}
	if err == nil {
		return true
	}
	if passing(err) {
		b.log.InfoContext(ctx, "removal not confirmed yet", "guild_id", guildID, "error", err)
		return false
	}
	b.log.WarnContext(ctx, "confirm removal", "guild_id", guildID, "error", err)
	return true
}

// gone tells whether Discord says that the bot is not in the guild.
func gone(err error) bool {
	return discord.HasCode(err, discord.CodeUnknownGuild, discord.CodeMissingAccess)
}

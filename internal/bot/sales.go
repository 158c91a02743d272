package bot

import (
	"context"
	"time"

	"trackbot/internal/discord"
	"trackbot/internal/plan"
)

// Sales keeps what guilds have bought at Discord.
type Sales interface {
	// DiscordListed takes Discord's list, asked for at a moment, of one guild or with guildID "" of all.
	DiscordListed(ctx context.Context, guildID string, listed []plan.Entitlement, at time.Time) error
	// Adopt gives a guild that has become a tenant what it bought before.
	Adopt(ctx context.Context, guildID string) error
}

// defaultRecount is how often all entitlements are asked for, should an event have been missed.
const defaultRecount = time.Hour

// recount asks for all entitlements at the start and now and then.
func (b *Bot) recount(ctx context.Context) {
	if b.cfg.Sales == nil || !b.isKnown(ctx) {
		return
	}
	tick := time.NewTicker(b.cfg.Recount)
	defer tick.Stop()
	for {
		if err := b.insist(ctx, "list entitlements", func() error { return b.count(ctx, "") }); err != nil && ctx.Err() == nil {
			b.log.ErrorContext(ctx, "list entitlements", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// count asks what a guild, or with "" every guild, is entitled to, and has it settled. The moment is that before the question:
// what happens meanwhile is newer.
func (b *Bot) count(ctx context.Context, guildID string) error {
	at := time.Now()
	listed, err := b.api.Entitlements(ctx, b.app().ID, guildID)
	if err != nil {
		return err
	}
	return b.cfg.Sales.DiscordListed(ctx, guildID, entitlements(listed), at)
}

// entitled follows an event of an entitlement: whatever it says, the list is asked for. A user's own is no plan.
func (b *Bot) entitled(ctx context.Context, e discord.Entitlement) error {
	if b.cfg.Sales == nil || e.GuildID == "" {
		return nil
	}
	return b.count(ctx, e.GuildID)
}

func entitlements(listed []discord.Entitlement) []plan.Entitlement {
	out := make([]plan.Entitlement, len(listed))
	for i, e := range listed {
		out[i] = plan.Entitlement{ID: e.ID, SKU: e.SKUID, GuildID: e.GuildID, StartsAt: e.StartsAt, EndsAt: e.EndsAt, Deleted: e.Deleted}
	}
	return out
}

package bot

import (
	"context"
	"time"

	"trackbot/internal/guild"
)

const beatTimeout = 5 * time.Second

// beacon gives a sign of life from the first connection on, at its interval and when a shard
// becomes ready. It tells whether it gave any.
func (b *Bot) beacon(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-b.beats:
	}
	ticker := time.NewTicker(b.cfg.Heartbeat)
	defer ticker.Stop()
	for {
		b.beat(ctx, b.health())
		select {
		case <-ctx.Done():
			return true
		case <-ticker.C:
		case <-b.beats:
		}
	}
}

// connected asks for a sign of life now.
func (b *Bot) connected() {
	select {
	case b.beats <- struct{}{}:
	default:
	}
}

// health is online when every shard hears Discord.
func (b *Bot) health() guild.BotStatus {
	if s := b.gateway.Status(); s.ReadyShards < s.ShardCount {
		return guild.BotDegraded
	}
	return guild.BotOnline
}

func (b *Bot) beat(ctx context.Context, status guild.BotStatus) {
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	err := b.memory.Beat(ctx, guild.Beat{Shards: int32(b.gateway.Status().ShardCount), Status: status, Version: b.cfg.Version})
	if err != nil {
		b.log.WarnContext(ctx, "give sign of life", "error", err)
	}
}

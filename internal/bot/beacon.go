package bot

import (
	"context"
	"time"

	"trackbot/internal/store/db"
)

// healthID is the row of the built-in bot; bots of other makers have their own.
const healthID = "main"

const (
	online   = "online"
	degraded = "degraded"
	offline  = "offline"

	beatTimeout = 5 * time.Second
)

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
func (b *Bot) health() string {
	if s := b.gateway.Status(); s.ReadyShards < s.ShardCount {
		return degraded
	}
	return online
}

func (b *Bot) beat(ctx context.Context, status string) {
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	err := db.New().Beat(ctx, b.st.Shared(), db.BeatParams{
		ID: healthID, ShardCount: int32(b.gateway.Status().ShardCount), Status: status, Version: b.cfg.Version,
	})
	if err != nil {
		b.log.Warn("give sign of life", "error", err)
	}
}

package guild

import (
	"context"
	"fmt"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Beat is a bot's sign of life.
type Beat struct {
	Shards  int32
	Guilds  *int32    // nil: those it is known to be in
	Status  BotStatus // not unknown
	Version string
}

// Beat records a sign of life of the bot.
func (r *Registry) Beat(ctx context.Context, b Beat) error {
	err := db.New().Beat(ctx, r.st.Bot(r.cfg.BotID), db.BeatParams{
		ID: r.cfg.BotID, ShardCount: b.Shards, GuildCount: b.Guilds, Status: string(b.Status), Version: b.Version,
	})
	if err != nil {
		return fmt.Errorf("record beat: %w", err)
	}
	return nil
}

// StreamPlace is how far a shard of the bot has followed the gateway's events. ResumeURL is Discord's.
type StreamPlace struct {
	SessionID, ResumeURL string
	Sequence             int64
	ShardCount           int32
}

// Place returns where a shard resumes, whatever the number of shards was when it was saved; the zero
// StreamPlace when it has to begin anew.
func (r *Registry) Place(ctx context.Context, shard int32) (StreamPlace, error) {
	row, err := db.New().GetGatewaySession(ctx, r.st.Shared(), r.cfg.BotID, shard)
	if store.IsNotFound(err) {
		return StreamPlace{}, nil
	}
	if err != nil {
		return StreamPlace{}, fmt.Errorf("load gateway session: %w", err)
	}
	return StreamPlace{SessionID: row.SessionID, ResumeURL: row.ResumeUrl, Sequence: row.Sequence, ShardCount: row.ShardCount}, nil
}

// SavePlace replaces a shard's place; one without session forgets it.
func (r *Registry) SavePlace(ctx context.Context, shard int32, p StreamPlace) error {
	q := db.New()
	if p.SessionID == "" {
		if err := q.DeleteGatewaySessions(ctx, r.st.Shared(), r.cfg.BotID, shard); err != nil {
			return fmt.Errorf("forget gateway session: %w", err)
		}
		return nil
	}
	err := q.PutGatewaySession(ctx, r.st.Shared(), db.PutGatewaySessionParams{
		BotID: r.cfg.BotID, ShardID: shard, ShardCount: p.ShardCount, SessionID: p.SessionID, Sequence: p.Sequence, ResumeUrl: p.ResumeURL,
	})
	if err != nil {
		return fmt.Errorf("save gateway session: %w", err)
	}
	return nil
}

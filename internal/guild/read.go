package guild

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// BotStatus is the bot's health as the dashboard shows it.
type BotStatus string

// The states of the bot. Offline is three missed heartbeats or a farewell, unknown is before the first.
const (
	BotOnline   BotStatus = "online"
	BotDegraded BotStatus = "degraded"
	BotOffline  BotStatus = "offline"
	BotUnknown  BotStatus = "unknown"
)

// missedBeats is how many heartbeats may be missed before the bot counts as offline.
const missedBeats = 3

// Reader reads guilds for the API. It is safe for concurrent use.
type Reader struct {
	store     *store.Store
	queries   *db.Queries
	heartbeat time.Duration
	now       func() time.Time
}

// NewReader returns a reader over the API's store; heartbeat is the interval of the bot's beats.
func NewReader(st *store.Store, heartbeat time.Duration, now func() time.Time) *Reader {
	return &Reader{store: st, queries: db.New(), heartbeat: heartbeat, now: now}
}

func (r *Reader) botStatus(status *string, lastBeat *time.Time) BotStatus {
	switch {
	case status == nil || lastBeat == nil:
		return BotUnknown
	case r.now().Sub(*lastBeat) > missedBeats*r.heartbeat:
		return BotOffline
	default:
		return BotStatus(*status)
	}
}

// inGuild is the bot's status as one guild meets it: a guild that Discord has lost for the moment is not served.
func inGuild(bot BotStatus, unavailableSince *time.Time) BotStatus {
	if bot == BotOnline && unavailableSince != nil {
		return BotDegraded
	}
	return bot
}

// Summary is what a list tells of a guild.
type Summary struct {
	db.ListGuildSummariesRow
	Bot BotStatus
}

// Summaries returns those of the guilds that are tenants, in no order.
func (r *Reader) Summaries(ctx context.Context, guildIDs []string) ([]Summary, error) {
	rows, err := r.queries.ListGuildSummaries(ctx, r.store.Directory(guildIDs), guildIDs)
	if err != nil {
		return nil, fmt.Errorf("list guilds: %w", err)
	}
	guilds := make([]Summary, len(rows))
	for i, row := range rows {
		guilds[i] = Summary{ListGuildSummariesRow: row, Bot: inGuild(r.botStatus(row.BotStatus, row.BotLastHeartbeat), row.UnavailableSince)}
	}
	return guilds, nil
}

// Detail is one guild with its settings, plan and counts.
type Detail struct {
	db.GetGuildDetailRow
	Bot BotStatus
}

// Detail returns the tenant's guild in one round trip.
func (r *Reader) Detail(ctx context.Context, clientID uuid.UUID) (Detail, error) {
	row, err := r.queries.GetGuildDetail(ctx, r.store.Tenant(clientID), clientID)
	if store.IsNotFound(err) {
		return Detail{}, fault.New(fault.NotFound, "There is nothing here.")
	}
	if err != nil {
		return Detail{}, fmt.Errorf("get guild: %w", err)
	}
	bot := inGuild(r.botStatus(row.BotStatus, row.BotLastHeartbeat), row.Client.UnavailableSince)
	return Detail{GetGuildDetailRow: row, Bot: bot}, nil
}

// Status is the health of the bot and of one tenant's queues and platforms.
type Status struct {
	db.GetGuildStatusRow
	Bot       BotStatus
	Platforms []db.ListPlatformStatesRow
	CheckedAt time.Time
}

// Status returns the health as it is now.
func (r *Reader) Status(ctx context.Context, clientID uuid.UUID) (Status, error) {
	conn := r.store.Tenant(clientID)
	row, err := r.queries.GetGuildStatus(ctx, conn, clientID)
	if err != nil {
		return Status{}, fmt.Errorf("get status: %w", err)
	}
	platforms, err := r.queries.ListPlatformStates(ctx, conn, clientID)
	if err != nil {
		return Status{}, fmt.Errorf("list platform states: %w", err)
	}
	return Status{GetGuildStatusRow: row, Bot: inGuild(r.botStatus(row.BotStatus, row.LastHeartbeat), row.UnavailableSince), Platforms: platforms, CheckedAt: r.now()}, nil
}

package guild

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// MarkUnavailable records a Discord outage of the guild. Everything goes on; Onboard ends it.
func (r *Registry) MarkUnavailable(ctx context.Context, guildID string) error {
	if err := db.New().MarkClientUnavailable(ctx, r.st.Directory([]string{guildID}), guildID, r.cfg.BotID); err != nil {
		return fmt.Errorf("mark guild unavailable: %w", err)
	}
	return nil
}

// Remove records that the bot was removed from the guild. Its data stays for a return; its
// sources are polled on only if somebody else tracks them. A guild that is unknown,
// removed already or served by another bot stays as it is.
func (r *Registry) Remove(ctx context.Context, guildID string) error {
	return r.remove(ctx, bySelf(), guildID)
}

func (r *Registry) remove(ctx context.Context, by audit.By, guildID string) error {
	client, err := r.Find(ctx, guildID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	q := db.New()
	return r.st.InTenantTx(ctx, client.ID, func(tx store.Conn) error {
		client, err := q.LockClient(ctx, tx, client.ID)
		if err != nil {
			return fmt.Errorf("lock client: %w", err)
		}
		if client.RemovedAt != nil || client.BotID != r.cfg.BotID {
			return nil
		}
		if err := q.ReviewSourcesOfClient(ctx, tx, client.ID); err != nil {
			return fmt.Errorf("review sources: %w", err)
		}
		if err := q.MarkClientRemoved(ctx, tx, client.ID); err != nil {
			return fmt.Errorf("mark client removed: %w", err)
		}
		if err := dropRights(ctx, tx, guildID); err != nil {
			return err
		}
		return logGuild(ctx, tx, by, client, audit.GuildRemoved, audit.Change{Field: "name", Old: client.Name})
	})
}

// Live lists the guilds of a shard that the bot is in as far as is known, ordered by id.
func (r *Registry) Live(ctx context.Context, shard, shards int) ([]string, error) {
	ids, err := db.New().ListLiveGuilds(ctx, r.st.Bot(r.cfg.BotID), r.cfg.BotID)
	if err != nil {
		return nil, fmt.Errorf("list live guilds: %w", err)
	}
	return slices.DeleteFunc(ids, func(id string) bool {
		n, _ := strconv.ParseUint(id, 10, 64)
		return (n>>22)%uint64(max(1, shards)) != uint64(shard) // Discord API docs: Gateway, Sharding
	}), nil
}

// dropRights makes the API ask Discord before the next write of anyone in the guild.
func dropRights(ctx context.Context, tx store.Conn, guildID string) error {
	if err := db.New().DropGuildRights(ctx, tx, guildID); err != nil {
		return fmt.Errorf("drop rights in guild: %w", err)
	}
	return nil
}

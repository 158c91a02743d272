package guild

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Reports writes what bots without access to the database tell the API. Those of other makers may know
// of a guild its name, icon and owner alone (Enroll): nobody is greeted then and what is known of
// channels stays. The others write as the built-in bot does (Bot). It is safe for concurrent use.
type Reports struct {
	st  *store.Store
	cfg Config
}

// NewReports returns Reports on a store of the API's role.
func NewReports(st *store.Store, cfg Config) *Reports { return &Reports{st: st, cfg: cfg} }

// Bot writes what one bot tells, as the built-in bot writes it itself.
func (r *Reports) Bot(botID string) *Registry {
	return New(r.st, Config{DashboardURL: r.cfg.DashboardURL, BotID: botID})
}

// Enroll records a guild that a bot is in: a new one becomes a tenant, which made tells, one that the
// bot was removed from takes up where it left.
func (r *Reports) Enroll(ctx context.Context, by audit.By, botID string, g Guild) (clientID uuid.UUID, made bool, err error) {
	reg := r.Bot(botID)
	client, err := reg.Find(ctx, g.ID)
	if fault.Is(err, fault.NotFound) {
		client, made, err = reg.join(ctx, g, settleReported(by))
	}
	if err != nil || made || isLeaving(client) {
		return client.ID, made, err
	}
	return client.ID, false, reg.refreshReported(ctx, by, client.ID, g)
}

func settleReported(by audit.By) settling {
	return func(ctx context.Context, tx store.Conn, client db.Client, g Guild) error {
		defaults := db.InsertGuildDefaultsParams{ClientID: client.ID, Locale: locale(g.Locale)}
		if err := db.New().InsertGuildDefaults(ctx, tx, defaults); err != nil {
			return fmt.Errorf("insert guild defaults: %w", err)
		}
		return logGuild(ctx, tx, by, client, audit.GuildJoined,
			audit.Change{Field: "name", New: client.Name}, audit.Change{Field: "ownerId", New: client.OwnerID})
	}
}

func (r *Registry) refreshReported(ctx context.Context, by audit.By, clientID uuid.UUID, g Guild) error {
	return r.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		old, err := db.New().LockClient(ctx, tx, clientID)
		if err != nil {
			return fmt.Errorf("lock client: %w", err)
		}
		if old.SystemChannelID != nil {
			g.SystemChannelID = *old.SystemChannelID
		}
		newOwner, err := r.describe(ctx, tx, by, old, g)
		if err != nil {
			return err
		}
		if old.RemovedAt != nil {
			if err := restartUnlessSuspended(ctx, tx, old); err != nil {
				return err
			}
			if err := logGuild(ctx, tx, by, old, audit.GuildRejoined, audit.Change{Field: "removedAt", Old: old.RemovedAt}); err != nil {
				return err
			}
		}
		if newOwner || old.RemovedAt != nil {
			return dropRights(ctx, tx, g.ID)
		}
		return nil
	})
}

func restartUnlessSuspended(ctx context.Context, tx store.Conn, client db.Client) error {
	if client.SuspendedAt != nil {
		return nil
	}
	return restart(ctx, tx, client.ID)
}

// Remove records that a bot was removed from a guild, as Registry.Remove does.
func (r *Reports) Remove(ctx context.Context, by audit.By, botID, guildID string) error {
	return r.Bot(botID).remove(ctx, by, guildID)
}

// BotConfig is what a bot needs to know about a guild.
type BotConfig struct {
	ClientID uuid.UUID
	db.GetGuildConfigRow
}

// Config reads a guild's plan and settings. Refusals: not_found, also once the bot was removed.
func (r *Reports) Config(ctx context.Context, guildID string) (BotConfig, error) {
	client, err := r.Bot("").Find(ctx, guildID)
	if err != nil {
		return BotConfig{}, err
	}
	if client.RemovedAt != nil {
		return BotConfig{}, fault.New(fault.NotFound, "The bot is not in this server.")
	}
	row, err := db.New().GetGuildConfig(ctx, r.st.Tenant(client.ID), client.ID)
	if err != nil {
		return BotConfig{}, fmt.Errorf("get guild config: %w", err)
	}
	return BotConfig{ClientID: client.ID, GetGuildConfigRow: row}, nil
}

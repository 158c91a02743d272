package guild

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Delivering tells where the tenant's posts go by default, whether they get there and how many wait.
func (r *Registry) Delivering(ctx context.Context, clientID uuid.UUID) (db.GetDeliveringRow, error) {
	row, err := db.New().GetDelivering(ctx, r.st.Tenant(clientID), clientID)
	if err != nil {
		return row, fmt.Errorf("read delivery state: %w", err)
	}
	return row, nil
}

// OwnChannels lists the channels that accounts have of their own, the most used first.
func (r *Registry) OwnChannels(ctx context.Context, clientID uuid.UUID, limit int) ([]db.ListOwnChannelsRow, error) {
	rows, err := db.New().ListOwnChannels(ctx, r.st.Tenant(clientID), clientID, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("list channels of accounts: %w", err)
	}
	return rows, nil
}

// SetDefaultChannel chooses where posts go that have no channel of their own; "" for nowhere.
// Choosing the same one again ends its pause. Refusals: validation_failed (defaultChannelId).
func (r *Registry) SetDefaultChannel(ctx context.Context, by audit.By, clientID uuid.UUID, channelID string) (db.GuildSetting, error) {
	var settings db.GuildSetting
	err := r.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		q := db.New()
		old, err := q.LockGuildSettings(ctx, tx, clientID)
		if err != nil {
			return fmt.Errorf("lock settings: %w", err)
		}
		if channelID != "" {
			if err := ChooseChannel(ctx, tx, by, clientID, channelID, "defaultChannelId"); err != nil {
				return err
			}
		}
		to := optional(channelID)
		if settings = old; equal(old.DefaultChannelID, to) {
			return nil
		}
		if settings, err = q.SetDefaultChannel(ctx, tx, to, clientID); err != nil {
			return fmt.Errorf("set default channel: %w", err)
		}
		return logSettings(ctx, tx, clientID, by, audit.Change{Field: "defaultChannelId", Old: old.DefaultChannelID, New: to})
	})
	return settings, err
}

// Refuse writes down that somebody was refused what they may not do.
func (r *Registry) Refuse(ctx context.Context, by audit.By, clientID uuid.UUID, guildID, what string) error {
	return r.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		return audit.Append(ctx, tx, audit.Entry{
			ClientID: clientID, By: by, Action: audit.AccessRefused, TargetType: audit.TargetGuild, TargetID: guildID,
			Changes: []audit.Change{{Field: "operation", New: what}},
		})
	})
}

func logSettings(ctx context.Context, tx store.Conn, clientID uuid.UUID, by audit.By, changes ...audit.Change) error {
	return audit.Append(ctx, tx, audit.Entry{
		ClientID: clientID, By: by, Action: audit.SettingsUpdated, TargetType: audit.TargetSettings, TargetID: clientID.String(), Changes: changes,
	})
}

package guild

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Settings returns a tenant's settings.
func (r *Registry) Settings(ctx context.Context, clientID uuid.UUID) (db.GuildSetting, error) {
	settings, err := db.New().GetGuildSettings(ctx, r.st.Tenant(clientID), clientID)
	if err != nil {
		return settings, fmt.Errorf("read settings: %w", err)
	}
	return settings, nil
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
			if err := ChooseChannel(ctx, tx, clientID, channelID, "defaultChannelId"); err != nil {
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

func logSettings(ctx context.Context, tx store.Conn, clientID uuid.UUID, by audit.By, changes ...audit.Change) error {
	return audit.Append(ctx, tx, audit.Entry{
		ClientID: clientID, By: by, Action: audit.SettingsUpdated, TargetType: audit.TargetSettings, TargetID: clientID.String(), Changes: changes,
	})
}

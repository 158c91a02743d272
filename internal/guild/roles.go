package guild

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// The permissions that let a member change the guild's settings (Discord API docs: Permissions).
const (
	bitAdministrator = 3
	bitManageGuild   = 5
)

// Update records what changed of a guild itself: name, icon, owner, system channel, roles. The channels of g are ignored.
func (r *Registry) Update(ctx context.Context, g Guild) error {
	return r.inGuild(ctx, g.ID, func(tx store.Conn, client db.Client) error {
		old, err := db.New().LockClient(ctx, tx, client.ID)
		if err != nil {
			return fmt.Errorf("lock client: %w", err)
		}
		rights, err := r.describe(ctx, tx, bySelf(), old, g)
		if err != nil {
			return err
		}
		changed, err := syncRoles(ctx, tx, client.ID, g.Roles)
		if err != nil {
			return err
		}
		if rights || changed {
			return dropRights(ctx, tx, g.ID)
		}
		return nil
	})
}

// SyncRoles records the guild's roles; the list must hold all of them. When one that
// manages the guild came, went or changed in that, everybody's rights are asked for again.
func (r *Registry) SyncRoles(ctx context.Context, guildID string, roles []Role) error {
	return r.inGuild(ctx, guildID, func(tx store.Conn, client db.Client) error {
		changed, err := syncRoles(ctx, tx, client.ID, roles)
		if err != nil || !changed {
			return err
		}
		return dropRights(ctx, tx, guildID)
	})
}

// syncRoles tells whether who may manage the guild can have changed.
func syncRoles(ctx context.Context, tx store.Conn, clientID uuid.UUID, roles []Role) (rights bool, err error) {
	q := db.New()
	known, err := q.ListKnownRoles(ctx, tx, clientID)
	if err != nil {
		return false, fmt.Errorf("list roles: %w", err)
	}
	body, err := json.Marshal(roles)
	if err != nil {
		return false, fmt.Errorf("encode roles: %w", err)
	}
	if err := q.UpsertRoles(ctx, tx, clientID, body); err != nil {
		return false, fmt.Errorf("upsert roles: %w", err)
	}
	before := make(map[string]string, len(known))
	for _, role := range known {
		before[role.ID] = role.Permissions
	}
	for _, role := range roles {
		rights = rights || manages(role.Permissions) != manages(before[role.ID])
		delete(before, role.ID)
	}
	for id, permissions := range before { // those that are gone
		rights = rights || manages(permissions)
		if err := forgetRole(ctx, tx, clientID, id); err != nil {
			return false, err
		}
	}
	return rights, nil
}

func forgetRole(ctx context.Context, tx store.Conn, clientID uuid.UUID, roleID string) error {
	q := db.New()
	if err := q.DeleteRoles(ctx, tx, clientID, []string{roleID}); err != nil {
		return fmt.Errorf("delete role: %w", err)
	}
	n, err := q.ClearMentionRole(ctx, tx, clientID, &roleID)
	if err != nil {
		return fmt.Errorf("clear mention role: %w", err)
	}
	if n == 0 {
		return nil
	}
	return logSettings(ctx, tx, clientID, bySelf(), audit.Change{Field: "mentionRoleId", Old: roleID})
}

// manages tells whether a permission set holds ADMINISTRATOR or MANAGE_GUILD. It is a decimal number beyond 64 bits.
func manages(permissions string) bool {
	n, ok := new(big.Int).SetString(permissions, 10)
	return ok && (n.Bit(bitAdministrator) == 1 || n.Bit(bitManageGuild) == 1)
}

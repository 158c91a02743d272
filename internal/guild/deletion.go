package guild

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/delivery"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// DeletionGrace is how long the deletion of a tenant can be undone. Everything goes on meanwhile, so that undoing it leaves
// no hole.
const DeletionGrace = 7 * 24 * time.Hour

// DeletionOf is what is planned for a tenant's data.
type DeletionOf struct {
	RequestedAt time.Time
	RequestedBy string // Discord id; "operator", or "deleted" for somebody who has left
	At          time.Time
}

// Deletion tells when everything of the tenant is deleted; nil when nobody asked for it.
func (r *Registry) Deletion(ctx context.Context, clientID uuid.UUID) (*DeletionOf, error) {
	row, err := db.New().GetErasure(ctx, r.st.Tenant(clientID), clientID)
	if err != nil {
		return nil, fmt.Errorf("get deletion: %w", err)
	}
	if row.EraseAt == nil {
		return nil, nil
	}
	return &DeletionOf{RequestedAt: *row.EraseRequestedAt, RequestedBy: *row.EraseRequestedBy, At: *row.EraseAt}, nil
}

// ScheduleDeletion plans the deletion of everything of the tenant, its log of changes included, and tells the guild. Typed
// must be the guild's name. What is planned already stays as it is. Refusals: validation_failed (confirm).
func (r *Registry) ScheduleDeletion(ctx context.Context, by audit.By, clientID uuid.UUID, typed string) error {
	return r.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		client, err := db.New().LockClient(ctx, tx, clientID)
		if err != nil {
			return fmt.Errorf("lock client: %w", err)
		}
		if !strings.EqualFold(strings.TrimSpace(typed), strings.TrimSpace(client.Name)) {
			return fault.Invalid(fault.Field{Name: "confirm", Message: "must be the name of the server"})
		}
		if client.EraseAt != nil {
			return nil
		}
		return r.schedule(ctx, tx, by, client, time.Now().Add(DeletionGrace))
	})
}

// DeleteAt plans the deletion for a time of the operator's choice, in the place of what was planned before.
func (r *Registry) DeleteAt(ctx context.Context, by audit.By, clientID uuid.UUID, at time.Time) error {
	return r.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		client, err := db.New().LockClient(ctx, tx, clientID)
		if err != nil {
			return fmt.Errorf("lock client: %w", err)
		}
		return r.schedule(ctx, tx, by, client, at)
	})
}

// schedule writes the plan, the log and the message to the guild.
func (r *Registry) schedule(ctx context.Context, tx store.Conn, by audit.By, client db.Client, at time.Time) error {
	now := time.Now()
	err := db.New().ScheduleErasure(ctx, tx, db.ScheduleErasureParams{ClientID: client.ID, EraseAt: at, RequestedAt: now, RequestedBy: by.ID})
	if err != nil {
		return fmt.Errorf("schedule deletion: %w", err)
	}
	body := fmt.Sprintf("Everything Trackbot keeps of this server is deleted <t:%d:F> (<t:%[1]d:R>): accounts, posts, figures, settings, "+
		"the log of changes. Trackbot leaves the server then. Until then those who manage the server can undo it in the dashboard.", at.Unix())
	if err := r.announce(ctx, tx, client, fmt.Sprintf("deletion:%d", now.UnixMicro()), "The data of this server will be deleted", body); err != nil {
		return err
	}
	return logGuild(ctx, tx, by, client, audit.DeletionScheduled, audit.Change{Field: "deletesAt", New: at.UTC()})
}

// CancelDeletion keeps the tenant's data after all, and tells the guild. Refusals: not_found (nothing is planned),
// conflict (the deletion has begun).
func (r *Registry) CancelDeletion(ctx context.Context, by audit.By, clientID uuid.UUID) error {
	return r.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		client, err := db.New().LockClient(ctx, tx, clientID)
		switch {
		case err != nil:
			return fmt.Errorf("lock client: %w", err)
		case client.EraseAt == nil:
			return fault.New(fault.NotFound, "No deletion is planned.")
		case !client.EraseAt.After(time.Now()):
			return fault.New(fault.Conflict, "The deletion has begun and cannot be undone.")
		}
		if err := db.New().CancelErasure(ctx, tx, clientID); err != nil {
			return fmt.Errorf("cancel deletion: %w", err)
		}
		key := fmt.Sprintf("deletion-undone:%d", time.Now().UnixMicro())
		if err := r.announce(ctx, tx, client, key, "The data of this server stays", "The planned deletion was undone. Nothing is lost."); err != nil {
			return err
		}
		return logGuild(ctx, tx, by, client, audit.DeletionCancelled, audit.Change{Field: "deletesAt", Old: client.EraseAt.UTC()})
	})
}

// announce posts to the guild's default channel; without one the dashboard alone tells.
func (r *Registry) announce(ctx context.Context, tx store.Conn, client db.Client, key, title, body string) error {
	settings, err := db.New().GetGuildSettings(ctx, tx, client.ID)
	if err != nil {
		return fmt.Errorf("get settings: %w", err)
	}
	if settings.DefaultChannelID == nil || client.RemovedAt != nil {
		return nil
	}
	m := delivery.Message{Title: title, Body: body, Color: brandColor}
	if address := DashboardURL(r.cfg.DashboardURL, client.GuildID); address != "" {
		m.Buttons = []delivery.Button{{Label: "Open the dashboard", URL: address + "/data"}}
	}
	return delivery.EnqueueNotice(ctx, tx, delivery.Notice{ClientID: client.ID, Key: key, ChannelID: *settings.DefaultChannelID, Message: m})
}

// isLeaving tells that the tenant's data is being deleted now.
func isLeaving(client db.Client) bool {
	return client.EraseAt != nil && !client.EraseAt.After(time.Now())
}

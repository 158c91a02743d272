package guild

import (
	"context"
	"fmt"
	"math"

	"github.com/google/uuid"

	"trackbot/internal/store/db"
)

// Place is the last row of a page of channels or roles.
type Place struct {
	Position int64  `json:"p"`
	ID       string `json:"i"`
}

// Channels returns at most limit of the guild's channels behind the place (nil: from the first), in Discord's order, as
// the bot last saw them. Unless whole is set it returns those alone that settings, accounts or routes name: not everybody
// in a guild may know of all of its channels.
func (r *Reader) Channels(ctx context.Context, clientID uuid.UUID, whole bool, behind *Place, limit int) ([]db.ListChannelsByPositionRow, error) {
	at := Place{Position: math.MinInt64}
	if behind != nil {
		at = *behind
	}
	rows, err := r.queries.ListChannelsByPosition(ctx, r.store.Tenant(clientID), db.ListChannelsByPositionParams{
		ClientID: clientID, AfterPosition: at.Position, AfterID: at.ID, Whole: whole, MaxRows: int32(limit),
	})
	if err != nil {
		return nil, fmt.Errorf("list channels: %w", err)
	}
	return rows, nil
}

// Roles returns at most limit of the guild's roles behind the place (nil: from the highest) without @everyone, as the
// bot last saw them. Unless whole is set it returns those alone that settings or routes name.
func (r *Reader) Roles(ctx context.Context, clientID uuid.UUID, whole bool, behind *Place, limit int) ([]db.ListRolesByPositionRow, error) {
	at := Place{Position: math.MaxInt64}
	if behind != nil {
		at = *behind
	}
	rows, err := r.queries.ListRolesByPosition(ctx, r.store.Tenant(clientID), db.ListRolesByPositionParams{
		ClientID: clientID, BeforePosition: at.Position, AfterID: at.ID, Whole: whole, MaxRows: int32(limit),
	})
	if err != nil {
		return nil, fmt.Errorf("list roles: %w", err)
	}
	return rows, nil
}

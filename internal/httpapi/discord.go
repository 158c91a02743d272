package httpapi

import (
	"context"
	"fmt"
	"time"

	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/guild"
	"trackbot/internal/store/db"
)

// ListChannels lists the guild's channels in Discord's order.
func (s *Server) ListChannels(ctx context.Context, req api.ListChannelsRequestObject) (api.ListChannelsResponseObject, error) {
	at, err := behind[guild.Place](ctx, s, req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	tenant, limit := TenantFrom(ctx), limitOf(req.Params.Limit)
	rows, err := s.guilds.Channels(ctx, tenant.ClientID, tenant.CanManage, at, limit+1)
	if err != nil {
		return nil, err
	}
	rows, next := cut(ctx, s, rows, limit, func(c db.ListChannelsByPositionRow) any {
		return guild.Place{Position: int64(c.Position), ID: c.ID}
	})
	items := each(rows, func(c db.ListChannelsByPositionRow) api.Channel {
		return api.Channel{ID: c.ID, Name: c.Name, Type: api.ChannelType(c.Type), CanSend: c.CanSend, PausedSince: api.AtOrNull(c.PausedAt)}
	})
	asOf := oldest(rows, func(c db.ListChannelsByPositionRow) *time.Time { return &c.AsOf })
	return api.ListChannels200JSONResponse{Items: items, NextCursor: next, AsOf: asOf}, nil
}

// ListRoles lists the guild's roles, highest first.
func (s *Server) ListRoles(ctx context.Context, req api.ListRolesRequestObject) (api.ListRolesResponseObject, error) {
	at, err := behind[guild.Place](ctx, s, req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	tenant, limit := TenantFrom(ctx), limitOf(req.Params.Limit)
	rows, err := s.guilds.Roles(ctx, tenant.ClientID, tenant.CanManage, at, limit+1)
	if err != nil {
		return nil, err
	}
	rows, next := cut(ctx, s, rows, limit, func(r db.ListRolesByPositionRow) any {
		return guild.Place{Position: int64(r.Position), ID: r.ID}
	})
	items := each(rows, func(r db.ListRolesByPositionRow) api.Role {
		return api.Role{ID: r.ID, Name: r.Name, Color: roleColor(r.Color), Mentionable: r.Mentionable}
	})
	asOf := oldest(rows, func(r db.ListRolesByPositionRow) *time.Time { return &r.AsOf })
	return api.ListRoles200JSONResponse{Items: items, NextCursor: next, AsOf: asOf}, nil
}

// roleColor is a role's colour; 0 stands for none (Discord API docs: Role Object).
func roleColor(rgb int32) nullable.Nullable[string] {
	if rgb == 0 {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(fmt.Sprintf("#%06x", rgb&0xffffff))
}

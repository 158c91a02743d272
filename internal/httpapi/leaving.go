package httpapi

import (
	"context"
	"net/netip"
	"time"

	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/account"
	"trackbot/internal/guild"
	"trackbot/internal/store/db"
)

// GetMyData tells a person all that is held of them.
func (s *Server) GetMyData(ctx context.Context, _ api.GetMyDataRequestObject) (api.GetMyDataResponseObject, error) {
	held, err := s.accounts.Held(ctx, ActorFrom(ctx).principal)
	if err != nil {
		return nil, err
	}
	if err := tagBy(ctx, toPersonalData(held, time.Time{})); err != nil {
		return nil, err
	}
	return api.GetMyData200JSONResponse(toPersonalData(held, s.now())), nil
}

func toPersonalData(h account.Held, at time.Time) api.PersonalData {
	out := api.PersonalData{
		MadeAt: api.At(at), DiscordGrant: nullable.NewNullNullable[api.HeldGrant](), ActionsTotal: h.ActionsTotal,
		Profile: api.HeldProfile{
			ID: h.User.ID, Username: h.User.Username, GlobalName: api.OrNull(h.User.GlobalName), AvatarHash: api.OrNull(h.User.AvatarHash),
			CreatedAt: api.At(h.User.CreatedAt), UpdatedAt: api.At(h.User.UpdatedAt), GuildsConfirmedAt: api.AtOrNull(h.User.GuildsConfirmedAt),
		},
		Guilds: each(h.Guilds, func(g db.UserGuild) api.HeldGuild {
			return api.HeldGuild{
				ID: g.GuildID, Name: g.Name, Owner: g.IsOwner, Permissions: g.Permissions,
				ConfirmedAt: api.At(g.ConfirmedAt), LastUsedAt: api.AtOrNull(g.LastUsedAt),
			}
		}),
		Sessions: each(h.Sessions, func(r db.ListHeldSessionsRow) api.HeldSession {
			return api.HeldSession{
				ID: r.ID, CreatedAt: api.At(r.CreatedAt), LastUsedAt: api.At(r.LastUsedAt), ExpiresAt: api.At(r.ExpiresAt),
				EndedAt: api.AtOrNull(r.RevokedAt), EndedReason: api.OrNull(r.RevokedReason), UserAgent: r.UserAgent, IPAddress: addressOrNull(r.IpAddress),
			}
		}),
		SignIns: each(h.SignIns, func(r db.ListHeldSignInsRow) api.HeldSignIn {
			return api.HeldSignIn{CreatedAt: api.At(r.CreatedAt), UserAgent: r.UserAgent, IPAddress: addressOrNull(r.IpAddress)}
		}),
		Actions: each(h.Actions, func(a db.ListHeldActionsRow) api.HeldAction {
			return api.HeldAction{
				GuildID: a.GuildID, CreatedAt: api.At(a.CreatedAt), Action: a.Action, TargetType: a.TargetType, Source: api.AuditSource(a.Source),
				ActorName: a.ActorName, UserAgent: a.UserAgent, IPAddress: addressOrNull(a.IpAddress),
			}
		}),
	}
	if g := h.Grant; g != nil {
		out.DiscordGrant.Set(api.HeldGrant{Scope: g.Scope, ExpiresAt: api.At(g.ExpiresAt), UpdatedAt: api.At(g.UpdatedAt)})
	}
	return out
}

func addressOrNull(ip *netip.Addr) nullable.Nullable[string] {
	if ip == nil {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(ip.String())
}

// DeleteMe deletes the caller's account.
func (s *Server) DeleteMe(ctx context.Context, req api.DeleteMeRequestObject) (api.DeleteMeResponseObject, error) {
	end, err := s.accounts.Leave(ctx, ActorFrom(ctx).principal, req.Body.Confirm)
	if err != nil {
		return nil, err
	}
	return api.DeleteMe200JSONResponse{Discord: api.FarewellDiscord(end)}, nil
}

// GetGuildDeletion tells whether everything of the guild is to be deleted.
func (s *Server) GetGuildDeletion(ctx context.Context, _ api.GetGuildDeletionRequestObject) (api.GetGuildDeletionResponseObject, error) {
	plan, err := s.deletion(ctx)
	if err != nil {
		return nil, err
	}
	return api.GetGuildDeletion200JSONResponse(plan), nil
}

// ScheduleGuildDeletion plans the deletion of everything of the guild.
func (s *Server) ScheduleGuildDeletion(ctx context.Context, req api.ScheduleGuildDeletionRequestObject) (api.ScheduleGuildDeletionResponseObject, error) {
	if err := s.registry.ScheduleDeletion(ctx, by(ctx), TenantFrom(ctx).ClientID, req.Body.Confirm); err != nil {
		return nil, err
	}
	plan, err := s.deletion(ctx)
	if err != nil {
		return nil, err
	}
	return api.ScheduleGuildDeletion202JSONResponse(plan), nil
}

// CancelGuildDeletion keeps the guild's data after all.
func (s *Server) CancelGuildDeletion(ctx context.Context, _ api.CancelGuildDeletionRequestObject) (api.CancelGuildDeletionResponseObject, error) {
	if err := s.registry.CancelDeletion(ctx, by(ctx), TenantFrom(ctx).ClientID); err != nil {
		return nil, err
	}
	return api.CancelGuildDeletion204Response{}, nil
}

func (s *Server) deletion(ctx context.Context) (api.GuildDeletion, error) {
	plan, err := s.registry.Deletion(ctx, TenantFrom(ctx).ClientID)
	out := api.GuildDeletion{
		RequestedAt: api.AtOrNull(nil), RequestedBy: api.OrNull[string](nil), DeletesAt: api.AtOrNull(nil),
		GraceDays: int(guild.DeletionGrace / (24 * time.Hour)),
	}
	if err != nil || plan == nil {
		return out, err
	}
	out.Scheduled, out.RequestedBy = true, api.OrNull(&plan.RequestedBy)
	out.RequestedAt, out.DeletesAt = api.AtOrNull(&plan.RequestedAt), api.AtOrNull(&plan.At)
	return out, nil
}

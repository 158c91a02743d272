package httpapi

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"trackbot/api"
	"trackbot/internal/account"
	"trackbot/internal/guild"
	"trackbot/internal/store/db"
	"trackbot/internal/usage"
)

// guildPosition is the last row of a page of guilds.
type guildPosition struct {
	Name string `json:"n"`
	ID   string `json:"i"`
}

// ListGuilds lists the guilds the user may open, by name. A user has at most 200, so they are cut into pages here.
func (s *Server) ListGuilds(ctx context.Context, req api.ListGuildsRequestObject) (api.ListGuildsResponseObject, error) {
	at, err := behind[guildPosition](ctx, s, req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	mine, err := s.accounts.Guilds(ctx, ActorFrom(ctx).principal)
	if err != nil {
		return nil, err
	}
	guilds, err := s.describe(ctx, mine)
	if err != nil {
		return nil, err
	}
	if at != nil {
		guilds = slices.DeleteFunc(guilds, func(g api.Guild) bool { return compareGuild(g, *at) <= 0 })
	}
	limit := limitOf(req.Params.Limit)
	guilds, next := cut(ctx, s, guilds, limit, func(g api.Guild) any { return guildPosition{strings.ToLower(g.Name), g.ID} })
	for i := range guilds {
		needs, accounts, err := s.guilds.Attention(ctx, guilds[i].ClientID)
		if err != nil {
			return nil, err
		}
		guilds[i].Accounts, guilds[i].Attention = accounts, each(needs, toAttention)
	}
	return api.ListGuilds200JSONResponse{Items: guilds, NextCursor: next}, nil
}

func compareGuild(g api.Guild, at guildPosition) int {
	return cmp.Or(cmp.Compare(strings.ToLower(g.Name), at.Name), cmp.Compare(g.ID, at.ID))
}

// describe adds tier and bot to the user's guilds and sorts them by name.
func (s *Server) describe(ctx context.Context, mine []account.Guild) ([]api.Guild, error) {
	byID := make(map[string]account.Guild, len(mine))
	ids := make([]string, len(mine))
	for i, g := range mine {
		ids[i], byID[g.ID] = g.ID, g
	}
	summaries, err := s.guilds.Summaries(ctx, ids)
	if err != nil {
		return nil, err
	}
	guilds := each(summaries, func(g guild.Summary) api.Guild {
		own := byID[g.GuildID]
		return api.Guild{
			ID: g.GuildID, ClientID: own.ClientID, Name: g.Name, IconURL: iconURL(g.GuildID, g.IconHash),
			Permissions: own.Permissions, CanManage: own.CanManage, Tier: api.Tier(g.Tier), Bot: api.GuildBot{Status: api.BotStatus(g.Bot)},
		}
	})
	slices.SortFunc(guilds, func(a, b api.Guild) int { return compareGuild(a, guildPosition{strings.ToLower(b.Name), b.ID}) })
	return guilds, nil
}

// GetGuild tells of one guild.
func (s *Server) GetGuild(ctx context.Context, _ api.GetGuildRequestObject) (api.GetGuildResponseObject, error) {
	tenant := TenantFrom(ctx)
	detail, err := s.guilds.Detail(ctx, tenant.ClientID)
	if err != nil {
		return nil, err
	}
	needs, _, err := s.guilds.Attention(ctx, tenant.ClientID)
	if err != nil {
		return nil, err
	}
	setVersion(ctx, detail.GuildSetting.Version)
	return api.GetGuild200JSONResponse(toGuildDetail(detail, needs, tenant)), nil
}

func toAttention(a guild.Attention) api.Attention {
	return api.Attention{Kind: api.Concern(a.Concern), Count: a.Count, Since: api.AtOrNull(a.Since)}
}

// statusLikeness is how old the checkedAt of a status may be that a 304 calls still right.
const statusLikeness = 10 * time.Second

// GetGuildStatus tells how bot, queues and platforms fare.
func (s *Server) GetGuildStatus(ctx context.Context, _ api.GetGuildStatusRequestObject) (api.GetGuildStatusResponseObject, error) {
	status, err := s.guilds.Status(ctx, TenantFrom(ctx).ClientID)
	if err != nil {
		return nil, err
	}
	answer := toStatus(status)
	like := answer
	like.CheckedAt = api.At(status.CheckedAt.Truncate(statusLikeness))
	if err := tagBy(ctx, like); err != nil {
		return nil, err
	}
	return api.GetGuildStatus200JSONResponse(answer), nil
}

// GetGuildUsage tells what a guild has used, by day.
func (s *Server) GetGuildUsage(ctx context.Context, req api.GetGuildUsageRequestObject) (api.GetGuildUsageResponseObject, error) {
	tenant := TenantFrom(ctx)
	from, to, err := period(req.Params.From, req.Params.To, time.UTC)
	if err != nil {
		return nil, err
	}
	report, err := s.usage.Report(ctx, tenant.ClientID, from, to)
	if err != nil {
		return nil, err
	}
	if s.limits != nil {
		report.Less(s.limits.Unmade(tenant.ClientID))
	}
	return api.GetGuildUsage200JSONResponse(toUsage(report)), nil
}

func toUsage(r usage.Report) api.Usage {
	out := api.Usage{
		Period: api.Period{From: api.At(r.From), To: api.At(r.To)}, Tier: api.Tier(r.Plan.Tier), Limits: toLimits(r.Plan),
		Quotas: toQuotas(r.Plan, r.Now),
		Totals: api.UsageFigures{
			Polls: r.Total.Polls, PostsTracked: r.Total.PostsTracked, NotificationsSent: r.Total.NotificationsSent,
			APIRequests: r.Total.ApiRequests, APIRequestsRefused: r.Total.ApiRefused, Exports: r.Total.Exports,
		},
	}
	out.Series = each(r.Days, func(d db.UsageDaily) api.UsageDay {
		return api.UsageDay{
			Date: openapi_types.Date{Time: d.Day}, Polls: d.Polls, PostsTracked: d.PostsTracked,
			NotificationsSent: d.NotificationsSent, APIRequests: d.ApiRequests, APIRequestsRefused: d.ApiRefused, Exports: d.Exports,
		}
	})
	return out
}

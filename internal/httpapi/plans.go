package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/plan"
	"trackbot/internal/store/db"
	"trackbot/internal/usage"
)

// GetGuildPlan tells what a guild's plan allows, what is used of it and what else is to be had.
func (s *Server) GetGuildPlan(ctx context.Context, _ api.GetGuildPlanRequestObject) (api.GetGuildPlanResponseObject, error) {
	tenant := TenantFrom(ctx)
	o, err := s.plans.Overview(ctx, tenant.ClientID)
	if err != nil {
		return nil, err
	}
	used, err := s.usage.Now(ctx, tenant.ClientID)
	if err != nil {
		return nil, err
	}
	out := api.GuildPlan{
		Tier: api.Tier(o.Tier), Source: api.PlanSource(o.Source), Since: api.At(o.Since), EndsAt: api.AtOrNull(o.EndsAt),
		Limits: toLimits(o.Entitlement), Grace: toGrace(o), Paused: toPlanAccounts(o.Paused), Quotas: append(toQuotas(o.Entitlement, used), toBudget(o.Entitlement, used)),
		Plans: each(o.Plans, func(p db.Plan) api.PlanOption { return s.toOption(p, tenant) }), PortalURL: urlOrNull(""),
	}
	if tenant.CanManage && o.Source == string(plan.Stripe) {
		out.PortalURL = urlOrNull(s.shops.Portal)
	}
	return api.GetGuildPlan200JSONResponse(out), nil
}

func toGrace(o plan.Overview) nullable.Nullable[api.PlanGrace] {
	if !o.InGrace {
		return nullable.NewNullNullable[api.PlanGrace]()
	}
	return nullable.NewNullableWithValue(api.PlanGrace{
		Tier: api.Tier(*o.GraceTier), Until: api.At(*o.GraceUntil), Beyond: toPlanAccounts(o.Beyond),
	})
}

func toPlanAccounts(a plan.Accounts) api.PlanAccounts {
	return api.PlanAccounts{Total: a.Total, Accounts: each(a.Items, func(a plan.Account) api.PlanAccount {
		return api.PlanAccount{ID: a.ID, Platform: api.Platform(a.Platform), Handle: a.Handle, DisplayName: a.DisplayName}
	})}
}

// toOption is a plan with where to buy it, for those who may.
func (s *Server) toOption(p db.Plan, t Tenant) api.PlanOption {
	o := api.PlanOption{Tier: api.Tier(p.Tier), CheckoutURL: urlOrNull(""), DiscordURL: urlOrNull(""), Limits: toLimits(db.Entitlement{
		Accounts: p.Accounts, Brands: p.Brands, MinPollSeconds: p.MinPollSeconds, NotificationsPerDay: p.NotificationsPerDay,
		RetentionDays: p.RetentionDays, ExportRows: p.ExportRows, ApiRequestsPerMinute: p.ApiRequestsPerMinute,
	})}
	if t.CanManage {
		o.CheckoutURL, o.DiscordURL = urlOrNull(s.shops.CheckoutURL(p.Tier, t.ClientID)), urlOrNull(s.shops.DiscordURL(p.Tier))
	}
	return o
}

func urlOrNull(address string) nullable.Nullable[string] {
	if address == "" {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(address)
}

// toBudget is what is used of the budget of requests now, this one included.
func toBudget(e db.Entitlement, used usage.Now) api.Quota {
	perMinute := int64(e.ApiRequestsPerMinute)
	return api.Quota{Name: api.QuotaNameRequestsPerMinute, Used: used.Requests(perMinute), Limit: perMinute, ResetsAt: api.AtOrNull(used.BudgetFullAt)}
}

// toQuotas is what is used of the other limits of a plan now.
func toQuotas(e db.Entitlement, used usage.Now) []api.Quota {
	never, today := api.AtOrNull(nil), api.AtOrNull(&used.ResetsAt)
	return []api.Quota{
		{Name: api.QuotaNameAccounts, Used: used.Accounts, Limit: int64(e.Accounts), ResetsAt: never},
		{Name: api.QuotaNameBrands, Used: used.Brands, Limit: int64(e.Brands), ResetsAt: never},
		{Name: api.QuotaNameNotificationsPerDay, Used: used.Notifications, Limit: int64(e.NotificationsPerDay), ResetsAt: today},
		{Name: api.QuotaNameExportRows, Used: used.ExportRows, Limit: int64(e.ExportRows), ResetsAt: never},
	}
}

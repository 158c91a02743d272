package httpapi

import (
	"context"

	"trackbot/api"
	"trackbot/internal/analytics"
)

// GetAnalytics tells what was published in a period and how it did, beside the period before.
func (s *Server) GetAnalytics(ctx context.Context, req api.GetAnalyticsRequestObject) (api.GetAnalyticsResponseObject, error) {
	p, tenant := req.Params, TenantFrom(ctx)
	from, to, err := period(p.From, p.To, tenant.zone())
	if err != nil {
		return nil, err
	}
	interval, by := analytics.Day, analytics.GroupBy("")
	if p.Interval != nil {
		interval = analytics.Interval(*p.Interval)
	}
	if p.GroupBy != nil {
		by = analytics.GroupBy(*p.GroupBy)
	}
	asked, err := analytics.NewPeriod(from, to, s.now(), tenant.zone(), interval)
	if err != nil {
		return nil, err
	}
	filter := analytics.Filter{BrandID: p.BrandID, AccountID: p.AccountID, Platform: (*string)(p.Platform)}
	rep, err := s.figures.Report(ctx, tenant.ClientID, asked, filter, by)
	if err != nil {
		return nil, err
	}
	return api.GetAnalytics200JSONResponse(toAnalytics(rep, interval)), nil
}

func toAnalytics(r analytics.Report, interval analytics.Interval) api.Analytics {
	return api.Analytics{
		Period: toPeriod(r.Period.Span), PreviousPeriod: toPeriod(r.Period.Previous), Interval: api.AnalyticsInterval(interval),
		Totals: toFigures(r.Total), PreviousTotals: toFigures(r.Before),
		Series: each(r.Series, toPoint), PreviousSeries: each(r.BeforeSeries, toPoint),
		Groups: each(r.Groups, func(g analytics.Group) api.AnalyticsGroup {
			return api.AnalyticsGroup{
				Key: g.Key, Label: g.Label, Totals: toFigures(g.Total), PreviousTotals: toFigures(g.Before), Series: each(g.Series, toPoint),
			}
		}),
		AsOf: api.AtOrNull(r.AsOf),
	}
}

func toPeriod(s analytics.Span) api.Period {
	return api.Period{From: api.At(s.Start), To: api.At(s.End)}
}

func toFigures(f analytics.Figures) api.AnalyticsFigures {
	return api.AnalyticsFigures{
		Posts: f.Posts, Views: api.OrNull(f.Views), Likes: api.OrNull(f.Likes), Comments: api.OrNull(f.Comments), Shares: api.OrNull(f.Shares),
	}
}

func toPoint(p analytics.Point) api.AnalyticsPoint {
	f := toFigures(p.Figures)
	return api.AnalyticsPoint{Start: api.At(p.Start), Posts: f.Posts, Views: f.Views, Likes: f.Likes, Comments: f.Comments, Shares: f.Shares}
}

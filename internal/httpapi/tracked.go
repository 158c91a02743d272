package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

// ListBrands lists brands by name.
func (s *Server) ListBrands(ctx context.Context, req api.ListBrandsRequestObject) (api.ListBrandsResponseObject, error) {
	at, err := behind[tracking.NamePosition](ctx, s, req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	limit := limitOf(req.Params.Limit)
	rows, err := s.reader.ListBrands(ctx, TenantFrom(ctx).ClientID, orStart(at), limit+1)
	if err != nil {
		return nil, err
	}
	rows, next := cut(ctx, s, rows, limit, func(b db.ListBrandsByNameRow) any { return tracking.NamePosition{Name: b.SortName} })
	items := each(rows, func(b db.ListBrandsByNameRow) api.Brand {
		return api.Brand{ID: b.ID, Name: b.Name, CreatedAt: api.At(b.CreatedAt)}
	})
	return api.ListBrands200JSONResponse{Items: items, NextCursor: next}, nil
}

func orStart(at *tracking.NamePosition) tracking.NamePosition {
	if at == nil {
		return tracking.NamePosition{}
	}
	return *at
}

// ListGroups lists account groups by name.
func (s *Server) ListGroups(ctx context.Context, req api.ListGroupsRequestObject) (api.ListGroupsResponseObject, error) {
	at, err := behind[tracking.NamePosition](ctx, s, req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	limit := limitOf(req.Params.Limit)
	rows, err := s.reader.ListGroups(ctx, TenantFrom(ctx).ClientID, req.Params.BrandID, orStart(at), limit+1)
	if err != nil {
		return nil, err
	}
	rows, next := cut(ctx, s, rows, limit, func(g db.ListGroupsByNameRow) any {
		return tracking.NamePosition{Name: g.SortName, ID: g.ID}
	})
	items := each(rows, func(g db.ListGroupsByNameRow) api.Group {
		return api.Group{ID: g.ID, BrandID: g.BrandID, Name: g.Name, CreatedAt: api.At(g.CreatedAt)}
	})
	return api.ListGroups200JSONResponse{Items: items, NextCursor: next}, nil
}

// ListAccounts lists tracked accounts, newest first.
func (s *Server) ListAccounts(ctx context.Context, req api.ListAccountsRequestObject) (api.ListAccountsResponseObject, error) {
	before, err := behind[uuid.UUID](ctx, s, req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	p, limit := req.Params, limitOf(req.Params.Limit)
	filter := tracking.AccountFilter{
		BrandID: p.BrandID, GroupID: p.GroupID, Platform: (*string)(p.Platform), Search: p.Q,
	}
	if p.State != nil {
		filter.States = each(*p.State, func(s api.AccountState) string { return string(s) })
	}
	rows, err := s.reader.ListAccounts(ctx, TenantFrom(ctx).ClientID, filter, before, limit+1)
	if err != nil {
		return nil, err
	}
	rows, next := cut(ctx, s, rows, limit, func(a db.AccountItem) any { return a.ID })
	return api.ListAccounts200JSONResponse{
		Items: each(rows, toAccount), NextCursor: next,
		AsOf: oldest(rows, func(a db.AccountItem) *time.Time { return a.LastPolledAt }),
	}, nil
}

// ListPosts lists posts in the order asked for.
func (s *Server) ListPosts(ctx context.Context, req api.ListPostsRequestObject) (api.ListPostsResponseObject, error) {
	at, err := behind[tracking.PostPosition](ctx, s, req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	p, tenant := req.Params, TenantFrom(ctx)
	filter := tracking.PostFilter{
		AccountID: p.AccountID, GroupID: p.GroupID, BrandID: p.BrandID,
		Platform: (*string)(p.Platform), Kind: (*string)(p.Kind), Search: p.Q,
	}
	if p.Sort != nil {
		filter.Sort = tracking.PostSort(*p.Sort)
	}
	if filter.From, filter.To, err = period(p.From, p.To, tenant.zone()); err != nil {
		return nil, err
	}
	limit := limitOf(p.Limit)
	rows, err := s.reader.ListPosts(ctx, tenant.ClientID, filter, at, limit+1)
	if err != nil {
		return nil, err
	}
	rows, next := cut(ctx, s, rows, limit, func(post db.PostItem) any { return tracking.PositionOf(post, filter.Sort) })
	return postsPage{rows: rows, guildID: tenant.GuildID, next: next}, nil
}

// GetPost tells of one post.
func (s *Server) GetPost(ctx context.Context, req api.GetPostRequestObject) (api.GetPostResponseObject, error) {
	tenant := TenantFrom(ctx)
	post, err := s.reader.GetPost(ctx, tenant.ClientID, req.PostID)
	if err != nil {
		return nil, err
	}
	return api.GetPost200JSONResponse(toPost(post, tenant.GuildID)), nil
}

// GetPostMetrics tells how a post did over time.
func (s *Server) GetPostMetrics(ctx context.Context, req api.GetPostMetricsRequestObject) (api.GetPostMetricsResponseObject, error) {
	h, err := s.reader.History(ctx, TenantFrom(ctx).ClientID, req.PostID)
	if err != nil {
		return nil, err
	}
	offers := tracking.Offers{}
	if s.offers != nil {
		offers = s.offers(h.Platform)
	}
	return api.GetPostMetrics200JSONResponse(toHistory(h, offers)), nil
}

func toHistory(h tracking.History, offers tracking.Offers) api.PostMetricHistory {
	out := api.PostMetricHistory{
		PostID: h.PostID, Platform: api.Platform(h.Platform), PublishedAt: api.At(h.PublishedAt),
		Offers:            api.PlatformOffers{Views: offers.Views, Likes: offers.Likes, Comments: offers.Comments, Shares: offers.Shares},
		NextMeasurementAt: api.AtOrNull(h.Next), AsOf: nullable.NewNullNullable[api.Time](),
	}
	out.Items = each(h.Snapshots, func(m tracking.Snapshot) api.MetricSnapshot {
		return api.MetricSnapshot{
			MeasuredAt: api.At(m.MeasuredAt), AgeSeconds: int64(m.Age / time.Second),
			Views: api.OrNull(m.Views), Likes: api.OrNull(m.Likes), Comments: api.OrNull(m.Comments), Shares: api.OrNull(m.Shares),
		}
	})
	if n := len(h.Snapshots); n > 0 {
		out.AsOf = api.AtOrNull(&h.Snapshots[n-1].MeasuredAt)
	}
	return out
}

package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/share"
	"trackbot/internal/store/db"
)

// ListShares lists the guild's scorecard links, newest first.
func (s *Server) ListShares(ctx context.Context, req api.ListSharesRequestObject) (api.ListSharesResponseObject, error) {
	before, err := behind[uuid.UUID](ctx, s, req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	limit := limitOf(req.Params.Limit)
	rows, err := s.shares.List(ctx, TenantFrom(ctx).ClientID, before, limit+1)
	if err != nil {
		return nil, err
	}
	rows, next := cut(ctx, s, rows, limit, func(l db.ListSharesRow) any { return l.ID })
	items := each(rows, func(l db.ListSharesRow) api.Share {
		return api.Share{ID: l.ID, BrandID: l.BrandID, CreatedAt: api.At(l.CreatedAt), ExpiresAt: api.At(l.ExpiresAt), LastViewedAt: api.AtOrNull(l.LastViewedAt)}
	})
	return api.ListShares200JSONResponse{Items: items, NextCursor: next}, nil
}

// CreateShare makes a link to a brand's scorecard.
func (s *Server) CreateShare(ctx context.Context, req api.CreateShareRequestObject) (api.CreateShareResponseObject, error) {
	var expiresAt time.Time
	if req.Body.ExpiresAt != nil {
		expiresAt = bound(req.Body.ExpiresAt.Time)
	}
	made, err := s.shares.Create(ctx, by(ctx), TenantFrom(ctx).ClientID, req.Body.BrandID, expiresAt)
	if err != nil {
		return nil, err
	}
	return api.CreateShare201JSONResponse{
		ID: made.ID, BrandID: made.BrandID, Token: made.Token, URL: made.URL,
		CreatedAt: api.At(made.CreatedAt), ExpiresAt: api.At(made.ExpiresAt), LastViewedAt: api.AtOrNull(nil),
	}, nil
}

// DeleteShare revokes a link.
func (s *Server) DeleteShare(ctx context.Context, req api.DeleteShareRequestObject) (api.DeleteShareResponseObject, error) {
	if err := s.shares.Revoke(ctx, by(ctx), TenantFrom(ctx).ClientID, req.ShareID); err != nil {
		return nil, err
	}
	return api.DeleteShare204Response{}, nil
}

// GetSharedScorecard shows what a link opens, to anybody who has it.
func (s *Server) GetSharedScorecard(ctx context.Context, req api.GetSharedScorecardRequestObject) (api.GetSharedScorecardResponseObject, error) {
	card, err := s.shares.Open(ctx, req.Token)
	if err != nil {
		return nil, err
	}
	return api.GetSharedScorecard200JSONResponse(toScorecard(card)), nil
}

func toScorecard(c share.Scorecard) api.Scorecard {
	return api.Scorecard{
		BrandName: c.BrandName, GuildName: c.GuildName, Period: toPeriod(c.Period.Span), PreviousPeriod: toPeriod(c.Period.Previous),
		Totals: toFigures(c.Total), PreviousTotals: toFigures(c.Before), Series: each(c.Series, toPoint), PreviousSeries: each(c.BeforeSeries, toPoint),
		Followers: api.OrNull(c.Followers), PreviousFollowers: api.OrNull(c.FollowersBefore),
		Accounts: each(c.Accounts, func(a share.Account) api.ScorecardAccount {
			return api.ScorecardAccount{
				Platform: api.Platform(a.Platform), Handle: a.Handle, DisplayName: textOrNull(a.DisplayName), URL: a.URL, AvatarURL: textOrNull(a.AvatarUrl),
				Followers: api.OrNull(a.Followers), PreviousFollowers: api.OrNull(a.Earlier), Totals: toFigures(a.Total), PreviousTotals: toFigures(a.Before),
			}
		}),
		TopPosts: each(c.TopPosts, func(p db.ListTopPostsRow) api.ScorecardPost {
			return api.ScorecardPost{
				Platform: api.Platform(p.Platform), Kind: api.PostKind(p.Kind), URL: textOrNull(p.URL), Title: textOrNull(p.Title), Body: textOrNull(p.Body),
				ThumbnailURL: textOrNull(p.ThumbnailUrl), PublishedAt: api.At(p.PublishedAt),
				Views: api.OrNull(p.Views), Likes: api.OrNull(p.Likes), Comments: api.OrNull(p.Comments), Shares: api.OrNull(p.Shares),
			}
		}),
		AsOf: api.AtOrNull(c.AsOf), ExpiresAt: api.At(c.ExpiresAt),
	}
}

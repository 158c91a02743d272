package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/tracking"
)

// PollAccount has an account checked next.
func (s *Server) PollAccount(ctx context.Context, req api.PollAccountRequestObject) (api.PollAccountResponseObject, error) {
	clientID := TenantFrom(ctx).ClientID
	if err := s.catalog.PollNow(ctx, by(ctx), clientID, req.AccountID); err != nil {
		return nil, err
	}
	item, err := s.reader.GetAccount(ctx, clientID, req.AccountID)
	if err != nil {
		return nil, err
	}
	return api.PollAccount202JSONResponse(toAccount(item)), nil
}

// GetAccountFollowers tells an account's followers over time.
func (s *Server) GetAccountFollowers(ctx context.Context, req api.GetAccountFollowersRequestObject) (api.GetAccountFollowersResponseObject, error) {
	history, err := s.reader.ListFollowers(ctx, TenantFrom(ctx).ClientID, req.AccountID)
	if err != nil {
		return nil, err
	}
	out := api.FollowerHistory{AccountID: req.AccountID, Platform: api.Platform(history.Platform), AsOf: nullable.NewNullNullable[api.Time]()}
	out.Items = each(history.Counts, func(c tracking.FollowerCount) api.FollowerCount {
		return api.FollowerCount{MeasuredAt: api.At(c.MeasuredAt), Followers: c.Followers}
	})
	if n := len(history.Counts); n > 0 {
		out.AsOf = api.AtOrNull(&history.Counts[n-1].MeasuredAt)
	}
	return api.GetAccountFollowers200JSONResponse(out), nil
}

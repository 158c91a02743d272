package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/tracking"
)

// ListPlatforms tells what can be tracked here.
func (s *Server) ListPlatforms(context.Context, api.ListPlatformsRequestObject) (api.ListPlatformsResponseObject, error) {
	return api.ListPlatforms200JSONResponse{Items: each(s.platforms, toPlatform)}, nil
}

func toPlatform(p tracking.Platform) api.PlatformInfo {
	info := api.PlatformInfo{
		Platform: api.Platform(p.Platform), Available: p.On, Reason: nullable.NewNullNullable[string](),
		Followers: p.Followers, Push: p.Push, NeedsKey: p.NeedsKey, MinPollSeconds: int(p.MinInterval.Seconds()),
		Metrics: []api.PlatformMetric{}, Kinds: each(p.Kinds, func(kind string) api.PostKind { return api.PostKind(kind) }),
		Examples: each(p.Inputs, func(example string) string { return example }),
	}
	if !p.On {
		info.Reason = nullable.NewNullableWithValue(p.WhyOff)
	}
	for _, m := range []struct {
		has  bool
		name api.PlatformMetric
	}{
		{p.Views, api.PlatformMetricViews},
		{p.Likes, api.PlatformMetricLikes},
		{p.Comments, api.PlatformMetricComments},
		{p.Shares, api.PlatformMetricShares},
	} {
		if m.has {
			info.Metrics = append(info.Metrics, m.name)
		}
	}
	return info
}

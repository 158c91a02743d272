package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/guild"
)

// ReplaceGuildSettings puts the whole settings in the place of those that If-Match names.
func (s *Server) ReplaceGuildSettings(ctx context.Context, req api.ReplaceGuildSettingsRequestObject) (api.ReplaceGuildSettingsResponseObject, error) {
	tenant := TenantFrom(ctx)
	current := func(version int64) error { return checkVersion(req.Params.IfMatch, version) }
	if err := s.registry.ReplaceSettings(ctx, by(ctx), tenant.ClientID, fromSettings(*req.Body), current); err != nil {
		return nil, err
	}
	detail, err := s.guilds.Detail(ctx, tenant.ClientID)
	if err != nil {
		return nil, err
	}
	needs, _, err := s.guilds.Attention(ctx, tenant.ClientID)
	if err != nil {
		return nil, err
	}
	setVersion(ctx, detail.GuildSetting.Version)
	return api.ReplaceGuildSettings200JSONResponse(toGuildDetail(detail, needs, tenant)), nil
}

func fromSettings(body api.GuildSettingsReplacement) guild.Settings {
	out := guild.Settings{
		Timezone: body.Timezone, Locale: body.Locale, NotificationsEnabled: body.NotificationsEnabled,
		DefaultChannelID: orNil(body.DefaultChannelID), MentionRoleID: orNil(body.MentionRoleID), Digest: string(body.Digest),
		DashboardAccess: string(body.DashboardAccess), EmbedColor: body.EmbedColor, BreakoutFactor: orNil(body.BreakoutFactor),
		WeeklyScorecard: body.WeeklyScorecard,
	}
	if hours, err := body.QuietHours.Get(); err == nil {
		out.QuietStart, out.QuietEnd = &hours.Start, &hours.End
	}
	return out
}

// orNil is an optional value, nil where it is null.
func orNil[T any](v nullable.Nullable[T]) *T {
	value, err := v.Get()
	if err != nil {
		return nil
	}
	return &value
}

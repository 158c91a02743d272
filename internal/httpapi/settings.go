package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/fault"
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

// rulesOf are the rules beyond its schema that an operation's body is held to before its method is called, so that a
// caller hears of every fault at once.
func rulesOf(operationID string) func(body any) []fault.Field {
	if operationID == "replaceGuildSettings" {
		return settingsFaults
	}
	return nil
}

// settingsFaults looks at what is there of settings, however much of the rest is missing or of another type.
func settingsFaults(body any) []fault.Field {
	fields, ok := body.(map[string]any)
	if !ok {
		return nil
	}
	s := guild.Settings{Timezone: "UTC", Locale: "en"}
	if zone, ok := fields["timezone"].(string); ok {
		s.Timezone = zone
	}
	if locale, ok := fields["locale"].(string); ok {
		s.Locale = locale
	}
	if hours, ok := fields["quietHours"].(map[string]any); ok {
		start, isStart := hours["start"].(string)
		end, isEnd := hours["end"].(string)
		if isStart && isEnd {
			s.QuietStart, s.QuietEnd = &start, &end
		}
	}
	return s.Faults()
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

package httpapi

import (
	"fmt"
	"time"

	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/delivery"
	"trackbot/internal/guild"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

// oldest is the least time of the items, null when none is known: a list is as fresh as its stalest item.
func oldest[T any](items []T, asOf func(T) *time.Time) nullable.Nullable[api.Time] {
	var least *time.Time
	for _, item := range items {
		if at := asOf(item); at != nil && (least == nil || at.Before(*least)) {
			least = at
		}
	}
	return api.AtOrNull(least)
}

// iconURL is the address of a guild's icon (Discord API docs: Image Formatting).
func iconURL(guildID string, hash *string) nullable.Nullable[string] {
	if hash == nil || *hash == "" {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(fmt.Sprintf("https://cdn.discordapp.com/icons/%s/%s.png", guildID, *hash))
}

// messageBase begins the address of a message in Discord's clients.
const messageBase = "https://discord.com/channels/"

// messageURL is where Discord's clients show a message.
func messageURL(guildID string, channelID, messageID *string) nullable.Nullable[string] {
	if channelID == nil || messageID == nil {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(messageBase + guildID + "/" + *channelID + "/" + *messageID)
}

func toLimits(p db.Entitlement) api.Limits {
	return api.Limits{
		Accounts: int64(p.Accounts), Brands: int64(p.Brands), MinPollIntervalSeconds: int64(p.MinPollSeconds),
		NotificationsPerDay: int64(p.NotificationsPerDay), HistoryDays: int64(p.RetentionDays),
		ExportRows: int64(p.ExportRows), RequestsPerMinute: int64(p.ApiRequestsPerMinute),
	}
}

func toSettings(s db.GuildSetting) api.GuildSettings {
	out := api.GuildSettings{
		Timezone: s.Timezone, Locale: s.Locale, NotificationsEnabled: s.NotificationsEnabled,
		DefaultChannelID: api.OrNull(s.DefaultChannelID), MentionRoleID: api.OrNull(s.MentionRoleID),
		QuietHours: nullable.NewNullNullable[api.QuietHours](), Digest: api.Digest(s.Digest),
		DashboardAccess: api.DashboardAccess(s.DashboardAccess), EmbedColor: s.EmbedColor, BreakoutFactor: api.OrNull(s.BreakoutFactor),
		WeeklyScorecard: s.WeeklyScorecard,
	}
	if s.QuietHoursStart != nil && s.QuietHoursEnd != nil {
		out.QuietHours = nullable.NewNullableWithValue(api.QuietHours{Start: *s.QuietHoursStart, End: *s.QuietHoursEnd})
	}
	return out
}

func toGuildDetail(d guild.Detail, needs []guild.Attention, t Tenant) api.GuildDetail {
	return api.GuildDetail{
		ID: d.Client.GuildID, ClientID: d.Client.ID, Name: d.Client.Name, IconURL: iconURL(d.Client.GuildID, d.Client.IconHash),
		Permissions: t.Permissions, CanManage: t.CanManage, Tier: api.Tier(d.Entitlement.Tier), Bot: api.GuildBot{Status: api.BotStatus(d.Bot)},
		Settings: toSettings(d.GuildSetting), Limits: toLimits(d.Entitlement), CreatedAt: api.At(d.Client.CreatedAt),
		Counts:    api.GuildCounts{Brands: d.BrandCount, Groups: d.GroupCount, Accounts: d.AccountCount, Posts30D: d.Posts30d},
		Attention: each(needs, toAttention), Suspension: toSuspension(guild.SuspensionOf(d.Client)),
	}
}

func toSuspension(s *guild.Suspension) nullable.Nullable[api.Suspension] {
	if s == nil {
		return nullable.NewNullNullable[api.Suspension]()
	}
	return nullable.NewNullableWithValue(api.Suspension{Since: api.At(s.Since), Reason: s.Reason})
}

func toStatus(s guild.Status) api.GuildStatus {
	out := api.GuildStatus{
		Bot: api.BotHealth{
			Status: api.BotStatus(s.Bot), LastHeartbeat: api.AtOrNull(s.LastHeartbeat), Version: api.OrNull(s.Version),
			ShardCount: orZero(s.ShardCount), GuildCount: orZero(s.GuildCount),
		},
		Queue: api.QueueStates{
			Poll:   api.QueueState{Depth: s.PollDepth, OldestSeconds: s.PollOldest},
			Notify: api.QueueState{Depth: s.NotifyDepth, OldestSeconds: s.NotifyOldest},
			Export: api.QueueState{Depth: s.ExportDepth, OldestSeconds: s.ExportOldest},
		},
		Sources: make([]api.SourceStatus, len(s.Platforms)), CheckedAt: api.At(s.CheckedAt),
	}
	for i, p := range s.Platforms {
		state := api.SourceState("ok")
		if p.IsIncident {
			state = "incident"
		}
		out.Sources[i] = api.SourceStatus{
			Platform: api.Platform(p.Platform), State: state, Since: api.AtOrNull(&p.Since),
			Reason: textOrNull(tracking.IncidentWords(p.Platform, p.Hosts)), Accounts: p.Held,
		}
	}
	return out
}

func orZero(n *int32) int {
	if n == nil {
		return 0
	}
	return int(*n)
}

func toAccount(a db.AccountItem) api.Account {
	return api.Account{
		ID: a.ID, BrandID: a.BrandID, GroupID: a.GroupID, Platform: api.Platform(a.Platform), Handle: a.Handle,
		DisplayName: textOrNull(a.DisplayName), URL: a.URL, AvatarURL: textOrNull(a.AvatarUrl), Followers: api.OrNull(a.Followers),
		State: api.AccountState(a.State), StateSince: api.At(a.StateSince), StateReason: textOrNull(a.StateReason),
		Action:       api.AccountAction(tracking.ActionFor(a.State, a.FailureKind)),
		LastPolledAt: api.AtOrNull(a.LastPolledAt), NextPollAt: api.AtOrNull(a.NextPollAt), LastPostAt: api.AtOrNull(a.LastPostAt),
		ChannelID: api.OrNull(a.ChannelID), CreatedAt: api.At(a.CreatedAt), AsOf: api.AtOrNull(a.LastPolledAt),
	}
}

func toPost(p db.PostItem, guildID string) api.Post {
	sent := api.PostDelivery{State: "none", DeliveredAt: api.AtOrNull(p.DeliveredAt), Reason: textOrNull(delivery.Explain(p.DeliveryReason))}
	if p.DeliveryState != "" {
		sent.State = api.PostDeliveryState(p.DeliveryState)
	}
	sent.MessageURL = messageURL(guildID, p.DeliveryChannelID, p.DeliveryMessageID)
	return api.Post{
		ID: p.ID, AccountID: p.AccountID, BrandID: p.BrandID, Platform: api.Platform(p.Platform), Kind: api.PostKind(p.Kind),
		ExternalID: p.ExternalID, URL: textOrNull(p.URL), Title: textOrNull(p.Title), Body: textOrNull(p.Body),
		AuthorName: textOrNull(p.AuthorName), ThumbnailURL: textOrNull(p.ThumbnailUrl),
		PublishedAt: api.At(p.PublishedAt), FirstSeenAt: api.At(p.FirstSeenAt), EditedAt: api.AtOrNull(p.EditedAt), RemovedAt: api.AtOrNull(p.RemovedAt),
		Metrics: api.PostMetrics{
			Views: api.OrNull(p.Views), Likes: api.OrNull(p.Likes), Comments: api.OrNull(p.Comments), Shares: api.OrNull(p.Shares),
			MeasuredAt: api.AtOrNull(p.MeasuredAt),
		},
		Delivery: sent, AsOf: api.AtOrNull(&p.AsOf),
	}
}

// each converts a page's rows.
func each[Row, Item any](rows []Row, convert func(Row) Item) []Item {
	items := make([]Item, len(rows))
	for i, row := range rows {
		items[i] = convert(row)
	}
	return items
}

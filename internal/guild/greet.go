package guild

import (
	"cmp"
	"context"
	"slices"

	"trackbot/internal/delivery"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const brandColor = 0x5865F2

// greetingChannel is the system channel if the bot can post there, else the first text channel
// where it can, in the order people see; "" if there is none.
func greetingChannel(g Guild) string {
	var usable []Channel
	for _, c := range g.Channels {
		if !c.CanSend || (c.Type != Text && c.Type != Announcement) {
			continue
		}
		if c.ID == g.SystemChannelID {
			return c.ID
		}
		if c.Type == Text {
			usable = append(usable, c)
		}
	}
	if len(usable) == 0 {
		return ""
	}
	return slices.MinFunc(usable, func(a, b Channel) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	}).ID
}

// greet says in a channel what to do first. Without a channel the dashboard does.
func (r *Registry) greet(ctx context.Context, tx store.Conn, client db.Client, channelID, key string) error {
	if channelID == "" {
		return nil
	}
	m := delivery.Message{
		Title: "Thanks for inviting Trackbot",
		Body: "I follow social accounts and feeds and post here what is new.\n\n" +
			"**Start now:** `/track add` and paste a feed, a site, a YouTube channel, a Bluesky handle or a Mastodon address.",
		Color: brandColor,
		Fields: []delivery.Field{
			{Name: "Where posts go", Value: "<#" + channelID + ">, until you choose another with `/channel set`.", Inline: true},
			{Name: "Who can set me up", Value: "Members with **Manage Server**.", Inline: true},
			{Name: "Is all well?", Value: "`/status` tells.", Inline: true},
		},
	}
	if address := DashboardURL(r.cfg.DashboardURL, client.GuildID); address != "" {
		m.Buttons = []delivery.Button{{Label: "Open the dashboard", URL: address}}
	}
	return delivery.EnqueueNotice(ctx, tx, delivery.Notice{ClientID: client.ID, Key: key, ChannelID: channelID, Message: m})
}

// DashboardURL is the guild's page in the dashboard; "" without a dashboard.
func DashboardURL(base, guildID string) string {
	if base == "" {
		return ""
	}
	for base[len(base)-1] == '/' {
		base = base[:len(base)-1]
	}
	return base + "/guilds/" + guildID
}

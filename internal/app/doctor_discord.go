package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"trackbot/internal/config"
	"trackbot/internal/discord"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// checkDiscord tries the token, and with it all that Discord tells of the application and its guilds.
func (d *doctor) checkDiscord(ctx context.Context) {
	client := discord.New(discord.Config{
		BaseURL: d.cfg.DiscordAPIURL, Token: d.cfg.DiscordBotToken.Reveal(), UserAgent: userAgent(d.cfg),
		Timeout: doctorPatience, MaxWait: doctorPatience, Now: d.now,
	})
	defer client.Close()
	_, ahead, err := client.Clock(ctx)
	if err != nil {
		d.fail("discord", "no answer: "+err.Error(), "Can this machine reach "+d.cfg.DiscordAPIURL+"? Look at DNS, firewall and proxy.")
		return
	}
	d.judgeClock("clock of discord", ahead)
	if d.cfg.DiscordBotToken == "" {
		d.skip("discord token", "there is none")
		return
	}
	app, err := client.CurrentApplication(ctx)
	if errors.Is(err, discord.ErrUnauthorized) {
		d.fail("discord token", "Discord refuses it", "Copy the bot's token from the developer portal (Bot, Reset Token) into DISCORD_BOT_TOKEN, without the word Bot.")
		return
	}
	if err != nil {
		d.fail("discord token", err.Error(), "Discord answered with an error; try again, and look at its status page.")
		return
	}
	d.ok("discord token", "of the application %s (%s), in about %d guilds", app.Name, app.ID, app.ApproximateGuildCount)
	if d.runs(config.API) {
		d.judgeApplication(app)
	}
	if d.runs(config.Bot) {
		d.checkGateway(ctx, client)
	}
	d.checkGuilds(ctx, client, app)
}

// judgeApplication compares the application with what the API is told of it.
func (d *doctor) judgeApplication(app discord.Application) {
	const check = "application"
	good := true
	fail := func(detail, fix string) { good = false; d.fail(check, detail, fix) }
	if d.cfg.OAuthClientID != app.ID {
		fail(fmt.Sprintf("DASHBOARD_DISCORD_CLIENT_ID is %s, the token's application %s", d.cfg.OAuthClientID, app.ID), "Use id and secret of the bot's own application, or the token of the other one.")
	}
	if d.cfg.DiscordPublicKey != "" && !strings.EqualFold(d.cfg.DiscordPublicKey, app.VerifyKey) {
		fail("DISCORD_PUBLIC_KEY is not the application's", "Copy the public key from the developer portal (General Information).")
	}
	if len(app.RedirectURIs) > 0 && !slices.Contains(app.RedirectURIs, d.cfg.OAuthCallback) {
		fail(fmt.Sprintf("DASHBOARD_OAUTH_CALLBACK %s is not among its redirects", d.cfg.OAuthCallback), "Add exactly this address in the developer portal (OAuth2, Redirects), or nobody can sign in.")
	}
	if d.cfg.DiscordPublicKey == "" {
		d.warn(check, "DISCORD_PUBLIC_KEY is not set: revoked grants and sold plans are not heard of", "Copy the public key from the developer portal, and name https://…/api/v1/webhooks/discord there.")
	}
	if good {
		d.ok(check, "id, key and redirect fit")
	}
}

func (d *doctor) checkGateway(ctx context.Context, client *discord.Client) {
	const check = "gateway"
	gateway, err := client.GatewayBot(ctx)
	switch {
	case err != nil:
		d.fail(check, err.Error(), "Discord answered with an error; try again, and look at its status page.")
	case gateway.Limit.Remaining < gateway.Shards:
		reset := time.Duration(gateway.Limit.ResetAfter) * time.Millisecond
		d.fail(check, fmt.Sprintf("%d of %d session starts are left for %s", gateway.Limit.Remaining, gateway.Limit.Total, many(gateway.Shards, "shard")), fmt.Sprintf("Wait %s before the bot is started: with none left Discord resets its token. Something starts it again and again.", reset.Round(time.Minute)))
	default:
		d.ok(check, "%s, %s left; the one intent asked for, GUILDS, needs no approval", many(gateway.Shards, "shard"), many(gateway.Limit.Remaining, "session start"))
	}
}

// checkGuilds looks whether the bot may post where it is told to.
func (d *doctor) checkGuilds(ctx context.Context, client *discord.Client, app discord.Application) {
	const check = "permissions"
	if d.cfg.DatabaseURL == "" {
		d.skip(check, "without DATABASE_URL it is not known which guilds to look at")
		return
	}
	st, err := store.Open(ctx, d.cfg.DatabaseURL.Reveal(), store.RoleAdmin, store.WithMaxConns(1))
	if err != nil {
		d.skip(check, "without the database it is not known which guilds to look at")
		return
	}
	defer st.Close()
	rows, err := db.New().ListChannelsInUse(ctx, st.Shared(), int32(d.order.Guilds))
	if err != nil {
		d.skip(check, "without the database's schema it is not known which guilds to look at")
		return
	}
	self := app.ID
	if app.Bot != nil {
		self = app.Bot.ID
	}
	channels, faults := 0, len(d.findings)
	for _, row := range rows {
		channels += d.checkGuild(ctx, client, self, row)
	}
	if len(d.findings) == faults {
		d.ok(check, "%d channels of %d guilds", channels, len(rows))
	}
}

// checkGuild returns how many channels it looked at.
func (d *doctor) checkGuild(ctx context.Context, client *discord.Client, self string, row db.ListChannelsInUseRow) int {
	const check = "permissions"
	guild, err := client.Guild(ctx, row.GuildID)
	if discord.HasCode(err, discord.CodeMissingAccess, discord.CodeUnknownGuild) {
		d.warn(check, fmt.Sprintf("%s (%s): the bot is not in it", row.Name, row.GuildID), "It was removed while the bot was away; the bot notices when it starts. To have it back, invite it: "+d.invite(client, row.GuildID))
		return 0
	}
	var member discord.Member
	var there []discord.Channel
	if err == nil {
		member, err = client.GuildMember(ctx, row.GuildID, self)
	}
	if err == nil {
		there, err = client.GuildChannels(ctx, row.GuildID)
	}
	if err != nil {
		d.warn(check, fmt.Sprintf("%s (%s): not looked at: %s", row.Name, row.GuildID, err), "Try again.")
		return 0
	}
	base := discord.GuildPermissions(guild, self, member.Roles)
	used := row.Channels
	if row.DefaultChannelID != "" && !slices.Contains(used, row.DefaultChannelID) {
		used = append(used, row.DefaultChannelID)
	}
	for _, id := range used {
		at := slices.IndexFunc(there, func(c discord.Channel) bool { return c.ID == id })
		if at < 0 {
			d.warn(check, fmt.Sprintf("%s: channel %s is not there any more", row.Name, id), "A manager chooses another one in the dashboard's settings and routes.")
			continue
		}
		set := discord.ChannelPermissions(base, there[at], row.GuildID, self, member.Roles)
		if missing := missingPermissions(set); len(missing) > 0 {
			d.fail(check, fmt.Sprintf("%s, #%s: the bot lacks %s", row.Name, cmp.Or(there[at].Name, id), strings.Join(missing, ", ")), "In Discord: channel settings, Permissions, add the bot's role and allow it there. Messages that wait are sent then.")
		}
	}
	return len(used)
}

func (d *doctor) invite(client *discord.Client, guildID string) string {
	return client.InviteURL(discord.PermissionSet(discord.PermViewChannel, discord.PermSendMessages, discord.PermEmbedLinks, discord.PermReadMessageHistory), guildID)
}

func missingPermissions(set *big.Int) (missing []string) {
	for _, p := range []struct {
		bit  discord.Permission
		name string
	}{
		{discord.PermViewChannel, "View Channel"},
		{discord.PermSendMessages, "Send Messages"},
		{discord.PermEmbedLinks, "Embed Links"},
		{discord.PermReadMessageHistory, "Read Message History"},
	} {
		if !discord.HasPermission(set, p.bit) {
			missing = append(missing, p.name)
		}
	}
	return missing
}

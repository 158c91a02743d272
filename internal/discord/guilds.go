package discord

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// checkIDs refuses ids that would change the path they are put into.
func checkIDs(ids ...string) error {
	for _, id := range ids {
		if !isSnowflake(id) {
			return &unsentError{"check id", fmt.Errorf("%.30q is none of Discord's", id)}
		}
	}
	return nil
}

func isSnowflake(id string) bool {
	if id == "" || len(id) > 20 {
		return false
	}
	for _, r := range id {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// bot returns a request in the name of the bot.
func (c *Client) bot(method, template, path, major string) *request {
	return &request{
		method: method,
		route:  method + " " + template,
		path:   path,
		major:  major,
		lane:   laneBot,
		auth:   "Bot " + c.cfg.Token,
	}
}

// GatewayBot is where to connect, with how many shards, and how often.
type GatewayBot struct {
	URL    string            `json:"url"`
	Shards int               `json:"shards"`
	Limit  SessionStartLimit `json:"session_start_limit"`
}

// SessionStartLimit bounds how often the bot may identify. At 0 remaining a
// further identify makes Discord reset the bot's token.
type SessionStartLimit struct {
	Total          int `json:"total"`
	Remaining      int `json:"remaining"`
	ResetAfter     int `json:"reset_after"` // milliseconds
	MaxConcurrency int `json:"max_concurrency"`
}

// GatewayBot asks for the gateway's address and limits.
func (c *Client) GatewayBot(ctx context.Context) (GatewayBot, error) {
	var out GatewayBot
	err := c.do(ctx, c.bot(http.MethodGet, "/gateway/bot", "/gateway/bot", ""), &out)
	return out, err
}

// CurrentApplication returns the application of the bot token.
func (c *Client) CurrentApplication(ctx context.Context) (Application, error) {
	var out Application
	err := c.do(ctx, c.bot(http.MethodGet, "/applications/@me", "/applications/@me", ""), &out)
	return out, err
}

// LeaveGuild takes the bot out of a guild.
func (c *Client) LeaveGuild(ctx context.Context, guildID string) error {
	if err := checkIDs(guildID); err != nil {
		return err
	}
	return c.do(ctx, c.bot(http.MethodDelete, "/users/@me/guilds/{guild}", "/users/@me/guilds/"+guildID, ""), nil)
}

// Guild returns a guild with its owner and roles.
func (c *Client) Guild(ctx context.Context, guildID string) (Guild, error) {
	var out Guild
	if err := checkIDs(guildID); err != nil {
		return out, err
	}
	err := c.do(ctx, c.bot(http.MethodGet, "/guilds/{guild}", "/guilds/"+guildID, guildID), &out)
	return out, err
}

// GuildMember returns one member; CodeUnknownMember if the user is none.
func (c *Client) GuildMember(ctx context.Context, guildID, userID string) (Member, error) {
	var out Member
	if err := checkIDs(guildID, userID); err != nil {
		return out, err
	}
	path := "/guilds/" + guildID + "/members/" + userID
	err := c.do(ctx, c.bot(http.MethodGet, "/guilds/{guild}/members/{user}", path, guildID), &out)
	return out, err
}

// GuildChannels returns the guild's channels without threads.
func (c *Client) GuildChannels(ctx context.Context, guildID string) ([]Channel, error) {
	var out []Channel
	if err := checkIDs(guildID); err != nil {
		return nil, err
	}
	rq := c.bot(http.MethodGet, "/guilds/{guild}/channels", "/guilds/"+guildID+"/channels", guildID)
	rq.limit = listLimit
	err := c.do(ctx, rq, &out)
	return out, err
}

// GuildRoles returns the guild's roles, @everyone included.
func (c *Client) GuildRoles(ctx context.Context, guildID string) ([]Role, error) {
	var out []Role
	if err := checkIDs(guildID); err != nil {
		return nil, err
	}
	err := c.do(ctx, c.bot(http.MethodGet, "/guilds/{guild}/roles", "/guilds/"+guildID+"/roles", guildID), &out)
	return out, err
}

// GlobalCommands lists the application's global commands, with their translations.
func (c *Client) GlobalCommands(ctx context.Context, appID string) ([]Command, error) {
	if err := checkIDs(appID); err != nil {
		return nil, err
	}
	rq := c.bot(http.MethodGet, "/applications/{application}/commands", "/applications/"+appID+"/commands?with_localizations=true", "")
	rq.limit = listLimit
	var out []Command
	err := c.do(ctx, rq, &out)
	return out, err
}

// PutGlobalCommands replaces all global commands of the application. Commands
// that are unchanged keep their ids.
func (c *Client) PutGlobalCommands(ctx context.Context, appID string, commands []Command) ([]Command, error) {
	if err := checkIDs(appID); err != nil {
		return nil, err
	}
	if commands == nil {
		commands = []Command{}
	}
	rq := c.bot(http.MethodPut, "/applications/{application}/commands", "/applications/"+appID+"/commands", "")
	rq.json, rq.limit = commands, listLimit
	var out []Command
	err := c.do(ctx, rq, &out)
	return out, err
}

// RespondInteraction answers an interaction; Discord waits three seconds for it.
// The token in the path is the credential, so that the bot's limits do not count.
func (c *Client) RespondInteraction(ctx context.Context, id, token string, r InteractionResponse) error {
	if err := checkIDs(id); err != nil {
		return err
	}
	return c.do(ctx, &request{
		method: http.MethodPost,
		route:  "POST /interactions/{interaction}/{token}/callback",
		path:   "/interactions/" + id + "/" + url.PathEscape(token) + "/callback",
		major:  id,
		lane:   laneInteraction,
		json:   r,
	}, nil)
}

// EditInteractionResponse replaces the first answer to an interaction, within 15 minutes of it.
func (c *Client) EditInteractionResponse(ctx context.Context, appID, token string, m InteractionMessage) (Message, error) {
	var out Message
	if err := checkIDs(appID); err != nil {
		return out, err
	}
	err := c.do(ctx, &request{
		method: http.MethodPatch,
		route:  "PATCH /webhooks/{application}/{token}/messages/@original",
		path:   "/webhooks/" + appID + "/" + url.PathEscape(token) + "/messages/@original",
		major:  fingerprint(token),
		lane:   laneInteraction,
		json:   interactionEdit(m),
	}, &out)
	return out, err
}

package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// Guilds lists the guilds of a shard that Trackbot believes the bot to be in.
func (c *Client) Guilds(ctx context.Context, shard, shards int) ([]string, error) {
	var out struct {
		GuildIDs []string `json:"guildIds"`
	}
	_, err := c.call(ctx, http.MethodGet, fmt.Sprintf("/bot/guilds?shardId=%d&shardCount=%d", shard, shards), nil, &out)
	return out.GuildIDs, err
}

// ChangeGuild tells what has changed in a guild. An *Error of status 404: tell it whole with PutGuild.
func (c *Client) ChangeGuild(ctx context.Context, guildID string, change GuildChange) error {
	path, err := guildPath(guildID)
	if err != nil {
		return err
	}
	_, err = c.call(ctx, http.MethodPatch, path, change, nil)
	return err
}

// Command has a slash command done. Refusals are replies too. An *Error of status 404: the guild is not
// known; tell it with PutGuild and call again. A call that was cut off may have been done.
func (c *Client) Command(ctx context.Context, guildID string, cmd Command) (Reply, error) {
	path, err := guildPath(guildID)
	if err != nil {
		return Reply{}, err
	}
	var out Reply
	_, err = c.call(ctx, http.MethodPost, path+"/commands", cmd, &out)
	return out, err
}

// Complete asks for values that fit to the option that is focused.
func (c *Client) Complete(ctx context.Context, guildID string, cmd Command) ([]Choice, error) {
	path, err := guildPath(guildID)
	if err != nil {
		return nil, err
	}
	var out struct {
		Choices []Choice `json:"choices"`
	}
	_, err = c.call(ctx, http.MethodPost, path+"/completions", cmd, &out)
	return out.Choices, err
}

// Session asks where a shard resumes; found is false when it has to begin anew.
func (c *Client) Session(ctx context.Context, shard int) (s Session, found bool, err error) {
	_, err = c.call(ctx, http.MethodGet, sessionPath(shard), nil, &s)
	var refusal *Error
	if errors.As(err, &refusal) && refusal.Status == http.StatusNotFound && refusal.Code == "not_found" {
		return Session{}, false, nil
	}
	return s, err == nil, err
}

// SaveSession tells how far a shard has followed.
func (c *Client) SaveSession(ctx context.Context, shard int, s Session) error {
	_, err := c.call(ctx, http.MethodPut, sessionPath(shard), s, nil)
	return err
}

// ForgetSession tells that a shard cannot resume.
func (c *Client) ForgetSession(ctx context.Context, shard int) error {
	_, err := c.call(ctx, http.MethodDelete, sessionPath(shard), nil, nil)
	return err
}

func sessionPath(shard int) string { return "/bot/shards/" + strconv.Itoa(shard) + "/session" }

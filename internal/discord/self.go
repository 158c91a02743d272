package discord

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
)

// Self returns the application of the bot token, its Bot never nil. An API in front of Discord may lack the calls that
// tell it, which are of no other use: then the user of the token, or the token itself, says who the bot is. Application
// and bot share their id since 2016.
func (c *Client) Self(ctx context.Context) (Application, error) {
	app, err := c.CurrentApplication(ctx)
	if err != nil && Lacks(err) {
		app, err = c.selfByUser(ctx, err)
	}
	if err != nil {
		return Application{}, err
	}
	if app.Bot == nil {
		app.Bot = &User{ID: app.ID, Username: app.Name, Bot: true}
	}
	return app, nil
}

func (c *Client) selfByUser(ctx context.Context, cause error) (Application, error) {
	var me User
	err := c.do(ctx, c.bot(http.MethodGet, "/users/@me", "/users/@me", ""), &me)
	if err != nil && !Lacks(err) {
		return Application{}, err
	}
	if err != nil || me.ID == "" {
		if me.ID = idInToken(c.cfg.Token); me.ID == "" {
			return Application{}, cause
		}
	}
	return Application{ID: me.ID, Name: me.Username, Bot: &me}, nil
}

// Lacks tells whether the API has no such call at all, rather than trouble with it.
func Lacks(err error) bool {
	refusal, ok := errors.AsType[*APIError](err)
	return ok && (refusal.Status == http.StatusNotFound || refusal.Status == http.StatusMethodNotAllowed || refusal.Status == http.StatusNotImplemented)
}

// idInToken is the bot's id, which a token begins with in base64; "" in what is no such token.
func idInToken(token string) string {
	first, _, _ := strings.Cut(token, ".")
	id, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(first, "="))
	if err != nil || checkIDs(string(id)) != nil {
		return ""
	}
	return string(id)
}

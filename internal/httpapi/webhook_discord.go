package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"trackbot/api"
	"trackbot/internal/fault"
	"trackbot/internal/plan"
)

const (
	// webhookWindow is how old or how far ahead a signed timestamp may be: what is caught on its
	// way cannot be sent again later.
	webhookWindow = 5 * time.Minute
	// webhookPatience leaves time to answer within the three seconds that Discord waits.
	webhookPatience = 2500 * time.Millisecond

	// eventRetries is longer than Discord tries to hand over an event, which is ten minutes. One that says it is older
	// says it wrongly: of a withdrawal it is safer to end sessions that may be newer than to let them live.
	eventRetries = 15 * time.Minute

	timestampHeader = "X-Signature-Timestamp"
)

// discordMessage is what Discord sends (Discord API docs: Webhook Events, Interactions). Type 0 is
// a PING of webhook events; type 1 is an event if it has one, else a PING of interactions.
type discordMessage struct {
	Type  int `json:"type"`
	Event *struct {
		Type      string `json:"type"`
		Timestamp string `json:"timestamp"` // UTC, with or without saying so
		Data      struct {
			User struct {
				ID string `json:"id"`
			} `json:"user"`
			// Of an entitlement (Discord API docs: Entitlement Object).
			ID       string     `json:"id"`
			SKUID    string     `json:"sku_id"`
			GuildID  string     `json:"guild_id"`
			StartsAt *time.Time `json:"starts_at"`
			EndsAt   *time.Time `json:"ends_at"`
			Deleted  bool       `json:"deleted"`
		} `json:"data"`
	} `json:"event"`
}

// ReceiveDiscordWebhook takes what Discord tells of the application. Events that mean nothing to
// Trackbot are taken and dropped: Discord stops sending to an address that refuses them.
func (s *Server) ReceiveDiscordWebhook(ctx context.Context, in api.ReceiveDiscordWebhookRequestObject) (api.ReceiveDiscordWebhookResponseObject, error) {
	body, err := s.readSigned(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	var m discordMessage
	if err := json.Unmarshal(body, &m); err != nil {
		return nil, invalid("body", "is not a message of Discord")
	}
	switch {
	case m.Type == 1 && m.Event == nil:
		return api.ReceiveDiscordWebhook200JSONResponse{Type: 1}, nil
	case m.Type == 1 && m.Event.Type == "APPLICATION_DEAUTHORIZED":
		ctx, cancel := context.WithTimeout(ctx, webhookPatience)
		defer cancel()
		at := s.eventTime(m.Event.Timestamp)
		if s.now().Sub(at) > eventRetries {
			at = s.now()
		}
		if err := s.accounts.Deauthorize(ctx, m.Event.Data.User.ID, at, originOf(ctx)); err != nil {
			return nil, fmt.Errorf("deauthorize user: %w", err)
		}
	case m.Type == 1 && strings.HasPrefix(m.Event.Type, "ENTITLEMENT_") && s.sales != nil:
		if err := s.entitled(ctx, m); err != nil {
			return nil, err
		}
	}
	return api.ReceiveDiscordWebhook204Response{}, nil
}

// entitled takes what an event says of a guild's entitlement: the only word of it where no bot with a database hears Discord.
func (s *Server) entitled(ctx context.Context, m discordMessage) error {
	d := m.Event.Data
	if !isSnowflake(d.ID) || !isSnowflake(d.GuildID) || !isSnowflake(d.SKUID) {
		return nil // a user's own, or nothing
	}
	ctx, cancel := context.WithTimeout(ctx, webhookPatience)
	defer cancel()
	return s.sales.DiscordTold(ctx, plan.Entitlement{
		ID: d.ID, SKU: d.SKUID, GuildID: d.GuildID, StartsAt: d.StartsAt, EndsAt: d.EndsAt,
		Deleted: d.Deleted || m.Event.Type == "ENTITLEMENT_DELETE",
	}, s.eventTime(m.Event.Timestamp))
}

func isSnowflake(id string) bool { return regexp.MustCompile(`^[0-9]{17,20}$`).MatchString(id) }

// eventTime is when an event happened: now, if it does not say or says that it has yet to.
func (s *Server) eventTime(stamp string) time.Time {
	now := s.now()
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if at, err := time.Parse(layout, stamp); err == nil && at.Before(now) {
			return at
		}
	}
	return now
}

// readSigned reads a body that Discord has signed just now.
func (s *Server) readSigned(ctx context.Context, r io.Reader) ([]byte, error) {
	request, ok := ctx.Value(requestKey{}).(*http.Request)
	if s.signed == nil || !ok {
		return nil, errNotSetUp()
	}
	body, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read webhook: %w", err)
	}
	if !s.signed(request.Header, body) {
		return nil, fault.New(fault.Unauthenticated, "The signature is wrong.")
	}
	at, err := strconv.ParseInt(request.Header.Get(timestampHeader), 10, 64)
	if err != nil || s.now().Sub(time.Unix(at, 0)).Abs() > webhookWindow {
		return nil, fault.New(fault.Unauthenticated, "The signature is too old.")
	}
	return body, nil
}

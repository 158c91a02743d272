package discord

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// The events that tell of entitlements; they need no intent (Discord API docs: Gateway Events, Entitlements).
const (
	EventEntitlementCreate = "ENTITLEMENT_CREATE"
	EventEntitlementUpdate = "ENTITLEMENT_UPDATE"
	EventEntitlementDelete = "ENTITLEMENT_DELETE"
)

// Entitlement is what somebody has bought of the application (Discord API docs: Entitlement Object). GuildID is that of a
// guild's, "" of a user's own. Without EndsAt it is good until an event says otherwise.
type Entitlement struct {
	ID       string     `json:"id"`
	SKUID    string     `json:"sku_id"`
	GuildID  string     `json:"guild_id"`
	Deleted  bool       `json:"deleted"`
	StartsAt *time.Time `json:"starts_at"`
	EndsAt   *time.Time `json:"ends_at"`
}

// pageOfEntitlements is the most that Discord lists at once.
const pageOfEntitlements = 100

// Entitlements lists what has not ended, of one guild or with guildID "" of all, page after page.
func (c *Client) Entitlements(ctx context.Context, appID, guildID string) ([]Entitlement, error) {
	if err := checkIDs(appID); err != nil {
		return nil, err
	}
	query := url.Values{"exclude_ended": {"true"}, "limit": {strconv.Itoa(pageOfEntitlements)}}
	if guildID != "" {
		if err := checkIDs(guildID); err != nil {
			return nil, err
		}
		query.Set("guild_id", guildID)
	}
	var all []Entitlement
	for after := "0"; ; {
		query.Set("after", after)
		rq := c.bot(http.MethodGet, "/applications/{application}/entitlements", "/applications/"+appID+"/entitlements", "")
		rq.query, rq.limit = query, listLimit
		var page []Entitlement
		if err := c.do(ctx, rq, &page); err != nil {
			return nil, err
		}
		all = append(all, page...)
		next := after
		for _, e := range page {
			if older(next, e.ID) {
				next = e.ID
			}
		}
		if len(page) < pageOfEntitlements || next == after {
			return all, nil
		}
		after = next
	}
}

// older tells whether an id was made before another one: ids grow with time.
func older(a, b string) bool {
	return len(a) < len(b) || len(a) == len(b) && a < b
}

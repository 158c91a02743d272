package delivery

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// target is one outbox row to be: a channel, or the reason why there is none.
type target struct {
	routeID   uuid.UUID // zero: the account's own channel, the default one, or skipped
	channelID string    // "" only when skipped
	reason    string    // "" unless skipped
	detail    string    // of the decision, for the trail
}

// route is what matching needs of a row in routes.
type route struct {
	id                        uuid.UUID
	accountID, groupID, brand *uuid.UUID
	channelID                 string
	kinds, includes, excludes []string
	paused                    bool
}

// clientRules is all that decides about the posts of one client.
type clientRules struct {
	enabled        bool
	defaultChannel string
	routes         []route
}

// rulesByClient groups the rows of ListDeliveryRules.
func rulesByClient(rows []db.ListDeliveryRulesRow) map[uuid.UUID]*clientRules {
	out := map[uuid.UUID]*clientRules{}
	for _, row := range rows {
		rules := out[row.ClientID]
		if rules == nil {
			rules = &clientRules{enabled: row.NotificationsEnabled, defaultChannel: deref(row.DefaultChannelID)}
			out[row.ClientID] = rules
		}
		if row.RouteID == nil {
			continue
		}
		rules.routes = append(rules.routes, route{
			id: *row.RouteID, accountID: row.AccountID, groupID: row.GroupID, brand: row.BrandID,
			channelID: deref(row.ChannelID), kinds: row.Kinds, includes: row.Include, excludes: row.Exclude,
			paused: row.PausedAt != nil,
		})
	}
	return out
}

// decide returns the channels a post goes to, each once, or one target that says why there is none.
// Routes that aim at the post replace the fallback, also those that are paused or do not accept it:
// whoever made a route has said where such posts go.
func (c *clientRules) decide(p NewPost) []target {
	if !c.enabled {
		return skip(ReasonNotificationsOff, "notifications are switched off in the settings")
	}
	aiming := c.aimingAt(p)
	if len(aiming) == 0 {
		return c.fallback(p)
	}
	text := newHaystack(p.Title + "\n" + p.Body)
	var out []target
	var refusal string
	for _, r := range aiming {
		reason := r.refuses(p.Kind, text)
		switch {
		case reason != "":
			refusal = worse(refusal, reason)
		case !slices.ContainsFunc(out, func(t target) bool { return t.channelID == r.channelID }):
			out = append(out, target{routeID: r.id, channelID: r.channelID, detail: r.detail()})
		}
	}
	if len(out) == 0 {
		return skip(refusal, explain[refusal])
	}
	return out
}

// explain says of the routes' refusals what the trail shows.
var explain = map[string]string{
	ReasonRoutePaused: "the routes of the account are paused",
	ReasonKind:        "no route of the account announces this kind of post",
	ReasonFiltered:    "the words of the post pass no route's filter",
}

// worse picks the refusal that tells most: a filter was reached last, a pause first.
func worse(a, b string) string {
	rank := map[string]int{"": 0, ReasonRoutePaused: 1, ReasonKind: 2, ReasonFiltered: 3}
	if rank[a] >= rank[b] {
		return a
	}
	return b
}

// aimingAt returns the routes whose target the post belongs to, the nearest target first, so that
// of two routes to one channel the account's own gives the mention.
func (c *clientRules) aimingAt(p NewPost) []route {
	var out []route
	for _, r := range c.routes {
		if r.distance(p) >= 0 {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b route) int { return cmp.Compare(a.distance(p), b.distance(p)) })
	return out
}

func (r route) distance(p NewPost) int {
	switch {
	case r.accountID != nil && *r.accountID == p.AccountID:
		return 0
	case r.groupID != nil && *r.groupID == p.GroupID:
		return 1
	case r.brand != nil && *r.brand == p.BrandID:
		return 2
	}
	return -1
}

// detail says in the trail by which kind of route a post went.
func (r route) detail() string {
	switch {
	case r.accountID != nil:
		return "a route of the account"
	case r.groupID != nil:
		return "a route of the group"
	}
	return "a route of the brand"
}

func (r route) refuses(kind string, text haystack) string {
	switch {
	case r.paused:
		return ReasonRoutePaused
	case !slices.Contains(r.kinds, kind):
		return ReasonKind
	case len(r.includes) > 0 && !slices.ContainsFunc(r.includes, text.has), slices.ContainsFunc(r.excludes, text.has):
		return ReasonFiltered
	}
	return ""
}

func (c *clientRules) fallback(p NewPost) []target {
	if p.Kind == "reply" || p.Kind == "repost" {
		return skip(ReasonKind, "replies and reposts are announced by routes that ask for them")
	}
	if channel := deref(p.AccountChannelID); channel != "" {
		return []target{{channelID: channel, detail: "the account's own channel"}}
	}
	if c.defaultChannel != "" {
		return []target{{channelID: c.defaultChannel, detail: "the default channel"}}
	}
	return skip(ReasonNoChannel, "neither a route, nor the account, nor the settings name a channel")
}

func skip(reason, detail string) []target { return []target{{reason: reason, detail: detail}} }

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// Refuses returns the reason why a route with these kinds and words does not take a post, "" when it does.
func Refuses(kinds, includes, excludes []string, kind, title, body string) string {
	r := route{kinds: kinds, includes: includes, excludes: excludes}
	return r.refuses(kind, newHaystack(title+"\n"+body))
}

// Destination is a channel that a post goes to.
type Destination struct {
	RouteID   *uuid.UUID // nil: the account's own channel or the default one
	ChannelID string
	Detail    string // of the decision, for the trail
}

// Destinations are where a post goes when a manager asks for it, in the tenant's transaction: the
// channels of the routes that aim at it and are not paused, whatever kinds and words they take; where
// no route aims at it, the account's own channel or the default one. None, when there is none.
func Destinations(ctx context.Context, tx store.Conn, p NewPost) ([]Destination, error) {
	rows, err := db.New().ListDeliveryRules(ctx, tx, rulesFor([]NewPost{p}))
	if err != nil {
		return nil, fmt.Errorf("list delivery rules: %w", err)
	}
	c := rulesByClient(rows)[p.ClientID]
	if c == nil {
		return nil, nil
	}
	var out []Destination
	aiming := c.aimingAt(p)
	for _, r := range aiming {
		taken := slices.ContainsFunc(out, func(d Destination) bool { return d.ChannelID == r.channelID })
		if !r.paused && !taken {
			out = append(out, Destination{RouteID: &r.id, ChannelID: r.channelID, Detail: r.detail()})
		}
	}
	if len(aiming) > 0 {
		return out, nil
	}
	p.Kind = "post" // asked for, a reply is as good as any
	for _, t := range c.fallback(p) {
		if t.reason == "" {
			out = append(out, Destination{ChannelID: t.channelID, Detail: t.detail})
		}
	}
	return out, nil
}

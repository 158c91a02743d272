package sim

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Entitlement is what a guild has bought of the application (Discord API docs: Entitlement Object).
type Entitlement struct {
	ID            string     `json:"id"`
	SKUID         string     `json:"sku_id"`
	ApplicationID string     `json:"application_id"`
	GuildID       string     `json:"guild_id"`
	Type          int        `json:"type"` // 8: of an application's subscription
	Deleted       bool       `json:"deleted"`
	Consumed      bool       `json:"consumed"`
	StartsAt      *time.Time `json:"starts_at"`
	EndsAt        *time.Time `json:"ends_at"`
}

const entitlementOfSubscription = 8

// EntitlementSpec is a purchase of a guild.
type EntitlementSpec struct {
	GuildID  string     `json:"guildId"`
	SKUID    string     `json:"skuId"`
	StartsAt *time.Time `json:"startsAt"` // nil: now
	EndsAt   *time.Time `json:"endsAt"`   // nil: until it is ended, as subscriptions are
}

// Grant gives a guild an entitlement and tells of it, as Discord does when a subscription begins.
func (s *Sim) Grant(spec EntitlementSpec) (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.guilds[spec.GuildID] == nil || spec.SKUID == "" {
		return "", fmt.Errorf("grant entitlement: unknown guild %q or no SKU", spec.GuildID)
	}
	now := s.now()
	e := &Entitlement{
		ID: s.next(now), SKUID: spec.SKUID, ApplicationID: s.cfg.ClientID, GuildID: spec.GuildID, Type: entitlementOfSubscription,
		StartsAt: spec.StartsAt, EndsAt: spec.EndsAt,
	}
	if e.StartsAt == nil {
		e.StartsAt = &now
	}
	s.entitlements = append(s.entitlements, e)
	s.tell("ENTITLEMENT_CREATE", *e)
	return e.ID, nil
}

// EndEntitlement sets when it ends, as Discord does when a subscription is over.
func (s *Sim) EndEntitlement(id string, at time.Time) error {
	return s.changeEntitlement(id, "ENTITLEMENT_UPDATE", func(e *Entitlement) { e.EndsAt = &at })
}

// DeleteEntitlement takes it back, as Discord does with a refund.
func (s *Sim) DeleteEntitlement(id string) error {
	return s.changeEntitlement(id, "ENTITLEMENT_DELETE", func(e *Entitlement) { e.Deleted = true })
}

// RepeatEntitlement sends an event of an entitlement as it once was, late or once more, whatever it is now.
func (s *Sim) RepeatEntitlement(event string, e Entitlement) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tell(event, e)
}

// Entitlements lists all there ever were.
func (s *Sim) Entitlements() []Entitlement {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []Entitlement{}
	for _, e := range s.entitlements {
		list = append(list, *e)
	}
	return list
}

func (s *Sim) changeEntitlement(id, event string, fn func(*Entitlement)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.entitlements, func(e *Entitlement) bool { return e.ID == id })
	if i < 0 {
		return fmt.Errorf("change entitlement: unknown id %q", id)
	}
	fn(s.entitlements[i])
	s.tell(event, *s.entitlements[i])
	return nil
}

// tell sends an event of an entitlement, which needs no intent. Callers hold mu.
func (s *Sim) tell(event string, e Entitlement) {
	if g := s.guilds[e.GuildID]; g != nil {
		s.dispatch(g, 0, event, e)
	}
	s.touch()
}

func entitlementRoutes(s *Sim) []apiRoute {
	return []apiRoute{{"GET /applications/{application}/entitlements", authBot, "entitlements", "", false, s.listEntitlements}}
}

// listEntitlements answers List Entitlements: the oldest first, without what was deleted unless it is asked for.
func (s *Sim) listEntitlements(c *call) (any, *apiError) {
	if _, e := c.commandScope(); e != nil {
		return nil, e
	}
	q := c.URL.Query()
	var f formErrors
	limit := f.number("limit", q.Get("limit"), 100, 1, 100)
	if e := f.err(); e != nil {
		return nil, e
	}
	after, _ := strconv.ParseUint(q.Get("after"), 10, 64)
	list := []Entitlement{}
	for _, e := range s.entitlements {
		switch {
		case snowflake(e.ID) <= after, e.Deleted && q.Get("exclude_deleted") != "false",
			q.Get("guild_id") != "" && e.GuildID != q.Get("guild_id"),
			q.Get("sku_ids") != "" && !slices.Contains(strings.Split(q.Get("sku_ids"), ","), e.SKUID),
			q.Get("exclude_ended") == "true" && e.EndsAt != nil && !e.EndsAt.After(s.now()):
			continue
		}
		if list = append(list, *e); len(list) == limit {
			break
		}
	}
	return list, nil
}

func (s *Sim) entitlementOperations() map[string]operation {
	return map[string]operation{
		"entitlements.grant": op(func(_ context.Context, in EntitlementSpec) (idResult, error) {
			id, err := s.Grant(in)
			return idResult{id}, err
		}),
		"entitlements.end": do(func(in struct {
			ID     string     `json:"id"`
			EndsAt *time.Time `json:"endsAt"`
		},
		) error {
			if in.EndsAt == nil {
				now := s.now()
				in.EndsAt = &now
			}
			return s.EndEntitlement(in.ID, *in.EndsAt)
		}),
		"entitlements.delete": do(func(in idResult) error { return s.DeleteEntitlement(in.ID) }),
		"entitlements.list":   get(func(none) []Entitlement { return s.Entitlements() }),
	}
}

package plan

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Entitlement is what Discord says that a guild has bought (Discord API docs: Entitlement).
type Entitlement struct {
	ID, SKU, GuildID string
	StartsAt, EndsAt *time.Time
	Deleted          bool
}

// DiscordListed takes Discord's list of what a guild, or with guildID "" every guild, is entitled to, asked for at a moment:
// what is known of and not listed has ended. The list is the truth, and events are reasons to ask for it, so that it does not
// matter in which order and how often they come.
func (s *Sales) DiscordListed(ctx context.Context, guildID string, listed []Entitlement, at time.Time) error {
	byGuild := map[string][]Entitlement{}
	for _, e := range listed {
		if e.GuildID != "" { // else a user's own
			byGuild[e.GuildID] = append(byGuild[e.GuildID], e)
		}
	}
	var only *string
	if guildID != "" {
		only = &guildID
	}
	known, err := s.q.ListDiscordGrants(ctx, s.store.Shared(), only)
	if err != nil {
		return fmt.Errorf("list entitlements: %w", err)
	}
	ended := map[string][]string{}
	for _, g := range known {
		if !slices.ContainsFunc(byGuild[g.Holder], func(e Entitlement) bool { return e.ID == g.ID }) {
			ended[g.Holder] = append(ended[g.Holder], g.ID)
		}
	}
	for guild, has := range byGuild {
		if err := s.discord(ctx, guild, has, ended[guild], at, "Discord's list of entitlements"); err != nil {
			return err
		}
		delete(ended, guild)
	}
	for guild, ids := range ended {
		if err := s.discord(ctx, guild, nil, ids, at, "Discord's list of entitlements"); err != nil {
			return err
		}
	}
	return nil
}

// DiscordTold takes one entitlement as an event tells of it that happened at a moment, where nobody asks for the list. An older
// word than what is known changes nothing.
func (s *Sales) DiscordTold(ctx context.Context, e Entitlement, at time.Time) error {
	if e.GuildID == "" {
		return nil
	}
	return s.discord(ctx, e.GuildID, []Entitlement{e}, nil, at, "entitlement "+e.ID)
}

// Adopt gives a guild that has become a tenant what it bought before.
func (s *Sales) Adopt(ctx context.Context, guildID string) error {
	waiting, err := s.q.HasUnclaimedGrant(ctx, s.store.Shared(), guildID)
	if err != nil {
		return fmt.Errorf("look for entitlements: %w", err)
	}
	if !waiting {
		return nil
	}
	return s.discord(ctx, guildID, nil, nil, s.cfg.Now(), "bought before the bot joined")
}

func (s *Sales) discord(ctx context.Context, guildID string, has []Entitlement, ended []string, at time.Time, why string) error {
	return s.take(ctx, news{source: Discord, holder: guildID, why: why, write: func(ctx context.Context, tx store.Conn) ([]string, error) {
		var about []string
		for _, e := range has {
			about = append(about, e.ID)
			_, err := s.q.PutGrant(ctx, tx, db.PutGrantParams{
				Source: string(Discord), ID: e.ID, Holder: guildID, Product: e.SKU, Tier: s.cfg.Discord.tierOf(e.SKU),
				Live: !e.Deleted, StartsAt: e.StartsAt, EndsAt: e.EndsAt, EventAt: at,
			})
			if err != nil {
				return nil, fmt.Errorf("put grant: %w", err)
			}
		}
		for _, id := range ended {
			about = append(about, id)
			if err := s.q.EndGrant(ctx, tx, db.EndGrantParams{Source: string(Discord), ID: id, EventAt: at}); err != nil {
				return nil, fmt.Errorf("end grant: %w", err)
			}
		}
		return about, nil
	}})
}

// tenantOf is the tenant of a guild, nil if it is none.
func (s *Sales) tenantOf(ctx context.Context, tx store.Conn, guildID string) (*uuid.UUID, error) {
	if err := store.NameGuild(ctx, tx, guildID); err != nil {
		return nil, err
	}
	id, err := s.q.FindGuildClient(ctx, tx, guildID)
	if store.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find client: %w", err)
	}
	return &id, nil
}

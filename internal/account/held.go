package account

import (
	"context"
	"fmt"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// maxHeldActions bounds the entries of the logs that are listed; Held tells how many there are.
const maxHeldActions = 10_000

// Held is all that is held of a person. Tokens are left out: they are hashed or sealed and say nothing of the person.
type Held struct {
	User     db.User
	Grant    *db.GetDiscordGrantOriginRow // nil: there is none
	Guilds   []db.UserGuild
	Sessions []db.ListHeldSessionsRow // ended ones too, the newest first
	SignIns  []db.ListHeldSignInsRow  // of the last day
	// Actions are the person's entries in the logs of guilds, the newest first; what they changed belongs to the guilds.
	Actions      []db.ListHeldActionsRow
	ActionsTotal int64
}

// Held tells the caller what is held of them.
func (s *Service) Held(ctx context.Context, p *Principal) (Held, error) {
	var h Held
	shared, person := s.store.Shared(), s.store.Person(p.UserID)
	var err error
	if h.User, err = s.q.GetUser(ctx, shared, p.UserID); err != nil {
		return h, fmt.Errorf("get user: %w", err)
	}
	switch grant, err := s.q.GetDiscordGrantOrigin(ctx, shared, p.UserID); {
	case err == nil:
		h.Grant = &grant
	case !store.IsNotFound(err):
		return h, fmt.Errorf("get discord grant: %w", err)
	}
	if h.Guilds, err = s.q.ListHeldGuilds(ctx, shared, p.UserID); err != nil {
		return h, fmt.Errorf("list guilds of user: %w", err)
	}
	if h.Sessions, err = s.q.ListHeldSessions(ctx, shared, p.UserID); err != nil {
		return h, fmt.Errorf("list sessions: %w", err)
	}
	if h.SignIns, err = s.q.ListHeldSignIns(ctx, shared, p.UserID); err != nil {
		return h, fmt.Errorf("list sign-ins: %w", err)
	}
	if h.Actions, err = s.q.ListHeldActions(ctx, person, p.UserID, maxHeldActions); err != nil {
		return h, fmt.Errorf("list actions of user: %w", err)
	}
	if h.ActionsTotal, err = s.q.CountHeldActions(ctx, person, p.UserID); err != nil {
		return h, fmt.Errorf("count actions of user: %w", err)
	}
	return h, nil
}

package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trackbot/internal/fault"
	"trackbot/internal/store/db"
)

const (
	liveLife  = 10 * time.Second        // how long an answer of Discord is good for further changes
	liveLimit = 1500 * time.Millisecond // for Discord to answer: a change waits for it
)

// ErrNotMember says that the user is not in the guild.
var ErrNotMember = errors.New("not a member of the guild")

// Rights is what a user may do in a guild. Permissions is Discord's decimal string.
type Rights struct {
	Owner       bool
	Permissions string
}

// Members is what a live check asks of Discord in the bot's name. Every call obeys its context.
type Members interface {
	// Rights computes what a member may do from their roles; ErrNotMember when they are none.
	Rights(ctx context.Context, guildID, userID string) (Rights, error)
}

// liveAnswer is what Discord said when it was last asked about a member.
type liveAnswer struct {
	rights Rights
	member bool
	at     time.Time
}

// AccessToChange is Access for a change: it fails as Manage does, but where Discord has not
// confirmed the caller's rights within five minutes, it is asked. Its answer is stored, and may
// be ten seconds old; a caller who has left the guild gets the not_found of any stranger.
func (s *Service) AccessToChange(ctx context.Context, p *Principal, guildID string) (Access, error) {
	m, err := s.lookUp(ctx, p, guildID)
	if err != nil {
		return Access{}, err
	}
	a, err := s.decide(p, guildID, m)
	if err != nil {
		return Access{}, err
	}
	if err = a.Manage(); !fault.Is(err, fault.PermissionCheckUnavailable) {
		return a, err
	}
	answer, err := s.askMember(ctx, accessKey{p.UserID, guildID}, m.confirmedAt)
	if err != nil {
		return Access{}, err
	}
	m.member, m.owner, m.permissions, m.confirmedAt = answer.member, answer.rights.Owner, answer.rights.Permissions, answer.at
	if a, err = s.decide(p, guildID, m); err != nil {
		return Access{}, err
	}
	return a, a.Manage()
}

// askMember asks for the rights now, in place of those that were confirmed at seen.
func (s *Service) askMember(ctx context.Context, key accessKey, seen time.Time) (liveAnswer, error) {
	if s.cfg.Members == nil {
		return liveAnswer{}, errNotConfirmed()
	}
	return s.live.Get(ctx, key, func(ctx context.Context) (liveAnswer, error) {
		asking, cancel := context.WithTimeout(ctx, liveLimit)
		defer cancel()
		answer := liveAnswer{member: true, at: s.cfg.Now()}
		var err error
		answer.rights, err = s.cfg.Members.Rights(asking, key.guildID, key.userID)
		switch {
		case errors.Is(err, ErrNotMember):
			answer.member = false
		case err != nil:
			return liveAnswer{}, errNotConfirmedFor(err)
		}
		answer.rights.Permissions = permissionString(answer.rights.Permissions)
		if err := s.keep(ctx, key, seen, answer); err != nil {
			return liveAnswer{}, err
		}
		s.access.Remove(key)
		return answer, nil
	})
}

// keep stores an answer unless the guild list, or an event of the gateway, has changed the row since.
func (s *Service) keep(ctx context.Context, key accessKey, seen time.Time, answer liveAnswer) error {
	if !answer.member {
		err := s.q.DeleteUserGuild(ctx, s.store.Shared(), db.DeleteUserGuildParams{UserID: key.userID, GuildID: key.guildID, SeenAt: seen})
		if err != nil {
			return fmt.Errorf("delete left guild: %w", err)
		}
		return nil
	}
	err := s.q.ConfirmUserGuild(ctx, s.store.Shared(), db.ConfirmUserGuildParams{
		UserID: key.userID, GuildID: key.guildID, SeenAt: seen,
		IsOwner: answer.rights.Owner, Permissions: answer.rights.Permissions,
	})
	if err != nil {
		return fmt.Errorf("store confirmed rights: %w", err)
	}
	return nil
}

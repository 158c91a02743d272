package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// revokeLimit is how long somebody who leaves waits for Discord.
const revokeLimit = 5 * time.Second

// Revocation is what became of a person's authorization at Discord.
type Revocation string

// The ends of an authorization.
const (
	Revoked       Revocation = "revoked"
	NotAuthorized Revocation = "none"        // there was none
	NotReached    Revocation = "unreachable" // it is to be ended in Discord's own settings
)

// Leave deletes the caller's account: the authorization at Discord, the sessions, the guild list, the profile. Typed must be
// the user's name. A note is left for the worker, which puts an alias in the place of the person in the logs of guilds.
// Refusals: validation_failed (confirm).
func (s *Service) Leave(ctx context.Context, p *Principal, typed string) (Revocation, error) {
	user, err := s.q.GetUser(ctx, s.store.Shared(), p.UserID)
	if err != nil {
		return "", fmt.Errorf("get user: %w", err)
	}
	if !strings.EqualFold(strings.TrimSpace(typed), user.Username) {
		return "", fault.Invalid(fault.Field{Name: "confirm", Message: "must be your user name at Discord"})
	}
	// Before the account goes, for the token goes with it. Whoever is turned away later can try again.
	end := s.revokeGrant(ctx, p.UserID)
	err = s.store.InTx(ctx, func(tx store.Conn) error {
		if err := s.q.RequestErasureOfPerson(ctx, tx, p.UserID); err != nil {
			return fmt.Errorf("note erasure: %w", err)
		}
		if _, err := s.q.DeleteUser(ctx, tx, p.UserID); err != nil {
			return fmt.Errorf("delete user: %w", err)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	s.forgetUser(p.UserID)
	return end, nil
}

// revokeGrant ends the authorization at Discord as far as Discord answers.
func (s *Service) revokeGrant(ctx context.Context, userID string) Revocation {
	grant, err := s.q.GetDiscordGrant(ctx, s.store.Shared(), userID)
	if store.IsNotFound(err) {
		return NotAuthorized
	}
	if err == nil {
		err = s.revokeAt(ctx, userID, grant)
	}
	if err != nil {
		s.cfg.Log.WarnContext(ctx, "discord grant not revoked", "error", err.Error())
		return NotReached
	}
	return Revoked
}

func (s *Service) revokeAt(ctx context.Context, userID string, grant db.GetDiscordGrantRow) error {
	token, err := s.seal.open(userID, columnRefresh, grant.RefreshToken)
	if err != nil {
		return fmt.Errorf("open discord grant: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, revokeLimit)
	defer cancel()
	if err := s.discord.RevokeGrant(ctx, token); err != nil && !errors.Is(err, ErrGrantRefused) {
		return fmt.Errorf("revoke grant: %w", err)
	}
	return nil
}

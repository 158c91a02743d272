package account

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const (
	// clockSkew is how far Discord's clock may be behind ours.
	clockSkew = 2 * time.Second
	// auditedSessions bounds the entries that one event makes in each guild.
	auditedSessions = 10
)

// Deauthorize ends what a user's authorization gave, for a user who has withdrawn it at Discord
// at a time: the grant goes and the sessions end. What was begun by a later sign-in stays, so
// that an event that comes late or twice does no harm.
func (s *Service) Deauthorize(ctx context.Context, userID string, at time.Time, from Origin) error {
	until := at.Add(clockSkew)
	var ended []uuid.UUID
	err := s.store.InTx(ctx, func(tx store.Conn) error {
		if err := s.q.DropDiscordGrant(ctx, tx, userID, until); err != nil {
			return fmt.Errorf("drop discord grant: %w", err)
		}
		reason := revokedDeauthorized
		var err error
		ended, err = s.q.RevokeUserSessionsUntil(ctx, tx, db.RevokeUserSessionsUntilParams{UserID: userID, Reason: &reason, Until: until})
		if err != nil {
			return fmt.Errorf("revoke sessions of user: %w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.forgetUser(userID)
	if len(ended) > 0 {
		s.noteDeauthorized(ctx, userID, ended, from)
	}
	return nil
}

// noteDeauthorized tells the managers of the user's guilds. A session belongs to no tenant, so the
// entries follow its end, and one that cannot be written does not bring the session back.
func (s *Service) noteDeauthorized(ctx context.Context, userID string, ended []uuid.UUID, from Origin) {
	ctx = context.WithoutCancel(ctx)
	guilds, err := s.guildsOf(ctx, userID)
	if err != nil {
		s.cfg.Log.ErrorContext(ctx, "deauthorization not audited", "user_id", userID, "error", err.Error())
		return
	}
	for _, g := range guilds[:min(len(guilds), maxTokenGuilds)] {
		err := s.store.InTenantTx(ctx, g.ClientID, func(tx store.Conn) error {
			for _, id := range ended[:min(len(ended), auditedSessions)] {
				note := replay{sessionID: id, reason: revokedDeauthorized, from: from}
				if err := audit.Append(ctx, tx, note.entry(g.ClientID)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			s.cfg.Log.ErrorContext(ctx, "deauthorization not audited", "user_id", userID, "client_id", g.ClientID.String(), "error", err.Error())
		}
	}
}

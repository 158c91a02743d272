package account

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Why a session was revoked, as the table's constraint lists it.
const (
	revokedLogout       = "logout"
	revokedLogoutAll    = "logout_all"
	revokedTokenReplay  = "token_replay"
	revokedCodeReplay   = "code_replay"
	revokedDeauthorized = "deauthorized"
)

// revoke ends a session; false when it had ended already.
func (s *Service) revoke(ctx context.Context, conn store.Conn, id uuid.UUID, reason string) (bool, error) {
	rows, err := s.q.RevokeSession(ctx, conn, &reason, id)
	if err != nil {
		return false, fmt.Errorf("revoke session: %w", err)
	}
	return rows > 0, nil
}

func (s *Service) revokeAll(ctx context.Context, userID, reason string) error {
	if err := s.q.RevokeUserSessions(ctx, s.store.Shared(), &reason, userID); err != nil {
		return fmt.Errorf("revoke sessions of user: %w", err)
	}
	s.forgetUser(userID)
	return nil
}

// Authenticate returns the holder of an access token whose session is alive. That it is may have
// been seen up to five seconds ago.
func (s *Service) Authenticate(ctx context.Context, accessToken string) (*Principal, error) {
	p, err := s.tokens.holder(s.cfg.Keys, accessToken, s.cfg.Now())
	if err != nil {
		return nil, err
	}
	if err := s.Alive(ctx, p); err != nil {
		return nil, err
	}
	return p, nil
}

// Alive fails with session_revoked when the caller's session is over: for answers that outlive
// the check at their start.
func (s *Service) Alive(ctx context.Context, p *Principal) error {
	_, err := s.sessions.Get(ctx, sessionKey{p.SessionID, p.UserID}, func(ctx context.Context) (struct{}, error) {
		_, err := s.liveSession(ctx, p)
		return struct{}{}, err
	})
	return err
}

func (s *Service) liveSession(ctx context.Context, p *Principal) (db.GetLiveSessionRow, error) {
	row, err := s.q.GetLiveSession(ctx, s.store.Shared(), p.SessionID, p.UserID)
	if store.IsNotFound(err) {
		return row, errSessionRevoked()
	}
	if err != nil {
		return row, fmt.Errorf("read session: %w", err)
	}
	return row, nil
}

// Logout ends the session of a refresh token, whichever of its generations the token is; with
// all, every session of its user. A token that is unknown or of a session that is over is no
// error: what the caller wants is so.
func (s *Service) Logout(ctx context.Context, raw string, all bool) error {
	token, session, err := s.identify(ctx, raw)
	if fault.Is(err, fault.Unauthenticated) {
		return nil
	}
	if err != nil {
		return err
	}
	if all {
		return s.revokeAll(ctx, session.UserID, revokedLogoutAll)
	}
	if _, err := s.revoke(ctx, s.store.Shared(), token.sessionID, revokedLogout); err != nil {
		return err
	}
	s.forgetUser(session.UserID)
	return nil
}

// LogoutEverywhere ends every session of the caller.
func (s *Service) LogoutEverywhere(ctx context.Context, p *Principal) error {
	return s.revokeAll(ctx, p.UserID, revokedLogoutAll)
}

// EndSession ends one of the caller's own sessions; not_found when it is not theirs.
func (s *Service) EndSession(ctx context.Context, p *Principal, id uuid.UUID) error {
	rows, err := s.q.EndUserSession(ctx, s.store.Shared(), id, p.UserID)
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	if rows == 0 {
		return fault.New(fault.NotFound, "There is no such session.")
	}
	s.forgetUser(p.UserID)
	return nil
}

// Session is one of a user's sessions. IP is invalid and UserAgent empty when not known.
type Session struct {
	ID         uuid.UUID
	UserAgent  string
	IP         netip.Addr
	CreatedAt  time.Time
	LastUsedAt time.Time
	ExpiresAt  time.Time
}

// Sessions lists at most limit of the caller's live sessions, newest first, made before the
// session `before` (nil: from the newest).
func (s *Service) Sessions(ctx context.Context, p *Principal, before *uuid.UUID, limit int) ([]Session, error) {
	rows, err := s.q.ListLiveSessions(ctx, s.store.Shared(), db.ListLiveSessionsParams{
		UserID: p.UserID, IdleSeconds: idleLife.Seconds(), Before: before, MaxRows: int32(limit),
	})
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	out := make([]Session, len(rows))
	for i, r := range rows {
		out[i] = Session{ID: r.ID, UserAgent: r.UserAgent, CreatedAt: r.CreatedAt, LastUsedAt: r.LastUsedAt, ExpiresAt: r.ExpiresAt}
		if r.IpAddress != nil {
			out[i].IP = *r.IpAddress
		}
	}
	return out, nil
}

package account

import (
	"context"
	"crypto/subtle"
	"fmt"
	"regexp"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// TokenPair is what a dashboard's server keeps for a session.
type TokenPair struct {
	AccessToken      string
	ExpiresIn        time.Duration
	RefreshToken     string
	RefreshExpiresAt time.Time
}

var verifierForm = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`) // RFC 7636 §4.1

// Exchange swaps a login code for the first tokens of a new session. Whatever is wrong with the
// code is one answer; a second use of it also ends the session of the first (RFC 6749 §4.1.2),
// and a wrong verifier spends it.
func (s *Service) Exchange(ctx context.Context, code, verifier string, from Origin) (TokenPair, error) {
	if !verifierForm.MatchString(verifier) {
		return TokenPair{}, fault.Invalid(fault.Field{Name: "verifier", Message: "must be 43 to 128 unreserved characters"})
	}
	login, err := s.openSession(ctx, code, verifier)
	if err != nil {
		return TokenPair{}, err
	}
	if login.replayed != nil {
		s.noteReplay(ctx, replay{sessionID: *login.replayed, reason: revokedCodeReplay, from: from})
	}
	if !login.ok {
		return TokenPair{}, fault.Invalid(fault.Field{Name: "code", Message: "is unknown, used, over, or not of this verifier"})
	}
	holder, err := s.holder(ctx, login.userID, login.token.sessionID)
	if err != nil {
		return TokenPair{}, err
	}
	return s.pair(holder, login.token, login.expiresAt)
}

// exchanged is what became of a login code.
type exchanged struct {
	ok        bool
	userID    string
	token     refreshToken
	expiresAt time.Time
	replayed  *uuid.UUID // the session that this second use has ended
}

// openSession consumes the code. A refusal that ends a session must last, so it commits as well.
func (s *Service) openSession(ctx context.Context, code, verifier string) (out exchanged, err error) {
	hash := digest(code)
	err = s.store.InTx(ctx, func(tx store.Conn) error {
		login, err := s.q.ConsumeLoginCode(ctx, tx, hash)
		if store.IsNotFound(err) {
			out.replayed, err = s.endReplayedLogin(ctx, tx, hash)
			return err
		}
		if err != nil {
			return fmt.Errorf("consume login code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(challengeOf(verifier)), []byte(login.Challenge)) != 1 {
			return nil
		}
		if out, err = s.insertSession(ctx, tx, login); err != nil {
			return err
		}
		if err := s.q.LinkLoginCode(ctx, tx, out.token.sessionID, hash); err != nil {
			return fmt.Errorf("link login code: %w", err)
		}
		return nil
	})
	return out, err
}

// endReplayedLogin ends the session that the first use of the code made, if there was one.
func (s *Service) endReplayedLogin(ctx context.Context, tx store.Conn, codeHash []byte) (*uuid.UUID, error) {
	sessionID, err := s.q.GetLoginCodeSession(ctx, tx, codeHash)
	if store.IsNotFound(err) || (err == nil && sessionID == nil) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read login code: %w", err)
	}
	if ended, err := s.revoke(ctx, tx, *sessionID, revokedCodeReplay); !ended || err != nil {
		return nil, err
	}
	return sessionID, nil
}

func (s *Service) insertSession(ctx context.Context, tx store.Conn, login db.ConsumeLoginCodeRow) (exchanged, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return exchanged{}, fmt.Errorf("make session id: %w", err)
	}
	salt := randomBytes(saltBytes)
	token := makeRefreshToken(s.peppers[0], salt, id, 0)
	expiresAt, err := s.q.InsertSession(ctx, tx, db.InsertSessionParams{
		ID: id, UserID: login.UserID, RefreshTokenHash: token.hash(), Salt: salt,
		UserAgent: login.UserAgent, IpAddress: login.IpAddress, TtlSeconds: s.cfg.RefreshTTL.Seconds(),
	})
	if err != nil {
		return exchanged{}, fmt.Errorf("store session: %w", err)
	}
	return exchanged{ok: true, userID: login.UserID, token: token, expiresAt: expiresAt}, nil
}

// pair signs the access token that goes with a refresh token.
func (s *Service) pair(holder Principal, token refreshToken, expiresAt time.Time) (TokenPair, error) {
	access, err := s.cfg.Keys.Sign(holder, s.cfg.Now())
	if err != nil {
		return TokenPair{}, fmt.Errorf("sign access token: %w", err)
	}
	return TokenPair{
		AccessToken: access, ExpiresIn: s.cfg.Keys.TTL(),
		RefreshToken: token.String(), RefreshExpiresAt: expiresAt,
	}, nil
}

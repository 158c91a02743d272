package account

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// retryWindow is how long the same Idempotency-Key gets the same successor.
const retryWindow = time.Minute

// Refresh swaps a refresh token for the next pair. idempotencyKey may be empty. The package
// comment has the table of its answers.
func (s *Service) Refresh(ctx context.Context, raw, idempotencyKey string, from Origin) (TokenPair, error) {
	token, session, err := s.identify(ctx, raw)
	if err != nil {
		return TokenPair{}, err
	}
	if session.RevokedAt != nil || int64(token.generation)+1 < int64(session.Generation) {
		_, err := s.judge(ctx, token, nil, from) // can only be refused: no work for a thief
		return TokenPair{}, err
	}
	// All that can fail or take long comes before the rotation: its answer must not get lost.
	s.FreshenGuilds(ctx, session.UserID)
	holder, err := s.holder(ctx, session.UserID, session.ID)
	if err != nil {
		return TokenPair{}, err
	}
	next := makeRefreshToken(s.peppers[0], session.Salt, session.ID, token.generation+1)
	keyHash := idempotencyHash(idempotencyKey)
	rotated, err := s.q.RotateSession(ctx, s.store.Shared(), db.RotateSessionParams{
		ID: session.ID, Generation: int32(token.generation), PresentedHash: token.hash(),
		NextHash: next.hash(), IdempotencyHash: keyHash, IdleSeconds: idleLife.Seconds(),
	})
	if err != nil {
		return TokenPair{}, fmt.Errorf("rotate session: %w", err)
	}
	if rotated == 0 {
		if next, err = s.judge(ctx, token, keyHash, from); err != nil {
			return TokenPair{}, err
		}
	}
	return s.pair(holder, next, session.ExpiresAt)
}

// identify finds the session of a token that this service issued once, in whatever state it is.
func (s *Service) identify(ctx context.Context, raw string) (refreshToken, db.GetSessionRow, error) {
	token, ok := parseRefreshToken(raw)
	if !ok {
		return token, db.GetSessionRow{}, errUnknownToken()
	}
	session, err := s.q.GetSession(ctx, s.store.Shared(), token.sessionID)
	if store.IsNotFound(err) {
		return token, session, errUnknownToken()
	}
	if err != nil {
		return token, session, fmt.Errorf("read session: %w", err)
	}
	if !token.genuine(s.peppers, session.Salt) {
		return token, session, errUnknownToken()
	}
	return token, session, nil
}

// judge answers a genuine token that did not rotate its session: the same successor when it may have that
// again. A revocation is stored before the answer is given.
func (s *Service) judge(ctx context.Context, token refreshToken, keyHash []byte, from Origin) (next refreshToken, _ error) {
	var answer error
	err := s.store.InTx(ctx, func(tx store.Conn) error {
		session, err := s.q.LockSession(ctx, tx, idleLife.Seconds(), token.sessionID)
		if store.IsNotFound(err) {
			answer = errUnknownToken()
			return nil
		}
		if err != nil {
			return fmt.Errorf("lock session: %w", err)
		}
		if answer = s.verdict(token, keyHash, session); answer == errReplay {
			_, err = s.revoke(ctx, tx, token.sessionID, revokedTokenReplay)
		}
		if answer == nil {
			next, answer = s.sameSuccessor(token, session)
		}
		return err
	})
	if err != nil {
		return next, err
	}
	if answer == errReplay {
		s.noteReplay(ctx, replay{sessionID: token.sessionID, reason: revokedTokenReplay, from: from})
		return next, errSessionRevoked()
	}
	return next, answer
}

// sameSuccessor is the token that was handed out for this one, whichever key it was made with. One made with a key that
// this process does not know cannot be had here: whoever asked keeps what they have and asks again.
func (s *Service) sameSuccessor(token refreshToken, session db.LockSessionRow) (refreshToken, error) {
	next, _, ok := storedToken(s.peppers, session.Salt, token.sessionID, token.generation+1, session.RefreshTokenHash)
	if !ok {
		return next, errRefreshRace()
	}
	return next, nil
}

var errReplay = errors.New("replay")

func (s *Service) verdict(token refreshToken, keyHash []byte, session db.LockSessionRow) error {
	presented, current := int64(token.generation), int64(session.Generation)
	age := time.Duration(session.SecondsSinceRotation * float64(time.Second))
	switch {
	case session.RevokedAt != nil:
		return errSessionRevoked()
	case session.Ended || presented >= current:
		return errUnknownToken()
	case presented == current-1 && age <= retryWindow && sameKey(keyHash, session.RotationIdempotencyHash):
		return nil
	case presented == current-1 && age <= s.cfg.RaceWindow:
		return errRefreshRace()
	}
	return errReplay
}

func idempotencyHash(key string) []byte {
	if key == "" {
		return nil
	}
	return digest(key)
}

func sameKey(a, b []byte) bool {
	return len(a) > 0 && subtle.ConstantTimeCompare(a, b) == 1
}

func errRefreshRace() error {
	return fault.New(fault.RefreshRace, "Another call has just refreshed this session; keep its tokens.")
}

func errUnknownToken() error {
	return fault.New(fault.Unauthenticated, "The refresh token is not valid or the session is over. Sign in again.")
}

func errSessionRevoked() error {
	return fault.New(fault.SessionRevoked, "The session has been ended. Sign in again.")
}

package account

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"trackbot/internal/store/db"
)

// keyBatch bounds what is read at once while keys are told apart.
const keyBatch = 500

// KeyUse counts what hangs on each encryption key: on the one that seals, on others that are known, and on none of them.
type KeyUse struct {
	Grants, OlderGrants, LostGrants       int // of people, as Discord authorized them
	Sessions, OlderSessions, LostSessions int // that may still be refreshed
}

// Older is what would be lost without the other keys.
func (u KeyUse) Older() int { return u.OlderGrants + u.OlderSessions }

// Reseal seals with the first key what the others have sealed, and tells how much that was. With one key there is nothing
// to do. Several replicas may; of a grant that is renewed meanwhile the renewal stays.
func (s *Service) Reseal(ctx context.Context) (int, error) {
	if len(s.seal.keys) == 1 {
		return 0, nil
	}
	resealed := 0
	err := s.eachGrant(ctx, func(g db.ListSealedGrantsRow) error {
		access, first, err := s.seal.openWith(g.UserID, columnAccess, g.AccessToken)
		if err != nil {
			return nil // of a key that is gone: a sign-in replaces it
		}
		refresh, second, err := s.seal.openWith(g.UserID, columnRefresh, g.RefreshToken)
		if err != nil || first+second == 0 {
			return nil
		}
		n, err := s.q.ResealDiscordGrant(ctx, s.store.Shared(), db.ResealDiscordGrantParams{
			AccessToken: s.seal.close(g.UserID, columnAccess, access), RefreshToken: s.seal.close(g.UserID, columnRefresh, refresh),
			UserID: g.UserID, OldAccessToken: g.AccessToken, OldRefreshToken: g.RefreshToken,
		})
		if err != nil {
			return fmt.Errorf("reseal discord grant: %w", err)
		}
		resealed += int(n)
		return nil
	})
	return resealed, err
}

// KeyUse tells which keys are still needed. It reads all grants and sessions, in batches.
func (s *Service) KeyUse(ctx context.Context) (KeyUse, error) {
	var use KeyUse
	err := s.eachGrant(ctx, func(g db.ListSealedGrantsRow) error {
		_, first, err := s.seal.openWith(g.UserID, columnAccess, g.AccessToken)
		_, second, refreshErr := s.seal.openWith(g.UserID, columnRefresh, g.RefreshToken)
		count(max(first, second), err == nil && refreshErr == nil, &use.Grants, &use.OlderGrants, &use.LostGrants)
		return nil
	})
	if err != nil {
		return use, err
	}
	var after uuid.UUID
	for {
		sessions, err := s.q.ListSessionTokens(ctx, s.store.Shared(), db.ListSessionTokensParams{
			After: after, IdleSeconds: idleLife.Seconds(), Batch: keyBatch,
		})
		if err != nil {
			return use, fmt.Errorf("list sessions: %w", err)
		}
		for _, row := range sessions {
			_, key, ok := storedToken(s.peppers, row.Salt, row.ID, uint32(row.Generation), row.RefreshTokenHash)
			count(key, ok, &use.Sessions, &use.OlderSessions, &use.LostSessions)
		}
		if len(sessions) < keyBatch {
			return use, nil
		}
		after = sessions[len(sessions)-1].ID
	}
}

func count(key int, known bool, first, other, lost *int) {
	switch {
	case !known:
		*lost++
	case key == 0:
		*first++
	default:
		*other++
	}
}

func (s *Service) eachGrant(ctx context.Context, do func(db.ListSealedGrantsRow) error) error {
	after := ""
	for {
		grants, err := s.q.ListSealedGrants(ctx, s.store.Shared(), after, keyBatch)
		if err != nil {
			return fmt.Errorf("list discord grants: %w", err)
		}
		for _, g := range grants {
			if err := do(g); err != nil {
				return err
			}
		}
		if len(grants) < keyBatch {
			return nil
		}
		after = grants[len(grants)-1].UserID
	}
}

package account

import (
	"context"
	"fmt"
	"time"
)

// KeySince tells since when the key that signs access tokens has been in use by any process on
// this database, which is the first that it hears of it if need be.
func (s *Service) KeySince(ctx context.Context) (time.Time, error) {
	at, err := s.q.NoteJWTKey(ctx, s.store.Shared(), s.cfg.Keys.current)
	if err != nil {
		return time.Time{}, fmt.Errorf("note jwt key: %w", err)
	}
	return at, nil
}

package account

import (
	"strings"

	"trackbot/internal/store/db"
)

const (
	columnAccess  = "discord_grants.access_token"
	columnRefresh = "discord_grants.refresh_token"
)

// sealGrant makes a grant fit to be stored.
func (s *Service) sealGrant(userID string, g Grant) db.UpsertDiscordGrantParams {
	return db.UpsertDiscordGrantParams{
		UserID:       userID,
		AccessToken:  s.seal.close(userID, columnAccess, g.AccessToken),
		RefreshToken: s.seal.close(userID, columnRefresh, g.RefreshToken),
		Scope:        clean(strings.Join(g.Scopes, " "), 500),
		ExpiresAt:    g.ExpiresAt,
	}
}

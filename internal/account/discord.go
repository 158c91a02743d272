package account

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"
)

// Discord is what sign-in asks of Discord. Every call obeys its context.
type Discord interface {
	// AuthorizeURL is the page that asks the user for the scopes `identify guilds`;
	// challenge is the S256 challenge of the verifier that ExchangeCode is given.
	AuthorizeURL(state, challenge string) string
	// ExchangeCode swaps an authorization code; ErrGrantRefused when it is dead.
	ExchangeCode(ctx context.Context, code, verifier string) (Grant, error)
	// RenewGrant swaps a refresh token, which works once; ErrGrantRefused when it is dead.
	RenewGrant(ctx context.Context, refreshToken string) (Grant, error)
	// RevokeGrant ends the user's whole authorization by a token of it; one that is dead already is no error.
	RevokeGrant(ctx context.Context, token string) error
	// Me tells whose access token it is; ErrTokenRefused when it is not accepted.
	Me(ctx context.Context, accessToken string) (Profile, error)
	// MyGuilds lists the guilds of the token's user, at most 200; ErrTokenRefused as for Me.
	MyGuilds(ctx context.Context, accessToken string) ([]DiscordGuild, error)
}

var (
	// ErrGrantRefused says that Discord will never take this code or refresh token (invalid_grant).
	ErrGrantRefused = errors.New("discord refused the grant")
	// ErrTokenRefused says that Discord does not take this access token (401).
	ErrTokenRefused = errors.New("discord refused the access token")
)

// Grant is what Discord's token endpoint gives.
type Grant struct {
	AccessToken  string
	RefreshToken string
	Scopes       []string
	ExpiresAt    time.Time // of the access token
}

func (g Grant) has(scope string) bool {
	for _, have := range g.Scopes {
		if have == scope {
			return true
		}
	}
	return false
}

// Profile is a Discord user. GlobalName and AvatarHash may be empty.
type Profile struct {
	ID, Username, GlobalName, AvatarHash string
}

// DiscordGuild is a guild as Discord lists it for a user. Permissions is a decimal string
// that may exceed 64 bits and leaves out what an owner has.
type DiscordGuild struct {
	ID, Name, IconHash string
	Owner              bool
	Permissions        string
}

var snowflake = regexp.MustCompile(`^[0-9]{17,20}$`)

// clean makes foreign text fit for PostgreSQL, which takes no NUL, and at most limit bytes long.
func clean(text string, limit int) string {
	if len(text) > limit {
		text = text[:limit]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

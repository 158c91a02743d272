package app

import (
	"context"
	"errors"

	"trackbot/internal/account"
	"trackbot/internal/config"
	"trackbot/internal/discord"
)

// signIn gives the account rules what they ask of Discord.
type signIn struct {
	client   *discord.Client
	callback string
}

func newSignIn(cfg config.Config) signIn {
	client := discord.New(discord.Config{
		BaseURL: cfg.DiscordAPIURL, AuthorizeURL: cfg.DiscordAuthorizeURL,
		ClientID: cfg.OAuthClientID, ClientSecret: cfg.OAuthClientSecret.Reveal(), UserAgent: userAgent(cfg),
	})
	return signIn{client: client, callback: cfg.OAuthCallback}
}

// AuthorizeURL is where a person grants the sign-in.
func (s signIn) AuthorizeURL(state, challenge string) string {
	return s.client.AuthorizeURL(discord.Authorize{
		RedirectURI: s.callback, Scopes: []string{"identify", "guilds"}, State: state, Challenge: challenge,
	})
}

// ExchangeCode swaps the code of the callback for a grant.
func (s signIn) ExchangeCode(ctx context.Context, code, verifier string) (account.Grant, error) {
	return grantOf(s.client.ExchangeCode(ctx, code, verifier, s.callback))
}

// RenewGrant swaps a grant's refresh token, which Discord takes once.
func (s signIn) RenewGrant(ctx context.Context, refreshToken string) (account.Grant, error) {
	return grantOf(s.client.RefreshToken(ctx, refreshToken))
}

func grantOf(t discord.Token, err error) (account.Grant, error) {
	if errors.Is(err, discord.ErrInvalidGrant) {
		return account.Grant{}, errors.Join(account.ErrGrantRefused, err)
	}
	return account.Grant{AccessToken: t.Access, RefreshToken: t.Refresh, Scopes: t.Scopes, ExpiresAt: t.ExpiresAt}, err
}

// Me is the person behind a grant.
func (s signIn) Me(ctx context.Context, accessToken string) (account.Profile, error) {
	u, err := s.client.Me(ctx, accessToken)
	return account.Profile{ID: u.ID, Username: u.Username, GlobalName: u.GlobalName, AvatarHash: u.Avatar}, refusedToken(err)
}

// MyGuilds are the guilds of the person behind a grant.
func (s signIn) MyGuilds(ctx context.Context, accessToken string) ([]account.DiscordGuild, error) {
	guilds, err := s.client.MyGuilds(ctx, accessToken)
	out := make([]account.DiscordGuild, len(guilds))
	for i, g := range guilds {
		out[i] = account.DiscordGuild{ID: g.ID, Name: g.Name, IconHash: g.Icon, Owner: g.Owner, Permissions: g.Permissions}
	}
	return out, refusedToken(err)
}

func refusedToken(err error) error {
	if errors.Is(err, discord.ErrUnauthorized) {
		return errors.Join(account.ErrTokenRefused, err)
	}
	return err
}

package app

import (
	"context"
	"errors"
	"net/http"
	"time"

	"trackbot/internal/account"
	"trackbot/internal/config"
	"trackbot/internal/discord"
)

// signIn gives the account rules what they ask of Discord.
type signIn struct {
	client   *discord.Client
	callback string
}

// signInPatience is how long somebody who signs in waits for a limit of Discord's that a storm has met, rather than being sent
// back with an error.
const signInPatience = 2 * time.Second

func newSignIn(e env) signIn {
	cfg := e.cfg
	client := discord.New(discord.Config{
		BaseURL: cfg.DiscordAPIURL, AuthorizeURL: cfg.DiscordAuthorizeURL,
		ClientID: cfg.OAuthClientID, ClientSecret: cfg.OAuthClientSecret.Reveal(), UserAgent: userAgent(cfg),
		MaxWait: signInPatience, Patience: signInPatience, Logger: e.log, Registerer: e.metrics, Refusals: e.refusals,
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

// RevokeGrant ends a person's authorization.
func (s signIn) RevokeGrant(ctx context.Context, token string) error {
	return s.client.RevokeToken(ctx, token)
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

// members asks about the members of guilds with the bot's token.
type members struct{ client *discord.Client }

// newMembers returns nil without a bot token: rights are confirmed by guild lists alone then.
func newMembers(e env) account.Members {
	if e.cfg.DiscordBotToken == "" {
		return nil
	}
	return members{newDiscord(e)}
}

// Rights computes what a member may do from the guild's roles.
func (m members) Rights(ctx context.Context, guildID, userID string) (account.Rights, error) {
	member, err := m.client.GuildMember(ctx, guildID, userID)
	if discord.HasCode(err, discord.CodeUnknownMember, discord.CodeUnknownUser) {
		return account.Rights{}, errors.Join(account.ErrNotMember, err)
	}
	if err != nil {
		return account.Rights{}, err
	}
	guild, err := m.client.Guild(ctx, guildID)
	if err != nil {
		return account.Rights{}, err
	}
	return account.Rights{
		Owner: guild.OwnerID == userID, Permissions: discord.GuildPermissions(guild, userID, member.Roles).String(),
	}, nil
}

// signedByDiscord checks webhooks; nil without DISCORD_PUBLIC_KEY.
func signedByDiscord(cfg config.Config) (func(http.Header, []byte) bool, error) {
	if cfg.DiscordPublicKey == "" {
		return nil, nil
	}
	key, err := discord.ParsePublicKey(cfg.DiscordPublicKey)
	if err != nil {
		return nil, err
	}
	return func(h http.Header, body []byte) bool { return discord.VerifySignature(key, h, body) }, nil
}

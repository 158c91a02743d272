package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// MaxUserGuilds is how many guilds one user's list holds at most.
const MaxUserGuilds = 200

// Token is what a user granted.
type Token struct {
	Access    string
	Refresh   string    // single use: each refresh yields the next
	ExpiresAt time.Time // of Access
	Scopes    []string
}

// Authorize describes the page a user is sent to.
type Authorize struct {
	RedirectURI string
	Scopes      []string // "identify", "guilds"
	State       string
	Challenge   string // RFC 7636 §4.2; Discord's PKCE takes S256 only
	Prompt      string // "none" skips the page for who granted it before
}

// AuthorizeURL returns the address to send a user to (RFC 6749 §4.1.1, RFC 7636 §4.3).
func (c *Client) AuthorizeURL(a Authorize) string {
	q := url.Values{
		"response_type": {"code"},
		"client_id":     {c.cfg.ClientID},
		"redirect_uri":  {a.RedirectURI},
		"scope":         {strings.Join(a.Scopes, " ")},
		"state":         {a.State},
	}
	if a.Challenge != "" {
		q.Set("code_challenge", a.Challenge)
		q.Set("code_challenge_method", "S256")
	}
	if a.Prompt != "" {
		q.Set("prompt", a.Prompt)
	}
	return withQuery(c.cfg.AuthorizeURL, q)
}

// InviteURL returns the address where a manager adds the bot to a guild
// (guildID "": to be chosen there).
func (c *Client) InviteURL(permissions *big.Int, guildID string) string {
	q := url.Values{
		"client_id":   {c.cfg.ClientID},
		"scope":       {"bot applications.commands"},
		"permissions": {permissions.String()},
	}
	if guildID != "" {
		q.Set("guild_id", guildID)
	}
	return withQuery(c.cfg.AuthorizeURL, q)
}

func withQuery(base string, q url.Values) string {
	sep := "?"
	if strings.Contains(base, "?") {
		sep = "&"
	}
	// Discord's documentation writes the spaces between scopes as %20.
	return base + sep + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// ExchangeCode swaps an authorization code for a token. A dead code is an
// ErrInvalidGrant; the code is spent whatever the answer.
func (c *Client) ExchangeCode(ctx context.Context, code, verifier, redirectURI string) (Token, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirectURI}}
	if verifier != "" {
		form.Set("code_verifier", verifier)
	}
	return c.token(ctx, form)
}

// RefreshToken swaps a refresh token for the next token. A dead one is an
// ErrInvalidGrant. After any other error it is open whether the token was spent.
func (c *Client) RefreshToken(ctx context.Context, refresh string) (Token, error) {
	return c.token(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}})
}

func (c *Client) token(ctx context.Context, form url.Values) (Token, error) {
	var out struct {
		AccessToken  string `json:"access_token"`
		TokenType    string `json:"token_type"`
		ExpiresIn    int64  `json:"expires_in"` // seconds
		RefreshToken string `json:"refresh_token"`
		Scope        string `json:"scope"`
	}
	if err := c.do(ctx, c.oauth("/oauth2/token", form), &out); err != nil {
		return Token{}, err
	}
	if out.AccessToken == "" || !strings.EqualFold(out.TokenType, "Bearer") {
		return Token{}, errors.New("discord: POST /oauth2/token: answer without a bearer token")
	}
	life := min(max(0, out.ExpiresIn), int64(longestLife/time.Second))
	return Token{
		Access:    out.AccessToken,
		Refresh:   out.RefreshToken,
		ExpiresAt: c.now().Add(time.Duration(life) * time.Second),
		Scopes:    strings.Fields(out.Scope),
	}, nil
}

// longestLife keeps a foreign lifetime from overflowing.
const longestLife = 10 * 365 * 24 * time.Hour

// RevokeToken ends the user's whole authorization, every token of it.
func (c *Client) RevokeToken(ctx context.Context, token string) error {
	return c.do(ctx, c.oauth("/oauth2/token/revoke", url.Values{"token": {token}}), nil)
}

// oauth returns a request in the name of the application (RFC 6749 §2.3.1).
func (c *Client) oauth(path string, form url.Values) *request {
	user := url.QueryEscape(c.cfg.ClientID) + ":" + url.QueryEscape(c.cfg.ClientSecret)
	return &request{
		method: http.MethodPost,
		route:  "POST " + path,
		path:   path,
		lane:   laneOAuth,
		auth:   "Basic " + base64.StdEncoding.EncodeToString([]byte(user)),
		form:   form,
	}
}

// Me returns the user who granted the access token.
func (c *Client) Me(ctx context.Context, accessToken string) (User, error) {
	var out User
	err := c.do(ctx, c.user("/users/@me", accessToken), &out)
	return out, err
}

// MyGuilds returns the guilds of the user who granted the access token, at most
// MaxUserGuilds. Its limit is small: cache the answer.
func (c *Client) MyGuilds(ctx context.Context, accessToken string) ([]UserGuild, error) {
	rq := c.user("/users/@me/guilds", accessToken)
	rq.query = url.Values{"limit": {fmt.Sprint(MaxUserGuilds)}, "with_counts": {"false"}}
	var out []UserGuild
	err := c.do(ctx, rq, &out)
	return out, err
}

// user returns a request in the name of a user, whose limits are the user's own.
func (c *Client) user(path, accessToken string) *request {
	who := fingerprint(accessToken)
	return &request{
		method: http.MethodGet,
		route:  "GET " + path,
		path:   path,
		major:  who,
		lane:   lane("user:" + who),
		auth:   "Bearer " + accessToken,
	}
}

// fingerprint stands for a secret where the secret itself must not be kept.
func fingerprint(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:8])
}

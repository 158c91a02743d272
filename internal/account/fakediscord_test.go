package account_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"trackbot/internal/account"
)

var errDiscordDown = errors.New("discord is down")

// fakeDiscord keeps to what Discord documents of its OAuth: codes and refresh tokens work once,
// PKCE is checked, tokens belong to a user. Steps can be made to fail.
type fakeDiscord struct {
	mu       sync.Mutex
	profiles map[string]account.Profile
	guilds   map[string][]account.DiscordGuild
	codes    map[string]pendingCode
	access   map[string]string // token → user
	refresh  map[string]string
	fail     map[string]error // by step
	calls    map[string]int
	life     time.Duration // of access tokens
	scopes   []string
	held     *hold // MyGuilds waits in it when set
}

// hold keeps an answer back: entered tells that Discord has it ready, release lets it go.
type hold struct{ entered, release chan struct{} }

func (d *fakeDiscord) holdGuilds() *hold {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held = &hold{make(chan struct{}), make(chan struct{})}
	return d.held
}

type pendingCode struct{ userID, challenge string }

func newFakeDiscord() *fakeDiscord {
	return &fakeDiscord{
		profiles: map[string]account.Profile{}, guilds: map[string][]account.DiscordGuild{}, codes: map[string]pendingCode{},
		access: map[string]string{}, refresh: map[string]string{}, fail: map[string]error{}, calls: map[string]int{},
		life: 7 * 24 * time.Hour, scopes: []string{"identify", "guilds"},
	}
}

func (d *fakeDiscord) addUser(p account.Profile, guilds []account.DiscordGuild) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.profiles[p.ID], d.guilds[p.ID] = p, guilds
}

func (d *fakeDiscord) setGuilds(userID string, guilds ...account.DiscordGuild) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.guilds[userID] = guilds
}

func (d *fakeDiscord) failing(step string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail[step] = err
}

func (d *fakeDiscord) called(step string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.calls[step]
}

// endTokens makes every access token of a user unusable, and their refresh tokens too if all is set.
func (d *fakeDiscord) endTokens(userID string, all bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for token, owner := range d.access {
		if owner == userID {
			delete(d.access, token)
		}
	}
	for token, owner := range d.refresh {
		if owner == userID && all {
			delete(d.refresh, token)
		}
	}
}

// approve is the user's click on the authorize page.
func (d *fakeDiscord) approve(t *testing.T, authorizeURL, userID string) (state, code string) {
	t.Helper()
	u, err := url.Parse(authorizeURL)
	if err != nil {
		t.Fatal(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	code = d.secret("code")
	d.codes[code] = pendingCode{userID, u.Query().Get("code_challenge")}
	return u.Query().Get("state"), code
}

func (d *fakeDiscord) secret(kind string) string {
	return kind + "-" + snowflake()
}

func (d *fakeDiscord) begin(step string) error {
	d.calls[step]++
	return d.fail[step]
}

func (d *fakeDiscord) grant(userID string) account.Grant {
	g := account.Grant{
		AccessToken: d.secret("access"), RefreshToken: d.secret("refresh"),
		Scopes: slices.Clone(d.scopes), ExpiresAt: time.Now().Add(d.life),
	}
	d.access[g.AccessToken], d.refresh[g.RefreshToken] = userID, userID
	return g
}

func (d *fakeDiscord) AuthorizeURL(state, challenge string) string {
	return "https://discord.test/oauth2/authorize?" + url.Values{"state": {state}, "code_challenge": {challenge}}.Encode()
}

func (d *fakeDiscord) ExchangeCode(_ context.Context, code, verifier string) (account.Grant, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.begin("code"); err != nil {
		return account.Grant{}, err
	}
	pending, ok := d.codes[code]
	delete(d.codes, code)
	if !ok || challenge(verifier) != pending.challenge {
		return account.Grant{}, account.ErrGrantRefused
	}
	return d.grant(pending.userID), nil
}

func (d *fakeDiscord) RenewGrant(_ context.Context, refreshToken string) (account.Grant, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.begin("renew"); err != nil {
		return account.Grant{}, err
	}
	userID, ok := d.refresh[refreshToken]
	delete(d.refresh, refreshToken)
	if !ok {
		return account.Grant{}, account.ErrGrantRefused
	}
	return d.grant(userID), nil
}

func (d *fakeDiscord) RevokeGrant(_ context.Context, token string) error {
	d.mu.Lock()
	if err := d.begin("revoke"); err != nil {
		d.mu.Unlock()
		return err
	}
	userID := d.refresh[token]
	d.mu.Unlock()
	if userID != "" {
		d.endTokens(userID, true)
	}
	return nil
}

func (d *fakeDiscord) Me(_ context.Context, accessToken string) (account.Profile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.begin("me"); err != nil {
		return account.Profile{}, err
	}
	userID, ok := d.access[accessToken]
	if !ok {
		return account.Profile{}, account.ErrTokenRefused
	}
	return d.profiles[userID], nil
}

func (d *fakeDiscord) MyGuilds(ctx context.Context, accessToken string) ([]account.DiscordGuild, error) {
	d.mu.Lock()
	err, held := d.begin("guilds"), d.held
	d.held = nil // for one answer
	userID, ok := d.access[accessToken]
	guilds := d.guilds[userID]
	d.mu.Unlock()
	if held != nil {
		close(held.entered)
		select {
		case <-held.release:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, account.ErrTokenRefused
	}
	return guilds, nil
}

// newest is the latest grant of a user.
func (d *fakeDiscord) newest(userID string) account.Grant {
	d.mu.Lock()
	defer d.mu.Unlock()
	var g account.Grant
	for token, owner := range d.access {
		if owner == userID && token > g.AccessToken {
			g.AccessToken = token
		}
	}
	for token, owner := range d.refresh {
		if owner == userID && token > g.RefreshToken {
			g.RefreshToken = token
		}
	}
	return g
}

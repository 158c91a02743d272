package httpapi

import (
	"context"

	"trackbot/internal/account"
	"trackbot/internal/fault"
)

// UserGate lets signed-in users in: the Authenticator and the GuildAccess of access tokens.
type UserGate struct{ accounts *account.Service }

var (
	_ Authenticator = UserGate{}
	_ GuildAccess   = UserGate{}
	_ StillChecker  = UserGate{}
)

// NewUserGate returns the gate of the users of accounts.
func NewUserGate(accounts *account.Service) UserGate { return UserGate{accounts: accounts} }

// Authenticate takes an access token whose session is alive.
func (g UserGate) Authenticate(ctx context.Context, bearer string) (Actor, error) {
	p, err := g.accounts.Authenticate(ctx, bearer)
	if err != nil {
		return Actor{}, err
	}
	return Actor{
		Kind: ActorUser, UserID: p.UserID, Username: p.Username, SessionID: p.SessionID, ExpiresAt: p.ExpiresAt, principal: p,
	}, nil
}

// Access opens a guild to a user that this gate has let in; nobody else gets anywhere.
func (g UserGate) Access(ctx context.Context, actor Actor, guildID string, write bool) (Tenant, error) {
	if actor.principal == nil {
		return Tenant{}, fault.New(fault.NotFound, "")
	}
	look := g.accounts.Access
	if write {
		look = g.accounts.AccessToChange
	}
	access, err := look(ctx, actor.principal, guildID)
	if err != nil {
		return Tenant{}, err
	}
	return Tenant{
		ClientID: access.ClientID, GuildID: access.GuildID, CanManage: access.CanManage,
		Permissions: access.Permissions, Timezone: access.Timezone, Suspended: access.Suspended,
	}, nil
}

// Still tells whether a user that this gate has let in may still read the guild.
func (g UserGate) Still(ctx context.Context, actor Actor, guildID string) error {
	if actor.principal == nil {
		return fault.New(fault.NotFound, "")
	}
	if err := g.accounts.Alive(ctx, actor.principal); err != nil {
		return err
	}
	_, err := g.Access(ctx, actor, guildID, false)
	return err
}

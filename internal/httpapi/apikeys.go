package httpapi

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/account"
	"trackbot/internal/apikey"
	"trackbot/internal/store/db"
)

// KeyGate lets programs with a key in, and everybody else by another gate.
type KeyGate struct {
	UserGate
	keys *apikey.Service
}

var (
	_ Authenticator = KeyGate{}
	_ GuildAccess   = KeyGate{}
	_ StillChecker  = KeyGate{}
)

// NewKeyGate returns the gate of keys' holders before that of users.
func NewKeyGate(keys *apikey.Service, users UserGate) KeyGate { return KeyGate{users, keys} }

// Authenticate takes an API key, or what the users' gate takes.
func (g KeyGate) Authenticate(ctx context.Context, bearer string) (Actor, error) {
	if !strings.HasPrefix(bearer, apikey.Prefix) {
		return g.UserGate.Authenticate(ctx, bearer)
	}
	holder, err := g.keys.Find(ctx, bearer)
	if err != nil {
		return Actor{}, err
	}
	return Actor{
		Kind: ActorAPIKey, Username: holder.Name, KeyID: holder.ID, KeyGuild: holder.GuildID, Scopes: holder.Scopes,
		tenant: Tenant{ClientID: holder.ClientID, GuildID: holder.GuildID, Permissions: "0", Timezone: holder.Timezone, Suspended: holder.Suspended},
	}, nil
}

// Foresee tells what the checks of a user's request are going to ask; a key's holder is found without.
func (g KeyGate) Foresee(bearer, guildID string) (account.Foresight, bool) {
	if strings.HasPrefix(bearer, apikey.Prefix) {
		return account.Foresight{}, false
	}
	return g.UserGate.Foresee(bearer, guildID)
}

// Access opens its own guild to a key; the frame has held it to its scopes.
func (g KeyGate) Access(ctx context.Context, actor Actor, guildID string, write bool) (Tenant, error) {
	if actor.Kind != ActorAPIKey || actor.KeyGuild != guildID {
		return g.UserGate.Access(ctx, actor, guildID, write)
	}
	tenant := actor.tenant
	tenant.CanManage = actor.allows(apikey.Write)
	return tenant, nil
}

// Still tells whether the caller may still read the guild: a key for as long as it lives.
func (g KeyGate) Still(ctx context.Context, actor Actor, guildID string) error {
	if actor.Kind != ActorAPIKey || actor.KeyGuild != guildID {
		return g.UserGate.Still(ctx, actor, guildID)
	}
	return g.keys.Alive(ctx, actor.tenant.ClientID, actor.KeyID)
}

type keyPosition struct{ Before uuid.UUID }

// ListAPIKeys lists a guild's live keys.
func (s *Server) ListAPIKeys(ctx context.Context, req api.ListAPIKeysRequestObject) (api.ListAPIKeysResponseObject, error) {
	at, err := behind[keyPosition](ctx, s, req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	var before *uuid.UUID
	if at != nil {
		before = &at.Before
	}
	limit := limitOf(req.Params.Limit)
	rows, err := s.keys.List(ctx, TenantFrom(ctx).ClientID, before, limit+1)
	if err != nil {
		return nil, err
	}
	rows, next := cut(ctx, s, rows, limit, func(k db.ListAPIKeysRow) any { return keyPosition{k.ID} })
	items := each(rows, func(k db.ListAPIKeysRow) api.APIKey {
		return api.APIKey{
			ID: k.ID, Name: k.Name, Prefix: apikey.Prefix + k.KeyID, Scopes: keyScopes(k.Scopes), CreatedBy: k.CreatedBy,
			CreatedByName: textOrNull(k.CreatedByName), CreatedAt: api.At(k.CreatedAt), ExpiresAt: api.At(k.ExpiresAt), LastUsedAt: toTheMinute(k.LastUsedAt),
		}
	})
	return api.ListAPIKeys200JSONResponse{Items: items, NextCursor: next}, nil
}

// CreateAPIKey makes a key and shows it, this once.
func (s *Server) CreateAPIKey(ctx context.Context, req api.CreateAPIKeyRequestObject) (api.CreateAPIKeyResponseObject, error) {
	in := apikey.NewKey{Name: req.Body.Name, Scopes: each(req.Body.Scopes, func(s api.APIKeyScope) string { return string(s) })}
	if req.Body.ExpiresAt != nil {
		at := req.Body.ExpiresAt.Time
		in.ExpiresAt = &at
	}
	key, token, err := s.keys.Create(ctx, by(ctx), TenantFrom(ctx).ClientID, in)
	if err != nil {
		return nil, err
	}
	return api.CreateAPIKey201JSONResponse{
		ID: key.ID, Name: key.Name, Prefix: apikey.Prefix + key.KeyID, Key: token, Scopes: keyScopes(key.Scopes), CreatedBy: key.CreatedBy,
		CreatedByName: textOrNull(key.CreatedByName), CreatedAt: api.At(key.CreatedAt), ExpiresAt: api.At(key.ExpiresAt), LastUsedAt: toTheMinute(nil),
	}, nil
}

// DeleteAPIKey revokes a key.
func (s *Server) DeleteAPIKey(ctx context.Context, req api.DeleteAPIKeyRequestObject) (api.DeleteAPIKeyResponseObject, error) {
	if err := s.keys.Revoke(ctx, by(ctx), TenantFrom(ctx).ClientID, req.KeyID); err != nil {
		return nil, err
	}
	return api.DeleteAPIKey204Response{}, nil
}

func keyScopes(scopes []string) []api.APIKeyScope {
	return each(scopes, func(s string) api.APIKeyScope { return api.APIKeyScope(s) })
}

// toTheMinute is as exact as the use of a key is noted.
func toTheMinute(at *time.Time) nullable.Nullable[api.Timestamp] {
	if at == nil {
		return nullable.NewNullNullable[api.Timestamp]()
	}
	return nullable.NewNullableWithValue(api.At(at.Truncate(time.Minute)))
}

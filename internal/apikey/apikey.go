// Package apikey keeps the keys by which programs use a guild's part of the API. A key is shown once and
// stored as its SHA-256; what tells it from others is public. It acts in its one guild, within its
// scopes, until it is revoked or its year is over:
//
//	Create ──shown once──► Find, on each request ──► revoked or expired: 401
//
// Whose a key is is kept in memory for five seconds, by the key's hash, and dropped when a change of it is told.
package apikey

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/recent"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// The scopes; write includes read.
const (
	Read  = "read"
	Write = "write"
)

const (
	maxLive = 50 // keys of a guild
	maxLife = 365 * 24 * time.Hour

	keptFor  = 5 * time.Second // how long a revocation may go unnoticed
	mostKept = 10_000
)

// Service makes, lists, revokes and finds keys. It is safe for concurrent use.
type Service struct {
	store   *store.Store
	q       *db.Queries
	now     func() time.Time
	holders *recent.Memory[[sha256.Size]byte, Holder]
}

// New returns a Service on a store of the API's role.
func New(st *store.Store, now func() time.Time) *Service {
	return &Service{store: st, q: db.New(), now: now, holders: recent.New[[sha256.Size]byte, Holder](keptFor, mostKept, now)}
}

// Holder is a program with a live key.
type Holder struct {
	ID, ClientID      uuid.UUID
	Name              string
	GuildID, Timezone string
	Scopes            []string
	Suspended         string // why the guild is not served; "" if it is
}

// Find tells whose key it is; the answer may be five seconds old. Refusals: unauthenticated, for whatever reason it does
// not count. A key with a wrong checksum costs no question to the database.
func (s *Service) Find(ctx context.Context, token string) (Holder, error) {
	keyID, ok := parse(token)
	if !ok {
		return Holder{}, errNoKey()
	}
	hash := digest(token)
	return s.holders.Get(ctx, hash, func(ctx context.Context) (Holder, error) { return s.find(ctx, keyID, hash) })
}

func (s *Service) find(ctx context.Context, keyID string, hash [sha256.Size]byte) (Holder, error) {
	row, err := s.q.FindAPIKey(ctx, s.store.Key(keyID), keyID)
	if store.IsNotFound(err) {
		return Holder{}, errNoKey()
	}
	if err != nil {
		return Holder{}, fmt.Errorf("find api key: %w", err)
	}
	if subtle.ConstantTimeCompare(row.SecretHash, hash[:]) != 1 {
		return Holder{}, errNoKey()
	}
	tenant := s.store.Tenant(row.ClientID)
	guild, err := s.q.GetAPIKeyGuild(ctx, tenant, row.ClientID)
	if store.IsNotFound(err) {
		return Holder{}, errNoKey() // the bot was removed: the guild is not served
	}
	if err != nil {
		return Holder{}, fmt.Errorf("read guild of api key: %w", err)
	}
	if row.UseDue {
		if err := s.q.TouchAPIKey(ctx, tenant, row.ClientID, row.ID); err != nil {
			return Holder{}, fmt.Errorf("note use of api key: %w", err)
		}
	}
	return Holder{
		ID: row.ID, ClientID: row.ClientID, Name: row.Name, GuildID: guild.GuildID, Timezone: guild.Timezone, Scopes: row.Scopes, Suspended: guild.Suspended,
	}, nil
}

// Alive fails with unauthenticated once a key that was found earlier counts no more.
func (s *Service) Alive(ctx context.Context, clientID, id uuid.UUID) error {
	live, err := s.q.IsAPIKeyLive(ctx, s.store.Tenant(clientID), clientID, id)
	if err != nil {
		return fmt.Errorf("read api key: %w", err)
	}
	if !live {
		return errNoKey()
	}
	return nil
}

func errNoKey() error {
	return fault.New(fault.Unauthenticated, "The API key does not count: it is unknown, revoked or over.")
}

// NewKey is what a key is to be.
type NewKey struct {
	Name      string
	Scopes    []string   // read, write
	ExpiresAt *time.Time // nil: in a year, which is the most
}

// Create makes a key for a guild; token is the key itself, which nobody can read again. Refusals:
// validation_failed (name, expiresAt), conflict when there are too many.
func (s *Service) Create(ctx context.Context, by audit.By, clientID uuid.UUID, in NewKey) (key db.InsertAPIKeyRow, token string, err error) {
	in.Name = strings.TrimSpace(in.Name)
	if err := s.check(in); err != nil {
		return key, "", err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return key, "", fmt.Errorf("make api key's id: %w", err)
	}
	slices.Sort(in.Scopes)
	token, keyID := newToken()
	hash := digest(token)
	err = s.store.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		live, err := s.q.LockAPIKeys(ctx, tx, clientID)
		if err != nil {
			return fmt.Errorf("count api keys: %w", err)
		}
		if live >= maxLive {
			return fault.Newf(fault.Conflict, "There are %d keys already. Revoke one that is not used.", maxLive)
		}
		key, err = s.q.InsertAPIKey(ctx, tx, db.InsertAPIKeyParams{
			ClientID: clientID, ID: id, KeyID: keyID, SecretHash: hash[:], Name: in.Name, Scopes: in.Scopes,
			CreatedBy: by.ID, ExpiresAt: in.ExpiresAt,
		})
		if err != nil {
			return fmt.Errorf("insert api key: %w", err)
		}
		return s.log(ctx, tx, by, clientID, id, audit.APIKeyCreated,
			audit.Change{Field: "name", New: in.Name}, audit.Change{Field: "scopes", New: in.Scopes},
			audit.Change{Field: "prefix", New: Prefix + keyID}, audit.Change{Field: "expiresAt", New: key.ExpiresAt})
	})
	if err != nil {
		return key, "", err
	}
	return key, token, nil
}

func (s *Service) check(in NewKey) error {
	switch now := s.now(); {
	case in.Name == "":
		return fault.Invalid(fault.Field{Name: "name", Message: "must not be blank"})
	case in.ExpiresAt == nil:
		return nil
	case !in.ExpiresAt.After(now):
		return fault.Invalid(fault.Field{Name: "expiresAt", Message: "must lie in the future"})
	case in.ExpiresAt.After(now.Add(maxLife + time.Minute)): // whoever asks for a year has an older clock
		return fault.Invalid(fault.Field{Name: "expiresAt", Message: "must be at most a year from now"})
	}
	return nil
}

// List gives at most limit live keys, newest first, made before the key `before` (nil: from the newest).
func (s *Service) List(ctx context.Context, clientID uuid.UUID, before *uuid.UUID, limit int) ([]db.ListAPIKeysRow, error) {
	rows, err := s.q.ListAPIKeys(ctx, s.store.Tenant(clientID), db.ListAPIKeysParams{ClientID: clientID, Before: before, MaxRows: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("list api keys: %w", err)
	}
	return rows, nil
}

// Revoke ends a key at once. Refusals: not_found, also when it was revoked before.
func (s *Service) Revoke(ctx context.Context, by audit.By, clientID, id uuid.UUID) error {
	err := s.store.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		key, err := s.q.RevokeAPIKey(ctx, tx, clientID, id)
		if store.IsNotFound(err) {
			return fault.New(fault.NotFound, "")
		}
		if err != nil {
			return fmt.Errorf("revoke api key: %w", err)
		}
		return s.log(ctx, tx, by, clientID, id, audit.APIKeyRevoked,
			audit.Change{Field: "name", Old: key.Name}, audit.Change{Field: "prefix", Old: Prefix + key.KeyID})
	})
	s.forget(func(h Holder) bool { return h.ID == id })
	return err
}

func (s *Service) log(ctx context.Context, tx store.Conn, by audit.By, clientID, id uuid.UUID, action audit.Action, changes ...audit.Change) error {
	return audit.Append(ctx, tx, audit.Entry{
		ClientID: clientID, By: by, Action: action, TargetType: audit.TargetAPIKey, TargetID: id.String(), Changes: changes,
	})
}

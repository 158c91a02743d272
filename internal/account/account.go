package account

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/config"
	"trackbot/internal/recent"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const (
	flowLife      = 10 * time.Minute
	codeLife      = time.Minute
	idleLife      = 14 * 24 * time.Hour
	cacheLife     = 5 * time.Second // how long a revocation may go unnoticed
	cacheEntries  = 20_000
	tokenEntries  = 10_000 // of at most 4 KiB
	callbackLimit = 15 * time.Second
)

// Config is what a Service is set up with. Keys and EncryptionKey are required.
type Config struct {
	Keys          *KeyRing
	EncryptionKey []byte        // 32 bytes; seals Discord grants, and refresh tokens are made with it
	OtherKeys     [][]byte      // 32 bytes each; what was sealed or made with them counts too
	DashboardURL  string        // where browsers come back to, without trailing slash
	RefreshTTL    time.Duration // from sign-in, never extended; 0: 30 days
	RaceWindow    time.Duration // 0: 10 s
	Members       Members       // nil: rights are confirmed by guild lists alone
	Now           func() time.Time
	Log           *slog.Logger
}

// FromConfig takes a Service's configuration from the program's.
func FromConfig(c config.Config) (Config, error) {
	encryption, err := c.EncryptionKeys()
	if err != nil {
		return Config{}, err
	}
	if len(encryption) == 0 {
		return Config{}, errors.New("read encryption key: there is none")
	}
	previous, err := c.PreviousJWTSecrets()
	if err != nil {
		return Config{}, fmt.Errorf("read previous jwt secrets: %w", err)
	}
	verifyOnly := make([]VerifyKey, 0, len(previous)+1)
	if next := c.JWTSecretNext.Reveal(); next != "" {
		verifyOnly = append(verifyOnly, VerifyKey{Secret: []byte(next)})
	}
	for _, p := range previous {
		verifyOnly = append(verifyOnly, VerifyKey{Secret: []byte(p.Secret.Reveal()), Until: p.Until})
	}
	return Config{
		Keys:          NewKeyRing([]byte(c.JWTSecret.Reveal()), c.AccessTokenTTL, verifyOnly...),
		EncryptionKey: encryption[0],
		OtherKeys:     encryption[1:],
		DashboardURL:  c.DashboardURL,
		RefreshTTL:    c.RefreshTokenTTL,
		RaceWindow:    c.RefreshRaceWindow,
	}, nil
}

// Service answers who a caller is and what they may do. It is safe for concurrent use.
type Service struct {
	store   *store.Store
	q       *db.Queries
	discord Discord
	cfg     Config
	seal    *sealer
	peppers [][]byte // refresh tokens are made with the first, and count with any

	tokens   *tokenMemory
	sessions *recent.Memory[sessionKey, struct{}]
	access   *recent.Memory[accessKey, membership]
	live     *recent.Memory[accessKey, liveAnswer]

	running sync.WaitGroup
	mu      sync.Mutex
	syncing map[string]chan struct{} // by user: closed when the refresh under way is over
}

type (
	sessionKey struct {
		id     uuid.UUID
		userID string
	}
	accessKey struct{ userID, guildID string }
)

// New returns a Service that acts on st as the API's role.
func New(st *store.Store, discord Discord, cfg Config) (*Service, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.RefreshTTL == 0 {
		cfg.RefreshTTL = 30 * 24 * time.Hour
	}
	if cfg.RaceWindow == 0 {
		cfg.RaceWindow = 10 * time.Second
	}
	cfg.DashboardURL = strings.TrimRight(cfg.DashboardURL, "/")
	seal, peppers, err := deriveKeys(append([][]byte{cfg.EncryptionKey}, cfg.OtherKeys...))
	if err != nil {
		return nil, err
	}
	return &Service{
		store: st, q: db.New(), discord: discord, cfg: cfg, seal: seal, peppers: peppers,
		tokens:   newTokenMemory(tokenEntries),
		sessions: recent.New[sessionKey, struct{}](cacheLife, cacheEntries, cfg.Now),
		access:   recent.New[accessKey, membership](cacheLife, cacheEntries, cfg.Now),
		live:     recent.New[accessKey, liveAnswer](liveLife, cacheEntries, cfg.Now),
		syncing:  map[string]chan struct{}{},
	}, nil
}

// Close waits for guild lists that are being fetched: a renewed Discord grant that was
// not stored would be lost. Call it after the last request and before the store is closed.
func (s *Service) Close() { s.running.Wait() }

// Sweep deletes what has ended long ago. Once an hour is enough; several replicas may.
func (s *Service) Sweep(ctx context.Context) error {
	conn := s.store.Shared()
	return errors.Join(
		s.q.DeleteOldLoginFlows(ctx, conn),
		s.q.DeleteOldLoginCodes(ctx, conn),
		s.q.DeleteOldSessions(ctx, conn),
	)
}

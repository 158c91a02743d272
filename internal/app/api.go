package app

import (
	"cmp"
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"trackbot/internal/account"
	"trackbot/internal/config"
	"trackbot/internal/discord"
	"trackbot/internal/guild"
	"trackbot/internal/httpapi"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
	"trackbot/internal/usage"
)

// sweepEvery is how often expired sign-ins and sessions are deleted.
const sweepEvery = time.Hour

func runAPI(ctx context.Context, e env) error {
	st, err := e.openStore(ctx, config.API, store.RoleAPI)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := st.CheckTenancy(ctx); err != nil {
		return err
	}
	accounts, err := newAccounts(e, st)
	if err != nil {
		return err
	}
	defer accounts.Close()
	sources := newSources(e.cfg)
	defer sources.Close()
	handler, err := newHandler(e, st, accounts, sources)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return listen(ctx, httpapi.NewHTTPServer(e.cfg.ListenAddr, handler, e.log), e.log) })
	group.Go(func() error { sweep(ctx, accounts, e.log); return nil })
	return group.Wait()
}

func newHandler(e env, st *store.Store, accounts *account.Service, resolver tracking.Resolver) (http.Handler, error) {
	cursorKey, err := deriveKey(e.cfg, "trackbot pagination cursors")
	if err != nil {
		return nil, err
	}
	gate := httpapi.NewUserGate(accounts)
	return httpapi.New(httpapi.Deps{
		Log: e.log, Accounts: accounts, Auth: gate, Guilds: gate, Ready: st.CheckSchema, CursorKey: cursorKey,
		Directory: guild.NewReader(st, e.cfg.HeartbeatInterval, time.Now), Tracked: tracking.NewReader(st),
		Catalog: tracking.NewCatalog(st, resolver), Usage: usage.NewReader(st, time.Now),
		AllowedOrigins: e.cfg.CORSAllowedOrigins, TrustedProxies: e.cfg.TrustedProxies,
	})
}

// deriveKey makes a key for one purpose from ENCRYPTION_KEY (RFC 5869).
func deriveKey(cfg config.Config, purpose string) ([]byte, error) {
	secret, err := base64.StdEncoding.DecodeString(cfg.EncryptionKey.Reveal())
	if err != nil {
		return nil, errors.New("read encryption key: not base64")
	}
	key, err := hkdf.Key(sha256.New, secret, nil, purpose, 32)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	return key, nil
}

func newAccounts(e env, st *store.Store) (*account.Service, error) {
	cfg, err := account.FromConfig(e.cfg)
	if err != nil {
		return nil, err
	}
	cfg.Log = e.log
	return account.New(st, newSignIn(e.cfg), cfg)
}

func sweep(ctx context.Context, accounts *account.Service, log *slog.Logger) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := accounts.Sweep(ctx); err != nil && ctx.Err() == nil {
				log.Error("sweep of sign-ins failed", "error", err)
			}
		}
	}
}

// newDiscord returns the REST client of the bot's own token.
func newDiscord(e env) *discord.Client {
	return discord.New(discord.Config{
		BaseURL: e.cfg.DiscordAPIURL, Token: e.cfg.DiscordBotToken.Reveal(), UserAgent: userAgent(e.cfg), Logger: e.log,
	})
}

// userAgent is what Discord asks of every caller (Discord API docs: User Agent).
func userAgent(cfg config.Config) string {
	return discord.UserAgent(cmp.Or(cfg.DashboardURL, "https://localhost"), Version)
}

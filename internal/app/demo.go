package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"trackbot/internal/config"
	"trackbot/internal/embeddedpg"
	"trackbot/internal/sim"
	"trackbot/internal/store"
)

// DemoConfig says where the demo listens and keeps its database.
type DemoConfig struct {
	APIAddr, SimAddr, SignInAddr string
	DataDir                      string // "": a folder of its own beside the working directory
}

// Demo runs the four services with an embedded database and a simulated Discord and platforms, fills
// them on the first start, and publishes posts until ctx ends. DATABASE_URL wins over the embedded one.
func Demo(ctx context.Context, cfg DemoConfig, w io.Writer) error {
	log := newLogger(os.Stderr, demoLogLevel())
	fmt.Fprintln(w, "Starting Trackbot with a simulated Discord …")
	url, stop, err := demoDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer stop()
	if err := store.Migrate(ctx, url); err != nil {
		return err
	}
	world, err := newDemoWorld(log)
	if err != nil {
		return err
	}
	defer world.sim.Close()
	base, waitSim, err := world.sim.ListenAndServe(ctx, cfg.SimAddr)
	if err != nil {
		return inUse(err)
	}
	services, err := demoServices(cfg, url, base, world.sim)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(waitSim)
	group.Go(func() error { return serve(ctx, config.All, services, log) })
	group.Go(func() error { return listen(ctx, signInPage(cfg), log) })
	group.Go(func() error { return world.live(ctx, url, base, services, func() { greet(w, cfg, base) }) })
	err = group.Wait()
	fmt.Fprintln(w, "Stopped.")
	return inUse(err)
}

// inUse says what to do about a taken port.
func inUse(err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w: choose other addresses with --addr, --sim and --sign-in", err)
	}
	return err
}

// demoLogLevel keeps the terminal for people unless LOG_LEVEL asks for more.
func demoLogLevel() slog.Level {
	level := slog.LevelError
	if raw, ok := os.LookupEnv("LOG_LEVEL"); ok {
		_ = level.UnmarshalText([]byte(raw)) // an unknown level changes nothing
	}
	return level
}

func demoDatabase(ctx context.Context, cfg DemoConfig, log *slog.Logger) (url string, stop func(), err error) {
	if url, ok := os.LookupEnv("DATABASE_URL"); ok && url != "" {
		return url, func() {}, nil
	}
	dir := filepath.Join(cfg.DataDir, "pg")
	if cfg.DataDir == "" {
		if dir, err = embeddedpg.DefaultDir(); err != nil {
			return "", nil, err
		}
	}
	server, err := embeddedpg.Start(ctx, embeddedpg.Config{DataDir: dir, Logger: log})
	if err != nil {
		return "", nil, err
	}
	return server.OwnerURL(), func() {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
		defer cancel()
		if err := server.Stop(stopping); err != nil {
			log.Error("stop of the database failed", "error", err)
		}
	}, nil
}

// demoServices is the configuration of the services: the simulator's addresses, fresh secrets, quick clocks.
func demoServices(cfg DemoConfig, databaseURL, base string, s *sim.Sim) (config.Config, error) {
	key := make([]byte, 32)
	rand.Read(key) // never fails (crypto/rand)
	values := map[string]string{
		"DATABASE_URL": databaseURL, "LISTEN_ADDR": cfg.APIAddr,
		"JWT_SECRET": newSecret(), "ENCRYPTION_KEY": base64.StdEncoding.EncodeToString(key),
		"DASHBOARD_URL": "http://" + cfg.SignInAddr, "CORS_ALLOWED_ORIGINS": "http://" + cfg.SignInAddr,
		"DASHBOARD_DISCORD_CLIENT_ID": s.ClientID(), "DASHBOARD_DISCORD_CLIENT_SECRET": s.ClientSecret(),
		"DASHBOARD_OAUTH_CALLBACK": "http://" + cfg.APIAddr + "/api/v1/auth/discord/callback",
		"DISCORD_BOT_TOKEN":        s.BotToken(), "DISCORD_PUBLIC_KEY": s.PublicKey(),
		"DISCORD_API_URL": base + "/api/v10", "DISCORD_AUTHORIZE_URL": base + "/oauth2/authorize",
		"BLUESKY_APPVIEW_URL": base, "YOUTUBE_FEED_URL": base + "/youtube/feeds/videos.xml", "FETCH_ALLOW_PRIVATE": "true",
		"MIN_POLL_INTERVAL": "2s", "HEARTBEAT_INTERVAL": "5s",
		"AUTH_ATTEMPTS_PER_15M": "1000", // people who try things out sign in often
	}
	lookup := func(name string) (string, bool) { v, ok := values[name]; return v, ok }
	noFile := func(string) ([]byte, error) { return nil, errors.New("the demo reads no files") }
	return config.Load(lookup, noFile, config.All)
}

// signInPage is what stands in for the dashboard: the other end of the sign-in.
func signInPage(cfg DemoConfig) *http.Server {
	return &http.Server{Addr: cfg.SignInAddr, Handler: newSignInPage("http://" + cfg.APIAddr), ReadHeaderTimeout: 5 * time.Second}
}

func greet(w io.Writer, cfg DemoConfig, base string) {
	fmt.Fprintf(w, `
Trackbot is running. A new post appears every few seconds and reaches its channel.

  Discord, simulated   %s/sim/           channels, slash commands, publish a post
  Sign in              http://%s/                 as a person of the simulated Discord
  API reference        http://%s/api/v1/docs

Ctrl-C stops everything; the data stays.
`, base, cfg.SignInAddr, cfg.APIAddr)
}

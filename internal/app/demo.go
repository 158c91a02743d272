package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sync/errgroup"

	"trackbot/internal/config"
	"trackbot/internal/embeddedpg"
	"trackbot/internal/sim"
	"trackbot/internal/store"
)

// DemoConfig says where the demo listens and keeps its database.
type DemoConfig struct {
	APIAddr, SimAddr string
	DashboardAddr    string // "off": no dashboard
	DataDir          string // "": a folder of its own beside the working directory
}

// dashboardURL is where browsers find the dashboard. Without one the address is a name that leads nowhere.
func (c DemoConfig) dashboardURL() string {
	if c.DashboardAddr == noDashboard {
		return "http://dashboard.invalid"
	}
	return "http://" + c.DashboardAddr
}

// Demo runs the four services with an embedded database and a simulated Discord and platforms, fills
// them on the first start, and publishes posts until ctx ends. DATABASE_URL wins over the embedded one.
func Demo(ctx context.Context, cfg DemoConfig, w io.Writer) error {
	log := newLogger(os.Stderr, demoLogLevel())
	dashboard, err := findDashboard(cfg, w)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "Starting Trackbot with a simulated Discord …")
	databaseURL, stop, err := demoDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer stop()
	if err := store.Migrate(ctx, databaseURL); err != nil {
		return err
	}
	world, err := newDemoWorld(log)
	if err != nil {
		return err
	}
	defer world.sim.Close()
	simulating, endSim := context.WithCancel(ctx)
	defer endSim()
	base, waitSim, err := world.sim.ListenAndServe(simulating, cfg.SimAddr)
	if err != nil {
		return inUse(err)
	}
	services, err := demoServices(cfg, databaseURL, base, world.sim)
	if err != nil {
		return err
	}
	parts := []func(ctx context.Context, ready func()) error{
		func(ctx context.Context, ready func()) error {
			return world.live(ctx, databaseURL, base, services, ready)
		},
	}
	if dashboard != nil {
		dashboard.configure(cfg, base, inviteURL(base, world.sim))
		parts = append(parts, dashboard.run)
	}
	group, ctx := errgroup.WithContext(ctx)
	defer context.AfterFunc(ctx, endSim)() // with whichever part ends first
	group.Go(waitSim)
	group.Go(func() error { return serve(ctx, config.All, services, log) })
	ready := make(chan struct{}, len(parts))
	for _, part := range parts {
		group.Go(func() error { return part(ctx, func() { ready <- struct{}{} }) })
	}
	group.Go(func() error {
		for range parts {
			select {
			case <-ready:
			case <-ctx.Done():
				return nil
			}
		}
		greet(w, cfg, base)
		return nil
	})
	err = group.Wait()
	fmt.Fprintln(w, "Stopped.")
	return inUse(err)
}

// inUse says what to do about a taken port.
func inUse(err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w: choose other addresses with --addr, --sim and --dashboard", err)
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
	stop = func() {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
		defer cancel()
		if err := server.Stop(stopping); err != nil {
			log.Error("stop of the database failed", "error", err)
		}
	}
	if !server.Owned() { // two simulated worlds on one database would send each other's posts
		stop()
		return "", nil, fmt.Errorf("a demo runs on %s already: stop it, or choose another folder with --data", dir)
	}
	return server.OwnerURL(), stop, nil
}

// demoServices is the configuration of the services: the simulator's addresses, fresh secrets, quick clocks.
func demoServices(cfg DemoConfig, databaseURL, base string, s *sim.Sim) (config.Config, error) {
	key := make([]byte, 32)
	rand.Read(key) // never fails (crypto/rand)
	values := map[string]string{
		"DATABASE_URL": databaseURL, "LISTEN_ADDR": cfg.APIAddr,
		"JWT_SECRET": newSecret(), "ENCRYPTION_KEY": base64.StdEncoding.EncodeToString(key),
		"DASHBOARD_URL": cfg.dashboardURL(), "CORS_ALLOWED_ORIGINS": cfg.dashboardURL(), "TRUSTED_PROXIES": "127.0.0.0/8,::1",
		"DASHBOARD_DISCORD_CLIENT_ID": s.ClientID(), "DASHBOARD_DISCORD_CLIENT_SECRET": s.ClientSecret(),
		"DASHBOARD_OAUTH_CALLBACK": "http://" + cfg.APIAddr + "/api/v1/auth/discord/callback",
		"DISCORD_BOT_TOKEN":        s.BotToken(), "DISCORD_PUBLIC_KEY": s.PublicKey(),
		"DISCORD_API_URL": base + "/api/v10", "DISCORD_AUTHORIZE_URL": base + "/oauth2/authorize",
		"BLUESKY_APPVIEW_URL": base, "YOUTUBE_FEED_URL": base + "/youtube/feeds/videos.xml", "FETCH_ALLOW_PRIVATE": "true",
		"PUBLIC_API_URL": "http://" + cfg.APIAddr, "YOUTUBE_HUB_URL": base + "/youtube/hub",
		"TWITCH_CLIENT_ID": s.TwitchClientID(), "TWITCH_CLIENT_SECRET": s.TwitchClientSecret(),
		"TWITCH_API_URL": base + "/twitch/helix", "TWITCH_TOKEN_URL": base + "/twitch/oauth2/token",
		"MIN_POLL_INTERVAL": "2s", "HEARTBEAT_INTERVAL": "5s",
		"AUTH_ATTEMPTS_PER_15M": "1000", // people who try things out sign in often
	}
	if v, ok := os.LookupEnv("USER_REQUESTS_PER_MIN"); ok { // for programs that look at every page in a row
		values["USER_REQUESTS_PER_MIN"] = v
	}
	lookup := func(name string) (string, bool) { v, ok := values[name]; return v, ok }
	noFile := func(string) ([]byte, error) { return nil, errors.New("the demo reads no files") }
	return config.Load(lookup, noFile, config.All)
}

// inviteURL is where a manager adds the bot to a server, with the permissions that the README names.
func inviteURL(base string, s *sim.Sim) string {
	query := url.Values{"client_id": {s.ClientID()}, "scope": {"bot applications.commands"}, "permissions": {"84992"}}
	return base + "/oauth2/authorize?" + query.Encode()
}

func greet(w io.Writer, cfg DemoConfig, base string) {
	fmt.Fprintln(w)
	fmt.Fprintln(w, "Trackbot is running. A new post appears every few seconds and reaches its channel.")
	fmt.Fprintln(w)
	if cfg.DashboardAddr != noDashboard {
		fmt.Fprintf(w, "  Dashboard            http://%s/                 sign in as a person of the simulated Discord\n", cfg.DashboardAddr)
	}
	fmt.Fprintf(w, `  Discord, simulated   %s/sim/           channels, slash commands, publish a post
  API reference        http://%s/api/v1/docs

Ctrl-C stops everything; the data stays.
`, base, cfg.APIAddr)
}

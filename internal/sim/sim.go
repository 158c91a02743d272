package sim

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Sim is one simulated world. All its methods may be called from several goroutines.
type Sim struct {
	cfg     Config
	pub     ed25519.PublicKey
	handler http.Handler
	client  *http.Client // calls subscribers of the hub

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	work   sync.WaitGroup // gateway connections, streams, hanging answers

	mu sync.Mutex // guards everything below
	ids
	bot          User
	users        map[string]*User
	userOrder    []string
	guilds       map[string]*guild
	guildOrder   []string
	channels     map[string]*channel
	commands     map[string][]Command // by guild id, "" for global
	entitlements []*Entitlement       // by age
	nonces       map[string]nonceEntry
	interactions map[string]*interaction // by token
	oauth        oauthState
	gw           gatewayState
	limits       limiter
	faults       []*faultRule
	log          journal
	sources      map[string]*source
	sourceOrder  []string
	hub          hubState
	data         dataState
	twitch       twitchState
	version      uint64        // grows with every visible change
	changed      chan struct{} // closed and replaced at every change
}

// New returns a world with its application and bot user, and nothing else in it.
func New(cfg Config) *Sim {
	cfg = cfg.withDefaults()
	s := &Sim{
		cfg:          cfg,
		users:        map[string]*User{},
		guilds:       map[string]*guild{},
		channels:     map[string]*channel{},
		commands:     map[string][]Command{},
		nonces:       map[string]nonceEntry{},
		interactions: map[string]*interaction{},
		oauth:        newOAuthState(),
		gw:           newGatewayState(),
		limits:       newLimiter(),
		sources:      map[string]*source{},
		twitch:       twitchState{tokens: map[string]time.Time{}, streams: map[string]*stream{}},
		client:       &http.Client{Transport: &http.Transport{}},
		changed:      make(chan struct{}),
	}
	if s.cfg.PrivateKey == nil {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			panic(fmt.Sprintf("generate signing key: %v", err)) // crypto/rand does not fail on a working system
		}
		s.cfg.PrivateKey = key
	}
	s.pub = s.cfg.PrivateKey.Public().(ed25519.PublicKey)
	s.bot = User{ID: cfg.ClientID, Username: cfg.AppName, Discriminator: "0", Bot: true}
	s.users[s.bot.ID] = &s.bot
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.handler = s.outer(s.routes())
	return s
}

// Handler serves every path of the simulator; it may be mounted on any listener.
func (s *Sim) Handler() http.Handler { return s.handler }

// Close ends all gateway connections, streams and hanging answers and waits for them.
func (s *Sim) Close() {
	s.cancel()
	s.work.Wait()
	s.client.CloseIdleConnections()
}

// ListenAndServe serves on addr ("127.0.0.1:0" picks a port) until ctx ends or Close is
// called, and returns the base URL as soon as it listens. The returned wait blocks until
// the listener and every connection are gone.
func (s *Sim) ListenAndServe(ctx context.Context, addr string) (baseURL string, wait func() error, err error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", nil, fmt.Errorf("listen for simulator: %w", err)
	}
	srv := &http.Server{Handler: s.handler, ReadHeaderTimeout: 10 * time.Second}
	served, stopped := make(chan error, 1), make(chan struct{})
	go func() { served <- srv.Serve(ln) }()
	go func() {
		defer close(stopped)
		select {
		case <-ctx.Done():
		case <-s.ctx.Done():
		}
		s.cancel()
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		if srv.Shutdown(stop) != nil {
			_ = srv.Close() // a client that will not let go after two seconds is cut off
		}
	}()
	wait = sync.OnceValue(func() error {
		err := <-served
		s.Close()
		<-stopped
		if errors.Is(err, http.ErrServerClosed) {
			return nil
		}
		return fmt.Errorf("serve simulator: %w", err)
	})
	return "http://" + ln.Addr().String(), wait, nil
}

// PublicKey is the application's Ed25519 key in hex, as DISCORD_PUBLIC_KEY takes it.
func (s *Sim) PublicKey() string { return hex.EncodeToString(s.pub) }

// BotToken, ClientID and ClientSecret are the application's credentials.
func (s *Sim) BotToken() string { return s.cfg.BotToken }

// ClientID is the application's id and its bot's user id.
func (s *Sim) ClientID() string { return s.cfg.ClientID }

// ClientSecret is the application's OAuth secret.
func (s *Sim) ClientSecret() string { return s.cfg.ClientSecret }

// TwitchClientID and TwitchClientSecret are the keys that Helix takes.
func (s *Sim) TwitchClientID() string { return s.cfg.TwitchClientID }

// TwitchClientSecret goes with the client id.
func (s *Sim) TwitchClientSecret() string { return s.cfg.TwitchClientSecret }

// now has milliseconds, as the platforms' timestamps do.
func (s *Sim) now() time.Time { return s.cfg.Now().UTC().Truncate(time.Millisecond) }

// touch marks a visible change, so that the page's stream wakes. Callers hold mu.
func (s *Sim) touch() {
	s.version++
	close(s.changed)
	s.changed = make(chan struct{})
}

// begin counts a long-lived handler into Close. It reports false when Close has begun.
func (s *Sim) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return false
	}
	s.work.Add(1)
	return true
}

// baseURL is how the caller of r reaches the simulator.
func (s *Sim) baseURL(r *http.Request) string {
	if s.cfg.BaseURL != "" {
		return s.cfg.BaseURL
	}
	return "http://" + r.Host
}

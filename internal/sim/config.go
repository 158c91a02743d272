package sim

import (
	"crypto/ed25519"
	"log/slog"
	"time"
)

// Config sets what the simulated application is and how strict its world is.
// The zero value works: every field has a default.
type Config struct {
	Logger *slog.Logger
	// Now is the simulator's clock: expiry, rate windows and timestamps follow it.
	// Waiting (heartbeats, the 3 s of an interaction) uses real timers.
	Now func() time.Time
	// BaseURL is what the simulator calls itself in links. Empty: the Host of each request.
	BaseURL string

	AppName      string
	BotToken     string
	ClientID     string // also the bot's user id
	ClientSecret string
	// PrivateKey signs webhook events; a key is generated when it is nil.
	PrivateKey ed25519.PrivateKey
	// RedirectURIs are those registered for the application. Empty: any absolute http(s) URI.
	RedirectURIs []string
	// WebhookEventsURL receives signed application events (deauthorization). Empty: none are sent.
	WebhookEventsURL string
	// BotPermissions are those of the bot's own role when it is invited.
	BotPermissions Permissions
	// BlueskyUpstream answers for Bluesky accounts that the simulator does not have, such as
	// https://public.api.bsky.app; empty: they do not exist.
	BlueskyUpstream string
	// YouTubeAPIKey is the key of the Data API, TwitchClientID and TwitchClientSecret those of Helix.
	YouTubeAPIKey                      string
	TwitchClientID, TwitchClientSecret string
	// AllowAnyUserAgent drops Discord's demand for "DiscordBot (url, version)".
	AllowAnyUserAgent bool

	Limits       Limits
	Gateway      GatewayConfig
	OAuth        OAuthConfig
	Interactions InteractionConfig
}

// Limit is a fixed window: so many requests in so long a time.
type Limit struct {
	Requests int           `json:"requests"`
	Window   time.Duration `json:"window"`
}

// Limits are the request limits of Discord and the platforms. Zero fields take
// the documented figures; a negative figure turns that limit off.
type Limits struct {
	// Off turns every Discord request limit off.
	Off bool
	// Global is requests a second and token (Discord API docs: Global Rate Limit, 50).
	Global int
	// Buckets overrides per-route limits by bucket name, such as "message-create".
	Buckets map[string]Limit
	// InvalidRequests is how many 401, 403 and 429 answers in 10 minutes get the caller banned (10,000).
	InvalidRequests int
	// NonceWindow is how long enforce_nonce remembers (Discord: "the past few minutes").
	NonceWindow time.Duration
	// Mastodon is requests in 5 minutes and address (300); Bluesky the same (3000).
	Mastodon, Bluesky int
	// YouTubeUnits is the Data API's quota a day (10,000); Twitch is requests a minute (800).
	YouTubeUnits, Twitch int
}

// GatewayConfig holds the figures of the websocket gateway.
type GatewayConfig struct {
	HeartbeatInterval time.Duration // 41.25 s
	MaxConcurrency    int           // identifies per IdentifyInterval, 1
	IdentifyInterval  time.Duration // 5 s
	Identifies        int           // session starts a day, 1000
	Shards            int           // what /gateway/bot recommends, 1
	ResumeWindow      time.Duration // how long a lost session may be resumed, 3 min
	ResumeBuffer      int           // events kept for a replay, 10,000
	Sends             int           // payloads a client may send in 60 s, 120
	PrivilegedIntents uint64        // those the application has been granted
}

// OAuthConfig holds the life times of codes (100 s) and access tokens (7 days).
type OAuthConfig struct {
	CodeTTL  time.Duration
	TokenTTL time.Duration
}

// InteractionConfig holds the deadline of the first answer (3 s) and the life of a token (15 min).
type InteractionConfig struct {
	Deadline time.Duration
	TokenTTL time.Duration
}

func (c Config) withDefaults() Config {
	def(&c.Logger, slog.New(slog.DiscardHandler))
	if c.Now == nil {
		c.Now = time.Now
	}
	def(&c.AppName, "Trackbot")
	def(&c.BotToken, "sim.bot.token-000000000000000000000000")
	def(&c.ClientID, "1000000000000000001")
	def(&c.ClientSecret, "sim-client-secret")
	def(&c.BotPermissions, PermViewChannel|PermSendMessages|PermEmbedLinks|PermReadMessageHistory|PermUseCommands)

	def(&c.Limits.Global, 50)
	def(&c.Limits.InvalidRequests, 10_000)
	def(&c.Limits.NonceWindow, 5*time.Minute)
	def(&c.Limits.Mastodon, 300)
	def(&c.Limits.Bluesky, 3000)
	def(&c.Limits.YouTubeUnits, 10_000)
	def(&c.Limits.Twitch, 800)
	def(&c.YouTubeAPIKey, "sim-youtube-key")
	def(&c.TwitchClientID, "sim-twitch-client")
	def(&c.TwitchClientSecret, "sim-twitch-secret")

	def(&c.Gateway.HeartbeatInterval, 41250*time.Millisecond)
	def(&c.Gateway.MaxConcurrency, 1)
	def(&c.Gateway.IdentifyInterval, 5*time.Second)
	def(&c.Gateway.Identifies, 1000)
	def(&c.Gateway.Shards, 1)
	def(&c.Gateway.ResumeWindow, 3*time.Minute)
	def(&c.Gateway.ResumeBuffer, 10_000)
	def(&c.Gateway.Sends, 120)

	def(&c.OAuth.CodeTTL, 100*time.Second)
	def(&c.OAuth.TokenTTL, 7*24*time.Hour)
	def(&c.Interactions.Deadline, 3*time.Second)
	def(&c.Interactions.TokenTTL, 15*time.Minute)
	return c
}

func def[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Package config turns the environment into one validated value. It is the only
// reader of the environment; every fault is reported at once, by variable name.
package config

import (
	"encoding/base64"
	"errors"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"
)

// Secret is a string that never prints itself.
type Secret string

const redacted = "[redacted]"

// String hides the value; use Reveal to read it.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalJSON hides the value.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

// LogValue hides the value from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Reveal returns the value.
func (s Secret) Reveal() string { return string(s) }

// Service is a process that Load checks the configuration for.
type Service string

// The services of the program. All runs the four in one process.
const (
	API      Service = "api"
	Bot      Service = "bot"
	Worker   Service = "worker"
	Notifier Service = "notifier"
	All      Service = "all"
	Operator Service = "operator" // migrate and admin: the database is all they need
)

// What BOT_MODE may be: where the bot writes what it is told.
const (
	BotByDatabase = "db"
	BotByAPI      = "api" // by signed calls, without a database
)

// Config is the program's configuration. The env tag names the variable of a field,
// and env documents its meaning in the README's table.
type Config struct {
	DatabaseURL         Secret `env:"DATABASE_URL"`
	DatabaseURLAPI      Secret `env:"DATABASE_URL_API"`
	DatabaseURLBot      Secret `env:"DATABASE_URL_BOT"`
	DatabaseURLWorker   Secret `env:"DATABASE_URL_WORKER"`
	DatabaseURLNotifier Secret `env:"DATABASE_URL_NOTIFIER"`

	ListenAddr         string         `env:"LISTEN_ADDR" default:":8080"`
	MetricsAddr        string         `env:"METRICS_ADDR"`
	OpsPassword        Secret         `env:"OPS_PASSWORD"`
	DashboardURL       string         `env:"DASHBOARD_URL"`
	CORSAllowedOrigins []string       `env:"CORS_ALLOWED_ORIGINS"`
	TrustedProxies     []netip.Prefix `env:"TRUSTED_PROXIES"`
	AddressSecret      Secret         `env:"CLIENT_ADDRESS_SECRET"`
	LogLevel           slog.Level     `env:"LOG_LEVEL" default:"info"`
	OTLPEndpoint       string         `env:"OTEL_EXPORTER_OTLP_ENDPOINT"`
	OTLPTraces         string         `env:"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"`

	JWTSecret         Secret `env:"JWT_SECRET"`
	JWTSecretNext     Secret `env:"JWT_SECRET_NEXT"`
	JWTSecretPrevious Secret `env:"JWT_SECRET_PREVIOUS"`
	EncryptionKey     Secret `env:"ENCRYPTION_KEY"`
	BotHMACSecret     Secret `env:"BOT_HMAC_SECRET"`

	OAuthClientID     string `env:"DASHBOARD_DISCORD_CLIENT_ID"`
	OAuthClientSecret Secret `env:"DASHBOARD_DISCORD_CLIENT_SECRET"`
	OAuthCallback     string `env:"DASHBOARD_OAUTH_CALLBACK"`

	BotMode string `env:"BOT_MODE" default:"db"`
	BotID   string `env:"BOT_ID" default:"main"`
	APIURL  string `env:"TRACKBOT_API_URL"`

	DiscordBotToken     Secret `env:"DISCORD_BOT_TOKEN"`
	DiscordAPIURL       string `env:"DISCORD_API_URL" default:"https://discord.com/api/v10"`
	DiscordAuthorizeURL string `env:"DISCORD_AUTHORIZE_URL" default:"https://discord.com/oauth2/authorize"`
	DiscordGatewayURL   string `env:"DISCORD_GATEWAY_URL"`
	DiscordPublicKey    string `env:"DISCORD_PUBLIC_KEY"`

	DiscordPlans   map[string]string `env:"DISCORD_PLANS"` // SKU → tier
	StripeSecret   Secret            `env:"STRIPE_WEBHOOK_SECRET"`
	StripePlans    map[string]string `env:"STRIPE_PLANS"`    // price or product → tier
	StripeCheckout map[string]string `env:"STRIPE_CHECKOUT"` // tier → address
	StripePortal   string            `env:"STRIPE_PORTAL_URL"`

	BlueskyURL      string        `env:"BLUESKY_APPVIEW_URL" default:"https://public.api.bsky.app"`
	YouTubeFeedURL  string        `env:"YOUTUBE_FEED_URL" default:"https://www.youtube.com/feeds/videos.xml"`
	YouTubeAPIKey   Secret        `env:"YOUTUBE_API_KEY"`
	YouTubeAPIURL   string        `env:"YOUTUBE_API_URL" default:"https://www.googleapis.com/youtube/v3"`
	YouTubeUnits    int           `env:"YOUTUBE_DAILY_UNITS" default:"10000"`
	YouTubeHubURL   string        `env:"YOUTUBE_HUB_URL" default:"https://pubsubhubbub.appspot.com/subscribe"`
	PublicAPIURL    string        `env:"PUBLIC_API_URL"`
	WebSubSHA1      bool          `env:"WEBSUB_ALLOW_SHA1"`
	TwitchID        string        `env:"TWITCH_CLIENT_ID"`
	TwitchSecret    Secret        `env:"TWITCH_CLIENT_SECRET"`
	TwitchAPIURL    string        `env:"TWITCH_API_URL" default:"https://api.twitch.tv/helix"`
	TwitchTokenURL  string        `env:"TWITCH_TOKEN_URL" default:"https://id.twitch.tv/oauth2/token"`
	MinPollInterval time.Duration `env:"MIN_POLL_INTERVAL" default:"5m"`
	FetchPrivate    bool          `env:"FETCH_ALLOW_PRIVATE"`
	Egress          string        `env:"EGRESS"`

	ExportDir         string `env:"EXPORT_DIR"`
	ExportS3Endpoint  string `env:"EXPORT_S3_ENDPOINT"`
	ExportS3Region    string `env:"EXPORT_S3_REGION"`
	ExportS3Bucket    string `env:"EXPORT_S3_BUCKET"`
	ExportS3AccessKey string `env:"EXPORT_S3_ACCESS_KEY_ID"`
	ExportS3Secret    Secret `env:"EXPORT_S3_SECRET_ACCESS_KEY"`

	HeartbeatInterval time.Duration `env:"HEARTBEAT_INTERVAL" default:"30s"`
	ClaimLease        time.Duration `env:"CLAIM_LEASE" default:"30s"`
	AccessTokenTTL    time.Duration `env:"ACCESS_TOKEN_TTL" default:"15m"`
	RefreshTokenTTL   time.Duration `env:"REFRESH_TOKEN_TTL" default:"720h"`
	RefreshRaceWindow time.Duration `env:"REFRESH_RACE_WINDOW" default:"10s"`
	AuthAttempts      int           `env:"AUTH_ATTEMPTS_PER_15M" default:"10"`
	UserRequests      int           `env:"USER_REQUESTS_PER_MIN" default:"60"`
}

// FromEnvironment is Load from the process's environment.
func FromEnvironment(service Service) (Config, error) {
	return Load(os.LookupEnv, os.ReadFile, service)
}

// Load reads and checks what service needs. A secret NAME may also come from the file
// that NAME_FILE names. The error joins one line a faulty variable.
func Load(lookup func(string) (string, bool), readFile func(string) ([]byte, error), service Service) (Config, error) {
	var cfg Config
	r := reader{lookup: lookup, readFile: readFile}
	r.fill(&cfg)
	r.faults = append(r.faults, cfg.faults(service)...)
	return cfg, errors.Join(r.faults...)
}

// URLFor returns the database address of one service: its own where set, else the common one.
func (c Config) URLFor(service Service) string {
	own := map[Service]Secret{API: c.DatabaseURLAPI, Bot: c.DatabaseURLBot, Worker: c.DatabaseURLWorker, Notifier: c.DatabaseURLNotifier}[service]
	if own != "" {
		return own.Reveal()
	}
	return c.DatabaseURL.Reveal()
}

// EncryptionKeys are the values of ENCRYPTION_KEY, 32 bytes in base64 each, several by comma: the first seals, all open,
// so that a new one may take over without anybody noticing.
func (c Config) EncryptionKeys() ([][]byte, error) {
	var out [][]byte
	for _, item := range list(c.EncryptionKey.Reveal()) {
		key, err := base64.StdEncoding.DecodeString(item)
		if err != nil || len(key) != encryptionKeyBytes {
			return nil, errors.New("read encryption key: not 32 bytes in base64")
		}
		out = append(out, key)
	}
	return out, nil
}

// AddressSecrets are the values of CLIENT_ADDRESS_SECRET, several by comma so that a new one may overlap the old.
func (c Config) AddressSecrets() []Secret {
	var out []Secret
	for _, item := range list(c.AddressSecret.Reveal()) {
		out = append(out, Secret(item))
	}
	return out
}

// TestClock tells whether poll intervals run on a test's clock: below one minute no
// platform's or plan's own minimum applies, and no plan's messages of a day.
func (c Config) TestClock() bool { return c.MinPollInterval < time.Minute }

func isHTTPURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && u.Fragment == ""
}

func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return isHTTPURL(s) && err == nil && u.Path == "" && u.RawQuery == "" && !strings.HasSuffix(s, "?")
}

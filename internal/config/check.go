package config

import (
	"encoding/hex"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	minJWTSecretBytes = 64 // RFC 7518 §3.2: a key as long as the hash's output, 512 bits
	minHMACBytes      = 32
	// AES-256 (FIPS 197 §5), and what the other keys are derived from.
	encryptionKeyBytes = 32
	minPasswordBytes   = 16
	minEntropyBits     = 3 // Shannon, per byte: random hex has 4, random base64 6, words and repeats less
)

type check struct{ faults []error }

func (c *check) fail(name, format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf(name+": "+format, args...))
}

func (c *check) require(name string, value fmt.Stringer) {
	if value.String() == "" {
		c.fail(name, "is required")
	}
}

type text string

func (t text) String() string { return string(t) }

func (c Config) faults(service Service) []error {
	var ck check
	runs := func(s Service) bool { return service == s || service == All }
	remote := service == Bot && c.BotMode == BotByAPI
	if c.DatabaseURL == "" && !remote && (service == Operator || service == All || c.URLFor(service) == "") {
		ck.fail("DATABASE_URL", "is required")
	}
	if runs(API) {
		c.checkAPI(&ck)
	}
	if runs(Bot) || runs(Notifier) {
		ck.require("DISCORD_BOT_TOKEN", c.DiscordBotToken)
	}
	if runs(Bot) {
		c.checkBot(&ck, service)
	}
	if !regexp.MustCompile(`^[a-z0-9.:-]{0,40}$`).MatchString(c.Egress) {
		ck.fail("EGRESS", "want up to 40 lower-case letters, digits, dots, colons and dashes")
	}
	c.checkURLs(&ck)
	c.checkPlans(&ck)
	// Settings are shared by all processes of a machine, secrets are not: only who uses a pair has to have both.
	if runs(API) || runs(Worker) {
		c.checkExports(&ck)
	}
	if runs(API) || runs(Worker) || runs(Bot) {
		c.checkTwitch(&ck)
	}
	c.checkSecrets(&ck)
	return ck.faults
}

// checkPlans wants products to mean plans that there are, and a way to hear of what is sold.
func (c Config) checkPlans(ck *check) {
	sold := []string{"pro", "enterprise"}
	for name, plans := range map[string]map[string]string{"DISCORD_PLANS": c.DiscordPlans, "STRIPE_PLANS": c.StripePlans} {
		for product, tier := range plans {
			if !slices.Contains(sold, tier) {
				ck.fail(name, "%s=%s: want pro or enterprise", product, tier)
			}
		}
	}
	for tier, address := range c.StripeCheckout {
		if !slices.Contains(sold, tier) || !isHTTPURL(address) {
			ck.fail("STRIPE_CHECKOUT", "%s=%s: want pro or enterprise and the http or https address of its payment link", tier, address)
		}
	}
}

func (c Config) checkTwitch(ck *check) {
	if (c.TwitchID == "") != (c.TwitchSecret == "") {
		ck.fail("TWITCH_CLIENT_SECRET", "goes with TWITCH_CLIENT_ID: set both or neither")
	}
}

// checkExports wants a bucket whole or not at all.
func (c Config) checkExports(ck *check) {
	if c.ExportS3Endpoint == "" {
		return
	}
	if c.ExportDir != "" {
		ck.fail("EXPORT_DIR", "must be empty where EXPORT_S3_ENDPOINT is set")
	}
	if !isHTTPURL(c.ExportS3Endpoint) {
		ck.fail("EXPORT_S3_ENDPOINT", "is not a URL such as https://s3.eu-central-1.amazonaws.com")
	}
	ck.require("EXPORT_S3_BUCKET", text(c.ExportS3Bucket))
	ck.require("EXPORT_S3_ACCESS_KEY_ID", text(c.ExportS3AccessKey))
	ck.require("EXPORT_S3_SECRET_ACCESS_KEY", c.ExportS3Secret)
}

func (c Config) checkAPI(ck *check) {
	ck.require("JWT_SECRET", c.JWTSecret)
	ck.require("ENCRYPTION_KEY", c.EncryptionKey)
	ck.require("DASHBOARD_URL", text(c.DashboardURL))
	ck.require("DASHBOARD_DISCORD_CLIENT_ID", text(c.OAuthClientID))
	ck.require("DASHBOARD_DISCORD_CLIENT_SECRET", c.OAuthClientSecret)
	ck.require("DASHBOARD_OAUTH_CALLBACK", text(c.OAuthCallback))
	if c.StripeSecret == "" && len(c.StripeCheckout) > 0 {
		ck.fail("STRIPE_WEBHOOK_SECRET", "is required where STRIPE_CHECKOUT sells")
	}
	for _, origin := range c.CORSAllowedOrigins {
		if !isOrigin(origin) {
			ck.fail("CORS_ALLOWED_ORIGINS", "%q is not an origin such as https://app.example.com", origin)
		}
	}
	if c.DiscordPublicKey != "" {
		if key, err := hex.DecodeString(c.DiscordPublicKey); err != nil || len(key) != 32 {
			ck.fail("DISCORD_PUBLIC_KEY", "want 32 bytes in hexadecimal")
		}
	}
}

func (c Config) checkBot(ck *check, service Service) {
	if !regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`).MatchString(c.BotID) {
		ck.fail("BOT_ID", "want up to 32 lower-case letters, digits and dashes")
	}
	switch {
	case c.BotMode == BotByDatabase:
	case c.BotMode != BotByAPI:
		ck.fail("BOT_MODE", "want db or api")
	case service == All:
		ck.fail("BOT_MODE", "api is for `trackbot bot` alone: `all` has the database")
	default:
		ck.require("TRACKBOT_API_URL", text(c.APIURL))
		ck.require("BOT_HMAC_SECRET", c.BotHMACSecret)
	}
}

func (c Config) checkURLs(ck *check) {
	for name, value := range map[string]string{
		"TRACKBOT_API_URL": c.APIURL, "DASHBOARD_URL": c.DashboardURL, "DASHBOARD_OAUTH_CALLBACK": c.OAuthCallback,
		"DISCORD_API_URL": c.DiscordAPIURL, "DISCORD_AUTHORIZE_URL": c.DiscordAuthorizeURL,
		"BLUESKY_APPVIEW_URL": c.BlueskyURL, "YOUTUBE_FEED_URL": c.YouTubeFeedURL, "YOUTUBE_API_URL": c.YouTubeAPIURL,
		"YOUTUBE_HUB_URL": c.YouTubeHubURL, "PUBLIC_API_URL": c.PublicAPIURL, "TWITCH_API_URL": c.TwitchAPIURL,
		"TWITCH_TOKEN_URL":            c.TwitchTokenURL,
		"OTEL_EXPORTER_OTLP_ENDPOINT": c.OTLPEndpoint, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": c.OTLPTraces, "STRIPE_PORTAL_URL": c.StripePortal,
	} {
		if value != "" && !isHTTPURL(value) {
			ck.fail(name, "want an http or https address")
		}
	}
	if strings.Contains(c.PublicAPIURL, "?") {
		ck.fail("PUBLIC_API_URL", "want an address without a query")
	}
	if c.YouTubeUnits < 1 {
		ck.fail("YOUTUBE_DAILY_UNITS", "want a positive number")
	}
}

func (c Config) checkSecrets(ck *check) {
	strong(ck, "JWT_SECRET", c.JWTSecret.Reveal(), minJWTSecretBytes)
	strong(ck, "JWT_SECRET_NEXT", c.JWTSecretNext.Reveal(), minJWTSecretBytes)
	previous, err := c.PreviousJWTSecrets()
	if err != nil {
		ck.fail("JWT_SECRET_PREVIOUS", "%w", err)
	}
	seen := map[string]string{}
	distinct := func(name, value string) {
		if other, ok := seen[value]; ok && value != "" {
			ck.fail(name, "must differ from %s", other)
		}
		seen[value] = name
	}
	distinct("JWT_SECRET", c.JWTSecret.Reveal())
	distinct("JWT_SECRET_NEXT", c.JWTSecretNext.Reveal())
	strong(ck, "OPS_PASSWORD", c.OpsPassword.Reveal(), minPasswordBytes)
	distinct("OPS_PASSWORD", c.OpsPassword.Reveal())
	keys, err := c.BotKeys()
	if err != nil {
		ck.fail("BOT_HMAC_SECRET", "%w", err)
	}
	for _, key := range keys {
		strong(ck, "BOT_HMAC_SECRET", key.Secret.Reveal(), minHMACBytes)
		distinct("BOT_HMAC_SECRET", key.Secret.Reveal())
	}
	for _, secret := range c.AddressSecrets() {
		strong(ck, "CLIENT_ADDRESS_SECRET", secret.Reveal(), minHMACBytes)
		distinct("CLIENT_ADDRESS_SECRET", secret.Reveal())
	}
	for _, p := range previous {
		strong(ck, "JWT_SECRET_PREVIOUS", p.Secret.Reveal(), minJWTSecretBytes)
		distinct("JWT_SECRET_PREVIOUS", p.Secret.Reveal())
	}
	encryption, err := c.EncryptionKeys()
	if err != nil || c.EncryptionKey != "" && len(encryption) == 0 {
		ck.fail("ENCRYPTION_KEY", "want 32 bytes in base64, several by comma")
	}
	for _, key := range list(c.EncryptionKey.Reveal()) {
		distinct("ENCRYPTION_KEY", key)
	}
}

func strong(ck *check, name, value string, minBytes int) {
	lower := strings.ToLower(value)
	switch {
	case value == "":
	case len(value) < minBytes:
		ck.fail(name, "want at least %d bytes", minBytes)
	case entropyPerByte(value) < minEntropyBits:
		ck.fail(name, "is too easy to guess: make a random one")
	case strings.Contains(lower, "changeme") || strings.Contains(lower, "change-me") || strings.Contains(lower, "example"):
		ck.fail(name, "is an example value: make a random one")
	}
}

func entropyPerByte(s string) float64 {
	var count [256]float64
	for i := range len(s) {
		count[s[i]]++
	}
	var bits float64
	for _, n := range count {
		if n > 0 {
			p := n / float64(len(s))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}

// PreviousSecret verifies tokens until a date and signs none.
type PreviousSecret struct {
	Secret Secret
	Until  time.Time
}

// PreviousJWTSecrets parses JWT_SECRET_PREVIOUS: "secret@<RFC 3339 date>", several by comma.
func (c Config) PreviousJWTSecrets() ([]PreviousSecret, error) {
	var out []PreviousSecret
	for _, item := range list(c.JWTSecretPrevious.Reveal()) {
		at := strings.LastIndexByte(item, '@')
		if at < 0 {
			return nil, fmt.Errorf("want secret@<RFC 3339 date>, by comma")
		}
		until, err := time.Parse(time.RFC3339, item[at+1:])
		if err != nil {
			if until, err = time.Parse(time.DateOnly, item[at+1:]); err != nil {
				return nil, fmt.Errorf("want an RFC 3339 date behind the @")
			}
		}
		out = append(out, PreviousSecret{Secret: Secret(item[:at]), Until: until})
	}
	return out, nil
}

package source

import (
	"crypto/x509"
	"time"

	"golang.org/x/time/rate"
)

const (
	youtubeHost     = "www.youtube.com"
	youtubeFeedPath = "/feeds/videos.xml"
)

// Config has working zero values.
type Config struct {
	// AllowPrivate permits loopback, there with http and any port too. For tests and the demo.
	AllowPrivate   bool
	BlueskyURL     string // default https://public.api.bsky.app
	YouTubeFeedURL string // default https://www.youtube.com/feeds/videos.xml
	UserAgent      string
	MaxBody        int64         // bytes after decoding; default 5 MiB
	Timeout        time.Duration // of one fetch with its redirects; default 20 s
	Now            func() time.Time
	// RootCAs are the authorities trusted; nil means the system's (SSL_CERT_FILE is honoured).
	RootCAs *x509.CertPool
	// HostRate and HostBurst replace the platforms' own limits, for every host. With 0 each platform's
	// limit holds, and loopback has none.
	HostRate  rate.Limit
	HostBurst int
}

func (c Config) withDefaults() Config {
	if c.BlueskyURL == "" {
		c.BlueskyURL = "https://public.api.bsky.app"
	}
	if c.YouTubeFeedURL == "" {
		c.YouTubeFeedURL = "https://" + youtubeHost + youtubeFeedPath
	}
	if c.UserAgent == "" {
		c.UserAgent = "Trackbot/1.0 (feed reader)"
	}
	if c.MaxBody <= 0 {
		c.MaxBody = 5 << 20
	}
	if c.Timeout <= 0 {
		c.Timeout = 20 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

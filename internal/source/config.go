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
	// YouTubeHubURL takes subscriptions to channels (default https://pubsubhubbub.appspot.com/subscribe); Push says
	// that hubs can reach the API.
	YouTubeHubURL string
	Push          bool
	// YouTubeAPIKey switches the Data API on, at YouTubeAPIURL (default https://www.googleapis.com/youtube/v3) and
	// within YouTubeBudget; nil does not count.
	YouTubeAPIKey, YouTubeAPIURL string
	YouTubeBudget                Budget
	// TwitchClientID and TwitchClientSecret switch Twitch on, at TwitchAPIURL (default https://api.twitch.tv/helix)
	// with tokens of TwitchTokenURL (default https://id.twitch.tv/oauth2/token).
	TwitchClientID, TwitchClientSecret string
	TwitchAPIURL, TwitchTokenURL       string
	UserAgent                          string
	MaxBody                            int64         // bytes after decoding; default 5 MiB
	Timeout                            time.Duration // of one fetch with its redirects; default 20 s
	Now                                func() time.Time
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
	c.YouTubeHubURL = either(c.YouTubeHubURL, "https://pubsubhubbub.appspot.com/subscribe")
	c.YouTubeAPIURL = either(c.YouTubeAPIURL, "https://www.googleapis.com/youtube/v3")
	c.TwitchAPIURL = either(c.TwitchAPIURL, "https://api.twitch.tv/helix")
	c.TwitchTokenURL = either(c.TwitchTokenURL, "https://id.twitch.tv/oauth2/token")
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

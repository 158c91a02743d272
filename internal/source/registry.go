package source

import (
	"context"
	"net/url"
	"time"
)

// Registry holds the adapters. It is safe for concurrent use; one per process keeps the rate limits.
type Registry struct {
	fetch      *fetcher
	adapters   map[string]Adapter
	youtube    *youtubeAdapter
	youtubeHub string // "": no push
}

// New makes the adapters of every platform. A configured address that cannot be parsed is left for
// the fetches to refuse.
func New(cfg Config) *Registry {
	cfg = cfg.withDefaults()
	f := newFetcher(cfg)
	feeds := &rssAdapter{fetch: f}
	r := &Registry{fetch: f, adapters: map[string]Adapter{}, youtube: newYouTube(cfg, f)}
	if cfg.Push {
		r.youtubeHub = cfg.YouTubeHubURL
	}
	for _, a := range []Adapter{
		feeds,
		&blueskyAdapter{fetch: f, base: configured(cfg.BlueskyURL)},
		&mastodonAdapter{fetch: f, feeds: feeds},
		r.youtube,
	} {
		r.adapters[a.Platform()] = tidied{a}
	}
	if cfg.TwitchClientID != "" && cfg.TwitchClientSecret != "" {
		r.adapters[Twitch] = tidied{newTwitch(cfg, f)}
	}
	return r
}

func newYouTube(cfg Config, f *fetcher) *youtubeAdapter {
	a := &youtubeAdapter{fetch: f, feed: configured(cfg.YouTubeFeedURL), push: cfg.Push}
	if cfg.YouTubeAPIKey != "" {
		a.api = &youtubeAPI{fetch: f, base: configured(cfg.YouTubeAPIURL), key: cfg.YouTubeAPIKey, budget: cfg.YouTubeBudget}
	}
	return a
}

func newTwitch(cfg Config, f *fetcher) *twitchAdapter {
	return &twitchAdapter{
		fetch: f, api: configured(cfg.TwitchAPIURL), live: &liveBoard{seen: map[string]*liveState{}},
		token: &appToken{endpoint: configured(cfg.TwitchTokenURL), id: cfg.TwitchClientID, secret: cfg.TwitchClientSecret},
	}
}

func configured(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil {
		return &url.URL{}
	}
	return u
}

// Adapter is the adapter of a platform; false if there is none.
func (r *Registry) Adapter(platform string) (Adapter, bool) {
	a, ok := r.adapters[platform]
	return a, ok
}

// Resolve turns an input into an account of a platform; with Auto (or "") the platform is found too.
// Its errors are *Error: Unsupported and NotFound are the sender's to mend.
func (r *Registry) Resolve(ctx context.Context, platform, input string) (Account, error) {
	if platform != Auto && platform != "" {
		return r.resolveOn(ctx, platform, input)
	}
	candidates := detect(input)
	err := error(refuse(Unsupported, "This names no account: give the address of a profile, a feed or a site, or a handle with its server such as @name@server.", "input names nothing"))
	for _, c := range candidates {
		var acct Account
		if acct, err = r.resolveOn(ctx, c.platform, c.input); err == nil {
			return acct, nil
		}
		if !misread(err) {
			break
		}
	}
	return Account{}, err
}

func (r *Registry) resolveOn(ctx context.Context, platform, input string) (Account, error) {
	if a, ok := r.adapters[platform]; ok {
		return a.Resolve(ctx, input)
	}
	return Account{}, refuse(Unsupported, WhyOff(platform), "no adapter for %q", platform)
}

// misread tells whether a failure may mean that the input was meant for another platform.
func misread(err error) bool {
	switch KindOf(err) {
	case NotFound, Gone, Malformed, Unsupported, AuthRequired:
		return true
	}
	return false
}

// HostLimit is how long a request to a host (as Adapter.Host names it) would wait for its turn now.
// It books nothing: the adapters themselves wait, and take every request from the host's allowance.
func (r *Registry) HostLimit(host string) time.Duration { return r.fetch.limits.delay(host) }

// Divide leaves this process one part of so many of what platforms allow the address that all of them share.
func (r *Registry) Divide(among int) { r.fetch.limits.divide(among) }

// Close drops idle connections.
func (r *Registry) Close() { r.fetch.transport.CloseIdleConnections() }

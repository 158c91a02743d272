package source

import (
	"context"
	"net/url"
	"time"
)

// Registry holds the adapters. It is safe for concurrent use; one per process keeps the rate limits.
type Registry struct {
	fetch    *fetcher
	adapters map[string]Adapter
}

// New makes the adapters of every platform. A configured address that cannot be parsed is left for
// the fetches to refuse.
func New(cfg Config) *Registry {
	cfg = cfg.withDefaults()
	f := newFetcher(cfg)
	feeds := &rssAdapter{fetch: f}
	r := &Registry{fetch: f, adapters: map[string]Adapter{}}
	for _, a := range []Adapter{
		feeds,
		&blueskyAdapter{fetch: f, base: configured(cfg.BlueskyURL)},
		&mastodonAdapter{fetch: f, feeds: feeds},
		&youtubeAdapter{fetch: f, feed: configured(cfg.YouTubeFeedURL)},
	} {
		r.adapters[a.Platform()] = tidied{a}
	}
	return r
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
		a, ok := r.adapters[platform]
		if !ok {
			return Account{}, refuse(Unsupported, "This platform is not supported.", "no adapter for %q", platform)
		}
		return a.Resolve(ctx, input)
	}
	candidates := detect(input)
	err := error(refuse(Unsupported, "Name a feed or web page, a profile address, or a handle with its server.", "input names nothing"))
	for _, c := range candidates {
		var acct Account
		if acct, err = r.adapters[c.platform].Resolve(ctx, c.input); err == nil {
			return acct, nil
		}
		if !misread(err) {
			break
		}
	}
	return Account{}, err
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

// Close drops idle connections.
func (r *Registry) Close() { r.fetch.transport.CloseIdleConnections() }

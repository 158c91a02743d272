package source

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"golang.org/x/time/rate"
)

// What the black-box tests reach that is not exported.

func PublicAddr(ip netip.Addr) bool { return newGuard(false).public(ip) }

func CheckControl(allowLoopback bool, network, address string) error {
	return newGuard(allowLoopback).control(network, address, nil)
}

func CheckURL(allowLoopback bool, s string) error {
	u, err := url.Parse(s)
	if err != nil {
		return err
	}
	if e := newGuard(allowLoopback).checkURL(u); e != nil {
		return e
	}
	return nil
}

func RetryAfter(h http.Header, now time.Time) time.Duration { return retryAfter(h, now) }

func MaxAge(h http.Header) time.Duration { return maxAge(h) }

func ParseFeed(body []byte, contentType, base string) ([]Post, time.Duration, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, 0, err
	}
	f, err := parseFeed(body, contentType, u)
	if err != nil {
		return nil, 0, err
	}
	return tidyPosts(f.posts), f.ttl, nil
}

func DiscoverFeeds(body []byte, base string) []string {
	u, err := url.Parse(base)
	if err != nil {
		return nil
	}
	return readPage(body, "text/html", u).feeds
}

func ChannelOf(body []byte) string { return readPage(body, "text/html", nil).channel() }

func Detect(input string) [][2]string {
	var out [][2]string
	for _, c := range detect(input) {
		out = append(out, [2]string{c.platform, c.input})
	}
	return out
}

func MastodonUser(input string) (name, host string, ok bool) {
	u, ok := parseMastodon(input)
	return u.name, u.host, ok
}

func BlueskyActor(input string) (string, bool) { return parseBluesky(input) }

func BlueskyPosts(body []byte, did string) ([]Post, error) {
	var page bskyFeed
	if err := decodeJSON(body, &page); err != nil {
		return nil, err
	}
	var out []Post
	for i := range page.Feed {
		_ = page.Feed[i].owner(did)
		out = append(out, page.Feed[i].convert(did))
	}
	return tidyPosts(out), nil
}

func MastodonPosts(body []byte) ([]Post, error) {
	var page list[mastodonStatus]
	if err := decodeJSON(body, &page); err != nil {
		return nil, err
	}
	var out []Post
	for i := range page {
		out = append(out, page[i].post())
	}
	return tidyPosts(out), nil
}

func YouTubePosts(body []byte) ([]Post, error) {
	f, err := parseYouTube(body, "")
	if err != nil {
		return nil, err
	}
	var out []Post
	for i := range f.Entries {
		out = append(out, f.Entries[i].post())
	}
	return tidyPosts(out), nil
}

func PlainText(s string, n int) string { return plainText(s, n) }

func PlainTitle(s string) string { return plainTitle(s) }

// Limits is the per-host limiter alone.
type Limits = hostLimits

func NewLimits(now func() time.Time) *Limits {
	return newHostLimits(now, nil, func(host string) bool { return host == "127.0.0.1" })
}

// WaitTurn takes one request of a host at a pace of perSecond with a burst.
func WaitTurn(ctx context.Context, l *Limits, host string, perSecond float64, burst int) error {
	return l.wait(ctx, host, pace{rate.Limit(perSecond), burst})
}

// Divide leaves one part of so many of the paces.
func Divide(l *Limits, among int) { l.divide(among) }

// HoldHost silences a host; HostDelay tells how long a request would wait.
func HoldHost(l *Limits, host string, d time.Duration) { l.hold(host, feedPace(), d) }

func HostDelay(l *Limits, host string) time.Duration { return l.delay(host) }

func KnownHosts(l *Limits) int { return len(l.hosts) }

func TwitchChannel(input string) (login, video string, ok bool) { return parseTwitch(input) }

func YouTubeChannel(input string) (id, path string, ok bool) {
	a := youtubeAdapter{feed: configured("https://www.youtube.com/feeds/videos.xml")}
	return a.parse(input)
}

func TwitchPosts(body []byte) ([]Post, error) {
	var streams twitchList[twitchStream]
	var videos twitchList[twitchVideo]
	if err := decodeJSON(body, &streams); err != nil {
		return nil, err
	}
	if err := decodeJSON(body, &videos); err != nil {
		return nil, err
	}
	var out []Post
	for i := range streams.Data {
		out = append(out, streams.Data[i].post(streams.Data[i].ID))
	}
	for i := range videos.Data {
		out = append(out, videos.Data[i].post())
	}
	return tidyPosts(out), nil
}

func YouTubeAPIPosts(body []byte) ([]Post, error) {
	var page youtubeList[youtubeVideo]
	if err := decodeJSON(body, &page); err != nil {
		return nil, err
	}
	var out []Post
	for i := range page.Items {
		v := &page.Items[i]
		out = append(out, v.post(feedKinds(nil).isShort(v)))
	}
	return tidyPosts(out), nil
}

// TakePage takes one page of a Mastodon server's allowance.
func TakePage(ctx context.Context, l *Limits, host string) error {
	if err := l.wait(ctx, pages(host), pagePace()); err != nil {
		return err
	}
	return l.wait(ctx, host, mastodonPace())
}

// CountsPages tells whether pages of the host were counted.
func CountsPages(r *Registry, host string) bool {
	r.fetch.limits.mu.Lock()
	defer r.fetch.limits.mu.Unlock()
	return r.fetch.limits.hosts[pages(host)] != nil
}

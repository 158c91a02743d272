package source

import (
	"context"
	"net/url"
	"strings"
	"time"
)

const acceptFeed = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.1"

// maxFeedTries bounds the feeds of a page that are tried before giving up.
const maxFeedTries = 3

// rssAdapter follows feeds.
type rssAdapter struct{ fetch *fetcher }

// Platform is RSS.
func (a *rssAdapter) Platform() string { return RSS }

// Capabilities: a feed has posts and nothing else.
func (a *rssAdapter) Capabilities() Capabilities { return Capabilities{} }

// Host is the host of the feed.
func (a *rssAdapter) Host(externalID string) string { return hostOfURL(externalID) }

// Measure finds nothing: feeds have no metrics.
func (a *rssAdapter) Measure(context.Context, string, []string) (map[string]Metrics, error) {
	return map[string]Metrics{}, nil
}

// Resolve accepts the address of a feed, or of a page that links to one.
func (a *rssAdapter) Resolve(ctx context.Context, input string) (Account, error) {
	input = cleanInput(input)
	u, ok := parseWeb(input)
	if !ok {
		return Account{}, refuse(Unsupported, "This is not the address of a feed or a web page.", "input is no address")
	}
	r, err := a.get(ctx, u, Validators{})
	if !strings.Contains(input, "://") && unreachable(err) {
		// No scheme was given and https is not answered.
		plain := *u
		plain.Scheme = "http"
		u = &plain
		r, err = a.get(ctx, u, Validators{})
	}
	if err != nil {
		return Account{}, err
	}
	f, err := parseFeed(r.body, r.header.Get("Content-Type"), r.url)
	if err == nil {
		return a.account(u, r, f), nil
	}
	if looksLikeFeed(r.body) {
		return Account{}, err
	}
	return a.discover(ctx, r)
}

// looksLikeFeed tells a broken feed from a page.
func looksLikeFeed(body []byte) bool {
	head := strings.ToLower(string(body[:min(len(body), 4*prologLen)]))
	return strings.Contains(head, "<rss") || strings.Contains(head, "<feed") || strings.Contains(head, "<rdf:rdf")
}

// discover follows the feeds that a page names.
func (a *rssAdapter) discover(ctx context.Context, r *reply) (Account, error) {
	var failed error
	found := readPage(r.body, r.header.Get("Content-Type"), r.url).feeds
	for _, href := range found[:min(len(found), maxFeedTries)] {
		u, err := url.Parse(href)
		if err != nil {
			continue
		}
		r, err := a.get(ctx, u, Validators{})
		if err == nil {
			var f *feed
			if f, err = parseFeed(r.body, r.header.Get("Content-Type"), r.url); err == nil {
				return a.account(u, r, f), nil
			}
		}
		failed = err
	}
	if failed != nil {
		return Account{}, failed
	}
	return Account{}, refuse(Unsupported, "No feed was found at this address.", "page names no feed")
}

// account describes a feed. Its identity is the address it was asked under, unless that has moved.
func (a *rssAdapter) account(u *url.URL, r *reply, f *feed) Account {
	acct := Account{
		Platform: RSS, ExternalID: canonicalURL(u), Handle: strings.TrimPrefix(u.Hostname(), "www."),
		DisplayName: f.title, URL: f.site, AvatarURL: f.image,
	}
	if moved, err := url.Parse(r.movedTo); err == nil && r.movedTo != "" {
		acct.ExternalID = canonicalURL(moved)
	}
	if acct.DisplayName == "" {
		acct.DisplayName = acct.Handle
	}
	if acct.URL == "" {
		acct.URL = acct.ExternalID
	}
	return acct
}

// canonicalURL writes an address so that equal ones are equal: lower-case host, no default port, a path.
func canonicalURL(u *url.URL) string {
	c := *u
	c.Fragment = ""
	c.Host = strings.ToLower(c.Host)
	if (c.Scheme == "https" && c.Port() == "443") || (c.Scheme == "http" && c.Port() == "80") {
		c.Host = strings.TrimSuffix(c.Host, ":"+c.Port())
	}
	if c.Path == "" {
		c.Path = "/"
	}
	return c.String()
}

// Fetch asks for the feed, conditionally if the last answer allowed it.
func (a *rssAdapter) Fetch(ctx context.Context, req FetchRequest) (FetchResult, error) {
	u, err := url.Parse(req.ExternalID)
	if err != nil {
		return FetchResult{}, refuse(Unsupported, "This is not the address of a feed.", "parse feed address")
	}
	return a.fetchFeed(ctx, u, req)
}

func (a *rssAdapter) fetchFeed(ctx context.Context, u *url.URL, req FetchRequest) (FetchResult, error) {
	r, err := a.get(ctx, u, req.Validators)
	if err != nil {
		return FetchResult{}, err
	}
	res := FetchResult{
		Cursor:     req.Cursor,
		Validators: validators(r.status, r.header, req.Validators),
		NextAfter:  nextAfter(r, a.fetch.now()),
		MovedTo:    r.movedTo,
	}
	if len(r.body) == 0 && r.status != 200 {
		res.NotModified = true
		return res, nil
	}
	f, err := parseFeed(r.body, r.header.Get("Content-Type"), r.url)
	if err != nil {
		return FetchResult{}, err
	}
	res.Posts = f.posts
	res.NextAfter = max(res.NextAfter, f.ttl)
	res.Hub = &f.hub
	if told := hubOf(linksOf(r.header), r.url); told.URL != "" {
		res.Hub = &told // the header goes before the document (W3C WebSub §4)
	}
	acct := a.account(u, r, f)
	acct.ExternalID = req.ExternalID
	res.Account = &acct
	return res, nil
}

func (a *rssAdapter) get(ctx context.Context, u *url.URL, v Validators) (*reply, error) {
	return a.fetch.get(ctx, call{url: u, accept: acceptFeed, validators: v, pace: feedPace()})
}

// nextAfter is the wait that the headers of a good answer ask for.
func nextAfter(r *reply, now time.Time) time.Duration {
	wait, _ := parseDelay(r.header.Get("Retry-After"), now)
	return max(wait, maxAge(r.header))
}

// hostOfURL is the limiter's key of an address.
func hostOfURL(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	return hostKey(u)
}

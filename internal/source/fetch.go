package source

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	maxRedirects  = 5
	maxErrorBody  = 64 << 10 // of a refusal, read for its reason alone
	maxHeaderSize = 64 << 10
	dialTimeout   = 10 * time.Second
)

// fetcher makes every outgoing request of the package.
type fetcher struct {
	guard     *guard
	limits    *hostLimits
	transport *http.Transport
	userAgent string
	maxBody   int64
	timeout   time.Duration
	now       func() time.Time
}

// call is one GET, or a POST of a form. One that carries a form or headers of its own is meant for its host
// alone: it follows no redirect.
type call struct {
	url        *url.URL
	accept     string
	validators Validators
	form       url.Values
	header     map[string]string
	pace       pace
	page       bool // one of a list's pages, of which the host takes fewer than of requests in all
	// holdHost: a 429 speaks for the whole host (an API that counts by address), not for the one URL.
	holdHost bool
}

// reply is an answer; its body is decoded and within the limits.
type reply struct {
	status  int
	header  http.Header
	body    []byte
	url     *url.URL // after redirects
	movedTo string   // where an unbroken chain of permanent redirects ends
}

func newFetcher(cfg Config) *fetcher {
	g := newGuard(cfg.AllowPrivate)
	var override *pace
	if cfg.HostRate > 0 {
		override = &pace{cfg.HostRate, max(1, cfg.HostBurst)}
	}
	dialer := &net.Dialer{Timeout: dialTimeout, Control: g.control}
	return &fetcher{
		guard:  g,
		limits: newHostLimits(cfg.Now, override, g.plainHTTP),
		transport: &http.Transport{
			// Proxy stays nil: a proxy of the environment would connect where the guard cannot see.
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: cfg.RootCAs},
			TLSHandshakeTimeout:    dialTimeout,
			ForceAttemptHTTP2:      true,
			DisableCompression:     true, // finish decodes, under the limit
			MaxResponseHeaderBytes: maxHeaderSize,
			MaxIdleConns:           512,
			MaxIdleConnsPerHost:    64,
			IdleConnTimeout:        90 * time.Second,
		},
		userAgent: cfg.UserAgent, maxBody: cfg.MaxBody, timeout: cfg.Timeout, now: cfg.Now,
	}
}

// get performs c. The wait for the host's turn is bounded by ctx alone; from then on everything,
// redirects and body included, must end within the timeout. Any status but 2xx and 304 is an *Error,
// and the reply is then given too, if there was one.
func (f *fetcher) get(ctx context.Context, c call) (*reply, error) {
	if err := f.guard.checkURL(c.url); err != nil {
		return nil, err
	}
	if c.page {
		if err := f.limits.wait(ctx, pages(hostKey(c.url)), pagePace()); err != nil {
			return nil, err
		}
	}
	if err := f.limits.wait(ctx, hostKey(c.url), c.pace); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()

	u, moved, permanent := c.url, "", true
	for hop := 0; ; hop++ {
		resp, err := f.roundTrip(ctx, u, c)
		if err != nil {
			return nil, networkError(u.Hostname(), err)
		}
		location := redirectOf(resp)
		if location == "" {
			return f.finish(resp, c, u, moved)
		}
		_ = resp.Body.Close()
		if c.form != nil || c.header != nil {
			return nil, refuse(Malformed, "The platform's interface has moved.", "redirect of a call with credentials")
		}
		if hop == maxRedirects {
			return nil, refuse(Malformed, "The address redirects too often.", "more than %d redirects", maxRedirects)
		}
		next, err := f.follow(u, location)
		if err != nil {
			return nil, err
		}
		permanent = permanent && (resp.StatusCode == http.StatusMovedPermanently || resp.StatusCode == http.StatusPermanentRedirect)
		if permanent {
			moved = next.String()
		}
		if err := f.limits.wait(ctx, hostKey(next), c.pace); err != nil {
			return nil, err
		}
		u = next
	}
}

func (f *fetcher) roundTrip(ctx context.Context, u *url.URL, c call) (*http.Response, error) {
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if c.form != nil {
		method, body = http.MethodPost, strings.NewReader(c.form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, err
	}
	if c.form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range c.header {
		req.Header.Set(name, value)
	}
	req.Header.Set("User-Agent", f.userAgent)
	req.Header.Set("Accept", c.accept)
	req.Header.Set("Accept-Encoding", "gzip")
	if c.validators.ETag != "" {
		req.Header.Set("If-None-Match", c.validators.ETag)
	}
	if c.validators.LastModified != "" {
		req.Header.Set("If-Modified-Since", c.validators.LastModified)
	}
	return f.transport.RoundTrip(req)
}

// redirectOf is the target that resp names, "" if it is no redirect that can be followed.
func redirectOf(resp *http.Response) string {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return resp.Header.Get("Location")
	}
	return ""
}

// follow checks a redirect like a first address, and that it does not leave https.
func (f *fetcher) follow(from *url.URL, location string) (*url.URL, error) {
	next, err := from.Parse(location)
	if err != nil {
		return nil, refuse(Malformed, "The source redirects to an address that makes no sense.", "parse redirect target")
	}
	next.Fragment = ""
	if from.Scheme == "https" && next.Scheme == "http" {
		return nil, refuse(Blocked, "The source redirects from https to http.", "redirect from https to http")
	}
	if err := f.guard.checkURL(next); err != nil {
		return nil, err
	}
	return next, nil
}

// finish reads the body of the last answer and turns refusals into errors.
func (f *fetcher) finish(resp *http.Response, c call, u *url.URL, moved string) (*reply, error) {
	defer func() { _ = resp.Body.Close() }()
	r := &reply{status: resp.StatusCode, header: resp.Header, url: u, movedTo: moved}
	f.holdHost(resp, c, u)
	if refusal := statusError(resp.StatusCode, resp.Header, f.now()); refusal != nil {
		r.body, _ = f.readBody(resp, maxErrorBody)
		return r, refusal
	}
	if resp.StatusCode == http.StatusNotModified || resp.StatusCode == http.StatusNoContent {
		return r, nil
	}
	body, err := f.readBody(resp, f.maxBody)
	if err != nil {
		if own := (*Error)(nil); errors.As(err, &own) {
			own.Status = resp.StatusCode
			return nil, own
		}
		return nil, networkError(u.Hostname(), err)
	}
	r.body = body
	return r, nil
}

// holdHost silences the host when it says that this address of ours has used up its allowance.
func (f *fetcher) holdHost(resp *http.Response, c call, u *url.URL) {
	spent := resp.Header.Get("X-Ratelimit-Remaining") == "0" || resp.Header.Get("Ratelimit-Remaining") == "0"
	if c.holdHost && (resp.StatusCode == http.StatusTooManyRequests || spent) {
		f.limits.hold(hostKey(u), c.pace, retryAfter(resp.Header, f.now()))
	}
}

// readBody reads at most limit bytes after decoding. As much is the limit of the bytes on the wire,
// since a gzip stream may go on without yielding anything.
func (f *fetcher) readBody(resp *http.Response, limit int64) ([]byte, error) {
	tooLarge := refuse(TooLarge, "The answer is larger than we read.", "body over %d bytes", limit)
	if resp.ContentLength > limit {
		return nil, tooLarge
	}
	wire := &io.LimitedReader{R: resp.Body, N: limit + 1}
	var body io.Reader = wire
	switch strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding"))) {
	case "", "identity":
	case "gzip", "x-gzip":
		zipped, err := gzip.NewReader(wire)
		if err != nil {
			return nil, unzipError(err)
		}
		body = zipped
	default:
		return nil, refuse(Malformed, "The source answers in an encoding we did not ask for.", "content encoding not asked for")
	}
	out, err := io.ReadAll(io.LimitReader(body, limit+1))
	switch {
	case int64(len(out)) > limit, wire.N <= 0:
		return nil, tooLarge
	case err != nil:
		return nil, unzipError(err)
	}
	return out, nil
}

// unzipError tells a damaged gzip stream from a broken connection.
func unzipError(err error) error {
	var corrupt flate.CorruptInputError
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, io.EOF) || errors.As(err, &corrupt) {
		return refuse(Malformed, "The source's compressed answer is damaged.", "unzip body: %w", err)
	}
	return err
}

// hostKey names the host in the limiter: with its port only where that is not the usual one.
func hostKey(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		return net.JoinHostPort(host, port)
	}
	return host
}

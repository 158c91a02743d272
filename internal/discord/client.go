package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	// DefaultBaseURL is Discord's API with the version in the path.
	DefaultBaseURL = "https://discord.com/api/v10"
	// DefaultAuthorizeURL is the page where users grant access.
	DefaultAuthorizeURL = "https://discord.com/oauth2/authorize"

	defaultTimeout   = 10 * time.Second
	defaultPerSecond = 50   // Discord API docs: Rate Limits, Global Rate Limit
	defaultInvalid   = 9000 // of Discord's 10,000 in ten minutes
	answerLimit      = 1 << 20
	listLimit        = 8 << 20 // a list of 100 full messages or 500 channels exceeds 1 MiB
)

// Config configures a Client. Token is needed for the bot's calls, ClientID and
// ClientSecret for the OAuth calls; the rest has working zero values.
type Config struct {
	BaseURL      string // DefaultBaseURL
	AuthorizeURL string // DefaultAuthorizeURL
	Token        string // the bot's, without "Bot "
	ClientID     string
	ClientSecret string
	UserAgent    string // as UserAgent makes it

	HTTPClient *http.Client      // used as it is, but for redirects, which are never followed
	Transport  http.RoundTripper // for the default HTTPClient
	Timeout    time.Duration     // of one exchange, 10 s

	// MaxWait is how long one call may wait for a known limit before it fails
	// with a RateLimitError. 0: never wait.
	MaxWait time.Duration
	// PerSecond is this client's share of the token's global limit, 50.
	PerSecond int
	// Patience is how long a Retry-After may be for the call to wait and be sent once more. 0: a refused call fails.
	Patience time.Duration
	// InvalidLimit is how many refused requests in ten minutes raise the guard, 9,000.
	InvalidLimit int
	// Refusals is the count of the address, which takes the place of InvalidLimit; nil: the client's own.
	Refusals *Refusals

	Now        func() time.Time
	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

// UserAgent returns the header Discord asks for: where the program is described
// and its version (Discord API docs: Reference, User Agent).
func UserAgent(url, version string) string {
	return fmt.Sprintf("DiscordBot (%s, %s)", url, version)
}

// Client calls Discord's REST API with one token. Safe for concurrent use.
type Client struct {
	cfg     Config
	http    *http.Client
	now     func() time.Time
	log     *slog.Logger
	limits  *limiter
	metrics *restMetrics
}

// New returns a Client. It opens no connection.
func New(cfg Config) *Client {
	cfg.BaseURL = strings.TrimRight(withDefault(cfg.BaseURL, DefaultBaseURL), "/")
	cfg.AuthorizeURL = withDefault(cfg.AuthorizeURL, DefaultAuthorizeURL)
	cfg.UserAgent = withDefault(cfg.UserAgent, UserAgent("https://localhost", "0"))
	cfg.Timeout = withDefault(cfg.Timeout, defaultTimeout)
	cfg.PerSecond = withDefault(cfg.PerSecond, defaultPerSecond)
	if cfg.Refusals == nil {
		cfg.Refusals = NewRefusals(cfg.InvalidLimit)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	limits := newLimiter(cfg.Now, cfg.PerSecond, cfg.Refusals)
	countInvalid(cfg.Registerer, limits)
	return &Client{
		cfg:     cfg,
		http:    httpClient(cfg),
		now:     cfg.Now,
		log:     cfg.Logger,
		limits:  limits,
		metrics: newRESTMetrics(cfg.Registerer),
	}
}

// Divide leaves this process one part of so many of the requests a second that its token has.
func (c *Client) Divide(among int) { c.limits.allow(max(1, c.cfg.PerSecond/max(1, among))) }

func withDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// httpClient never follows redirects: Discord's API has none, and a token must
// not travel to an address that an answer names.
func httpClient(cfg Config) *http.Client {
	c := &http.Client{Transport: cfg.Transport}
	if cfg.HTTPClient != nil {
		copied := *cfg.HTTPClient
		c = &copied
	} else if cfg.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost = 32
		c.Transport = t
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// Close drops idle connections. Calls under way go on.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// InvalidRequests returns how many refused requests of the last ten minutes
// count towards Discord's ban of this address.
func (c *Client) InvalidRequests() int { return c.limits.refused() }

// request is one call before it is sent.
type request struct {
	method string
	route  string // method and path template: the name of the call in errors, metrics and limits
	path   string // below the base URL, escaped
	major  string // the top-level resource that the limit is counted for
	lane   lane
	auth   string // Authorization; "" where the path itself holds the credential
	query  url.Values
	json   any
	form   url.Values
	limit  int64 // of the answer; answerLimit if 0
}

// do sends rq and decodes a 2xx answer into out (nil: the answer is ignored). What Discord refuses for a moment only is
// sent once more where the client has the patience and the caller the time.
func (c *Client) do(ctx context.Context, rq *request, out any) error {
	err := c.once(ctx, rq, out)
	limit, limited := errors.AsType[*RateLimitError](err)
	if !limited || limit.Local || limit.RetryAfter > c.cfg.Patience || pastDeadline(ctx, limit.RetryAfter) {
		return err
	}
	c.metrics.waitedFor(limit.RetryAfter)
	if !sleep(ctx, limit.RetryAfter) {
		return err
	}
	return c.once(ctx, rq, out)
}

// once sends rq and decodes a 2xx answer into out.
func (c *Client) once(ctx context.Context, rq *request, out any) error {
	hr, err := c.build(ctx, rq)
	if err != nil {
		return &unsentError{"build " + rq.route, err}
	}
	b, err := c.reserve(ctx, rq)
	if err != nil {
		c.metrics.held(rq.route, err)
		return err
	}
	status, header, body, err := c.exchange(ctx, rq, hr)
	if status == 0 {
		c.limits.abandon(b)
		return fmt.Errorf("call %s: %w", rq.route, err)
	}
	limited := c.limits.observe(rq, b, status, header, body)
	c.metrics.answered(rq.route, status)
	switch {
	case limited != nil:
		c.logLimit(ctx, limited)
		return limited
	case status < 200 || status > 299:
		return apiError(rq.route, status, header, c.withoutSecrets(rq, body), c.now())
	case err != nil:
		return fmt.Errorf("call %s: %w", rq.route, err)
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("decode answer of %s: %w", rq.route, err)
	}
	return nil
}

// withoutSecrets takes out of an answer what a server echoes of the request's secrets: an answer's text
// goes into an error, and that into a log.
func (c *Client) withoutSecrets(rq *request, body []byte) []byte {
	_, credentials, _ := strings.Cut(rq.auth, " ")
	secrets := []string{credentials, c.cfg.ClientSecret}
	for _, name := range []string{"code", "code_verifier", "refresh_token", "token"} {
		secrets = append(secrets, rq.form.Get(name))
	}
	for _, secret := range secrets {
		if len(secret) >= shortestSecret {
			body = bytes.ReplaceAll(body, []byte(secret), []byte("[redacted]"))
		}
	}
	return body
}

// shortestSecret keeps a short value of a test from being taken out of every word.
const shortestSecret = 16

func (c *Client) build(ctx context.Context, rq *request) (*http.Request, error) {
	target := c.cfg.BaseURL + rq.path
	if len(rq.query) > 0 {
		target += "?" + rq.query.Encode()
	}
	var body io.Reader
	contentType := "application/json"
	switch {
	case rq.form != nil:
		body, contentType = strings.NewReader(rq.form.Encode()), "application/x-www-form-urlencoded"
	case rq.json != nil:
		text, err := json.Marshal(rq.json)
		if err != nil {
			return nil, fmt.Errorf("encode body: %w", err)
		}
		body = bytes.NewReader(text)
	}
	hr, err := http.NewRequestWithContext(ctx, rq.method, target, body)
	if err != nil {
		return nil, scrub(err)
	}
	if body != nil {
		hr.Header.Set("Content-Type", contentType)
	}
	hr.Header.Set("User-Agent", c.cfg.UserAgent)
	hr.Header.Set("Accept", "application/json")
	if rq.auth != "" {
		hr.Header.Set("Authorization", rq.auth)
	}
	return hr, nil
}

// exchange sends the request. A status of 0 means that no answer came.
func (c *Client) exchange(ctx context.Context, rq *request, hr *http.Request) (int, http.Header, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	start := c.now()
	res, err := c.http.Do(hr.WithContext(ctx))
	if err != nil {
		c.metrics.unanswered(rq.route)
		return 0, nil, nil, scrub(err)
	}
	defer res.Body.Close()
	body, err := readBounded(res.Body, withDefault(rq.limit, answerLimit))
	c.metrics.took(rq.route, c.now().Sub(start))
	return res.StatusCode, res.Header, body, err
}

// scrub takes the address out of an error: paths may hold interaction tokens.
func scrub(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// reserve waits up to MaxWait for a place within the known limits.
func (c *Client) reserve(ctx context.Context, rq *request) (*bucket, error) {
	budget := c.cfg.MaxWait
	for {
		b, err := c.limits.reserve(rq)
		held, limited := errors.AsType[*RateLimitError](err)
		if !limited {
			return b, err
		}
		if held.RetryAfter > budget || pastDeadline(ctx, held.RetryAfter) {
			return nil, err
		}
		budget -= held.RetryAfter
		c.metrics.waitedFor(held.RetryAfter)
		if !sleep(ctx, held.RetryAfter) {
			return nil, &unsentError{"wait for " + rq.route, context.Cause(ctx)}
		}
	}
}

func pastDeadline(ctx context.Context, wait time.Duration) bool {
	at, ok := ctx.Deadline()
	return ok && time.Until(at) <= wait
}

// sleep returns false if ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

func (c *Client) logLimit(ctx context.Context, e *RateLimitError) {
	if e.Global {
		c.log.WarnContext(ctx, "discord global rate limit", "route", e.Route, "scope", e.Scope, "retry_after", e.RetryAfter)
	}
}

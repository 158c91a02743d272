package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	patience  = 10 * time.Second
	maxAnswer = 4 << 20
)

// Config is what a Client may be told; zero values will do.
type Config struct {
	// BotID tells several bots of one installation apart: up to 32 lower-case letters, digits and dashes.
	// The default is the built-in bot's, main.
	BotID string
	// HTTPClient sends the requests; the default gives up after 10 s. Redirects are never followed:
	// a signature is for one path.
	HTTPClient *http.Client
	// Now is the clock of the timestamps.
	Now func() time.Time
}

// Client makes the calls. It is safe for concurrent use.
type Client struct {
	base string
	key  Key
	bot  string
	http http.Client
	now  func() time.Time
}

// New returns a client of the API at baseURL, such as https://api.example.com, without /api/v1.
func New(baseURL string, key Key, cfg Config) (*Client, error) {
	base, err := url.Parse(baseURL)
	if err != nil || base.Scheme != "https" && base.Scheme != "http" || base.Host == "" || base.User != nil ||
		base.RawQuery != "" || base.Fragment != "" {
		return nil, errors.New("make trackbot client: the base is not an http or https address")
	}
	if key.ID == "" || len(key.Secret) < 32 {
		return nil, errors.New("make trackbot client: the key needs an id and a secret of at least 32 bytes")
	}
	if cfg.BotID != "" && !regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`).MatchString(cfg.BotID) {
		return nil, errors.New("make trackbot client: the bot's id has other than lower-case letters, digits and dashes")
	}
	c := &Client{base: strings.TrimRight(baseURL, "/"), key: key, bot: cfg.BotID, http: http.Client{Timeout: patience}, now: time.Now}
	if cfg.HTTPClient != nil {
		c.http = *cfg.HTTPClient
	}
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if cfg.Now != nil {
		c.now = cfg.Now
	}
	return c, nil
}

// ReportHealth is a heartbeat.
func (c *Client) ReportHealth(ctx context.Context, h Health) error {
	_, err := c.call(ctx, http.MethodPut, "/bot/health", h, nil)
	return err
}

// PutGuild says that the bot is in a guild, or back in it, and how Discord describes it now.
func (c *Client) PutGuild(ctx context.Context, guildID string, g Guild) (GuildState, error) {
	path, err := guildPath(guildID)
	if err != nil {
		return GuildState{}, err
	}
	var state GuildState
	status, err := c.call(ctx, http.MethodPut, path, g, &state)
	state.Created = status == http.StatusCreated
	return state, err
}

// DeleteGuild says that the bot was removed from a guild. Discord's outages are no removals.
func (c *Client) DeleteGuild(ctx context.Context, guildID string) error {
	path, err := guildPath(guildID)
	if err != nil {
		return err
	}
	_, err = c.call(ctx, http.MethodDelete, path, nil, nil)
	return err
}

// GuildConfig asks for a guild's plan and settings. An *Error of status 404: the bot is not in it.
func (c *Client) GuildConfig(ctx context.Context, guildID string) (GuildConfig, error) {
	path, err := guildPath(guildID)
	if err != nil {
		return GuildConfig{}, err
	}
	var out GuildConfig
	_, err = c.call(ctx, http.MethodGet, path+"/config", nil, &out)
	return out, err
}

func guildPath(guildID string) (string, error) {
	if !regexp.MustCompile(`^[0-9]{17,20}$`).MatchString(guildID) {
		return "", fmt.Errorf("call trackbot: %q is not the id of a guild", guildID)
	}
	return "/bot/guilds/" + guildID, nil
}

// call sends in, if any, and reads the answer into out, if wanted.
func (c *Client) call(ctx context.Context, method, path string, in, out any) (status int, err error) {
	r, err := c.request(ctx, method, path, in)
	if err != nil {
		return 0, fmt.Errorf("make request: %w", err)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return 0, fmt.Errorf("call trackbot: %w", err)
	}
	defer answer.Body.Close() // read to its end or given up
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return 0, fmt.Errorf("read trackbot's answer: %w", err)
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return answer.StatusCode, refusal(answer, body)
	}
	if out == nil {
		return answer.StatusCode, nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		return answer.StatusCode, fmt.Errorf("read trackbot's answer: %w", err)
	}
	return answer.StatusCode, nil
}

func (c *Client) request(ctx context.Context, method, path string, in any) (*http.Request, error) {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return nil, err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, c.address(path), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Accept", "application/json, application/problem+json")
	r.GetBody = nil // not to be sent again by the transport: the nonce is used up
	c.key.Sign(r, body, c.now())
	return r, nil
}

func (c *Client) address(path string) string {
	address := c.base + "/api/v1" + path
	switch {
	case c.bot == "":
		return address
	case strings.Contains(path, "?"):
		return address + "&botId=" + c.bot
	}
	return address + "?botId=" + c.bot
}

func refusal(answer *http.Response, body []byte) *Error {
	e := &Error{Status: answer.StatusCode, RequestID: answer.Header.Get("X-Request-Id")}
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 {
		e.RetryAfter = time.Duration(seconds) * time.Second
	}
	var problem struct {
		Code   string       `json:"code"`
		Detail string       `json:"detail"`
		Errors []FieldError `json:"errors"`
	}
	if json.Unmarshal(body, &problem) == nil {
		e.Code, e.Detail, e.Fields = problem.Code, problem.Detail, problem.Errors
	}
	return e
}

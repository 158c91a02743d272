package sim

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"
)

// maxBody is the largest request that Discord takes (Discord API docs: Create Message, 25 MiB).
const maxBody = 25 << 20

type object = map[string]any

// auth says who may call a route.
type auth int

const (
	authNone auth = iota
	authBot
	authUser   // OAuth bearer
	authEither // bot or bearer
)

// apiRoute is one REST route. A handler runs with Sim.mu held and its result is
// encoded before the lock is released.
type apiRoute struct {
	pattern string // "POST /channels/{channel}/messages"
	auth    auth
	bucket  string // name of the rate limit bucket
	major   string // path value that splits the bucket
	free    bool   // not bound to the global limit
	handle  func(*call) (any, *apiError)
}

// call is one request to the REST API.
type call struct {
	*http.Request
	sim   *Sim
	body  []byte
	base  string // the simulator's own URL
	token *accessToken
	user  *User // who calls: the bot or the bearer
}

func (c *call) bot() bool { return c.token == nil && c.user != nil }

// serveAPI wraps a route in Discord's order of checks: ban, user agent,
// authentication, global limit, bucket limit.
func (s *Sim) serveAPI(rt apiRoute) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			var tooLarge *http.MaxBytesError
			if errors.As(err, &tooLarge) {
				writeAPIError(w, &apiError{Status: http.StatusRequestEntityTooLarge, Code: 40005, Message: "Request entity too large"})
			}
			return
		}
		c := &call{Request: r, sim: s, body: body, base: s.baseURL(r)}
		s.mu.Lock()
		status, out := s.answer(w.Header(), rt, c)
		s.mu.Unlock()
		w.WriteHeader(status)
		_, _ = w.Write(out)
	}
}

// answer runs the checks and the handler. Callers hold mu.
func (s *Sim) answer(h http.Header, rt apiRoute, c *call) (int, []byte) {
	addr := remoteIP(c.Request)
	now := s.now()
	if left := s.limits.bannedFor(addr, now); left > 0 {
		return cloudflareBan(h, left)
	}
	status, out := s.checked(h, rt, c, addr, now)
	if status == http.StatusUnauthorized || status == http.StatusForbidden ||
		status == http.StatusTooManyRequests && h.Get("X-RateLimit-Scope") != "shared" {
		s.limits.invalid(addr, now, s.cfg.Limits.InvalidRequests)
	}
	return status, out
}

func (s *Sim) checked(h http.Header, rt apiRoute, c *call, addr string, now time.Time) (int, []byte) {
	if !s.cfg.AllowAnyUserAgent && !strings.HasPrefix(c.UserAgent(), "DiscordBot (") {
		h.Set("Content-Type", "text/plain; charset=UTF-8")
		return http.StatusForbidden, []byte("error code: 1010")
	}
	if e := s.authenticate(rt, c); e != nil {
		return e.encode(h)
	}
	if !s.cfg.Limits.Off {
		if e := s.limit(h, rt, c, addr, now); e != nil {
			return e.encode(h)
		}
	}
	if e := checkContentType(c); e != nil {
		return e.encode(h)
	}
	result, e := rt.handle(c)
	if e != nil {
		return e.encode(h)
	}
	if result == nil {
		return http.StatusNoContent, nil
	}
	h.Set("Content-Type", "application/json")
	status := http.StatusOK
	if created, ok := result.(created); ok {
		status, result = http.StatusCreated, created.body
	}
	return status, mustJSON(result)
}

// created makes a handler's result answer 201.
type created struct{ body any }

func (s *Sim) authenticate(rt apiRoute, c *call) *apiError {
	scheme, token, _ := strings.Cut(c.Header.Get("Authorization"), " ")
	switch {
	case rt.auth == authNone:
		return nil
	case scheme == "Bot" && token == s.cfg.BotToken && rt.auth != authUser:
		c.user = &s.bot
		return nil
	case scheme == "Bearer" && rt.auth != authBot:
		if t := s.oauth.access[token]; t != nil && s.now().Before(t.expires) {
			c.token, c.user = t, s.users[t.grant.userID]
			return nil
		}
	}
	return errUnauthorized()
}

// checkContentType demands JSON (or a form with files) wherever a body is sent
// (Discord API docs: Content Type).
func checkContentType(c *call) *apiError {
	if len(c.body) == 0 || strings.Contains(c.URL.Path, "/oauth2/") {
		return nil
	}
	kind, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if kind == "application/json" || kind == "multipart/form-data" {
		return nil
	}
	var f formErrors
	f.add("", "CONTENT_TYPE_INVALID", `Expected "Content-Type" header to be one of {'application/json'}.`)
	return f.err()
}

// decode reads a JSON body into v with Discord's errors.
func (c *call) decode(v any) *apiError {
	err := json.Unmarshal(c.body, v)
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong) && wrong.Field != "":
		var f formErrors
		f.add(wrong.Field, strings.ToUpper(wrong.Type.Kind().String())+"_TYPE_CONVERT",
			"Could not interpret "+wrong.Value+" as "+wrong.Type.Kind().String()+".")
		return f.err()
	default:
		return &apiError{Status: http.StatusBadRequest, Code: 50109, Message: "The request body contains invalid JSON."}
	}
}

func remoteIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

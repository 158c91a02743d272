package discord

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

var (
	// ErrUnauthorized means that Discord refuses the token (401): the bot's, an
	// application's secret or a user's access token. After a refused bot token no
	// further bot call is sent for a while (1 to 15 minutes, then one is tried).
	ErrUnauthorized = errors.New("discord refuses the token")
	// ErrInvalidGrant means that an authorization code or a refresh token is dead,
	// whatever the cause. It stays dead: never try again (RFC 6749 §5.2).
	ErrInvalidGrant = errors.New("discord refuses the grant")
	// ErrInvalidRequestGuard means that so many requests were refused in the last
	// ten minutes that more of them risk a ban of this address, and nothing is sent.
	ErrInvalidRequestGuard = errors.New("too many refused requests, holding back")
	// ErrTooLarge means that an answer exceeds the size this client reads.
	ErrTooLarge = errors.New("answer too large")
)

// JSON error codes that callers act upon (Discord API docs: Opcodes and Status Codes, JSON).
const (
	CodeUnknownChannel       = 10003
	CodeUnknownGuild         = 10004
	CodeUnknownMember        = 10007
	CodeUnknownMessage       = 10008 // also: the message of an enforced nonce was deleted since
	CodeUnknownRole          = 10011
	CodeUnknownUser          = 10013
	CodeUnknownWebhook       = 10015
	CodeUnknownInteraction   = 10062
	CodeSlowmode             = 20016
	CodeChannelWriteLimit    = 20028
	CodeGuildWriteLimit      = 20029
	CodeSendingDisabled      = 40004
	CodeForumChannel         = 40058
	CodeAlreadyAcknowledged  = 40060
	CodeCloudflareBlocks     = 40333
	CodeMissingAccess        = 50001
	CodeEmptyMessage         = 50006
	CodeNotTextChannel       = 50008
	CodeVerificationTooHigh  = 50009
	CodeMissingPermissions   = 50013
	CodeInvalidToken         = 50014
	CodeWrongChannelType     = 50024
	CodeInvalidFormBody      = 50035
	CodeThreadArchived       = 50083
	CodeOverloaded           = 130000
	CodeThreadLocked         = 160005
	CodeBlockedByAutoMod     = 200000
	CodeBlockedAsHarmfulLink = 240000
)

// FieldError is one line of a 50035 answer.
type FieldError struct {
	Path    string // of the JSON sent, as in "embeds.0.description"; "" for the whole body
	Code    string // as in BASE_TYPE_MAX_LENGTH
	Message string
}

// APIError is a refusal by Discord other than a rate limit.
type APIError struct {
	Route      string        // method and path template, never an id or a token
	Status     int           // HTTP status
	Code       int           // Discord's JSON code, 0 if there was none
	Message    string        // Discord's sentence, or the HTTP status text
	OAuth      string        // the error of an OAuth answer (RFC 6749 §5.2), as in "invalid_grant"
	Fields     []FieldError  // details of a CodeInvalidFormBody
	RetryAfter time.Duration // what a 5xx asked for, 0 if nothing
}

// Error names the call, the status and what Discord said.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "discord: %s: %d", e.Route, e.Status)
	if e.Code != 0 {
		fmt.Fprintf(&b, " (code %d)", e.Code)
	}
	if e.OAuth != "" {
		fmt.Fprintf(&b, " %s", e.OAuth)
	}
	fmt.Fprintf(&b, ": %s", e.Message)
	for i, f := range e.Fields {
		if i == 3 {
			fmt.Fprintf(&b, "; and %d more", len(e.Fields)-i)
			break
		}
		fmt.Fprintf(&b, "; %s: %s", f.Path, f.Message)
	}
	return b.String()
}

// Is makes ErrUnauthorized match a 401 and ErrInvalidGrant a dead grant.
func (e *APIError) Is(target error) bool {
	switch target {
	case ErrUnauthorized:
		return e.Status == http.StatusUnauthorized
	case ErrInvalidGrant:
		return e.OAuth == "invalid_grant"
	default:
		return false
	}
}

// Temporary reports whether the fault is Discord's and may pass.
func (e *APIError) Temporary() bool {
	return e.Status >= http.StatusInternalServerError || e.Code == CodeOverloaded
}

// RateLimitError is a 429, or the knowledge that there would be one.
type RateLimitError struct {
	Route      string
	RetryAfter time.Duration // from now; always positive
	Global     bool          // every route of this token (or this address) is limited
	Scope      string        // user, global, shared, or "address" for a block that came without Discord's headers
	Code       int           // a JSON code that came with it, as CodeSlowmode
	Local      bool          // nothing was sent
}

// Error names the call and the time to wait.
func (e *RateLimitError) Error() string {
	by := "discord"
	if e.Local {
		by = "known limit"
	}
	return fmt.Sprintf("discord: %s: rate limited by %s (scope %s) for %s", e.Route, by, e.Scope, e.RetryAfter)
}

// GuardError says how long nothing will be sent; it is an ErrInvalidRequestGuard.
type GuardError struct {
	Route      string
	RetryAfter time.Duration
}

// Error names the call and the time to wait.
func (e *GuardError) Error() string {
	return fmt.Sprintf("discord: %s: %s for %s", e.Route, ErrInvalidRequestGuard, e.RetryAfter)
}

// Is makes ErrInvalidRequestGuard match.
func (e *GuardError) Is(target error) bool { return target == ErrInvalidRequestGuard }

// CodeOf returns Discord's JSON code of err, 0 if it has none.
func CodeOf(err error) int {
	if e, ok := errors.AsType[*APIError](err); ok {
		return e.Code
	}
	if e, ok := errors.AsType[*RateLimitError](err); ok {
		return e.Code
	}
	return 0
}

// HasCode reports whether err is an answer with one of the JSON codes.
func HasCode(err error, codes ...int) bool {
	have := CodeOf(err)
	for _, c := range codes {
		if have == c && c != 0 {
			return true
		}
	}
	return false
}

// RetryAfter returns how long err asks to wait, and whether it asks at all.
func RetryAfter(err error) (time.Duration, bool) {
	if e, ok := errors.AsType[*RateLimitError](err); ok {
		return e.RetryAfter, true
	}
	if e, ok := errors.AsType[*GuardError](err); ok {
		return e.RetryAfter, true
	}
	if e, ok := errors.AsType[*APIError](err); ok && e.RetryAfter > 0 {
		return e.RetryAfter, true
	}
	return 0, false
}

// NotSent reports whether err was raised before anything left this process.
func NotSent(err error) bool {
	if e, ok := errors.AsType[*RateLimitError](err); ok {
		return e.Local
	}
	_, refused := errors.AsType[*refusedTokenError](err)
	_, unsent := errors.AsType[*unsentError](err)
	return refused || unsent || errors.Is(err, ErrInvalidRequestGuard)
}

// unsentError is a fault of the caller, found before anything was sent.
type unsentError struct {
	what string
	err  error
}

func (e *unsentError) Error() string { return fmt.Sprintf("%s: %s", e.what, e.err) }
func (e *unsentError) Unwrap() error { return e.err }

// refusedTokenError is an ErrUnauthorized that was not asked for again.
type refusedTokenError struct{ route string }

func (e *refusedTokenError) Error() string {
	return fmt.Sprintf("discord: %s: not sent: %s", e.route, ErrUnauthorized)
}

func (e *refusedTokenError) Is(target error) bool { return target == ErrUnauthorized }

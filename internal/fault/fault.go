// Package fault names the ways an operation can be refused, in terms the outer
// contract publishes. Rules return a *fault.Error; only the edges turn one into
// a reply (a problem document, a Discord message, an exit status).
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Code is one of the closed list of problem codes in api/openapi.yaml.
type Code string

// The codes of the contract. The HTTP status that belongs to each is httpapi's business.
const (
	Unauthenticated            Code = "unauthenticated"
	TokenExpired               Code = "token_expired"
	SessionRevoked             Code = "session_revoked"
	RefreshRace                Code = "refresh_race"
	Forbidden                  Code = "forbidden"
	NotFound                   Code = "not_found"
	MethodNotAllowed           Code = "method_not_allowed"
	NotAcceptable              Code = "not_acceptable"
	UnsupportedMediaType       Code = "unsupported_media_type"
	RangeNotSatisfiable        Code = "range_not_satisfiable"
	ValidationFailed           Code = "validation_failed"
	PreconditionRequired       Code = "precondition_required"
	PreconditionFailed         Code = "precondition_failed"
	Conflict                   Code = "conflict"
	TierLimit                  Code = "tier_limit"
	RateLimited                Code = "rate_limited"
	PayloadTooLarge            Code = "payload_too_large"
	Unavailable                Code = "unavailable"
	PermissionCheckUnavailable Code = "permission_check_unavailable"
	NotImplemented             Code = "not_implemented"
	Internal                   Code = "internal"
)

// Field names one faulty input and says what is wrong with it, in a sentence fit for its sender.
type Field struct {
	Name    string
	Message string
}

// Error is a refusal. Detail is a public sentence; the wrapped cause is for the log alone.
type Error struct {
	Code       Code
	Detail     string
	Fields     []Field
	RetryAfter time.Duration // 0: no hint

	cause error
}

// New returns a refusal with a public sentence.
func New(code Code, detail string) *Error { return &Error{Code: code, Detail: detail} }

// Newf is New with formatting.
func Newf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// Wrap returns a refusal whose cause is kept for the log and for errors.Is.
func Wrap(cause error, code Code, detail string) *Error {
	return &Error{Code: code, Detail: detail, cause: cause}
}

// Invalid returns a validation_failed refusal that names each field.
func Invalid(fields ...Field) *Error {
	return &Error{Code: ValidationFailed, Detail: "The request has invalid values.", Fields: fields}
}

// Error gives the code, the public sentence and the cause.
func (e *Error) Error() string {
	s := string(e.Code) + ": " + e.Detail
	for _, f := range e.Fields {
		s += fmt.Sprintf(" [%s: %s]", f.Name, f.Message)
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// From finds the refusal in err's chain; nil when there is none, which an edge reports as Internal.
func From(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// Is tells whether err carries a refusal with this code.
func Is(err error, code Code) bool {
	e := From(err)
	return e != nil && e.Code == code
}

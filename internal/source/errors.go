package source

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// ErrorKind classifies a failure by what the caller should do about it.
type ErrorKind string

// The kinds of failure.
const (
	NotFound     ErrorKind = "not_found"     // nothing there now; may come back
	Gone         ErrorKind = "gone"          // the source says it is gone for good (410)
	RateLimited  ErrorKind = "rate_limited"  // wait at least RetryAfter; Status 0: our own limiter, nobody's fault
	Transient    ErrorKind = "transient"     // network, timeout, 5xx: try again later
	Blocked      ErrorKind = "blocked"       // our rules forbid the address
	TooLarge     ErrorKind = "too_large"     // the answer passes our limits
	Malformed    ErrorKind = "malformed"     // an answer came that is not what it should be
	Unsupported  ErrorKind = "unsupported"   // the input names nothing that can be tracked
	AuthRequired ErrorKind = "auth_required" // the source wants a login or refuses us
)

// Error is the failure of an adapter.
type Error struct {
	Kind       ErrorKind
	Status     int           // HTTP status, 0 if there was no answer
	RetryAfter time.Duration // 0: the source gave no hint; at most 24 h
	Public     string        // a sentence for the manager, without addresses of ours
	Err        error         // for the log
}

// Error gives the kind, the status and the cause.
func (e *Error) Error() string {
	s := string(e.Kind)
	if e.Status != 0 {
		s += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Err != nil {
		return s + ": " + e.Err.Error()
	}
	return s + ": " + e.Public
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of err, "" if err is no *Error.
func KindOf(err error) ErrorKind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// unreachable tells whether err is the failure to get any answer.
func unreachable(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == Transient && e.Status == 0
}

func refuse(kind ErrorKind, public, format string, args ...any) *Error {
	return &Error{Kind: kind, Public: public, Err: fmt.Errorf(format, args...)}
}

// statusError maps an HTTP status that carries no usable answer; nil for 2xx and 304.
func statusError(status int, h http.Header, now time.Time) *Error {
	e := &Error{Kind: Transient, Status: status}
	e.RetryAfter, _ = parseDelay(h.Get("Retry-After"), now)
	switch {
	case status/100 == 2, status == http.StatusNotModified:
		return nil
	case status == http.StatusNotFound:
		e.Kind, e.Public = NotFound, "The source answers that nothing is there (404)."
	case status == http.StatusGone:
		e.Kind, e.Public = Gone, "The source says it is gone for good (410)."
	case status == http.StatusTooManyRequests:
		e.Kind, e.Public = RateLimited, "The source asks us to slow down (429)."
		e.RetryAfter = retryAfter(h, now)
	case status == http.StatusUnauthorized, status == http.StatusForbidden,
		status == http.StatusProxyAuthRequired, status == http.StatusUnavailableForLegalReasons:
		e.Kind, e.Public = AuthRequired, fmt.Sprintf("The source refuses access without a login (%d).", status)
	case status >= 500:
		e.Public = fmt.Sprintf("The source has trouble of its own (%d).", status)
	default:
		e.Public = fmt.Sprintf("The source did not accept the request (%d).", status)
	}
	e.Err = fmt.Errorf("unexpected status %d", status)
	return e
}

// networkError maps a failure to get an answer at all. A refusal of the guard keeps its kind.
func networkError(host string, err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	e := &Error{Kind: Transient, Err: fmt.Errorf("fetch from %s: %w", host, err)}
	var (
		dns  *net.DNSError
		cert *tls.CertificateVerificationError
		name x509.HostnameError
		wire net.Error
	)
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		e.Kind, e.Public = NotFound, "The host name does not exist."
	case errors.As(err, &cert), errors.As(err, &name):
		e.Public = "The server's certificate is not valid."
	case errors.Is(err, context.Canceled):
		e.Public = "The request was cancelled."
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &wire) && wire.Timeout():
		e.Public = "The source did not answer in time."
	default:
		e.Public = "The source could not be reached."
	}
	return e
}

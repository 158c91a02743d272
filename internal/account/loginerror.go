package account

import (
	"errors"
	"net/url"
)

// LoginCode is what the dashboard's login page is told when a sign-in fails.
type LoginCode string

// The codes, as LoginError of the contract lists them.
const (
	LoginDenied       LoginCode = "access_denied"       // the user refused, or took a scope out
	LoginInvalidState LoginCode = "invalid_state"       // begun in another browser, or forged
	LoginExpired      LoginCode = "expired"             // too late, or used already
	LoginDiscord      LoginCode = "discord_unavailable" // Discord failed at any step
	LoginInternal     LoginCode = "internal"
)

// LoginError is a sign-in that failed. The cause is for the log alone.
type LoginError struct {
	Code  LoginCode
	cause error
}

func loginFailed(code LoginCode, cause error) error { return &LoginError{Code: code, cause: cause} }

// Error gives the code and the cause.
func (e *LoginError) Error() string { return "sign in: " + string(e.Code) + ": " + e.cause.Error() }

// Unwrap returns the cause.
func (e *LoginError) Unwrap() error { return e.cause }

// LoginErrorURL is the dashboard's login page for a sign-in that failed with err.
func (s *Service) LoginErrorURL(err error) string {
	code := LoginInternal
	if failed, ok := errors.AsType[*LoginError](err); ok {
		code = failed.Code
	}
	return s.cfg.DashboardURL + "/login?" + url.Values{"error": {string(code)}}.Encode()
}

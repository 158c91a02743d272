package httpapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"trackbot/api"
	"trackbot/internal/fault"
	"trackbot/internal/store"
)

// kind is how a fault code looks on the wire.
type kind struct {
	status int
	title  string
	detail string // when set, always this: the answer must not depend on the case
}

const (
	sentenceNotFound = "There is nothing here, or it is not yours to see."
	sentenceInternal = "Something went wrong on our side. It is logged under this request id."
)

// kindOf gives the wire form of a code. The contract lists the same codes; a test compares.
func kindOf(code fault.Code) kind {
	switch code {
	case fault.Unauthenticated:
		return kind{http.StatusUnauthorized, "Not signed in", ""}
	case fault.TokenExpired:
		return kind{http.StatusUnauthorized, "Token expired", ""}
	case fault.SessionRevoked:
		return kind{http.StatusUnauthorized, "Session ended", ""}
	case fault.RefreshRace:
		return kind{http.StatusUnauthorized, "Refreshed elsewhere", ""}
	case fault.Forbidden:
		return kind{http.StatusForbidden, "Not allowed", ""}
	case fault.TierLimit:
		return kind{http.StatusForbidden, "Limit of the tier reached", ""}
	case fault.NotFound:
		return kind{http.StatusNotFound, "Not found", sentenceNotFound}
	case fault.MethodNotAllowed:
		return kind{http.StatusMethodNotAllowed, "Method not allowed", ""}
	case fault.NotAcceptable:
		return kind{http.StatusNotAcceptable, "Not acceptable", ""}
	case fault.Conflict:
		return kind{http.StatusConflict, "Conflict", ""}
	case fault.PreconditionFailed:
		return kind{http.StatusPreconditionFailed, "Changed meanwhile", ""}
	case fault.PayloadTooLarge:
		return kind{http.StatusRequestEntityTooLarge, "Body too large", ""}
	case fault.UnsupportedMediaType:
		return kind{http.StatusUnsupportedMediaType, "Unsupported media type", ""}
	case fault.RangeNotSatisfiable:
		return kind{http.StatusRequestedRangeNotSatisfiable, "Range not satisfiable", ""}
	case fault.ValidationFailed:
		return kind{http.StatusBadRequest, "Invalid request", ""}
	case fault.PreconditionRequired:
		return kind{http.StatusPreconditionRequired, "Precondition required", ""}
	case fault.RateLimited:
		return kind{http.StatusTooManyRequests, "Too many requests", ""}
	case fault.NotImplemented:
		return kind{http.StatusNotImplemented, "Not set up here", ""}
	case fault.Unavailable:
		return kind{http.StatusServiceUnavailable, "Unavailable", ""}
	case fault.PermissionCheckUnavailable:
		return kind{http.StatusServiceUnavailable, "Permission check unavailable", ""}
	default:
		return kind{http.StatusInternalServerError, "Internal error", sentenceInternal}
	}
}

// problem answers with the problem document of err (RFC 9457). What is not a fault is
// `internal`: the caller gets a fixed sentence, the log the whole chain.
func (f *frame) problem(w http.ResponseWriter, r *http.Request, err error) {
	err = f.countFailure(w, r, err)
	rec := recordOf(r.Context())
	rec.err = err
	if rec.gone(r) || rec.started {
		return
	}
	fe := fault.From(err)
	if fe == nil || !api.ProblemCode(fe.Code).Valid() {
		fe = refusalOf(err)
	}
	k := kindOf(fe.Code)
	rec.code = fe.Code
	h := w.Header()
	challenge(h, r, fe.Code, k.status)
	retryAfter(h, fe, k.status)
	writeProblem(w, k.status, document(fe, k, rec.id))
}

// refusalOf reads what errors that are no faults mean to the caller.
func refusalOf(err error) *fault.Error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fault.New(fault.Unavailable, "This took too long. Try again.")
	}
	if store.IsUnavailable(err) {
		fe := fault.New(fault.Unavailable, "The service cannot reach its database. Try again soon.")
		fe.RetryAfter = databaseRetry
		return fe
	}
	if store.IsSerialization(err) {
		fe := fault.New(fault.Unavailable, "Somebody changed the same things at this moment. Try again.")
		fe.RetryAfter = meetingRetry
		return fe
	}
	return fault.New(fault.Internal, "")
}

// databaseRetry is when a caller may try again while the database is away.
const databaseRetry = 5 * time.Second

// meetingRetry is when whoever has lost a deadlock may try again: the other is done by then.
const meetingRetry = time.Second

func document(fe *fault.Error, k kind, requestID string) api.Problem {
	p := api.Problem{
		Type:      basePath + "/docs#" + string(fe.Code),
		Title:     k.title,
		Status:    k.status,
		Code:      api.ProblemCode(fe.Code),
		RequestID: requestID,
	}
	if detail := cmp.Or(k.detail, fe.Detail); detail != "" {
		p.Detail = &detail
	}
	if fe.Code == fault.ValidationFailed && len(fe.Fields) > 0 {
		errs := make([]api.FieldError, len(fe.Fields))
		for i, field := range fe.Fields {
			errs[i] = api.FieldError{Field: field.Name, Message: field.Message}
		}
		p.Errors = &errs
	}
	return p
}

func writeProblem(w http.ResponseWriter, status int, p api.Problem) {
	body, err := json.Marshal(p)
	if err != nil { // strings and numbers only
		panic(err)
	}
	h := w.Header()
	h.Del("ETag")
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a caller that has gone cannot be told
}

// challenge adds what RFC 6750 §3 wants with a 401: the error only when credentials were sent.
func challenge(h http.Header, r *http.Request, code fault.Code, status int) {
	if status != http.StatusUnauthorized || h.Get("WWW-Authenticate") != "" {
		return
	}
	value := `Bearer realm="trackbot"`
	if r.Header.Get("Authorization") != "" {
		value += `, error="invalid_token", error_description="` + string(code) + `"`
	}
	h.Set("WWW-Authenticate", value)
}

// retryAfter says when to come back, in whole seconds and never 0.
func retryAfter(h http.Header, fe *fault.Error, status int) {
	wait := fe.RetryAfter
	if wait <= 0 && status == http.StatusServiceUnavailable {
		wait = 5 * time.Second
	}
	if wait <= 0 && status == http.StatusTooManyRequests {
		wait = time.Second
	}
	if wait > 0 {
		h.Set("Retry-After", strconv.FormatInt(int64(math.Ceil(wait.Seconds())), 10))
	}
}

// bindingProblem answers for the generated code, which could not bind an input the contract let pass.
func (f *frame) bindingProblem(w http.ResponseWriter, r *http.Request, err error) {
	name, message := "body", "does not fit"
	var param *api.InvalidParamFormatError
	var many *api.TooManyValuesForParamError
	var number *json.UnmarshalTypeError
	switch {
	case errors.As(err, &param):
		name, message = param.ParamName, "is not valid"
	case errors.As(err, &many):
		name, message = many.ParamName, "is given more than once"
	case errors.As(err, &number) && number.Field != "":
		name, message = number.Field, "is not valid"
	}
	f.problem(w, r, invalid(name, message))
}

func invalid(name, message string) error {
	return fault.Invalid(fault.Field{Name: name, Message: message})
}

package httpapi

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"trackbot/internal/fault"
	"trackbot/internal/limit"
)

const refreshPattern = "POST " + basePath + "/auth/refresh"

// signsIn tells whether each call of the operation is an attempt to sign in. Refreshes are
// attempts only when they fail, which countFailure sees to.
func (op *operation) signsIn() bool {
	switch op.pattern {
	case "GET " + basePath + "/auth/discord", "GET " + basePath + "/auth/discord/callback", "POST " + basePath + "/auth/exchange":
		return true
	default:
		return false
	}
}

const sharePattern = "GET " + basePath + "/shares/{token}"

// limitAddress counts what nobody signs in for against its address, and keeps search engines off it.
func (f *frame) limitAddress(w http.ResponseWriter, r *http.Request, op *operation) error {
	if op.pattern != sharePattern {
		return f.limitAttempts(w, r, op)
	}
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	if f.deps.Limits == nil {
		return nil
	}
	return apply(w, r, f.deps.Limits.Share(r.Context(), IPKey(recordOf(r.Context()).ip)))
}

// limitAttempts counts an attempt to sign in against its address.
func (f *frame) limitAttempts(w http.ResponseWriter, r *http.Request, op *operation) error {
	if f.deps.Limits == nil || !op.signsIn() {
		return nil
	}
	return apply(w, r, f.deps.Limits.Attempt(r.Context(), IPKey(recordOf(r.Context()).ip)))
}

// countFailure counts a refused refresh against its address, and refuses it as too many once
// they are. Genuine refreshes pass whatever others behind the same address do; the loser of a
// race between tabs has shown a genuine token and is no attempt.
func (f *frame) countFailure(w http.ResponseWriter, r *http.Request, err error) error {
	rec := recordOf(r.Context())
	fe := fault.From(err)
	if f.deps.Limits == nil || rec.route != refreshPattern || fe == nil || fe.Code == fault.RefreshRace {
		return err
	}
	if status := kindOf(fe.Code).status; status != http.StatusUnauthorized && status != http.StatusBadRequest {
		return err
	}
	if refused := apply(w, r, f.deps.Limits.Attempt(r.Context(), IPKey(rec.ip))); refused != nil {
		return refused
	}
	return err
}

// limitUser counts a request of a signed-in user.
func (f *frame) limitUser(w http.ResponseWriter, r *http.Request) error {
	actor := recordOf(r.Context()).actor
	if f.deps.Limits == nil || actor == nil || actor.Kind != ActorUser {
		return nil
	}
	return apply(w, r, f.deps.Limits.User(r.Context(), actor.UserID))
}

// limitTenant counts a request that its caller may make against the tenant's budget, a program's against
// its key's before, and meters it: the limiter does where there is one.
func (f *frame) limitTenant(w http.ResponseWriter, r *http.Request) error {
	clientID, actor := recordOf(r.Context()).tenant.ClientID, recordOf(r.Context()).actor
	if f.deps.Limits != nil {
		if actor.Kind == ActorAPIKey {
			f.ask(r, f.deps.Limits.ForeseeKey(clientID, actor.KeyID))
			v := f.deps.Limits.Key(r.Context(), clientID, actor.KeyID)
			if err := apply(w, r, v); err != nil {
				if token, ok := bearer(r); ok {
					f.spent.note(token, v)
				}
				return err
			}
		}
		if err := apply(w, r, f.deps.Limits.Tenant(r.Context(), clientID)); err != nil {
			return err
		}
	}
	return nil
}

// apply tells the caller of a limit (draft-ietf-httpapi-ratelimit-headers-10 §3, §4), and refuses
// the request when it is used up.
func apply(w http.ResponseWriter, r *http.Request, v limit.Verdict) error {
	rec := recordOf(r.Context())
	rec.limits = append(rec.limits, v)
	policies, left := make([]string, len(rec.limits)), make([]string, len(rec.limits))
	for i, v := range rec.limits {
		policies[i] = fmt.Sprintf(`"%s";q=%d;w=%d`, v.Policy, v.Quota, seconds(v.Window))
		left[i] = fmt.Sprintf(`"%s";r=%d;t=%d`, v.Policy, v.Remaining, seconds(v.Reset))
	}
	w.Header().Set("RateLimit-Policy", strings.Join(policies, ", "))
	w.Header().Set("RateLimit", strings.Join(left, ", "))
	if !v.Refused {
		return nil
	}
	refusal := fault.New(fault.RateLimited, "This is more than is allowed at the moment. Wait as Retry-After says.")
	refusal.RetryAfter = max(v.Reset, time.Second)
	return refusal
}

// seconds rounds up: who waits that long has waited long enough.
func seconds(d time.Duration) int64 { return int64(math.Ceil(d.Seconds())) }

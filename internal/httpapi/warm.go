package httpapi

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"trackbot/api"
	"trackbot/internal/warm"
)

// What of an answer is told by no notice, such as the state of accounts that many track, the bot's heartbeat, the
// day's usage or the time itself, is at most this old.
const untoldLife = 5 * time.Second

// toldLife bounds what is told of every change all the same, should notices be lost where none says so.
const toldLife = time.Minute

// keepsOf tells how long the answers of an operation are good for; nil: they are not kept.
func keepsOf(operationID string) *warm.Keep {
	switch operationID {
	case "listPosts":
		return &warm.Keep{Tables: []string{"posts", "deliveries"}, Life: toldLife}
	case "listBrands":
		return &warm.Keep{Tables: []string{"brands"}, Life: toldLife}
	case "listGroups":
		return &warm.Keep{Tables: []string{"account_groups"}, Life: toldLife}
	case "getGuild", "getGuildUsage", "getAnalytics", "listAccounts":
		return &warm.Keep{Life: untoldLife}
	default:
		return nil
	}
}

// keptKey is what a request asks for and whatever of its caller changes the answer; false for one whose answers
// are not kept: pages behind the first are asked for once.
func (f *frame) keptKey(r *http.Request, op *operation) (warm.Key, bool) {
	if f.deps.Warm == nil || op.keep == nil || r.ContentLength != 0 || len(r.URL.RawQuery) > maxKeptQuery || r.URL.Query().Has("cursor") {
		return warm.Key{}, false
	}
	t := recordOf(r.Context()).tenant
	return warm.Key{
		Client: t.ClientID,
		Asked: r.URL.Path + "?" + r.URL.RawQuery + "\x00" + t.GuildID + "\x00" + t.Permissions + "\x00" +
			strconv.FormatBool(t.CanManage) + "\x00" + t.Timezone,
	}, true
}

const (
	maxKeptQuery = 512
	maxKeptTags  = 200 // of If-None-Match; the contract admits more
)

// serveKept answers from memory what a caller who has been let in asks for; false when there is nothing. An answer
// is there only if the same question was found valid before.
func (f *frame) serveKept(w http.ResponseWriter, r *http.Request, op *operation) bool {
	key, ok := f.keptKey(r, op)
	if tags := r.Header["If-None-Match"]; !ok || len(tags) > 1 || len(tags) == 1 && len(tags[0]) > maxKeptTags {
		return false // to be checked first
	}
	a, ok := f.deps.Warm.Peek(r.Context(), key)
	if ok {
		writeTagged(w, r, a.Tag, a.Body)
	}
	return ok
}

// serveTagged answers with an entity tag, and keeps the answer where it may be.
func (f *frame) serveTagged(w http.ResponseWriter, r *http.Request, op *operation, next http.Handler) {
	answer := func() (warm.Answer, bool) {
		held := &heldWriter{ResponseWriter: w}
		next.ServeHTTP(held, r)
		if !held.holding {
			return warm.Answer{}, false
		}
		rec, body := recordOf(r.Context()), held.body.Bytes()
		tagged := body
		if rec.likeness != nil {
			tagged = rec.likeness
		}
		return warm.Answer{Tag: entityTag(rec.version, tagged), Body: body}, true
	}
	var a warm.Answer
	var ok bool
	if key, kept := f.keptKey(r, op); kept {
		a, ok = f.deps.Warm.Get(r.Context(), key, *op.keep, answer)
	} else {
		a, ok = answer()
	}
	if ok {
		writeTagged(w, r, a.Tag, a.Body)
	}
}

// settle lets a change be known everywhere before it is answered, so that its caller finds it wherever they read next.
func (f *frame) settle(next api.StrictHandlerFunc, _ string) api.StrictHandlerFunc {
	return func(ctx context.Context, w http.ResponseWriter, r *http.Request, in any) (any, error) {
		out, err := next(ctx, w, r, in)
		if f.deps.Warm != nil && r.Method != http.MethodGet && r.Method != http.MethodHead {
			if op := f.contract.ops[recordOf(ctx).route]; op != nil && op.permission.changesTenants() {
				f.deps.Warm.Settle(ctx)
			}
		}
		return out, err
	}
}

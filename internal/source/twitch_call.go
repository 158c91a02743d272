package source

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// errTwitchKeys says that Twitch takes neither the keys nor a token made with them.
func errTwitchKeys(err error) *Error {
	return &Error{Kind: AuthRequired, Public: "Twitch does not accept the keys that Trackbot is set up with.", Err: err}
}

// call asks Helix. A token that Twitch no longer takes is replaced once.
func (a *twitchAdapter) call(ctx context.Context, path string, q url.Values, into any) error {
	u := a.api.JoinPath(path)
	u.RawQuery = q.Encode()
	for first := true; ; first = false {
		token, err := a.token.get(ctx, a.fetch)
		if err != nil {
			return err
		}
		r, err := a.fetch.get(ctx, call{
			url: u, accept: acceptJSON, pace: twitchPace(), holdHost: true,
			header: map[string]string{"Client-Id": a.token.id, "Authorization": "Bearer " + token},
		})
		if err == nil {
			return decodeJSON(r.body, into)
		}
		var e *Error
		if !errors.As(err, &e) || e.Status != http.StatusUnauthorized {
			return err
		}
		if !first {
			return errTwitchKeys(err)
		}
		a.token.drop(token)
	}
}

// tokenMargin is how long before its end a token is replaced.
const tokenMargin = 5 * time.Minute

// appToken is the token that an application gets by its own keys (Twitch docs: client credentials grant flow).
type appToken struct {
	endpoint   *url.URL
	id, secret string

	mu    sync.Mutex // held while a token is asked for, so that one request serves all who wait
	value string
	until time.Time
}

// get returns a token that is good for a while.
func (t *appToken) get(ctx context.Context, f *fetcher) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := f.now()
	if t.value != "" && now.Before(t.until) {
		return t.value, nil
	}
	form := url.Values{"client_id": {t.id}, "client_secret": {t.secret}, "grant_type": {"client_credentials"}}
	r, err := f.get(ctx, call{url: t.endpoint, accept: acceptJSON, form: form, pace: twitchPace()})
	var e *Error
	if errors.As(err, &e) && (e.Status == http.StatusBadRequest || e.Status == http.StatusForbidden || e.Status == http.StatusUnauthorized) {
		return "", errTwitchKeys(err)
	}
	if err != nil {
		return "", err
	}
	var grant struct {
		Token   string  `json:"access_token"`
		Expires float64 `json:"expires_in"`
	}
	if err := decodeJSON(r.body, &grant); err != nil || grant.Token == "" {
		return "", refuse(Malformed, "Twitch's sign-in answers something that is no token.", "token answer without token")
	}
	t.value = grant.Token
	t.until = now.Add(max(time.Minute, min(time.Duration(grant.Expires)*time.Second, 90*24*time.Hour)-tokenMargin))
	return t.value, nil
}

// drop forgets a token, unless it has been replaced already.
func (t *appToken) drop(value string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value == value {
		t.value = ""
	}
}

const (
	liveFresh  = 5 * time.Second  // for so long what was asked counts
	liveMemory = 30 * time.Minute // accounts not polled for so long are not asked about along with others
)

// liveBoard knows who is on air. Whoever asks about one account takes along the 99 others whose state is oldest, so
// that a hundred polls cost one call.
type liveBoard struct {
	mu   sync.Mutex // held while Twitch is asked, so that those who wait find their answer there
	seen map[string]*liveState
}

type liveState struct {
	stream *twitchStream // nil: not on air
	at     time.Time     // of the answer
	wanted time.Time     // when it was last asked for
}

// of returns an account's stream, nil if it is not on air.
func (b *liveBoard) of(ctx context.Context, id string, now time.Time, ask func(context.Context, []string) (map[string]*twitchStream, error)) (*twitchStream, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	own := b.seen[id]
	if own == nil {
		own = &liveState{}
		b.seen[id] = own
	}
	own.wanted = now
	if now.Sub(own.at) < liveFresh {
		return own.stream, nil
	}
	ids := b.batch(id, now)
	on, err := ask(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		b.seen[id].stream, b.seen[id].at = on[id], now
	}
	return own.stream, nil
}

// batch lists id and those to ask about along with it; b.mu is held.
func (b *liveBoard) batch(id string, now time.Time) []string {
	var others []string
	for other, s := range b.seen {
		switch {
		case now.Sub(s.wanted) > liveMemory:
			delete(b.seen, other)
		case other != id && now.Sub(s.at) >= liveFresh:
			others = append(others, other)
		}
	}
	slices.SortFunc(others, func(x, y string) int { return b.seen[x].at.Compare(b.seen[y].at) })
	return append([]string{id}, others[:min(len(others), twitchBatch-1)]...)
}

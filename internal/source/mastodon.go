package source

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
)

const (
	mastodonPage     = 40 // the API's maximum (Mastodon docs: accounts/:id/statuses)
	mastodonMaxPages = 5  // pages per poll; what is left comes with the next one
	mastodonAccounts = "/api/v1/accounts/"
	maxSingles       = 40 // posts measured one by one per call
)

// mastodonAdapter speaks the client API of Mastodon and its relatives on the account's home server.
// An account is its API address there, "https://host/api/v1/accounts/<id>". Where a server answers
// the API only to its members, the account's RSS feed is read instead.
type mastodonAdapter struct {
	fetch *fetcher
	feeds *rssAdapter
}

// mastodonCursor is what a poll leaves for the next one.
type mastodonCursor struct {
	Since string `json:"since"` // id of the newest status seen
	User  string `json:"user"`  // local name, to find the feed if the API closes
}

// Platform is Mastodon.
func (a *mastodonAdapter) Platform() string { return Mastodon }

// Capabilities: everything but views.
func (a *mastodonAdapter) Capabilities() Capabilities {
	return Capabilities{Likes: true, Comments: true, Shares: true, Followers: true}
}

// Host is the account's home server.
func (a *mastodonAdapter) Host(externalID string) string { return hostOfURL(externalID) }

// Resolve accepts @user@host and the addresses of profile pages.
func (a *mastodonAdapter) Resolve(ctx context.Context, input string) (Account, error) {
	user, ok := parseMastodon(input)
	if !ok {
		return Account{}, refuse(Unsupported, "This is not a Mastodon handle (@user@server) or profile address.", "input is no handle")
	}
	acct, err := a.lookup(ctx, user)
	if kind := KindOf(err); kind != NotFound && kind != Malformed {
		return acct, err
	}
	// The handle's host may leave its accounts to another server.
	home, homeErr := a.webfinger(ctx, user)
	if homeErr != nil || home.host == user.host {
		return Account{}, err
	}
	return a.lookup(ctx, home)
}

// origins are the addresses a host may have: https, and on loopback http where that is allowed.
func (a *mastodonAdapter) origins(user fediverseUser) []*url.URL {
	secure := &url.URL{Scheme: "https", Host: user.host, Path: "/"}
	if !a.fetch.guard.plainHTTP(user.host) {
		return []*url.URL{secure}
	}
	plain := &url.URL{Scheme: "http", Host: user.host, Path: "/"}
	if user.scheme == "http" {
		return []*url.URL{plain}
	}
	return []*url.URL{secure, plain}
}

// onOrigin runs f on the origin that answers.
func (a *mastodonAdapter) onOrigin(user fediverseUser, f func(origin *url.URL) error) error {
	var err error
	for _, origin := range a.origins(user) {
		if err = f(origin); !unreachable(err) {
			return err
		}
	}
	return err
}

// lookup asks a server for one of its own accounts; where the API is closed, for the feed.
func (a *mastodonAdapter) lookup(ctx context.Context, user fediverseUser) (Account, error) {
	var acct Account
	err := a.onOrigin(user, func(origin *url.URL) error {
		u := origin.JoinPath(mastodonAccounts, "lookup")
		u.RawQuery = url.Values{"acct": {user.name}}.Encode()
		var found mastodonAccount
		r, err := a.get(ctx, u, &found)
		if closed(err) {
			acct, err = a.lookupFeed(ctx, origin, user.name)
			return err
		}
		if err != nil {
			return err
		}
		if found.ID == "" {
			return refuse(Malformed, "This server does not answer as Mastodon does.", "account without id")
		}
		home := originOf(r.url)
		// A server that tells names but not posts is followed by feed from the start.
		if _, err := a.statuses(ctx, home.JoinPath(mastodonAccounts, found.ID), "", 1); closed(err) {
			acct, err = a.lookupFeed(ctx, home, found.Username)
			return err
		}
		acct = found.account(home)
		return nil
	})
	return acct, err
}

// lookupFeed finds the feed of an account: Mastodon's address, then GoToSocial's.
func (a *mastodonAdapter) lookupFeed(ctx context.Context, origin *url.URL, name string) (Account, error) {
	var failed error
	for _, path := range []string{"/@" + name + ".rss", "/@" + name + "/feed.rss"} {
		u := origin.JoinPath(path)
		res, err := a.feeds.fetchFeed(ctx, u, FetchRequest{ExternalID: u.String()})
		if err == nil {
			return feedAccount(u, *res.Account), nil
		}
		failed = err
	}
	if KindOf(failed) == NotFound {
		return Account{}, &Error{Kind: AuthRequired, Public: "This server shows posts to its members only.", Err: failed}
	}
	return Account{}, failed
}

// webfinger asks the handle's host where the account lives (RFC 7033; Mastodon docs: WebFinger).
func (a *mastodonAdapter) webfinger(ctx context.Context, user fediverseUser) (fediverseUser, error) {
	home := user
	err := a.onOrigin(user, func(origin *url.URL) error {
		u := origin.JoinPath("/.well-known/webfinger")
		u.RawQuery = url.Values{"resource": {"acct:" + user.name + "@" + user.host}}.Encode()
		var found struct {
			Links list[struct{ Rel, Href string }] `json:"links"`
		}
		if _, err := a.get(ctx, u, &found); err != nil {
			return err
		}
		for _, link := range found.Links {
			if u, err := url.Parse(link.Href); err == nil && link.Rel == "self" && isHost(u.Host) {
				home.host, home.scheme = strings.ToLower(u.Host), u.Scheme
			}
		}
		return nil
	})
	return home, err
}

// Fetch reads the statuses after the last one seen, oldest first, page by page.
func (a *mastodonAdapter) Fetch(ctx context.Context, req FetchRequest) (FetchResult, error) {
	account, err := url.Parse(req.ExternalID)
	if err != nil {
		return FetchResult{}, refuse(Unsupported, "This is not a Mastodon account.", "parse account address")
	}
	if !strings.HasPrefix(account.Path, mastodonAccounts) {
		return a.fetchFeed(ctx, account, req)
	}
	var cursor mastodonCursor
	_ = json.Unmarshal([]byte(req.Cursor), &cursor) // an unreadable cursor is as good as none
	res, err := a.fetchAPI(ctx, account, &cursor)
	if closed(err) {
		return a.fallBack(ctx, account, cursor, req, err)
	}
	if err != nil {
		return FetchResult{}, err
	}
	res.Cursor = cursor.encode()
	return res, nil
}

func (c mastodonCursor) encode() string {
	out, err := json.Marshal(c)
	if err != nil {
		return "" // two strings always encode
	}
	return string(out)
}

func (a *mastodonAdapter) fetchAPI(ctx context.Context, account *url.URL, cursor *mastodonCursor) (FetchResult, error) {
	var res FetchResult
	first := cursor.Since == ""
	for n := range mastodonMaxPages {
		page, err := a.statuses(ctx, account, cursor.Since, mastodonPage)
		if err != nil {
			if n == 0 {
				return FetchResult{}, err
			}
			return res, nil // the cursor stands at the last page read
		}
		before := cursor.Since
		for i := range page {
			st := &page[i]
			if !laterID(st.ID, before) {
				continue // a server that knows no min_id repeats its newest
			}
			res.Posts = append(res.Posts, st.post())
			if laterID(st.ID, cursor.Since) {
				cursor.Since = st.ID
			}
			cursor.User = st.Account.Username
			acct := st.Account.account(account)
			res.Account = &acct
		}
		if first || len(page) < mastodonPage || cursor.Since == before {
			break
		}
	}
	return res, nil
}

// statuses reads one page. min_id makes Mastodon page forward, so that a long gap loses nothing;
// servers without it take since_id, which gives the newest instead.
func (a *mastodonAdapter) statuses(ctx context.Context, account *url.URL, since string, limit int) (list[mastodonStatus], error) {
	u := account.JoinPath("statuses")
	q := url.Values{"limit": {strconv.Itoa(limit)}}
	if since != "" {
		q.Set("since_id", since)
		q.Set("min_id", since)
	}
	u.RawQuery = q.Encode()
	var page list[mastodonStatus]
	r, err := a.get(ctx, u, &page)
	if err == nil && !bytes.HasPrefix(bytes.TrimSpace(r.body), []byte("[")) {
		err = refuse(Malformed, "This server does not answer as Mastodon does.", "statuses are no list")
	}
	return page, err
}

// get performs one API call and decodes its answer.
func (a *mastodonAdapter) get(ctx context.Context, u *url.URL, into any) (*reply, error) {
	page := u.Query().Has("since_id")
	r, err := a.fetch.get(ctx, call{url: u, accept: acceptJSON, pace: mastodonPace(), page: page, holdHost: true})
	if err != nil {
		return r, err
	}
	return r, decodeJSON(r.body, into)
}

// closed tells whether the API wants a login; Mastodon says so with 422 too.
func closed(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Kind == AuthRequired || e.Status == 422)
}

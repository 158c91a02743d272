package source

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	bskyPage        = 50 // items asked for at once; the API allows 100
	bskyMaxPages    = 5  // pages read to close the gap to the last poll
	bskyBatch       = 25 // posts per getPosts (lexicon app.bsky.feed.getPosts)
	bskyProfileEach = 12 * time.Hour
	bskyPostPart    = "/app.bsky.feed.post/"
	bskySelfRepost  = "#repost"
)

// blueskyAdapter reads the public AppView, which needs no key. An account is its DID: handles change.
type blueskyAdapter struct {
	fetch *fetcher
	base  *url.URL
}

// bskyCursor is what a poll leaves for the next one.
type bskyCursor struct {
	Seen    time.Time `json:"seen"`    // sort time of the newest item
	Profile int64     `json:"profile"` // Unix time of the last look at the profile
}

// Platform is Bluesky.
func (a *blueskyAdapter) Platform() string { return Bluesky }

// Capabilities: everything but views.
func (a *blueskyAdapter) Capabilities() Capabilities {
	return Capabilities{Likes: true, Comments: true, Shares: true, Followers: true}
}

// Host is the AppView, whoever the account is.
func (a *blueskyAdapter) Host(string) string { return hostKey(a.base) }

// Resolve accepts a handle, a DID, an at:// address or one of bsky.app.
func (a *blueskyAdapter) Resolve(ctx context.Context, input string) (Account, error) {
	actor, ok := parseBluesky(input)
	if !ok {
		return Account{}, refuse(Unsupported, "This is not a Bluesky handle or profile address.", "input is no actor")
	}
	return a.profile(ctx, actor)
}

// parseBluesky finds the actor (a handle or a DID) that an input names.
func parseBluesky(input string) (string, bool) {
	s := cleanInput(input)
	if rest, ok := strings.CutPrefix(s, "at://"); ok {
		s, _, _ = strings.Cut(rest, "/")
	}
	if strings.HasPrefix(s, "did:") {
		return s, len(s) > len("did:") && !strings.ContainsAny(s, "/?# ")
	}
	if strings.Contains(s, "/") {
		u, ok := parseWeb(s)
		if !ok {
			return "", false
		}
		host := strings.TrimPrefix(u.Hostname(), "www.")
		if parts := strings.Split(strings.Trim(u.Path, "/"), "/"); parts[0] == "profile" && len(parts) > 1 {
			s = parts[1]
		} else if u.Path == "" || u.Path == "/" {
			s = host
		} else {
			return "", false
		}
		if strings.HasPrefix(s, "did:") {
			return s, true
		}
	}
	s = strings.ToLower(strings.TrimPrefix(s, "@"))
	return s, isDomain(s)
}

// profile asks for an actor's description.
func (a *blueskyAdapter) profile(ctx context.Context, actor string) (Account, error) {
	var p bskyProfile
	if err := a.call(ctx, "app.bsky.actor.getProfile", url.Values{"actor": {actor}}, &p); err != nil {
		return Account{}, err
	}
	if !strings.HasPrefix(p.DID, "did:") {
		return Account{}, refuse(Malformed, "Bluesky's answer lacks the account's id.", "profile without did")
	}
	acct := p.account()
	acct.Followers = p.Followers.n
	return acct, nil
}

// Fetch reads the newest page of the author's feed, and older ones until it meets what the last poll
// saw. Known posts come along: their figures are fresh.
func (a *blueskyAdapter) Fetch(ctx context.Context, req FetchRequest) (FetchResult, error) {
	var last bskyCursor
	_ = json.Unmarshal([]byte(req.Cursor), &last) // an unreadable cursor is as good as none
	next, res, after := last, FetchResult{}, ""
	for n := range bskyMaxPages {
		page, err := a.page(ctx, req.ExternalID, after)
		if err != nil {
			if n == 0 {
				return FetchResult{}, err
			}
			// Keep the pages read, and the old mark, so that the next poll tries the gap again.
			next.Seen = last.Seen
			break
		}
		oldest := time.Time{}
		for i := range page.Feed {
			item := &page.Feed[i]
			res.Posts = append(res.Posts, item.convert(req.ExternalID))
			if acct := item.owner(req.ExternalID); acct != nil && res.Account == nil {
				res.Account = acct
			}
			oldest = item.sortTime()
			if oldest.After(next.Seen) {
				next.Seen = oldest
			}
		}
		after = page.Cursor
		if last.Seen.IsZero() || after == "" || len(page.Feed) == 0 || !oldest.After(last.Seen) {
			break
		}
	}
	a.refreshProfile(ctx, req.ExternalID, &next, &res)
	cursor, err := json.Marshal(next)
	if err != nil {
		return FetchResult{}, refuse(Malformed, "Bluesky names an impossible date.", "encode cursor: %w", err)
	}
	res.Cursor = string(cursor)
	return res, nil
}

func (a *blueskyAdapter) page(ctx context.Context, did, after string) (bskyFeed, error) {
	q := url.Values{"actor": {did}, "limit": {strconv.Itoa(bskyPage)}, "filter": {"posts_with_replies"}}
	if after != "" {
		q.Set("cursor", after)
	}
	var page bskyFeed
	err := a.call(ctx, "app.bsky.feed.getAuthorFeed", q, &page)
	return page, err
}

// refreshProfile looks at the profile twice a day: the feed tells no followers. It may fail unheard.
func (a *blueskyAdapter) refreshProfile(ctx context.Context, did string, c *bskyCursor, res *FetchResult) {
	now := a.fetch.now()
	if now.Sub(time.Unix(c.Profile, 0)) < bskyProfileEach {
		return
	}
	if acct, err := a.profile(ctx, did); err == nil && acct.ExternalID == did {
		res.Account = &acct
		c.Profile = now.Unix()
	}
}

// Measure reads the figures of the account's own posts, 25 at a time. A batch that fails costs only
// itself, unless all do.
func (a *blueskyAdapter) Measure(ctx context.Context, accountID string, postIDs []string) (map[string]Metrics, error) {
	refs := make([]PostRef, len(postIDs))
	for i, id := range postIDs {
		refs[i] = PostRef{accountID, id}
	}
	got := a.measureGroup(ctx, refs)
	out := make(map[string]Metrics, len(got.Figures))
	for ref, m := range got.Figures {
		out[ref.PostID] = m
	}
	if len(out) == 0 {
		for _, err := range got.Failed {
			return nil, err
		}
	}
	return out, nil
}

// measureGroup reads the figures of several accounts' own posts, 25 at a time; a post that an answer
// leaves out is gone. Reposts have no figures of their own.
func (a *blueskyAdapter) measureGroup(ctx context.Context, posts []PostRef) Measured {
	out := newMeasured(len(posts))
	var own []PostRef
	for _, p := range posts {
		if strings.HasPrefix(p.PostID, "at://"+p.AccountID+bskyPostPart) && !strings.HasSuffix(p.PostID, bskySelfRepost) {
			own = append(own, p)
		}
	}
	for batch := range slices.Chunk(own, bskyBatch) {
		figures, whole, err := a.getPosts(ctx, batch)
		for _, p := range batch {
			m, ok := figures[p.PostID]
			switch {
			case err != nil:
				out.Failed[p] = err
			case ok:
				out.Figures[p] = m
			case whole:
				out.Figures[p] = Metrics{Gone: true}
			}
		}
	}
	return out
}

// getPosts asks for at most 25 posts. whole tells whether every post of the answer could be read, so that
// one that lacks is not there.
func (a *blueskyAdapter) getPosts(ctx context.Context, posts []PostRef) (figures map[string]Metrics, whole bool, err error) {
	q := url.Values{}
	for _, p := range posts {
		q.Add("uris", p.PostID)
	}
	var got struct {
		Posts []json.RawMessage `json:"posts"`
	}
	if err := a.call(ctx, "app.bsky.feed.getPosts", q, &got); err != nil {
		return nil, false, err
	}
	figures, whole = make(map[string]Metrics, len(got.Posts)), got.Posts != nil
	for _, raw := range got.Posts[:min(len(got.Posts), maxListed)] {
		var post bskyPost
		if lenient(json.Unmarshal(raw, &post)) != nil || post.URI == "" {
			whole = false
			continue
		}
		figures[post.URI] = post.metrics()
	}
	return figures, whole, nil
}

// call performs one XRPC query and decodes its answer.
func (a *blueskyAdapter) call(ctx context.Context, method string, q url.Values, into any) error {
	u := a.base.JoinPath("xrpc", method)
	u.RawQuery = q.Encode()
	r, err := a.fetch.get(ctx, call{url: u, accept: acceptJSON, pace: blueskyPace(), holdHost: true})
	if err != nil {
		return bskyError(r, err)
	}
	return decodeJSON(r.body, into)
}

// bskyError reads the reason out of a refusal: a missing actor is a 400 there.
func bskyError(r *reply, err error) error {
	if r == nil || r.status != 400 {
		return err
	}
	var reason struct{ Error, Message string }
	_ = json.Unmarshal(r.body, &reason) // no reason is one too
	out := &Error{Kind: Transient, Status: r.status, Public: "Bluesky did not accept the request.", Err: err}
	message := strings.ToLower(reason.Message)
	switch {
	case reason.Error == "AccountTakedown":
		out.Kind, out.Public = NotFound, "Bluesky has suspended this account."
	case reason.Error == "AccountDeactivated":
		out.Kind, out.Public = NotFound, "This Bluesky account is deactivated."
	case strings.Contains(message, "not found"), strings.Contains(message, "unable to resolve"),
		strings.Contains(message, "could not find"), reason.Error == "ActorNotFound":
		out.Kind, out.Public = NotFound, "Bluesky knows no such account."
	}
	return out
}

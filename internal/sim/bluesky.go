package sim

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// xrpcError is an error as XRPC services write it.
type xrpcError struct {
	status        int
	name, message string
}

func invalidRequest(format string, args ...any) *xrpcError {
	return &xrpcError{http.StatusBadRequest, "InvalidRequest", fmt.Sprintf(format, args...)}
}

// serveXRPC is the part of the AppView's public API that a reader of posts needs.
func (s *Sim) serveXRPC(w http.ResponseWriter, r *http.Request) {
	methods := map[string]func(*http.Request) (any, *xrpcError){
		"app.bsky.feed.getAuthorFeed":        s.getAuthorFeed,
		"app.bsky.feed.getPosts":             s.getPosts,
		"app.bsky.actor.getProfile":          s.getProfile,
		"com.atproto.identity.resolveHandle": s.resolveHandle,
		"app.bsky.actor.getProfiles":         s.getProfiles,
	}
	call, ok := methods[r.PathValue("method")]
	if !ok {
		writeJSON(w, http.StatusNotImplemented, object{"error": "MethodNotImplemented", "message": "Method Not Implemented"})
		return
	}
	if s.isForeign(r) {
		s.forwardXRPC(w, r)
		return
	}
	s.mu.Lock()
	var raw []byte
	e := s.xrpcLimit(w.Header(), remoteIP(r))
	if e == nil {
		var out any
		if out, e = call(r); e == nil {
			raw = mustJSON(out)
		}
	}
	s.mu.Unlock()
	if e != nil {
		writeJSON(w, e.status, object{"error": e.name, "message": e.message})
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(raw)
}

// xrpcLimit counts requests by address and writes the RateLimit headers of the service.
func (s *Sim) xrpcLimit(h http.Header, addr string) *xrpcError {
	limit, now := s.cfg.Limits.Bluesky, s.now()
	if limit < 0 {
		return nil
	}
	win := s.limits.use("bluesky "+addr, 5*time.Minute, now)
	h.Set("RateLimit-Limit", strconv.Itoa(limit))
	h.Set("RateLimit-Remaining", strconv.Itoa(max(limit-win.used, 0)))
	h.Set("RateLimit-Reset", strconv.FormatInt(win.start.Add(win.span).Unix(), 10))
	h.Set("RateLimit-Policy", fmt.Sprintf("%d;w=300", limit))
	if win.used > limit {
		return &xrpcError{http.StatusTooManyRequests, "RateLimitExceeded", "Rate Limit Exceeded"}
	}
	return nil
}

// actor finds the account of a parameter, which must be a DID or a handle.
func (s *Sim) actor(r *http.Request) (*source, *xrpcError) {
	id := r.URL.Query().Get("actor")
	if id == "" {
		return nil, invalidRequest(`Error: Params must have the property "actor"`)
	}
	if !isDID(id) && !isHandle(id) {
		return nil, invalidRequest("Error: actor must be a valid did or a handle")
	}
	if src := s.find(PlatformBluesky, id); src != nil {
		return src, nil
	}
	return nil, invalidRequest("Profile not found")
}

func isDID(id string) bool {
	return regexp.MustCompile(`^did:[a-z]+:[a-zA-Z0-9._:%-]+$`).MatchString(id)
}

func isHandle(id string) bool {
	return regexp.MustCompile(`^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`).MatchString(id)
}

func (src *source) profileBasic(base string) object {
	return object{
		"did": src.ID, "handle": src.Name, "displayName": src.Title, "avatar": abs(base, src.Avatar),
		"associated": object{}, "labels": []any{}, "createdAt": "2023-05-01T12:00:00.000Z",
	}
}

func (s *Sim) profile(src *source, base string) object {
	o := src.profileBasic(base)
	o["description"], o["followersCount"], o["followsCount"] = src.Description, src.Followers, 120
	o["postsCount"], o["indexedAt"] = len(src.posts), src.modified
	return o
}

func (s *Sim) getProfile(r *http.Request) (any, *xrpcError) {
	src, e := s.actor(r)
	if e != nil {
		return nil, e
	}
	return s.profile(src, s.baseURL(r)), nil
}

// getProfiles skips actors that do not exist; at most 25 are asked for at once.
func (s *Sim) getProfiles(r *http.Request) (any, *xrpcError) {
	actors := r.URL.Query()["actors"]
	if len(actors) == 0 || len(actors) > 25 {
		return nil, invalidRequest("Error: actors must have between 1 and 25 elements")
	}
	list := []object{}
	for _, id := range actors {
		if src := s.find(PlatformBluesky, id); src != nil {
			list = append(list, s.profile(src, s.baseURL(r)))
		}
	}
	return object{"profiles": list}, nil
}

func (s *Sim) resolveHandle(r *http.Request) (any, *xrpcError) {
	handle := r.URL.Query().Get("handle")
	if !isHandle(handle) {
		return nil, invalidRequest("Error: handle must be a valid handle")
	}
	if src := s.find(PlatformBluesky, handle); src != nil {
		return object{"did": src.ID}, nil
	}
	return nil, invalidRequest("Unable to resolve handle")
}

// getAuthorFeed pages through an account's posts and reposts, newest first. The
// cursor is the time of the last item; it is there as long as a page holds anything.
func (s *Sim) getAuthorFeed(r *http.Request) (any, *xrpcError) {
	src, e := s.actor(r)
	if e != nil {
		return nil, e
	}
	q := r.URL.Query()
	limit := 50
	if v := q.Get("limit"); v != "" {
		n, err := strconv.Atoi(v)
		switch {
		case err != nil:
			return nil, invalidRequest("Error: limit must be an integer")
		case n < 1:
			return nil, invalidRequest("Error: limit can not be less than 1")
		case n > 100:
			return nil, invalidRequest("Error: limit can not be greater than 100")
		}
		limit = n
	}
	before := time.Time{}
	if v := q.Get("cursor"); v != "" {
		t, err := time.Parse(time.RFC3339Nano, v)
		if err != nil {
			return nil, invalidRequest("Malformed cursor")
		}
		before = t
	}
	feed, cursor := []object{}, ""
	for _, p := range slices.Backward(src.posts) {
		if len(feed) == limit {
			break
		}
		if !p.passes(q.Get("filter")) || !before.IsZero() && !p.PublishedAt.Before(before) {
			continue
		}
		feed = append(feed, s.feedItem(src, p, s.baseURL(r)))
		cursor = p.PublishedAt.Format(time.RFC3339Nano)
	}
	out := object{"feed": feed}
	if cursor != "" {
		out["cursor"] = cursor
	}
	return out, nil
}

// passes applies the filter of getAuthorFeed (lexicon app.bsky.feed.getAuthorFeed).
func (p *platformPost) passes(filter string) bool {
	switch filter {
	case "posts_no_replies", "posts_and_author_threads":
		return p.Kind != "reply"
	case "posts_with_media":
		return p.Kind != "repost" && p.ImageURL != ""
	case "posts_with_video":
		return p.Kind == "video"
	default:
		return true
	}
}

func (s *Sim) feedItem(src *source, p *platformPost, base string) object {
	item := object{"post": s.postView(src, p, base)}
	switch p.Kind {
	case "repost":
		item["reason"] = object{
			"$type": "app.bsky.feed.defs#reasonRepost", "by": src.profileBasic(base), "indexedAt": p.PublishedAt,
			"uri": "at://" + src.ID + "/app.bsky.feed.repost/" + p.ID, "cid": cid(p.ID),
		}
	case "reply":
		ref := object{"$type": "app.bsky.feed.defs#notFoundPost", "uri": p.parentURI(), "notFound": true}
		item["reply"] = object{"root": ref, "parent": ref}
	}
	return item
}

func (p *platformPost) parentURI() string {
	return "at://" + madeUpID(PlatformBluesky, "parent of "+p.ID) + "/app.bsky.feed.post/" + p.ID
}

func (p *platformPost) uri(src *source) string {
	return "at://" + p.author(src).ID + "/app.bsky.feed.post/" + p.ID
}

// author is the account, or of a repost the one whose post it is.
func (p *platformPost) author(src *source) *source {
	if p.Kind != "repost" {
		return src
	}
	name := p.Author
	def(&name, "somebody.example")
	return &source{SourceSpec: SourceSpec{Name: name, ID: madeUpID(PlatformBluesky, name), Title: name}}
}

func (s *Sim) postView(src *source, p *platformPost, base string) object {
	m := p.at(s.now())
	text := p.Text
	def(&text, p.Title)
	record := object{"$type": "app.bsky.feed.post", "text": text, "createdAt": p.PublishedAt, "langs": []string{"en"}}
	if p.Kind == "reply" {
		ref := object{"uri": p.parentURI(), "cid": cid("parent" + p.ID)}
		record["reply"] = object{"root": ref, "parent": ref}
	}
	view := object{
		"$type": "app.bsky.feed.defs#postView", "uri": p.uri(src), "cid": cid(p.ID),
		"author": p.author(src).profileBasic(base), "record": record, "indexedAt": p.PublishedAt,
		"likeCount": m.Likes, "repostCount": m.Reposts, "replyCount": m.Replies, "quoteCount": m.Quotes,
		"bookmarkCount": 0, "labels": []any{},
	}
	image := abs(base, p.ImageURL)
	switch {
	case p.URL != "":
		view["embed"] = object{"$type": "app.bsky.embed.external#view", "external": object{
			"uri": abs(base, p.URL), "title": p.Title, "description": "", "thumb": image,
		}}
	case p.Kind == "video":
		view["embed"] = object{
			"$type": "app.bsky.embed.video#view", "cid": cid(p.ID + "v"), "thumbnail": image,
			"playlist": base + "/media/" + p.ID + ".m3u8", "aspectRatio": object{"width": 16, "height": 9},
		}
	case image != "":
		view["embed"] = object{"$type": "app.bsky.embed.images#view", "images": []object{{
			"thumb": image, "fullsize": image, "alt": p.Title, "aspectRatio": object{"width": 16, "height": 9},
		}}}
	}
	return view
}

func cid(seed string) string { return "bafyrei" + token(seed, 52, "abcdefghijklmnopqrstuvwxyz234567") }

// getPosts returns those of the URIs that exist, at most 25 at once.
func (s *Sim) getPosts(r *http.Request) (any, *xrpcError) {
	uris := r.URL.Query()["uris"]
	if len(uris) == 0 {
		return nil, invalidRequest(`Error: Params must have the property "uris"`)
	}
	if len(uris) > 25 {
		return nil, invalidRequest("Error: uris must not have more than 25 elements")
	}
	list := []object{}
	for _, uri := range uris {
		if !strings.HasPrefix(uri, "at://") {
			return nil, invalidRequest("Error: uris/0 must be a valid at-uri")
		}
		parts := strings.Split(strings.TrimPrefix(uri, "at://"), "/")
		src := s.find(PlatformBluesky, parts[0])
		if src == nil || len(parts) != 3 || parts[1] != "app.bsky.feed.post" {
			continue
		}
		if p := src.post(parts[2]); p != nil && p.Kind != "repost" {
			list = append(list, s.postView(src, p, s.baseURL(r)))
		}
	}
	return object{"posts": list}, nil
}

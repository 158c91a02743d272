package sim

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// mastodonError is {"error": …} with a status.
type mastodonError struct {
	status  int
	message string
}

func recordNotFound() *mastodonError {
	return &mastodonError{http.StatusNotFound, "Record not found"}
}

func noSuchRecord(http.Header, *http.Request) (any, *mastodonError) { return nil, recordNotFound() }

// mastodon wraps a call of the API with its rate limit headers
// (Mastodon docs: Rate limits, 300 requests in 5 minutes by address).
func (s *Sim) mastodon(call func(http.Header, *http.Request) (any, *mastodonError)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		var raw []byte
		e := s.mastodonLimit(w.Header(), remoteIP(r))
		if e == nil {
			var out any
			if out, e = call(w.Header(), r); e == nil {
				raw = mustJSON(out)
			}
		}
		s.mu.Unlock()
		if e != nil {
			writeJSON(w, e.status, object{"error": e.message})
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(raw)
	}
}

func (s *Sim) mastodonLimit(h http.Header, addr string) *mastodonError {
	limit, now := s.cfg.Limits.Mastodon, s.now()
	if limit < 0 {
		return nil
	}
	win := s.limits.use("mastodon "+addr, 5*time.Minute, now)
	h.Set("X-RateLimit-Limit", strconv.Itoa(limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(limit-win.used, 0)))
	h.Set("X-RateLimit-Reset", win.start.Add(win.span).UTC().Format("2006-01-02T15:04:05.000000Z"))
	if win.used > limit {
		return &mastodonError{http.StatusTooManyRequests, "Too many requests"}
	}
	return nil
}

func closedAPI() *mastodonError {
	return &mastodonError{http.StatusUnauthorized, "This method requires an authenticated user"}
}

// lookupAccount takes "user" or "user@thishost" (Mastodon docs: accounts/lookup).
func (s *Sim) lookupAccount(_ http.Header, r *http.Request) (any, *mastodonError) {
	name, host, remote := strings.Cut(strings.TrimPrefix(r.URL.Query().Get("acct"), "@"), "@")
	src := s.find(PlatformMastodon, name)
	if src == nil || remote && !strings.EqualFold(host, r.Host) {
		return nil, recordNotFound()
	}
	if src.Locked {
		return nil, closedAPI()
	}
	return s.account(src, s.baseURL(r)), nil
}

func (s *Sim) getAccount(_ http.Header, r *http.Request) (any, *mastodonError) {
	src, e := s.accountByID(r)
	if e != nil {
		return nil, e
	}
	return s.account(src, s.baseURL(r)), nil
}

func (s *Sim) accountByID(r *http.Request) (*source, *mastodonError) {
	for _, src := range s.sources {
		if src.platform == PlatformMastodon && src.ID == r.PathValue("id") {
			if src.Locked {
				return nil, closedAPI()
			}
			return src, nil
		}
	}
	return nil, recordNotFound()
}

// account is the Account entity (Mastodon docs: Entities).
func (s *Sim) account(src *source, base string) object {
	avatar := abs(base, src.Avatar)
	def(&avatar, base+"/media/"+src.Name+".png")
	last := any(nil)
	if n := len(src.posts); n > 0 {
		last = src.posts[n-1].PublishedAt.Format(time.DateOnly)
	}
	return object{
		"id": src.ID, "username": src.Name, "acct": src.Name, "display_name": src.Title, "locked": false, "bot": false,
		"discoverable": true, "group": false, "created_at": "2023-01-15T00:00:00.000Z", "note": htmlText(src.Description),
		"url": base + "/@" + src.Name, "uri": base + "/users/" + src.Name, "avatar": avatar, "avatar_static": avatar,
		"header": avatar, "header_static": avatar, "followers_count": src.Followers, "following_count": 80,
		"statuses_count": len(src.posts), "last_status_at": last, "emojis": []any{}, "fields": []any{},
	}
}

// listStatuses pages by id: max_id and since_id count from the newest, min_id
// takes those right above (Mastodon docs: accounts/{id}/statuses).
func (s *Sim) listStatuses(h http.Header, r *http.Request) (any, *mastodonError) {
	src, e := s.accountByID(r)
	if e != nil {
		return nil, e
	}
	q := r.URL.Query()
	limit, err := strconv.Atoi(cmp.Or(q.Get("limit"), "20"))
	if err != nil || limit < 1 {
		limit = 20
	}
	limit = min(limit, 40)
	var page []*platformPost
	for _, p := range slices.Backward(src.posts) {
		if p.shown(q) {
			page = append(page, p)
		}
	}
	slices.SortStableFunc(page, func(a, b *platformPost) int { return cmp.Compare(number(b.ID), number(a.ID)) })
	if q.Get("min_id") != "" {
		page = page[max(len(page)-limit, 0):]
	}
	page = page[:min(limit, len(page))]
	list := []object{}
	for _, p := range page {
		list = append(list, s.status(src, p, s.baseURL(r)))
	}
	if len(page) > 0 {
		h.Set("Link", paging(s.baseURL(r)+r.URL.Path, q, page[0].ID, page[len(page)-1].ID))
	}
	return list, nil
}

func number(id string) uint64 {
	n, _ := strconv.ParseUint(id, 10, 64)
	return n
}

func (p *platformPost) shown(q url.Values) bool {
	truthy := func(name string) bool { v := q.Get(name); return v == "true" || v == "1" }
	id := number(p.ID)
	switch {
	case q.Get("max_id") != "" && id >= number(q.Get("max_id")),
		q.Get("since_id") != "" && id <= number(q.Get("since_id")),
		q.Get("min_id") != "" && id <= number(q.Get("min_id")):
		return false
	case truthy("exclude_replies") && p.Kind == "reply",
		truthy("exclude_reblogs") && p.Kind == "repost",
		truthy("only_media") && p.ImageURL == "",
		truthy("pinned"):
		return false
	}
	return true
}

// paging is the Link header: next is older, prev is newer.
func paging(path string, q url.Values, newest, oldest string) string {
	link := func(name, id, rel string) string {
		out := url.Values{}
		for key, v := range q {
			if key != "max_id" && key != "min_id" && key != "since_id" {
				out[key] = v
			}
		}
		out.Set(name, id)
		return fmt.Sprintf("<%s?%s>; rel=%q", path, out.Encode(), rel)
	}
	return link("max_id", oldest, "next") + ", " + link("min_id", newest, "prev")
}

// status is the Status entity (Mastodon docs: Entities).
func (s *Sim) status(src *source, p *platformPost, base string) object {
	m := p.at(s.now())
	address := base + "/@" + src.Name + "/" + p.ID
	o := object{
		"id": p.ID, "created_at": p.PublishedAt, "edited_at": nil, "uri": base + "/users/" + src.Name + "/statuses/" + p.ID,
		"url": address, "account": s.account(src, base), "content": p.mastodonHTML(base), "visibility": "public",
		"sensitive": false, "spoiler_text": "", "language": "en", "in_reply_to_id": nil, "in_reply_to_account_id": nil,
		"reblog": nil, "media_attachments": []any{}, "mentions": []any{}, "tags": []any{}, "emojis": []any{}, "card": nil,
		"poll": nil, "favourites_count": m.Likes, "reblogs_count": m.Reposts, "replies_count": m.Replies, "quotes_count": m.Quotes,
	}
	if !p.edited.IsZero() {
		o["edited_at"] = p.edited
	}
	if p.ImageURL != "" {
		kind := "image"
		if p.Kind == "video" {
			kind = "video"
		}
		o["media_attachments"] = []object{{
			"id": p.ID, "type": kind, "url": abs(base, p.ImageURL), "preview_url": abs(base, p.ImageURL), "description": p.Title,
		}}
	}
	switch p.Kind {
	case "reply":
		o["in_reply_to_id"], o["in_reply_to_account_id"] = "1"+p.ID[1:], "109000000000000001"
	case "repost":
		by := &source{SourceSpec: SourceSpec{Name: cmp.Or(p.Author, "somebody"), Title: cmp.Or(p.Author, "somebody"), ID: "109000000000000001"}}
		original := &platformPost{PostSpec: p.PostSpec}
		original.Kind, original.ID = "post", "1"+p.ID[1:]
		o["reblog"] = s.status(by, original, base)
		o["content"], o["url"] = "", address+"/activity"
		o["favourites_count"], o["reblogs_count"], o["replies_count"] = 0, 0, 0
	}
	return o
}

func (p *platformPost) mastodonHTML(base string) string {
	html := htmlText(cmp.Or(p.Text, p.Title))
	if p.URL != "" {
		html += `<p><a href="` + abs(base, p.URL) + `" target="_blank" rel="nofollow noopener">` + abs(base, p.URL) + `</a></p>`
	}
	return html
}

func (s *Sim) statusByID(id string) (*source, *platformPost) {
	for _, src := range s.sources {
		if src.platform == PlatformMastodon && !src.Locked {
			if p := src.post(id); p != nil {
				return src, p
			}
		}
	}
	return nil, nil
}

func (s *Sim) getStatus(_ http.Header, r *http.Request) (any, *mastodonError) {
	src, p := s.statusByID(r.PathValue("id"))
	if p == nil {
		return nil, recordNotFound()
	}
	return s.status(src, p, s.baseURL(r)), nil
}

// getStatuses returns those of id[] that exist, at most 20 (Mastodon docs: GET /api/v1/statuses, since 4.3).
func (s *Sim) getStatuses(_ http.Header, r *http.Request) (any, *mastodonError) {
	ids := r.URL.Query()["id[]"]
	list := []object{}
	for _, id := range ids[:min(len(ids), 20)] {
		if src, p := s.statusByID(id); p != nil {
			list = append(list, s.status(src, p, s.baseURL(r)))
		}
	}
	return list, nil
}

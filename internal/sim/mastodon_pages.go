package sim

import (
	"net/http"
	"strings"
	"time"
)

// serveWebfinger tells where an acct: of this host lives (RFC 7033; Mastodon docs: WebFinger).
func (s *Sim) serveWebfinger(w http.ResponseWriter, r *http.Request) {
	resource, ok := strings.CutPrefix(r.URL.Query().Get("resource"), "acct:")
	if !ok {
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	name, host, _ := strings.Cut(resource, "@")
	base := s.baseURL(r)
	s.mu.Lock()
	src := s.find(PlatformMastodon, name)
	s.mu.Unlock()
	if src == nil || !strings.EqualFold(host, r.Host) {
		http.Error(w, "", http.StatusNotFound)
		return
	}
	profile, actor := base+"/@"+src.Name, base+"/users/"+src.Name
	w.Header().Set("Content-Type", "application/jrd+json; charset=utf-8")
	_, _ = w.Write(mustJSON(object{
		"subject": "acct:" + src.Name + "@" + r.Host, "aliases": []string{profile, actor},
		"links": []object{
			{"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": profile},
			{"rel": "self", "type": "application/activity+json", "href": actor},
		},
	}))
}

// serveRoot is what has no route of its own: the front door and Mastodon's
// /@user, /@user.rss and /@user/{status}.
func (s *Sim) serveRoot(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/" {
		http.Redirect(w, r, "/sim/", http.StatusFound)
		return
	}
	who, isUser := strings.CutPrefix(r.URL.Path, "/@")
	if !isUser || r.Method != http.MethodGet {
		http.NotFound(w, r)
		return
	}
	name, id, _ := strings.Cut(who, "/")
	name, isFeed := strings.CutSuffix(name, ".rss")
	if isFeed {
		s.serveMastodonFeed(w, r, name)
		return
	}
	base := s.baseURL(r)
	s.mu.Lock()
	src := s.find(PlatformMastodon, name)
	var data object
	if src != nil {
		posts := []object{}
		for _, p := range src.newest(feedItems) {
			if (id == "" || id == p.ID) && p.Kind != "reply" {
				posts = append(posts, object{
					"Title": p.Title, "Text": p.Text, "Link": base + "/@" + src.Name + "/" + p.ID, "Image": p.ImageURL, "At": p.PublishedAt,
				})
			}
		}
		data = object{
			"Title": src.Title, "Description": src.Description, "Posts": posts, "Feed": base + "/@" + src.Name + ".rss",
		}
	}
	s.mu.Unlock()
	if data == nil {
		http.NotFound(w, r)
		return
	}
	s.render(w, http.StatusOK, "site.html", data)
}

// serveMastodonFeed is a profile's RSS: public posts without replies and boosts, untitled, newest 20.
func (s *Sim) serveMastodonFeed(w http.ResponseWriter, r *http.Request, name string) {
	base := s.baseURL(r)
	s.mu.Lock()
	src := s.find(PlatformMastodon, name)
	var body []byte
	if src != nil {
		ch := rssChannel{
			Title: src.Title, Description: "Public posts from @" + src.Name + "@" + r.Host, Link: base + "/@" + src.Name,
			LastBuild: src.modified.Format(time.RFC1123Z),
			Image:     &rssImage{abs(base, src.Avatar), src.Title, base + "/@" + src.Name},
		}
		for _, p := range src.newest(len(src.posts)) {
			if p.Kind == "reply" || p.Kind == "repost" || len(ch.Items) == 20 {
				continue
			}
			address := base + "/@" + src.Name + "/" + p.ID
			ch.Items = append(ch.Items, rssItem{
				Link: address, GUID: &rssGUID{PermaLink: true, Value: address},
				PubDate: p.PublishedAt.Format(time.RFC1123Z), Description: p.mastodonHTML(base),
			})
		}
		body = xmlBody(rssDoc{
			Version: "2.0", DC: "http://purl.org/dc/elements/1.1/", Media: "http://search.yahoo.com/mrss/", Channel: ch,
		})
	}
	s.mu.Unlock()
	if body == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=60, public")
	writeCompressed(w, r, body)
}

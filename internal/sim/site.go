package sim

import "net/http"

// serveSite is a site's front page, which names its feeds, or the page of one post.
func (s *Sim) serveSite(w http.ResponseWriter, r *http.Request) {
	base := s.baseURL(r)
	s.mu.Lock()
	src := s.sources[PlatformFeed+":"+r.PathValue("name")]
	var data object
	if src != nil {
		posts := []object{}
		for _, p := range src.newest(feedItems) {
			if id := r.PathValue("id"); id == "" || id == p.ID {
				posts = append(posts, object{
					"Title": p.Title, "Text": p.Text, "Link": p.link(src, base), "Image": p.ImageURL, "At": p.PublishedAt,
				})
			}
		}
		data = object{"Name": src.Name, "Title": src.Title, "Description": src.Description, "Posts": posts}
	}
	s.mu.Unlock()
	if data == nil {
		http.NotFound(w, r)
		return
	}
	s.render(w, http.StatusOK, "site.html", data)
}

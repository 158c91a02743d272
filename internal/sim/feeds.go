package sim

import (
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// feedItems is how many of the newest posts a feed lists.
const feedItems = 30

type rssDoc struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Media   string     `xml:"xmlns:media,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	TTL         int       `xml:"ttl,omitempty"`
	LastBuild   string    `xml:"lastBuildDate"`
	Image       *rssImage `xml:"image,omitempty"`
	Items       []rssItem `xml:"item"`
}

type rssImage struct {
	URL   string `xml:"url"`
	Title string `xml:"title"`
	Link  string `xml:"link"`
}

type rssItem struct {
	Title       string      `xml:"title,omitempty"`
	Link        string      `xml:"link"`
	GUID        *rssGUID    `xml:"guid,omitempty"`
	PubDate     string      `xml:"pubDate"`
	Creator     string      `xml:"dc:creator,omitempty"`
	Description string      `xml:"description,omitempty"`
	Thumbnail   *mediaThumb `xml:"media:thumbnail,omitempty"`
}

type rssGUID struct {
	PermaLink bool   `xml:"isPermaLink,attr"`
	Value     string `xml:",chardata"`
}

type mediaThumb struct {
	URL    string `xml:"url,attr"`
	Width  int    `xml:"width,attr,omitempty"`
	Height int    `xml:"height,attr,omitempty"`
}

type atomDoc struct {
	XMLName  xml.Name    `xml:"feed"`
	NS       string      `xml:"xmlns,attr"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	ID       string      `xml:"id"`
	Links    []atomLink  `xml:"link"`
	Updated  time.Time   `xml:"updated"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Title     string     `xml:"title"`
	ID        string     `xml:"id"`
	Links     []atomLink `xml:"link"`
	Published time.Time  `xml:"published"`
	Updated   time.Time  `xml:"updated"`
	Author    string     `xml:"author>name,omitempty"`
	Content   atomText   `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Body string `xml:",chardata"`
}

// newest returns up to n posts, newest first.
func (src *source) newest(n int) []*platformPost {
	list := slices.Clone(src.posts[max(len(src.posts)-n, 0):])
	slices.Reverse(list)
	return list
}

func (p *platformPost) updated() time.Time { return maxTime(p.PublishedAt, p.edited) }

// link is where the post stands: its own address, or a page here.
func (p *platformPost) link(src *source, base string) string {
	if p.URL != "" {
		return abs(base, p.URL)
	}
	return base + "/site/" + src.Name + "/posts/" + p.ID
}

// serveFeed renders a feed in the format of its extension, with validators, 304 and gzip.
func (s *Sim) serveFeed(w http.ResponseWriter, r *http.Request) {
	name, format, _ := strings.Cut(r.PathValue("file"), ".")
	s.mu.Lock()
	status, body := s.feed(w.Header(), r, name, format)
	s.mu.Unlock()
	switch status {
	case http.StatusNotFound:
		http.NotFound(w, r)
	case http.StatusNotModified:
		w.WriteHeader(status)
	default:
		writeCompressed(w, r, body)
	}
}

// feed sets the headers and renders the body unless the caller has it already. Callers hold mu.
func (s *Sim) feed(h http.Header, r *http.Request, name, format string) (int, []byte) {
	src := s.sources[PlatformFeed+":"+name]
	if src == nil || src.contentType(format) == "" {
		return http.StatusNotFound, nil
	}
	h.Set("Content-Type", src.contentType(format))
	if src.CacheControl != "" {
		h.Set("Cache-Control", src.CacheControl)
	}
	if !src.NoValidators {
		tag := fmt.Sprintf(`W/"%x-%d"`, hash(src.key+format), src.revision)
		h.Set("ETag", tag)
		h.Set("Last-Modified", src.modified.UTC().Format(http.TimeFormat))
		if notModified(r, tag, src.modified) {
			return http.StatusNotModified, nil
		}
	}
	return http.StatusOK, src.render(format, s.baseURL(r))
}

// notModified decides a conditional request: If-None-Match goes before
// If-Modified-Since (RFC 9110 §13.2.2), compared weakly.
func notModified(r *http.Request, tag string, modified time.Time) bool {
	if match := r.Header.Get("If-None-Match"); match != "" {
		for _, t := range strings.Split(match, ",") {
			if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
		return false
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !modified.Truncate(time.Second).After(since)
}

func writeCompressed(w http.ResponseWriter, r *http.Request, body []byte) {
	w.Header().Set("Vary", "Accept-Encoding")
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || r.Method == http.MethodHead {
		_, _ = w.Write(body)
		return
	}
	w.Header().Set("Content-Encoding", "gzip")
	zip := gzip.NewWriter(w)
	_, _ = zip.Write(body)
	_ = zip.Close()
}

// contentType is "" for an extension that names no format.
func (src *source) contentType(format string) string {
	switch format {
	case "xml", "rss":
		return "application/rss+xml; charset=utf-8"
	case "atom":
		return "application/atom+xml; charset=utf-8"
	case "json":
		return "application/feed+json"
	default:
		return ""
	}
}

func (src *source) render(format, base string) []byte {
	switch format {
	case "atom":
		return xmlBody(src.atom(base))
	case "json":
		return mustJSON(src.jsonFeed(base))
	default:
		return xmlBody(src.rss(base))
	}
}

func xmlBody(doc any) []byte {
	body, err := xml.MarshalIndent(doc, "", " ")
	if err != nil {
		panic(err) // the documents hold plain values
	}
	return append([]byte(xml.Header), body...)
}

func (src *source) site(base string) string { return base + "/site/" + src.Name }

func (src *source) rss(base string) rssDoc {
	ch := rssChannel{
		Title: src.Title, Link: src.site(base), Description: src.Description, TTL: src.TTL,
		LastBuild: src.modified.Format(time.RFC1123Z),
	}
	if src.Avatar != "" {
		ch.Image = &rssImage{abs(base, src.Avatar), src.Title, src.site(base)}
	}
	for _, p := range src.newest(feedItems) {
		item := rssItem{
			Title: p.Title, Link: p.link(src, base), PubDate: p.PublishedAt.Format(time.RFC1123Z),
			Creator: p.Author, Description: htmlText(p.Text),
		}
		if !src.NoGUID {
			item.GUID = &rssGUID{Value: src.Name + "-" + p.ID}
		}
		if p.ImageURL != "" {
			item.Thumbnail = &mediaThumb{URL: abs(base, p.ImageURL)}
		}
		ch.Items = append(ch.Items, item)
	}
	return rssDoc{
		Version: "2.0", DC: "http://purl.org/dc/elements/1.1/", Media: "http://search.yahoo.com/mrss/", Channel: ch,
	}
}

func (src *source) atom(base string) atomDoc {
	doc := atomDoc{
		NS: "http://www.w3.org/2005/Atom", Title: src.Title, Subtitle: src.Description, ID: src.site(base),
		Updated: src.modified, Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: base + "/feeds/" + src.Name + ".atom"},
			{Rel: "alternate", Type: "text/html", Href: src.site(base)},
		},
	}
	for _, p := range src.newest(feedItems) {
		e := atomEntry{
			Title: p.Title, ID: "urn:sim:" + src.Name + ":" + p.ID, Published: p.PublishedAt, Updated: p.updated(),
			Author: p.Author, Content: atomText{"html", htmlText(p.Text)},
			Links: []atomLink{{Rel: "alternate", Type: "text/html", Href: p.link(src, base)}},
		}
		if p.ImageURL != "" {
			e.Links = append(e.Links, atomLink{Rel: "enclosure", Type: "image/png", Href: abs(base, p.ImageURL)})
		}
		doc.Entries = append(doc.Entries, e)
	}
	return doc
}

// jsonFeed is version 1.1 (jsonfeed.org).
func (src *source) jsonFeed(base string) object {
	items := []object{}
	for _, p := range src.newest(feedItems) {
		item := object{
			"id": src.Name + "-" + p.ID, "url": p.link(src, base), "title": p.Title, "content_html": htmlText(p.Text),
			"date_published": p.PublishedAt,
		}
		if !p.edited.IsZero() {
			item["date_modified"] = p.edited
		}
		if p.Author != "" {
			item["authors"] = []object{{"name": p.Author}}
		}
		if p.ImageURL != "" {
			item["image"] = abs(base, p.ImageURL)
		}
		items = append(items, item)
	}
	return object{
		"version": "https://jsonfeed.org/version/1.1", "title": src.Title, "description": src.Description,
		"home_page_url": src.site(base), "feed_url": base + "/feeds/" + src.Name + ".json", "items": items,
	}
}

// htmlText is the text as HTML paragraphs, as feeds and Mastodon carry it.
func htmlText(text string) string {
	if text == "" {
		return ""
	}
	escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(text)
	return "<p>" + strings.ReplaceAll(strings.ReplaceAll(escaped, "\n\n", "</p><p>"), "\n", "<br>") + "</p>"
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

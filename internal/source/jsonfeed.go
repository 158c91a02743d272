package source

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

// jsonFeed is JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), what we use of it. It is read here
// and not by gofeed because gofeed merges content_text into content_html, drops a whole feed for one
// odd item, and makes memory many times the size of the body.
type jsonFeed struct {
	Version string           `json:"version"`
	Title   string           `json:"title"`
	Home    string           `json:"home_page_url"`
	Self    string           `json:"feed_url"`
	Hubs    list[jsonHub]    `json:"hubs"`
	Icon    string           `json:"icon"`
	Favicon string           `json:"favicon"`
	Author  jsonAuthor       `json:"author"`
	Authors list[jsonAuthor] `json:"authors"`
	Items   list[jsonItem]   `json:"items"`
}

type jsonHub struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

type jsonItem struct {
	ID          json.RawMessage  `json:"id"` // a string, but numbers are to be accepted too
	URL         string           `json:"url"`
	ExternalURL string           `json:"external_url"`
	Title       string           `json:"title"`
	HTML        string           `json:"content_html"`
	Text        string           `json:"content_text"`
	Summary     string           `json:"summary"`
	Image       string           `json:"image"`
	Banner      string           `json:"banner_image"`
	Published   string           `json:"date_published"`
	Modified    string           `json:"date_modified"`
	Author      jsonAuthor       `json:"author"`
	Authors     list[jsonAuthor] `json:"authors"`
}

func parseJSONFeed(body []byte, base *url.URL) (*feed, error) {
	var in jsonFeed
	if err := lenient(json.Unmarshal(body, &in)); err != nil {
		return nil, refuse(Malformed, "The feed's JSON is broken.", "decode json feed: %w", err)
	}
	if !strings.Contains(in.Version, "jsonfeed.org/version/") {
		return nil, notAFeed("json without a version of JSON Feed")
	}
	out := &feed{title: cleanLine(in.Title), site: webURL(base, in.Home), image: webURL(base, in.Icon)}
	if out.image == "" {
		out.image = webURL(base, in.Favicon)
	}
	links := []link{{"self", in.Self}}
	for _, hub := range in.Hubs {
		if strings.EqualFold(hub.Type, "websub") {
			links = append(links, link{"hub", hub.URL})
		}
	}
	out.hub = hubOf(links, base)
	author := authorName(in.Authors, in.Author)
	for i := range in.Items {
		out.posts = append(out.posts, in.Items[i].post(author, base))
	}
	return out, nil
}

func (in *jsonItem) post(feedAuthor string, base *url.URL) Post {
	p := Post{
		Kind:        KindPost,
		URL:         webURL(base, in.URL),
		Title:       cleanLine(in.Title),
		AuthorName:  authorName(in.Authors, in.Author),
		PublishedAt: jsonTime(in.Published),
	}
	if p.AuthorName == "" {
		p.AuthorName = feedAuthor
	}
	if t := jsonTime(in.Modified); !t.IsZero() {
		p.EditedAt = &t
	}
	switch {
	case in.HTML != "":
		p.Body = plainText(in.HTML, maxBodyRunes)
	case in.Text != "":
		p.Body = in.Text
	default:
		p.Body = in.Summary
	}
	if p.URL == "" {
		p.URL = webURL(base, in.ExternalURL)
	}
	for _, candidate := range []string{in.Image, in.Banner, firstImage(in.HTML)} {
		if p.ThumbnailURL = webURL(base, candidate); p.ThumbnailURL != "" {
			break
		}
	}
	p.ExternalID = in.identity()
	return p
}

// identity follows itemID: id, else link, else words.
func (in *jsonItem) identity() string {
	var id string
	if json.Unmarshal(in.ID, &id) != nil {
		id = strings.TrimSpace(string(in.ID))
	}
	switch {
	case id != "" && id != "null":
		return id
	case in.URL != "":
		return in.URL
	case in.Title != "" || in.HTML != "" || in.Text != "":
		return hashID(in.Title, in.HTML, in.Text)
	}
	return ""
}

func authorName(authors list[jsonAuthor], single jsonAuthor) string {
	for _, a := range authors {
		if name := cleanLine(a.Name); name != "" {
			return name
		}
	}
	return cleanLine(single.Name)
}

// jsonTime reads RFC 3339 and the usual slips from it; zero if it is none.
func jsonTime(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04:05-0700", "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

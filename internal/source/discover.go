package source

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxCandidates bounds the feeds taken from one page.
const maxCandidates = 16

// page is what an HTML page tells about itself.
type page struct {
	title     string
	image     string   // og:image
	canonical string   // link rel=canonical
	channelID string   // YouTube's, from its meta elements
	feeds     []string // link rel=alternate of a feed type, comment feeds last
}

// readPage collects the links and meta elements of a page, wherever in it they stand. It never fails:
// what is no HTML has none.
func readPage(body []byte, contentType string, base *url.URL) page {
	var (
		p        page
		comments []string
		inTitle  bool
	)
	z := html.NewTokenizer(strings.NewReader(string(toUTF8(body, contentType))))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		switch kind {
		case html.TextToken:
			if inTitle && p.title == "" {
				p.title = clip(cleanLine(string(z.Text())), maxTitleRunes)
			}
		case html.EndTagToken:
			inTitle = false
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := atom.Lookup(name)
			inTitle = tag == atom.Title
			if !more || (tag != atom.Link && tag != atom.Meta && tag != atom.Base) {
				continue
			}
			a := attributes(z)
			switch tag {
			case atom.Base:
				if u, err := url.Parse(webURL(base, a["href"])); err == nil && u.Host != "" {
					base = u
				}
			case atom.Meta:
				p.meta(a, base)
			default:
				comments = append(comments, p.link(a, base)...)
			}
		}
	}
	p.feeds = append(p.feeds, comments...)
	p.feeds = p.feeds[:min(len(p.feeds), maxCandidates)]
	return p
}

func (p *page) meta(a map[string]string, base *url.URL) {
	content := a["content"]
	switch {
	case a["property"] == "og:image" && p.image == "":
		p.image = webURL(base, content)
	case a["property"] == "og:title" && content != "":
		p.title = clip(cleanLine(content), maxTitleRunes)
	case (a["itemprop"] == "channelId" || a["itemprop"] == "identifier") && isChannelID(content):
		p.channelID = content
	}
}

// link takes one link element; a feed of comments is returned, to be tried last.
func (p *page) link(a map[string]string, base *url.URL) []string {
	href := webURL(base, a["href"])
	if href == "" {
		return nil
	}
	rels := strings.Fields(strings.ToLower(a["rel"]))
	has := func(want string) bool {
		for _, r := range rels {
			if r == want {
				return true
			}
		}
		return false
	}
	if has("canonical") && p.canonical == "" {
		p.canonical = href
	}
	if !has("alternate") || !isFeedType(a["type"]) {
		return nil
	}
	if strings.Contains(strings.ToLower(a["title"]+" "+href), "comment") {
		return []string{href}
	}
	p.feeds = append(p.feeds, href)
	return nil
}

func isFeedType(mediaType string) bool {
	mediaType, _, _ = strings.Cut(strings.ToLower(mediaType), ";")
	switch strings.TrimSpace(mediaType) {
	case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml":
		return true
	}
	return false
}

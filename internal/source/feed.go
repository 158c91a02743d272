package source

import (
	"bytes"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

// feed is a document of any of the three formats, reduced to what is tracked.
type feed struct {
	title, site, image string
	ttl                time.Duration // the interval that the feed itself names, 0 if none
	hub                Hub
	posts              []Post
}

// parseFeed reads RSS 0.9x to 2.0, Atom or JSON Feed. base is the address the body came from. The
// error is Malformed for what is no feed or a broken one, TooLarge for one past the limits.
func parseFeed(body []byte, contentType string, base *url.URL) (*feed, error) {
	if trimmed := bytes.TrimLeft(body, "\xEF\xBB\xBF \t\r\n"); bytes.HasPrefix(trimmed, []byte("{")) {
		return parseJSONFeed(trimmed, base)
	}
	doc, err := readXML(body, contentType)
	if err != nil {
		return nil, err
	}
	var (
		parsed *gofeed.Feed
		ttl    time.Duration
		links  []link
	)
	switch doc.root {
	case "rss", "rdf":
		parsed, ttl, links, err = parseRSS(doc.text)
	case "feed":
		parsed, links, err = parseAtom(doc.text)
	default:
		return nil, notAFeed("root element is <%s>", doc.root)
	}
	if err != nil {
		return nil, malformedXML(err)
	}
	out := convertFeed(parsed, ttl, base)
	out.hub = hubOf(links, base)
	return out, nil
}

func notAFeed(format string, args ...any) *Error {
	return refuse(Malformed, "This address does not serve a feed.", format, args...)
}

func parseRSS(text []byte) (*gofeed.Feed, time.Duration, []link, error) {
	raw, err := (&rss.Parser{}).Parse(bytes.NewReader(text))
	if err != nil {
		return nil, 0, nil, err
	}
	// firstImage does the scan for pictures, without building a tree for every item.
	translator := gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	parsed, err := translator.Translate(raw)
	if err != nil {
		return nil, 0, nil, err
	}
	var links []link
	for _, e := range raw.Extensions["atom"]["link"] {
		links = append(links, link{e.Attrs["rel"], e.Attrs["href"]})
	}
	for i, item := range raw.Items {
		permalink := item.GUID != nil && strings.EqualFold(item.GUID.IsPermalink, "true")
		if parsed.Items[i].Link == "" && permalink {
			parsed.Items[i].Link = item.GUID.Value
		}
	}
	// ttl is in minutes (RSS 2.0 specification, <ttl>).
	minutes, _ := strconv.ParseFloat(strings.TrimSpace(raw.TTL), 64)
	if !(minutes > 0) {
		return parsed, 0, links, nil
	}
	return parsed, time.Duration(min(minutes, maxHint.Minutes()) * float64(time.Minute)), links, nil
}

func parseAtom(text []byte) (*gofeed.Feed, []link, error) {
	raw, err := (&atom.Parser{}).Parse(bytes.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	var links []link
	for _, l := range raw.Links {
		links = append(links, link{l.Rel, l.Href})
	}
	parsed, err := (&gofeed.DefaultAtomTranslator{}).Translate(raw)
	return parsed, links, err
}

func convertFeed(in *gofeed.Feed, ttl time.Duration, base *url.URL) *feed {
	out := &feed{title: plainTitle(in.Title), site: webURL(base, in.Link), ttl: ttl}
	if in.Image != nil {
		out.image = webURL(base, in.Image.URL)
	}
	author := personName(in.Authors)
	for _, item := range newest(in.Items) {
		out.posts = append(out.posts, convertItem(item, author, base))
	}
	return out
}

// newest leaves the newest of a feed longer than we keep, wherever in the feed they stand.
func newest(items []*gofeed.Item) []*gofeed.Item {
	if len(items) <= maxPosts {
		return items
	}
	at := func(i *gofeed.Item) time.Time {
		if i.PublishedParsed == nil {
			return time.Time{}
		}
		return *i.PublishedParsed
	}
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b *gofeed.Item) int { return at(b).Compare(at(a)) })
	return sorted[:maxPosts]
}

func convertItem(in *gofeed.Item, feedAuthor string, base *url.URL) Post {
	p := Post{
		ExternalID: itemID(in),
		Kind:       KindPost,
		URL:        itemURL(in, base),
		Title:      plainTitle(in.Title),
		AuthorName: personName(in.Authors),
		Body:       plainText(itemBody(in), maxBodyRunes),
	}
	if p.AuthorName == "" {
		p.AuthorName = feedAuthor
	}
	if in.PublishedParsed != nil {
		p.PublishedAt = *in.PublishedParsed
	}
	p.EditedAt = in.UpdatedParsed
	p.ThumbnailURL = itemThumbnail(in, base)
	return p
}

// itemID is the identity of an item: its guid, else its link. Only an item with neither is known by
// its words, since titles are edited too; its date, which is edited most of all, never counts.
func itemID(in *gofeed.Item) string {
	if id := strings.TrimSpace(in.GUID); id != "" {
		return id
	}
	if link := strings.TrimSpace(in.Link); link != "" {
		return link
	}
	for _, enc := range in.Enclosures {
		if enc.URL != "" {
			return enc.URL
		}
	}
	if in.Title == "" && in.Description == "" && in.Content == "" {
		return ""
	}
	return hashID(in.Title, in.Description, in.Content)
}

func itemURL(in *gofeed.Item, base *url.URL) string {
	for _, link := range append([]string{in.Link}, in.Links...) {
		if u := webURL(base, link); u != "" {
			return u
		}
	}
	for _, enc := range in.Enclosures {
		if u := webURL(base, enc.URL); u != "" {
			return u
		}
	}
	return ""
}

func itemBody(in *gofeed.Item) string {
	for _, s := range []string{in.Content, in.Description} {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	for _, e := range mediaElements(in.Extensions, "description") {
		if strings.TrimSpace(e.Value) != "" {
			return e.Value
		}
	}
	return ""
}

// itemThumbnail takes the first picture that an item offers, the most deliberate kind first.
func itemThumbnail(in *gofeed.Item, base *url.URL) string {
	var found []string
	for _, e := range mediaElements(in.Extensions, "thumbnail") {
		found = append(found, e.Attrs["url"])
	}
	for _, e := range mediaElements(in.Extensions, "content") {
		if e.Attrs["medium"] == "image" || strings.HasPrefix(e.Attrs["type"], "image/") {
			found = append(found, e.Attrs["url"])
		}
	}
	if in.ITunesExt != nil {
		found = append(found, in.ITunesExt.Image)
	}
	for _, enc := range in.Enclosures {
		if strings.HasPrefix(enc.Type, "image/") {
			found = append(found, enc.URL)
		}
	}
	if in.Image != nil {
		found = append(found, in.Image.URL)
	}
	for _, candidate := range found {
		if u := webURL(base, candidate); u != "" {
			return u
		}
	}
	for _, text := range []string{in.Content, in.Description} {
		if u := webURL(base, firstImage(text)); u != "" {
			return u
		}
	}
	return ""
}

// mediaElements are the elements of one name of Media RSS, alone or in a group (Media RSS 1.5.1).
func mediaElements(all ext.Extensions, name string) []ext.Extension {
	media := all["media"]
	out := slices.Clone(media[name])
	for _, group := range media["group"] {
		out = append(out, group.Children[name]...)
	}
	for _, content := range media["content"] {
		out = append(out, content.Children[name]...)
	}
	return out
}

func personName(people []*gofeed.Person) string {
	for _, p := range people {
		if p != nil && strings.TrimSpace(p.Name) != "" {
			return plainTitle(p.Name)
		}
	}
	return ""
}

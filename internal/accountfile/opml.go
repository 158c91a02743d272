package accountfile

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// namespace holds the attributes by which an outline says more than a feed's address: platform and account. Other
// readers pass over them (OPML 2.0, Extending OPML).
const namespace = "urn:trackbot:accounts"

const maxDepth = 32 // outlines within one another

// parseOPML reads the outlines of a subscription list. An outline with an address is an account; those around it
// that have none are folders: of two the outer is the brand and the inner the group, one alone is the group.
func parseOPML(data []byte) ([]Line, error) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.Strict = false
	dec.CharsetReader = func(label string, in io.Reader) (io.Reader, error) { return in, nil } // the bytes are UTF-8 whatever the declaration says
	var (
		lines   []Line
		folders []string // names of the open outlines; "" for one that is an account
		isOPML  bool
	)
	for len(lines) <= MaxLines {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, unreadable("The file is no well-formed XML.")
		}
		switch el := token.(type) {
		case xml.StartElement:
			isOPML = isOPML || strings.EqualFold(el.Name.Local, "opml")
			if !isOPML {
				return nil, unreadable("The file is no OPML.")
			}
			if !strings.EqualFold(el.Name.Local, "outline") {
				continue
			}
			if len(folders) == maxDepth {
				return nil, unreadable("The outlines lie too deep within one another.")
			}
			number, _ := dec.InputPos()
			line, name := outline(el.Attr)
			if line.Input != "" {
				line.Number = number
				line.Brand, line.Group = place(folders)
				lines, name = append(lines, line), ""
			}
			folders = append(folders, name)
		case xml.EndElement:
			if strings.EqualFold(el.Name.Local, "outline") && len(folders) > 0 {
				folders = folders[:len(folders)-1]
			}
		}
	}
	if !isOPML {
		return nil, unreadable("The file is no OPML.")
	}
	return lines, nil
}

// outline reads one element: an account, or a folder with a name.
func outline(attributes []xml.Attr) (line Line, name string) {
	text, title, feed, address := "", "", "", ""
	for _, a := range attributes {
		value := strings.TrimSpace(a.Value)
		if a.Name.Space == namespace {
			switch a.Name.Local {
			case "platform":
				line.Platform = strings.ToLower(value)
			case "account":
				line.Input = value
			}
			continue
		}
		switch strings.ToLower(a.Name.Local) {
		case "text":
			text = value
		case "title":
			title = value
		case "xmlurl":
			feed = value
		case "url":
			address = value
		}
	}
	if line.Input == "" || line.Platform == "" {
		line = Line{Input: first(feed, address)}
	}
	return line, first(text, title)
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// place finds brand and group in the names of the folders around an account.
func place(folders []string) (brand, group string) {
	var named []string
	for _, f := range folders {
		if f != "" {
			named = append(named, f)
		}
	}
	switch len(named) {
	case 0:
		return "", ""
	case 1:
		return "", named[0]
	}
	return named[0], named[len(named)-1]
}

// Entry is an account as OPML writes it.
type Entry struct {
	Brand, Group      string
	Platform, Account string // what identifies it to an import
	Name, Feed, Page  string // Feed is "" where the platform has none
}

type opmlDoc struct {
	XMLName xml.Name      `xml:"opml"`
	Version string        `xml:"version,attr"`
	NS      string        `xml:"xmlns:tb,attr"`
	Title   string        `xml:"head>title"`
	Created string        `xml:"head>dateCreated"`
	Body    []opmlOutline `xml:"body>outline"`
}

type opmlOutline struct {
	Text     string        `xml:"text,attr"`
	Title    string        `xml:"title,attr,omitempty"`
	Type     string        `xml:"type,attr,omitempty"`
	XMLURL   string        `xml:"xmlUrl,attr,omitempty"`
	HTMLURL  string        `xml:"htmlUrl,attr,omitempty"`
	URL      string        `xml:"url,attr,omitempty"`
	Platform string        `xml:"tb:platform,attr,omitempty"`
	Account  string        `xml:"tb:account,attr,omitempty"`
	Inner    []opmlOutline `xml:"outline"`
}

// WriteOPML writes entries, sorted by brand and group, as OPML 2.0: an outline a brand, within it one a group.
func WriteOPML(w io.Writer, title string, at time.Time, entries []Entry) error {
	doc := opmlDoc{Version: "2.0", NS: namespace, Title: title, Created: at.UTC().Format(time.RFC1123Z)}
	for i, e := range entries {
		if i == 0 || entries[i-1].Brand != e.Brand {
			doc.Body = append(doc.Body, opmlOutline{Text: e.Brand})
		}
		brand := &doc.Body[len(doc.Body)-1]
		if len(brand.Inner) == 0 || entries[i-1].Group != e.Group {
			brand.Inner = append(brand.Inner, opmlOutline{Text: e.Group})
		}
		group := &brand.Inner[len(brand.Inner)-1]
		group.Inner = append(group.Inner, e.outline())
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write opml: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("write opml: %w", err)
	}
	return nil
}

func (e Entry) outline() opmlOutline {
	o := opmlOutline{Text: e.Name, Title: e.Name, Type: "rss", XMLURL: e.Feed, HTMLURL: e.Page, Platform: e.Platform, Account: e.Account}
	if e.Feed == "" {
		o.Type, o.URL, o.HTMLURL = "link", e.Page, ""
	}
	return o
}

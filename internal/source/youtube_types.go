package source

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// youtubeFeed is the channel feed: Atom with YouTube's and Media RSS's elements.
type youtubeFeed struct {
	XMLName xml.Name       `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string         `xml:"http://www.w3.org/2005/Atom title"`
	Author  string         `xml:"http://www.w3.org/2005/Atom author>name"`
	Entries []youtubeEntry `xml:"http://www.w3.org/2005/Atom entry"`
}

type youtubeEntry struct {
	VideoID   string        `xml:"http://www.youtube.com/xml/schemas/2015 videoId"`
	Title     string        `xml:"http://www.w3.org/2005/Atom title"`
	Links     []youtubeLink `xml:"http://www.w3.org/2005/Atom link"`
	Author    string        `xml:"http://www.w3.org/2005/Atom author>name"`
	Published string        `xml:"http://www.w3.org/2005/Atom published"`
	Media     youtubeMedia  `xml:"http://search.yahoo.com/mrss/ group"`
}

type youtubeLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type youtubeMedia struct {
	Thumbnails []struct {
		URL string `xml:"url,attr"`
	} `xml:"http://search.yahoo.com/mrss/ thumbnail"`
	Description string `xml:"http://search.yahoo.com/mrss/ description"`
	Community   struct {
		Rating struct {
			Count string `xml:"count,attr"`
		} `xml:"http://search.yahoo.com/mrss/ starRating"`
		Statistics struct {
			Views string `xml:"views,attr"`
		} `xml:"http://search.yahoo.com/mrss/ statistics"`
	} `xml:"http://search.yahoo.com/mrss/ community"`
}

func parseYouTube(body []byte, contentType string) (*youtubeFeed, error) {
	doc, err := readXML(body, contentType)
	if err != nil {
		return nil, err
	}
	var f youtubeFeed
	if err := xml.Unmarshal(doc.text, &f); err != nil {
		return nil, malformedXML(err)
	}
	return &f, nil
}

func (f *youtubeFeed) name() string { return either(f.Author, f.Title) }

// post converts an entry. <updated> is left out: it changes with every count, so it tells no edit.
func (e *youtubeEntry) post() Post {
	p := Post{
		ExternalID:  e.VideoID,
		Kind:        KindVideo,
		URL:         "https://" + youtubeHost + "/watch?v=" + e.VideoID,
		Title:       e.Title,
		Body:        e.Media.Description,
		AuthorName:  e.Author,
		PublishedAt: jsonTime(e.Published),
	}
	for _, link := range e.Links {
		if link.Rel != "alternate" || link.Href == "" {
			continue
		}
		p.URL = link.Href
		if strings.Contains(link.Href, "/shorts/") {
			p.Kind = KindShort
		}
	}
	if len(e.Media.Thumbnails) > 0 {
		p.ThumbnailURL = e.Media.Thumbnails[0].URL
	}
	m := e.metrics()
	p.Metrics = &m
	return p
}

// metrics: the count of ratings is that of likes, since YouTube has no other rating left.
func (e *youtubeEntry) metrics() Metrics {
	return Metrics{Views: count(e.Media.Community.Statistics.Views), Likes: count(e.Media.Community.Rating.Count)}
}

// count reads a figure; nil if there is none.
func count(s string) *int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

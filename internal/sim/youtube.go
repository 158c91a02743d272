package sim

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"strings"
	"time"
)

// youtubeItems is how many videos a channel's feed lists.
const youtubeItems = 15

type ytFeed struct {
	XMLName   xml.Name   `xml:"feed"`
	YT        string     `xml:"xmlns:yt,attr"`
	Media     string     `xml:"xmlns:media,attr"`
	NS        string     `xml:"xmlns,attr"`
	Links     []atomLink `xml:"link"`
	ID        string     `xml:"id"`
	ChannelID string     `xml:"yt:channelId"`
	Title     string     `xml:"title"`
	Author    ytAuthor   `xml:"author"`
	Published string     `xml:"published"`
	Entries   []ytEntry  `xml:"entry"`
}

type ytAuthor struct {
	Name string `xml:"name"`
	URI  string `xml:"uri"`
}

type ytEntry struct {
	ID        string   `xml:"id"`
	VideoID   string   `xml:"yt:videoId"`
	ChannelID string   `xml:"yt:channelId"`
	Title     string   `xml:"title"`
	Link      atomLink `xml:"link"`
	Author    ytAuthor `xml:"author"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Group     ytGroup  `xml:"media:group"`
}

type ytGroup struct {
	Title       string      `xml:"media:title"`
	Content     ytContent   `xml:"media:content"`
	Thumbnail   mediaThumb  `xml:"media:thumbnail"`
	Description string      `xml:"media:description"`
	Community   ytCommunity `xml:"media:community"`
}

type ytContent struct {
	URL    string `xml:"url,attr"`
	Type   string `xml:"type,attr"`
	Width  int    `xml:"width,attr"`
	Height int    `xml:"height,attr"`
}

type ytCommunity struct {
	Rating struct {
		Count   int64  `xml:"count,attr"`
		Average string `xml:"average,attr"`
		Min     int    `xml:"min,attr"`
		Max     int    `xml:"max,attr"`
	} `xml:"media:starRating"`
	Statistics struct {
		Views int64 `xml:"views,attr"`
	} `xml:"media:statistics"`
}

// serveYouTubeFeed is a channel's Atom feed: newest 15 videos with views and likes.
func (s *Sim) serveYouTubeFeed(w http.ResponseWriter, r *http.Request) {
	base := s.baseURL(r)
	s.mu.Lock()
	var body []byte
	if src := s.channelByID(r.URL.Query().Get("channel_id")); src != nil {
		body = xmlBody(src.youtube(base, s.now()))
	}
	s.mu.Unlock()
	if body == nil {
		youtubeNotFound(w)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/xml; charset=UTF-8")
	h.Set("Cache-Control", "public, max-age=900")
	h.Set("Expires", s.now().Add(15*time.Minute).Format(http.TimeFormat))
	writeCompressed(w, r, body)
}

// youtubeNotFound is the HTML page that YouTube answers with, for unknown
// channels and, on bad days, for known ones.
func youtubeNotFound(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte("<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title><p><b>404.</b> <ins>That’s an error.</ins></html>\n"))
}

func (s *Sim) channelByID(id string) *source {
	for _, src := range s.sources {
		if src.platform == PlatformYouTube && src.ID == id {
			return src
		}
	}
	return nil
}

func (src *source) youtube(base string, now time.Time) ytFeed {
	channel := base + "/youtube/channel/" + src.ID
	author := ytAuthor{src.Title, channel}
	doc := ytFeed{
		YT: "http://www.youtube.com/xml/schemas/2015", Media: "http://search.yahoo.com/mrss/", NS: "http://www.w3.org/2005/Atom",
		Links: []atomLink{
			{Rel: "self", Href: base + "/youtube/feeds/videos.xml?channel_id=" + src.ID}, {Rel: "alternate", Href: channel},
		},
		ID: "yt:channel:" + strings.TrimPrefix(src.ID, "UC"), ChannelID: strings.TrimPrefix(src.ID, "UC"), Title: src.Title,
		Author: author, Published: "2019-04-02T09:00:00+00:00",
	}
	for _, p := range src.newest(youtubeItems) {
		m := p.at(now)
		e := ytEntry{
			ID: "yt:video:" + p.ID, VideoID: p.ID, ChannelID: src.ID, Title: cmp.Or(p.Title, p.Text),
			Link: atomLink{Rel: "alternate", Href: p.watch(base)}, Author: author,
			Published: p.PublishedAt.Format("2006-01-02T15:04:05-07:00"), Updated: p.updated().Format("2006-01-02T15:04:05-07:00"),
		}
		e.Group = ytGroup{
			Title: e.Title, Description: p.Text,
			Content:   ytContent{base + "/youtube/v/" + p.ID + "?version=3", "application/x-shockwave-flash", 640, 390},
			Thumbnail: mediaThumb{abs(base, cmp.Or(p.ImageURL, "/media/"+p.ID+".png")), 480, 360},
		}
		c := &e.Group.Community
		c.Rating.Count, c.Rating.Average, c.Rating.Min, c.Rating.Max = m.Likes, "5.00", 1, 5
		c.Statistics.Views = m.Views
		doc.Entries = append(doc.Entries, e)
	}
	return doc
}

// watch is the video's address; shorts have one of their own.
func (p *platformPost) watch(base string) string {
	if p.Kind == "short" {
		return base + "/youtube/shorts/" + p.ID
	}
	return base + "/youtube/watch?v=" + p.ID
}

// serveYouTubePage is the page of a channel (by id or handle) or of a video,
// with the canonical and feed links that lead to the channel.
func (s *Sim) serveYouTubePage(w http.ResponseWriter, r *http.Request) {
	base := s.baseURL(r)
	kind, rest, _ := strings.Cut(r.PathValue("page"), "/")
	s.mu.Lock()
	src, video := s.youtubePage(kind, rest, r.URL.Query().Get("v"))
	var data object
	if src != nil {
		data = object{
			"Title": src.Title, "Description": src.Description, "ChannelID": src.ID,
			"Canonical": base + "/youtube/channel/" + src.ID, "Feed": base + "/youtube/feeds/videos.xml?channel_id=" + src.ID,
			"Image": abs(base, cmp.Or(src.Avatar, "/media/"+src.Name+".png")),
		}
		posts := []object{}
		for _, p := range src.newest(youtubeItems) {
			if video == nil || p == video {
				posts = append(posts, object{
					"Title": p.Title, "Text": p.Text, "Link": p.watch(base), "At": p.PublishedAt,
					"Image": cmp.Or(p.ImageURL, "/media/"+p.ID+".png"),
				})
			}
		}
		data["Posts"] = posts
		if video != nil {
			data["Canonical"] = video.watch(base)
		}
	}
	s.mu.Unlock()
	if data == nil {
		youtubeNotFound(w)
		return
	}
	s.render(w, http.StatusOK, "youtube.html", data)
}

func (s *Sim) youtubePage(kind, rest, v string) (*source, *platformPost) {
	switch {
	case kind == "channel":
		return s.channelByID(rest), nil
	case strings.HasPrefix(kind, "@"):
		return s.find(PlatformYouTube, kind[1:]), nil
	case kind == "shorts":
		v = rest
	case kind != "watch":
		return nil, nil
	}
	for _, src := range s.sources {
		if p := src.post(v); p != nil && src.platform == PlatformYouTube {
			return src, p
		}
	}
	return nil, nil
}

package source

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	youtubeProfileEach = 12 * time.Hour
	longestShort       = 3 * time.Minute // what is longer is none (YouTube Help: Shorts)
	surelyShort        = time.Minute     // where only the length can tell
)

// youtubeVideo is a video as the Data API tells of it.
type youtubeVideo struct {
	ID      string `json:"id"`
	Snippet struct {
		PublishedAt  string        `json:"publishedAt"`
		ChannelID    string        `json:"channelId"`
		Title        string        `json:"title"`
		Description  string        `json:"description"`
		ChannelTitle string        `json:"channelTitle"`
		Thumbnails   youtubeThumbs `json:"thumbnails"`
		Live         string        `json:"liveBroadcastContent"` // none, live, upcoming
	} `json:"snippet"`
	Details struct {
		Duration string `json:"duration"`
	} `json:"contentDetails"`
	Statistics struct {
		Views    string `json:"viewCount"`
		Likes    string `json:"likeCount"`
		Comments string `json:"commentCount"`
	} `json:"statistics"`
	Streaming *struct{} `json:"liveStreamingDetails"`
}

func (v *youtubeVideo) metrics() Metrics {
	return Metrics{Views: count(v.Statistics.Views), Likes: count(v.Statistics.Likes), Comments: count(v.Statistics.Comments)}
}

// live tells whether it is or was a stream, or is to be one.
func (v *youtubeVideo) live() bool {
	return v.Streaming != nil || v.Snippet.Live == "live" || v.Snippet.Live == "upcoming"
}

// post writes the addresses as the feed does, so that both ways to read a channel tell of the same post.
func (v *youtubeVideo) post(short bool) Post {
	m := v.metrics()
	p := Post{
		ExternalID: v.ID, Kind: KindVideo, URL: "https://" + youtubeHost + "/watch?v=" + v.ID,
		Title: v.Snippet.Title, Body: v.Snippet.Description, AuthorName: v.Snippet.ChannelTitle,
		ThumbnailURL: either(v.Snippet.Thumbnails.High.URL, v.Snippet.Thumbnails.Default.URL),
		PublishedAt:  jsonTime(v.Snippet.PublishedAt), Metrics: &m,
	}
	switch {
	case short:
		p.Kind, p.URL = KindShort, "https://"+youtubeHost+"/shorts/"+v.ID
	case v.live():
		p.Kind = KindLive
	}
	return p
}

// isoDuration reads a duration such as PT1M5S (ISO 8601), 0 if it is none.
func isoDuration(s string) time.Duration {
	m := regexp.MustCompile(`^P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,4})S)?)?$`).FindStringSubmatch(s)
	if m == nil {
		return 0
	}
	var total time.Duration
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi(m[i+1]) // what is missing is 0
		total += time.Duration(n) * unit
	}
	return total
}

// youtubeCursor is what a poll of the API leaves for the next one.
type youtubeCursor struct {
	Known   []string `json:"known"`   // ids whose kind is settled
	Shorts  []string `json:"shorts"`  // those of them that are shorts
	Profile int64    `json:"profile"` // Unix time of the last look at the channel
}

// fetchAPI reads the newest videos for two units. The Data API does not tell shorts, but the feed does, by their
// addresses; it is read when a new video may be one.
func (a *youtubeAdapter) fetchAPI(ctx context.Context, req FetchRequest) (FetchResult, error) {
	var c youtubeCursor
	_ = json.Unmarshal([]byte(req.Cursor), &c) // an unreadable cursor is as good as none
	ids, err := a.api.uploads(ctx, req.ExternalID)
	if err != nil {
		return FetchResult{}, err
	}
	if len(ids) == 0 {
		return FetchResult{}, refuse(NotFound, "This channel shows no videos.", "no uploads")
	}
	videos, _, err := a.api.videos(ctx, ids[:min(len(ids), youtubeBatch)], keepForMeasuring)
	if err != nil {
		return FetchResult{}, err
	}
	res := FetchResult{Validators: req.Validators}
	next := youtubeCursor{Profile: c.Profile}
	feed := a.shorts(ctx, req.ExternalID, videos, c.Known)
	for i := range videos {
		v := &videos[i]
		short := slices.Contains(c.Shorts, v.ID)
		if !slices.Contains(c.Known, v.ID) {
			short = feed.isShort(v)
		}
		next.Known = append(next.Known, v.ID)
		if short {
			next.Shorts = append(next.Shorts, v.ID)
		}
		res.Posts = append(res.Posts, v.post(short))
	}
	if now := a.fetch.now(); now.Sub(time.Unix(c.Profile, 0)) >= youtubeProfileEach {
		if acct, err := a.api.channel(ctx, "id", req.ExternalID, keepForMeasuring); err == nil {
			res.Account, next.Profile = &acct, now.Unix()
		}
	}
	cursor, err := json.Marshal(next)
	if err != nil {
		return FetchResult{}, refuse(Malformed, "YouTube's answer cannot be kept.", "encode cursor: %w", err)
	}
	res.Cursor = string(cursor)
	return res, nil
}

// feedKinds tells of the newest videos whether they are shorts; empty when the feed was not there.
type feedKinds map[string]bool

// shorts reads the feed if a video that is not known yet is short enough to be a short.
func (a *youtubeAdapter) shorts(ctx context.Context, channel string, videos []youtubeVideo, known []string) feedKinds {
	unsettled := func(v youtubeVideo) bool { return v.maybeShort() && !slices.Contains(known, v.ID) }
	if !slices.ContainsFunc(videos, unsettled) {
		return nil
	}
	f, _, err := a.read(ctx, channel, Validators{})
	if err != nil || f == nil {
		return nil
	}
	kinds := feedKinds{}
	for i := range f.Entries {
		kinds[f.Entries[i].VideoID] = strings.Contains(f.Entries[i].post().URL, "/shorts/")
	}
	return kinds
}

func (v *youtubeVideo) maybeShort() bool {
	d := isoDuration(v.Details.Duration)
	return d > 0 && d <= longestShort && !v.live()
}

func (k feedKinds) isShort(v *youtubeVideo) bool {
	if short, told := k[v.ID]; told {
		return short
	}
	return v.maybeShort() && isoDuration(v.Details.Duration) <= surelyShort
}

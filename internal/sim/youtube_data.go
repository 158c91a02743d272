package sim

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dataState is the Data API's account of the key: units by day.
type dataState struct {
	day  string
	used int
}

// QuotaStats is what the key has used of its daily quota.
type QuotaStats struct {
	Used  int `json:"used"`
	Limit int `json:"limit"`
}

// YouTubeQuota tells what the Data API's key has used today.
func (s *Sim) YouTubeQuota() QuotaStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rollQuota()
	return QuotaStats{s.data.used, s.cfg.Limits.YouTubeUnits}
}

// UseYouTubeQuota sets how much the key has used today, as if others shared it.
func (s *Sim) UseYouTubeQuota(used int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rollQuota()
	s.data.used = used
}

// rollQuota begins a new day at midnight of the Pacific's standard time. Callers hold mu.
func (s *Sim) rollQuota() {
	if day := s.now().In(time.FixedZone("PST", -8*3600)).Format(time.DateOnly); day != s.data.day {
		s.data = dataState{day: day}
	}
}

// dataError is an error of Google's APIs: a status and a reason.
type dataError struct {
	status          int
	reason, message string
}

// dataAPI wraps a call of the YouTube Data API v3 with its key and quota (YouTube Data API: Errors, quota costs).
func (s *Sim) dataAPI(call func(base string, r *http.Request) ([]object, *dataError)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		base := s.baseURL(r)
		s.mu.Lock()
		var items []object
		e := s.spendUnit(r)
		if e == nil {
			items, e = call(base, r)
		}
		s.mu.Unlock()
		if e != nil {
			writeJSON(w, e.status, object{"error": object{
				"code": e.status, "message": e.message,
				"errors": []object{{"message": e.message, "domain": "youtube", "reason": e.reason}},
			}})
			return
		}
		writeJSON(w, http.StatusOK, object{
			"kind": "youtube#listResponse", "etag": secret(8), "items": items,
			"pageInfo": object{"totalResults": len(items), "resultsPerPage": len(items)},
		})
	}
}

func (s *Sim) spendUnit(r *http.Request) *dataError {
	key := cmp.Or(r.Header.Get("X-Goog-Api-Key"), r.URL.Query().Get("key"))
	if key != s.cfg.YouTubeAPIKey {
		return &dataError{http.StatusBadRequest, "keyInvalid", "API key not valid. Please pass a valid API key."}
	}
	s.rollQuota()
	if s.data.used >= s.cfg.Limits.YouTubeUnits && s.cfg.Limits.YouTubeUnits >= 0 {
		return &dataError{http.StatusForbidden, "quotaExceeded", "The request cannot be completed because you have exceeded your quota."}
	}
	s.data.used++
	return nil
}

// listChannels answers channels.list by id, forHandle or forUsername.
func (s *Sim) listChannels(base string, r *http.Request) ([]object, *dataError) {
	q := r.URL.Query()
	var src *source
	switch {
	case q.Get("id") != "":
		src = s.channelByID(q.Get("id"))
	case q.Get("forHandle") != "":
		src = s.find(PlatformYouTube, strings.TrimPrefix(q.Get("forHandle"), "@"))
	case q.Get("forUsername") != "":
		src = s.find(PlatformYouTube, q.Get("forUsername"))
	default:
		return nil, &dataError{http.StatusBadRequest, "missingRequiredParameter", "No filter selected."}
	}
	if src == nil {
		return nil, nil
	}
	picture := object{"url": abs(base, cmp.Or(src.Avatar, "/media/"+src.Name+".png"))}
	return []object{{
		"kind": "youtube#channel", "id": src.ID,
		"snippet":    object{"title": src.Title, "customUrl": "@" + src.Name, "thumbnails": object{"default": picture, "medium": picture}},
		"statistics": object{"subscriberCount": fmt.Sprint(src.Followers), "hiddenSubscriberCount": false, "videoCount": fmt.Sprint(len(src.posts))},
	}}, nil
}

// listPlaylist answers playlistItems.list for a channel's uploads, whose id is the channel's with UU before it.
func (s *Sim) listPlaylist(_ string, r *http.Request) ([]object, *dataError) {
	src := s.channelByID("UC" + strings.TrimPrefix(r.URL.Query().Get("playlistId"), "UU"))
	if src == nil {
		return nil, &dataError{http.StatusNotFound, "playlistNotFound", "The playlist identified with the request's playlistId parameter cannot be found."}
	}
	limit, err := strconv.Atoi(r.URL.Query().Get("maxResults"))
	if err != nil || limit < 0 || limit > 50 {
		limit = 5
	}
	items := []object{}
	for _, p := range src.newest(limit) {
		items = append(items, object{"kind": "youtube#playlistItem", "contentDetails": object{"videoId": p.ID, "videoPublishedAt": p.PublishedAt}})
	}
	return items, nil
}

// listVideos answers videos.list for up to 50 ids.
func (s *Sim) listVideos(base string, r *http.Request) ([]object, *dataError) {
	ids := strings.Split(r.URL.Query().Get("id"), ",")
	if len(ids) > 50 {
		return nil, &dataError{http.StatusBadRequest, "invalidFilters", "Too many ids."}
	}
	items := []object{}
	for _, src := range s.sources {
		for _, p := range src.posts {
			if src.platform == PlatformYouTube && slices.Contains(ids, p.ID) {
				items = append(items, s.video(src, p, base))
			}
		}
	}
	return items, nil
}

func (s *Sim) video(src *source, p *platformPost, base string) object {
	m := p.at(s.now())
	duration, live := "PT4M30S", "none"
	switch p.Kind {
	case "short":
		duration = "PT45S"
	case "live":
		duration, live = "P0D", "live"
	}
	picture := object{"url": abs(base, cmp.Or(p.ImageURL, "/media/"+p.ID+".png"))}
	v := object{
		"kind": "youtube#video", "id": p.ID,
		"snippet": object{
			"publishedAt": p.PublishedAt, "channelId": src.ID, "title": cmp.Or(p.Title, p.Text), "description": p.Text,
			"channelTitle": src.Title, "thumbnails": object{"default": picture, "high": picture}, "liveBroadcastContent": live,
		},
		"contentDetails": object{"duration": duration},
		"statistics":     object{"viewCount": fmt.Sprint(m.Views), "likeCount": fmt.Sprint(m.Likes), "commentCount": fmt.Sprint(m.Replies)},
	}
	if p.Kind == "live" {
		v["liveStreamingDetails"] = object{"actualStartTime": p.PublishedAt}
	}
	return v
}

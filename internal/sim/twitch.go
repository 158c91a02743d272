package sim

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// twitchState is who is on air and which app tokens count.
type twitchState struct {
	tokens  map[string]time.Time // until when
	streams map[string]*stream   // by the source's key
}

// StreamSpec describes a stream to start.
type StreamSpec struct {
	Source  string `json:"source"`
	Title   string `json:"title"`
	Game    string `json:"game"`
	Viewers int64  `json:"viewers"`
}

type stream struct {
	StreamSpec
	id      string
	started time.Time
}

// twitchTokenTTL is how long an app token lasts (about 60 days).
const twitchTokenTTL = 60 * 24 * time.Hour

// AddTwitchChannel adds a channel; its posts are videos.
func (s *Sim) AddTwitchChannel(spec SourceSpec) (string, error) {
	return s.addSource(PlatformTwitch, spec)
}

// StartStream puts a channel on air and returns the stream's id. One that is on air starts anew under another id.
func (s *Sim) StartStream(spec StreamSpec) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	src := s.sources[spec.Source]
	if src == nil || src.platform != PlatformTwitch {
		return "", fmt.Errorf("start stream: no Twitch channel %q", spec.Source)
	}
	on := &stream{StreamSpec: spec, id: s.next(s.now()), started: s.now()}
	def(&on.Title, src.Title+" live")
	s.twitch.streams[spec.Source] = on
	s.touch()
	return on.id, nil
}

// StopStream takes a channel off air.
func (s *Sim) StopStream(sourceKey string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.twitch.streams, sourceKey)
	s.touch()
}

// ExpireTwitchTokens ends every app token; the next call with one gets 401.
func (s *Sim) ExpireTwitchTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.twitch.tokens)
}

// serveTwitchToken is the client credentials grant (Twitch docs: Getting OAuth Access Tokens).
func (s *Sim) serveTwitchToken(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("grant_type") != "client_credentials" {
		writeJSON(w, http.StatusBadRequest, object{"status": 400, "message": "invalid grant type"})
		return
	}
	if r.PostFormValue("client_id") != s.cfg.TwitchClientID {
		writeJSON(w, http.StatusBadRequest, object{"status": 400, "message": "invalid client"})
		return
	}
	if r.PostFormValue("client_secret") != s.cfg.TwitchClientSecret {
		writeJSON(w, http.StatusForbidden, object{"status": 403, "message": "invalid client secret"})
		return
	}
	token := secret(15)
	s.mu.Lock()
	s.twitch.tokens[token] = s.now().Add(twitchTokenTTL)
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, object{"access_token": token, "expires_in": int(twitchTokenTTL.Seconds()), "token_type": "bearer"})
}

// helixError is an error of Helix.
type helixError struct {
	status  int
	message string
}

// helix wraps a call with its token and its rate limit (Twitch docs: API Concepts, 800 points a minute).
func (s *Sim) helix(call func(base string, r *http.Request) ([]object, *helixError)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		base := s.baseURL(r)
		s.mu.Lock()
		var data []object
		e := s.helixAccess(w.Header(), r)
		if e == nil {
			data, e = call(base, r)
		}
		s.mu.Unlock()
		if e != nil {
			writeJSON(w, e.status, object{"error": http.StatusText(e.status), "status": e.status, "message": e.message})
			return
		}
		writeJSON(w, http.StatusOK, object{"data": data, "pagination": object{}})
	}
}

func (s *Sim) helixAccess(h http.Header, r *http.Request) *helixError {
	const prefix = "Bearer "
	auth := r.Header.Get("Authorization")
	if len(auth) < len(prefix) || !s.twitch.tokens[auth[len(prefix):]].After(s.now()) {
		return &helixError{http.StatusUnauthorized, "Invalid OAuth token"}
	}
	if r.Header.Get("Client-Id") != s.cfg.TwitchClientID {
		return &helixError{http.StatusUnauthorized, "Client ID and OAuth token do not match"}
	}
	if s.cfg.Limits.Twitch < 0 {
		return nil
	}
	win := s.limits.use("twitch", time.Minute, s.now())
	h.Set("Ratelimit-Limit", strconv.Itoa(s.cfg.Limits.Twitch))
	h.Set("Ratelimit-Remaining", strconv.Itoa(max(s.cfg.Limits.Twitch-win.used, 0)))
	h.Set("Ratelimit-Reset", strconv.FormatInt(win.start.Add(win.span).Unix(), 10))
	if win.used > s.cfg.Limits.Twitch {
		return &helixError{http.StatusTooManyRequests, "Too Many Requests"}
	}
	return nil
}

// twitchUsers answers users by id or login.
func (s *Sim) twitchUsers(base string, r *http.Request) ([]object, *helixError) {
	q := r.URL.Query()
	if len(q["id"])+len(q["login"]) > 100 {
		return nil, &helixError{http.StatusBadRequest, "The number of id and login parameters may not exceed 100"}
	}
	data := []object{}
	for _, src := range s.twitchChannels() {
		if slices.Contains(q["id"], src.ID) || slices.Contains(q["login"], src.Name) {
			data = append(data, object{
				"id": src.ID, "login": src.Name, "display_name": src.Title, "type": "", "broadcaster_type": "partner", "description": src.Description,
				"profile_image_url": abs(base, cmp.Or(src.Avatar, "/media/"+src.Name+".png")), "created_at": "2016-12-14T20:32:28Z",
			})
		}
	}
	return data, nil
}

func (s *Sim) twitchChannels() []*source {
	var list []*source
	for _, key := range s.sourceOrder {
		if src := s.sources[key]; src.platform == PlatformTwitch {
			list = append(list, src)
		}
	}
	return list
}

// twitchStreams answers who of up to 100 accounts is on air.
func (s *Sim) twitchStreams(base string, r *http.Request) ([]object, *helixError) {
	ids := r.URL.Query()["user_id"]
	if len(ids) > 100 {
		return nil, &helixError{http.StatusBadRequest, "The parameter user_id may be specified at most 100 times"}
	}
	data := []object{}
	for _, src := range s.twitchChannels() {
		on := s.twitch.streams[src.key]
		if on == nil || !slices.Contains(ids, src.ID) {
			continue
		}
		data = append(data, object{
			"id": on.id, "user_id": src.ID, "user_login": src.Name, "user_name": src.Title, "game_id": "1", "game_name": on.Game,
			"type": "live", "title": on.Title, "viewer_count": on.Viewers, "started_at": on.started, "language": "en",
			"thumbnail_url": base + "/media/live-" + src.Name + "-{width}x{height}.png",
		})
	}
	return data, nil
}

// twitchVideos answers videos by id, or those of one account, newest first.
func (s *Sim) twitchVideos(base string, r *http.Request) ([]object, *helixError) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("first"))
	if err != nil || limit < 1 || limit > 100 {
		limit = 20
	}
	data := []object{}
	for _, src := range s.twitchChannels() {
		for _, p := range src.newest(len(src.posts)) {
			if slices.Contains(q["id"], p.ID) || q.Get("user_id") == src.ID && len(data) < limit {
				data = append(data, s.twitchVideo(src, p, base))
			}
		}
	}
	if len(data) == 0 && len(q["id"]) > 0 {
		return nil, &helixError{http.StatusNotFound, "video not found"}
	}
	return data, nil
}

func (s *Sim) twitchVideo(src *source, p *platformPost, base string) object {
	return object{
		"id": p.ID, "stream_id": nil, "user_id": src.ID, "user_login": src.Name, "user_name": src.Title, "title": cmp.Or(p.Title, p.Text),
		"description": p.Text, "created_at": p.PublishedAt, "published_at": p.PublishedAt, "url": base + "/twitch/videos/" + p.ID,
		"thumbnail_url": base + "/media/" + p.ID + "-%{width}x%{height}.png", "viewable": "public", "view_count": p.at(s.now()).Views,
		"language": "en", "type": "upload", "duration": "4m30s",
	}
}

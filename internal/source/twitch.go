package source

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	twitchBatch       = 100 // ids a call (Twitch API reference: Get Streams, Get Videos)
	twitchVideos      = 20  // newest videos read by a poll
	twitchProfileEach = 12 * time.Hour
	twitchLive        = "live:" // before a stream's id, which is no video's
	// flapGap is how long a stream may be away and still be the same: broadcasts that lose their connection come
	// back under a new id within minutes.
	flapGap = 10 * time.Minute
)

// twitchAdapter reads Helix with an app token. An account is its user id: logins change.
type twitchAdapter struct {
	fetch *fetcher
	api   *url.URL
	token *appToken
	live  *liveBoard
}

// twitchCursor is what a poll leaves for the next one.
type twitchCursor struct {
	Live    string    `json:"live"`    // id of the stream that the live post is named after
	Seen    time.Time `json:"seen"`    // when it was last on air
	Profile int64     `json:"profile"` // Unix time of the last look at the account
}

// Platform is Twitch.
func (a *twitchAdapter) Platform() string { return Twitch }

// Capabilities: views, which for a stream on air are its viewers.
func (a *twitchAdapter) Capabilities() Capabilities { return Capabilities{Views: true, NeedsKey: true} }

// Host is Helix, whoever the account is.
func (a *twitchAdapter) Host(string) string { return hostKey(a.api) }

// Resolve accepts a login, a channel's address and a video's.
func (a *twitchAdapter) Resolve(ctx context.Context, input string) (Account, error) {
	login, video, ok := parseTwitch(input)
	if !ok {
		return Account{}, refuse(Unsupported, "This is not a Twitch channel; its address is twitch.tv/name.", "input is no channel")
	}
	q := url.Values{"login": {login}}
	if video != "" {
		var found twitchList[twitchVideo]
		if err := a.call(ctx, "videos", url.Values{"id": {video}}, &found); err != nil {
			return Account{}, err
		}
		if len(found.Data) == 0 {
			return Account{}, refuse(NotFound, "Twitch knows no such video.", "no video")
		}
		q = url.Values{"id": {found.Data[0].UserID}}
	}
	return a.user(ctx, q)
}

// parseTwitch finds the login, or else the id of a video, in an input.
func parseTwitch(input string) (login, video string, ok bool) {
	s := cleanInput(input)
	if !strings.Contains(s, "/") && !isTwitchHost(strings.ToLower(s)) {
		s = strings.ToLower(strings.TrimPrefix(s, "@"))
		return s, "", isLogin(s)
	}
	u, ok := parseWeb(s)
	if !ok || !isTwitchHost(u.Hostname()) {
		return "", "", false
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	switch {
	case parts[0] == "videos" && len(parts) > 1:
		return "", parts[1], len(parts[1]) <= 20 && strings.Trim(parts[1], "0123456789") == ""
	case (parts[0] == "popout" || parts[0] == "moderator") && len(parts) > 1:
		parts = parts[1:]
	}
	login = strings.ToLower(parts[0])
	switch login {
	case "directory", "videos", "p", "settings", "downloads", "jobs", "turbo", "store", "search", "subscriptions", "inventory", "wallet", "drops", "friends":
		return "", "", false
	}
	return login, "", isLogin(login)
}

// isLogin holds for the names of Twitch: 3 to 25 letters, digits and underscores, with some older ones shorter.
func isLogin(s string) bool {
	return s != "" && len(s) <= 25 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

func isTwitchHost(host string) bool {
	switch host {
	case "twitch.tv", "www.twitch.tv", "m.twitch.tv", "go.twitch.tv":
		return true
	}
	return false
}

// user asks for one account.
func (a *twitchAdapter) user(ctx context.Context, q url.Values) (Account, error) {
	var found twitchList[twitchUser]
	if err := a.call(ctx, "users", q, &found); err != nil {
		return Account{}, err
	}
	if len(found.Data) == 0 || found.Data[0].ID == "" {
		return Account{}, refuse(NotFound, "Twitch shows no such channel; it may be closed, suspended or renamed.", "no user")
	}
	return found.Data[0].account(), nil
}

// Fetch reads the newest videos and whether the channel is on air.
func (a *twitchAdapter) Fetch(ctx context.Context, req FetchRequest) (FetchResult, error) {
	var c twitchCursor
	_ = json.Unmarshal([]byte(req.Cursor), &c) // an unreadable cursor is as good as none
	var res FetchResult
	stream, err := a.live.of(ctx, req.ExternalID, a.fetch.now(), a.streams)
	if err != nil {
		return FetchResult{}, err
	}
	if stream != nil {
		res.Posts = append(res.Posts, c.onAir(stream, a.fetch.now()))
	}
	var videos twitchList[twitchVideo]
	q := url.Values{"user_id": {req.ExternalID}, "first": {"20"}}
	if err := a.call(ctx, "videos", q, &videos); err != nil && KindOf(err) != NotFound {
		return FetchResult{}, err
	}
	for i := range videos.Data[:min(len(videos.Data), twitchVideos)] {
		if v := &videos.Data[i]; stream == nil || v.StreamID != stream.ID { // the recording of what is on air grows yet
			res.Posts = append(res.Posts, v.post())
		}
	}
	if err := a.refreshUser(ctx, req.ExternalID, &c, &res); err != nil {
		return FetchResult{}, err
	}
	cursor, err := json.Marshal(c)
	if err != nil {
		return FetchResult{}, refuse(Malformed, "Twitch names an impossible date.", "encode cursor: %w", err)
	}
	res.Cursor = string(cursor)
	return res, nil
}

// onAir is the post of a stream. One that comes back soon after it broke off is the same post.
func (c *twitchCursor) onAir(s *twitchStream, now time.Time) Post {
	started := jsonTime(s.StartedAt)
	if c.Live == "" || s.ID != c.Live && started.Sub(c.Seen) > flapGap {
		c.Live = s.ID
	}
	c.Seen = now
	return s.post(c.Live)
}

// refreshUser looks at the account twice a day. Only that it is gone matters to the poll.
func (a *twitchAdapter) refreshUser(ctx context.Context, id string, c *twitchCursor, res *FetchResult) error {
	now := a.fetch.now()
	if now.Sub(time.Unix(c.Profile, 0)) < twitchProfileEach {
		return nil
	}
	acct, err := a.user(ctx, url.Values{"id": {id}})
	switch {
	case KindOf(err) == NotFound:
		return err
	case err == nil:
		res.Account, c.Profile = &acct, now.Unix()
	}
	return nil
}

// streams asks which of up to 100 accounts are on air.
func (a *twitchAdapter) streams(ctx context.Context, ids []string) (map[string]*twitchStream, error) {
	var found twitchList[twitchStream]
	if err := a.call(ctx, "streams", url.Values{"user_id": ids, "first": {"100"}}, &found); err != nil {
		return nil, err
	}
	out := make(map[string]*twitchStream, len(found.Data))
	for i := range found.Data {
		if s := &found.Data[i]; s.ID != "" && s.Type == "live" {
			out[s.UserID] = s
		}
	}
	return out, nil
}

// Measure reads the views of videos and the viewers of a stream on air.
func (a *twitchAdapter) Measure(ctx context.Context, accountID string, postIDs []string) (map[string]Metrics, error) {
	refs := make([]PostRef, len(postIDs))
	for i, id := range postIDs {
		refs[i] = PostRef{accountID, id}
	}
	got := a.measureGroup(ctx, refs)
	out := make(map[string]Metrics, len(got.Figures))
	for ref, m := range got.Figures {
		out[ref.PostID] = m
	}
	if len(out) == 0 {
		for _, err := range got.Failed {
			return nil, err
		}
	}
	return out, nil
}

// measureGroup reads the views of videos of any channels, 100 ids a call; one that an answer leaves out is gone. A
// stream that has ended tells nothing more.
func (a *twitchAdapter) measureGroup(ctx context.Context, posts []PostRef) Measured {
	out := newMeasured(len(posts))
	var videos []PostRef
	for _, p := range posts {
		stream, isLive := strings.CutPrefix(p.PostID, twitchLive)
		if !isLive {
			videos = append(videos, p)
			continue
		}
		on, err := a.live.of(ctx, p.AccountID, a.fetch.now(), a.streams)
		if err != nil {
			out.Failed[p] = err
		} else if on != nil && on.ID == stream {
			out.Figures[p] = Metrics{Views: on.Viewers.n}
		}
	}
	for batch := range slices.Chunk(videos, twitchBatch) {
		ids := make([]string, len(batch))
		for i, p := range batch {
			ids[i] = p.PostID
		}
		var found twitchList[twitchVideo]
		err := a.call(ctx, "videos", url.Values{"id": ids}, &found)
		none := KindOf(err) == NotFound // that is the answer when not one of them is there
		views := make(map[string]Metrics, len(found.Data))
		for i := range found.Data {
			views[found.Data[i].ID] = Metrics{Views: found.Data[i].Views.n}
		}
		for _, p := range batch {
			m, ok := views[p.PostID]
			switch {
			case err != nil && !none:
				out.Failed[p] = err
			case ok:
				out.Figures[p] = m
			default:
				out.Figures[p] = Metrics{Gone: true}
			}
		}
	}
	return out
}

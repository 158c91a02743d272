package source

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	youtubeBatch = 50 // ids a call and items a page (YouTube Data API: videos.list, playlistItems.list)

	// What each use of the budget leaves for those that matter more: adding an account goes before measuring, and
	// measuring before polling, which the feed does as well.
	keepForMeasuring = 3000
	keepForResolving = 200

	apiPause = time.Hour // after YouTube has refused the key
)

// Budget is what a platform lets a key do in a day, counted over all processes.
type Budget interface {
	// Spend takes units and tells whether more than keep were left over before midnight.
	Spend(ctx context.Context, platform string, units, keep int) (bool, error)
	// Exhaust notes that the platform says nothing is left today.
	Exhaust(ctx context.Context, platform string) error
}

// errSpent says that the API is not to be asked now; the feed is.
func errSpent() *Error {
	return &Error{Kind: RateLimited, Public: "YouTube's daily quota is used up.", Err: errors.New("no units of the daily quota to spend")}
}

// youtubeAPI speaks to the Data API v3. Each call costs one unit of the key's daily quota.
type youtubeAPI struct {
	fetch  *fetcher
	base   *url.URL
	key    string
	budget Budget // nil: not counted

	pausedUntil atomic.Int64 // Unix time
}

// call spends one unit. Its errors mean that the feed is to be read instead.
func (a *youtubeAPI) call(ctx context.Context, method string, keep int, q url.Values, into any) error {
	if a.fetch.now().Unix() < a.pausedUntil.Load() {
		return errSpent()
	}
	if a.budget != nil {
		ok, err := a.budget.Spend(ctx, YouTube, 1, keep)
		if err != nil {
			return err
		}
		if !ok {
			return errSpent()
		}
	}
	u := a.base.JoinPath(method)
	u.RawQuery = q.Encode()
	r, err := a.fetch.get(ctx, call{url: u, accept: acceptJSON, pace: youtubePace(), header: map[string]string{"X-Goog-Api-Key": a.key}})
	if err != nil {
		return a.refused(ctx, r, err)
	}
	return decodeJSON(r.body, into)
}

// refused reads why a call was not answered (YouTube Data API: Errors).
func (a *youtubeAPI) refused(ctx context.Context, r *reply, err error) error {
	if r == nil || r.status != http.StatusForbidden && r.status != http.StatusBadRequest && r.status != http.StatusTooManyRequests {
		return err
	}
	var body struct {
		Error struct {
			Errors list[struct{ Reason string }] `json:"errors"`
		} `json:"error"`
	}
	_ = json.Unmarshal(r.body, &body) // no reason is one too
	reason := ""
	if len(body.Error.Errors) > 0 {
		reason = body.Error.Errors[0].Reason
	}
	switch reason {
	case "quotaExceeded", "dailyLimitExceeded":
		if a.budget == nil {
			a.pausedUntil.Store(a.fetch.now().Add(apiPause).Unix())
		} else if noted := a.budget.Exhaust(ctx, YouTube); noted != nil {
			return noted
		}
		return errSpent()
	case "keyInvalid", "keyExpired", "badRequest", "accessNotConfigured", "forbidden", "ipRefererBlocked", "rateLimitExceeded", "userRateLimitExceeded":
		a.pausedUntil.Store(a.fetch.now().Add(apiPause).Unix())
	}
	return err
}

type youtubeList[T any] struct {
	Items list[T] `json:"items"`
}

type youtubeChannel struct {
	ID      string `json:"id"`
	Snippet struct {
		Title      string        `json:"title"`
		CustomURL  string        `json:"customUrl"`
		Thumbnails youtubeThumbs `json:"thumbnails"`
	} `json:"snippet"`
	Statistics struct {
		Subscribers string `json:"subscriberCount"`
		Hidden      bool   `json:"hiddenSubscriberCount"`
	} `json:"statistics"`
}

type youtubeThumbs struct {
	Default youtubeThumb `json:"default"`
	Medium  youtubeThumb `json:"medium"`
	High    youtubeThumb `json:"high"`
}

type youtubeThumb struct {
	URL string `json:"url"`
}

func (c *youtubeChannel) account() Account {
	acct := Account{
		Platform: YouTube, ExternalID: c.ID, Handle: c.ID, DisplayName: c.Snippet.Title,
		URL: "https://" + youtubeHost + "/channel/" + c.ID, AvatarURL: either(c.Snippet.Thumbnails.Medium.URL, c.Snippet.Thumbnails.Default.URL),
	}
	if strings.HasPrefix(c.Snippet.CustomURL, "@") {
		acct.Handle = c.Snippet.CustomURL
	}
	acct.DisplayName = either(acct.DisplayName, acct.Handle)
	if !c.Statistics.Hidden {
		acct.Followers = count(c.Statistics.Subscribers)
	}
	return acct
}

// channel asks for one channel, by id, forHandle or forUsername.
func (a *youtubeAPI) channel(ctx context.Context, by, value string, keep int) (Account, error) {
	var found youtubeList[youtubeChannel]
	if err := a.call(ctx, "channels", keep, url.Values{"part": {"snippet,statistics"}, by: {value}}, &found); err != nil {
		return Account{}, err
	}
	if len(found.Items) == 0 || !isChannelID(found.Items[0].ID) {
		return Account{}, refuse(NotFound, "YouTube knows no such channel.", "no channel")
	}
	return found.Items[0].account(), nil
}

// resolve finds the channel of an id or of a path as parse gives it; false: the API cannot tell.
func (a *youtubeAPI) resolve(ctx context.Context, id, path string) (Account, bool, error) {
	by, value := "id", id
	kind, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	video, isVideo := strings.CutPrefix(path, "/watch?v=")
	switch {
	case id != "":
	case strings.HasPrefix(kind, "@"):
		by, value = "forHandle", kind
	case kind == "user":
		by, value = "forUsername", rest
	case kind == "shorts" || kind == "live":
		video, isVideo = rest, true
	}
	if isVideo {
		videos, _, err := a.videos(ctx, []string{video}, 0)
		if err != nil || len(videos) == 0 {
			return Account{}, false, nil
		}
		value = videos[0].Snippet.ChannelID
	}
	if value == "" {
		return Account{}, false, nil
	}
	acct, err := a.channel(ctx, by, value, 0)
	if err != nil && KindOf(err) != NotFound {
		return Account{}, false, nil
	}
	return acct, true, err
}

// uploads lists the ids of a channel's newest videos. Their playlist is the channel's id with another beginning.
func (a *youtubeAPI) uploads(ctx context.Context, channel string) ([]string, error) {
	var found youtubeList[struct {
		Details struct {
			VideoID string `json:"videoId"`
		} `json:"contentDetails"`
	}]
	q := url.Values{"part": {"contentDetails"}, "playlistId": {"UU" + strings.TrimPrefix(channel, "UC")}, "maxResults": {strconv.Itoa(youtubeBatch)}}
	if err := a.call(ctx, "playlistItems", keepForMeasuring, q, &found); err != nil {
		return nil, err
	}
	var ids []string
	for _, item := range found.Items {
		ids = append(ids, item.Details.VideoID)
	}
	return ids, nil
}

// videos asks for up to 50 videos. whole tells whether every one of the answer could be read, so that one that lacks
// is not there.
func (a *youtubeAPI) videos(ctx context.Context, ids []string, keep int) (videos []youtubeVideo, whole bool, err error) {
	var found struct {
		Items []json.RawMessage `json:"items"`
	}
	q := url.Values{"part": {"snippet,contentDetails,statistics,liveStreamingDetails"}, "id": {strings.Join(ids, ",")}, "maxResults": {strconv.Itoa(youtubeBatch)}}
	if err := a.call(ctx, "videos", keep, q, &found); err != nil {
		return nil, false, err
	}
	whole = found.Items != nil
	for _, raw := range found.Items[:min(len(found.Items), youtubeBatch)] {
		var v youtubeVideo
		if lenient(json.Unmarshal(raw, &v)) != nil || v.ID == "" {
			whole = false
			continue
		}
		videos = append(videos, v)
	}
	return videos, whole, nil
}

// measureGroup reads the figures of videos of any channels, 50 a unit; a video that an answer leaves out is gone. What
// the API has no units for is read from the channels' feeds.
func (a *youtubeAdapter) measureGroup(ctx context.Context, posts []PostRef) Measured {
	out := newMeasured(len(posts))
	if a.api == nil {
		return measureEach(ctx, a, posts)
	}
	for batch := range slices.Chunk(posts, youtubeBatch) {
		ids := make([]string, len(batch))
		for i, p := range batch {
			ids[i] = p.PostID
		}
		videos, whole, err := a.api.videos(ctx, ids, keepForResolving)
		if err != nil {
			rest := measureEach(ctx, a, batch)
			maps.Copy(out.Figures, rest.Figures)
			maps.Copy(out.Failed, rest.Failed)
			continue
		}
		figures := make(map[string]Metrics, len(videos))
		for i := range videos {
			figures[videos[i].ID] = videos[i].metrics()
		}
		for _, p := range batch {
			if m, ok := figures[p.PostID]; ok {
				out.Figures[p] = m
			} else if whole {
				out.Figures[p] = Metrics{Gone: true}
			}
		}
	}
	return out
}

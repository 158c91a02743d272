package source

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// youtubeAdapter reads the feed that every channel has: its newest 15 videos with views and likes. With a key the
// Data API tells more, and the feed stands in when its daily quota is used up.
type youtubeAdapter struct {
	fetch *fetcher
	feed  *url.URL
	api   *youtubeAPI // nil without a key
	push  bool        // a hub can reach us
}

// Platform is YouTube.
func (a *youtubeAdapter) Platform() string { return YouTube }

// feedEach is how often YouTube's feeds are read at most, apiEach how often the Data API is.
const (
	feedEach = time.Hour
	apiEach  = 15 * time.Minute
)

// Capabilities: views and likes, with a key comments and followers too. The floor is not for another server that
// stands in for YouTube.
func (a *youtubeAdapter) Capabilities() Capabilities {
	c := Capabilities{Views: true, Likes: true, Push: a.push}
	if a.api != nil {
		c.Comments, c.Followers = true, true
	}
	switch {
	case a.feed.Hostname() != youtubeHost:
	case a.api != nil:
		c.MinInterval = apiEach
	default:
		c.MinInterval = feedEach
	}
	return c
}

// Host is YouTube's, whoever the channel is.
func (a *youtubeAdapter) Host(string) string { return hostKey(a.feed) }

// site is the address of the server that has the feeds and the channel pages.
func (a *youtubeAdapter) site(path string) *url.URL {
	u := *a.feed
	u.RawQuery = ""
	u.Path = strings.TrimSuffix(a.feed.Path, youtubeFeedPath)
	return u.JoinPath(path)
}

// Resolve accepts a channel id, a handle (@name) and the address of a channel, video or channel feed.
func (a *youtubeAdapter) Resolve(ctx context.Context, input string) (Account, error) {
	id, path, ok := a.parse(input)
	if !ok {
		return Account{}, refuse(Unsupported, "This is not a YouTube channel, handle or address.", "input is no channel")
	}
	if a.api != nil {
		if acct, told, err := a.api.resolve(ctx, id, path); told {
			return acct, err
		}
	}
	acct := Account{Platform: YouTube}
	if id == "" {
		p, err := a.page(ctx, path)
		if err != nil {
			return Account{}, err
		}
		if id = p.channel(); id == "" {
			return Account{}, refuse(Unsupported, "YouTube shows no channel at this address; its address with /channel/UC… works always.", "page names no channel")
		}
		acct.DisplayName, acct.AvatarURL = p.title, p.image
		if strings.HasPrefix(path, "/@") {
			acct.Handle, _, _ = strings.Cut(path[1:], "/")
		}
	}
	return a.describe(ctx, acct, id)
}

// describe fills the account from the feed, or from the channel's page while the feed is away.
func (a *youtubeAdapter) describe(ctx context.Context, acct Account, id string) (Account, error) {
	acct.ExternalID = id
	acct.URL = "https://" + youtubeHost + "/channel/" + id
	if f, _, err := a.read(ctx, id, Validators{}); err == nil {
		acct.DisplayName = either(f.name(), acct.DisplayName)
	} else if acct.DisplayName == "" {
		p, pageErr := a.page(ctx, "/channel/"+id)
		if KindOf(pageErr) == NotFound {
			return Account{}, pageErr
		}
		if pageErr != nil {
			return Account{}, err
		}
		acct.DisplayName, acct.AvatarURL = p.title, p.image
	}
	acct.Handle = either(acct.Handle, id)
	acct.DisplayName = either(acct.DisplayName, acct.Handle)
	return acct, nil
}

// parse finds the channel id in an input, or the path of the page that names it.
func (a *youtubeAdapter) parse(input string) (id, path string, ok bool) {
	s := cleanInput(input)
	switch {
	case isChannelID(s):
		return s, "", true
	case !strings.Contains(s, "/") && isUserName(strings.TrimPrefix(s, "@")) && !isYouTubeHost(strings.ToLower(s)):
		return "", "/@" + strings.TrimPrefix(s, "@"), true
	}
	u, ok := parseWeb(s)
	if !ok || (!isYouTubeHost(u.Hostname()) && u.Host != a.feed.Host) {
		return "", "", false
	}
	if id := u.Query().Get("channel_id"); isChannelID(id) {
		return id, "", true
	}
	if u.Host == a.feed.Host {
		u.Path = strings.TrimPrefix(u.Path, strings.TrimSuffix(a.feed.Path, youtubeFeedPath))
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	switch {
	case parts[0] == "channel" && len(parts) > 1 && isChannelID(parts[1]):
		return parts[1], "", true
	case strings.HasPrefix(parts[0], "@") && len(parts[0]) > 1:
		return "", "/" + parts[0], true
	case (parts[0] == "c" || parts[0] == "user" || parts[0] == "shorts" || parts[0] == "live") && len(parts) > 1:
		return "", "/" + parts[0] + "/" + parts[1], true
	case (parts[0] == "embed" || parts[0] == "v" || parts[0] == "e") && len(parts) > 1:
		return "", "/watch?v=" + url.QueryEscape(parts[1]), true
	case u.Hostname() == "youtu.be" && parts[0] != "":
		return "", "/watch?v=" + url.QueryEscape(parts[0]), true
	case parts[0] == "watch" && u.Query().Get("v") != "":
		return "", "/watch?v=" + url.QueryEscape(u.Query().Get("v")), true
	case len(parts) == 1 && isUserName(parts[0]) && !isYouTubePage(parts[0]):
		return "", "/" + parts[0], true // an address that a channel chose before there were handles
	}
	return "", "", false
}

// isYouTubePage tells the site's own pages from names of channels.
func isYouTubePage(name string) bool {
	switch name {
	case "watch", "playlist", "results", "feed", "feeds", "channel", "c", "user", "shorts", "live", "embed", "v", "e", "gaming", "premium",
		"account", "trending", "hashtag", "clip", "post", "redirect", "about", "t", "kids", "music", "movies", "podcasts", "signin", "logout":
		return true
	}
	return false
}

func (a *youtubeAdapter) page(ctx context.Context, path string) (page, error) {
	path, query, _ := strings.Cut(path, "?")
	u := a.site(path)
	u.RawQuery = query
	r, err := a.fetch.get(ctx, call{url: u, accept: "text/html", pace: youtubePace(), holdHost: true})
	if err != nil {
		return page{}, err
	}
	return readPage(r.body, r.header.Get("Content-Type"), r.url), nil
}

// channel is the id that a page gives in one of three places.
func (p page) channel() string {
	if p.channelID != "" {
		return p.channelID
	}
	for _, href := range append([]string{p.canonical}, p.feeds...) {
		u, err := url.Parse(href)
		if err != nil {
			continue
		}
		if id := u.Query().Get("channel_id"); isChannelID(id) {
			return id
		}
		if id, ok := strings.CutPrefix(u.Path, "/channel/"); ok && isChannelID(id) {
			return id
		}
	}
	return ""
}

// feedOf is the address of a channel's feed, which is also its topic at the hub.
func (a *youtubeAdapter) feedOf(id string) *url.URL {
	u := *a.feed
	u.RawQuery = url.Values{"channel_id": {id}}.Encode()
	return &u
}

// read asks for a channel's feed; nil without an error is a 304. For hours on most days the feed
// answers 404 or 500 for channels that are well, so both are Transient.
func (a *youtubeAdapter) read(ctx context.Context, id string, v Validators) (*youtubeFeed, *reply, error) {
	r, err := a.fetch.get(ctx, call{url: a.feedOf(id), accept: acceptFeed, validators: v, pace: youtubePace(), holdHost: true})
	if err != nil {
		if r != nil && r.status == http.StatusNotFound {
			return nil, r, &Error{Kind: Transient, Status: r.status, Public: "YouTube's feed of this channel is away for the moment.", Err: err}
		}
		return nil, r, err
	}
	if r.status == http.StatusNotModified {
		return nil, r, nil
	}
	f, err := parseYouTube(r.body, r.header.Get("Content-Type"))
	return f, r, err
}

// Fetch reads the channel's newest videos: by the Data API where there is a key with quota left, else by feed.
func (a *youtubeAdapter) Fetch(ctx context.Context, req FetchRequest) (FetchResult, error) {
	if a.api == nil {
		return a.fetchFeed(ctx, req)
	}
	res, err := a.fetchAPI(ctx, req)
	if err == nil || ctx.Err() != nil {
		return res, err
	}
	if res, err = a.fetchFeed(ctx, req); err == nil && a.feed.Hostname() == youtubeHost {
		res.NextAfter = max(res.NextAfter, feedEach)
	}
	return res, err
}

func (a *youtubeAdapter) fetchFeed(ctx context.Context, req FetchRequest) (FetchResult, error) {
	f, r, err := a.read(ctx, req.ExternalID, req.Validators)
	if err != nil {
		return FetchResult{}, err
	}
	// max-age is left out: the hourly floor is above YouTube's quarter of an hour.
	wait, _ := parseDelay(r.header.Get("Retry-After"), a.fetch.now())
	res := FetchResult{
		Cursor:     req.Cursor,
		Validators: validators(r.status, r.header, req.Validators),
		NextAfter:  wait,
	}
	if f == nil {
		res.NotModified = true
		return res, nil
	}
	if name := f.name(); name != "" {
		res.Account = &Account{Platform: YouTube, ExternalID: req.ExternalID, DisplayName: name}
	}
	for i := range f.Entries {
		res.Posts = append(res.Posts, f.Entries[i].post())
	}
	return res, nil
}

// Measure reads the feed again: it has the figures of the newest 15 videos and of no others.
func (a *youtubeAdapter) Measure(ctx context.Context, accountID string, postIDs []string) (map[string]Metrics, error) {
	f, _, err := a.read(ctx, accountID, Validators{})
	if err != nil {
		return nil, err
	}
	out := make(map[string]Metrics, len(postIDs))
	if f == nil {
		return out, nil
	}
	for i := range f.Entries {
		for _, id := range postIDs {
			if f.Entries[i].VideoID == id {
				out[id] = f.Entries[i].metrics()
			}
		}
	}
	return out, nil
}

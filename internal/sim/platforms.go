package sim

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Platforms, which are also the first part of a source's key ("bluesky:ada.example").
const (
	PlatformFeed     = "feed"
	PlatformBluesky  = "bluesky"
	PlatformMastodon = "mastodon"
	PlatformYouTube  = "youtube"
	PlatformTwitch   = "twitch"
)

// SourceSpec describes a feed or an account to add.
type SourceSpec struct {
	// Name is the feed's name, the Bluesky handle, the Mastodon user name, the YouTube handle
	// without @ or the Twitch login.
	Name string `json:"name"`
	// ID is the DID, account id or channel id; one is made up when it is empty.
	ID          string `json:"id"`
	Title       string `json:"title"` // or display name
	Description string `json:"description"`
	Avatar      string `json:"avatar"` // an address, or a path here such as /media/ada.png
	Followers   int64  `json:"followers"`

	// Locked makes Mastodon's API answer 401 while the RSS page still works.
	Locked bool `json:"locked"`
	// The rest is for feeds: minutes of <ttl>, the Cache-Control header, and the
	// bad habits of having no validators or no guids.
	TTL          int    `json:"ttl"`
	CacheControl string `json:"cacheControl"`
	NoValidators bool   `json:"noValidators"`
	NoGUID       bool   `json:"noGuid"`
}

// PostSpec describes a post to publish. Only Text or Title is needed.
type PostSpec struct {
	ID          string    `json:"id"`
	Kind        string    `json:"kind"` // post (default), video, short, live, reply, repost
	Title       string    `json:"title"`
	Text        string    `json:"text"`
	URL         string    `json:"url"`
	ImageURL    string    `json:"imageUrl"` // an address, or a path here such as /media/1.png
	Author      string    `json:"author"`   // of a repost: whose post it is
	PublishedAt time.Time `json:"publishedAt"`
	// Peak is what the counters grow towards, half of the way in each HalfLife
	// (6 h when zero). Without it a plausible value follows from the id.
	Peak     *Metrics      `json:"peak"`
	HalfLife time.Duration `json:"halfLife"`
}

// Metrics are a post's counters; each platform shows those that it has.
type Metrics struct {
	Views   int64 `json:"views"`
	Likes   int64 `json:"likes"`
	Reposts int64 `json:"reposts"`
	Replies int64 `json:"replies"`
	Quotes  int64 `json:"quotes"`
}

// SourceInfo is a source as the listing shows it.
type SourceInfo struct {
	Key      string `json:"key"`
	Platform string `json:"platform"`
	ID       string `json:"id"`
	Title    string `json:"title"`
	Address  string `json:"address"` // what a person would type to track it, {base} being the simulator
	Posts    int    `json:"posts"`
}

type source struct {
	SourceSpec
	key, platform string
	posts         []*platformPost // oldest first
	modified      time.Time
	revision      int
}

type platformPost struct {
	PostSpec
	edited time.Time
	fixed  *Metrics
}

// AddFeed adds a feed, served as /feeds/{name}.xml, .atom and .json, with the
// page /site/{name}. Like its siblings it returns the key for Publish.
func (s *Sim) AddFeed(spec SourceSpec) (string, error) { return s.addSource(PlatformFeed, spec) }

// AddBlueskyAccount adds an account of the AppView.
func (s *Sim) AddBlueskyAccount(spec SourceSpec) (string, error) {
	return s.addSource(PlatformBluesky, spec)
}

// AddMastodonAccount adds an account of the Mastodon server.
func (s *Sim) AddMastodonAccount(spec SourceSpec) (string, error) {
	return s.addSource(PlatformMastodon, spec)
}

// AddYouTubeChannel adds a channel with its feed.
func (s *Sim) AddYouTubeChannel(spec SourceSpec) (string, error) {
	return s.addSource(PlatformYouTube, spec)
}

func (s *Sim) addSource(platform string, spec SourceSpec) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := platform + ":" + spec.Name
	if spec.Name == "" || s.sources[key] != nil {
		return "", fmt.Errorf("add source: name %q is empty or taken", spec.Name)
	}
	def(&spec.Title, spec.Name)
	if spec.ID == "" {
		spec.ID = madeUpID(platform, spec.Name)
	}
	src := &source{SourceSpec: spec, key: key, platform: platform, modified: s.now()}
	s.sources[key] = src
	s.sourceOrder = append(s.sourceOrder, key)
	s.touch()
	return key, nil
}

// madeUpID derives an id in the platform's form from the name.
func madeUpID(platform, name string) string {
	switch platform {
	case PlatformBluesky:
		return "did:plc:" + token(name, 24, "abcdefghijklmnopqrstuvwxyz234567")
	case PlatformMastodon:
		return "109" + token(name, 15, "0123456789")
	case PlatformYouTube:
		return "UC" + token(name, 22, base64URL)
	case PlatformTwitch:
		return "1" + token(name, 8, "0123456789")
	default:
		return name
	}
}

const base64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// token turns a seed into n letters of an alphabet, always the same ones.
func token(seed string, n int, alphabet string) string {
	out := make([]byte, n)
	for i := range out {
		out[i] = alphabet[hash(fmt.Sprint(seed, "/", i))%uint64(len(alphabet))]
	}
	return string(out)
}

func hash(seed string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(seed))
	n := h.Sum64()
	n ^= n >> 31 // FNV's low bits alone are weak for short seeds
	return n * 0x9e3779b97f4a7c15 >> 8
}

// RemoveSource deletes a feed or account; it answers "not found" from then on.
func (s *Sim) RemoveSource(sourceKey string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sources[sourceKey] == nil {
		return fmt.Errorf("remove source: unknown source %q", sourceKey)
	}
	delete(s.sources, sourceKey)
	s.sourceOrder = slices.DeleteFunc(s.sourceOrder, func(k string) bool { return k == sourceKey })
	s.touch()
	return nil
}

// Sources lists the feeds and accounts in the order they were added.
func (s *Sim) Sources() []SourceInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []SourceInfo{}
	for _, key := range s.sourceOrder {
		src := s.sources[key]
		list = append(list, SourceInfo{key, src.platform, src.ID, src.Title, src.address(), len(src.posts)})
	}
	return list
}

func (src *source) address() string {
	switch src.platform {
	case PlatformBluesky:
		return "@" + src.Name
	case PlatformMastodon:
		return "{base}/@" + src.Name
	case PlatformYouTube:
		return src.ID
	case PlatformTwitch:
		return "https://www.twitch.tv/" + src.Name
	default:
		return "{base}/feeds/" + src.Name + ".xml"
	}
}

// find looks a source of a platform up by name or id. Callers hold mu.
func (s *Sim) find(platform, nameOrID string) *source {
	if src := s.sources[platform+":"+nameOrID]; src != nil {
		return src
	}
	for _, src := range s.sources {
		if src.platform == platform && (src.ID == nameOrID || strings.EqualFold(src.Name, nameOrID)) {
			return src
		}
	}
	return nil
}

// abs makes a path of the simulator an address and leaves addresses alone.
func abs(base, ref string) string {
	if strings.HasPrefix(ref, "/") {
		return base + ref
	}
	return ref
}

func (s *Sim) platformRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /feeds/{file}", s.serveFeed)
	mux.HandleFunc("GET /site/{name}", s.serveSite)
	mux.HandleFunc("GET /site/{name}/posts/{id}", s.serveSite)
	mux.HandleFunc("GET /media/{file}", serveMedia)
	mux.HandleFunc("GET /xrpc/{method}", s.serveXRPC)
	mux.HandleFunc("GET /api/v1/accounts/lookup", s.mastodon(s.lookupAccount))
	mux.HandleFunc("GET /api/v1/accounts/{id}", s.mastodon(s.getAccount))
	mux.HandleFunc("GET /api/v1/accounts/{id}/statuses", s.mastodon(s.listStatuses))
	mux.HandleFunc("GET /api/v1/statuses", s.mastodon(s.getStatuses))
	mux.HandleFunc("GET /api/v1/statuses/{id}", s.mastodon(s.getStatus))
	mux.HandleFunc("/api/v1/", s.mastodon(noSuchRecord))
	mux.HandleFunc("GET /.well-known/webfinger", s.serveWebfinger)
	mux.HandleFunc("GET /youtube/feeds/videos.xml", s.serveYouTubeFeed)
	mux.HandleFunc("GET /youtube/{page...}", s.serveYouTubePage)
	mux.HandleFunc("POST /youtube/hub", s.serveHub)
	mux.HandleFunc("GET /youtube/api/v3/channels", s.dataAPI(s.listChannels))
	mux.HandleFunc("GET /youtube/api/v3/playlistItems", s.dataAPI(s.listPlaylist))
	mux.HandleFunc("GET /youtube/api/v3/videos", s.dataAPI(s.listVideos))
	mux.HandleFunc("POST /twitch/oauth2/token", s.serveTwitchToken)
	mux.HandleFunc("GET /twitch/helix/users", s.helix(s.twitchUsers))
	mux.HandleFunc("GET /twitch/helix/streams", s.helix(s.twitchStreams))
	mux.HandleFunc("GET /twitch/helix/videos", s.helix(s.twitchVideos))
	mux.HandleFunc("/", s.serveRoot)
}

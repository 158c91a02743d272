// Package source talks to the platforms people are tracked on: one adapter per platform behind one
// interface, and under all of them a fetcher that only ever speaks to public addresses, reads a
// bounded amount and keeps to a per-host rate.
//
//	Registry ── Resolve("auto", input) ─→ detect ─→ adapter.Resolve ─→ Account
//	         └─ Adapter(platform) ──────→ adapter.Fetch / Measure
//	                                          │
//	              limiter per host ← fetcher ─┴→ guard (address, scheme, port, redirects, size, time)
//
// Whatever an adapter returns has passed through tidy: valid UTF-8 without control characters,
// bounded lengths, absolute http(s) addresses, no duplicate identities.
package source

import (
	"context"
	"time"
)

// The platforms, as the contract names them. RSS also covers Atom and JSON Feed.
const (
	RSS      = "rss"
	Bluesky  = "bluesky"
	Mastodon = "mastodon"
	YouTube  = "youtube"
	Twitch   = "twitch"

	// Platforms without an adapter: they show posts to paying or connected applications alone.
	X         = "x"
	Instagram = "instagram"
	TikTok    = "tiktok"

	// Auto asks Registry.Resolve to find the platform from the input.
	Auto = "auto"
)

// The kinds of a post.
const (
	KindPost   = "post"
	KindVideo  = "video"
	KindShort  = "short"
	KindLive   = "live"
	KindReply  = "reply"
	KindRepost = "repost"
)

// Capabilities says what a platform can tell, so that nobody promises a figure it lacks.
type Capabilities struct {
	Views, Likes, Comments, Shares, Followers bool

	Push     bool
	NeedsKey bool
	// MinInterval is the platform's own floor between two polls of one account; 0 is none.
	MinInterval time.Duration
}

// Account is a real account at its platform.
type Account struct {
	Platform string
	// ExternalID never changes while the account lives: the feed's URL (rss), the DID (bluesky),
	// the account's API address "https://host/api/v1/accounts/<id>" (mastodon; "https://host/@user.rss"
	// where the API is closed), the UC… channel id (youtube), the user id (twitch).
	ExternalID  string
	Handle      string // as people write it: example.com, alice.bsky.social, @alice@host, @channel
	DisplayName string
	URL         string
	AvatarURL   string
	Followers   *int64 // nil: the platform does not tell, or did not this time
}

// Validators are what a conditional request sends back to the server that gave them.
type Validators struct {
	ETag, LastModified string
}

// FetchRequest asks for what is new of one account.
type FetchRequest struct {
	ExternalID string
	Cursor     string // as the last result gave it, "" the first time; only the adapter reads it
	Validators Validators
}

// Post is one publication. ExternalID is the platform's own and unique within the account.
type Post struct {
	ExternalID   string
	Kind         string
	URL          string // "" if the platform names none
	Title        string // plain text; "" where the platform has no titles
	Body         string // plain text of at most 4,000 characters
	AuthorName   string
	ThumbnailURL string
	PublishedAt  time.Time // zero if the source gives no believable date; may lie in the future
	EditedAt     *time.Time
	Metrics      *Metrics // nil if the fetch told none
}

// Metrics are a post's figures; nil is a figure the platform does not have.
type Metrics struct {
	Views, Likes, Comments, Shares *int64
	// Gone: the platform answered that there is no such post (any more).
	Gone bool
}

// FetchResult is what one poll found. Posts may repeat ones seen before and come in any order.
type FetchResult struct {
	NotModified bool
	Posts       []Post
	// Account is the refreshed description, nil if the fetch told none. Its empty fields, and nil
	// Followers, were not told: what is known of them stays.
	Account    *Account
	Cursor     string     // to be stored for the next request, also when NotModified
	Validators Validators // likewise
	// NextAfter is the least time until the next poll that the source asks for
	// (ttl, max-age, Retry-After), at most 24 h; 0 is no wish.
	NextAfter time.Duration
	// MovedTo is the target of a permanent redirect, "" if there was none.
	MovedTo string
	// Hub is what the feed names to be told at once of what is new, empty if none; nil: not told.
	Hub *Hub
}

// Hub is a WebSub hub and the name by which it knows a feed.
type Hub struct{ URL, Topic string }

// Adapter speaks to one platform. All methods are safe for concurrent use; their errors are *Error.
type Adapter interface {
	Platform() string
	Capabilities() Capabilities
	// Resolve turns what a person typed (a handle or an address) into the account.
	Resolve(ctx context.Context, input string) (Account, error)
	// Fetch returns the account's recent posts.
	Fetch(ctx context.Context, req FetchRequest) (FetchResult, error)
	// Measure returns the figures of those posts of one account that the platform still shows. A post
	// that is absent was not told of this time, which does not prove that it is gone.
	Measure(ctx context.Context, accountID string, postIDs []string) (map[string]Metrics, error)
	// Host is the host whose rate limit a fetch of this account counts against.
	Host(externalID string) string
}

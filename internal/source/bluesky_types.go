package source

import (
	"strings"
	"time"
)

// The shapes of the AppView's answers (lexicons app.bsky.actor.defs, app.bsky.feed.defs and
// app.bsky.embed.*), what we use of them.

type bskyProfile struct {
	DID         string `json:"did"`
	Handle      string `json:"handle"`
	DisplayName string `json:"displayName"`
	Avatar      string `json:"avatar"`
	Followers   figure `json:"followersCount"`
}

type bskyFeed struct {
	Feed   list[bskyItem] `json:"feed"`
	Cursor string         `json:"cursor"`
}

type bskyItem struct {
	Post   bskyPost    `json:"post"`
	Reason *bskyReason `json:"reason"`
}

type bskyReason struct {
	Type      string      `json:"$type"`
	By        bskyProfile `json:"by"`
	IndexedAt string      `json:"indexedAt"`
}

type bskyPost struct {
	URI    string      `json:"uri"`
	Author bskyProfile `json:"author"`
	Record struct {
		Text      string    `json:"text"`
		CreatedAt string    `json:"createdAt"` // written by the author's software
		Reply     *struct{} `json:"reply"`
	} `json:"record"`
	Embed     *bskyEmbed `json:"embed"`
	IndexedAt string     `json:"indexedAt"`
	Likes     figure     `json:"likeCount"`
	Replies   figure     `json:"replyCount"`
	Reposts   figure     `json:"repostCount"`
	Quotes    figure     `json:"quoteCount"`
}

// bskyEmbed is the union of the embed views; what a view lacks stays empty.
type bskyEmbed struct {
	Images    list[bskyImage] `json:"images"`
	Thumbnail string          `json:"thumbnail"` // of a video
	External  struct {
		Thumb string `json:"thumb"`
	} `json:"external"`
	Media *bskyMedia `json:"media"` // beside a quoted post
}

// bskyMedia is a bskyEmbed within another; it holds no third, so that nesting ends.
type bskyMedia struct {
	Images    list[bskyImage] `json:"images"`
	Thumbnail string          `json:"thumbnail"`
	External  struct {
		Thumb string `json:"thumb"`
	} `json:"external"`
}

type bskyImage struct {
	Thumb string `json:"thumb"`
}

func (p *bskyProfile) account() Account {
	acct := Account{
		Platform: Bluesky, ExternalID: p.DID, Handle: p.Handle, DisplayName: p.DisplayName,
		URL: "https://bsky.app/profile/" + p.name(), AvatarURL: p.Avatar,
	}
	if acct.DisplayName == "" {
		acct.DisplayName = p.name()
	}
	return acct
}

// name is the handle, or the DID where the handle has stopped working.
func (p *bskyProfile) name() string {
	if p.Handle == "" || p.Handle == "handle.invalid" {
		return p.DID
	}
	return p.Handle
}

func (i *bskyItem) isRepost() bool {
	return i.Reason != nil && strings.HasSuffix(i.Reason.Type, "#reasonRepost")
}

// sortTime is where the item stands in the feed, newest first.
func (i *bskyItem) sortTime() time.Time {
	if i.isRepost() {
		return jsonTime(i.Reason.IndexedAt)
	}
	return i.Post.publishedAt()
}

// owner is the tracked account as this item shows it, nil if it does not.
func (i *bskyItem) owner(did string) *Account {
	for _, p := range []*bskyProfile{&i.Post.Author, i.by()} {
		if p != nil && p.DID == did {
			acct := p.account()
			return &acct
		}
	}
	return nil
}

func (i *bskyItem) by() *bskyProfile {
	if i.Reason == nil {
		return nil
	}
	return &i.Reason.By
}

// convert makes the post. A repost has the identity of what it repeats, marked where that is the
// account's own post too, and no figures, which belong to the other post.
func (i *bskyItem) convert(did string) Post {
	p := Post{
		ExternalID:   i.Post.URI,
		Kind:         KindPost,
		URL:          i.Post.webURL(),
		Body:         i.Post.Record.Text,
		AuthorName:   i.Post.Author.DisplayName,
		ThumbnailURL: i.Post.Embed.thumbnail(),
		PublishedAt:  i.sortTime(),
	}
	if p.AuthorName == "" {
		p.AuthorName = i.Post.Author.name()
	}
	switch {
	case i.isRepost():
		p.Kind = KindRepost
		if i.Post.Author.DID == did {
			p.ExternalID += bskySelfRepost
		}
		return p
	case i.Post.Record.Reply != nil:
		p.Kind = KindReply
	}
	m := i.Post.metrics()
	p.Metrics = &m
	return p
}

// publishedAt is the earlier of what the author says and when the network saw it, as the feed sorts.
func (p *bskyPost) publishedAt() time.Time {
	created, indexed := jsonTime(p.Record.CreatedAt), jsonTime(p.IndexedAt)
	if created.IsZero() || (!indexed.IsZero() && indexed.Before(created)) {
		return indexed
	}
	return created
}

func (p *bskyPost) webURL() string {
	key := p.URI[strings.LastIndex(p.URI, "/")+1:]
	return "https://bsky.app/profile/" + p.Author.name() + "/post/" + key
}

// metrics counts quotes among the shares.
func (p *bskyPost) metrics() Metrics {
	return Metrics{Likes: p.Likes.n, Comments: p.Replies.n, Shares: sum(p.Reposts, p.Quotes)}
}

func (e *bskyEmbed) thumbnail() string {
	if e == nil {
		return ""
	}
	found := []string{e.Thumbnail, e.External.Thumb}
	if len(e.Images) > 0 {
		found = append(found, e.Images[0].Thumb)
	}
	if m := e.Media; m != nil {
		found = append(found, m.Thumbnail, m.External.Thumb)
		if len(m.Images) > 0 {
			found = append(found, m.Images[0].Thumb)
		}
	}
	for _, s := range found {
		if u := webURL(nil, s); u != "" {
			return u
		}
	}
	return ""
}

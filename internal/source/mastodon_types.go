package source

import "net/url"

// The shapes of the API (Mastodon docs: Entities Account and Status), what we use of them.

type mastodonAccount struct {
	ID          string `json:"id"`
	Username    string `json:"username"`
	DisplayName string `json:"display_name"`
	URL         string `json:"url"`
	Avatar      string `json:"avatar"`
	Followers   figure `json:"followers_count"`
}

type mastodonStatus struct {
	ID          string                   `json:"id"`
	CreatedAt   string                   `json:"created_at"`
	EditedAt    string                   `json:"edited_at"`
	InReplyTo   string                   `json:"in_reply_to_id"`
	Sensitive   bool                     `json:"sensitive"`
	Warning     string                   `json:"spoiler_text"`
	URL         string                   `json:"url"`
	URI         string                   `json:"uri"`
	Content     string                   `json:"content"`
	Account     mastodonAccount          `json:"account"`
	Reblog      *mastodonReblog          `json:"reblog"`
	Attachments list[mastodonAttachment] `json:"media_attachments"`
	Card        *mastodonCard            `json:"card"`
	Likes       figure                   `json:"favourites_count"`
	Replies     figure                   `json:"replies_count"`
	Reblogs     figure                   `json:"reblogs_count"`
	Quotes      figure                   `json:"quotes_count"`
}

// mastodonReblog is the status repeated; it has no third within, so that nesting ends.
type mastodonReblog struct {
	Sensitive   bool                     `json:"sensitive"`
	Warning     string                   `json:"spoiler_text"`
	URL         string                   `json:"url"`
	URI         string                   `json:"uri"`
	Content     string                   `json:"content"`
	Account     mastodonAccount          `json:"account"`
	Attachments list[mastodonAttachment] `json:"media_attachments"`
	Card        *mastodonCard            `json:"card"`
}

type mastodonAttachment struct {
	Preview string `json:"preview_url"`
}

type mastodonCard struct {
	Image string `json:"image"`
}

func (m *mastodonAccount) account(home *url.URL) Account {
	origin := originOf(home)
	acct := Account{
		Platform: Mastodon, ExternalID: origin.JoinPath(mastodonAccounts, m.ID).String(),
		Handle: "@" + m.Username + "@" + home.Host, DisplayName: m.DisplayName,
		URL: m.URL, AvatarURL: m.Avatar, Followers: m.Followers.n,
	}
	if acct.DisplayName == "" {
		acct.DisplayName = m.Username
	}
	if acct.URL == "" {
		acct.URL = origin.JoinPath("@" + m.Username).String()
	}
	return acct
}

// post converts a status. A content warning takes the title's place, and media behind one stay
// hidden. A repost has no figures: they belong to the post it repeats.
func (s *mastodonStatus) post() Post {
	p := Post{
		ExternalID:   s.ID,
		Kind:         KindPost,
		URL:          either(s.URL, s.URI),
		Title:        s.Warning,
		Body:         plainText(s.Content, maxBodyRunes),
		AuthorName:   either(s.Account.DisplayName, s.Account.Username),
		ThumbnailURL: picture(s.Sensitive, s.Attachments, s.Card),
		PublishedAt:  jsonTime(s.CreatedAt),
	}
	if edited := jsonTime(s.EditedAt); !edited.IsZero() {
		p.EditedAt = &edited
	}
	if r := s.Reblog; r != nil {
		p.Kind = KindRepost
		p.URL = either(r.URL, r.URI)
		p.Title = r.Warning
		p.Body = plainText(r.Content, maxBodyRunes)
		p.AuthorName = either(r.Account.DisplayName, r.Account.Username)
		p.ThumbnailURL = picture(r.Sensitive, r.Attachments, r.Card)
		return p
	}
	if s.InReplyTo != "" {
		p.Kind = KindReply
	}
	m := s.metrics()
	p.Metrics = &m
	return p
}

// metrics counts quotes among the shares.
func (s *mastodonStatus) metrics() Metrics {
	return Metrics{Likes: s.Likes.n, Comments: s.Replies.n, Shares: sum(s.Reblogs, s.Quotes)}
}

func picture(sensitive bool, attachments list[mastodonAttachment], card *mastodonCard) string {
	switch {
	case sensitive:
		return ""
	case len(attachments) > 0:
		return attachments[0].Preview
	case card != nil:
		return card.Image
	}
	return ""
}

// originOf is the root of the server that u is on.
func originOf(u *url.URL) *url.URL { return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"} }

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

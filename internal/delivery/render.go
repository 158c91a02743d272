package delivery

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Post is what a message about a post is made of, as the source told it.
type Post struct {
	Account       string // display name of the tracked account
	AvatarURL     string
	Platform      string // as in posts.platform
	Kind          string // as in posts.kind
	URL           string
	Title         string
	Body          string
	Author        string // of the post, where it differs from the account
	ThumbnailURL  string
	PublishedAt   time.Time
	Color         string // #rrggbb
	MentionRoleID string
	Template      string // of the route, "" for none
}

// Lengths in code points. A message stays far below Discord's 6000: a channel is to be skimmed.
// Escaping may double a text, which still fits Discord's 4096 but not its 256 of a title.
const (
	maxTitle  = 200
	maxName   = 100
	maxBody   = 500
	hardTitle = 256
	// plainTitle is short, so that ten titles with their addresses mostly fit one text of 2000.
	plainTitle = 60
)

var platformNames = map[string]string{
	"rss": "RSS", "bluesky": "Bluesky", "mastodon": "Mastodon", "youtube": "YouTube", "twitch": "Twitch",
	"x": "X", "instagram": "Instagram", "tiktok": "TikTok",
}

var kindNames = map[string]string{
	"post": "post", "video": "video", "short": "short", "live": "live stream", "reply": "reply", "repost": "repost",
}

// Render lays out a post as a card: who, what, an excerpt, a picture, where and when.
// Nothing in it can ping but the role the client chose.
func Render(p Post) Message {
	account, author := clip(oneLine(p.Account), maxName), clip(oneLine(p.Author), maxName)
	m := Message{
		Content:       fill(p.Template, p),
		Title:         title(p),
		Body:          Escape(body(p)),
		URL:           webURL(p.URL),
		Color:         color(p.Color),
		Author:        account,
		AuthorIconURL: webURL(p.AvatarURL),
		Footer:        platformName(p.Platform) + " · " + sentence(kindNames[p.Kind]),
		MentionRoleID: p.MentionRoleID,
	}
	switch {
	case account == "":
		m.Author = author
	case author != "" && !strings.EqualFold(author, account):
		m.Author = account + " · " + author
	}
	if !p.PublishedAt.IsZero() {
		at := p.PublishedAt.UTC()
		m.Timestamp = &at
	}
	switch picture := webURL(p.ThumbnailURL); p.Kind {
	case "video", "short", "live":
		m.ImageURL = picture
	default:
		m.ThumbnailURL = picture
	}
	return m
}

// Plain lays out a message as text alone, for when Discord refuses the card.
func Plain(m Message) Message {
	out := Message{MentionRoleID: m.MentionRoleID}
	var lines []string
	add := func(s string) {
		if s != "" {
			lines = append(lines, s)
		}
	}
	add(m.Content)
	add(Escape(m.Author))
	if m.Title != "" {
		add("**" + m.Title + "**")
	}
	if m.URL == "" {
		add(clip(m.Body, 3*maxBody))
	}
	for _, f := range m.Fields {
		add(f.Name + ": " + f.Value)
	}
	add(m.URL)
	for _, b := range m.Buttons {
		add(b.URL)
	}
	for _, c := range m.Cards {
		add("**" + clip(c.Title, plainTitle) + "** " + c.URL)
	}
	out.Content = strings.Join(lines, "\n")
	out.AlsoMention = m.AlsoMention
	return out
}

// title falls back to what happened: posts of many platforms have none.
func title(p Post) string {
	s := Escape(clip(oneLine(p.Title), maxTitle))
	if s == "" && p.Platform == "rss" {
		return "New " + kindNames[p.Kind]
	}
	if s == "" {
		return "New " + kindNames[p.Kind] + " on " + platformName(p.Platform)
	}
	for limit := maxTitle; len([]rune(s)) > hardTitle; limit -= 20 { // a title full of marks
		s = Escape(clip(oneLine(p.Title), limit))
	}
	return s
}

// body is the excerpt without the title that some sources repeat in it.
func body(p Post) string {
	text := tidy(p.Body)
	if t := oneLine(p.Title); t != "" && strings.HasPrefix(text, t) {
		rest := text[len(t):]
		if next, _ := utf8.DecodeRuneInString(rest); !unicode.IsLetter(next) && !unicode.IsDigit(next) {
			text = strings.TrimLeft(rest, " \n.:–—-")
		}
	}
	return clip(text, maxBody)
}

// PlatformName is a platform's name for people.
func PlatformName(platform string) string { return platformName(platform) }

func platformName(platform string) string {
	if name, ok := platformNames[platform]; ok {
		return name
	}
	return sentence(platform)
}

func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func color(hex string) int {
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 24)
	if err != nil {
		return 0
	}
	return int(n)
}

package discord

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of embeds (Discord API docs: Message, Embed Limits). Discord counts
// Unicode code points, after trimming white space at both ends.
const (
	MaxEmbeds           = 10   // in a message
	MaxEmbedTotal       = 6000 // of all texts of all embeds of a message
	MaxEmbedTitle       = 256
	MaxEmbedDescription = 4096
	MaxEmbedFields      = 25
	MaxFieldName        = 256
	MaxFieldValue       = 1024
	MaxFooter           = 2048
	MaxAuthor           = 256
	maxEmbedURL         = 2048
	maxColor            = 0xFFFFFF
)

// Embed is a card in a message.
type Embed struct {
	Type        string       `json:"type,omitempty"` // read only: rich for those that were sent, others for what an address in the text leads to
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	URL         string       `json:"url,omitempty"`
	Timestamp   string       `json:"timestamp,omitempty"` // RFC 3339
	Color       int          `json:"color,omitempty"`     // 0xRRGGBB
	Footer      *EmbedFooter `json:"footer,omitempty"`
	Image       *EmbedImage  `json:"image,omitempty"`
	Thumbnail   *EmbedImage  `json:"thumbnail,omitempty"`
	Author      *EmbedAuthor `json:"author,omitempty"`
	Fields      []EmbedField `json:"fields,omitempty"`
}

// EmbedFooter is the last line of an embed.
type EmbedFooter struct {
	Text    string `json:"text"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedImage is a picture in an embed; Discord fetches it itself.
type EmbedImage struct {
	URL string `json:"url"`
}

// EmbedAuthor is the first line of an embed.
type EmbedAuthor struct {
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedField is a named value in an embed.
type EmbedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline,omitempty"`
}

// Clamp returns the embed cut to what Discord accepts in a message of its own.
func (e Embed) Clamp() Embed {
	left := MaxEmbedTotal
	return e.clamp(&left)
}

// ClampEmbeds returns the embeds cut to what Discord accepts together in one
// message. Descriptions give way first; embeds that come out empty are left out.
func ClampEmbeds(embeds []Embed) []Embed {
	left := MaxEmbedTotal
	var out []Embed
	for _, e := range embeds {
		if len(out) == MaxEmbeds {
			break
		}
		if c := e.clamp(&left); !c.empty() {
			out = append(out, c)
		}
	}
	return out
}

// Clamp returns the message cut to what Discord accepts.
func (m MessageCreate) Clamp() MessageCreate {
	m.Content = clampText(m.Content, MaxContent)
	m.Embeds = ClampEmbeds(m.Embeds)
	return m
}

func (e Embed) clamp(left *int) Embed {
	take := func(s string, limit int) string {
		s = clampText(s, min(limit, *left))
		*left -= utf8.RuneCountInString(s)
		return s
	}
	out := Embed{
		Title:     take(e.Title, MaxEmbedTitle),
		URL:       clampURL(e.URL),
		Timestamp: e.Timestamp,
		Color:     max(0, min(e.Color, maxColor)),
		Image:     clampImage(e.Image),
		Thumbnail: clampImage(e.Thumbnail),
	}
	if e.Author != nil {
		if name := take(e.Author.Name, MaxAuthor); name != "" {
			out.Author = &EmbedAuthor{Name: name, URL: clampURL(e.Author.URL), IconURL: clampURL(e.Author.IconURL)}
		}
	}
	if e.Footer != nil {
		if text := take(e.Footer.Text, MaxFooter); text != "" {
			out.Footer = &EmbedFooter{Text: text, IconURL: clampURL(e.Footer.IconURL)}
		}
	}
	for _, f := range e.Fields {
		if len(out.Fields) == MaxEmbedFields || *left < 2 {
			break
		}
		// Discord refuses a field without a name or a value.
		if strings.TrimSpace(f.Name) == "" || strings.TrimSpace(f.Value) == "" {
			continue
		}
		name := clampText(f.Name, min(MaxFieldName, *left-1))
		*left -= utf8.RuneCountInString(name)
		out.Fields = append(out.Fields, EmbedField{Name: name, Value: take(f.Value, MaxFieldValue), Inline: f.Inline})
	}
	out.Description = take(e.Description, MaxEmbedDescription)
	return out
}

func (e Embed) empty() bool {
	return e.Title == "" && e.Description == "" && e.Author == nil && e.Footer == nil &&
		e.Image == nil && e.Thumbnail == nil && len(e.Fields) == 0
}

func clampImage(i *EmbedImage) *EmbedImage {
	if i == nil || clampURL(i.URL) == "" {
		return nil
	}
	return &EmbedImage{URL: i.URL}
}

// clampURL drops addresses that would make Discord refuse the whole message.
func clampURL(s string) string {
	if len(s) > maxEmbedURL || !isWebURL(s) {
		return ""
	}
	return s
}

const ellipsis = '…'

// clampText trims s and cuts it to at most limit code points, the last of which
// is an ellipsis then. It does not cut between a character and what modifies it.
func clampText(s string, limit int) string {
	s = strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
	if limit <= 0 {
		return ""
	}
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	runes := []rune(s)
	cut := limit - 1
	for back := cut; back > max(0, cut-longestCluster); back-- {
		if !modifies(runes[back]) && runes[back-1] != zeroWidthJoiner {
			cut = back
			break
		}
	}
	return strings.TrimRightFunc(string(runes[:cut]), unicode.IsSpace) + string(ellipsis)
}

const (
	zeroWidthJoiner = '\u200D'
	longestCluster  = 32 // of one character with its modifiers that is kept whole
)

// modifies reports whether r belongs to the character before it.
func modifies(r rune) bool {
	return r == zeroWidthJoiner || unicode.In(r, unicode.Mn, unicode.Me, unicode.Variation_Selector) ||
		r >= 0x1F3FB && r <= 0x1F3FF // skin tones
}

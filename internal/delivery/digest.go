package delivery

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// Limits of a message of several cards (Discord API docs: Embed Limits), with some room left.
const (
	maxCards      = 10
	maxCardsTotal = 5500 // code points of all texts; Discord takes 6000
	digestBody    = 160
)

// Digest lays out posts as short cards of as few messages as Discord's limits allow, in their order.
// The first message alone pings, each role that one of the posts would have pinged.
func Digest(posts []Post) []Message {
	var out []Message
	size := 0
	for _, p := range posts {
		card := digestCard(p)
		n := textSize(card)
		if last := len(out) - 1; last < 0 || len(out[last].Cards) == maxCards || size+n > maxCardsTotal {
			out = append(out, Message{})
			size = 0
		}
		size += n
		last := len(out) - 1
		out[last].Cards = append(out[last].Cards, card)
	}
	for i := range out {
		out[i].Content = fmt.Sprintf("**%d new posts**", len(posts))
		if len(out) > 1 {
			out[i].Content += fmt.Sprintf(" (%d/%d)", i+1, len(out))
		}
	}
	if roles := rolesOf(posts); len(roles) > 0 {
		out[0].MentionRoleID, out[0].AlsoMention = roles[0], roles[1:]
	}
	return out
}

func digestCard(p Post) Message {
	p.Template = ""
	m := Render(p)
	m.Body = Escape(clip(body(p), digestBody))
	if m.ImageURL != "" {
		m.ThumbnailURL, m.ImageURL = m.ImageURL, ""
	}
	m.MentionRoleID = ""
	return m
}

func rolesOf(posts []Post) []string {
	var roles []string
	for _, p := range posts {
		if p.MentionRoleID != "" && !slices.Contains(roles, p.MentionRoleID) {
			roles = append(roles, p.MentionRoleID)
		}
	}
	return roles
}

// textSize is what counts towards Discord's limit of a message.
func textSize(m Message) int {
	n := 0
	for _, s := range []string{m.Title, m.Body, m.Author, m.Footer} {
		n += utf8.RuneCountInString(s)
	}
	return n
}

package notifier

import (
	"slices"
	"strings"
	"time"

	"trackbot/internal/delivery"
	"trackbot/internal/discord"
)

// message turns a delivery into Discord's terms, within Discord's limits. Only the role that the
// client chose can be pinged, whatever the texts say.
func message(d *delivery.Delivery) discord.MessageCreate {
	m := d.Message
	out := discord.MessageCreate{Content: m.Text(), Nonce: nonce(d.ID), EnforceNonce: true}
	out.AllowedMentions.Roles = m.Roles()
	if e := embed(m); hasText(e) {
		out.Embeds = []discord.Embed{e}
	}
	for _, card := range m.Cards {
		out.Embeds = append(out.Embeds, embed(card))
	}
	var buttons []discord.Component
	for _, b := range m.Buttons {
		buttons = append(buttons, discord.LinkButton(b.Label, b.URL))
	}
	out.Components = discord.LinkRow(buttons...)
	return out.Clamp()
}

func embed(m delivery.Message) discord.Embed {
	e := discord.Embed{Title: m.Title, Description: m.Body, URL: m.URL, Color: m.Color}
	if m.Author != "" {
		e.Author = &discord.EmbedAuthor{Name: m.Author, IconURL: m.AuthorIconURL}
	}
	if m.Footer != "" {
		e.Footer = &discord.EmbedFooter{Text: m.Footer}
	}
	if m.ThumbnailURL != "" {
		e.Thumbnail = &discord.EmbedImage{URL: m.ThumbnailURL}
	}
	if m.ImageURL != "" {
		e.Image = &discord.EmbedImage{URL: m.ImageURL}
	}
	if m.Timestamp != nil {
		e.Timestamp = m.Timestamp.UTC().Format(time.RFC3339Nano)
	}
	for _, f := range m.Fields {
		e.Fields = append(e.Fields, discord.EmbedField{Name: f.Name, Value: f.Value, Inline: f.Inline})
	}
	return e
}

func hasText(e discord.Embed) bool { return e.Title != "" || e.Description != "" || len(e.Fields) > 0 }

// same tells whether Discord's message is the one we made. Lists rarely carry the nonce; a card is
// known by where it leads and the time it shows, which Discord may write otherwise. What Discord
// adds by itself for addresses in the text does not count.
func same(want discord.MessageCreate, have discord.Message) bool {
	if have.Nonce != "" {
		return string(have.Nonce) == want.Nonce
	}
	cards := slices.DeleteFunc(slices.Clone(have.Embeds), func(e discord.Embed) bool { return e.Type != "" && e.Type != "rich" })
	if !slices.EqualFunc(want.Embeds, cards, sameCard) {
		return false
	}
	return len(want.Embeds) > 0 || strings.TrimSpace(have.Content) == strings.TrimSpace(want.Content)
}

func sameCard(w, h discord.Embed) bool {
	if w.URL == "" {
		return w.Title == h.Title && w.Description == h.Description
	}
	return strings.TrimSuffix(w.URL, "/") == strings.TrimSuffix(h.URL, "/") && sameTime(w.Timestamp, h.Timestamp)
}

// sameTime compares to the millisecond, which is what Discord keeps.
func sameTime(a, b string) bool {
	at, errA := time.Parse(time.RFC3339Nano, a)
	bt, errB := time.Parse(time.RFC3339Nano, b)
	if errA != nil || errB != nil {
		return a == b
	}
	return at.Truncate(time.Millisecond).Equal(bt.Truncate(time.Millisecond))
}

package discord_test

import (
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/discord"
)

func textLength(embeds []discord.Embed) int {
	n := 0
	for _, e := range embeds {
		n += utf8.RuneCountInString(e.Title) + utf8.RuneCountInString(e.Description)
		if e.Author != nil {
			n += utf8.RuneCountInString(e.Author.Name)
		}
		if e.Footer != nil {
			n += utf8.RuneCountInString(e.Footer.Text)
		}
		for _, f := range e.Fields {
			n += utf8.RuneCountInString(f.Name) + utf8.RuneCountInString(f.Value)
		}
	}
	return n
}

func huge() discord.Embed {
	long := strings.Repeat("ü", 9000)
	e := discord.Embed{
		Title: long, Description: long, URL: "https://x.test/" + strings.Repeat("a", 3000), Color: 1 << 30,
		Author: &discord.EmbedAuthor{Name: long, URL: "javascript:alert(1)"}, Footer: &discord.EmbedFooter{Text: long},
		Image: &discord.EmbedImage{URL: "nonsense"}, Thumbnail: &discord.EmbedImage{URL: "https://x.test/a.png"},
	}
	for range 30 {
		e.Fields = append(e.Fields, discord.EmbedField{Name: long, Value: long})
	}
	return e
}

func TestClampKeepsEveryLimit(t *testing.T) {
	t.Parallel()
	e := huge()
	e.Fields = nil
	got := e.Clamp()
	if n := utf8.RuneCountInString(got.Title); n != 256 {
		t.Errorf("title %d", n)
	}
	if n := utf8.RuneCountInString(got.Footer.Text); n != 2048 {
		t.Errorf("footer %d", n)
	}
	if got.URL != "" || got.Author.URL != "" || got.Image != nil || got.Thumbnail == nil || got.Color != 0xFFFFFF {
		t.Errorf("got %+v", got)
	}
	if n := textLength([]discord.Embed{got}); n != 6000 {
		t.Errorf("total %d", n)
	}
	many := make([]discord.Embed, 15)
	for i := range many {
		many[i] = discord.Embed{Description: strings.Repeat("x", 700)}
	}
	clamped := discord.ClampEmbeds(many)
	if len(clamped) != 9 || textLength(clamped) != 6000 {
		t.Errorf("%d embeds of %d", len(clamped), textLength(clamped))
	}
	if n := len(discord.ClampEmbeds(make([]discord.Embed, 3))); n != 0 {
		t.Errorf("%d empty embeds kept", n)
	}
}

func TestClampedMessagesAlwaysFit(t *testing.T) {
	t.Parallel()
	fits := func(title, description, name, value, footer string, fields uint8, copies uint8) bool {
		e := discord.Embed{Title: title, Description: strings.Repeat(description, 200), Footer: &discord.EmbedFooter{Text: footer}}
		for range fields % 40 {
			e.Fields = append(e.Fields, discord.EmbedField{Name: name, Value: strings.Repeat(value, 30)})
		}
		m := discord.MessageCreate{Content: strings.Repeat(title, 100), Embeds: []discord.Embed{huge()}}
		for range copies % 12 {
			m.Embeds = append(m.Embeds, e)
		}
		m = m.Clamp()
		ok := len(m.Embeds) <= 10 && textLength(m.Embeds) <= 6000 && utf8.RuneCountInString(m.Content) <= 2000
		for _, e := range m.Embeds {
			ok = ok && len(e.Fields) <= 25 && utf8.RuneCountInString(e.Description) <= 4096
			for _, f := range e.Fields {
				ok = ok && f.Name != "" && f.Value != "" && utf8.RuneCountInString(f.Value) <= 1024
			}
		}
		return ok
	}
	if err := quick.Check(fits, nil); err != nil {
		t.Error(err)
	}
}

func TestClampDoesNotTearCharacters(t *testing.T) {
	t.Parallel()
	family := "👩‍👩‍👧" // five code points
	for _, c := range []struct{ in, want string }{
		{"  text  ", "text"},
		{strings.Repeat("a", 256), strings.Repeat("a", 256)},
		{strings.Repeat("a", 257), strings.Repeat("a", 255) + "…"},
		{strings.Repeat("a", 253) + family, strings.Repeat("a", 253) + "…"},
		{strings.Repeat("a", 254) + "e\u0301bc", strings.Repeat("a", 254) + "…"},
		{strings.Repeat("a", 250) + "     b" + strings.Repeat("c", 50), strings.Repeat("a", 250) + "…"},
		{"bad \xff byte", "bad \uFFFD byte"},
		{"a" + strings.Repeat("\u0301", 400), "a" + strings.Repeat("\u0301", 254) + "…"},
	} {
		if got := (discord.Embed{Title: c.in}).Clamp().Title; got != c.want {
			t.Errorf("%q became %q", c.in, got)
		}
	}
}

func TestFieldsWithoutNameOrValueAreLeftOut(t *testing.T) {
	t.Parallel()
	got := discord.Embed{Title: "t", Fields: []discord.EmbedField{
		{Name: " ", Value: "x"}, {Name: "x", Value: "\n"}, {Name: "n", Value: "v", Inline: true},
	}}.Clamp()
	if diff := cmp.Diff([]discord.EmbedField{{Name: "n", Value: "v", Inline: true}}, got.Fields); diff != "" {
		t.Error(diff)
	}
}

package delivery_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"trackbot/internal/delivery"
)

func TestATemplateIsFilledWithThePost(t *testing.T) {
	t.Parallel()
	p := delivery.Post{
		Account: "Example News", Platform: "youtube", Kind: "video", URL: "https://example.org/v", Title: "A *bold* start",
		Body: "What it is about", Author: "Ann", PublishedAt: time.Unix(1700000000, 0),
	}
	for template, want := range map[string]string{
		"":                                "",
		"plain **text**":                  "plain **text**",
		"{account} on {platform}":         "Example News on YouTube",
		"New {kind}: {title}":             `New video: A \*bold\* start`,
		"{author}: {text} {url}":          "Ann: What it is about https://example.org/v",
		"{published}":                     "<t:1700000000:R>",
		"braces { } {1} {} are not names": "braces { } {1} {} are not names",
	} {
		p.Template = template
		if got := delivery.Render(p).Content; got != want {
			t.Errorf("%q becomes %q, want %q", template, got, want)
		}
	}
	p.Author, p.PublishedAt, p.Template = "", time.Time{}, "{author}{published}"
	if got := delivery.Render(p).Content; got != "Example News" {
		t.Errorf("without author and time: %q", got)
	}
}

func TestATemplateNamesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for template, wrong := range map[string]bool{
		"{title}": false, "{ title }": false, "{}": false, "{1}": false, "no names": false, "{titel}": true, "{title} {Title}": true,
	} {
		why := delivery.CheckTemplate(template)
		if (why != "") != wrong || wrong && !strings.Contains(why, "{account}") {
			t.Errorf("%q: %q", template, why)
		}
	}
}

// Whatever a post says, in whatever place of a template: nobody is pinged, nothing is linked in
// disguise, and the text fits a message.
func TestNothingOfAPostGetsOutOfItsPlace(t *testing.T) {
	t.Parallel()
	nasty := rapid.OneOf(
		rapid.String(),
		rapid.StringOfN(rapid.SampledFrom([]rune("@everyonhr<>&#*_~`|[]()\\:/ t0{}title\n")), 0, 400, -1),
		rapid.SampledFrom([]string{"@everyone", "<@&200000000000000001>", "<#1>", "[x](https://example.org)", "{title}{url}", strings.Repeat("*", 600)}),
	)
	names := rapid.SampledFrom([]string{"account", "author", "title", "text"})
	rapid.Check(t, func(t *rapid.T) {
		p := delivery.Post{
			Account: nasty.Draw(t, "account"), Author: nasty.Draw(t, "author"), Title: nasty.Draw(t, "title"), Body: nasty.Draw(t, "body"),
			Platform: "bluesky", Kind: "post", URL: nasty.Draw(t, "url"), MentionRoleID: "200000000000000009",
		}
		for range rapid.IntRange(1, 12).Draw(t, "places") {
			p.Template += "{" + names.Draw(t, "name") + "} "
		}
		m := delivery.Render(p)
		if mention.MatchString(strings.ReplaceAll(m.Content, `\\`, "")) {
			t.Fatalf("gets out: %q", m.Content)
		}
		if n := utf8.RuneCountInString(m.Text()); n > 2000 {
			t.Fatalf("%d characters", n)
		}
		if len(m.Roles()) != 1 || m.Roles()[0] != "200000000000000009" {
			t.Fatalf("pings %v", m.Roles())
		}
	})
}

func FuzzTemplate(f *testing.F) {
	f.Add("{title} {url}", "a title")
	f.Add("{{title}}", "{url}")
	f.Fuzz(func(t *testing.T, template, title string) {
		m := delivery.Render(delivery.Post{Template: template, Title: title, Account: title, Platform: "rss", Kind: "post", URL: "https://example.org/" + title})
		if utf8.RuneCountInString(m.Content) > 1900 {
			t.Errorf("%d characters", utf8.RuneCountInString(m.Content))
		}
		_ = delivery.CheckTemplate(template)
	})
}

// A digest keeps to Discord's limits whatever its posts say, in as few messages, in their order.
func TestDigestsFitDiscordsLimits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		long := rapid.StringOfN(rapid.SampledFrom([]rune("ab*_ \nü💡")), 0, 700, -1)
		posts := make([]delivery.Post, rapid.IntRange(1, 40).Draw(t, "posts"))
		for i := range posts {
			posts[i] = delivery.Post{
				Account: long.Draw(t, "account"), Author: long.Draw(t, "author"), Title: long.Draw(t, "title"), Body: long.Draw(t, "body"),
				Platform: "bluesky", Kind: "video", URL: fmt.Sprintf("https://example.org/%d", i), Template: "{title}",
				MentionRoleID: rapid.SampledFrom([]string{"", "200000000000000001", "200000000000000002"}).Draw(t, "role"),
			}
		}
		at := 0
		for i, m := range delivery.Digest(posts) {
			size := utf8.RuneCountInString(m.Text())
			if size > 2000 || len(m.Cards) == 0 || len(m.Cards) > 10 {
				t.Fatalf("message %d has %d cards below %d characters", i, len(m.Cards), size)
			}
			total := 0
			for _, c := range m.Cards {
				if c.URL != posts[at].URL || c.Content != "" || c.MentionRoleID != "" {
					t.Fatalf("card %d is %+v", at, c)
				}
				at++
				total += utf8.RuneCountInString(c.Title + c.Body + c.Author + c.Footer)
			}
			if total > 6000 {
				t.Fatalf("message %d has %d characters", i, total)
			}
			if i > 0 && len(m.Roles()) > 0 {
				t.Fatal("a further message pings")
			}
		}
		if at != len(posts) {
			t.Fatalf("%d of %d posts", at, len(posts))
		}
	})
}

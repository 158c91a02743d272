package delivery_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"trackbot/internal/delivery"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func samplePosts() map[string]delivery.Post {
	at := time.Date(2026, 11, 22, 20, 13, 0, 0, time.UTC)
	base := delivery.Post{
		Account: "Example News", AvatarURL: "https://example.org/a.png", Platform: "rss", Kind: "post",
		URL: "https://example.org/1?a=b&c=d", Title: "Plain title", Body: "First line.\n\n\n\nSecond line.", PublishedAt: at, Color: "#5865f2",
	}
	with := func(change func(*delivery.Post)) delivery.Post { p := base; change(&p); return p }
	return map[string]delivery.Post{
		"article": with(func(p *delivery.Post) { p.Author, p.ThumbnailURL = "A Writer", "https://example.org/t.jpg" }),
		"video": with(func(p *delivery.Post) {
			p.Platform, p.Kind, p.ThumbnailURL, p.MentionRoleID = "youtube", "video", "https://example.org/v.jpg", "200000000000000001"
		}),
		"untitled": with(func(p *delivery.Post) {
			p.Platform, p.Title, p.Body = "bluesky", "", "Just a thought https://example.org/a_b_c?x=*y with a link"
		}),
		"hostile": with(func(p *delivery.Post) {
			p.Account = "@everyone `x`\n<@1>"
			p.Title = "@everyone **free** [nitro](https://evil.example) ||now||"
			p.Body = "# Big\n> quote\n- list\n1. item\n-# small\n```\ncode\n```\n@here <@123456789012345678> <@&1> <#2> ~~_x_~~ \u202Egnp.exe\u0007\r\n\\*"
			p.URL = "https://example.org/<script>|x"
			p.AvatarURL, p.ThumbnailURL = "javascript:alert(1)", "/relative.png"
		}),
		"long": with(func(p *delivery.Post) {
			p.Title = strings.Repeat("*loud* ", 60)
			p.Body = strings.Repeat("Many words make a long body. ", 100)
		}),
		"repeated": with(func(p *delivery.Post) { p.Body = "Plain title: and then what is new" }),
		"bare":     {Platform: "twitch", Kind: "live", Author: "streamer", URL: "ftp://example.org", Color: "no"},
	}
}

func TestRenderLooksAsInTheGoldenFiles(t *testing.T) {
	t.Parallel()
	for name, post := range samplePosts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			card := delivery.Render(post)
			got, err := json.MarshalIndent(map[string]any{"card": card, "plain": delivery.Plain(card)}, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			file := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("%s differs (run with -update after checking):\n%s", file, got)
			}
		})
	}
}

// mention finds what Discord would read as a mention or a masked link.
var mention = regexp.MustCompile(`(^|[^\\])<(@|#)|@(everyone|here)|(^|[^\\])\[`)

func FuzzRenderedTextIsInert(f *testing.F) {
	f.Add("title @everyone", "body <@1>\n# x")
	f.Add("[a](https://b)", "https://x.example/a_b @here\n- y")
	f.Add("\xff\x00", "\u2028\u202e1) x")
	f.Add(strings.Repeat("*", 300), strings.Repeat("👨‍👩‍👧", 300))
	f.Fuzz(func(t *testing.T, title, body string) {
		m := delivery.Render(delivery.Post{Platform: "rss", Kind: "post", URL: "https://example.org", Title: title, Body: body})
		for name, text := range map[string]string{"title": m.Title, "body": m.Body, "plain": delivery.Plain(m).Content} {
			if !utf8.ValidString(text) {
				t.Errorf("%s is not UTF-8: %q", name, text)
			}
			// An escaped backslash before a mark would free the mark.
			if mention.MatchString(strings.ReplaceAll(text, `\\`, "")) {
				t.Errorf("%s can mention or mask: %q", name, text)
			}
		}
		if n := utf8.RuneCountInString(m.Title); n == 0 || n > 256 {
			t.Errorf("title has %d code points", n)
		}
		if n := utf8.RuneCountInString(m.Body); n > 4096 {
			t.Errorf("body has %d code points", n)
		}
	})
}

package source_test

import (
	"testing"

	"trackbot/internal/source"
)

func TestWhatIsTypedIsKeptUntilItsPlatformAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ platform, input, want, handle, asks, url string }{
		{"auto", "https://bsky.app/profile/Alice.example", "bluesky", "alice.example", "bluesky alice.example", "https://bsky.app/profile/alice.example"},
		{"bluesky", "@alice.example", "bluesky", "alice.example", "bluesky alice.example", "https://bsky.app/profile/alice.example"},
		{"auto", "@ann@social.example", "mastodon", "@ann@social.example", "mastodon @ann@social.example", "https://social.example/@ann"},
		{"auto", "https://social.example/@ann", "mastodon", "@ann@social.example", "auto https://social.example/@ann", "https://social.example/@ann"},
		{"mastodon", "http://127.0.0.1:9000/@ann", "mastodon", "@ann@127.0.0.1:9000", "mastodon http://127.0.0.1:9000/@ann", "http://127.0.0.1:9000/@ann"},
		{"youtube", "@channel", "youtube", "@channel", "youtube @channel", "https://www.youtube.com/@channel"},
		{"auto", "youtube.com/@channel", "youtube", "@channel", "youtube https://youtube.com/@channel", "https://youtube.com/@channel"},
		{"auto", "https://www.twitch.tv/Someone", "twitch", "someone", "twitch someone", "https://www.twitch.tv/someone"},
		{"auto", "www.example.com/blog", "rss", "example.com", "rss https://www.example.com/blog", "https://www.example.com/blog"},
		{"rss", "https://name:secret@www.example.com/blog", "", "", "", ""},
		{"auto", "nobody", "", "", "", ""},
		{"auto", "two words", "", "", "", ""},
		{"bluesky", "alice", "", "", "", ""},
		{"youtube", "https://example.com/@channel", "", "", "", ""},
		{"twitch", "https://www.twitch.tv/videos/123", "", "", "", ""},
	} {
		a, ok := source.Unresolved(tc.platform, tc.input)
		if ok != (tc.want != "") {
			t.Errorf("%s %q: %v %+v", tc.platform, tc.input, ok, a)
		}
		if !ok {
			continue
		}
		platform, input, ok := source.ParseUnresolved(a.ExternalID)
		if !ok || platform+" "+input != tc.asks || a.Platform != tc.want || a.Handle != tc.handle || a.DisplayName != tc.handle || a.URL != tc.url {
			t.Errorf("%s %q: asks %q %q of %+v", tc.platform, tc.input, platform, input, a)
		}
	}
	for _, id := range []string{"https://example.com/feed.xml", "did:plc:abcdefghijklmnopqrstuvwx", "UCabcdefghijklmnopqrstuv", "12345"} {
		if _, _, ok := source.ParseUnresolved(id); ok {
			t.Errorf("%s is a platform's own", id)
		}
	}
}

package source_test

import (
	"net/url"
	"strings"
	"testing"

	"trackbot/internal/source"
)

// What people paste names a known platform or nothing, and what an adapter makes of it cannot leave its place in an address.
func FuzzInputs(f *testing.F) {
	for _, s := range []string{
		"@alice@social.example", "https://www.youtube.com/watch?v=a/../b&list=x", "youtu.be/%2e%2e", "https://www.twitch.tv/videos/1", "twitch.tv/popout/ada/chat",
		"https://bsky.app/profile/did:plc:abc/post/3k", "feed:https://a.test/f", "https://x.com/@a", "http://[::1]:80/@a", "https://a.test/web/@b@c.test", "<https://a.test>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, input string) {
		for _, c := range source.Detect(input) {
			if !strings.Contains(" rss bluesky mastodon youtube twitch x instagram tiktok ", " "+c[0]+" ") || c[1] == "" {
				t.Errorf("%q: %v", input, c)
			}
		}
		if id, path, ok := source.YouTubeChannel(input); ok {
			u, err := url.Parse("https://www.youtube.com" + path)
			if (id == "") == (path == "") || err != nil || u.Host != "www.youtube.com" || id != "" && len(id) != 24 {
				t.Errorf("%q is channel %q at %q", input, id, path)
			}
		}
		if login, video, ok := source.TwitchChannel(input); ok {
			if (login == "") == (video == "") || strings.ContainsAny(login+video, "/?&=#% ") {
				t.Errorf("%q is login %q, video %q", input, login, video)
			}
		}
	})
}

func FuzzTwitch(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"1","stream_id":null,"user_id":"2","title":"x","published_at":"2026-01-01T00:00:00Z","url":"https://x.example/%{width}","thumbnail_url":"https://x.example/%{width}x%{height}.jpg","view_count":-3,"type":"live","started_at":"x"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if posts, err := source.TwitchPosts(body); err == nil {
			checkPosts(t, posts)
		}
	})
}

func FuzzYouTubeAPI(f *testing.F) {
	f.Add([]byte(`{"items":[{"id":"aaaaaaaaaaa","snippet":{"publishedAt":"2026-01-01T00:00:00Z","title":"x","liveBroadcastContent":"live","thumbnails":{"high":{"url":"https://x.example"}}},"contentDetails":{"duration":"PT1M59S"},"statistics":{"viewCount":"12"}}]}`))
	f.Add([]byte(`{"items":[{"id":"b","contentDetails":{"duration":"P9999DT9999H9999M9999S"},"statistics":{"viewCount":12},"liveStreamingDetails":{}}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if posts, err := source.YouTubeAPIPosts(body); err == nil {
			checkPosts(t, posts)
		}
	})
}

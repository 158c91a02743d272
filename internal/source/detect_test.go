package source_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/source"
)

func TestInputsAreRecognised(t *testing.T) {
	t.Parallel()
	const channel = "UCaaaaaaaaaaaaaaaaaaaaaa"
	for in, want := range map[string]string{
		"https://bsky.app/profile/alice.bsky.social":                     "bluesky",
		"bsky.app/profile/did:plc:abc":                                   "bluesky",
		"https://bsky.app/profile/alice.example/post/3k":                 "bluesky",
		"alice.bsky.social":                                              "bluesky",
		"@alice.example":                                                 "bluesky",
		"did:plc:abc":                                                    "bluesky",
		"at://did:plc:abc/app.bsky.feed.post/3k":                         "bluesky",
		"@alice@social.example":                                          "mastodon",
		"alice@social.example":                                           "mastodon",
		"acct:alice@social.example":                                      "mastodon",
		"@alice@127.0.0.1:8080":                                          "mastodon",
		" <https://social.example/@alice> ":                              "mastodon rss",
		"https://social.example/@alice/109":                              "mastodon rss",
		"https://social.example/users/alice":                             "mastodon rss",
		"https://social.example/@alice@home.example":                     "mastodon rss",
		"https://www.youtube.com/channel/" + channel:                     "youtube",
		"https://youtube.com/@name":                                      "youtube",
		"https://www.youtube.com/@name/shorts":                           "youtube",
		"https://www.youtube.com/shorts/aaaaaaaaaaa?feature=share":       "youtube",
		"https://www.youtube.com/live/aaaaaaaaaaa":                       "youtube",
		"https://www.youtube.com/embed/aaaaaaaaaaa":                      "youtube",
		"https://music.youtube.com/channel/" + channel:                   "youtube",
		"youtube.com/name":                                               "youtube",
		"https://www.youtube.com/playlist?list=PLx":                      "rss",
		"https://www.youtube.com/feeds/videos.xml?playlist_id=PLx":       "rss",
		"https://www.twitch.tv/name":                                     "twitch",
		"m.twitch.tv/name/videos":                                        "twitch",
		"https://social.example/web/@alice":                              "mastodon rss",
		"https://social.example/deck/@alice@home.example":                "mastodon rss",
		"https://x.com/name":                                             "x",
		"https://twitter.com/@name":                                      "x",
		"https://www.instagram.com/name":                                 "instagram",
		"https://www.tiktok.com/@name":                                   "tiktok",
		"https://m.youtube.com/c/name":                                   "youtube",
		"https://www.youtube.com/user/name":                              "youtube",
		"https://youtu.be/abcdefghijk":                                   "youtube",
		channel:                                                          "youtube",
		"https://www.youtube.com/feeds/videos.xml?channel_id=" + channel: "youtube",
		"https://www.youtube.com/feeds/videos.xml?playlist_id=PL1":       "rss",
		"https://blog.example/feed.xml":                                  "rss",
		"blog.example":                                                   "rss",
		"feed://blog.example/feed":                                       "rss",
		"feed:https://blog.example/feed":                                 "rss",
		"http://127.0.0.1:8080/feed":                                     "rss",
		"https://blog.example/@":                                         "rss",
		"@alice":                                                         "",
		"alice":                                                          "",
		"":                                                               "",
		"two words.example":                                              "",
		"ftp://blog.example/feed":                                        "",
		"javascript:alert(1)":                                            "",
		"https://":                                                       "",
		"@@":                                                             "",
		"@alice@":                                                        "",
		"@al ice@social.example":                                         "",
		strings.Repeat("a", 3000) + ".example":                           "",
	} {
		var got []string
		for _, c := range source.Detect(in) {
			got = append(got, c[0])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%.60q is %v, want %q", in, got, want)
		}
	}
}

func TestMastodonHandlesAreRead(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"@Alice@Social.Example":                      "Alice social.example",
		"https://social.example/@alice":              "alice social.example",
		"https://social.example/@alice/":             "alice social.example",
		"social.example/@alice@home.example":         "alice home.example",
		"http://127.0.0.1:99/users/alice/statuses/1": "alice 127.0.0.1:99",
		"https://social.example/about":               "",
		"@alice@social.example/evil":                 "",
		"@a/../b@social.example":                     "",
		"@alice@user:pw@social.example":              "",
	} {
		name, host, ok := source.MastodonUser(in)
		if got := strings.TrimSpace(name + " " + host); ok != (want != "") || (ok && got != want) {
			t.Errorf("%q is %q %t, want %q", in, got, ok, want)
		}
	}
}

func TestBlueskyActorsAreRead(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"@Alice.Bsky.Social":                           "alice.bsky.social",
		"https://bsky.app/profile/did:plc:abc/post/3k": "did:plc:abc",
		"https://alice.bsky.social":                    "alice.bsky.social",
		"at://alice.example":                           "alice.example",
		"did:":                                         "",
		"did:plc:a?x=1":                                "",
		"alice":                                        "",
		"https://bsky.app/search":                      "",
	} {
		if got, ok := source.BlueskyActor(in); ok != (want != "") || (ok && got != want) {
			t.Errorf("%q is %q %t, want %q", in, got, ok, want)
		}
	}
}

func TestPagesNameTheirFeeds(t *testing.T) {
	t.Parallel()
	got := source.DiscoverFeeds([]byte(`<html><head><base href="https://cdn.example/x/">
		<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
		<LINK REL='Alternate Home' TYPE='application/rss+xml; charset=utf-8' HREF=feed.xml>
		<link rel="alternate" type="application/json" href="/wp-json/1"><link rel="stylesheet" type="application/rss+xml" href="/no">
		<link rel=alternate type=application/atom+xml href="https://blog.example/atom"><link rel=alternate type=application/feed+json href="javascript:x">
		</head><body><link rel=alternate type=application/feed+json href=f.json></body>`), "https://blog.example/")
	want := []string{"https://cdn.example/x/feed.xml", "https://blog.example/atom", "https://cdn.example/x/f.json", "https://cdn.example/comments/feed"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	many := strings.Repeat(`<link rel=alternate type=application/rss+xml href=/f>`, 1000)
	if n := len(source.DiscoverFeeds([]byte(many), "https://blog.example/")); n > 16 {
		t.Errorf("%d feeds of one page", n)
	}
}

func TestChannelPagesNameTheirChannel(t *testing.T) {
	t.Parallel()
	const id = "UCabcdefghijklmnopqrstuv"
	for _, body := range []string{
		`<link rel="canonical" href="https://www.youtube.com/channel/` + id + `">`,
		`<link rel="alternate" type="application/rss+xml" title="RSS" href="https://www.youtube.com/feeds/videos.xml?channel_id=` + id + `">`,
		`<meta itemprop="channelId" content="` + id + `">`,
		`<meta itemprop="identifier" content="` + id + `"><link rel="canonical" href="https://www.youtube.com/watch?v=x">`,
	} {
		if got := source.ChannelOf([]byte(body)); got != id {
			t.Errorf("%s: %q", body, got)
		}
	}
	if got := source.ChannelOf([]byte(`<meta itemprop="channelId" content="../../etc">`)); got != "" {
		t.Errorf("got %q", got)
	}
}

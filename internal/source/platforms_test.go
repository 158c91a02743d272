package source_test

import (
	"strings"
	"testing"

	"trackbot/internal/sim"
	"trackbot/internal/source"
)

// shown is what the posts and figures of a platform turned out to have.
type shown struct{ views, likes, comments, shares bool }

func (s *shown) note(m source.Metrics) {
	s.views, s.likes = s.views || m.Views != nil, s.likes || m.Likes != nil
	s.comments, s.shares = s.comments || m.Comments != nil, s.shares || m.Shares != nil
}

// Nobody promises a figure that a platform lacks, nor leaves one out that it has.
func TestPlatformsTellExactlyWhatTheyPromise(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string]bool{"with keys": true, "without": false} {
		s := newStudio(t, func(_ *sim.Config, c *source.Config) {
			if !keys {
				c.YouTubeAPIKey, c.TwitchClientID, c.TwitchClientSecret = "", "", ""
			}
		})
		s.Registry = registry(t, withBluesky(s, keys))
		host := strings.TrimPrefix(s.base, "http://")
		for platform, input := range map[string]string{
			source.RSS: s.base + "/feeds/blog.xml", source.Bluesky: "@ada.example", source.Mastodon: "@ada@" + host,
			source.YouTube: films, source.Twitch: "twitch.tv/ada",
		} {
			offer := offerOf(t, s.Registry, platform)
			if platform == source.Twitch && !keys {
				if offer.On || !strings.Contains(offer.WhyOff, "TWITCH_CLIENT_ID") {
					t.Errorf("%s: twitch is on, or off without a reason", name)
				}
				continue
			}
			s.populate(platform)
			acct, err := s.Resolve(testContext(t), source.Auto, input)
			if err != nil || acct.Platform != platform {
				t.Fatalf("%s: %s resolves to %+v, %v", name, input, acct, err)
			}
			if !offer.On || offer.WhyOff != "" || len(offer.Inputs) == 0 || offer.Followers != (acct.Followers != nil) {
				t.Errorf("%s: %s offers %+v and tells %+v", name, platform, offer, acct)
			}
			var got shown
			var refs []source.PostRef
			for _, p := range s.fetch(platform, acct.ExternalID, "").Posts {
				if refs = append(refs, source.PostRef{AccountID: acct.ExternalID, PostID: p.ExternalID}); p.Metrics != nil {
					got.note(*p.Metrics)
				}
				if !strings.Contains(strings.Join(offer.Kinds, " "), p.Kind) {
					t.Errorf("%s: %s has a %s", name, platform, p.Kind)
				}
			}
			for _, m := range s.MeasureAll(testContext(t), platform, refs).Figures {
				got.note(m)
			}
			if want := (shown{offer.Views, offer.Likes, offer.Comments, offer.Shares}); got != want || len(refs) == 0 {
				t.Errorf("%s: %s tells %+v of %d posts and promises %+v", name, platform, got, len(refs), want)
			}
		}
	}
}

func withBluesky(s *studio, keys bool) source.Config {
	c := source.Config{Now: s.clock, BlueskyURL: s.base, YouTubeFeedURL: s.base + "/youtube/feeds/videos.xml"}
	if keys {
		c.YouTubeAPIKey, c.YouTubeAPIURL = "sim-youtube-key", s.base+"/youtube/api/v3"
		c.TwitchClientID, c.TwitchClientSecret = "sim-twitch-client", "sim-twitch-secret"
		c.TwitchAPIURL, c.TwitchTokenURL = s.base+"/twitch/helix", s.base+"/twitch/oauth2/token"
	}
	return c
}

func offerOf(t *testing.T, r *source.Registry, platform string) source.Platform {
	t.Helper()
	for _, p := range r.Platforms() {
		if p.Platform == platform {
			return p
		}
	}
	t.Fatalf("%s is not listed", platform)
	return source.Platform{}
}

// populate gives the simulated platform an account with a post of each kind it has.
func (s *studio) populate(platform string) {
	s.t.Helper()
	spec := sim.SourceSpec{Name: "ada", Followers: 5}
	add, posts := s.AddTwitchChannel, []string{"video"}
	switch platform {
	case source.RSS:
		spec.Name, add, posts = "blog", s.AddFeed, []string{"post"}
	case source.Bluesky:
		spec.Name, add, posts = "ada.example", s.AddBlueskyAccount, []string{"post", "reply", "repost"}
	case source.Mastodon:
		add, posts = s.AddMastodonAccount, []string{"post", "reply", "repost"}
	case source.YouTube:
		spec.ID, add, posts = films, s.AddYouTubeChannel, []string{"video", "short"}
	}
	key := s.add(add, spec)
	for _, kind := range posts {
		s.publish(key, sim.PostSpec{Kind: kind, Title: kind, Text: kind, Author: "bob.example"})
	}
}

func TestPlatformsWithoutAnAdapterSayWhatToDo(t *testing.T) {
	t.Parallel()
	r := registry(t, source.Config{})
	for input, platform := range map[string]string{
		"https://x.com/someone": "X", "https://twitter.com/someone/status/1": "X", "mobile.twitter.com/someone": "X",
		"https://www.instagram.com/someone/": "Instagram", "instagram.com/p/abc": "Instagram",
		"https://www.tiktok.com/@someone": "TikTok", "https://m.tiktok.com/@someone/video/1": "TikTok", "https://vm.tiktok.com/abc": "TikTok",
		"https://www.twitch.tv/someone": "Twitch",
	} {
		_, err := r.Resolve(testContext(t), source.Auto, input)
		if e := wantKind(t, err, source.Unsupported); !strings.HasPrefix(e.Public, platform+" ") || strings.Count(e.Public, ".")+strings.Count(e.Public, ":") < 2 {
			t.Errorf("%s: %s", input, e.Public)
		}
	}
	for _, platform := range []string{source.X, source.Instagram, source.TikTok, source.Twitch, "myspace"} {
		_, err := r.Resolve(testContext(t), platform, "someone")
		wantKind(t, err, source.Unsupported)
	}
	_, err := r.Resolve(testContext(t), source.Auto, "@someone")
	if e := wantKind(t, err, source.Unsupported); !strings.Contains(e.Public, "@name@server") {
		t.Errorf("a bare handle: %s", e.Public)
	}
}

package source

// Platform says what can be tracked on a platform here and now.
type Platform struct {
	Platform string // its name in the contract
	On       bool
	WhyOff   string // a sentence that says what to do; "" when it is on
	Capabilities
	Inputs []string // what to type, by example
	Kinds  []string // of posts that may come
}

// Platforms describes every platform of the contract, those that are off too.
func (r *Registry) Platforms() []Platform {
	known := []Platform{
		{Platform: RSS, Inputs: []string{"https://example.com/feed.xml", "example.com"}, Kinds: []string{KindPost}},
		{Platform: Bluesky, Inputs: []string{"@name.bsky.social", "https://bsky.app/profile/name.bsky.social"}, Kinds: []string{KindPost, KindReply, KindRepost}},
		{Platform: Mastodon, Inputs: []string{"@name@mastodon.social", "https://mastodon.social/@name"}, Kinds: []string{KindPost, KindReply, KindRepost}},
		{Platform: YouTube, Inputs: []string{"https://www.youtube.com/@name", "https://youtu.be/…"}, Kinds: r.youtube.kinds()},
		{Platform: Twitch, Capabilities: Capabilities{Views: true, NeedsKey: true}, Inputs: []string{"https://www.twitch.tv/name"}, Kinds: []string{KindVideo, KindLive}},
		{Platform: X, Capabilities: Capabilities{NeedsKey: true}},
		{Platform: Instagram, Capabilities: Capabilities{NeedsKey: true}},
		{Platform: TikTok, Capabilities: Capabilities{NeedsKey: true}},
	}
	for i := range known {
		p := &known[i]
		if a, ok := r.adapters[p.Platform]; ok {
			p.On, p.Capabilities = true, a.Capabilities()
			continue
		}
		p.WhyOff = WhyOff(p.Platform)
	}
	return known
}

func (a *youtubeAdapter) kinds() []string {
	if a.api != nil {
		return []string{KindVideo, KindShort, KindLive}
	}
	return []string{KindVideo, KindShort}
}

// WhyOff says why a platform cannot be tracked here and what to do instead.
func WhyOff(platform string) string {
	const instead = " If they are on Bluesky, Mastodon or YouTube too, or have a site with a feed, add that instead."
	switch platform {
	case Twitch:
		return "Twitch needs a free key, which is not set up here: whoever runs Trackbot sets TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET."
	case X:
		return "X shows posts to paid keys alone, so accounts there are not tracked here." + instead
	case Instagram:
		return "Instagram shows posts to connected business accounts alone, so accounts there are not tracked here." + instead
	case TikTok:
		return "TikTok shows posts to approved applications alone, so accounts there are not tracked here." + instead
	}
	return "This platform is not supported."
}

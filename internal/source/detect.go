package source

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// candidate is one way to read what a person typed.
type candidate struct {
	platform string
	input    string // for that platform's Resolve
}

// detect lists the ways to read an input, most likely first; none means that it names nothing. It
// looks nothing up, so that a later candidate is for when an earlier one turns out wrong.
func detect(input string) []candidate {
	s := cleanInput(input)
	switch {
	case s == "" || len(s) > maxURLLen || strings.ContainsAny(s, " \n\t"):
		return nil
	case strings.HasPrefix(s, "did:"), strings.HasPrefix(s, "at://"):
		return []candidate{{Bluesky, s}}
	case isChannelID(s):
		return []candidate{{YouTube, s}}
	}
	if _, ok := parseMastodon(s); ok && !strings.Contains(s, "/") {
		return []candidate{{Mastodon, s}}
	}
	if name, ok := strings.CutPrefix(s, "@"); ok {
		// "@name" alone could be anybody's, "@name.tld" is how Bluesky writes itself.
		if isDomain(name) {
			return []candidate{{Bluesky, name}}
		}
		return nil
	}
	u, ok := parseWeb(s)
	if !ok {
		return nil
	}
	return detectURL(s, u)
}

func detectURL(s string, u *url.URL) []candidate {
	host := strings.ToLower(u.Hostname())
	switch {
	case host == "bsky.app" || host == "www.bsky.app" || strings.HasSuffix(host, ".bsky.social") && u.Path == "":
		return []candidate{{Bluesky, s}}
	case isYouTubeHost(host):
		return []candidate{detectYouTube(s, u)}
	case isTwitchHost(host):
		return []candidate{{Twitch, s}}
	}
	if p := closedPlatform(host); p != "" {
		return []candidate{{p, s}}
	}
	// A profile page looks the same on Mastodon and on a few others, which have feeds.
	if _, ok := parseMastodon(s); ok {
		return []candidate{{Mastodon, s}, {RSS, s}}
	}
	return []candidate{{RSS, s}}
}

// detectYouTube tells channels from playlists, which have a feed of their own.
func detectYouTube(s string, u *url.URL) candidate {
	if u.Path == "/feeds/videos.xml" && u.Query().Get("channel_id") == "" {
		return candidate{RSS, s}
	}
	if list := u.Query().Get("list"); u.Path == "/playlist" && list != "" {
		return candidate{RSS, "https://" + youtubeHost + youtubeFeedPath + "?" + url.Values{"playlist_id": {list}}.Encode()}
	}
	return candidate{YouTube, s}
}

// closedPlatform is the platform without an adapter that a host belongs to, "" if there is none.
func closedPlatform(host string) string {
	host = strings.TrimPrefix(strings.TrimPrefix(host, "www."), "m.")
	switch host {
	case "x.com", "twitter.com", "mobile.twitter.com", "t.co":
		return X
	case "instagram.com", "instagr.am":
		return Instagram
	case "tiktok.com", "vm.tiktok.com":
		return TikTok
	}
	return ""
}

// cleanInput removes what pasting adds.
func cleanInput(s string) string {
	return strings.TrimSpace(strings.Trim(clean(s), "<>\"'"))
}

// parseWeb reads an address, with or without its scheme; false if it is none. A feed: scheme is a
// way to write http.
func parseWeb(s string) (*url.URL, bool) {
	if rest, ok := strings.CutPrefix(s, "feed:"); ok {
		s = strings.TrimPrefix(rest, "//")
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || !isHost(u.Host) {
		return nil, false
	}
	u.Host = strings.ToLower(u.Host)
	u.Fragment = ""
	return u, true
}

// isHost tells whether s is a domain, an address or localhost, perhaps with a port.
func isHost(s string) bool {
	u, err := url.Parse("https://" + s)
	if err != nil || u.Host != s || u.User != nil {
		return false
	}
	name := u.Hostname()
	_, err = netip.ParseAddr(name)
	return err == nil || name == "localhost" || isDomain(name)
}

// isDomain tells whether s looks like a domain name of at least two labels.
func isDomain(s string) bool {
	labels := strings.Split(strings.TrimSuffix(s, "."), ".")
	if len(labels) < 2 || len(s) > 253 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.ContainsAny(l, " @/:?#[]%\\\"'<>") {
			return false
		}
	}
	return true
}

// isChannelID tells whether s is the id of a YouTube channel.
func isChannelID(s string) bool {
	return len(s) == 24 && regexp.MustCompile(`^UC[A-Za-z0-9_-]{22}$`).MatchString(s)
}

func isYouTubeHost(host string) bool {
	switch host {
	case "youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be":
		return true
	}
	return false
}

// fediverseUser is a user of one server of the fediverse.
type fediverseUser struct {
	name string
	host string // with a port only on loopback
	// scheme is the one of the address given; "" if none was.
	scheme string
}

// parseMastodon reads @user@host, user@host, acct:user@host and the addresses of profile pages:
// https://host/@user, /@user/123, /@user@home, /users/user.
func parseMastodon(s string) (fediverseUser, bool) {
	s = strings.TrimPrefix(cleanInput(s), "acct:")
	if !strings.Contains(s, "/") {
		name, host, ok := strings.Cut(strings.TrimPrefix(s, "@"), "@")
		if !ok || !isUserName(name) || !isHost(host) {
			return fediverseUser{}, false
		}
		return fediverseUser{name: name, host: strings.ToLower(host)}, true
	}
	u, ok := parseWeb(s)
	if !ok {
		return fediverseUser{}, false
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if (parts[0] == "web" || parts[0] == "deck") && len(parts) > 1 {
		parts = parts[1:] // Mastodon's web client of former days, and its advanced view
	}
	who := ""
	switch {
	case strings.HasPrefix(parts[0], "@"):
		who = parts[0][1:]
	case parts[0] == "users" && len(parts) > 1:
		who = parts[1]
	}
	if name, home, remote := strings.Cut(who, "@"); remote {
		return fediverseUser{name: name, host: strings.ToLower(home)}, isUserName(name) && isHost(home)
	}
	return fediverseUser{name: who, host: u.Host, scheme: u.Scheme}, isUserName(who)
}

// isUserName holds for the names of Mastodon and its relatives.
func isUserName(s string) bool {
	return len(s) <= 64 && regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`).MatchString(s)
}

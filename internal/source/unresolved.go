package source

import (
	"path"
	"strings"
)

// unresolvedPrefix begins the identity of an account whose platform has not told yet who it is. No platform's own begins so.
const unresolvedPrefix = "unresolved:"

// Unresolved is the account that an input names, for when its platform cannot be asked now. Its ExternalID says what
// to resolve later (ParseUnresolved), the same for each way to write the same account. False: the input names nothing
// that a later answer could be about. It asks nobody.
func Unresolved(platform, input string) (Account, bool) {
	wanted := platform
	if platform == Auto {
		candidates := detect(input)
		if len(candidates) == 0 {
			return Account{}, false
		}
		platform, input = candidates[0].platform, candidates[0].input
		if len(candidates) == 1 {
			wanted = platform // otherwise the answer decides whose it is
		}
	}
	a, ok := asTyped(platform, input)
	a.Platform, a.ExternalID = platform, unresolvedPrefix+wanted+":"+a.ExternalID
	return a, ok
}

// ParseUnresolved is what Registry.Resolve is to be asked for an identity that Unresolved made; false if it is a platform's own.
func ParseUnresolved(externalID string) (platform, input string, ok bool) {
	rest, ok := strings.CutPrefix(externalID, unresolvedPrefix)
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, ":")
}

// asTyped reads what an input says of the account. In place of its ExternalID stands what to resolve.
func asTyped(platform, input string) (Account, bool) {
	s := cleanInput(input)
	switch platform {
	case Bluesky:
		actor, ok := parseBluesky(s)
		return typed(actor, actor, "https://bsky.app/profile/"+actor), ok
	case Mastodon:
		user, ok := parseMastodon(s)
		handle := "@" + user.name + "@" + user.host
		if user.scheme == "" {
			return typed(handle, handle, "https://"+user.host+"/@"+user.name), ok
		}
		address := user.scheme + "://" + user.host + "/@" + user.name
		return typed(address, handle, address), ok
	case Twitch:
		login, _, ok := parseTwitch(s)
		return typed(login, login, "https://www.twitch.tv/"+login), ok && login != ""
	case YouTube:
		if name := strings.TrimPrefix(s, "@"); isUserName(name) && !isYouTubeHost(strings.ToLower(name)) {
			return typed("@"+name, "@"+name, "https://www.youtube.com/@"+name), true
		}
	}
	u, ok := parseWeb(s)
	if !ok || u.User != nil {
		return Account{}, false
	}
	handle := strings.TrimPrefix(u.Hostname(), "www.")
	if platform == YouTube {
		handle = path.Base(u.Path)
	}
	return typed(u.String(), handle, u.String()), platform == RSS || isYouTubeHost(u.Hostname())
}

func typed(input, handle, address string) Account {
	return Account{ExternalID: input, Handle: handle, DisplayName: handle, URL: address}
}

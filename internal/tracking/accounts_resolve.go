package tracking

import (
	"context"
	"errors"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"trackbot/internal/fault"
	"trackbot/internal/source"
)

const maxInput = 2048

// resolved is the real account behind an input. doubt says why the platform
// could not confirm it; "": it has.
type resolved struct {
	account source.Account
	doubt   string
}

func (in NewAccount) check() error {
	var faults []fault.Field
	switch {
	case strings.TrimSpace(in.Input) == "":
		faults = append(faults, in.fault("A handle or an address is needed."))
	case len(in.Input) > maxInput || !utf8.ValidString(in.Input) || strings.IndexFunc(in.Input, unicode.IsControl) >= 0:
		faults = append(faults, in.fault("This is neither a handle nor an address."))
	}
	if !known(in.Platform) {
		faults = append(faults, fault.Field{Name: "platform", Message: source.WhyOff(in.Platform)})
	}
	if len(faults) > 0 {
		return fault.Invalid(faults...)
	}
	return nil
}

func known(platform string) bool {
	switch platform {
	case source.Auto, source.RSS, source.Bluesky, source.Mastodon, source.YouTube, source.Twitch:
		return true
	}
	return false
}

func (in NewAccount) fault(message string) fault.Field {
	name := in.InputName
	if name == "" {
		name = "handle"
	}
	return fault.Field{Name: name, Message: message}
}

// resolve asks the platform. No transaction is open meanwhile.
func (c *Catalog) resolve(ctx context.Context, in NewAccount) (resolved, error) {
	ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	account, err := c.resolver.Resolve(ctx, in.Platform, in.Input)
	if err == nil {
		return resolved{account: account}, nil
	}
	public := "The platform gave no answer."
	var se *source.Error
	if errors.As(err, &se) && se.Public != "" {
		public = se.Public
	}
	switch source.KindOf(err) {
	case source.NotFound, source.Gone, source.Blocked, source.TooLarge, source.Malformed, source.Unsupported, source.AuthRequired:
		refusal := fault.Wrap(err, fault.ValidationFailed, public)
		refusal.Fields = []fault.Field{in.fault(public)}
		if public == source.WhyOff(in.Platform) { // whatever the account
			refusal.Fields[0].Name = "platform"
		}
		return resolved{}, refusal
	}
	if account, ok := stable(in.Platform, in.Input); ok {
		return resolved{account: account, doubt: public}, nil
	}
	if account, ok := source.Unresolved(in.Platform, in.Input); ok {
		return resolved{account: account, doubt: public}, nil
	}
	refusal := fault.Wrap(err, fault.Unavailable, public+" Try again in a moment.")
	refusal.RetryAfter = time.Minute
	if se != nil && se.RetryAfter > 0 {
		refusal.RetryAfter = se.RetryAfter
	}
	return resolved{}, refusal
}

// stable reads an input that is itself what identifies the account at its platform.
func stable(platform, input string) (source.Account, bool) {
	input = strings.TrimSpace(input)
	is := func(p string) bool { return platform == p || platform == source.Auto }
	switch {
	case is(source.Bluesky) && isDID(input):
		return source.Account{
			Platform: source.Bluesky, ExternalID: input, Handle: input, DisplayName: input, URL: "https://bsky.app/profile/" + input,
		}, true
	case is(source.YouTube) && isChannelID(input):
		return source.Account{
			Platform: source.YouTube, ExternalID: input, Handle: input, DisplayName: input, URL: "https://www.youtube.com/channel/" + input,
		}, true
	case is(source.RSS):
		return feed(input, platform == source.RSS)
	}
	return source.Account{}, false
}

// feed reads the address of a feed, written as source.RSS identifies one. Unless the person
// said that it is a feed, it must look like one: a page's address is not where its feed is.
func feed(input string, said bool) (source.Account, bool) {
	u, err := url.Parse(input)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return source.Account{}, false
	}
	if !said && !looksLikeFeed(u.Path) {
		return source.Account{}, false
	}
	u.Fragment, u.RawFragment = "", ""
	u.Host = strings.ToLower(u.Host)
	if (u.Scheme == "https" && u.Port() == "443") || (u.Scheme == "http" && u.Port() == "80") {
		u.Host = strings.TrimSuffix(u.Host, ":"+u.Port())
	}
	if u.Path == "" {
		u.Path = "/"
	}
	name := strings.TrimPrefix(u.Hostname(), "www.")
	return source.Account{Platform: source.RSS, ExternalID: u.String(), Handle: name, DisplayName: name, URL: u.String()}, true
}

func looksLikeFeed(p string) bool {
	base := strings.ToLower(path.Base(p))
	switch path.Ext(base) {
	case ".xml", ".rss", ".atom", ".rdf", ".json":
		return true
	}
	return base == "feed" || base == "rss" || base == "atom"
}

func isDID(s string) bool {
	return len(s) <= 256 && regexp.MustCompile(`^did:(plc:[a-z2-7]{24}|web:[a-zA-Z0-9.:%-]+)$`).MatchString(s)
}

func isChannelID(s string) bool {
	return regexp.MustCompile(`^UC[A-Za-z0-9_-]{22}$`).MatchString(s)
}

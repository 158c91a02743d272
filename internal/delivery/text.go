package delivery

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tidy makes foreign text fit for a message: valid UTF-8, no control or direction-changing
// characters, single spaces, at most one empty line between two others.
func tidy(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\u2028', r == '\u2029':
			return '\n'
		case unicode.IsControl(r) && r != '\t', r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, s)
	var b strings.Builder
	empty := 0
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" {
			empty++
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
			if empty > 0 {
				b.WriteByte('\n')
			}
		}
		empty = 0
		b.WriteString(line)
	}
	return b.String()
}

// oneLine is tidy on a single line.
func oneLine(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(tidy(s), "\n\n", "\n"), "\n", " ")
}

const (
	ellipsis        = "…"
	zeroWidthJoiner = '\u200D'
	wordSlack       = 40 // how far a cut may move back to the end of a word
)

// clip cuts s to at most limit code points, the last of which is an ellipsis then. It cuts after a
// word where one ends near, and never between a character and what modifies it.
func clip(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	runes := []rune(s)
	cut := limit - 1
	for back := cut; back > max(0, cut-wordSlack); back-- {
		if unicode.IsSpace(runes[back]) {
			return strings.TrimSpace(string(runes[:back])) + ellipsis
		}
	}
	for cut > 1 && (modifies(runes[cut]) || runes[cut-1] == zeroWidthJoiner) {
		cut--
	}
	return strings.TrimSpace(string(runes[:cut])) + ellipsis
}

func modifies(r rune) bool {
	return r == zeroWidthJoiner || unicode.IsMark(r) || unicode.Is(unicode.Variation_Selector, r) || r >= 0x1F3FB && r <= 0x1F3FF
}

var (
	// address finds what Discord links by itself and does not format. What could end a link early or
	// open another construct is not part of it.
	address = regexp.MustCompile(`^https?://[A-Za-z0-9\-._~:/?#@!$&'+,;=%]+`)
	// lineMarker finds what makes a heading, small print, a quote or a list item at the start of a line.
	lineMarker = regexp.MustCompile(`^(?:#{1,3}|-#|>{1,3}|[-+]|[0-9]+[.)])(?:\s|$)`)
	everyone   = regexp.MustCompile(`^@(?:everyone|here)`)
	// quietURL keeps an address from mentioning without changing where it leads.
	quietURL = strings.NewReplacer("@everyone", "%40everyone", "@here", "%40here",
		" ", "%20", "<", "%3C", ">", "%3E", `"`, "%22", "`", "%60", "|", "%7C")
)

// Escape makes foreign text show as it is in Discord markdown: no formatting, no mentions, no links
// in disguise. Addresses stay whole, so that they can be followed. The result holds at most twice
// the code points of s.
func Escape(s string) string {
	var b strings.Builder
	lineStart, wordStart := true, true
	for len(s) > 0 {
		if wordStart && s[0] == 'h' {
			if n := len(address.FindString(s)); n > 0 {
				b.WriteString(quietURL.Replace(s[:n]))
				s, lineStart, wordStart = s[n:], false, false
				continue
			}
		}
		if lineStart {
			if marker := strings.TrimRight(lineMarker.FindString(s), " \t\n"); marker != "" {
				// "1." is escaped before its last character, "#" and the like before their first.
				at := 0
				if marker[0] >= '0' && marker[0] <= '9' {
					at = len(marker) - 1
				}
				b.WriteString(marker[:at] + `\` + marker[at:])
				s, lineStart, wordStart = s[len(marker):], false, true
				continue
			}
		}
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case strings.ContainsRune("\\*_~`|<[]", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '@' && everyone.MatchString(s):
			b.WriteString("@\u200B")
		default:
			b.WriteString(s[:n])
		}
		lineStart = r == '\n' || lineStart && unicode.IsSpace(r)
		wordStart = !unicode.IsLetter(r) && !unicode.IsDigit(r)
		s = s[n:]
	}
	return b.String()
}

const maxURL = 2048 // Discord refuses longer addresses in embeds

// webURL returns s as an absolute http(s) address that can stand in a message, "" if it is none.
func webURL(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return ""
	}
	out := quietURL.Replace(u.String())
	if len(out) > maxURL || strings.ContainsFunc(out, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return ""
	}
	return out
}

package source

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	maxBodyRunes  = 4000
	maxTitleRunes = 300
	maxNameRunes  = 200
)

// clean makes s storable: valid UTF-8, no control characters but line feed and tab, no edge spaces.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexFunc(s, unicode.IsControl) >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.Map(func(r rune) rune {
			switch {
			case r == '\n' || r == '\t':
				return r
			case r == '\r' || r == '\v' || r == '\f' || r == '\u0085':
				return '\n'
			case unicode.IsControl(r):
				return -1
			}
			return r
		}, s)
	}
	return strings.TrimSpace(s)
}

// cleanLine is clean on one line.
func cleanLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// clip cuts s to at most n characters, the last of which then is an ellipsis.
func clip(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	count := 0
	for i := range s {
		if count == n-1 {
			return strings.TrimRightFunc(s[:i], unicode.IsSpace) + "…"
		}
		count++
	}
	return s
}

// plainText turns HTML into text of at most n characters: blocks become lines, list items get a
// bullet, scripts and their like vanish. Text without markup keeps its own lines.
func plainText(s string, n int) string {
	if !strings.ContainsRune(s, '<') {
		return clip(clean(html.UnescapeString(s)), n)
	}
	w := textWriter{limit: n + 1}
	z := html.NewTokenizer(strings.NewReader(s))
	for hidden := atom.Atom(0); w.count < w.limit; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind == html.TextToken {
			if hidden == 0 {
				w.text(string(z.Text()))
			}
			continue
		}
		if kind == html.CommentToken || kind == html.DoctypeToken {
			continue
		}
		name, _ := z.TagName()
		tag := atom.Lookup(name)
		switch {
		case hidden != 0:
			if kind == html.EndTagToken && tag == hidden {
				hidden = 0
			}
		case kind == html.StartTagToken && invisible(tag):
			hidden = tag
		default:
			w.tag(tag, kind == html.StartTagToken)
		}
	}
	return clip(clean(w.out.String()), n)
}

// plainTitle is plainText on one line. Words in angle brackets that are no HTML element ("List<String>")
// stay: titles often are plain text where markup is allowed.
func plainTitle(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return clip(cleanLine(s), maxTitleRunes)
	}
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		if kind == html.TextToken {
			out.Write(z.Text())
			continue
		}
		raw := string(z.Raw())
		if name, _ := z.TagName(); len(name) > 0 && atom.Lookup(name) == 0 {
			out.WriteString(raw)
		}
	}
	return clip(cleanLine(out.String()), maxTitleRunes)
}

// textWriter collects visible text, with the white space that HTML would show.
type textWriter struct {
	out    strings.Builder
	count  int // characters written
	limit  int
	lines  int // line feeds owed before the next character
	space  bool
	bullet bool
}

func (w *textWriter) text(s string) {
	for _, r := range s {
		if unicode.IsSpace(r) {
			w.space = true
			continue
		}
		if w.count >= w.limit {
			return
		}
		w.settle()
		w.put(r)
	}
}

// settle writes the white space owed.
func (w *textWriter) settle() {
	if w.count > 0 {
		switch {
		case w.lines > 0:
			for range min(w.lines, 2) {
				w.put('\n')
			}
		case w.space:
			w.put(' ')
		}
	}
	if w.bullet {
		w.put('•')
		w.put(' ')
	}
	w.lines, w.space, w.bullet = 0, false, false
}

func (w *textWriter) put(r rune) {
	w.out.WriteRune(r)
	w.count++
}

func (w *textWriter) tag(tag atom.Atom, opens bool) {
	switch tag {
	case atom.Br:
		w.lines++
	case atom.Li:
		w.lines = max(w.lines, 1)
		w.bullet = opens
	case atom.P, atom.Blockquote, atom.Ul, atom.Ol, atom.Table, atom.Pre, atom.Hr,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.lines = max(w.lines, 2)
	case atom.Div, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Figure, atom.Figcaption,
		atom.Tr, atom.Dl, atom.Dt, atom.Dd, atom.Main, atom.Aside, atom.Nav:
		w.lines = max(w.lines, 1)
	case atom.Td, atom.Th:
		w.space = true
	}
}

func invisible(tag atom.Atom) bool {
	switch tag {
	case atom.Script, atom.Style, atom.Template, atom.Iframe, atom.Noembed, atom.Noframes,
		atom.Head, atom.Svg, atom.Math, atom.Object, atom.Select, atom.Textarea:
		return true
	}
	return false
}

// firstImage is the source of the first picture in a piece of HTML that is no tracking pixel.
func firstImage(s string) string {
	if !strings.Contains(s, "<") {
		return ""
	}
	z := html.NewTokenizer(strings.NewReader(s))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		if name, more := z.TagName(); !more || atom.Lookup(name) != atom.Img {
			continue
		}
		a := attributes(z)
		if src := strings.TrimSpace(a["src"]); src != "" && !strings.HasPrefix(src, "data:") && !tiny(a["width"]) && !tiny(a["height"]) {
			return src
		}
	}
	return ""
}

func tiny(size string) bool {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(size), "px"))
	return err == nil && n <= 2
}

// attributes reads those of the current tag; of repeated ones the first counts.
func attributes(z *html.Tokenizer) map[string]string {
	out := map[string]string{}
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		if _, dup := out[string(key)]; !dup {
			out[string(key)] = string(value)
		}
	}
	return out
}

// webURL resolves s against base (which may be nil) and returns it if a browser may be sent there:
// absolute, http or https, without userinfo, of bounded length. Otherwise "".
func webURL(base *url.URL, s string) string {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxURLLen {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
		return ""
	}
	if out := u.String(); len(out) <= maxURLLen {
		return out
	}
	return ""
}

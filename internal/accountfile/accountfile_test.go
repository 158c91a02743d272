package accountfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/accountfile"
)

type line = accountfile.Line

func TestTablesAreReadLineByLine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file string
		want []line
	}{
		"addresses": {"url\nhttps://a.test/feed.xml\n\nhttps://b.test\n", []line{{Number: 2, Input: "https://a.test/feed.xml"}, {Number: 4, Input: "https://b.test"}}},
		"handles with places": {
			"Platform,Handle,Group,Channel ID,Brand\r\nbluesky,@a.example,Rivals,123,North\r\n",
			[]line{{Number: 2, Platform: "bluesky", Input: "@a.example", Group: "Rivals", ChannelID: "123", Brand: "North"}},
		},
		"semicolons, marks of spreadsheets and a byte order mark": {
			"\ufeffhandle;group\n'@a@b.test;\"A; B\"\n'=x;'-y\n", []line{{Number: 2, Input: "@a@b.test", Group: "A; B"}, {Number: 3, Input: "=x", Group: "-y"}},
		},
		"tabs, columns of others, short and long rows": {
			"name\turl\tnotes\nA\thttps://a.test\nB\thttps://b.test\tx\ty\n", []line{{Number: 2, Input: "https://a.test"}, {Number: 3, Input: "https://b.test"}},
		},
		"an address says its platform": {"platform,url,handle\nrss,https://a.test,\nrss,https://b.test,b\n", []line{{Number: 2, Input: "https://a.test"}, {Number: 3, Platform: "rss", Input: "https://b.test"}}},
		"a line without an account": {
			"url,group\nhttps://a.test,A\n,B\nhttps://c.test,C\n",
			[]line{{Number: 2, Input: "https://a.test", Group: "A"}, {Number: 3, Group: "B", Fault: "This line names no account."}, {Number: 4, Input: "https://c.test", Group: "C"}},
		},
		"a stray quote spoils its own line at most": {"url\nhttps://a.test/\"x\nhttps://b.test\n", []line{{Number: 2, Input: "https://a.test/\"x"}, {Number: 3, Input: "https://b.test"}}},
	} {
		got, err := accountfile.Parse("text/csv", []byte(c.file))
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestOutlinesGiveFeedsAndTheirPlaces(t *testing.T) {
	t.Parallel()
	const file = `<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="1.0"><head><title>Mine</title></head><body>
 <outline text="Loose" type="rss" xmlUrl="https://a.test/feed"/>
 <outline text="News &amp; more">
  <outline title="B" XMLURL=" https://b.test/feed "/>
  <outline text="Inner"><outline text="Deeper"><outline xmlUrl="https://c.test"/></outline></outline>
  <outline text="empty folder"/>
 </outline>
 <outline text="A page" type="link" url="https://d.test"><outline text="D2" xmlUrl="https://e.test"/></outline>
 <outline xmlns:tb="urn:trackbot:accounts" text="E" tb:platform="Bluesky" tb:account="did:plc:x" xmlUrl="https://bsky.app/profile/did:plc:x/rss"/>
</body></opml>`
	want := []line{
		{Number: 3, Input: "https://a.test/feed"},
		{Number: 5, Input: "https://b.test/feed", Group: "News & more"},
		{Number: 6, Input: "https://c.test", Brand: "News & more", Group: "Deeper"},
		{Number: 9, Input: "https://d.test"},
		{Number: 9, Input: "https://e.test"},
		{Number: 10, Platform: "bluesky", Input: "did:plc:x"},
	}
	for _, media := range []string{"text/x-opml", "text/xml", "application/xml"} {
		got, err := accountfile.Parse(media, []byte(file))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", media, err, diff)
		}
	}
}

func TestFilesThatAreNoneAreRefusedWithAReason(t *testing.T) {
	t.Parallel()
	many := func(row string) string { return strings.Repeat(row, accountfile.MaxLines+1) }
	for name, c := range map[string][2]string{
		"nothing":                    {"text/csv", ""},
		"a table without an account": {"text/csv", "url\n"},
		"no header":                  {"text/csv", "https://a.test\nhttps://b.test\n"},
		"a column twice":             {"text/csv", "url,link\na,b\n"},
		"no text":                    {"text/csv", "url\n\xff\xfe\n"},
		"too many rows":              {"text/csv", "url\n" + many("https://a.test\n")},
		"a page":                     {"text/xml", "<html><body></body></html>"},
		"torn XML":                   {"text/xml", "<opml><body><outline xmlUrl='https://a.test'"},
		"no outlines":                {"text/x-opml", "<opml version='2.0'><body/></opml>"},
		"too many outlines":          {"text/x-opml", "<opml><body>" + many("<outline xmlUrl='https://a.test'/>") + "</body></opml>"},
		"a pit":                      {"text/x-opml", "<opml><body>" + strings.Repeat("<outline text='x'>", 40)},
		"an entity":                  {"text/x-opml", `<!DOCTYPE x [<!ENTITY a "` + strings.Repeat("b", 100) + `">]><opml><body><outline text="&a;"/></body></opml>`},
	} {
		lines, err := accountfile.Parse(c[0], []byte(c[1]))
		if !errors.Is(err, accountfile.ErrUnreadable) || len(lines) != 0 || !strings.HasSuffix(accountfile.Reason(err), ".") {
			t.Errorf("%s: %d lines, %v", name, len(lines), err)
		}
	}
	if lines, err := accountfile.Parse("text/csv", []byte("url\n"+many("https://a.test\n")[:accountfile.MaxLines*len("https://a.test\n")])); err != nil || len(lines) != accountfile.MaxLines {
		t.Errorf("as many as may be: %d, %v", len(lines), err)
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	entries := []accountfile.Entry{
		{Brand: "North & <South>", Group: "Own", Platform: "rss", Account: "https://a.test/feed?x=1&y=2", Name: "A \"blog\"", Feed: "https://a.test/feed?x=1&y=2", Page: "https://a.test"},
		{Brand: "North & <South>", Group: "Own", Platform: "bluesky", Account: "did:plc:x", Name: "B", Feed: "https://bsky.app/profile/did:plc:x/rss", Page: "https://bsky.app/profile/x"},
		{Brand: "North & <South>", Group: "Rivals", Platform: "twitch", Account: "ada", Name: "Ada", Page: "https://www.twitch.tv/ada"},
		{Brand: "West", Group: "Rivals", Platform: "mastodon", Account: "@a@b.test", Name: "=1+1", Feed: "https://b.test/@a.rss", Page: "https://b.test/@a"},
	}
	var file bytes.Buffer
	if err := accountfile.WriteOPML(&file, "Tracked", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), entries); err != nil {
		t.Fatal(err)
	}
	got, err := accountfile.Parse("text/x-opml", file.Bytes())
	if err != nil || len(got) != len(entries) {
		t.Fatalf("%v\n%s", err, file.String())
	}
	for i, e := range entries {
		if want := (line{Number: got[i].Number, Platform: e.Platform, Input: e.Account, Brand: e.Brand, Group: e.Group}); got[i] != want {
			t.Errorf("read %+v, want %+v", got[i], want)
		}
	}
	for _, want := range []string{`<dateCreated>Fri, 02 Jan 2026 03:04:05 +0000</dateCreated>`, `xmlUrl="https://b.test/@a.rss"`, `type="link" url="https://www.twitch.tv/ada"`} {
		if !strings.Contains(file.String(), want) {
			t.Errorf("the file lacks %s:\n%s", want, file.String())
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("text/csv", []byte("url;group\n'@a;\"b\n"))
	f.Add("text/x-opml", []byte(`<opml><body><outline text="a"><outline xmlUrl="b"/></outline></body></opml>`))
	f.Add("text/xml", []byte("<opml></outline></outline><outline"))
	f.Fuzz(func(t *testing.T, media string, data []byte) {
		lines, err := accountfile.Parse(media, data)
		if (err == nil) == (len(lines) == 0) || len(lines) > accountfile.MaxLines {
			t.Errorf("%d lines, %v", len(lines), err)
		}
		for _, l := range lines {
			if l.Number < 1 || (l.Input == "") == (l.Fault == "") || !utf8.ValidString(fmt.Sprint(l)) {
				t.Errorf("line %+v", l)
			}
		}
	})
}

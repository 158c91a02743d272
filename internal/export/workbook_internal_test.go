package export

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// sheetOf writes values into one column and gives the sheet as a spreadsheet program reads it, without the title.
func sheetOf(t testing.TB, values ...any) []string {
	t.Helper()
	var out bytes.Buffer
	e, err := newXLSX([]string{"value", "last"}, &out)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range values {
		if err := e.row([]any{v, int64(1)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.close(); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close() // it was only read
	rows, err := book.GetRows("Sheet1")
	if err != nil || len(rows) != len(values)+1 {
		t.Fatalf("%d rows of %d, %v", len(rows), len(values)+1, err)
	}
	var read []string
	for _, row := range rows[1:] {
		read = append(read, row[0])
	}
	return read
}

func TestAWorkbookGivesBackWhatWasWritten(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	number, text := int64(-1234567890), "pointed at"
	for _, c := range []struct {
		value any
		want  string
	}{
		{"plain", "plain"},
		{" kept \t", " kept \t"},
		{"a\nb\r\nc", "a\nb\r\nc"},
		{"=1+1", "=1+1"},
		{`<b a="1">&amp;</b> ]]>`, `<b a="1">&amp;</b> ]]>`},
		{"_x000D_", "_x000D_"},
		{"a_x000D_x000A_b", "a_x000D_x000A_b"},
		{"_x005F_x000D_", "_x005F_x000D_"},
		{"__x000d_ _x00zz_ _x1", "__x000d_ _x00zz_ _x1"},
		{"bell\x07", "bell\uFFFD"},
		{"👩‍👩‍👧 \uFFFE", "👩‍👩‍👧 \uFFFD"},
		{strings.Repeat("é", maxCell+1), strings.Repeat("é", maxCell)},
		{strings.Repeat("👩", maxCell), strings.Repeat("👩", maxCell/2)},
		{&text, "pointed at"},
		{(*string)(nil), ""},
		{nil, ""},
		{int64(1234), "1234"},
		{&number, "-1234567890"},
		{noon, "2026-11-23 12:00:00"},
		{noon.Add(86399 * time.Second), "2026-11-24 11:59:59"},
		{time.Date(1901, 1, 1, 6, 0, 0, 0, time.UTC), "1901-01-01 06:00:00"},
		{time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), "9999-12-31 00:00:00"},
		{time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC), "1899-12-31T00:00:00.000Z"},
		{time.Date(2026, 11, 23, 13, 0, 0, 0, time.FixedZone("", 3600)), "2026-11-23 12:00:00"},
	} {
		t.Run(fmt.Sprintf("%.20v", c.want), func(t *testing.T) {
			t.Parallel()
			if got := sheetOf(t, c.value)[0]; got != c.want {
				t.Errorf("got %.80q, want %.80q", got, c.want)
			}
		})
	}
}

func FuzzTextOfAWorkbook(f *testing.F) {
	for _, s := range []string{"a_x000D_x000A_", "__x_", "]]>", "\xff\x00", strings.Repeat("👩", 9)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := strings.Map(func(r rune) rune {
			if r == 0x09 || r == 0x0A || r == 0x0D || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 {
				return r
			}
			return '\uFFFD'
		}, strings.ToValidUTF8(clip(s), ""))
		got := sheetOf(t, s)[0]
		if strings.ToValidUTF8(strings.ReplaceAll(got, "\uFFFD", ""), "") != strings.ReplaceAll(want, "\uFFFD", "") {
			t.Errorf("%q is read as %q", s, got)
		}
	})
}

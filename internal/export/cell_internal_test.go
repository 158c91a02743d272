package export

import (
	"regexp"
	"strings"
	"testing"
)

func TestCellsOfCSVStartNoFormulaInAnyLocale(t *testing.T) {
	t.Parallel()
	for _, tc := range [][2]string{
		{"plain", "plain"},
		{"=1+1", "'=1+1"},
		{"＝1+1", "'＝1+1"},
		{"\t=1", "'\t'=1"},
		// Where lists are separated by semicolons a spreadsheet program splits there, quotes in the middle or not.
		{`a;=HYPERLINK("https://x.test";"y")`, `a;'=HYPERLINK("https://x.test";"y")`},
		{"a; =1", "a; '=1"},
		{`a;"=1"`, `a;"'=1"`},
		{"a\t@SUM(1)", "a\t'@SUM(1)"},
		{"a\n=cmd|' /C calc'!A0", "a\n'=cmd|' /C calc'!A0"},
		{"a\r\n-2+3+cmd|' /C calc'!A0", "a\r\n'-2+3+cmd|' /C calc'!A0"},
		{"a\n+HYPERLINK(1)", "a\n'+HYPERLINK(1)"},
		// What people write at the start of a line calls nothing and stays as it is.
		{"today:\n- one\n- two\n@friend +1; - x", "today:\n- one\n- two\n@friend +1; - x"},
		{"a = b; c", "a = b; c"},
		{"x;", "x;"},
		{"", ""},
	} {
		if got := safeCell(tc[0]); got != tc[1] {
			t.Errorf("%q becomes %q, want %q", tc[0], got, tc[1])
		}
	}
}

// FuzzSafeCell splits cells as any locale might and finds no piece that a program would compute and that calls anything.
func FuzzSafeCell(f *testing.F) {
	for _, s := range []string{"=1", "a;=1", "a\n@SUM(1)", "\"\n;\t=x", "a;'=", "；=1"} {
		f.Add(s)
	}
	calls := regexp.MustCompile(`^[ "]*(=|＝|[-+@－＋＠].*[(|])`)
	f.Fuzz(func(t *testing.T, s string) {
		out := safeCell(s)
		for _, piece := range strings.FieldsFunc(out, func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }) {
			if calls.MatchString(piece) {
				t.Errorf("%q becomes %q, in which %q is computed", s, out, piece)
			}
		}
		if strings.ReplaceAll(out, "'", "") != strings.ReplaceAll(s, "'", "") {
			t.Errorf("%q becomes %q", s, out)
		}
	})
}

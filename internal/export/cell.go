package export

import (
	"strconv"
	"strings"
	"time"
)

const (
	formulaStarts = "=+-@＝＋－＠"
	separators    = ";\t\r\n"
)

// safeCell keeps a spreadsheet program from taking text for a formula: text that begins with one of the
// characters that start one, or with their full-width forms, gets an apostrophe before it
// (OWASP: CSV Injection). Within the text the same is done where a program whose lists are separated by
// semicolons or tabs would begin a cell, quotes or not: behind those and behind line breaks, but only before
// what could call something, since many a line of a post begins with a dash or a mention.
func safeCell(s string) string {
	if s == "" {
		return s
	}
	if strings.ContainsRune(formulaStarts+"\t\r\n", firstRune(s)) {
		s = "'" + s
	}
	var out strings.Builder
	for s != "" {
		end := strings.IndexAny(s, separators) + 1
		if end == 0 {
			end = len(s)
		}
		out.WriteString(safePiece(s[:end]))
		s = s[end:]
	}
	return out.String()
}

// safePiece puts an apostrophe before the formula that a piece between separators begins with.
func safePiece(s string) string {
	at := len(s) - len(strings.TrimLeft(s, ` "`))
	switch r := firstRune(s[at:]); {
	case r == '=', r == '＝', r != 0 && strings.ContainsRune(formulaStarts, r) && strings.ContainsAny(s[at:], "(|"):
		return s[:at] + "'" + s[at:]
	}
	return s
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

// textCell is a value as CSV shows it: nothing for what is unknown, times as RFC 3339 in UTC.
func textCell(value any) string {
	switch v := value.(type) {
	case string:
		return safeCell(v)
	case *string:
		if v == nil {
			return ""
		}
		return safeCell(*v)
	case int64:
		return strconv.FormatInt(v, 10)
	case *int64:
		if v == nil {
			return ""
		}
		return strconv.FormatInt(*v, 10)
	case time.Time:
		return stamp(v)
	case *time.Time:
		if v == nil {
			return ""
		}
		return stamp(*v)
	default:
		return ""
	}
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

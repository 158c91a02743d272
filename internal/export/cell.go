package export

import (
	"strconv"
	"strings"
	"time"
)

// safeCell keeps a spreadsheet program from taking text for a formula: text that begins with one of the
// characters that start one, or with their full-width forms, gets an apostrophe before it
// (OWASP: CSV Injection).
func safeCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", firstRune(s)) {
		return "'" + s
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

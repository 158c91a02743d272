// Package accountfile reads the files that accounts come in, CSV and OPML, and writes OPML. It knows nothing of
// tenants and platforms: a line says what a person wrote.
package accountfile

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxLines bounds the accounts of a file.
const MaxLines = 1000

// Line is one account of a file.
type Line struct {
	Number    int    // of the text line it begins on, from 1
	Platform  string // "": to be found out
	Input     string // a handle or an address
	Brand     string // "": that of the import's group
	Group     string // "": the import's group
	ChannelID string // "": the guild's default channel
	Fault     string // why the line cannot be used, a sentence; "" if it can
}

// ErrUnreadable is what Parse fails with; the text behind it is a sentence for the sender.
var ErrUnreadable = errors.New("file cannot be read")

func unreadable(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrUnreadable, fmt.Sprintf(format, args...))
}

// Reason is the sentence of an error of ErrUnreadable.
func Reason(err error) string {
	return strings.TrimPrefix(err.Error(), ErrUnreadable.Error()+": ")
}

// Parse reads a file of a media type: CSV for text/csv, OPML for any other. A faulty line is given with its fault; the
// error is for what is wrong with the file as a whole.
func Parse(mediaType string, data []byte) ([]Line, error) {
	if !utf8.Valid(data) {
		return nil, unreadable("The file is not UTF-8.")
	}
	data = []byte(strings.TrimPrefix(string(data), "\ufeff"))
	read := parseOPML
	if mediaType == "text/csv" {
		read = parseCSV
	}
	lines, err := read(data)
	switch {
	case err != nil:
		return nil, err
	case len(lines) == 0:
		return nil, unreadable("The file has no accounts.")
	case len(lines) > MaxLines:
		return nil, unreadable("The file has more than %d accounts; send it in parts.", MaxLines)
	}
	return lines, nil
}

// cell is what stands in a field: without the apostrophe that keeps spreadsheets from taking it for a formula.
func cell(s string) string {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "'"); ok && rest != "" && strings.ContainsAny(rest[:1], "=+-@") {
		return rest
	}
	return s
}

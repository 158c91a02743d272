package export

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// encoder writes rows of one width. Values are string, int64, time.Time, pointers to them (nil: unknown), and
// json.RawMessage.
type encoder interface {
	row(values []any) error
	// close ends the file.
	close() error
}

// newEncoder begins a file with these columns.
func newEncoder(format Format, columns []string, w io.Writer) (encoder, error) {
	switch format {
	case CSV:
		return newCSV(columns, w)
	case XLSX:
		return newXLSX(columns, w)
	case JSONL:
		return newJSONL(columns, w)
	default:
		return nil, fmt.Errorf("encode export: unknown format %q", format)
	}
}

// csvEncoder writes RFC 4180. The byte order mark makes spreadsheet programs read UTF-8.
type csvEncoder struct {
	csv   *csv.Writer
	cells []string
}

func newCSV(columns []string, w io.Writer) (*csvEncoder, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	e := &csvEncoder{csv: csv.NewWriter(w), cells: make([]string, len(columns))}
	e.csv.UseCRLF = true
	return e, e.csv.Write(columns)
}

func (e *csvEncoder) row(values []any) error {
	for i, v := range values {
		if raw, ok := v.(json.RawMessage); ok {
			v = string(raw)
		}
		e.cells[i] = textCell(v)
	}
	return e.csv.Write(e.cells)
}

func (e *csvEncoder) close() error {
	e.csv.Flush()
	return e.csv.Error()
}

// jsonEncoder writes one object a line, its members in the order of the columns and named as in the API's answers.
type jsonEncoder struct {
	w    *bufio.Writer
	keys [][]byte // with the punctuation before them
}

func newJSONL(columns []string, w io.Writer) (*jsonEncoder, error) {
	e := &jsonEncoder{w: bufio.NewWriterSize(w, 1<<16)}
	for i, c := range columns {
		lead := byte(',')
		if i == 0 {
			lead = '{'
		}
		name, err := json.Marshal(camelCase(c))
		if err != nil {
			return nil, err
		}
		e.keys = append(e.keys, append(append([]byte{lead}, name...), ':'))
	}
	return e, nil
}

// camelCase is a column's name as JSON has it: published_at becomes publishedAt.
func camelCase(column string) string {
	words := strings.Split(column, "_")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

func (e *jsonEncoder) row(values []any) error {
	for i, v := range values {
		switch t := v.(type) {
		case time.Time:
			v = stamp(t)
		case *time.Time:
			v = nil
			if t != nil {
				v = stamp(*t)
			}
		}
		value, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if _, err := e.w.Write(e.keys[i]); err != nil {
			return err
		}
		if _, err := e.w.Write(value); err != nil {
			return err
		}
	}
	_, err := e.w.WriteString("}\n")
	return err
}

func (e *jsonEncoder) close() error { return e.w.Flush() }

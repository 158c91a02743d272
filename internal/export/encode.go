package export

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"
)

// encoder writes rows of one width. Values are string, int64, time.Time, pointers to them (nil: unknown), and
// json.RawMessage.
type encoder interface {
	row(values []any) error
	// close ends the file, discard gives it up. One of them must be called.
	close() error
	discard()
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

func (e *csvEncoder) discard() {}

func (e *csvEncoder) close() error {
	e.csv.Flush()
	return e.csv.Error()
}

// jsonEncoder writes one object a line, its members in the order of the columns.
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
		name, err := json.Marshal(c)
		if err != nil {
			return nil, err
		}
		e.keys = append(e.keys, append(append([]byte{lead}, name...), ':'))
	}
	return e, nil
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

func (e *jsonEncoder) discard() {}

func (e *jsonEncoder) close() error { return e.w.Flush() }

// xlsxEncoder writes one sheet, through a temporary file: the library packs it when the last row is there.
type xlsxEncoder struct {
	file   *excelize.File
	stream *excelize.StreamWriter
	out    io.Writer
	when   int // style of times
	next   int // row, from 1
	cells  []any
}

// maxCell is the longest text of a cell (Excel specifications and limits).
const maxCell = 32767

func newXLSX(columns []string, w io.Writer) (*xlsxEncoder, error) {
	e := &xlsxEncoder{file: excelize.NewFile(), out: w, next: 1, cells: make([]any, len(columns))}
	format := "yyyy-mm-dd hh:mm:ss"
	var err error
	if e.when, err = e.file.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
		return nil, err
	}
	head, err := e.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	if e.stream, err = e.file.NewStreamWriter("Sheet1"); err != nil {
		return nil, err
	}
	if err := e.stream.SetColWidth(1, len(columns), 18); err != nil {
		return nil, err
	}
	if err := e.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	for i, c := range columns {
		e.cells[i] = excelize.Cell{StyleID: head, Value: c}
	}
	return e, e.write()
}

func (e *xlsxEncoder) write() error {
	at, err := excelize.CoordinatesToCellName(1, e.next)
	if err != nil {
		return err
	}
	e.next++
	return e.stream.SetRow(at, e.cells)
}

func (e *xlsxEncoder) row(values []any) error {
	for i, v := range values {
		e.cells[i] = e.cell(v)
	}
	return e.write()
}

// cell gives text, which is never a formula here, numbers, and times in UTC; nil for what is unknown.
func (e *xlsxEncoder) cell(value any) any {
	switch v := value.(type) {
	case *string:
		if v != nil {
			return clip(*v)
		}
	case string:
		return clip(v)
	case json.RawMessage:
		return clip(string(v))
	case *int64:
		if v != nil {
			return *v
		}
	case int64:
		return v
	case *time.Time:
		if v != nil {
			return excelize.Cell{StyleID: e.when, Value: v.UTC()}
		}
	case time.Time:
		return excelize.Cell{StyleID: e.when, Value: v.UTC()}
	}
	return nil
}

func clip(s string) string {
	if len(s) <= maxCell {
		return s
	}
	runes := []rune(s)
	return string(runes[:min(len(runes), maxCell)])
}

// discard removes the temporary files.
func (e *xlsxEncoder) discard() { _ = e.file.Close() }

func (e *xlsxEncoder) close() error {
	defer e.discard()
	if err := e.stream.Flush(); err != nil {
		return err
	}
	return e.pack()
}

// pack writes the archive. It goes straight into the file, for the library would hold all of it in memory; what it
// then leaves out is its mark on archives with a sheet of over 4 GiB, which Excel could not open anyway.
func (e *xlsxEncoder) pack() error {
	e.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(e.out) })
	_, err := e.file.WriteTo(io.Discard)
	return err
}

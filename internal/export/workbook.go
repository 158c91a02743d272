package export

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

const (
	sheetPart = "xl/worksheets/sheet1.xml"
	sheetEnd  = "</sheetData>" // where rows go before
	// maxCell is the longest text of a cell in UTF-16 units (Excel specifications and limits).
	maxCell = 32767
)

// xlsxEncoder writes one sheet straight into its archive. The library makes a workbook of the head alone, whose parts are
// taken over; it would hold 16 MB of rows, in a buffer that doubles, before they went to a temporary file of the whole sheet.
type xlsxEncoder struct {
	archive *zip.Writer
	sheet   *bufio.Writer
	tail    []byte   // what follows the rows
	when    int      // style of times
	next    int      // row, from 1
	names   []string // of the columns: A, B, …
}

func newXLSX(columns []string, w io.Writer) (*xlsxEncoder, error) {
	e := &xlsxEncoder{archive: zip.NewWriter(w), next: 2}
	for i := range columns {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return nil, err
		}
		e.names = append(e.names, name)
	}
	book, err := e.head(columns)
	if err != nil {
		return nil, err
	}
	parts, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return nil, fmt.Errorf("read workbook: %w", err)
	}
	var sheet []byte
	for _, part := range parts.File {
		if part.Name != sheetPart {
			err = e.archive.Copy(part)
		} else {
			sheet, err = contentOf(part)
		}
		if err != nil {
			return nil, fmt.Errorf("take over %s: %w", part.Name, err)
		}
	}
	return e, e.begin(sheet)
}

// head makes a workbook of the first row: styles, widths, and a frozen line of titles.
func (e *xlsxEncoder) head(columns []string) ([]byte, error) {
	file := excelize.NewFile()
	defer file.Close() // nothing but memory
	format := "yyyy-mm-dd hh:mm:ss"
	var err error
	if e.when, err = file.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
		return nil, err
	}
	bold, err := file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	stream, err := file.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	cells := make([]any, len(columns))
	for i, c := range columns {
		cells[i] = excelize.Cell{StyleID: bold, Value: c}
	}
	var out bytes.Buffer
	err = errors.Join(
		stream.SetColWidth(1, len(columns), 18),
		stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}),
		stream.SetRow("A1", cells), stream.Flush(), file.Write(&out),
	)
	return out.Bytes(), err
}

func contentOf(part *zip.File) ([]byte, error) {
	r, err := part.Open()
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(r)
	return body, errors.Join(err, r.Close())
}

// begin opens the sheet, the last part of the archive, up to where its second row goes.
func (e *xlsxEncoder) begin(sheet []byte) error {
	before, after, found := bytes.Cut(sheet, []byte(sheetEnd))
	if !found {
		return errors.New("begin sheet: the workbook has no rows")
	}
	e.tail = append([]byte(sheetEnd), after...)
	part, err := e.archive.Create(sheetPart)
	if err != nil {
		return err
	}
	e.sheet = bufio.NewWriterSize(part, 1<<16)
	_, err = e.sheet.Write(before)
	return err
}

// row writes cells of text, which is never a formula here, numbers, and times in UTC; what is unknown has none. The error
// of the buffer stays, so the last write has it.
func (e *xlsxEncoder) row(values []any) error {
	n := strconv.Itoa(e.next)
	e.next++
	_, _ = e.sheet.WriteString(`<row r="` + n + `">`)
	for i, v := range values {
		e.cell(e.names[i]+n, v)
	}
	_, err := e.sheet.WriteString("</row>")
	return err
}

func (e *xlsxEncoder) cell(at string, value any) {
	switch v := value.(type) {
	case *string:
		if v != nil {
			e.text(at, *v)
		}
	case string:
		e.text(at, v)
	case json.RawMessage:
		e.text(at, string(v))
	case *int64:
		if v != nil {
			e.number(at, 0, strconv.FormatInt(*v, 10))
		}
	case int64:
		e.number(at, 0, strconv.FormatInt(v, 10))
	case *time.Time:
		if v != nil {
			e.time(at, *v)
		}
	case time.Time:
		e.time(at, v)
	}
}

func (e *xlsxEncoder) number(at string, style int, value string) {
	_, _ = e.sheet.WriteString(`<c r="` + at + `"`)
	if style != 0 {
		_, _ = e.sheet.WriteString(` s="` + strconv.Itoa(style) + `"`)
	}
	_, _ = e.sheet.WriteString(`><v>` + value + `</v></c>`)
}

// time writes days since 1899-12-30, which is right from March 1900 on (Excel takes 1900 for a leap year), up to its last
// year. Others are text.
func (e *xlsxEncoder) time(at string, t time.Time) {
	const epoch = 25569 // days from there to 1970
	if t = t.UTC(); t.Year() <= 1900 || t.Year() > 9999 {
		e.text(at, stamp(t))
		return
	}
	days := epoch + (float64(t.Unix())+float64(t.Nanosecond())/1e9)/86400
	e.number(at, e.when, strconv.FormatFloat(days, 'f', -1, 64))
}

func (e *xlsxEncoder) text(at, s string) {
	_, _ = e.sheet.WriteString(`<c r="` + at + `" t="inlineStr"><is><t xml:space="preserve">`)
	_ = xml.EscapeText(e.sheet, []byte(literal(clip(s)))) // what XML cannot hold becomes U+FFFD
	_, _ = e.sheet.WriteString(`</t></is></c>`)
}

// literal keeps spreadsheet programs from reading _x000D_ as a control character (ECMA-376 part 1 §22.9.2.19): the
// underscore that begins such a sequence is written as one.
func literal(s string) string {
	var out strings.Builder
	from := 0
	for i := 0; ; i++ {
		at := strings.Index(s[i:], "_x")
		if at < 0 {
			break
		}
		if i += at; isEscape(s[i:]) {
			out.WriteString(s[from:i] + "_x005F_")
			from = i + 1
		}
	}
	if from == 0 {
		return s
	}
	return out.String() + s[from:]
}

func isEscape(s string) bool {
	const form = len("_x0000_")
	if len(s) < form || s[form-1] != '_' {
		return false
	}
	_, err := strconv.ParseUint(s[2:form-1], 16, 16)
	return err == nil
}

// clip cuts between characters, for half of one would be none.
func clip(s string) string {
	if len(s) <= maxCell {
		return s
	}
	units := 0
	for i, r := range s {
		if units += max(utf16.RuneLen(r), 1); units > maxCell {
			return s[:i]
		}
	}
	return s
}

func (e *xlsxEncoder) close() error {
	if _, err := e.sheet.Write(e.tail); err != nil {
		return err
	}
	return errors.Join(e.sheet.Flush(), e.archive.Close())
}

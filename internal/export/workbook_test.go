package export_test

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"trackbot/internal/export"
)

// odd is text that spreadsheet programs stumble over: what begins a formula, what XML cannot hold, halves of characters.
const odd = "=1+1 \x01\x0b\x1f <b>&amp; ]]> _x000D_ \uFFFE \u2028 👩‍👩‍👧 "

// xmlOf reads a part as XML, which fails on whatever is not well-formed, and calls fn with each element.
func xmlOf(t *testing.T, f *zip.File, fn func(xml.StartElement)) {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() // it was only read
	for d := xml.NewDecoder(r); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if start, ok := token.(xml.StartElement); ok {
			fn(start)
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// A spreadsheet program opens the file without repairing anything (ECMA-376 part 2): every part is well-formed and has a
// type, every relationship leads to a part, no cell is there twice or a formula.
func TestAWorkbookIsWhole(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.post(d.mine, strings.ReplaceAll(odd, "\x00", ""), nil)
	d.post(d.mine, strings.Repeat("👩", 40_000), nil) // beyond Excel's 32,767 UTF-16 units
	e := d.order(d.mine, export.Posts, export.XLSX, `{}`)
	d.run(d.runner(export.RunnerConfig{}))
	content := string(d.content(e))
	packed, err := zip.NewReader(strings.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	parts, typed, extensions := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, f := range packed.File {
		if parts[f.Name] {
			t.Errorf("%s is there twice", f.Name)
		}
		parts[f.Name] = true
	}
	cells := map[string]bool{}
	for _, f := range packed.File {
		xmlOf(t, f, func(e xml.StartElement) {
			switch {
			case f.Name == "[Content_Types].xml" && e.Name.Local == "Override":
				typed[strings.TrimPrefix(attribute(e, "PartName"), "/")] = true
			case f.Name == "[Content_Types].xml" && e.Name.Local == "Default":
				extensions[attribute(e, "Extension")] = true
			case strings.HasSuffix(f.Name, ".rels") && e.Name.Local == "Relationship":
				target := attribute(e, "Target")
				if !strings.HasPrefix(target, "/") {
					target = path.Join(path.Dir(path.Dir(f.Name)), target)
				}
				if !parts[strings.TrimPrefix(target, "/")] {
					t.Errorf("%s leads to %s, which is not there", f.Name, target)
				}
			case strings.HasPrefix(f.Name, "xl/worksheets/") && e.Name.Local == "c":
				at := attribute(e, "r")
				if cells[at] || !regexp.MustCompile(`^[A-Z]{1,2}[0-9]+$`).MatchString(at) {
					t.Errorf("cell %q is there twice or nowhere", at)
				}
				cells[at] = true
			case strings.HasPrefix(f.Name, "xl/worksheets/") && e.Name.Local == "f":
				t.Error("a cell is a formula")
			}
		})
	}
	for name := range parts {
		if name != "[Content_Types].xml" && !typed[name] && !extensions[strings.TrimPrefix(path.Ext(name), ".")] {
			t.Errorf("%s has no type", name)
		}
	}
	if len(cells) < 2*len(parts) {
		t.Errorf("read %d cells", len(cells))
	}
	if n := longestCell(t, content); n > 32_767 {
		t.Errorf("a cell has %d UTF-16 units", n)
	}
}

// longestCell reads the file as a spreadsheet program does.
func longestCell(t *testing.T, content string) (units int) {
	t.Helper()
	book, err := excelize.OpenReader(strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close() // it was only read
	rows, err := book.GetRows("Sheet1")
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			n := 0
			for _, r := range cell {
				n++
				if r > 0xFFFF {
					n++
				}
			}
			units = max(units, n)
		}
	}
	return units
}

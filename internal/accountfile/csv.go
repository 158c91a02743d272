package accountfile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// parseCSV reads a table (RFC 4180) with a header; commas, semicolons and tabs separate. Columns of other names
// are passed over.
func parseCSV(data []byte) ([]Line, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = separator(data), -1, true, true
	header, err := r.Read()
	if err != nil {
		return nil, unreadable("The file is empty.")
	}
	columns := map[string]int{}
	for i, name := range header {
		if name = column(name); name != "" {
			if _, twice := columns[name]; twice {
				return nil, unreadable("The header names the column %s twice.", name)
			}
			columns[name] = i
		}
	}
	_, url := columns["url"]
	_, handle := columns["handle"]
	if !url && !handle {
		return nil, unreadable("The first line must name the columns: url, or platform and handle; perhaps brand, group and channelId.")
	}
	var lines []Line
	for len(lines) <= MaxLines {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		number, _ := r.FieldPos(0)
		if err != nil {
			lines = append(lines, Line{Number: lineOf(err), Fault: "This line cannot be read as CSV."})
			continue
		}
		line := lineFrom(number, columns, record)
		if line.Fault != "" || line.Input != "" {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// lineFrom reads one row. One without anything in it gives the zero Input and no Fault.
func lineFrom(number int, columns map[string]int, record []string) Line {
	value := func(name string) string {
		if i, ok := columns[name]; ok && i < len(record) {
			return cell(record[i])
		}
		return ""
	}
	line := Line{
		Number: number, Platform: strings.ToLower(value("platform")), Input: value("url"),
		Brand: value("brand"), Group: value("group"), ChannelID: value("channelid"),
	}
	if line.Input == "" {
		line.Input = value("handle")
	} else if value("handle") == "" {
		line.Platform = "" // the address says it
	}
	if line.Input == "" && strings.TrimSpace(strings.Join(record, "")) != "" {
		line.Fault = "This line names no account."
	}
	return line
}

// column is the name of a known column, "" for others.
func column(name string) string {
	name = strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(cell(name)))
	switch name {
	case "url", "handle", "platform", "brand", "group", "channelid":
		return name
	case "address", "link", "feed", "feedurl", "xmlurl":
		return "url"
	case "account":
		return "handle"
	case "channel":
		return "channelid"
	}
	return ""
}

// separator is the one of the header that stands in it most often.
func separator(data []byte) rune {
	header, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', 0
	for _, r := range []rune{',', ';', '\t'} {
		if n := bytes.Count(header, []byte(string(r))); n > most {
			best, most = r, n
		}
	}
	return best
}

func lineOf(err error) int {
	var at *csv.ParseError
	if errors.As(err, &at) {
		return max(at.StartLine, 1)
	}
	return 1
}

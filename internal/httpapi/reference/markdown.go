package reference

import (
	"html"
	"html/template"
	"regexp"
	"strings"
)

// markdown renders what the contract's descriptions use of it: paragraphs, tables, code and bold.
// A table row whose first cell is code can be linked to by that word.
func markdown(text string) template.HTML {
	var b strings.Builder
	for _, block := range strings.Split(strings.TrimSpace(text), "\n\n") {
		switch {
		case block == "":
		case strings.HasPrefix(block, "|"):
			table(&b, strings.Split(block, "\n"))
		default:
			b.WriteString("<p>" + inline(block) + "</p>")
		}
	}
	return template.HTML(b.String())
}

func inline(s string) string {
	s = html.EscapeString(s)
	s = regexp.MustCompile("`([^`]+)`").ReplaceAllString(s, "<code>$1</code>")
	return regexp.MustCompile(`\*\*([^*]+)\*\*`).ReplaceAllString(s, "<strong>$1</strong>")
}

func table(b *strings.Builder, lines []string) {
	b.WriteString("<table>")
	for i, line := range lines {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if strings.HasPrefix(cells[0], "---") {
			continue
		}
		tag, row := "td", "<tr>"
		if i == 0 {
			tag = "th"
		} else if word := strings.TrimSpace(cells[0]); strings.HasPrefix(word, "`") {
			row = `<tr id="` + html.EscapeString(strings.Trim(word, "`")) + `">`
		}
		b.WriteString(row)
		for _, cell := range cells {
			b.WriteString("<" + tag + ">" + inline(strings.TrimSpace(cell)) + "</" + tag + ">")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table>")
}

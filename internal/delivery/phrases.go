package delivery

import (
	"strings"
	"time"
)

// Line is foreign text on one line of at most limit code points, escaped for a message's texts; escaping may double it.
func Line(s string, limit int) string { return Escape(clip(oneLine(s), limit)) }

// Link is escaped text that leads to an address, the text alone where the address is none or Discord would not hide it
// behind the text: a text that holds an address itself shows as it was written.
func Link(text, address string) string {
	address = strings.NewReplacer("(", "%28", ")", "%29").Replace(webURL(address))
	if address == "" || text == "" || strings.Contains(text, "://") {
		return text
	}
	return "[" + text + "](" + address + ")"
}

// Color is #rrggbb as a message's colour, 0 for anything else.
func Color(hex string) int { return color(hex) }

// Grouped writes a number with commas between thousands.
func Grouped(n int64) string { return grouped(n) }

// IsQuiet tells whether a time lies in the quiet hours between two times of day "HH:MM" of a zone.
func IsQuiet(t time.Time, zone *time.Location, start, end string) bool {
	return Timing{Zone: zone, Quiet: ParseQuiet(start, end)}.isQuiet(t)
}

package command

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"trackbot/internal/delivery"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/store"
)

// The colors of answers (0xRRGGBB).
const (
	colorInfo    = 0x5865F2
	colorDone    = 0x3BA55D
	colorWarning = 0xF0B232
	colorError   = 0xED4245
)

// Reply is an answer, seen by the invoker alone. Its texts are Discord markdown;
// what people have named is escaped in them.
type Reply struct {
	Color     int // 0xRRGGBB
	Title     string
	URL       string // where the title leads
	Body      string
	Fields    []Field
	Footer    string
	Thumbnail string
	Buttons   []Link
}

// Field is a fact with its name.
type Field struct{ Name, Value string }

// Link is a button that opens an address.
type Link struct{ Text, URL string }

func (r *Reply) field(name, value string) { r.Fields = append(r.Fields, Field{name, value}) }

func (d *Desk) refusal(c Invocation, err error) Reply {
	passes := store.IsUnavailable(err) || errors.Is(err, context.DeadlineExceeded)
	return Refusal(d.dashboardURL, c, err, passes)
}

// Refusal says what was refused and what to do about it; passes: the same may succeed in a minute.
func Refusal(dashboardURL string, c Invocation, err error, passes bool) Reply {
	f := fault.From(err)
	out := Reply{Color: colorWarning}
	switch {
	case f == nil && passes:
		out.Color, out.Title = colorError, "Not possible right now"
		out.Body = "I cannot reach my database. Try again in a minute."
		return out
	case f == nil:
		out.Color, out.Title = colorError, "That went wrong"
		out.Body = "The fault is on our side. Try again; if it stays, tell the operator the number below."
		out.Footer = "Reference " + c.ID
		return out
	}
	out.Body = f.Detail
	switch f.Code {
	case fault.ValidationFailed:
		out.Title = "That does not work"
		if len(f.Fields) > 0 {
			out.Body = ""
			for _, field := range f.Fields {
				out.Body += field.Message + "\n"
			}
		}
	case fault.Conflict:
		out.Title = "That is not possible now"
		if strings.HasSuffix(c.Name, " add") || strings.HasSuffix(c.Name, " rename") {
			out.Title = "That is there already"
		}
	case fault.TierLimit:
		out.Title = "Your plan is full"
		out.Buttons = dashboardButton(dashboardURL, c.GuildID)
	case fault.NotFound:
		out.Title = "I do not find that"
	case fault.Forbidden:
		out.Title = "You may not do this"
	case fault.RateLimited:
		out.Title = "Not yet"
		if f.RetryAfter > 0 {
			out.Body += " Try again " + ago(time.Now().Add(f.RetryAfter)) + "."
		}
	case fault.Unavailable:
		out.Title = "No answer from there"
	default:
		out.Title = "That was refused"
	}
	return out
}

func (d *Desk) dashboardButton(guildID string) []Link {
	return dashboardButton(d.dashboardURL, guildID)
}

// dashboardButton opens the guild's page, if there is a dashboard.
func dashboardButton(base, guildID string) []Link {
	address := guild.DashboardURL(base, guildID)
	if address == "" {
		return nil
	}
	return []Link{{"Open the dashboard", address}}
}

// escape makes what people have named show as it is written.
func escape(s string) string { return delivery.Escape(s) }

// link is text that leads to an address, or the text alone if the address cannot be linked. Discord does not
// link texts that hold an address of their own; the link follows these.
func link(text, address string) string {
	plain := strings.Contains(text, "://")
	if text = escape(text); !strings.HasPrefix(address, "http") || strings.ContainsAny(address, " ()<>\n") {
		return text
	}
	if plain {
		return text + " · [open](" + address + ")"
	}
	return "[" + text + "](" + address + ")"
}

// ago is a time as Discord shows it to each reader: "in 5 minutes", the exact one on hover.
func ago(t time.Time) string { return "<t:" + strconv.FormatInt(t.Unix(), 10) + ":R>" }

// clock is the time of day of t, in each reader's own zone.
func clock(t time.Time) string { return "<t:" + strconv.FormatInt(t.Unix(), 10) + ":t>" }

// second is clock with its seconds.
func second(t time.Time) string { return "<t:" + strconv.FormatInt(t.Unix(), 10) + ":T>" }

func mention(channelID string) string { return "<#" + channelID + ">" }

// plural gives "1 account", "3 accounts".
func plural[N int | int32 | int64](n N, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + one + "s"
}

// number writes a count with its thousands apart.
func number[N int | int32 | int64](n N) string {
	if n < 0 {
		return "-" + number(-n)
	}
	if n < 1000 {
		return digits(n)
	}
	rest := digits(n % 1000)
	return number(n/1000) + "," + strings.Repeat("0", 3-len(rest)) + rest
}

func digits[N int | int32 | int64](n N) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return digits(n/10) + string(rune('0'+n%10))
}

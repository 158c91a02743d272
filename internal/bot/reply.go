package bot

import (
	"strings"

	"trackbot/internal/delivery"
	"trackbot/internal/discord"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
)

// The colors of answers (0xRRGGBB).
const (
	colorInfo    = 0x5865F2
	colorDone    = 0x3BA55D
	colorWarning = 0xF0B232
	colorError   = 0xED4245
)

// reply is an answer, seen by the invoker alone. Its texts are Discord markdown;
// what people have named goes through escape.
type reply struct {
	color     int
	title     string
	url       string // where the title leads
	body      string
	fields    []discord.EmbedField
	footer    string
	thumbnail string
	buttons   []discord.Component
}

// message is the answer as it is sent: within Discord's limits and pinging nobody.
func (r reply) message() discord.InteractionMessage {
	embed := discord.Embed{Color: r.color, Title: r.title, URL: r.url, Description: r.body, Fields: r.fields}
	if r.footer != "" {
		embed.Footer = &discord.EmbedFooter{Text: r.footer}
	}
	if r.thumbnail != "" {
		embed.Thumbnail = &discord.EmbedImage{URL: r.thumbnail}
	}
	return discord.InteractionMessage{
		Embeds: discord.ClampEmbeds([]discord.Embed{embed}), Components: discord.LinkRow(r.buttons...), Flags: discord.FlagEphemeral,
	}
}

func (r *reply) field(name, value string) {
	r.fields = append(r.fields, discord.EmbedField{Name: name, Value: value, Inline: true})
}

// refusal says what was refused and what to do about it.
func (b *Bot) refusal(in discord.Interaction, err error) reply {
	f := fault.From(err)
	out := reply{color: colorWarning}
	switch {
	case f == nil && passing(err):
		out.color, out.title = colorError, "Not possible right now"
		out.body = "I cannot reach my database. Try again in a minute."
		return out
	case f == nil:
		out.color, out.title = colorError, "That went wrong"
		out.body = "The fault is on our side. Try again; if it stays, tell the operator the number below."
		out.footer = "Reference " + in.ID
		return out
	}
	out.body = f.Detail
	switch f.Code {
	case fault.ValidationFailed:
		out.title = "That does not work"
		if len(f.Fields) > 0 {
			out.body = ""
			for _, field := range f.Fields {
				out.body += field.Message + "\n"
			}
		}
	case fault.Conflict:
		out.title = "That is there already"
	case fault.TierLimit:
		out.title = "Your plan is full"
		out.buttons = b.dashboardButton(in.GuildID)
	case fault.NotFound:
		out.title = "I do not find that"
	case fault.Forbidden:
		out.title = "You may not do this"
	case fault.Unavailable:
		out.title = "No answer from there"
	default:
		out.title = "That was refused"
	}
	return out
}

// dashboardButton opens the guild's page, if there is a dashboard.
func (b *Bot) dashboardButton(guildID string) []discord.Component {
	address := guild.DashboardURL(b.cfg.DashboardURL, guildID)
	if address == "" {
		return nil
	}
	return []discord.Component{discord.LinkButton("Open the dashboard", address)}
}

// escape makes what people have named show as it is written.
func escape(s string) string { return delivery.Escape(s) }

// link is text that leads to an address, or the text alone if the address cannot be linked.
func link(text, address string) string {
	if text = escape(text); !strings.HasPrefix(address, "http") || strings.ContainsAny(address, " ()<>\n") {
		return text
	}
	return "[" + text + "](" + address + ")"
}

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

package command

import (
	"strconv"

	"trackbot/internal/discord"
)

// Invocation is what a member has asked for in a guild, in a form that travels.
type Invocation struct {
	ID                 string // of the interaction
	GuildID, ChannelID string
	Member             Member
	Name               string // with its subcommand: "track add"
	Options            Options
	Focused            string // the option that is being typed; "" for a command that was given
}

// Member is who asks. Permissions is Discord's decimal set, as it came with the command itself.
type Member struct{ ID, Name, Permissions string }

// CanManage tells whether the member may change the guild's settings.
func (m Member) CanManage() bool { return discord.CanManage(false, m.Permissions) }

// Options are the values given, as text.
type Options map[string]string

// String returns a text, or the id of a channel; "" if not given.
func (o Options) String(name string) string { return o[name] }

// Int returns a whole number; false if not given or none.
func (o Options) Int(name string) (int64, bool) {
	n, err := strconv.ParseInt(o[name], 10, 64)
	return n, err == nil
}

// Bool returns a yes or no; false if not given.
func (o Options) Bool(name string) (value, given bool) {
	value, err := strconv.ParseBool(o[name])
	return value, err == nil
}

// Choice is a value that is offered for an option.
type Choice struct{ Name, Value string }

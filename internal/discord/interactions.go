package discord

import (
	"encoding/json"
	"math"
	"strconv"
)

// InteractionType is the kind of an interaction.
type InteractionType int

// The interaction types.
const (
	InteractionPing         InteractionType = 1
	InteractionCommand      InteractionType = 2
	InteractionComponent    InteractionType = 3
	InteractionAutocomplete InteractionType = 4
	InteractionModal        InteractionType = 5
)

// Interaction is what a user did with a command or a component. In a guild
// Member is set, elsewhere User.
type Interaction struct {
	ID             string           `json:"id"`
	ApplicationID  string           `json:"application_id"`
	Type           InteractionType  `json:"type"`
	Data           *InteractionData `json:"data"`
	GuildID        string           `json:"guild_id"`
	ChannelID      string           `json:"channel_id"`
	Member         *Member          `json:"member"`
	User           *User            `json:"user"`
	Token          string           `json:"token"` // to answer with, 15 minutes; a secret
	Locale         string           `json:"locale"`
	GuildLocale    string           `json:"guild_locale"`
	AppPermissions string           `json:"app_permissions"` // the bot's in the channel
}

// Invoker returns who did it.
func (i Interaction) Invoker() User {
	switch {
	case i.Member != nil && i.Member.User != nil:
		return *i.Member.User
	case i.User != nil:
		return *i.User
	default:
		return User{}
	}
}

// CanManage reports whether the invoker holds ADMINISTRATOR or MANAGE_GUILD
// there. Discord counts a guild's owner as holding all permissions.
func (i Interaction) CanManage() bool {
	return i.Member != nil && CanManage(false, i.Member.Permissions)
}

// InteractionData is a command with its options, or a component with its values.
type InteractionData struct {
	ID       string              `json:"id"`
	Name     string              `json:"name"`
	Type     CommandType         `json:"type"`
	Options  []InteractionOption `json:"options"`
	Resolved Resolved            `json:"resolved"`
	CustomID string              `json:"custom_id"` // components
	Values   []string            `json:"values"`    // components
}

// Resolved holds the objects that options name by id.
type Resolved struct {
	Users    map[string]User    `json:"users"`
	Members  map[string]Member  `json:"members"` // without User
	Roles    map[string]Role    `json:"roles"`
	Channels map[string]Channel `json:"channels"`
}

// InteractionOption is a value the user gave, or a subcommand with its options.
type InteractionOption struct {
	Name    string              `json:"name"`
	Type    OptionType          `json:"type"`
	Value   json.RawMessage     `json:"value"`
	Options []InteractionOption `json:"options"`
	Focused bool                `json:"focused"` // autocomplete: the user is typing here
}

// Path returns the command's name followed by the group and subcommand invoked,
// and the options given to it.
func (d *InteractionData) Path() ([]string, Options) {
	if d == nil {
		return nil, nil
	}
	path, options := []string{d.Name}, d.Options
	for len(options) == 1 && (options[0].Type == OptionSubCommand || options[0].Type == OptionSubCommandGroup) {
		path = append(path, options[0].Name)
		options = options[0].Options
	}
	return path, options
}

// Options are the values given to a command.
type Options []InteractionOption

// Get returns the option of that name.
func (o Options) Get(name string) (InteractionOption, bool) {
	for _, opt := range o {
		if opt.Name == name {
			return opt, true
		}
	}
	return InteractionOption{}, false
}

// String returns a text, or the id of a user, channel or role; "" if not given.
func (o Options) String(name string) string {
	opt, _ := o.Get(name)
	return opt.Text()
}

// Int returns a whole number; false if not given or none.
func (o Options) Int(name string) (int64, bool) {
	opt, _ := o.Get(name)
	var f float64
	if json.Unmarshal(opt.Value, &f) != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// Bool returns a yes or no; false if not given.
func (o Options) Bool(name string) (value, given bool) {
	opt, _ := o.Get(name)
	given = json.Unmarshal(opt.Value, &value) == nil
	return value, given
}

// Focused returns the option the user is typing into.
func (o Options) Focused() (InteractionOption, bool) {
	for _, opt := range o {
		if opt.Focused {
			return opt, true
		}
	}
	return InteractionOption{}, false
}

// Text returns the value as text: what is typed may not be of the option's type yet.
func (o InteractionOption) Text() string {
	var s string
	if json.Unmarshal(o.Value, &s) == nil {
		return s
	}
	var f float64
	if json.Unmarshal(o.Value, &f) == nil {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return ""
}

// CallbackType says how an interaction is answered.
type CallbackType int

// The answers Trackbot gives (Discord API docs: Receiving and Responding, Interaction Callback Type).
const (
	CallbackPong         CallbackType = 1
	CallbackMessage      CallbackType = 4
	CallbackDefer        CallbackType = 5
	CallbackDeferUpdate  CallbackType = 6 // components
	CallbackUpdate       CallbackType = 7 // components
	CallbackAutocomplete CallbackType = 8
)

// InteractionResponse answers an interaction. Message belongs to CallbackMessage
// and CallbackUpdate (and its Flags to CallbackDefer), Choices to CallbackAutocomplete.
type InteractionResponse struct {
	Type    CallbackType
	Message InteractionMessage
	Choices []Choice // the first MaxChoices are sent
}

// InteractionMessage is the message of an answer. FlagEphemeral shows it to the
// invoker alone.
type InteractionMessage struct {
	Content         string
	Embeds          []Embed
	AllowedMentions AllowedMentions
	Components      []Component
	Flags           int
}

// MarshalJSON writes the form that belongs to the type.
func (r InteractionResponse) MarshalJSON() ([]byte, error) {
	out := struct {
		Type CallbackType `json:"type"`
		Data any          `json:"data,omitempty"`
	}{Type: r.Type}
	switch r.Type {
	case CallbackMessage, CallbackUpdate:
		out.Data = interactionMessage(r.Message)
	case CallbackDefer:
		if r.Message.Flags != 0 {
			out.Data = map[string]int{"flags": r.Message.Flags & FlagEphemeral}
		}
	case CallbackAutocomplete:
		choices := append([]Choice{}, r.Choices[:min(len(r.Choices), MaxChoices)]...)
		out.Data = map[string][]Choice{"choices": choices}
	}
	return json.Marshal(out)
}

// interactionMessage is the wire form of a first answer.
type interactionMessage struct {
	Content         string          `json:"content,omitempty"`
	Embeds          []Embed         `json:"embeds,omitempty"`
	AllowedMentions AllowedMentions `json:"allowed_mentions"`
	Components      []Component     `json:"components,omitempty"`
	Flags           int             `json:"flags,omitempty"`
}

// interactionEdit is the wire form of an edit, which replaces what was there.
type interactionEdit InteractionMessage

func (e interactionEdit) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Content         string          `json:"content"`
		Embeds          []Embed         `json:"embeds"`
		AllowedMentions AllowedMentions `json:"allowed_mentions"`
		Components      []Component     `json:"components"`
	}{e.Content, append([]Embed{}, e.Embeds...), e.AllowedMentions, append([]Component{}, e.Components...)})
}

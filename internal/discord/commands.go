package discord

// CommandType is the kind of an application command.
type CommandType int

// CommandChatInput is a slash command.
const CommandChatInput CommandType = 1

// OptionType is the kind of a command's option.
type OptionType int

// The option types (Discord API docs: Application Commands, Option Type).
const (
	OptionSubCommand      OptionType = 1
	OptionSubCommandGroup OptionType = 2
	OptionString          OptionType = 3
	OptionInteger         OptionType = 4
	OptionBoolean         OptionType = 5
	OptionUser            OptionType = 6
	OptionChannel         OptionType = 7
	OptionRole            OptionType = 8
	OptionMentionable     OptionType = 9
	OptionNumber          OptionType = 10
)

// Where a command can be used.
const (
	ContextGuild = 0
	ContextBotDM = 1
)

// Limits of commands (Discord API docs: Application Commands).
const (
	MaxChoices     = 25
	MaxChoiceName  = 100
	MaxChoiceValue = 100
)

// Command is a slash command as registered. Names are lower case, 1 to 32
// characters; descriptions 1 to 100.
type Command struct {
	ID                       string            `json:"id,omitempty"` // set by Discord
	Type                     CommandType       `json:"type,omitempty"`
	Name                     string            `json:"name"`
	NameLocalizations        map[string]string `json:"name_localizations,omitempty"`
	Description              string            `json:"description"`
	DescriptionLocalizations map[string]string `json:"description_localizations,omitempty"`
	Options                  []CommandOption   `json:"options,omitempty"`
	// DefaultMemberPermissions is the decimal bit set a member needs to see the
	// command; nil: everyone, "0": administrators. Guilds may change it.
	DefaultMemberPermissions *string `json:"default_member_permissions,omitempty"`
	Contexts                 []int   `json:"contexts,omitempty"`
	IntegrationTypes         []int   `json:"integration_types,omitempty"` // 0: guild install
}

// CommandOption is a parameter, a subcommand or a group of subcommands.
// Required ones come first.
type CommandOption struct {
	Type                     OptionType        `json:"type"`
	Name                     string            `json:"name"`
	NameLocalizations        map[string]string `json:"name_localizations,omitempty"`
	Description              string            `json:"description"`
	DescriptionLocalizations map[string]string `json:"description_localizations,omitempty"`
	Required                 bool              `json:"required,omitempty"`
	Choices                  []Choice          `json:"choices,omitempty"`
	Options                  []CommandOption   `json:"options,omitempty"`
	ChannelTypes             []ChannelType     `json:"channel_types,omitempty"`
	MinValue                 *float64          `json:"min_value,omitempty"` // integers and numbers
	MaxValue                 *float64          `json:"max_value,omitempty"`
	MinLength                *int              `json:"min_length,omitempty"`
	MaxLength                *int              `json:"max_length,omitempty"`
	Autocomplete             bool              `json:"autocomplete,omitempty"`
}

// Choice is one value to pick for an option.
type Choice struct {
	Name  string `json:"name"`  // up to MaxChoiceName
	Value any    `json:"value"` // of the option's type; strings up to MaxChoiceValue
}

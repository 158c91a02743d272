package sim

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Application command option types (Discord API docs: Application Command Option Type).
const (
	OptionSubcommand  = 1
	OptionGroup       = 2
	OptionString      = 3
	OptionInteger     = 4
	OptionBoolean     = 5
	OptionUser        = 6
	OptionChannel     = 7
	OptionRole        = 8
	OptionMentionable = 9
	OptionNumber      = 10
)

// Command is a registered application command.
type Command struct {
	ID            string         `json:"id"`
	ApplicationID string         `json:"application_id"`
	GuildID       string         `json:"guild_id,omitempty"`
	Type          int            `json:"type"`
	Name          string         `json:"name"`
	Description   string         `json:"description"`
	Permissions   *Permissions   `json:"default_member_permissions"`
	DMPermission  *bool          `json:"dm_permission,omitempty"`
	Contexts      []int          `json:"contexts,omitempty"`
	Integrations  []int          `json:"integration_types,omitempty"`
	Options       []Option       `json:"options,omitempty"`
	NSFW          bool           `json:"nsfw"`
	Version       string         `json:"version"`
	NameLocal     map[string]any `json:"name_localizations,omitempty"`
	DescLocal     map[string]any `json:"description_localizations,omitempty"`
}

// Option is a parameter, a subcommand or a group of subcommands.
type Option struct {
	Type         int            `json:"type"`
	Name         string         `json:"name"`
	Description  string         `json:"description"`
	Required     bool           `json:"required,omitempty"`
	Autocomplete bool           `json:"autocomplete,omitempty"`
	Choices      []Choice       `json:"choices,omitempty"`
	Options      []Option       `json:"options,omitempty"`
	ChannelTypes []int          `json:"channel_types,omitempty"`
	MinValue     *float64       `json:"min_value,omitempty"`
	MaxValue     *float64       `json:"max_value,omitempty"`
	MinLength    *int           `json:"min_length,omitempty"`
	MaxLength    *int           `json:"max_length,omitempty"`
	NameLocal    map[string]any `json:"name_localizations,omitempty"`
	DescLocal    map[string]any `json:"description_localizations,omitempty"`
}

// Choice is one value offered for an option.
type Choice struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// maxCommands is the number of global or guild chat input commands (Discord API docs).
const maxCommands = 100

func commandRoutes(s *Sim) []apiRoute {
	return []apiRoute{
		{"PUT /applications/{application}/commands", authBot, "commands", "", false, s.putCommands},
		{"GET /applications/{application}/commands", authBot, "commands", "", false, s.getCommands},
		{"PUT /applications/{application}/guilds/{guild}/commands", authBot, "commands", "guild", false, s.putCommands},
		{"GET /applications/{application}/guilds/{guild}/commands", authBot, "commands", "guild", false, s.getCommands},
	}
}

// commandScope is the guild id of the path, "" for global commands.
func (c *call) commandScope() (string, *apiError) {
	if c.PathValue("application") != c.sim.cfg.ClientID {
		return "", &apiError{Status: 403, Code: 20012, Message: "You are not authorized to perform this action on this application"}
	}
	if c.PathValue("guild") == "" {
		return "", nil
	}
	g, e := c.guildFor()
	if e != nil {
		return "", e
	}
	return g.id, nil
}

func (s *Sim) getCommands(c *call) (any, *apiError) {
	scope, e := c.commandScope()
	if e != nil {
		return nil, e
	}
	return append([]Command{}, s.commands[scope]...), nil
}

// putCommands overwrites all commands of the scope; a command that keeps its
// name keeps its id (Discord API docs: Bulk Overwrite Global Application Commands).
func (s *Sim) putCommands(c *call) (any, *apiError) {
	scope, e := c.commandScope()
	if e != nil {
		return nil, e
	}
	var list []Command
	if e := c.decode(&list); e != nil {
		return nil, e
	}
	if len(list) > maxCommands {
		return nil, &apiError{Status: 400, Code: 30032, Message: "Maximum number of application commands reached (100)"}
	}
	if e := checkCommands(list); e != nil {
		return nil, e
	}
	for i := range list {
		cmd := &list[i]
		cmd.ID = ""
		for _, old := range s.commands[scope] {
			if old.Name == cmd.Name && old.Type == cmd.Type {
				cmd.ID = old.ID
			}
		}
		if cmd.ID == "" {
			cmd.ID = s.next(s.now())
		}
		cmd.ApplicationID, cmd.GuildID, cmd.Version = s.cfg.ClientID, scope, s.next(s.now())
	}
	s.commands[scope] = list
	s.touch()
	return append([]Command{}, list...), nil
}

func checkCommands(list []Command) *apiError {
	var f formErrors
	names := map[string]bool{}
	for i := range list {
		cmd, at := &list[i], fmt.Sprint(i)
		def(&cmd.Type, 1)
		key := fmt.Sprintf("%d/%s", cmd.Type, cmd.Name)
		if names[key] {
			f.add("", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		names[key] = true
		if cmd.Type != 1 {
			f.length(at+".name", cmd.Name, 1, 32)
			continue
		}
		f.commandName(at+".name", cmd.Name)
		f.length(at+".description", cmd.Description, 1, 100)
		f.options(at+".options", cmd.Options, 0)
		if commandSize(cmd.Name, cmd.Description, cmd.Options) > 8000 {
			f.add(at, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
		}
	}
	return f.err()
}

func commandSize(name, description string, options []Option) int {
	n := len(name) + len(description)
	for _, o := range options {
		n += commandSize(o.Name, o.Description, o.Options)
		for _, c := range o.Choices {
			n += len(c.Name) + len(fmt.Sprint(c.Value))
		}
	}
	return n
}

func (f *formErrors) commandName(path, name string) {
	f.length(path, name, 1, 32)
	valid := regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)
	if !valid.MatchString(name) || strings.ToLower(name) != name {
		f.add(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
}

func (f *formErrors) length(path, value string, low, high int) {
	switch n := utf8.RuneCountInString(value); {
	case n == 0 && low > 0:
		f.add(path, "BASE_TYPE_REQUIRED", "This field is required")
	case n < low || n > high:
		f.add(path, "BASE_TYPE_BAD_LENGTH", fmt.Sprintf("Must be between %d and %d in length.", low, high))
	}
}

// options checks one level; a group may hold subcommands and a subcommand parameters, no deeper.
func (f *formErrors) options(path string, list []Option, depth int) {
	if len(list) > 25 {
		f.add(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	optional, names := false, map[string]bool{}
	for i, o := range list {
		at := fmt.Sprintf("%s.%d", path, i)
		f.commandName(at+".name", o.Name)
		f.length(at+".description", o.Description, 1, 100)
		if names[o.Name] {
			f.add(path, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", fmt.Sprintf("Option name %q already exists", o.Name))
		}
		names[o.Name] = true
		nested := o.Type == OptionSubcommand || o.Type == OptionGroup
		switch {
		case o.Type < OptionSubcommand || o.Type > 11:
			f.add(at+".type", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).")
		case o.Type == OptionGroup && depth > 0, o.Type == OptionSubcommand && depth > 1:
			f.add(at+".type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command option types cannot be nested this deep")
		case nested:
			f.options(at+".options", o.Options, depth+3-o.Type)
		case o.Required && optional:
			f.add(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		optional = optional || !o.Required && !nested
		f.choices(at, o)
	}
}

func (f *formErrors) choices(at string, o Option) {
	if len(o.Choices) > 25 {
		f.add(at+".choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	if o.Autocomplete && (len(o.Choices) > 0 || o.Type != OptionString && o.Type != OptionInteger && o.Type != OptionNumber) {
		f.add(at+".autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID", "Autocomplete needs a STRING, INTEGER or NUMBER option without choices")
	}
	for i, c := range o.Choices {
		f.length(fmt.Sprintf("%s.choices.%d.name", at, i), c.Name, 1, 100)
	}
}

// Commands lists what the application has registered: global commands and those of the guild.
func (s *Sim) Commands(guildID string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Command
	raw := mustJSON(append(append([]Command{}, s.commands[""]...), s.commandsOf(guildID)...))
	if err := json.Unmarshal(raw, &list); err != nil {
		panic(err) // what was encoded decodes
	}
	return list
}

func (s *Sim) commandsOf(guildID string) []Command {
	if guildID == "" {
		return nil
	}
	return s.commands[guildID]
}

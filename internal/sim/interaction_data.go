package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// commandData builds the data of a command or autocomplete interaction, typing
// the options as the registered command declares them.
func (s *Sim) commandData(g *guild, u *User, in Invocation, kind int) (object, error) {
	path := strings.Fields(in.Path)
	cmd := s.findCommand(g, path)
	if cmd == nil {
		return nil, fmt.Errorf("%w: no command %q is registered", ErrNotInvocable, in.Path)
	}
	if cmd.Permissions != nil && !g.guildPermissions(u.ID).has(*cmd.Permissions) || cmd.Permissions != nil && *cmd.Permissions == 0 && g.guildPermissions(u.ID) != permAll {
		return nil, fmt.Errorf("%w: %s lacks the permission for /%s", ErrNotInvocable, u.Username, cmd.Name)
	}
	resolved := object{}
	options, err := s.nestedOptions(g, cmd.Options, path[1:], in, kind, resolved)
	if err != nil {
		return nil, err
	}
	data := object{"id": cmd.ID, "name": cmd.Name, "type": 1, "options": options}
	if cmd.GuildID != "" {
		data["guild_id"] = cmd.GuildID
	}
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	return data, nil
}

func (s *Sim) findCommand(g *guild, path []string) *Command {
	if len(path) == 0 {
		return nil
	}
	for _, scope := range []string{g.id, ""} {
		for i := range s.commands[scope] {
			if c := &s.commands[scope][i]; c.Type == 1 && c.Name == path[0] {
				return c
			}
		}
	}
	return nil
}

// nestedOptions follows groups and subcommands down to the parameters.
func (s *Sim) nestedOptions(g *guild, declared []Option, path []string, in Invocation, kind int, resolved object) ([]object, error) {
	if len(path) > 0 {
		i := slices.IndexFunc(declared, func(o Option) bool { return o.Type <= OptionGroup && o.Name == path[0] })
		if i < 0 {
			return nil, fmt.Errorf("%w: no subcommand %q", ErrNotInvocable, path[0])
		}
		inner, err := s.nestedOptions(g, declared[i].Options, path[1:], in, kind, resolved)
		if err != nil {
			return nil, err
		}
		return []object{{"type": declared[i].Type, "name": path[0], "options": inner}}, nil
	}
	list := []object{}
	for _, o := range declared {
		if o.Type <= OptionGroup {
			return nil, fmt.Errorf("%w: a subcommand is required", ErrNotInvocable)
		}
		value, given := in.Options[o.Name]
		focused := kind == interactionAutocomplete && o.Name == in.Focused
		if !given && !focused {
			if o.Required && kind == interactionCommand {
				return nil, fmt.Errorf("%w: option %q is required", ErrNotInvocable, o.Name)
			}
			continue
		}
		entry := object{"type": o.Type, "name": o.Name}
		if focused {
			entry["focused"], entry["value"] = true, text(value)
		} else {
			typed, err := s.optionValue(g, o, value, resolved)
			if err != nil {
				return nil, err
			}
			entry["value"] = typed
		}
		list = append(list, entry)
	}
	return list, nil
}

func text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// optionValue converts a value to the option's type, checks it as the client
// does and fills in resolved objects.
func (s *Sim) optionValue(g *guild, o Option, value any, resolved object) (any, error) {
	bad := fmt.Errorf("%w: option %q does not take %q", ErrNotInvocable, o.Name, text(value))
	switch o.Type {
	case OptionInteger, OptionNumber:
		n, err := strconv.ParseFloat(text(value), 64)
		outside := o.MinValue != nil && n < *o.MinValue || o.MaxValue != nil && n > *o.MaxValue
		if err != nil || outside || o.Type == OptionInteger && n != float64(int64(n)) {
			return nil, bad
		}
		return n, nil
	case OptionBoolean:
		b, err := strconv.ParseBool(text(value))
		if err != nil {
			return nil, bad
		}
		return b, nil
	case OptionUser, OptionChannel, OptionRole, OptionMentionable:
		if !s.resolve(g, o, text(value), resolved) {
			return nil, bad
		}
		return text(value), nil
	}
	v := text(value)
	n := len([]rune(v))
	known := len(o.Choices) == 0 || slices.ContainsFunc(o.Choices, func(c Choice) bool { return text(c.Value) == v })
	if !known || o.MinLength != nil && n < *o.MinLength || o.MaxLength != nil && n > *o.MaxLength || n > 6000 {
		return nil, bad
	}
	return v, nil
}

func (s *Sim) resolve(g *guild, o Option, id string, resolved object) bool {
	put := func(kind string, v any) bool {
		m, _ := resolved[kind].(object)
		if m == nil {
			m = object{}
			resolved[kind] = m
		}
		m[id] = v
		return true
	}
	if m := g.members[id]; m != nil && (o.Type == OptionUser || o.Type == OptionMentionable) {
		put("members", object{
			"nick": m.Nick, "roles": m.Roles, "joined_at": m.JoinedAt, "flags": m.Flags,
			"permissions": g.guildPermissions(id),
		})
		return put("users", m.User)
	}
	if r := g.role(id); r != nil && (o.Type == OptionRole || o.Type == OptionMentionable) {
		return put("roles", r)
	}
	ch := s.channels[id]
	if o.Type != OptionChannel || ch == nil || ch.GuildID != g.id {
		return false
	}
	if len(o.ChannelTypes) > 0 && !slices.Contains(o.ChannelTypes, ch.Type) {
		return false
	}
	return put("channels", object{
		"id": ch.ID, "type": ch.Type, "name": ch.Name, "parent_id": ch.ParentID,
		"permissions": g.channelPermissions(s.bot.ID, ch),
	})
}

package bot

import (
	"encoding/json"
	"slices"
	"testing"

	"trackbot/internal/discord"
)

// asDiscordTells is the list as Discord gives it back: in its own order, with ids and with what it adds.
func asDiscordTells(t *testing.T) []discord.Command {
	t.Helper()
	body, err := json.Marshal(definitions())
	if err != nil {
		t.Fatal(err)
	}
	var raw []map[string]any
	if err := json.Unmarshal(body, &raw); err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		raw[i]["id"], raw[i]["version"], raw[i]["nsfw"] = "900000000000000001", "900000000000000002", false
		raw[i]["name_localizations"], raw[i]["description_localizations"] = nil, nil
		if raw[i]["default_member_permissions"] == nil {
			raw[i]["default_member_permissions"] = nil
		}
	}
	slices.Reverse(raw)
	if body, err = json.Marshal(raw); err != nil {
		t.Fatal(err)
	}
	var out []discord.Command
	if err := json.Unmarshal(body, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCommandsThatDiscordHasAreTheSameInItsOwnForm(t *testing.T) {
	t.Parallel()
	if !sameCommands(asDiscordTells(t), definitions()) {
		t.Error("what Discord tells of our commands counts as another list")
	}
}

func TestCommandsThatDifferInAnythingAreOthers(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func([]discord.Command) []discord.Command{
		"none":     func([]discord.Command) []discord.Command { return nil },
		"one less": func(c []discord.Command) []discord.Command { return c[1:] },
		"one more": func(c []discord.Command) []discord.Command {
			return append(c, discord.Command{Name: "old", Description: "x"})
		},
		"a description": func(c []discord.Command) []discord.Command { c[0].Description += "."; return c },
		"permissions": func(c []discord.Command) []discord.Command {
			all := "0"
			c[0].DefaultMemberPermissions = &all
			return c
		},
		"contexts": func(c []discord.Command) []discord.Command { c[0].Contexts = nil; return c },
		"an option": func(c []discord.Command) []discord.Command {
			c[i(c, "track")].Options[0].Options[0].Required = false
			return c
		},
		"its length": func(c []discord.Command) []discord.Command {
			c[i(c, "track")].Options[0].Options[0].MaxLength = nil
			return c
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if sameCommands(change(asDiscordTells(t)), definitions()) {
				t.Error("they count as the same")
			}
		})
	}
}

func i(commands []discord.Command, name string) int {
	return slices.IndexFunc(commands, func(c discord.Command) bool { return c.Name == name })
}

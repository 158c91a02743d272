package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"reflect"
	"slices"

	"trackbot/internal/discord"
)

// register tells Discord the commands when it has others. A restart says nothing: writing commands counts against a
// limit of the day, and members' clients load again what was written.
func (b *Bot) register(ctx context.Context) {
	if !b.isKnown(ctx) {
		return
	}
	err := b.insist(ctx, "register commands", func() error {
		have, err := b.api.GlobalCommands(ctx, b.app().ID)
		if err != nil || sameCommands(have, definitions()) {
			return err
		}
		_, err = b.api.PutGlobalCommands(ctx, b.app().ID, definitions())
		return err
	})
	if err != nil && ctx.Err() == nil {
		b.log.ErrorContext(ctx, "register commands", "error", err)
	}
}

// sameCommands tells whether Discord has the commands as they are wanted, in any order. What cannot be compared differs.
func sameCommands(have, want []discord.Command) bool {
	told, errHave := plainly(have)
	wanted, errWant := plainly(want)
	return errHave == nil && errWant == nil && reflect.DeepEqual(told, wanted)
}

// plainly writes commands down so that those that mean the same are the same: by name, without ids, and as JSON, in
// which there is one kind of number and no difference between what is empty and what is missing.
func plainly(commands []discord.Command) (any, error) {
	commands = slices.Clone(commands)
	slices.SortFunc(commands, func(a, b discord.Command) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name))
	})
	for i := range commands {
		commands[i].ID = ""
	}
	body, err := json.Marshal(commands)
	if err != nil {
		return nil, err
	}
	var out any
	err = json.Unmarshal(body, &out)
	return out, err
}

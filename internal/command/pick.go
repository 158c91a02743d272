package command

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"trackbot/internal/discord"
	"trackbot/internal/fault"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

// Options for accounts, brands and groups are picked from a list while typing; their value is the
// id. Whoever sends what was typed instead gets what it names, if that is one thing alone.

// Complete offers what fits to what was typed so far.
func (d *Desk) Complete(ctx context.Context, c Invocation) ([]Choice, error) {
	text, typing := c.Options[c.Focused]
	if !typing || !c.Member.CanManage() {
		return nil, nil
	}
	client, err := d.guilds.Find(ctx, c.GuildID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	search := tracking.Search{Text: strings.TrimSpace(text), Limit: discord.MaxChoices}
	var choices []Choice
	add := func(name string, id uuid.UUID) {
		choices = append(choices, Choice{cut(name, discord.MaxChoiceName), id.String()})
	}
	switch c.Focused {
	case "account":
		found, err := d.catalog.FindAccounts(ctx, client.ID, search)
		for _, a := range found {
			add(accountName(a)+" · "+a.BrandName+" › "+a.GroupName, a.ClientAccount.ID)
		}
		return choices, err
	case "brand":
		found, err := d.catalog.FindBrands(ctx, client.ID, search)
		for _, brand := range found {
			add(brand.Name, brand.ID)
		}
		return choices, err
	case "group":
		found, err := d.catalog.FindGroups(ctx, client.ID, search)
		for _, g := range found {
			add(groupName(g), g.ID)
		}
		return choices, err
	}
	return nil, nil
}

func accountName(a db.ListAccountUseRow) string {
	name := a.Source.DisplayName
	if a.Source.Handle != "" && a.Source.Handle != name {
		name += " (" + a.Source.Handle + ")"
	}
	return name
}

func groupName(g db.ListGroupUseRow) string { return g.BrandName + " › " + g.Name }

// cut shortens s to at most limit code points, the last of which is an ellipsis then.
func cut(s string, limit int) string {
	if runes := []rune(s); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return s
}

// maxPicked is how many things are looked at to find the one that a typed name means.
const maxPicked = 50

// account is the one that an option names. Refusals: not_found.
func (r *request) account(ctx context.Context) (db.ListAccountUseRow, error) {
	find := func(s tracking.Search) ([]db.ListAccountUseRow, error) {
		return r.catalog.FindAccounts(ctx, r.client.ID, s)
	}
	return pick(r.options, "account", find, func(a db.ListAccountUseRow) []string {
		return []string{a.Source.DisplayName, a.Source.Handle, a.Source.URL, accountName(a)}
	})
}

// brand is the one that an option names. Refusals: not_found.
func (r *request) brand(ctx context.Context) (db.ListBrandUseRow, error) {
	find := func(s tracking.Search) ([]db.ListBrandUseRow, error) {
		return r.catalog.FindBrands(ctx, r.client.ID, s)
	}
	return pick(r.options, "brand", find, func(b db.ListBrandUseRow) []string { return []string{b.Name} })
}

// group is the one that an option names. Refusals: not_found.
func (r *request) group(ctx context.Context) (db.ListGroupUseRow, error) {
	find := func(s tracking.Search) ([]db.ListGroupUseRow, error) {
		return r.catalog.FindGroups(ctx, r.client.ID, s)
	}
	return pick(r.options, "group", find, func(g db.ListGroupUseRow) []string { return []string{g.Name, groupName(g)} })
}

// pick finds what the option called what names: by id, by one of its names, or as the only thing that fits.
func pick[T any](options Options, what string, find func(tracking.Search) ([]T, error), names func(T) []string) (T, error) {
	var none T
	text := strings.TrimSpace(options.String(what))
	search := tracking.Search{Text: text, Limit: maxPicked}
	if id, err := uuid.Parse(text); err == nil {
		search = tracking.Search{ID: &id, Limit: 1}
	}
	found, err := find(search)
	if err != nil {
		return none, err
	}
	exact := slices.DeleteFunc(slices.Clone(found), func(v T) bool {
		return !slices.ContainsFunc(names(v), func(name string) bool { return strings.EqualFold(name, text) })
	})
	switch {
	case len(exact) == 1:
		return exact[0], nil
	case len(exact) == 0 && len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return none, fault.Newf(fault.NotFound, "There is no such %s. Pick it from the list that opens while you type.", what)
	}
	return none, fault.Newf(fault.NotFound, "“%s” fits more than one %s. Pick it from the list that opens while you type.", escape(text), what)
}

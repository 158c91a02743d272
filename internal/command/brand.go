package command

import (
	"context"
	"strings"

	"trackbot/internal/discord"
	"trackbot/internal/fault"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

// listLines is how many names one answer lists.
const listLines = 40

func (r *request) brandAdd(ctx context.Context) (Reply, error) {
	brand, err := r.catalog.CreateBrand(ctx, r.by, r.client.ID, r.options.String("name"))
	if err != nil {
		return Reply{}, err
	}
	return Reply{
		Color: colorDone, Title: "Brand " + escape(brand.Name) + " added",
		Body: "Next: `/group add` gives it a group, `/track add` fills the group.",
	}, nil
}

func (r *request) brandRename(ctx context.Context) (Reply, error) {
	old, err := r.brand(ctx)
	if err != nil {
		return Reply{}, err
	}
	brand, err := r.catalog.RenameBrand(ctx, r.by, r.client.ID, old.ID, r.options.String("name"))
	if err != nil {
		return Reply{}, err
	}
	return Reply{Color: colorDone, Title: "Brand renamed", Body: escape(old.Name) + " is **" + escape(brand.Name) + "** now."}, nil
}

func (r *request) brandRemove(ctx context.Context) (Reply, error) {
	brand, err := r.brand(ctx)
	if err != nil {
		return Reply{}, err
	}
	if err := r.confirmed("brand", brand.Name, brand.Accounts); err != nil {
		return Reply{}, err
	}
	if err := r.catalog.DeleteBrand(ctx, r.by, r.client.ID, brand.ID); err != nil {
		return Reply{}, err
	}
	return Reply{
		Color: colorDone, Title: "Brand " + escape(brand.Name) + " removed",
		Body: "With it went " + plural(brand.Groups, "group") + " and " + plural(brand.Accounts, "account") + ".",
	}, nil
}

// confirmed refuses to remove what has accounts in it unless that was said to be meant.
func (r *request) confirmed(what, name string, accounts int64) error {
	if yes, _ := r.options.Bool("confirm"); yes || accounts == 0 {
		return nil
	}
	return fault.Newf(fault.ValidationFailed,
		"The %s “%s” holds %s, whose posts and history would be deleted with it. If that is what you want, give the command again with `confirm: True`.",
		what, escape(name), plural(accounts, "account"))
}

func (r *request) brandList(ctx context.Context) (Reply, error) {
	brands, err := r.catalog.FindBrands(ctx, r.client.ID, tracking.Search{Limit: listLines + 1})
	if err != nil {
		return Reply{}, err
	}
	if len(brands) == 0 {
		return Reply{Color: colorInfo, Title: "Brands", Body: "There is none yet. `/brand add` makes one, `/track add` makes the first by itself."}, nil
	}
	return r.list("Brands", eachLine(brands, func(b db.ListBrandUseRow) string {
		return "**" + escape(b.Name) + "** · " + plural(b.Groups, "group") + " · " + plural(b.Accounts, "account")
	})), nil
}

func (r *request) groupAdd(ctx context.Context) (Reply, error) {
	brand, err := r.onlyBrand(ctx)
	if err != nil {
		return Reply{}, err
	}
	group, err := r.catalog.CreateGroup(ctx, r.by, r.client.ID, brand.ID, r.options.String("name"))
	if err != nil {
		return Reply{}, err
	}
	return Reply{
		Color: colorDone, Title: "Group " + escape(brand.Name+" › "+group.Name) + " added",
		Body: "Next: `/track add` with this group fills it.",
	}, nil
}

// onlyBrand is the brand that the option names, or the only one there is.
func (r *request) onlyBrand(ctx context.Context) (db.ListBrandUseRow, error) {
	if r.options.String("brand") != "" {
		return r.brand(ctx)
	}
	brands, err := r.catalog.FindBrands(ctx, r.client.ID, tracking.Search{Limit: 2})
	switch {
	case err != nil:
		return db.ListBrandUseRow{}, err
	case len(brands) == 0:
		return db.ListBrandUseRow{}, fault.New(fault.NotFound, "There is no brand yet. `/brand add` makes one.")
	case len(brands) > 1:
		return db.ListBrandUseRow{}, fault.New(fault.ValidationFailed, "There are several brands. Say with `brand` which one the group belongs to.")
	}
	return brands[0], nil
}

func (r *request) groupRename(ctx context.Context) (Reply, error) {
	old, err := r.group(ctx)
	if err != nil {
		return Reply{}, err
	}
	name := r.options.String("name")
	group, err := r.catalog.UpdateGroup(ctx, r.by, r.client.ID, old.ID, tracking.GroupChange{Name: &name})
	if err != nil {
		return Reply{}, err
	}
	return Reply{Color: colorDone, Title: "Group renamed", Body: escape(groupName(old)) + " is **" + escape(group.Name) + "** now."}, nil
}

func (r *request) groupRemove(ctx context.Context) (Reply, error) {
	group, err := r.group(ctx)
	if err != nil {
		return Reply{}, err
	}
	if err := r.confirmed("group", groupName(group), group.Accounts); err != nil {
		return Reply{}, err
	}
	if err := r.catalog.DeleteGroup(ctx, r.by, r.client.ID, group.ID); err != nil {
		return Reply{}, err
	}
	return Reply{
		Color: colorDone, Title: "Group " + escape(groupName(group)) + " removed",
		Body: "With it went " + plural(group.Accounts, "account") + ".",
	}, nil
}

func (r *request) groupList(ctx context.Context) (Reply, error) {
	title, search := "Groups", tracking.Search{Limit: listLines + 1}
	if r.options.String("brand") != "" {
		brand, err := r.brand(ctx)
		if err != nil {
			return Reply{}, err
		}
		title, search.BrandID = "Groups of "+escape(brand.Name), &brand.ID
	}
	groups, err := r.catalog.FindGroups(ctx, r.client.ID, search)
	if err != nil {
		return Reply{}, err
	}
	if len(groups) == 0 {
		return Reply{Color: colorInfo, Title: title, Body: "There is none yet. `/group add` makes one."}, nil
	}
	return r.list(title, eachLine(groups, func(g db.ListGroupUseRow) string {
		return "**" + escape(groupName(g)) + "** · " + plural(g.Accounts, "account")
	})), nil
}

// list shows at most listLines of the lines, and whether there are more.
func (r *request) list(title string, all []string) Reply {
	out := Reply{Color: colorInfo, Title: title, Body: strings.Join(all[:min(len(all), listLines)], "\n")}
	if len(all) > listLines {
		out.Footer = "The dashboard shows the rest."
		out.Buttons = r.dashboardButton(r.in.GuildID)
	}
	return out
}

func eachLine[T any](of []T, line func(T) string) []string {
	out := make([]string, len(of))
	for i, v := range of {
		out[i] = cut(line(v), discord.MaxEmbedDescription/listLines-2)
	}
	return out
}

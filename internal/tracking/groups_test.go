package tracking_test

import (
	"testing"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
)

func named(name string) tracking.GroupChange { return tracking.GroupChange{Name: &name} }

func into(brand uuid.UUID) tracking.GroupChange { return tracking.GroupChange{BrandID: &brand} }

func TestGroupIsCreatedRenamedAndDeletedWithItsContents(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.as(store.RoleBot)
	brand := o.brand(o.mine, "Northwind")
	group, err := o.catalog.CreateGroup(t.Context(), o.by, o.mine, brand, "Creators")
	o.must(err)
	if group.Name != "Creators" || group.BrandID != brand {
		t.Errorf("group %+v", group)
	}
	target := "group:" + group.ID.String()
	o.wantLog(o.mine, 2, entry{Action: "group.created", Target: target, Changes: changes(
		"name", nil, "Creators", "brandId", nil, brand.String(), "brand", nil, "Northwind",
	)})

	renamed, err := o.catalog.UpdateGroup(t.Context(), o.by, o.mine, group.ID, named("Rivals"))
	o.must(err)
	if renamed.Name != "Rivals" || renamed.BrandID != brand {
		t.Errorf("renamed group %+v", renamed)
	}
	o.wantLog(o.mine, 3, entry{Action: "group.updated", Target: target, Changes: changes("name", "Creators", "Rivals")})

	o.post(o.add(o.mine, group.ID, "alice"))
	o.must(o.catalog.DeleteGroup(t.Context(), o.by, o.mine, group.ID))
	o.wantLog(o.mine, 5, entry{Action: "group.deleted", Target: target, Changes: changes(
		"name", "Rivals", nil, "brandId", brand.String(), nil, "accounts", 1.0, 0.0,
	)})
	if n := o.count("SELECT (SELECT count(*) FROM account_groups) + (SELECT count(*) FROM client_accounts) + (SELECT count(*) FROM posts)"); n != 0 {
		t.Errorf("%d rows left", n)
	}
	if n := o.count("SELECT count(*) FROM brands"); n != 1 {
		t.Error("the brand went with its group")
	}
}

func TestAccountsAndPostsFollowTheirGroupToAnotherBrand(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	from, to := o.brand(o.mine, "Northwind"), o.brand(o.mine, "Contoso")
	group := o.group(o.mine, from, "Creators")
	o.post(o.add(o.mine, group, "alice"))
	moved, err := o.catalog.UpdateGroup(t.Context(), o.by, o.mine, group, into(to))
	o.must(err)
	if moved.BrandID != to || moved.Name != "Creators" {
		t.Errorf("moved group %+v", moved)
	}
	for _, table := range []string{"account_groups", "client_accounts", "posts"} {
		if n := o.count("SELECT count(*) FROM "+table+" WHERE brand_id = $1", to); n != 1 {
			t.Errorf("%s did not follow", table)
		}
	}
	o.wantLog(o.mine, 5, entry{
		Action: "group.updated", Target: "group:" + group.String(), Changes: changes("brandId", from.String(), to.String()),
	})
	_, err = o.catalog.UpdateGroup(t.Context(), o.by, o.mine, group, into(to))
	o.must(err)
	o.wantLog(o.mine, 6)
}

func TestAGroupsNameIsTakenWithinItsBrand(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	brand, other := o.brand(o.mine, "Northwind"), o.brand(o.mine, "Contoso")
	o.group(o.mine, brand, "Creators")
	rivals := o.group(o.mine, brand, "Rivals")
	same := o.group(o.mine, other, "creators")
	_, err := o.catalog.CreateGroup(t.Context(), o.by, o.mine, brand, "CREATORS")
	o.wantRefusal(err, fault.Conflict)
	_, err = o.catalog.UpdateGroup(t.Context(), o.by, o.mine, rivals, named("creators"))
	o.wantRefusal(err, fault.Conflict)
	_, err = o.catalog.UpdateGroup(t.Context(), o.by, o.mine, same, into(brand))
	o.wantRefusal(err, fault.Conflict)
	o.wantLog(o.mine, 6)
}

func TestAnotherTenantsGroupOrBrandIsNotThere(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	theirBrand := o.brand(o.theirs, "Contoso")
	theirGroup := o.group(o.theirs, theirBrand, "Creators")
	mine := o.group(o.mine, o.brand(o.mine, "Northwind"), "Creators")
	for _, id := range []uuid.UUID{theirGroup, uuid.Must(uuid.NewV7())} {
		_, err := o.catalog.UpdateGroup(t.Context(), o.by, o.mine, id, named("Mine"))
		o.wantRefusal(err, fault.NotFound)
		o.wantRefusal(o.catalog.DeleteGroup(t.Context(), o.by, o.mine, id), fault.NotFound)
	}
	_, err := o.catalog.UpdateGroup(t.Context(), o.by, o.mine, mine, into(theirBrand))
	o.wantRefusal(err, fault.NotFound)
	if n := o.count("SELECT count(*) FROM account_groups WHERE client_id = $1 AND name = 'Creators'", o.theirs); n != 1 {
		t.Error("the other tenant's group was changed")
	}
	o.wantLog(o.mine, 3)
}

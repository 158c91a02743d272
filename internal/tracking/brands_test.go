package tracking_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
)

func TestBrandIsCreatedRenamedAndDeletedWithItsContents(t *testing.T) {
	t.Parallel()
	for _, role := range []store.Role{store.RoleAPI, store.RoleBot} {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.as(role)
			brand, err := o.catalog.CreateBrand(t.Context(), o.by, o.mine, "  North \t wind ")
			o.must(err)
			if brand.Name != "North wind" || brand.ClientID != o.mine {
				t.Errorf("brand %+v", brand)
			}
			target := "brand:" + brand.ID.String()
			o.wantLog(o.mine, 1, entry{Action: "brand.created", Target: target, Changes: changes("name", nil, "North wind")})

			renamed, err := o.catalog.RenameBrand(t.Context(), o.by, o.mine, brand.ID, "Northwind")
			o.must(err)
			if renamed.Name != "Northwind" {
				t.Errorf("renamed to %q", renamed.Name)
			}
			o.wantLog(o.mine, 2, entry{Action: "brand.updated", Target: target, Changes: changes("name", "North wind", "Northwind")})

			account := o.add(o.mine, o.group(o.mine, brand.ID, "Creators"), "alice")
			o.post(account)
			o.must(o.catalog.DeleteBrand(t.Context(), o.by, o.mine, brand.ID))
			o.wantLog(o.mine, 5, entry{
				Action: "brand.deleted", Target: target, Changes: changes("name", "Northwind", nil, "accounts", 1.0, 0.0),
			})
			for _, table := range []string{"brands", "account_groups", "client_accounts", "posts"} {
				if n := o.count("SELECT count(*) FROM " + table); n != 0 {
					t.Errorf("%d rows left in %s", n, table)
				}
			}
		})
	}
}

func TestTheSameNameAgainIsNoChange(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.brand(o.mine, "Northwind")
	_, err := o.catalog.RenameBrand(t.Context(), o.by, o.mine, id, " Northwind ")
	o.must(err)
	o.wantLog(o.mine, 2)
}

func TestNamesThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	brand := o.brand(o.mine, "Northwind")
	group := o.group(o.mine, brand, "Creators")
	for _, name := range []string{"", " \n ", strings.Repeat("ü", 101), "a\x00b", "a\u0007b", "\u200b\u200b", "\xff"} {
		_, err := o.catalog.CreateBrand(t.Context(), o.by, o.mine, name)
		o.wantRefusal(err, fault.ValidationFailed, "name")
		_, err = o.catalog.RenameBrand(t.Context(), o.by, o.mine, brand, name)
		o.wantRefusal(err, fault.ValidationFailed, "name")
		_, err = o.catalog.CreateGroup(t.Context(), o.by, o.mine, brand, name)
		o.wantRefusal(err, fault.ValidationFailed, "name")
		_, err = o.catalog.UpdateGroup(t.Context(), o.by, o.mine, group, named(name))
		o.wantRefusal(err, fault.ValidationFailed, "name")
	}
	if _, err := o.catalog.CreateBrand(t.Context(), o.by, o.mine, strings.Repeat("ü", 100)); err != nil {
		t.Errorf("a name of 100 characters: %v", err)
	}
}

func TestABrandsNameIsTakenWhateverItsCase(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.brand(o.mine, "Northwind")
	other := o.brand(o.mine, "Contoso")
	_, err := o.catalog.CreateBrand(t.Context(), o.by, o.mine, "NORTHWIND")
	o.wantRefusal(err, fault.Conflict)
	_, err = o.catalog.RenameBrand(t.Context(), o.by, o.mine, other, "northwind")
	o.wantRefusal(err, fault.Conflict)
	o.brand(o.theirs, "Northwind")
	o.wantLog(o.mine, 3)
}

func TestAnotherTenantsBrandIsNotThere(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	theirs := o.brand(o.theirs, "Contoso")
	for _, id := range []uuid.UUID{theirs, uuid.Must(uuid.NewV7())} {
		_, err := o.catalog.RenameBrand(t.Context(), o.by, o.mine, id, "Mine")
		o.wantRefusal(err, fault.NotFound)
		o.wantRefusal(o.catalog.DeleteBrand(t.Context(), o.by, o.mine, id), fault.NotFound)
		_, err = o.catalog.CreateGroup(t.Context(), o.by, o.mine, id, "Creators")
		o.wantRefusal(err, fault.NotFound)
	}
	if n := o.count("SELECT count(*) FROM brands WHERE name = 'Contoso'"); n != 1 {
		t.Error("the other tenant's brand was changed")
	}
	o.wantLog(o.mine, 1)
}

func TestParallelRequestsDoNotExceedThePlansBrands(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	got := atOnce(8, func(i int) error {
		_, err := o.catalog.CreateBrand(t.Context(), o.by, o.mine, strings.Repeat("b", i+1))
		return err
	})
	if diff := cmp.Diff(map[fault.Code]int{"": 3, fault.TierLimit: 5}, got); diff != "" {
		t.Error(diff)
	}
	o.brand(o.theirs, "Contoso")
}

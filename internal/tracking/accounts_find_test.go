package tracking_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/tracking"
)

func TestWhatATenantFollowsIsFoundByNamePlaceAndPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	brand := o.brand(o.mine, "Northwind")
	creators, rivals := o.group(o.mine, brand, "Creators"), o.group(o.mine, brand, "Rivals 100%")
	o.add(o.mine, creators, "alice")
	o.add(o.mine, rivals, "bob")
	carol := o.add(o.mine, rivals, "carol")
	o.add(o.theirs, uuid.Nil, "alison")

	handles := func(s tracking.Search) []string {
		t.Helper()
		if s.Limit == 0 {
			s.Limit = 10
		}
		rows, err := o.catalog.FindAccounts(t.Context(), o.mine, s)
		o.must(err)
		out := []string{}
		for _, r := range rows {
			out = append(out, r.Source.Handle)
		}
		return out
	}
	for name, tc := range map[string]struct {
		search tracking.Search
		want   []string
	}{
		"all":                 {tracking.Search{}, []string{"alice", "bob", "carol"}},
		"a part of a name":    {tracking.Search{Text: "AL"}, []string{"alice"}},
		"a platform":          {tracking.Search{Text: "bluesky"}, []string{"alice", "bob", "carol"}},
		"no pattern":          {tracking.Search{Text: "%"}, []string{}},
		"a group":             {tracking.Search{GroupID: &rivals}, []string{"bob", "carol"}},
		"a brand":             {tracking.Search{BrandID: &brand}, []string{"alice", "bob", "carol"}},
		"an id":               {tracking.Search{ID: &carol.ClientAccount.ID}, []string{"carol"}},
		"the second page":     {tracking.Search{Skip: 2, Limit: 2}, []string{"carol"}},
		"another tenant's id": {tracking.Search{ID: &o.theirs}, []string{}},
	} {
		if diff := cmp.Diff(tc.want, handles(tc.search)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}

	groups, err := o.catalog.FindGroups(t.Context(), o.mine, tracking.Search{Text: "wind › riv", Limit: 10})
	o.must(err)
	if len(groups) != 1 || groups[0].ID != rivals || groups[0].Accounts != 2 {
		t.Errorf("groups %+v", groups)
	}
	brands, err := o.catalog.FindBrands(t.Context(), o.mine, tracking.Search{Limit: 10})
	o.must(err)
	if len(brands) != 1 || brands[0].Groups != 2 || brands[0].Accounts != 3 {
		t.Errorf("brands %+v", brands)
	}
	overview, err := o.catalog.Overview(t.Context(), o.mine)
	o.must(err)
	if overview.Accounts != 3 || overview.Plan.Accounts != 10 || len(overview.States) != 1 || overview.States[0].State != "learning" {
		t.Errorf("overview %+v", overview)
	}
}

package tracking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

// listedAccount is an account as memory has it.
type listedAccount struct {
	id, brand, group uuid.UUID
	state, text      string
}

// newAccounts gives a tenant accounts in every state, oldest first, and another tenant some too.
func newAccounts(t *testing.T) (*office, *tracking.Reader, []listedAccount) {
	t.Helper()
	o := newOffice(t)
	o.exec("UPDATE subscriptions SET tier = 'enterprise'")
	var accounts []listedAccount
	for _, client := range []uuid.UUID{o.theirs, o.mine} {
		north, south := o.brand(client, "North"), o.brand(client, "South")
		groups := []uuid.UUID{o.group(client, north, "1"), o.group(client, north, "2"), o.group(client, south, "3")}
		accounts = nil
		for i := range 24 {
			group := i % 3
			a := o.add(client, groups[group], fmt.Sprintf("%c%%_Handle%d", 'a'+i%5, i))
			state := []string{"learning", "ok", "quiet", "failing", "incident", "paused", "paused_by_plan", "gone"}[i%8]
			o.setState(a, state)
			accounts = append(accounts, listedAccount{
				a.ClientAccount.ID, []uuid.UUID{north, north, south}[group], groups[group], state, a.Source.Handle + " " + a.Source.DisplayName,
			})
		}
	}
	return o, tracking.NewReader(o.open(store.RoleAPI)), accounts
}

// setState brings the one account of a tenant into a state. The tenants share their sources.
func (o *office) setState(a tracking.Account, state string) {
	o.t.Helper()
	if strings.HasPrefix(state, "paused") {
		o.exec("UPDATE client_accounts SET paused = $2, paused_since = now() WHERE id = $1", a.ClientAccount.ID, state)
		return
	}
	o.exec("UPDATE sources SET state = $2 WHERE id = $1", a.Source.ID, state)
	if state != "learning" {
		o.exec("UPDATE client_accounts SET baseline_at = now() WHERE id = $1", a.ClientAccount.ID)
	}
}

func TestPagesShowEveryAccountOnceWhateverTheFilters(t *testing.T) {
	t.Parallel()
	o, reader, accounts := newAccounts(t)
	rapid.Check(t, func(t *rapid.T) {
		maybe := func(name string) bool { return rapid.IntRange(1, 3).Draw(t, name) == 1 }
		pick := rapid.SampledFrom(append(slices.Clone(accounts), listedAccount{uuid.New(), uuid.New(), uuid.New(), "ok", ""}))
		var f tracking.AccountFilter
		if maybe("by brand") {
			f.BrandID = new(pick.Draw(t, "brand").brand)
		}
		if maybe("by group") {
			f.GroupID = new(pick.Draw(t, "group").group)
		}
		if maybe("by state") {
			f.States = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return pick.Draw(t, "state").state }), 1, 3).Draw(t, "states")
		}
		if maybe("by platform") {
			f.Platform = new(rapid.SampledFrom([]string{"bluesky", "bluesky", "rss"}).Draw(t, "platform"))
		}
		if maybe("by text") {
			f.Search = new(rapid.SampledFrom([]string{"HANDLE1", "%_", "_%", "c", "e1 A"}).Draw(t, "text"))
		}
		var want []uuid.UUID
		for _, a := range slices.Backward(accounts) {
			if is(f.BrandID, a.brand) && is(f.GroupID, a.group) && (f.States == nil || slices.Contains(f.States, a.state)) && is(f.Platform, "bluesky") &&
				(f.Search == nil || strings.Contains(strings.ToLower(a.text), strings.ToLower(*f.Search))) {
				want = append(want, a.id)
			}
		}
		size := rapid.IntRange(1, 30).Draw(t, "size")
		var got []uuid.UUID
		for before := (*uuid.UUID)(nil); ; {
			rows, err := reader.ListAccounts(o.t.Context(), o.mine, f, before, size)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				got = append(got, row.ID)
			}
			if len(rows) < size {
				break
			}
			before = &rows[size-1].ID
		}
		if !slices.Equal(got, want) {
			t.Fatalf("pages of %d by %+v:\ngot  %v\nwant %v", size, f, got, want)
		}
	})
}

func TestAccountOfAnotherTenantIsNotThere(t *testing.T) {
	t.Parallel()
	o, reader, accounts := newAccounts(t)
	if a, err := reader.GetAccount(t.Context(), o.mine, accounts[0].id); err != nil || a.ID != accounts[0].id {
		t.Errorf("own account: %+v, %v", a, err)
	}
	for _, id := range []uuid.UUID{accounts[0].id, uuid.New()} {
		a, err := reader.GetAccount(t.Context(), o.theirs, id)
		if !fault.Is(err, fault.NotFound) || a != (db.AccountItem{}) {
			t.Errorf("account %v, error %v", a, err)
		}
	}
}

func TestPagesShowEveryBrandAndGroupOnceByName(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.exec("UPDATE subscriptions SET tier = 'enterprise'")
	reader := tracking.NewReader(o.open(store.RoleAPI))
	brands := map[string]uuid.UUID{}
	for _, name := range []string{"Zebra", "äpfel", "Äther", "apple", "Apple 2", "_", "100%"} {
		brands[name] = o.brand(o.mine, name)
		o.brand(o.theirs, name)
		for _, group := range []string{"Same", name} {
			o.group(o.mine, brands[name], group)
		}
	}
	var inOrder []string
	for size := 8; size > 0; size-- {
		var names []string
		for at := (tracking.NamePosition{}); ; {
			rows, err := reader.ListBrands(t.Context(), o.mine, at, size)
			o.must(err)
			for _, row := range rows {
				names = append(names, row.Name)
				at = tracking.NamePosition{Name: row.SortName}
			}
			if len(rows) < size {
				break
			}
		}
		if inOrder == nil {
			inOrder = names
		}
		if len(names) != len(brands) || !slices.Equal(names, inOrder) {
			t.Errorf("pages of %d: %q, in one page %q", size, names, inOrder)
		}
		o.wantGroups(reader, nil, size, 2*len(brands))
		o.wantGroups(reader, new(brands["Zebra"]), size, 2)
		o.wantGroups(reader, new(uuid.New()), size, 0)
	}
	if slices.Index(inOrder, "apple") > slices.Index(inOrder, "Apple 2") || inOrder[len(inOrder)-1] == "apple" {
		t.Errorf("order %q", inOrder)
	}
}

// wantGroups walks the groups and checks their number, that none comes twice and that their names ascend.
func (o *office) wantGroups(reader *tracking.Reader, brand *uuid.UUID, size, want int) {
	o.t.Helper()
	seen := map[uuid.UUID]bool{}
	var at tracking.NamePosition
	for {
		rows, err := reader.ListGroups(o.t.Context(), o.mine, brand, at, size)
		o.must(err)
		for _, row := range rows {
			if seen[row.ID] || brand != nil && row.BrandID != *brand {
				o.t.Errorf("group %q of brand %v comes again or should not", row.Name, row.BrandID)
			}
			seen[row.ID] = true
			at = tracking.NamePosition{Name: row.SortName, ID: row.ID}
		}
		if len(rows) < size {
			break
		}
	}
	if len(seen) != want {
		o.t.Errorf("%d groups in pages of %d, want %d", len(seen), size, want)
	}
}

package fleet_test

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"trackbot/internal/fleet"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, testkit.IgnoreServer()) }

// party is a database on which processes join budgets.
type party struct {
	t      *testing.T
	st     *store.Store
	admin  *store.Store
	shares map[*fleet.Member]int
}

func newParty(t *testing.T) *party {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	return &party{t: t, st: openStore(t, url, store.RoleWorker), admin: openStore(t, url, store.RoleNotifier), shares: map[*fleet.Member]int{}}
}

func openStore(t *testing.T, url string, role store.Role) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), url, role)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	return st
}

func (p *party) join(budget string) *fleet.Member {
	var m *fleet.Member
	m = fleet.Join(p.st, budget, func(among int) { p.shares[m] = among }, prometheus.NewRegistry())
	p.shares[m] = 1
	return m
}

func (p *party) beat(members ...*fleet.Member) {
	p.t.Helper()
	for _, m := range members {
		if err := m.Beat(p.t.Context()); err != nil {
			p.t.Fatal(err)
		}
	}
}

func (p *party) want(when string, wants map[*fleet.Member]int) {
	p.t.Helper()
	for m, want := range wants {
		if got := p.shares[m]; got != want {
			p.t.Errorf("%s: a share among %d, want %d", when, got, want)
		}
	}
}

func (p *party) exec(sql string) {
	p.t.Helper()
	if _, err := p.admin.Shared().Exec(p.t.Context(), sql); err != nil {
		p.t.Fatal(err)
	}
}

func TestMembersDivideTheirBudgetAmongThoseThatLive(t *testing.T) {
	t.Parallel()
	p := newParty(t)
	one, two, three := p.join(fleet.Discord), p.join(fleet.Discord), p.join(fleet.Discord)
	p.beat(one)
	p.want("alone", map[*fleet.Member]int{one: 1})
	p.beat(two, three, one, two)
	p.want("three", map[*fleet.Member]int{one: 3, two: 3, three: 3})
	if err := two.Leave(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.beat(one, three)
	p.want("one has left", map[*fleet.Member]int{one: 2, three: 2})
	// The third was killed: nobody takes its row away but time.
	p.exec("UPDATE processes SET seen_at = seen_at - interval '8 s'")
	p.beat(one)
	p.want("one is late", map[*fleet.Member]int{one: 2})
	p.exec("UPDATE processes SET seen_at = seen_at - interval '11 s'")
	p.beat(one)
	p.want("one is gone", map[*fleet.Member]int{one: 1})
	p.beat(one)
	var rows int
	if err := p.admin.Shared().QueryRow(t.Context(), "SELECT count(*) FROM processes").Scan(&rows); err != nil || rows != 1 {
		t.Errorf("%d rows, %v", rows, err)
	}
	// It was only slow, and comes back.
	p.beat(three, one)
	p.want("it is back", map[*fleet.Member]int{one: 2, three: 2})
}

func TestBudgetsAreApart(t *testing.T) {
	t.Parallel()
	p := newParty(t)
	here, there, unnamed, notifier := p.join(fleet.Platforms("here")), p.join(fleet.Platforms("there")), p.join(fleet.Platforms("")), p.join(fleet.Discord)
	second := p.join(fleet.Platforms("here"))
	p.beat(here, there, unnamed, notifier, second, here)
	p.want("each its own", map[*fleet.Member]int{here: 2, second: 2, there: 1, unnamed: 1, notifier: 1})
}

func TestAShareStaysWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	p := newParty(t)
	one, two := p.join(fleet.Discord), p.join(fleet.Discord)
	p.beat(one, two, one)
	p.st.Close()
	if err := one.Beat(t.Context()); err == nil {
		t.Error("a beat without a database succeeded")
	}
	p.want("without a database", map[*fleet.Member]int{one: 2})
}

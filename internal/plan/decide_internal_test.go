package plan

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"trackbot/internal/store/db"
)

func threePlans() []db.Plan {
	return []db.Plan{{Tier: Free}, {Tier: Pro, Rank: 1}, {Tier: Enterprise, Rank: 2}}
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func grantOf(source Source, id, tier string) db.PlanGrant {
	return db.PlanGrant{Source: string(source), ID: id, Tier: &tier, Live: true}
}

func TestWhichGrantCounts(t *testing.T) {
	t.Parallel()
	past, soon, late := noon.Add(-time.Hour), noon.Add(time.Hour), noon.Add(48*time.Hour)
	with := func(g db.PlanGrant, change func(*db.PlanGrant)) db.PlanGrant { change(&g); return g }
	for name, c := range map[string]struct {
		grants []db.PlanGrant
		tier   string
		source Source
		id     string
	}{
		"nobody granted one":              {nil, Free, Default, ""},
		"an ended one does not":           {[]db.PlanGrant{with(grantOf(Stripe, "a", Pro), func(g *db.PlanGrant) { g.Live = false })}, Free, Default, ""},
		"one whose time is over":          {[]db.PlanGrant{with(grantOf(Discord, "a", Pro), func(g *db.PlanGrant) { g.EndsAt = &noon })}, Free, Default, ""},
		"one that has yet to begin":       {[]db.PlanGrant{with(grantOf(Discord, "a", Pro), func(g *db.PlanGrant) { g.StartsAt = &soon })}, Free, Default, ""},
		"one for no plan":                 {[]db.PlanGrant{with(grantOf(Stripe, "a", Pro), func(g *db.PlanGrant) { g.Tier = nil })}, Free, Default, ""},
		"one within its time":             {[]db.PlanGrant{with(grantOf(Discord, "a", Pro), func(g *db.PlanGrant) { g.StartsAt, g.EndsAt = &past, &soon })}, Pro, Discord, "a"},
		"the larger":                      {[]db.PlanGrant{grantOf(Stripe, "a", Pro), grantOf(Discord, "b", Enterprise)}, Enterprise, Discord, "b"},
		"Stripe's of equals":              {[]db.PlanGrant{grantOf(Discord, "a", Pro), grantOf(Stripe, "b", Pro)}, Pro, Stripe, "b"},
		"the one that ends last":          {[]db.PlanGrant{with(grantOf(Stripe, "a", Pro), func(g *db.PlanGrant) { g.EndsAt = &soon }), with(grantOf(Stripe, "b", Pro), func(g *db.PlanGrant) { g.EndsAt = &late })}, Pro, Stripe, "b"},
		"the one without an end":          {[]db.PlanGrant{with(grantOf(Stripe, "a", Pro), func(g *db.PlanGrant) { g.EndsAt = &late }), grantOf(Stripe, "b", Pro)}, Pro, Stripe, "b"},
		"the first id of the same":        {[]db.PlanGrant{grantOf(Stripe, "b", Pro), grantOf(Stripe, "a", Pro)}, Pro, Stripe, "a"},
		"the operator's, be it smaller":   {[]db.PlanGrant{grantOf(Stripe, "a", Enterprise), grantOf(Operator, "o", Free)}, Free, Operator, "o"},
		"not the operator's past its end": {[]db.PlanGrant{grantOf(Stripe, "a", Pro), with(grantOf(Operator, "o", Enterprise), func(g *db.PlanGrant) { g.EndsAt = &past })}, Pro, Stripe, "a"},
	} {
		got := decide(ranksOf(threePlans()), c.grants, noon)
		id := ""
		if got.grant != nil {
			id = *got.grant
		}
		if got.tier != c.tier || got.source != c.source || id != c.id {
			t.Errorf("%s: %s by %s %q, want %s by %s %q", name, got.tier, got.source, id, c.tier, c.source, c.id)
		}
	}
}

// anyGrants draws grants of all sellers, with times around noon.
func anyGrants() *rapid.Generator[[]db.PlanGrant] {
	at := rapid.Custom(func(t *rapid.T) *time.Time {
		if rapid.Bool().Draw(t, "none") {
			return nil
		}
		return ptr(noon.Add(time.Duration(rapid.IntRange(-3, 3).Draw(t, "hours")) * time.Hour))
	})
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) db.PlanGrant {
		g := grantOf(rapid.SampledFrom([]Source{Operator, Stripe, Discord}).Draw(t, "source"),
			rapid.StringMatching(`[a-f]{2}`).Draw(t, "id"), rapid.SampledFrom([]string{Free, Pro, Enterprise}).Draw(t, "tier"))
		g.Live = rapid.IntRange(0, 4).Draw(t, "live") > 0
		g.StartsAt, g.EndsAt = at.Draw(t, "starts"), at.Draw(t, "ends")
		return g
	}), 0, 6)
}

func TestTheOrderOfGrantsDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		grants := anyGrants().Draw(t, "grants")
		r := ranksOf(threePlans())
		a, b := decide(r, grants, noon), decide(r, rapid.Permutation(grants).Draw(t, "order"), noon)
		if a.tier != b.tier || a.source != b.source || (a.grant == nil) != (b.grant == nil) || a.grant != nil && *a.grant != *b.grant {
			t.Fatalf("%+v against %+v", a, b)
		}
	})
}

// Until the moment that is kept for a review nothing changes by itself, so nobody need look before.
func TestAPlanChangesByItselfOnlyWhenItIsReviewed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		grants := anyGrants().Draw(t, "grants")
		r := ranksOf(threePlans())
		now := decide(r, grants, noon)
		later := noon.Add(time.Duration(rapid.IntRange(1, 4*60).Draw(t, "minutes")) * time.Minute)
		then := decide(r, grants, later)
		if (then.tier != now.tier || then.source != now.source) && (now.reviewAt == nil || now.reviewAt.After(later)) {
			t.Fatalf("%s by %s became %s by %s at %s, the review is at %v", now.tier, now.source, then.tier, then.source, later, now.reviewAt)
		}
	})
}

func TestTheGraceOfEachMove(t *testing.T) {
	t.Parallel()
	in, over := noon.Add(4*24*time.Hour), noon.Add(-time.Minute)
	fresh := noon.Add(GraceTime)
	ent, pro := ptr(Enterprise), ptr(Pro)
	for name, c := range map[string]struct {
		from string
		old  grace
		to   string
		want grace
	}{
		"up":                                 {Free, grace{}, Pro, grace{}},
		"down":                               {Pro, grace{}, Free, grace{pro, &fresh}},
		"down again does not move the end":   {Pro, grace{ent, &in}, Free, grace{ent, &in}},
		"back up ends it":                    {Free, grace{pro, &in}, Pro, grace{}},
		"beyond ends it":                     {Free, grace{pro, &in}, Enterprise, grace{}},
		"half the way back keeps it":         {Free, grace{ent, &in}, Pro, grace{ent, &in}},
		"up when it is over leaves the end":  {Free, grace{pro, &over}, Pro, grace{pro, &over}},
		"down when it is over begins anew":   {Pro, grace{ent, &over}, Free, grace{pro, &fresh}},
		"a grace from before that was known": {Pro, grace{nil, &in}, Free, grace{pro, &in}},
	} {
		got := graceAfter(ranksOf(threePlans()), c.from, c.old, c.to, noon)
		if (got.tier == nil) != (c.want.tier == nil) || got.tier != nil && (*got.tier != *c.want.tier || !got.until.Equal(*c.want.until)) {
			t.Errorf("%s: %v %v", name, got.tier, got.until)
		}
	}
}

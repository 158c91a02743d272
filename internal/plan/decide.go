package plan

import (
	"cmp"
	"time"

	"trackbot/internal/store/db"
)

// GraceTime is how long a tenant keeps what a smaller plan has no room for.
const GraceTime = 10 * 24 * time.Hour

// standing is what a tenant's grants come to at a moment.
type standing struct {
	tier     string
	source   Source
	grant    *string    // the winner's id at its seller
	endsAt   *time.Time // of the winner
	reviewAt *time.Time // when a grant begins or ends by itself
}

// ranks orders tiers by size.
type ranks map[string]int16

func ranksOf(plans []db.Plan) ranks {
	r := ranks{}
	for _, p := range plans {
		r[p.Tier] = p.Rank
	}
	return r
}

// decide says which of the grants counts at a moment. The order of the grants does not matter.
func decide(r ranks, grants []db.PlanGrant, now time.Time) standing {
	best := standing{tier: Free, source: Default}
	var winner *db.PlanGrant
	for i := range grants {
		g := &grants[i]
		if !g.Live || g.Tier == nil {
			continue
		}
		best.reviewAt = sooner(best.reviewAt, g.StartsAt, now)
		best.reviewAt = sooner(best.reviewAt, g.EndsAt, now)
		if inForce(g, now) && (winner == nil || compare(r, g, winner) > 0) {
			winner = g
		}
	}
	if winner != nil {
		best.tier, best.source, best.grant, best.endsAt = *winner.Tier, Source(winner.Source), &winner.ID, winner.EndsAt
	}
	return best
}

func inForce(g *db.PlanGrant, now time.Time) bool {
	return (g.StartsAt == nil || !g.StartsAt.After(now)) && (g.EndsAt == nil || g.EndsAt.After(now))
}

// compare is more than 0 if a counts before b.
func compare(r ranks, a, b *db.PlanGrant) int {
	return cmp.Or(
		cmp.Compare(weight(a, Operator), weight(b, Operator)),
		cmp.Compare(r[*a.Tier], r[*b.Tier]),
		cmp.Compare(weight(a, Stripe), weight(b, Stripe)),
		compareEnds(a.EndsAt, b.EndsAt),
		cmp.Compare(b.ID, a.ID),
	)
}

func weight(g *db.PlanGrant, s Source) int {
	if Source(g.Source) == s {
		return 1
	}
	return 0
}

// compareEnds is by time; what has no end ends last.
func compareEnds(a, b *time.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return a.Compare(*b)
}

// sooner is the earlier of a moment and another that is still to come.
func sooner(at, other *time.Time, now time.Time) *time.Time {
	if other == nil || !other.After(now) || at != nil && !other.Before(*at) {
		return at
	}
	return other
}

// grace is until when a larger plan than the tenant's holds, and which; nil for none.
type grace struct {
	tier  *string
	until *time.Time
}

// graceAfter is the grace of a tenant that moves from a plan, in the grace it has, to another one. A step down begins one; a
// second step down within it does not move its end, a step up to as much as it holds ends it.
func graceAfter(r ranks, from string, old grace, to string, now time.Time) grace {
	if old.until != nil && !old.until.After(now) {
		if r[to] < r[from] {
			return grace{tier: &from, until: ptr(now.Add(GraceTime))}
		}
		return old // the worker has yet to hold the tenant to its plan
	}
	held := from
	if old.until != nil && old.tier != nil && r[*old.tier] > r[from] {
		held = *old.tier
	}
	switch {
	case r[to] >= r[held]:
		return grace{}
	case old.until != nil:
		return grace{tier: &held, until: old.until}
	case r[to] < r[from]:
		return grace{tier: &held, until: ptr(now.Add(GraceTime))}
	}
	return grace{}
}

func ptr[T any](v T) *T { return &v }

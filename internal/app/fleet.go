package app

import (
	"context"
	"time"

	"trackbot/internal/fleet"
	"trackbot/internal/store"
)

// leavePatience is how long the end of a process waits for the database to take it out of its budget.
const leavePatience = 2 * time.Second

// takePart makes this process one of those that divide a budget, with its share known before its work begins.
func takePart(ctx context.Context, e env, st *store.Store, budget string, divide func(among int)) *fleet.Member {
	member := fleet.Join(st, budget, func(among int) {
		e.log.InfoContext(ctx, "budget divided", "budget", budget, "among", among)
		divide(among)
	}, e.metrics)
	once(ctx, e.log, member.Beat)
	return member
}

// giveBack lets the others have the share at once. They would take it without: the process has only ended.
func giveBack(ctx context.Context, e env, member *fleet.Member) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leavePatience)
	defer cancel()
	if err := member.Leave(ctx); err != nil {
		e.log.WarnContext(ctx, "budget not given back", "error", err)
	}
}

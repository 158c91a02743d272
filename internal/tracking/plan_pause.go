package tracking

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/delivery"
	"trackbot/internal/plan"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const (
	planClients     = 100
	planPauseReason = "The plan has no room for it: the newest accounts beyond its limit are paused."
)

// KeepPlans settles plans of which a grant has begun or ended by itself, tells tenants in the grace of a smaller plan what
// will be paused, pauses it when the grace is over, and resumes what there is room for again. Several processes may.
func (p *Polls) KeepPlans(ctx context.Context) error {
	return errors.Join(plan.Review(ctx, p.store, p.clock()), p.endGraces(ctx), p.ResumeByPlan(ctx))
}

// endGraces looks at the tenants that moved to a smaller plan: those in their grace are told once what will
// be paused; when it is over the newest accounts beyond the plan are paused, and the manager is told which.
func (p *Polls) endGraces(ctx context.Context) error {
	now := p.clock()
	graces, err := p.queries.ListGraces(ctx, p.store.Shared(), now, planClients)
	if err != nil {
		return fmt.Errorf("list graces: %w", err)
	}
	var failures []error
	for _, g := range graces {
		over := !g.GraceUntil.After(now)
		if err := p.store.InTx(ctx, func(tx store.Conn) error { return p.holdToPlan(ctx, tx, g, over) }); err != nil {
			failures = append(failures, fmt.Errorf("hold client %s to its plan: %w", g.ClientID, err))
		}
	}
	return errors.Join(failures...)
}

func (p *Polls) holdToPlan(ctx context.Context, tx store.Conn, g db.ListGracesRow, over bool) error {
	use, err := lockUse(ctx, tx, g.ClientID)
	if err != nil {
		return err
	}
	if until := use.Plan.GraceUntil; until == nil || !until.Equal(g.GraceUntil) {
		return nil // it has moved meanwhile
	}
	active, err := p.queries.ListAccountsByAge(ctx, tx, g.ClientID, false)
	if err != nil {
		return fmt.Errorf("list accounts by age: %w", err)
	}
	beyond := active[min(int(use.Plan.Accounts), len(active)):]
	if !over {
		if err := p.queries.MarkGraceTold(ctx, tx, g.ClientID); err != nil {
			return fmt.Errorf("mark grace told: %w", err)
		}
	} else {
		if err := p.queries.EndGrace(ctx, tx, g.ClientID); err != nil {
			return fmt.Errorf("end grace: %w", err)
		}
		if err := p.pauseByPlan(ctx, tx, g.ClientID, beyond); err != nil {
			return err
		}
	}
	if len(beyond) == 0 {
		return nil
	}
	alert := delivery.Alert{ClientID: g.ClientID, Subject: "plan:grace", Since: g.GraceUntil, Message: graceNotice(use.Plan, beyond, g.GraceUntil)}
	if over {
		alert.Subject, alert.Message = "plan:paused", planPausedNotice(use.Plan, beyond)
	}
	return delivery.Raise(ctx, tx, alert)
}

// pauseByPlan pauses accounts, each with an entry in the log.
func (p *Polls) pauseByPlan(ctx context.Context, tx store.Conn, clientID uuid.UUID, accounts []db.ListAccountsByAgeRow) error {
	ids, sources := idsOf(accounts)
	if len(ids) == 0 {
		return nil
	}
	if err := p.queries.LockSources(ctx, tx, sources); err != nil {
		return fmt.Errorf("lock sources: %w", err)
	}
	if _, err := p.queries.PauseByPlan(ctx, tx, db.PauseByPlanParams{ClientID: clientID, Ids: ids, Reason: planPauseReason}); err != nil {
		return fmt.Errorf("pause accounts by plan: %w", err)
	}
	if err := p.queries.ReviewSources(ctx, tx, sources); err != nil {
		return fmt.Errorf("review sources: %w", err)
	}
	return logEach(ctx, tx, clientID, ids, audit.AccountPaused, audit.Change{Field: "paused", New: "paused_by_plan"})
}

// ResumeByPlan resumes what plans have paused and now have room for, the oldest first. What was published
// meanwhile is stored and not announced.
func (p *Polls) ResumeByPlan(ctx context.Context) error {
	clients, err := p.queries.ListPlanPaused(ctx, p.store.Shared(), planClients)
	if err != nil {
		return fmt.Errorf("list accounts paused by plan: %w", err)
	}
	var failures []error
	for _, clientID := range clients {
		if err := p.store.InTx(ctx, func(tx store.Conn) error { return p.resumeByPlan(ctx, tx, clientID) }); err != nil {
			failures = append(failures, fmt.Errorf("resume accounts of client %s: %w", clientID, err))
		}
	}
	return errors.Join(failures...)
}

func (p *Polls) resumeByPlan(ctx context.Context, tx store.Conn, clientID uuid.UUID) error {
	use, err := lockUse(ctx, tx, clientID)
	if err != nil {
		return err
	}
	waiting, err := p.queries.ListAccountsByAge(ctx, tx, clientID, true)
	if err != nil {
		return fmt.Errorf("list accounts by age: %w", err)
	}
	room := max(int(int64(use.Plan.Accounts)-use.Accounts), 0)
	ids, sources := idsOf(waiting[:min(room, len(waiting))])
	if len(ids) == 0 {
		return nil
	}
	if err := p.queries.LockSources(ctx, tx, sources); err != nil {
		return fmt.Errorf("lock sources: %w", err)
	}
	for i, id := range ids {
		if err := p.queries.ResumeAccount(ctx, tx, clientID, id); err != nil {
			return fmt.Errorf("resume account: %w", err)
		}
		if err := p.queries.RestartSource(ctx, tx, sources[i]); err != nil {
			return fmt.Errorf("restart source: %w", err)
		}
	}
	return logEach(ctx, tx, clientID, ids, audit.AccountResumed, audit.Change{Field: "paused", Old: "paused_by_plan"})
}

func idsOf(accounts []db.ListAccountsByAgeRow) (ids, sources []uuid.UUID) {
	for _, a := range accounts {
		ids, sources = append(ids, a.ID), append(sources, a.SourceID)
	}
	return ids, sources
}

func logEach(ctx context.Context, tx store.Conn, clientID uuid.UUID, ids []uuid.UUID, action audit.Action, change audit.Change) error {
	for _, id := range ids {
		err := audit.Append(ctx, tx, audit.Entry{
			ClientID: clientID, By: bySystem(), Action: action, TargetType: audit.TargetAccount, TargetID: id.String(), Changes: []audit.Change{change},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func graceNotice(e db.Entitlement, beyond []db.ListAccountsByAgeRow, until time.Time) delivery.Message {
	return delivery.Message{
		Title: fmt.Sprintf("The %s plan tracks %d accounts", e.Tier, e.Accounts), Color: troubleColor,
		Body: fmt.Sprintf("<t:%d:R> these are paused, being the newest beyond it, unless you remove others: %s.", until.Unix(), namesOf(beyond)),
	}
}

func planPausedNotice(e db.Entitlement, beyond []db.ListAccountsByAgeRow) delivery.Message {
	return delivery.Message{
		Title: fmt.Sprintf("The %s plan tracks %d accounts", e.Tier, e.Accounts), Color: troubleColor,
		Body: fmt.Sprintf("Paused, being the newest beyond it: %s. They go on when there is room: on a larger plan, or when you remove others.", namesOf(beyond)),
	}
}

// namesOf lists the first few.
func namesOf(accounts []db.ListAccountsByAgeRow) string {
	var names []string
	for _, a := range accounts[:min(len(accounts), maxListed)] {
		names = append(names, "**"+delivery.Escape(a.DisplayName)+"**")
	}
	if more := len(accounts) - maxListed; more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

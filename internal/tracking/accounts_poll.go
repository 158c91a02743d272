package tracking

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// The actions that a manager can take about an account's state, as the contract names them.
const (
	ActionNone          = "none"
	ActionRetryNow      = "retry_now"
	ActionResume        = "resume"
	ActionReplaceHandle = "replace_handle"
	ActionUpgrade       = "upgrade"
)

// ActionFor is the one action for a state; failureKind is of the source's latest failure, "" if it has none.
func ActionFor(state, failureKind string) string {
	switch state {
	case "paused":
		return ActionResume
	case "paused_by_plan":
		return ActionUpgrade
	case StateGone:
		return ActionReplaceHandle
	case StateQuiet:
		return ActionRetryNow
	case StateFailing, StateLearning:
		switch source.ErrorKind(failureKind) {
		case source.Blocked, source.Unsupported:
			return ActionReplaceHandle
		case "":
			if state == StateLearning {
				return ActionNone
			}
		}
		return ActionRetryNow
	}
	return ActionNone
}

// pollPause is the least time between two checks that managers ask for, or that went before.
const pollPause = time.Minute

// PollNow has an account checked next, whatever wait its failures have brought.
//
// Refusals: not_found, conflict (it is paused), rate_limited (it was asked within the minute, or its
// platform asked for a longer wait).
func (c *Catalog) PollNow(ctx context.Context, by audit.By, clientID, accountID uuid.UUID) error {
	return c.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		e := edit{tx: tx, by: by, clientID: clientID}
		if err := e.begin(ctx, accountID, false); err != nil {
			return err
		}
		if e.account.Paused != nil {
			return fault.New(fault.Conflict, "The account is paused. Resume it first.")
		}
		account, err := getAccount(ctx, tx, clientID, accountID)
		if err != nil {
			return err
		}
		if err := mayPoll(account.Source, time.Now()); err != nil {
			return err
		}
		if err := db.New().PollNow(ctx, tx, e.account.SourceID); err != nil {
			return fmt.Errorf("make source due: %w", err)
		}
		return e.log(ctx, audit.AccountPollRequested, audit.Change{Field: "handle", New: account.Source.Handle})
	})
}

func mayPoll(s db.Source, now time.Time) error {
	until, why := time.Time{}, "The account was checked just now."
	for _, asked := range []*time.Time{s.LastPolledAt, s.FailedAt} {
		if asked != nil && asked.Add(pollPause).After(until) {
			until = asked.Add(pollPause)
		}
	}
	if s.HoldUntil != nil && s.HoldUntil.After(until) {
		until, why = *s.HoldUntil, "The platform asked us to wait before the next check."
	}
	if !until.After(now) {
		return nil
	}
	refusal := fault.New(fault.RateLimited, why)
	refusal.RetryAfter = until.Sub(now)
	return refusal
}

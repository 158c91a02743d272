package app

import (
	"context"
	"fmt"
	"io"
	"time"

	"trackbot/internal/plan"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// TierOrder is an operator's word on the plan of a guild.
type TierOrder struct {
	GuildID string
	Tier    string
	For     time.Duration // 0: until it is taken back
	Reason  string        // for the guild's log
}

// SetTier puts a guild on a plan, whatever was bought for it; the change is in its audit log.
func SetTier(ctx context.Context, o TierOrder, w io.Writer) error {
	return onPlan(ctx, o.GuildID, func(tx store.Conn, sub db.GetSubscriptionByGuildRow) error {
		word := plan.Word{ClientID: sub.ID, Tier: o.Tier, Reason: o.Reason, By: byOperator()}
		now := time.Now()
		if o.For > 0 {
			until := now.Add(o.For)
			word.Until = &until
		}
		change, err := plan.Set(ctx, tx, word, now)
		if err != nil {
			return err
		}
		if !change.Changed() {
			fmt.Fprintf(w, "%s is on %s already\n", sub.Name, o.Tier)
			return nil
		}
		return printChange(ctx, tx, w, sub, change)
	})
}

// ClearTier takes an operator's word back: what was bought for the guild counts again.
func ClearTier(ctx context.Context, o TierOrder, w io.Writer) error {
	return onPlan(ctx, o.GuildID, func(tx store.Conn, sub db.GetSubscriptionByGuildRow) error {
		change, had, err := plan.TakeBack(ctx, tx, plan.Word{ClientID: sub.ID, Reason: o.Reason, By: byOperator()}, time.Now())
		switch {
		case err != nil:
			return err
		case !had:
			fmt.Fprintf(w, "%s has no plan set by an operator; it is on %s (%s)\n", sub.Name, change.To, change.Source)
			return nil
		case !change.Changed():
			fmt.Fprintf(w, "%s stays on %s (%s)\n", sub.Name, change.To, change.Source)
			return nil
		}
		return printChange(ctx, tx, w, sub, change)
	})
}

func onPlan(ctx context.Context, guildID string, fn func(tx store.Conn, sub db.GetSubscriptionByGuildRow) error) error {
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error {
		return st.InTx(ctx, func(tx store.Conn) error {
			sub, err := q.GetSubscriptionByGuild(ctx, tx, guildID)
			if store.IsNotFound(err) {
				return fmt.Errorf("guild %s is not known", guildID)
			}
			if err != nil {
				return fmt.Errorf("read plan: %w", err)
			}
			return fn(tx, sub)
		})
	})
}

func printChange(ctx context.Context, tx store.Conn, w io.Writer, sub db.GetSubscriptionByGuildRow, c plan.Change) error {
	fmt.Fprintf(w, "%s: %s -> %s\n", sub.Name, c.From, c.To)
	e, err := plan.Of(ctx, tx, sub.ID)
	if err != nil {
		return err
	}
	if e.GraceTier != nil && e.GraceUntil != nil {
		fmt.Fprintf(w, "the limits of %s hold until %s\n", *e.GraceTier, e.GraceUntil.UTC().Format(time.RFC3339))
	}
	return nil
}

package app

import (
	"context"
	"fmt"
	"io"

	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// SuspendClient stops all that is done for a tenant, named by its guild's id or its own.
func SuspendClient(ctx context.Context, which, reason string, w io.Writer) error {
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error { return suspendClient(ctx, st, q, which, reason, w) })
}

func suspendClient(ctx context.Context, st *store.Store, q *db.Queries, which, reason string, w io.Writer) error {
	client, err := findClient(ctx, st, q, which)
	if err != nil {
		return err
	}
	changed, err := guild.New(st, guild.Config{}).Suspend(ctx, byOperator(), client.ID, reason)
	if refusal := fault.From(err); refusal != nil && len(refusal.Fields) > 0 {
		return fmt.Errorf("--%s %s", refusal.Fields[0].Name, refusal.Fields[0].Message)
	}
	if err != nil {
		return err
	}
	if !changed {
		_, err = fmt.Fprintf(w, "%s is suspended already, for this reason: %s\n", client.Name, guild.SuspensionOf(client).Reason)
		return err
	}
	_, err = fmt.Fprintf(w, "%s: suspended; its people can read, export and leave\n", client.Name)
	return err
}

// ResumeClient serves a suspended tenant again.
func ResumeClient(ctx context.Context, which, reason string, w io.Writer) error {
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error { return resumeClient(ctx, st, q, which, reason, w) })
}

func resumeClient(ctx context.Context, st *store.Store, q *db.Queries, which, reason string, w io.Writer) error {
	client, err := findClient(ctx, st, q, which)
	if err != nil {
		return err
	}
	changed, err := guild.New(st, guild.Config{}).Resume(ctx, byOperator(), client.ID, reason)
	if err != nil {
		return err
	}
	if !changed {
		_, err = fmt.Fprintf(w, "%s is not suspended\n", client.Name)
		return err
	}
	_, err = fmt.Fprintf(w, "%s: served again; what was published meanwhile is stored and not announced\n", client.Name)
	return err
}

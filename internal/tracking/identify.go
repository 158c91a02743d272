package tracking

import (
	"context"
	"fmt"

	"trackbot/internal/audit"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Identify records who an account is that was taken in while its platform did not answer; its first poll follows at
// once. Where the account is a source already, those who track it unresolved go over to that; a tenant that tracks both
// keeps the one that was resolved first. Without the lease nothing changes.
func (p *Polls) Identify(ctx context.Context, due Due, account source.Account) error {
	return p.store.InTx(ctx, func(tx store.Conn) error {
		rows, err := p.queries.LockIdentity(ctx, tx, db.LockIdentityParams{ID: due.ID, Platform: account.Platform, ExternalID: account.ExternalID})
		if err != nil {
			return fmt.Errorf("lock unresolved source: %w", err)
		}
		var from, known *db.Source
		for _, row := range rows {
			if row.ID == due.ID {
				from = &row
			} else {
				known = &row
			}
		}
		if from == nil || from.LeaseToken == nil || *from.LeaseToken != *due.LeaseToken {
			return nil // the lease went to another poller, which does this work
		}
		if known != nil {
			return p.joinKnown(ctx, tx, *from, *known)
		}
		err = p.queries.IdentifySource(ctx, tx, db.IdentifySourceParams{
			ID: due.ID, Platform: account.Platform, ExternalID: account.ExternalID, Handle: account.Handle, DisplayName: account.DisplayName,
			URL: account.URL, AvatarUrl: account.AvatarURL, Followers: account.Followers, At: p.clock(),
		})
		if err != nil {
			return fmt.Errorf("identify source: %w", err)
		}
		return nil
	})
}

// joinKnown gives those who track an account unresolved the source it has proved to be.
func (p *Polls) joinKnown(ctx context.Context, tx store.Conn, from, known db.Source) error {
	accounts, err := p.queries.ListMovers(ctx, tx, known.ID, from.ID)
	if err != nil {
		return fmt.Errorf("list accounts of unresolved source: %w", err)
	}
	move := db.MoveAccountsToSourceParams{TargetID: known.ID, SourceID: from.ID}
	for _, a := range accounts {
		if a.TargetAccountID == nil {
			move.AccountIds = append(move.AccountIds, a.ID)
			continue
		}
		if err := p.queries.DeleteAccount(ctx, tx, a.ClientID, a.ID); err != nil {
			return fmt.Errorf("delete account tracked twice: %w", err)
		}
		err := audit.Append(ctx, tx, audit.Entry{
			ClientID: a.ClientID, By: bySystem(), Action: audit.AccountMerged, TargetType: audit.TargetAccount, TargetID: a.ID.String(),
			Changes: []audit.Change{{Field: "handle", Old: from.Handle, New: known.Handle}},
		})
		if err != nil {
			return err
		}
	}
	if err := p.queries.MoveAccountsToSource(ctx, tx, move); err != nil {
		return fmt.Errorf("move accounts to source: %w", err)
	}
	if err := p.queries.RestartSource(ctx, tx, known.ID); err != nil {
		return fmt.Errorf("restart source: %w", err)
	}
	if err := p.queries.RetireSource(ctx, tx, from.ID); err != nil {
		return fmt.Errorf("retire unresolved source: %w", err)
	}
	return nil
}

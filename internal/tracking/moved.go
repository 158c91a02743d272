package tracking

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// A permanent redirect is followed for good when it led to the same place this often over this time.
const (
	moveTimes  = 3
	moveAfter  = 24 * time.Hour
	moveRecent = 2 * time.Minute // since the last poll, so that hardly anything lies between it and the target's
	maxMoves   = 20
	// moveOverlap is longer than a poll takes: what the target has found since then, the old address may not have shown yet.
	moveOverlap = 10 * time.Minute
)

// moved is what is known of a feed's move after an answer that a permanent redirect to another address
// led to ("": none did). Only the same target seen again confirms it.
func moved(due Due, to string, now time.Time) (target *string, since *time.Time, seen int32) {
	target, ok := moveTarget(due, to)
	switch {
	case !ok:
		return nil, nil, 0
	case due.MovedTo != nil && *due.MovedTo == *target:
		return target, due.MovedSince, due.MovedSeen + 1
	default:
		return target, &now, 1
	}
}

// moveTarget is a redirect's target in the form that identifies a feed.
func moveTarget(due Due, to string) (*string, bool) {
	if to == "" || due.Platform != source.RSS {
		return nil, false
	}
	account, ok := feed(to, true)
	if !ok || account.ExternalID == due.ExternalID {
		return nil, false
	}
	return &account.ExternalID, true
}

// FollowMoves gives feeds that have moved for good their new address. Where that is a source already, the
// accounts go over to it with their posts; nothing is stored or announced again. A tenant that tracks both
// keeps the one at the new address, unless the other has a channel or routes of its own: then both stay.
func (p *Polls) FollowMoves(ctx context.Context) error {
	now := p.clock()
	ids, err := p.queries.ListMovedSources(ctx, p.store.Shared(), db.ListMovedSourcesParams{
		ConfirmedBefore: now.Add(-p.schedule.scaled(moveAfter)), Times: moveTimes, ReadSince: now.Add(-moveRecent), MaxSources: maxMoves,
	})
	if err != nil {
		return fmt.Errorf("list moved sources: %w", err)
	}
	var failures []error
	for _, id := range ids {
		if err := p.store.InTx(ctx, func(tx store.Conn) error { return p.follow(ctx, tx, id, now) }); err != nil {
			failures = append(failures, fmt.Errorf("follow source %s: %w", id, err))
		}
	}
	return errors.Join(failures...)
}

func (p *Polls) follow(ctx context.Context, tx store.Conn, id uuid.UUID, now time.Time) error {
	rows, err := p.queries.LockMovedSource(ctx, tx, id)
	if err != nil {
		return fmt.Errorf("lock moved source: %w", err)
	}
	var m move
	for _, row := range rows {
		if row.ID == id {
			m.from = row
		} else {
			m.to = &row
		}
	}
	if m.from.MovedTo == nil || m.from.LeaseToken != nil || m.from.LastPolledAt == nil {
		return nil // another process was faster, or it is being polled
	}
	target := m.from.ID
	if m.to != nil {
		target = m.to.ID
		newer, err := p.queries.HasNewerPosts(ctx, tx, db.HasNewerPostsParams{
			TargetID: target, SourceID: m.from.ID, Since: m.from.LastPolledAt.Add(-moveOverlap),
		})
		if err != nil {
			return fmt.Errorf("look for newer posts: %w", err)
		}
		if newer {
			return nil // the accounts would miss them; the next poll of the old address has them too
		}
	}
	if m.accounts, err = p.queries.ListMovers(ctx, tx, target, m.from.ID); err != nil {
		return fmt.Errorf("list accounts of moved source: %w", err)
	}
	if m.to != nil {
		return p.merge(ctx, tx, m, now)
	}
	if err := p.queries.ReaddressSource(ctx, tx, m.from.ID); err != nil {
		return fmt.Errorf("readdress source: %w", err)
	}
	for _, a := range m.accounts {
		if err := m.log(ctx, tx, a, audit.AccountSourceMoved); err != nil {
			return err
		}
	}
	return nil
}

// move is a feed that has moved, the source that has its new address already, if any, and its accounts.
type move struct {
	from     db.Source
	to       *db.Source
	accounts []db.ListMoversRow
}

func (p *Polls) merge(ctx context.Context, tx store.Conn, m move, now time.Time) error {
	var alone, both []db.ListMoversRow
	var ids []uuid.UUID
	for _, a := range m.accounts {
		switch {
		case a.TargetAccountID == nil:
			alone, ids = append(alone, a), append(ids, a.ID)
		case a.IsPlain:
			both, ids = append(both, a), append(ids, a.ID)
		}
	}
	if err := p.queries.CopySourcePosts(ctx, tx, m.to.ID, m.from.ID); err != nil {
		return fmt.Errorf("copy source posts: %w", err)
	}
	if err := p.queries.MovePostsToSource(ctx, tx, db.MovePostsToSourceParams{TargetID: m.to.ID, SourceID: m.from.ID, AccountIds: ids}); err != nil {
		return fmt.Errorf("move posts to source: %w", err)
	}
	for _, a := range both {
		if err := p.mergeAccount(ctx, tx, m, a); err != nil {
			return err
		}
	}
	if err := p.queries.MoveAccountsToSource(ctx, tx, db.MoveAccountsToSourceParams{TargetID: m.to.ID, SourceID: m.from.ID, AccountIds: ids}); err != nil {
		return fmt.Errorf("move accounts to source: %w", err)
	}
	for _, a := range alone {
		if err := m.log(ctx, tx, a, audit.AccountSourceMoved); err != nil {
			return err
		}
	}
	if err := p.queries.ForgetMove(ctx, tx, m.from.ID); err != nil {
		return fmt.Errorf("forget move: %w", err)
	}
	err := p.queries.DueAfterMerge(ctx, tx, db.DueAfterMergeParams{At: now, TargetID: m.to.ID, SourceID: m.from.ID, LastPostAt: m.from.LastPostAt})
	if err != nil {
		return fmt.Errorf("make merged sources due: %w", err)
	}
	return nil
}

// mergeAccount lets the tenant's account at the new address take over the posts of the other, which goes.
func (p *Polls) mergeAccount(ctx context.Context, tx store.Conn, m move, a db.ListMoversRow) error {
	posts := db.MovePostsToAccountParams{ClientID: a.ClientID, TargetAccountID: *a.TargetAccountID, AccountID: a.ID}
	if err := p.queries.MovePostsToAccount(ctx, tx, posts); err != nil {
		return fmt.Errorf("move posts to account: %w", err)
	}
	if err := p.queries.DeleteAccount(ctx, tx, a.ClientID, a.ID); err != nil {
		return fmt.Errorf("delete merged account: %w", err)
	}
	return m.log(ctx, tx, a, audit.AccountMerged)
}

func (m move) log(ctx context.Context, tx store.Conn, a db.ListMoversRow, action audit.Action) error {
	return audit.Append(ctx, tx, audit.Entry{
		ClientID: a.ClientID, By: bySystem(), Action: action, TargetType: audit.TargetAccount, TargetID: a.ID.String(),
		Changes: []audit.Change{{Field: "url", Old: m.from.ExternalID, New: *m.from.MovedTo}},
	})
}

// bySystem is the worker itself.
func bySystem() audit.By {
	return audit.By{Actor: audit.Actor{ID: "worker", Type: audit.System, Name: "Trackbot"}, Source: audit.FromSystem}
}

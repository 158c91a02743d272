package tracking

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const (
	sweepBatch     = 500 // rows deleted in one transaction, so that none holds locks for long
	sweepPerClient = 100
	sweepSources   = 50
	sweepClients   = 20

	// A source that nobody tracks keeps its posts for a while, should it be tracked again; a guild that
	// removed the bot, its data.
	abandonedAfter = 7 * 24 * time.Hour
	purgeAfter     = 30 * 24 * time.Hour
)

// Sweep deletes what is older than the plans keep, the sources that nobody tracks and the data of guilds
// that left, in small batches until nothing is left or ctx ends. Several processes may.
func (p *Polls) Sweep(ctx context.Context) error {
	for _, step := range []func(context.Context) (bool, error){p.sweepPosts, p.sweepFollowers, p.sweepSources, p.sweepClients} {
		for {
			more, err := step(ctx)
			if err != nil {
				return err
			}
			if !more {
				break
			}
		}
	}
	return nil
}

// sweepPosts deletes one batch of posts that are older than their tenant's plan keeps.
func (p *Polls) sweepPosts(ctx context.Context) (more bool, err error) {
	err = p.store.InTx(ctx, func(tx store.Conn) error {
		ids, err := p.queries.DeleteExpiredPosts(ctx, tx, db.DeleteExpiredPostsParams{At: p.clock(), PerClient: sweepPerClient, MaxPosts: sweepBatch})
		if err != nil {
			return fmt.Errorf("delete expired posts: %w", err)
		}
		more = len(ids) > 0
		return p.dropMetrics(ctx, tx, ids)
	})
	return more, err
}

func (p *Polls) dropMetrics(ctx context.Context, tx store.Conn, sourcePosts []uuid.UUID) error {
	if len(sourcePosts) == 0 {
		return nil
	}
	if err := p.queries.DeleteOrphanedMetrics(ctx, tx, sourcePosts); err != nil {
		return fmt.Errorf("delete orphaned metrics: %w", err)
	}
	return nil
}

func (p *Polls) sweepFollowers(ctx context.Context) (more bool, err error) {
	n, err := p.queries.DeleteExpiredFollowers(ctx, p.store.Shared(), p.clock(), sweepBatch)
	if err != nil {
		return false, fmt.Errorf("delete expired followers: %w", err)
	}
	return n == sweepBatch, nil
}

// sweepSources deletes some sources that nobody tracks, their posts first.
func (p *Polls) sweepSources(ctx context.Context) (more bool, err error) {
	ids, err := p.queries.ListAbandonedSources(ctx, p.store.Shared(), p.clock().Add(-abandonedAfter), sweepSources)
	if err != nil {
		return false, fmt.Errorf("list abandoned sources: %w", err)
	}
	for _, id := range ids {
		for n := int64(sweepBatch); n == sweepBatch; {
			if n, err = p.queries.DeletePostsOfSource(ctx, p.store.Shared(), id, sweepBatch); err != nil {
				return false, fmt.Errorf("delete posts of source: %w", err)
			}
		}
		if err := p.queries.DeleteAbandonedSource(ctx, p.store.Shared(), id); err != nil {
			return false, fmt.Errorf("delete source: %w", err)
		}
	}
	return false, nil // the rest has time until the next sweep
}

// sweepClients deletes the data of some guilds that left.
func (p *Polls) sweepClients(ctx context.Context) (more bool, err error) {
	before := p.clock().Add(-purgeAfter)
	clients, err := p.queries.ListRemovedClients(ctx, p.store.Shared(), before, sweepClients)
	if err != nil {
		return false, fmt.Errorf("list removed clients: %w", err)
	}
	var failures []error
	for _, c := range clients {
		if err := p.purge(ctx, c.ID, before); err != nil {
			failures = append(failures, fmt.Errorf("purge client %s: %w", c.ID, err))
		}
	}
	return len(clients) == sweepClients, errors.Join(failures...)
}

// purge deletes a removed tenant's posts in batches and then the rest, unless it returns meanwhile.
func (p *Polls) purge(ctx context.Context, clientID uuid.UUID, before time.Time) error {
	held := func(do func(tx store.Conn) error) error {
		return p.store.InTx(ctx, func(tx store.Conn) error {
			_, err := p.queries.LockRemovedClient(ctx, tx, clientID, before)
			if store.IsNotFound(err) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("lock removed client: %w", err)
			}
			return do(tx)
		})
	}
	for more := true; more; {
		more = false
		err := held(func(tx store.Conn) error {
			ids, err := p.queries.DeletePostsOfClient(ctx, tx, clientID, sweepBatch)
			if err != nil {
				return fmt.Errorf("delete posts of client: %w", err)
			}
			more = len(ids) == sweepBatch
			return p.dropMetrics(ctx, tx, ids)
		})
		if err != nil {
			return err
		}
	}
	return held(func(tx store.Conn) error {
		sources, err := p.queries.ListSourcesOfClient(ctx, tx, clientID)
		if err != nil {
			return fmt.Errorf("list sources of client: %w", err)
		}
		if err := p.queries.PurgeClient(ctx, tx, clientID); err != nil {
			return fmt.Errorf("purge client: %w", err)
		}
		if err := p.queries.ReviewSources(ctx, tx, sources); err != nil {
			return fmt.Errorf("review sources: %w", err)
		}
		return audit.Append(ctx, tx, audit.Entry{
			ClientID: clientID, By: bySystem(),
			Action: audit.GuildPurged, TargetType: audit.TargetGuild, TargetID: clientID.String(),
		})
	})
}

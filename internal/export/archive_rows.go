package export

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"trackbot/internal/store/db"
)

// pages calls next with the last row's key until a page is not full.
func pages[K any](first K, size int, next func(after K) (last K, n int, err error)) error {
	after := first
	for {
		last, n, err := next(after)
		if err != nil {
			return err
		}
		if n < size {
			return nil
		}
		after = last
	}
}

// eachAccountPage calls do with some accounts after the other.
func eachAccountPage(ctx context.Context, src rowSource, size int, do func([]db.ArchiveAccountsRow) error) error {
	return pages(uuid.Nil, size, func(after uuid.UUID) (uuid.UUID, int, error) {
		rows, err := src.q.ArchiveAccounts(ctx, src.tx, db.ArchiveAccountsParams{ClientID: src.clientID, AfterID: after, MaxRows: int32(size)})
		if err != nil {
			return after, 0, fmt.Errorf("list accounts: %w", err)
		}
		if len(rows) == 0 {
			return after, 0, nil
		}
		return rows[len(rows)-1].ID, len(rows), do(rows)
	})
}

func eachArchivedAccount(ctx context.Context, src rowSource, emit func(json.RawMessage) error) error {
	return eachAccountPage(ctx, src, page, func(rows []db.ArchiveAccountsRow) error {
		for _, row := range rows {
			if err := emit(row.Row); err != nil {
				return err
			}
		}
		return nil
	})
}

func eachArchivedFollowers(ctx context.Context, src rowSource, emit func(json.RawMessage) error) error {
	return eachAccountPage(ctx, src, archiveAccounts, func(accounts []db.ArchiveAccountsRow) error {
		ids := make([]uuid.UUID, len(accounts))
		for i, a := range accounts {
			ids[i] = a.ID
		}
		rows, err := src.q.ArchiveFollowers(ctx, src.tx, src.clientID, ids)
		if err != nil {
			return fmt.Errorf("list followers: %w", err)
		}
		return all(rows, emit)
	})
}

// eachPostPage calls do with some posts after the other.
func eachPostPage(ctx context.Context, src rowSource, size int, do func([]db.ArchivePostsRow) error) error {
	return pages(uuid.Nil, size, func(after uuid.UUID) (uuid.UUID, int, error) {
		rows, err := src.q.ArchivePosts(ctx, src.tx, db.ArchivePostsParams{ClientID: src.clientID, AfterID: after, MaxRows: int32(size)})
		if err != nil {
			return after, 0, fmt.Errorf("list posts: %w", err)
		}
		if len(rows) == 0 {
			return after, 0, nil
		}
		return rows[len(rows)-1].ID, len(rows), do(rows)
	})
}

func eachArchivedPost(ctx context.Context, src rowSource, emit func(json.RawMessage) error) error {
	return eachPostPage(ctx, src, page, func(rows []db.ArchivePostsRow) error {
		for _, row := range rows {
			if err := emit(row.Row); err != nil {
				return err
			}
		}
		return nil
	})
}

func eachArchivedMetrics(ctx context.Context, src rowSource, emit func(json.RawMessage) error) error {
	return eachPostPage(ctx, src, archivePosts, func(posts []db.ArchivePostsRow) error {
		ids := make([]uuid.UUID, len(posts))
		for i, p := range posts {
			ids[i] = p.ID
		}
		rows, err := src.q.ArchiveMetrics(ctx, src.tx, src.clientID, ids)
		if err != nil {
			return fmt.Errorf("list metrics: %w", err)
		}
		return all(rows, emit)
	})
}

func eachArchivedDelivery(ctx context.Context, src rowSource, emit func(json.RawMessage) error) error {
	return pages(uuid.Nil, page, func(after uuid.UUID) (uuid.UUID, int, error) {
		rows, err := src.q.ArchiveDeliveries(ctx, src.tx, db.ArchiveDeliveriesParams{ClientID: src.clientID, AfterID: after, MaxRows: page})
		if err != nil {
			return after, 0, fmt.Errorf("list deliveries: %w", err)
		}
		for _, row := range rows {
			after = row.ID
			if err := emit(row.Row); err != nil {
				return after, 0, err
			}
		}
		return after, len(rows), nil
	})
}

func eachArchivedEntry(ctx context.Context, src rowSource, emit func(json.RawMessage) error) error {
	return pages(int64(0), page, func(after int64) (int64, int, error) {
		rows, err := src.q.ArchiveAudit(ctx, src.tx, db.ArchiveAuditParams{ClientID: src.clientID, AfterSeq: after, MaxRows: page})
		if err != nil {
			return after, 0, fmt.Errorf("list audit log: %w", err)
		}
		for _, row := range rows {
			after = row.Seq
			if err := emit(row.Row); err != nil {
				return after, 0, err
			}
		}
		return after, len(rows), nil
	})
}

package export

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store/db"
)

// orphanAge is how old a file without an export must be to be nobody's: no try takes that long.
const orphanAge = 24 * time.Hour

// Sweep ends exports whose time is over and removes the files that belong to none: of expired and deleted
// exports, and what workers that died had begun.
func (r *Runner) Sweep(ctx context.Context) error {
	if err := r.queries.ExpireExports(ctx, r.store.Shared()); err != nil {
		return fmt.Errorf("expire exports: %w", err)
	}
	if err := r.queries.DeleteOldExports(ctx, r.store.Shared()); err != nil {
		return fmt.Errorf("delete old exports: %w", err)
	}
	var gone []string
	err := r.files.Each(ctx, func(name string, written time.Time) error {
		if time.Since(written) < orphanAge {
			return nil
		}
		kept, err := r.isKept(ctx, name)
		if err == nil && !kept {
			gone = append(gone, name)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("list export files: %w", err)
	}
	for _, name := range gone {
		if err := r.files.Remove(ctx, name); err != nil {
			return fmt.Errorf("remove export file: %w", err)
		}
	}
	return nil
}

// isKept tells whether a file is an export's. What is not named as exports are is not ours to remove.
func (r *Runner) isKept(ctx context.Context, name string) (bool, error) {
	client, file := path.Split(name)
	clientID, errClient := uuid.Parse(strings.TrimSuffix(client, "/"))
	if errClient != nil || len(file) < 36 {
		return true, nil
	}
	id, err := uuid.Parse(file[:36])
	if err != nil {
		return true, nil
	}
	kept, err := r.queries.IsExportFile(ctx, r.store.Shared(), db.IsExportFileParams{ClientID: clientID, ExportID: id, Location: name})
	if err != nil {
		return false, fmt.Errorf("find export of a file: %w", err)
	}
	return kept, nil
}

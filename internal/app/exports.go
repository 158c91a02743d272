package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"trackbot/internal/config"
	"trackbot/internal/filestore"
)

// openFiles returns the files of exports, and what ends their use.
func openFiles(ctx context.Context, e env) (filestore.Files, func(), error) {
	files, err := exportFiles(ctx, e.cfg)
	if err != nil {
		return nil, nil, err
	}
	return files, func() {
		if err := files.Close(); err != nil {
			e.log.ErrorContext(ctx, "close of the export files failed", "error", err)
		}
	}, nil
}

// exportFiles opens where exports are kept.
func exportFiles(ctx context.Context, cfg config.Config) (filestore.Files, error) {
	if cfg.ExportS3Endpoint == "" {
		return filestore.NewDisk(cmp.Or(cfg.ExportDir, filepath.Join(os.TempDir(), "trackbot-exports")))
	}
	endpoint, err := url.Parse(cfg.ExportS3Endpoint)
	if err != nil {
		return nil, errors.New("read export endpoint: not a URL")
	}
	files, err := filestore.NewBucket(ctx, filestore.BucketConfig{
		Endpoint: endpoint.Host, Insecure: endpoint.Scheme == "http", Region: cfg.ExportS3Region, Bucket: cfg.ExportS3Bucket,
		AccessKeyID: cfg.ExportS3AccessKey, SecretAccessKey: cfg.ExportS3Secret.Reveal(),
	})
	if err != nil {
		return nil, fmt.Errorf("open export files: %w", err)
	}
	return files, nil
}

// Package filestore keeps files that are written once and read whole or in part: in a folder, or in a bucket
// of a store with Amazon's S3 API. A file is there under its name only when it is complete.
package filestore

import (
	"context"
	"io"
	"time"
)

// Files is where files are kept. Names have slashes, letters, digits, '-' and '.'. A file that is not there
// is fs.ErrNotExist. It is safe for concurrent use.
type Files interface {
	// Create begins a file that is there under its name once Commit has returned nil.
	Create(ctx context.Context, name string) (File, error)
	// Open reads a file; it seeks within it.
	Open(ctx context.Context, name string) (io.ReadSeekCloser, error)
	// Remove takes a file away; none is no error.
	Remove(ctx context.Context, name string) error
	// Each calls fn with every file's name and when it was written; on a disk also with what is not complete.
	Each(ctx context.Context, fn func(name string, written time.Time) error) error
	// Close ends the use of the place.
	Close() error
}

// File is one that is being written. Exactly one of Commit and Abort ends it.
type File interface {
	io.Writer
	// Commit makes the file complete and tells its size in bytes.
	Commit() (size int64, err error)
	// Abort drops what was written.
	Abort()
}

var (
	_ Files = (*Disk)(nil)
	_ Files = (*Bucket)(nil)
)

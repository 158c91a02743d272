package filestore

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"
)

// Disk keeps files in a folder. Processes that share it must see the same folder.
type Disk struct {
	dir  string
	root *os.Root
}

// NewDisk opens the folder, which it makes when it is not there. Others of the machine cannot read it.
func NewDisk(dir string) (*Disk, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open folder of files: %w", err)
	}
	return &Disk{dir: dir, root: root}, nil
}

// Close ends the use of the folder.
func (d *Disk) Close() error { return d.root.Close() }

// part is the ending of a file that is not complete.
const part = ".part"

// diskFile is written beside its name and takes it with Commit.
type diskFile struct {
	disk *Disk
	name string
	file *os.File
	buf  *bufio.Writer
}

// Create begins a file.
func (d *Disk) Create(_ context.Context, name string) (File, error) {
	if err := d.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return nil, err
	}
	file, err := d.root.OpenFile(name+part, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	return &diskFile{disk: d, name: name, file: file, buf: bufio.NewWriterSize(file, 1<<18)}, nil
}

// Write appends to the file.
func (f *diskFile) Write(b []byte) (int, error) { return f.buf.Write(b) }

// Commit brings the bytes to the disk before the file gets its name, and then the name.
func (f *diskFile) Commit() (int64, error) {
	size, err := f.sync()
	if err == nil {
		err = f.disk.root.Rename(f.name+part, f.name)
	}
	if err != nil {
		_ = f.disk.root.Remove(f.name + part) // the first error tells more
		return 0, err
	}
	return size, f.disk.syncFolder(path.Dir(f.name))
}

func (f *diskFile) sync() (int64, error) {
	err := f.buf.Flush()
	if err == nil {
		err = f.file.Sync()
	}
	info, statErr := f.file.Stat()
	if err = errors.Join(err, statErr, f.file.Close()); err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// syncFolder makes a new name outlive a power failure (fsync(2)).
func (d *Disk) syncFolder(name string) error {
	folder, err := d.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Abort drops what was written.
func (f *diskFile) Abort() {
	_ = f.file.Close()
	_ = f.disk.root.Remove(f.name + part)
}

// Open reads a file.
func (d *Disk) Open(_ context.Context, name string) (io.ReadSeekCloser, error) {
	return d.root.Open(name)
}

// Remove takes a file away; none is no error.
func (d *Disk) Remove(_ context.Context, name string) error {
	if err := d.root.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Each calls fn with every file, complete or not.
func (d *Disk) Each(ctx context.Context, fn func(name string, written time.Time) error) error {
	return filepath.WalkDir(d.dir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // gone since the folder was read
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case !entry.Type().IsRegular():
			return nil
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(d.dir, name)
		if err != nil {
			return err
		}
		return fn(filepath.ToSlash(inside), info.ModTime())
	})
}

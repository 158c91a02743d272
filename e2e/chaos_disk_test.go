//go:build unix

package e2e_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// disk is where exports are written. As root it is a small file system in memory, which is truly full while
// a ballast lies on it; otherwise its folder cannot be written for that while, which fails as early as a quota does.
type disk struct {
	dir     string
	mounted bool
}

func newDisk(t *testing.T) *disk {
	t.Helper()
	d := &disk{dir: t.TempDir()}
	d.mounted = mountSmall(d.dir) == nil
	if d.mounted {
		t.Cleanup(func() {
			if err := unmount(d.dir); err != nil {
				t.Errorf("unmount %s: %v", d.dir, err)
			}
		})
	}
	return d
}

func (d *disk) how() string {
	if d.mounted {
		return "a full file system of 2 MB in memory"
	}
	return "a folder that cannot be written to, for want of the right to mount"
}

// fill leaves no byte on the disk until the end.
func (d *disk) fill(wrong *wrongs) (end func()) {
	if !d.mounted {
		return d.lock(wrong)
	}
	name := filepath.Join(d.dir, "ballast")
	ballast, err := os.Create(name)
	if err != nil {
		wrong.add("harness: fill the disk: %v", err)
		return func() {}
	}
	_, err = io.Copy(ballast, nothing{})
	if !errors.Is(err, syscall.ENOSPC) {
		wrong.add("harness: fill the disk: %v", err)
	}
	return func() {
		if err := errors.Join(ballast.Close(), os.Remove(name)); err != nil {
			wrong.add("harness: empty the disk: %v", err)
		}
	}
}

// lock puts a file where each folder of exports is, so that nothing can be made in it, by root neither.
func (d *disk) lock(wrong *wrongs) (end func()) {
	moved := d.dir + "-away"
	fail := func(err error) {
		if err != nil {
			wrong.add("harness: lock the disk: %v", err)
		}
	}
	entries, err := os.ReadDir(d.dir)
	fail(err)
	fail(os.MkdirAll(moved, 0o700))
	for _, e := range entries {
		fail(os.Rename(filepath.Join(d.dir, e.Name()), filepath.Join(moved, e.Name())))
		fail(os.WriteFile(filepath.Join(d.dir, e.Name()), nil, 0o600))
	}
	return func() {
		for _, e := range entries {
			fail(os.Remove(filepath.Join(d.dir, e.Name())))
			fail(os.Rename(filepath.Join(moved, e.Name()), filepath.Join(d.dir, e.Name())))
		}
	}
}

// nothing is an endless row of zeros.
type nothing struct{}

func (nothing) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

package embeddedpg

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

const tempPrefix = "trackbot-pg-"

// sweepTemp removes the temporary data of launchers that died before Stop. A
// directory's lock is held while its launcher lives; one that has changed
// within the last minute may be about to get its lock.
func sweepTemp(log *slog.Logger) {
	for _, base := range []string{os.TempDir(), "/var/tmp"} {
		found, err := filepath.Glob(filepath.Join(base, tempPrefix+"*"))
		if err != nil {
			continue
		}
		for _, dir := range found {
			if err := sweepOne(dir); err != nil {
				log.Debug("temporary data not swept", "dir", dir, "error", err.Error())
			}
		}
	}
}

func sweepOne(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() || !ownedByUs(info) || time.Since(info.ModTime()) < time.Minute {
		return errors.New("not ours, or too young")
	}
	c := cluster{dir: dir}
	lock, err := tryLock(c.lockFile())
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }()
	pidFile, err := c.readPidFile()
	if err != nil {
		return err
	}
	if pidFile.pid != 0 && c.serves(pidFile.pid) {
		if err := signalProcess(pidFile.pid, immediateShutdown); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		for c.serves(pidFile.pid) {
			if err := pause(ctx); err != nil {
				return err
			}
		}
	}
	return os.RemoveAll(dir)
}

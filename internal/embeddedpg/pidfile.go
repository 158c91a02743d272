package embeddedpg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// pidFile is postmaster.pid as far as the launcher reads it (PostgreSQL
// source, src/include/utils/pidfile.h): line 1 the process id, line 4 the
// port, line 8 the state.
type pidFile struct {
	pid, port int
	ready     bool
}

func parsePidFile(text string) (pidFile, error) {
	lines := strings.Split(text, "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 0 {
		return pidFile{}, fmt.Errorf("not a process id: %.20q", lines[0])
	}
	p := pidFile{pid: pid}
	if len(lines) > 3 {
		port, err := strconv.ParseUint(strings.TrimSpace(lines[3]), 10, 16)
		if err != nil {
			return pidFile{}, fmt.Errorf("not a port: %.20q", lines[3])
		}
		p.port = int(port)
	}
	p.ready = len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready" && p.port != 0
	return p, nil
}

func (c cluster) pidPath() string { return filepath.Join(c.data(), "postmaster.pid") }

// readPidFile returns the zero value when no server claims the data. The file
// is written in place, so a half-written one reads as a server not yet ready.
func (c cluster) readPidFile() (pidFile, error) {
	raw, err := os.ReadFile(c.pidPath())
	if errors.Is(err, fs.ErrNotExist) {
		return pidFile{}, nil
	}
	if err != nil {
		return pidFile{}, fmt.Errorf("read postmaster.pid: %w", err)
	}
	p, err := parsePidFile(string(raw))
	if err != nil {
		return pidFile{}, nil // half-written
	}
	return p, nil
}

// serves reports whether the process is a postmaster on this very data:
// process ids are reused, in containers all the time, and a dead postmaster
// keeps its id until somebody reaps it.
func (c cluster) serves(pid int) bool {
	return processAlive(pid) && strings.Contains(commandLine(pid), c.data())
}

// disarmPidFile keeps a stale postmaster.pid from blocking the start when its
// process id belongs to some other program by now, or to a dead postmaster
// that nobody has reaped. The file must stay, since the server finds leftover
// backends by the shared memory key in it; but a server takes the id of its
// own parent for stale (PostgreSQL source, CreateLockFile), so the launcher's
// is put in its place.
func (c cluster) disarmPidFile(stale pidFile) error {
	if stale.pid == 0 || !processAlive(stale.pid) {
		return nil
	}
	raw, err := os.ReadFile(c.pidPath())
	if err != nil {
		return fmt.Errorf("read postmaster.pid: %w", err)
	}
	_, rest, _ := strings.Cut(string(raw), "\n")
	text := strconv.Itoa(os.Getpid()) + "\n" + rest
	if err := os.WriteFile(c.pidPath(), []byte(text), 0o600); err != nil {
		return fmt.Errorf("disarm stale postmaster.pid: %w", err)
	}
	return nil
}

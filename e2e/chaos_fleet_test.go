//go:build unix

package e2e_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// berth is the place of one process, which is started anew whenever it is gone, as a supervisor does.
type berth struct {
	name, service string
	env           map[string]string
	ready         string // address that answers 200 once it serves
	wire          *wire
	wrong         *wrongs

	mu     sync.Mutex
	proc   *process
	held   bool // killed, and not to be started yet
	ours   bool // the end of proc is our doing
	frozen bool
	up     bool      // it has served since it was started
	steady time.Time // since when nothing was done to it
	lives  int       // times it was started
	early  int       // of them that it gave up before it served
}

// fleet is all processes of a run.
type fleet struct {
	berths map[string]*berth
	keep   sync.WaitGroup
	stop   context.CancelFunc
}

// newFleet starts the members, each with a wire of its own to the database.
func newFleet(t *testing.T, s *system, database string, wrong *wrongs) *fleet {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	f := &fleet{berths: map[string]*berth{}, stop: stop}
	t.Cleanup(f.end)
	for _, name := range members {
		b := &berth{name: name, service: strings.SplitN(name, "-", 2)[0], env: maps.Clone(s.env), wire: newWire(t, database), wrong: wrong}
		b.env["DATABASE_URL"] = strings.Replace(s.env["DATABASE_URL"], database, b.wire.addr(), 1)
		b.env["METRICS_ADDR"], b.env[stepFileEnv] = freeAddr(t), filepath.Join(t.TempDir(), "step")
		b.ready = "http://" + b.env["METRICS_ADDR"] + "/readyz"
		if name == "api-2" {
			b.env["LISTEN_ADDR"] = freeAddr(t)
		}
		if b.service == "api" {
			b.ready = "http://" + b.env["LISTEN_ADDR"] + "/readyz"
		}
		f.berths[name] = b
		f.keep.Go(func() { b.keep(ctx) })
	}
	return f
}

// end stops all; a run that has passed has already seen them stop by themselves.
func (f *fleet) end() {
	f.stop()
	for _, b := range f.berths {
		b.mu.Lock()
		b.ours = true
		if b.proc != nil {
			_ = b.proc.cmd.Process.Kill() // it may be gone
		}
		b.mu.Unlock()
	}
	f.keep.Wait()
}

const (
	supervisor = 200 * time.Millisecond // its pause before it starts a process anew
	glance     = 100 * time.Millisecond
)

// keep runs the process again and again until ctx ends.
func (b *berth) keep(ctx context.Context) {
	for wait(ctx, supervisor) {
		b.mu.Lock()
		if b.held || ctx.Err() != nil {
			b.mu.Unlock()
			continue
		}
		p, err := launch(b.name, exec.Command(binary, b.service), b.env)
		if err != nil {
			b.mu.Unlock()
			b.wrong.add("%v", err)
			continue
		}
		b.proc, b.ours, b.up, b.frozen = p, false, false, false
		b.lives++
		b.mu.Unlock()
		b.watch(p)
	}
}

// watch follows a process to its end. One that has served and ends by itself is a fault of the product;
// before that it may, for it needs its database to begin.
func (b *berth) watch(p *process) {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for served := false; ; {
		select {
		case <-p.over:
			b.mu.Lock()
			defer b.mu.Unlock()
			if !served && !b.ours {
				b.early++
			}
			if served && !b.ours {
				b.wrong.add("%s ended by itself: %v\n%s", b.name, p.err, p.log.tail(5))
			}
			if said := panicIn(p.log.String()); said != "" {
				b.wrong.add("%s panicked: %s", b.name, said)
			}
			b.up, b.proc = false, nil
			keepLog(b.name, b.lives, p.log)
			return
		case <-tick.C:
		}
		if !served && statusOf(b.ready) == http.StatusOK {
			served = true
			b.mu.Lock()
			b.up, b.steady = true, time.Now()
			b.mu.Unlock()
		}
	}
}

// panicIn is the first line of a log that tells of a panic.
func panicIn(log string) string {
	for line := range strings.Lines(log) {
		if strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "fatal error:") || strings.Contains(line, `"panic: `) || strings.Contains(line, "WARNING: DATA RACE") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

func (b *berth) kill() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.held, b.ours, b.up = true, true, false
	if b.proc != nil {
		_ = b.proc.cmd.Process.Kill() // it may be about to start
	}
}

func (b *berth) revive() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.held = false
}

// freeze stops the process in its tracks, as a machine does that is paused or swaps.
func (b *berth) freeze(on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.frozen, b.steady = on, time.Now()
	if b.proc == nil {
		return
	}
	sig := syscall.SIGCONT
	if on {
		sig = syscall.SIGSTOP
	}
	_ = b.proc.cmd.Process.Signal(sig) // it may be gone
}

// disturbed tells whether anything was done to the process itself since then; if not, its callers may
// expect an answer.
func (b *berth) disturbed(since time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.up || b.frozen || b.steady.After(since)
}

// serving tells whether the process says that it is ready.
func (b *berth) serving() bool { return statusOf(b.ready) == http.StatusOK }

// farewell stops a process as a supervisor does and demands a clean end.
func (b *berth) farewell(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	p := b.proc
	b.held, b.ours = true, true
	b.mu.Unlock()
	if p == nil {
		t.Errorf("%s does not run", b.name)
		return
	}
	p.stop(t)
}

// wait pauses and tells whether to go on.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// wrongs collects what the product did wrong, from any goroutine.
type wrongs struct {
	began time.Time
	mu    sync.Mutex
	list  []string
}

// mostWrongs is how many are told; the first are the ones to look at.
const mostWrongs = 40

func (w *wrongs) add(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, fmt.Sprintf("after %s: ", time.Since(w.began).Round(100*time.Millisecond))+fmt.Sprintf(format, args...))
}

func (w *wrongs) all() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.list[:min(len(w.list), mostWrongs)]
}

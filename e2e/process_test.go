package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// log collects what a process writes, from any goroutine.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// tail is the end of the log, for a test that failed.
func (l *log) tail(lines int) string {
	all := strings.Split(strings.TrimSpace(l.String()), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// environment turns variables into what a child gets: these and what programs need to run, nothing else.
func environment(vars map[string]string) []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		env = append(env, name+"="+vars[name])
	}
	return env
}

// process is a running service.
type process struct {
	name string
	cmd  *exec.Cmd
	log  *log
	over chan struct{} // closed when it has ended
	err  error         // of its end, once over
}

// start runs a command of the program until the test ends, at the latest.
func start(t *testing.T, env map[string]string, name string) *process {
	t.Helper()
	return runProgram(t, name, exec.Command(binary, name), env)
}

// runProgram runs any program until the test ends, at the latest.
func runProgram(t *testing.T, name string, cmd *exec.Cmd, env map[string]string) *process {
	t.Helper()
	p, err := launch(name, cmd, env)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("the end of the log of %s (%d):\n%s", name, p.cmd.Process.Pid, p.log.tail(25))
		}
	})
	return p
}

// launch starts a program; whoever calls it, from any goroutine, sees to its end.
func launch(name string, cmd *exec.Cmd, env map[string]string) (*process, error) {
	p := &process{name: name, cmd: cmd, log: &log{}, over: make(chan struct{})}
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = environment(env), p.log, p.log
	if err := spawn(p.cmd); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() { p.err = p.cmd.Wait(); close(p.over) }()
	return p, nil
}

// kill is kill -9, and waits until the process is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	<-p.over
}

// stopLimit is how long a service may take to end (CONTRACT: within 25 s).
const stopLimit = 25 * time.Second

// stop sends SIGTERM and demands a clean end in time.
func (p *process) stop(t *testing.T) {
	t.Helper()
	began := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("stop %s: %v", p.name, err)
	}
	select {
	case <-p.over:
	case <-time.After(stopLimit):
		t.Errorf("%s did not stop within %s", p.name, stopLimit)
		p.kill()
		return
	}
	if p.err != nil {
		t.Errorf("%s stopped with %v", p.name, p.err)
	}
	t.Logf("%s stopped after %s", p.name, time.Since(began).Round(time.Millisecond))
}

// ended tells whether the process is gone.
func (p *process) ended() bool {
	select {
	case <-p.over:
		return true
	default:
		return false
	}
}

// runLimit bounds a command that is to end by itself.
const runLimit = time.Minute

// execute runs a command of the program to its end and returns its exit code and output.
func execute(t *testing.T, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), runLimit)
	defer cancel()
	var out, errOut bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = environment(env), &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Errorf("run trackbot %s: %v", strings.Join(args, " "), err) // from any goroutine
		return -1, "", ""
	}
	return cmd.ProcessState.ExitCode(), out.String(), errOut.String()
}

// nextPort walks through ports below those that systems give to outgoing connections, from a place
// that differs between test processes.
var nextPort atomic.Uint32

const (
	firstPort = 12_000
	portCount = 18_000
)

// freeAddr is a loopback address that nobody listens on.
func freeAddr(t *testing.T) string {
	t.Helper()
	nextPort.CompareAndSwap(0, uint32(os.Getpid()*37))
	for range 1000 {
		addr := fmt.Sprintf("127.0.0.1:%d", firstPort+nextPort.Add(1)%portCount)
		if l, err := net.Listen("tcp", addr); err == nil {
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			return addr
		}
	}
	t.Fatal("no free port")
	return ""
}

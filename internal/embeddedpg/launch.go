package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// child is a postmaster that this process has started.
type child struct {
	pid  int
	done chan struct{} // closed after its end
	lock *os.File      // of the directory it serves
}

// errTransient marks a start that is worth another try.
var errTransient = errors.New("may pass")

// launch starts the server. Another try follows when the free port was
// snatched, or when backends of a killed postmaster are still about to notice.
func (s *Server) launch(ctx context.Context, cfg Config, pg programs) error {
	limit := time.Now().Add(15 * time.Second)
	for {
		err := s.launchOnce(ctx, cfg, pg)
		if !errors.Is(err, errTransient) || time.Now().After(limit) {
			return err
		}
		s.log.Debug("postgres start is tried again", "error", err.Error())
		if pause(ctx) != nil {
			return err
		}
	}
}

func (s *Server) launchOnce(ctx context.Context, cfg Config, pg programs) error {
	started := time.Now()
	port := cfg.Port
	if port == 0 {
		var err error
		if port, err = freePort(); err != nil {
			return err
		}
	}
	out, offset, err := s.openLog()
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }()
	cmd := exec.Command(filepath.Join(pg.dir, "postgres"), serverArgs(s.cluster.data(), port, cfg.Fast)...)
	cmd.Dir = s.cluster.dir
	cmd.Env = serverEnv()
	cmd.SysProcAttr = s.cluster.who.serverAttr()
	cmd.Stdout, cmd.Stderr = out, out
	proc, err := startChild(cmd, s.lock)
	if err != nil {
		return fmt.Errorf("run %s: %w", cmd.Path, err)
	}
	s.child, s.pid, s.port = proc, proc.pid, port
	if err := s.waitReady(ctx); err != nil {
		return s.explain(err, offset, cfg.Port == 0)
	}
	s.log.Info("postgres started", "dir", s.cluster.dir, "port", port, "pid", proc.pid,
		"source", pg.source, "seconds", time.Since(started).Seconds())
	return nil
}

// startChild runs the command and watches its end.
func startChild(cmd *exec.Cmd, lock *os.File) (*child, error) {
	proc := &child{done: make(chan struct{}), lock: lock}
	started := make(chan error)
	go proc.run(cmd, started)
	if err := <-started; err != nil {
		return nil, err
	}
	return proc, nil
}

// run keeps its thread as long as the child lives: Linux sends the
// parent-death signal when the thread that started the child dies. It keeps
// the lock as well, which a file that nobody refers to any more would lose.
func (c *child) run(cmd *exec.Cmd, started chan<- error) {
	runtime.LockOSThread()
	if err := cmd.Start(); err != nil {
		started <- err
		return
	}
	c.pid = cmd.Process.Pid
	started <- nil
	_ = cmd.Wait() // the server's log says why it ended
	runtime.KeepAlive(c.lock)
	close(c.done)
}

// waitReady returns when the server accepts connections, or the child is gone.
func (s *Server) waitReady(ctx context.Context) error {
	for {
		pidFile, err := s.cluster.readPidFile()
		if err == nil && pidFile.ready && pidFile.pid == s.pid {
			return nil
		}
		select {
		case <-s.child.done:
			return errors.New("the server ended")
		default:
		}
		if err := pause(ctx); err != nil {
			return errors.Join(fmt.Errorf("wait for the server: %w", err), s.shutDown(ctx))
		}
	}
}

// explain adds the server's own last words to a failed start.
func (s *Server) explain(cause error, offset int64, anyPort bool) error {
	raw, _ := os.ReadFile(s.cluster.logFile())
	words := string(raw[min(offset, int64(len(raw))):])
	err := fmt.Errorf("%w; %s says:\n%s", cause, s.cluster.logFile(), tail(words, 8))
	leftBackends := strings.Contains(words, "pre-existing shared memory block")
	portTaken := anyPort && strings.Contains(words, "could not create any TCP/IP sockets")
	if leftBackends || portTaken {
		return fmt.Errorf("%w (%w)", err, errTransient)
	}
	return err
}

// openLog opens the server's log for appending and keeps one old file when it
// has grown beyond 10 MB.
func (s *Server) openLog() (*os.File, int64, error) {
	path := s.cluster.logFile()
	if info, err := os.Stat(path); err == nil && info.Size() > 10<<20 {
		if err := os.Rename(path, path+".old"); err != nil {
			return nil, 0, fmt.Errorf("rotate server log: %w", err)
		}
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, 0, fmt.Errorf("open server log: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return nil, 0, fmt.Errorf("open server log: %w", err)
	}
	return file, info.Size(), nil
}

func serverArgs(data string, port int, fast bool) []string {
	settings := []string{
		"listen_addresses=127.0.0.1",
		"port=" + strconv.Itoa(port),
		"unix_socket_directories=",
		"password_encryption=scram-sha-256",
		"timezone=UTC",
		"log_timezone=UTC",
		"log_checkpoints=off",
		"logging_collector=off",
	}
	if fast {
		settings = append(settings,
			"fsync=off",
			"synchronous_commit=off",
			"full_page_writes=off",
			"max_connections=300",
		)
	}
	args := []string{"-D", data}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return args
}

// freePort returns a loopback port that was free a moment ago.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return port, listener.Close()
}

// waitLock takes a lock as soon as it is free.
func waitLock(ctx context.Context, path string) (*os.File, error) {
	for {
		lock, err := tryLock(path)
		if !errors.Is(err, errLocked) {
			return lock, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
}

// pause is the rhythm of looking again: the server announces itself in a file.
func pause(ctx context.Context) error {
	timer := time.NewTimer(10 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

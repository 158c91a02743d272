//go:build unix

package embeddedpg_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"trackbot/internal/embeddedpg"
)

// launcherMode makes the test program start a server and wait to be killed.
const launcherMode = "-launcher"

func runLauncher(dataDir string) {
	cfg := embeddedpg.Config{DataDir: dataDir, Fast: true}
	if dataDir == "temp" {
		cfg = embeddedpg.Config{Temp: true, Fast: true}
	}
	s, err := embeddedpg.Start(context.Background(), cfg)
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	fmt.Println(s.PID(), s.Dir())
	_, _ = os.Stdin.Read(make([]byte, 1))
}

// launch runs a launcher in a process of its own.
func launch(t *testing.T, dataDir string) (launcher *osexec.Cmd, serverPID int, dir string) {
	t.Helper()
	cmd := osexec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0], launcherMode, dataDir)
	cmd.Stderr = os.Stderr
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(cmd) })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("launcher: %v", err)
	}
	fields := strings.Fields(line)
	pid, err := strconv.Atoi(fields[0])
	if err != nil {
		t.Fatalf("launcher says %s", line)
	}
	return cmd, pid, fields[1]
}

func kill(cmd *osexec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// sleeper starts a foreign program as the server's user.
func sleeper(t *testing.T) int {
	t.Helper()
	cmd := osexec.CommandContext(context.WithoutCancel(t.Context()), "sleep", "600")
	if uid, gid, drop := embeddedpg.ServerUser(); drop {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: gid}}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(cmd) })
	return cmd.Process.Pid
}

// On Linux the server goes with its launcher; elsewhere the next Start takes
// it over. Either way nothing stands in the way of that Start.
func TestKilledLauncherLeavesAUsableDirectory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(tempDir(t), "pg")
	launcher, pid, _ := launch(t, dir)
	kill(launcher)
	if runtime.GOOS == "linux" {
		eventually(t, "the server's end", func() bool { return !embeddedpg.Serves(dir, pid) })
	}
	s := start(t, embeddedpg.Config{DataDir: dir, Fast: true})
	if !s.Owned() {
		t.Error("nobody owns the server")
	}
	query(t, s.OwnerURL(), "SELECT 'up'")
}

func TestServerOfAnotherProcessIsSharedAndLeftRunning(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(tempDir(t), "pg")
	_, pid, _ := launch(t, dir)
	s := start(t, embeddedpg.Config{DataDir: dir, Fast: true})
	if s.PID() != pid || s.Owned() {
		t.Errorf("process %d, owned %t; want the other's %d", s.PID(), s.Owned(), pid)
	}
	query(t, s.OwnerURL(), "SELECT 'up'")
	stop(t, s)
	if !embeddedpg.Serves(dir, pid) {
		t.Error("a guest stopped the server")
	}
}

// A postmaster without a launcher, as a SIGKILL leaves one outside Linux.
func TestOrphanedServerIsTakenOverAndStopped(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(tempDir(t), "pg")
	s := start(t, embeddedpg.Config{DataDir: dir, Fast: true})
	pid := s.PID()
	s.Orphan()
	s = start(t, embeddedpg.Config{DataDir: dir, Fast: true})
	if s.PID() != pid || !s.Owned() {
		t.Errorf("process %d, owned %t; want the orphan %d", s.PID(), s.Owned(), pid)
	}
	stop(t, s)
	if embeddedpg.Serves(dir, pid) {
		t.Error("the orphan outlived Stop")
	}
}

func TestTemporaryDataOfDeadLaunchersIsSwept(t *testing.T) {
	t.Parallel()
	launcher, pid, dead := launch(t, "temp")
	kill(launcher)
	eventually(t, "the server's end", func() bool { return runtime.GOOS != "linux" || !embeddedpg.Serves(dead, pid) })
	_, _, alive := launch(t, "temp")
	old := time.Now().Add(-2 * time.Minute)
	for _, dir := range []string{dead, alive} {
		if err := os.Chtimes(dir, old, old); err != nil {
			t.Fatal(err)
		}
	}
	embeddedpg.SweepTemp()
	if _, err := os.Stat(dead); err == nil {
		t.Errorf("%s was not swept", dead)
	}
	if _, err := os.Stat(filepath.Join(alive, "data", "PG_VERSION")); err != nil {
		t.Errorf("a live launcher's data was swept: %v", err)
	}
	if err := os.RemoveAll(dead); err != nil {
		t.Error(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(alive) })
}

func FuzzParsePidFile(f *testing.F) {
	f.Add("4711\n/data\n1700000000\n5432\n\n127.0.0.1\n  1234567 1\nready   \n")
	f.Add("4711\n/data\n")
	f.Add("-4711\n/data\n1700000000\n99999\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		pid, port, ready, err := embeddedpg.ParsePidFile(text)
		if err != nil {
			return
		}
		if pid <= 0 || port < 0 || port > 65535 {
			t.Errorf("%q gives process %d, port %d", text, pid, port)
		}
		if ready && port == 0 {
			t.Errorf("%q is ready without a port", text)
		}
	})
}

package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A clock cannot be stepped for one process alone from outside: Go reads it without a system call, so libfaketime
// does not reach it. A longer run therefore builds the program with a standard library of its own, in which the
// wall clock, and not the monotonic one, moves by what a file says. The program's own code is untouched; building
// everything anew takes minutes, so a round of the usual tests leaves the steps out.

// stepFileEnv names that file to a program which was built so.
const stepFileEnv = "CLOCK_STEP_FILE"

const steppedClock = `package time

import (
	"sync/atomic"
	"syscall"
)

var stepSeconds atomic.Int64

// clockStep is by how many seconds the wall clock is off. Now is called where no system call may be made,
// so the file is read on the side.
func clockStep() int64 { return stepSeconds.Load() }

func init() {
	if file, _ := syscall.Getenv("` + stepFileEnv + `"); file != "" {
		go followSteps(file)
	}
}

func followSteps(file string) {
	for ; ; Sleep(20 * Millisecond) {
		fd, err := open(file)
		if err != nil {
			continue
		}
		buf := make([]byte, 16)
		n, _ := read(fd, buf)
		closefd(fd)
		said, sign := int64(0), int64(1)
		for _, c := range buf[:max(n, 0)] {
			switch {
			case c == '-':
				sign = -1
			case c >= '0' && c <= '9':
				said = 10*said + int64(c-'0')
			}
		}
		stepSeconds.Store(sign * said)
	}
}
`

// clockOverlay writes what go build -overlay wants for a program whose clock can be stepped.
func clockOverlay(dir string) (file string, err error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("find the standard library: %w", err)
	}
	folder := filepath.Join(strings.TrimSpace(string(root)), "src", "time")
	source, err := os.ReadFile(filepath.Join(folder, "time.go"))
	if err != nil {
		return "", fmt.Errorf("read the standard library: %w", err)
	}
	const before = "func Now() Time {\n\tsec, nsec, mono := runtimeNow()\n"
	stepped := strings.Replace(string(source), before, before+"\tsec += clockStep()\n", 1)
	if stepped == string(source) {
		return "", fmt.Errorf("the standard library of this Go reads its clock in another way")
	}
	files := map[string]string{"time.go": stepped, "step.go": steppedClock}
	replace := map[string]string{}
	for name, text := range files {
		replace[filepath.Join(folder, name)] = filepath.Join(dir, name)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	raw, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file = filepath.Join(dir, "overlay.json")
	return file, os.WriteFile(file, raw, 0o600)
}

// buildFlags are those of the program under test.
func buildFlags(dir string) ([]string, error) {
	if !stepped() {
		return nil, nil
	}
	overlay, err := clockOverlay(dir)
	return []string{"-overlay", overlay}, err
}

// stepped tells whether the program under test was built with such a clock.
func stepped() bool { return os.Getenv("CHAOS_FOR") != "" }

// TestTheOverlayFitsThisGo keeps the next version of Go from leaving the steps out unseen.
func TestTheOverlayFitsThisGo(t *testing.T) {
	t.Parallel()
	if _, err := clockOverlay(t.TempDir()); err != nil {
		t.Error(err)
	}
}

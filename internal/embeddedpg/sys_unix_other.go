//go:build unix && !linux

package embeddedpg

import (
	"os/exec"
	"strconv"
	"syscall"
)

// tieToParent does nothing: only Linux can signal a child when its parent
// dies. The next Start on the same data directory takes the server over.
func tieToParent(*syscall.SysProcAttr) {}

// commandLine returns a process's arguments, joined by blanks.
func commandLine(pid int) string {
	out, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return ""
	}
	return string(out)
}

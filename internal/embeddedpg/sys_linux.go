package embeddedpg

import (
	"bytes"
	"fmt"
	"os"
	"syscall"
)

// tieToParent shuts the server down when the thread that started it dies.
func tieToParent(attr *syscall.SysProcAttr) {
	attr.Pdeathsig = fastShutdown
}

// commandLine returns a process's arguments, joined by blanks.
func commandLine(pid int) string {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return ""
	}
	return string(bytes.ReplaceAll(raw, []byte{0}, []byte{' '}))
}

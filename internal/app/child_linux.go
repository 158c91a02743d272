package app

import (
	"os/exec"
	"runtime"
	"syscall"
)

// ownGroup gives the command a process group of its own, which the terminal's signals do not reach, and lets the
// kernel end it when the demo dies without a word.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
}

// runTied runs the command. The kernel watches the thread that started it, so that thread stays as long as it runs.
func runTied(cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return cmd.Run()
}

// endGroup ends what is left of the command's group.
func endGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it may be gone
	}
}

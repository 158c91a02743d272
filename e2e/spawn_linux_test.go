package e2e_test

import (
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// spawn starts a process that the kernel kills when this one dies, a timed-out test run included.
// The kernel watches the starting thread, so one thread that lives as long as the process starts all.
func spawn(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	done := make(chan error)
	spawner() <- func() { done <- cmd.Start() }
	return <-done
}

var spawner = sync.OnceValue(func() chan<- func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for start := range work {
			start()
		}
	}()
	return work
})

// mountSmall puts a file system of 2 MB in memory on a folder; it takes root.
func mountSmall(dir string) error {
	return syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m,mode=0700")
}

func unmount(dir string) error { return syscall.Unmount(dir, syscall.MNT_DETACH) }

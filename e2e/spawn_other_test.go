//go:build !linux

package e2e_test

import "os/exec"

func spawn(cmd *exec.Cmd) error { return cmd.Start() }

//go:build !linux

package e2e_test

import (
	"errors"
	"os/exec"
)

func spawn(cmd *exec.Cmd) error { return cmd.Start() }

func mountSmall(string) error { return errors.ErrUnsupported }

func unmount(string) error { return errors.ErrUnsupported }

//go:build !linux

package app

import "os/exec"

// ownGroup leaves the command in the demo's group: there the terminal's signals reach both.
func ownGroup(*exec.Cmd) {}

func runTied(cmd *exec.Cmd) error { return cmd.Run() }

func endGroup(*exec.Cmd) {}

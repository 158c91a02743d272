// Command withpg runs a command with a PostgreSQL server for its tests:
//
//	go run ./internal/testkit/withpg -- go test ./...
//
// The server's address is in TRACKBOT_TEST_PG. It starts empty and its data
// goes when the command ends, whose exit status is handed on. A server that
// TRACKBOT_TEST_PG names already is used instead.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"trackbot/internal/embeddedpg"
)

// Exit statuses of the shell: for a failure of our own, and for a command that
// a signal ended.
const (
	exitUsage    = 2
	exitOwn      = 125
	exitSignaled = 128
)

// variable is where package testkit looks for a server. It is not imported, so
// that this command builds while the product does not.
const variable = "TRACKBOT_TEST_PG"

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: withpg -- command [argument]...")
		return exitUsage
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	env := os.Environ()
	if os.Getenv(variable) == "" {
		server, err := embeddedpg.Start(context.Background(), embeddedpg.Config{Temp: true, Fast: true})
		if err != nil {
			fmt.Fprintln(os.Stderr, "withpg:", err)
			return exitOwn
		}
		defer stop(server)
		env = append(env, variable+"="+server.SuperuserURL("postgres"))
	}
	status, err := runCommand(args, env, signals)
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpg:", err)
	}
	return status
}

func stop(server *embeddedpg.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := server.Stop(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "withpg: stop the server:", err)
	}
}

// runCommand hands signals on to the command and waits for it, so that the
// server outlives it. A signal that came while the server started counts too.
func runCommand(args, env []string, signals <-chan os.Signal) (int, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = env
	if err := cmd.Start(); err != nil {
		return exitOwn, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case sig := <-signals:
			_ = cmd.Process.Signal(sig) // it may have ended meanwhile
		case err := <-ended:
			return exitStatus(err)
		}
	}
}

func exitStatus(err error) (int, error) {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		if err != nil {
			return exitOwn, err
		}
		return 0, nil
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitSignaled + int(status.Signal()), nil
	}
	return exit.ExitCode(), nil
}

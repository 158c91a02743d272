//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// asCommand makes the test program be withpg, with the arguments that follow.
const asCommand = "-as-withpg"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == asCommand {
		os.Exit(run(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// withpg prepares a call whose environment names the given server, or none.
func withpg(t *testing.T, server string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{asCommand}, args...)...)
	cmd.Env = slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, variable+"=")
	})
	if server != "" {
		cmd.Env = append(cmd.Env, variable+"="+server)
	}
	cmd.Stderr = os.Stderr
	return cmd
}

func exitCode(err error) int {
	if err == nil {
		return 0
	}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return -1
}

func TestServerLivesExactlyAsLongAsTheCommand(t *testing.T) {
	t.Parallel()
	cmd := withpg(t, "", "--", "sh", "-c", `echo "$TRACKBOT_TEST_PG"; read wait; exit 7`)
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address := strings.TrimSpace(line)
	if err := ping(t.Context(), address); err != nil {
		t.Errorf("no server while the command runs: %v", err)
	}
	if _, err := io.WriteString(input, "\n"); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(cmd.Wait()); code != 7 {
		t.Errorf("exit status %d, want the command's 7", code)
	}
	if err := ping(t.Context(), address); err == nil {
		t.Error("the server outlived the command")
	}
}

func ping(ctx context.Context, address string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func TestSignalsReachTheCommand(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		script string
		want   int
	}{
		{"a command that cleans up", `trap 'exit 5' TERM; echo ready; while :; do read -r wait || exit 9; done`, 5},
		{"a command that dies of it", `echo ready; read -r wait`, 128 + int(syscall.SIGTERM)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			cmd := withpg(t, "postgres://unused", "sh", "-c", tc.script)
			if _, err := cmd.StdinPipe(); err != nil {
				t.Fatal(err)
			}
			output, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if _, err := bufio.NewReader(output).ReadString('\n'); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if code := exitCode(cmd.Wait()); code != tc.want {
				t.Errorf("exit status %d, want %d", code, tc.want)
			}
		})
	}
}

func TestNamedServerIsHandedOn(t *testing.T) {
	t.Parallel()
	var output bytes.Buffer
	cmd := withpg(t, "postgres://somebody@192.0.2.1/else", "sh", "-c", `printf %s "$TRACKBOT_TEST_PG"`)
	cmd.Stdout = &output
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if got := output.String(); got != "postgres://somebody@192.0.2.1/else" {
		t.Errorf("the command sees %q", got)
	}
}

func TestWrongUseIsToldFromTheCommandsFailure(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		args []string
		want int
	}{
		{nil, exitUsage},
		{[]string{"--"}, exitUsage},
		{[]string{"--", "/no/such/command"}, exitOwn},
	} {
		var messages bytes.Buffer
		cmd := withpg(t, "postgres://unused", tc.args...)
		cmd.Stderr = &messages
		if code := exitCode(cmd.Run()); code != tc.want || messages.Len() == 0 {
			t.Errorf("%q: exit status %d, want %d; says %q", tc.args, code, tc.want, messages.String())
		}
	}
}

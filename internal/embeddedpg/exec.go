package embeddedpg

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"time"
)

// command runs one of PostgreSQL's programs as the account, in a folder that
// it can enter, with messages in English.
func (a account) command(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = serverEnv()
	cmd.SysProcAttr = a.credential()
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// serverEnv hands on only what the programs need: the launcher's environment
// may hold secrets that are none of the server's business.
func serverEnv() []string {
	env := []string{"LC_ALL=C", "TZ=UTC"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// selfCommand runs a program as the launcher's own user, with its environment.
func selfCommand(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// tail returns the last lines of a program's output.
func tail(output string, lines int) string {
	all := strings.Split(strings.TrimSpace(output), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

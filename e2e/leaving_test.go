package e2e_test

import (
	"archive/zip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trackbot/internal/sim"
)

// A tenant that is deleted by the running services: the bot leaves, nothing remains, and the guild may begin anew.
func TestOperatorArchivesAndDeletesATenantAndThePeopleGo(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{})
	s.join(t)
	for _, service := range []string{"api", "worker", "notifier"} {
		s.start(t, service)
	}
	s.signIn(t, owner)
	env := map[string]string{"DATABASE_URL": s.env["DATABASE_URL"]}
	file := filepath.Join(t.TempDir(), "all.zip")
	run := func(code int, says string, args ...string) {
		t.Helper()
		got, out, errOut := execute(t, env, append([]string{"admin"}, args...)...)
		if got != code || !strings.Contains(out+errOut, says) {
			t.Errorf("%v: exit %d, want %d and %q: %s%s", args, got, code, says, out, errOut)
		}
	}
	run(0, "written to", "client", "archive", guildID, file)
	if packed, err := zip.OpenReader(file); err != nil || len(packed.File) < 15 {
		t.Errorf("archive: %v", err)
	} else if err := packed.Close(); err != nil {
		t.Error(err)
	}
	run(1, "file exists", "client", "archive", guildID, file)
	run(1, "not known", "client", "archive", "499999999999999999", file+"2")
	run(1, "must be its name", "client", "delete", guildID, "--confirm", "Else")
	run(0, "everything is deleted from", "client", "delete", guildID, "--confirm", "harbour studio")
	run(0, "nothing will be deleted", "client", "keep", guildID)
	run(1, "No deletion is planned", "client", "keep", guildID)
	run(0, "everything is deleted from", "client", "delete", guildID, "--confirm", "Harbour Studio", "--now")
	awaitFor(t, 3*time.Minute, "the tenant to be gone", func() bool { return s.count(t, `SELECT count(*) FROM clients`) == 0 })
	if n := s.count(t, `SELECT count(*) FROM erased_clients WHERE requested_by = 'operator'`); n != 1 {
		t.Errorf("the deletion is noted %d times", n)
	}
	if n := s.count(t, `SELECT count(*) FROM user_guilds`); n != 0 {
		t.Errorf("%d people are still members of it", n)
	}
	if err := s.sim.InviteBot(guildID); err != nil {
		t.Fatalf("the bot has not left: %v", err)
	}
	await(t, "the guild to begin anew", func() bool { return s.count(t, `SELECT count(*) FROM clients WHERE removed_at IS NULL`) == 1 })
	run(0, "account and sessions are gone", "user", "delete", owner)
	if n := s.count(t, `SELECT count(*) FROM users`); n != 0 {
		t.Errorf("%d people have an account", n)
	}
}

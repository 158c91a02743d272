package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The log is archived whole, once, and never over what another server archived.
func TestArchivedLogIsWholeAndNeverOverwritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	segment, archive := filepath.Join(dir, "segment"), filepath.Join(dir, "archive")
	put := func(content string) {
		t.Helper()
		if err := os.WriteFile(segment, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func() error {
		return exec.Command("sh", "backup/archive-wal.sh", segment, "000000010000000000000001", archive).Run()
	}
	put("first")
	for range 2 { // the second time after a crash between the copy and PostgreSQL's note of it
		if err := run(); err != nil {
			t.Fatal(err)
		}
	}
	put("other")
	if err := run(); err == nil {
		t.Error("another server's segment is overwritten")
	}
	if got := text(t, filepath.Join(archive, "000000010000000000000001")); got != "first" {
		t.Errorf("the archive holds %q", got)
	}
	entries, err := os.ReadDir(archive)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// Debian's package of the server has pg_verifybackup and pg_archivecleanup outside the path.
func TestBackupUsesTheProgramsOfItsServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := filepath.Join(dir, "server")
	program := func(folder, name, body string) {
		t.Helper()
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	program(dir, "psql", "echo "+server)
	program(server, "pg_basebackup", `for arg; do case $arg in --pgdata=*) mkdir -p "${arg#*=}"; echo "START WAL LOCATION: 0/2000028 (file 000000010000000000000002)" >"${arg#*=}/backup_label" ;; esac; done`)
	program(server, "pg_verifybackup", "exit 0")
	program(server, "pg_archivecleanup", `echo "$2" >`+filepath.Join(dir, "cleaned"))
	backup := filepath.Join(dir, "backup")
	if err := os.MkdirAll(filepath.Join(backup, "wal"), 0o700); err != nil {
		t.Fatal(err)
	}
	run := exec.Command("sh", "backup/base-backup.sh")
	run.Env = append(os.Environ(), "BACKUP="+backup, "PATH="+dir+":/usr/bin:/bin")
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got := text(t, filepath.Join(dir, "cleaned")); got != "000000010000000000000002\n" {
		t.Errorf("the log is kept from %q on", got)
	}
}

func TestRestoreOverwritesNothingAndWantsAZone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "PG_VERSION"), []byte("18"), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "data")
	for _, tc := range []struct {
		target, until string
		restores      bool
	}{
		{dir, "", false},
		{empty, "2026-11-23 06:00:00", false},
		{empty, "2026-11-23 06:00:00+00", true},
	} {
		err := exec.Command("sh", "backup/restore.sh", dir, dir, tc.target, tc.until).Run()
		if (err == nil) != tc.restores {
			t.Errorf("to %s until %q: %v", tc.target, tc.until, err)
		}
	}
	if _, err := os.Stat(filepath.Join(empty, "recovery.signal")); err != nil {
		t.Error(err)
	}
}

// Secrets that are there stay, whatever is run again.
func TestSecretsAreKeptAndReadableByTheirOwnerAlone(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Fatal("secrets.sh needs openssl: ", err)
	}
	dir := filepath.Join(t.TempDir(), "secrets")
	run := func() {
		t.Helper()
		if out, err := exec.Command("sh", "secrets.sh", dir).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	run()
	first := text(t, filepath.Join(dir, "jwt_secret"))
	run()
	if again := text(t, filepath.Join(dir, "jwt_secret")); again != first || len(first) < 64 {
		t.Errorf("the signing secret changes, or is short: %d and %d bytes", len(first), len(again))
	}
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is open: %v, %v", info.Mode(), err)
	}
	for _, name := range made(t) {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

package embeddedpg

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// cluster is a data directory on disk, whether a server runs on it or not.
type cluster struct {
	dir string
	who account
}

func (c cluster) data() string     { return filepath.Join(c.dir, "data") }
func (c cluster) logFile() string  { return filepath.Join(c.dir, "postgres.log") }
func (c cluster) lockFile() string { return filepath.Join(c.dir, "lock") }

// credentials are the passwords of the two login roles.
type credentials struct {
	Superuser string `json:"superuser"`
	Owner     string `json:"owner"`
}

// major returns the major version that made the data, 0 when there is none.
func (c cluster) major() (int, error) {
	raw, err := os.ReadFile(filepath.Join(c.data(), "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read data version: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	if err != nil {
		return 0, fmt.Errorf("read data version: %w", err)
	}
	return major, nil
}

// credentials reads the passwords; only a cluster without data gets new ones.
func (c cluster) credentials(hasData bool) (credentials, error) {
	path := filepath.Join(c.dir, "credentials.json")
	var cred credentials
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !hasData {
		return c.newCredentials(path)
	}
	if err != nil {
		return cred, fmt.Errorf("read the passwords of the data in %s: %w", c.dir, err)
	}
	if err := json.Unmarshal(raw, &cred); err != nil || cred.Superuser == "" || cred.Owner == "" {
		return cred, fmt.Errorf("read the passwords of the data in %s: %s is damaged", c.dir, path)
	}
	return cred, nil
}

func (c cluster) newCredentials(path string) (credentials, error) {
	cred := credentials{Superuser: newPassword(), Owner: newPassword()}
	raw, err := json.Marshal(cred)
	if err != nil {
		return cred, err
	}
	draft := path + ".new"
	if err := os.WriteFile(draft, append(raw, '\n'), 0o600); err != nil {
		return cred, fmt.Errorf("keep passwords: %w", err)
	}
	if err := os.Rename(draft, path); err != nil {
		return cred, fmt.Errorf("keep passwords: %w", err)
	}
	return cred, nil
}

// newPassword returns 256 random bits in hex, which no quoting can hurt.
func newPassword() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	return hex.EncodeToString(raw)
}

// initdb makes the data beside its place and moves it there when it is whole,
// so that an interrupted attempt is never mistaken for data.
func (c cluster) initdb(ctx context.Context, pg programs, cred credentials, fast bool) error {
	draft := filepath.Join(c.dir, "data.new")
	if err := os.RemoveAll(draft); err != nil {
		return fmt.Errorf("clear unfinished data: %w", err)
	}
	if err := os.Mkdir(draft, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	passwords := filepath.Join(c.dir, "password.new")
	defer func() { _ = os.Remove(passwords) }()
	if err := os.WriteFile(passwords, []byte(cred.Superuser+"\n"), 0o600); err != nil {
		return fmt.Errorf("hand password over: %w", err)
	}
	for _, path := range []string{draft, passwords} {
		if err := c.who.own(path); err != nil {
			return err
		}
	}
	args := []string{
		"--pgdata", draft, "--username", superuser, "--pwfile", passwords,
		"--auth", "scram-sha-256", "--encoding", "UTF8", "--no-instructions",
	}
	if fast {
		args = append(args, "--no-sync")
	}
	if err := c.runInitdb(ctx, pg, args); err != nil {
		return err
	}
	if err := os.Rename(draft, c.data()); err != nil {
		return fmt.Errorf("keep data: %w", err)
	}
	return nil
}

// runInitdb sorts text by bytes and knows Unicode's letters, wherever it runs:
// PostgreSQL's own C.UTF-8 since 17, before that the system's if it has one.
func (c cluster) runInitdb(ctx context.Context, pg programs, args []string) error {
	locales := [][]string{{"--locale=C.UTF-8"}, {"--locale=C"}}
	if pg.major >= 17 {
		locales = [][]string{{"--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"}}
	}
	var out []byte
	var err error
	for _, locale := range locales {
		cmd := c.who.command(ctx, c.dir, filepath.Join(pg.dir, "initdb"), append(args, locale...)...)
		if out, err = cmd.CombinedOutput(); err == nil {
			return nil
		}
		if !strings.Contains(string(out), "invalid locale name") {
			break
		}
	}
	return fmt.Errorf("run initdb: %w: %s", err, tail(string(out), 5))
}

// own gives a file to the account when the launcher is another user.
func (a account) own(path string) error {
	if !a.drop {
		return nil
	}
	if err := os.Chown(path, int(a.uid), int(a.gid)); err != nil {
		return fmt.Errorf("give %s to user %s: %w", path, a.name, err)
	}
	return nil
}

package embeddedpg

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// account is the operating system user that the server runs as. drop says that
// the launcher is root and its children must change to this user.
type account struct {
	uid, gid uint32
	name     string
	drop     bool
}

// DefaultDir returns the demo's data directory: .trackbot/pg beside the
// working directory. A root user whose working directory the server's user
// cannot enter (such as one below /root) gets a folder of its own per working
// directory in /var/lib/trackbot instead.
func DefaultDir() (string, error) {
	who, err := serverAccount()
	if err != nil {
		return "", err
	}
	wd, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find working directory: %w", err)
	}
	return defaultDir(wd, who), nil
}

func defaultDir(wd string, who account) string {
	dir := filepath.Join(wd, ".trackbot", "pg")
	if reach(dir, who) == nil {
		return dir
	}
	sum := sha256.Sum256([]byte(wd))
	name := filepath.Base(wd) + "-" + hex.EncodeToString(sum[:4])
	return filepath.Join("/var/lib/trackbot", name, "pg")
}

// defaultCacheDir returns where downloaded programs are kept between runs:
// the user's cache folder, or root's shared one when the server's user could
// not enter that.
func defaultCacheDir(who account) string {
	if base, err := os.UserCacheDir(); err == nil {
		dir := filepath.Join(base, "trackbot", "postgres")
		if reach(dir, who) == nil {
			return dir
		}
	}
	if who.drop {
		return "/var/cache/trackbot/postgres"
	}
	return filepath.Join(os.TempDir(), "trackbot-cache-"+strconv.Itoa(os.Getuid()), "postgres")
}

// tempDir makes an empty directory that the server's user can enter.
func tempDir(who account) (string, error) {
	base := os.TempDir()
	if reach(base, who) != nil {
		base = "/var/tmp"
	}
	dir, err := os.MkdirTemp(base, tempPrefix)
	if err != nil {
		return "", fmt.Errorf("make temporary directory: %w", err)
	}
	if err := os.Chmod(dir, dirMode(who)); err != nil {
		return "", fmt.Errorf("open temporary directory: %w", err)
	}
	return dir, nil
}

// reach tells why the account cannot get to dir, which need not exist yet:
// every existing folder on the way must let it pass.
func reach(dir string, who account) error {
	if !who.drop {
		return nil
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	real, err := filepath.EvalSymlinks(path)
	for errors.Is(err, fs.ErrNotExist) && path != filepath.Dir(path) {
		path = filepath.Dir(path)
		real, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return fmt.Errorf("look at %s: %w", path, err)
	}
	for p := real; ; p = filepath.Dir(p) {
		info, err := os.Stat(p)
		if err != nil {
			return err
		}
		if info.IsDir() && !who.mayEnter(info) {
			return fmt.Errorf("user %s, whom the server runs as, may not enter %s", who.name, p)
		}
		if p == filepath.Dir(p) {
			return nil
		}
	}
}

// makeDirs is os.MkdirAll whose new folders the account can enter whatever the
// umask is. Existing folders are left as they are.
func makeDirs(dir string, who account) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if parent := filepath.Dir(dir); parent != dir {
		if err := makeDirs(parent, who); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, dirMode(who)); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil
		}
		return err
	}
	return os.Chmod(dir, dirMode(who))
}

func dirMode(who account) fs.FileMode {
	if who.drop {
		return 0o755
	}
	return 0o700
}

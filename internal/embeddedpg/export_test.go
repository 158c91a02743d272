//go:build unix

package embeddedpg

import (
	"context"
	"log/slog"
)

// Places is a finder's list of places; the empty ones are not searched.
type Places struct {
	BinDir, Cache, NPM string
	Modules, System    []string
	Integrity          string // empty: the pinned one
	Platform           string // empty: the running one
	Major              int
}

// Find runs the search over the given places alone.
func Find(ctx context.Context, at Places) (dir, source string, err error) {
	who, err := serverAccount()
	if err != nil {
		return "", "", err
	}
	if at.Platform == "" {
		at.Platform = platform()
	}
	pkg := packageFor(at.Platform)
	if at.Integrity != "" {
		pkg.integrity = at.Integrity
	}
	f := &finder{
		who: who, log: slog.New(slog.DiscardHandler), major: at.Major, binDir: at.BinDir,
		cache: at.Cache, modules: at.Modules, npm: at.NPM, pkg: pkg, system: at.System,
	}
	p, err := f.find(ctx)
	return p.dir, p.source, err
}

func Platform() string                    { return platform() }
func PackageHome() string                 { return packageFor(platform()).home("") }
func SystemDirs() []string                { return systemDirs() }
func (s *Server) PID() int                { return s.pid }
func (s *Server) Dir() string             { return s.cluster.dir }
func Unpack(tgz, dir string) error        { return unpack(tgz, dir) }
func HydrateLinks(native string) error    { return hydrateLinks(native) }
func ParseMajor(text string) (int, error) { return parseMajor(text) }

func SweepTemp() { sweepTemp(slog.New(slog.DiscardHandler)) }

// ServerUser returns the ids that the server runs as.
func ServerUser() (uid, gid uint32, drop bool) {
	who, err := serverAccount()
	if err != nil {
		panic(err)
	}
	return who.uid, who.gid, who.drop
}

// DefaultDirFor is DefaultDir for root, whose server runs as uid.
func DefaultDirFor(wd string, uid uint32) string {
	return defaultDir(wd, account{uid: uid, gid: uid, name: "server", drop: true})
}

func ParsePidFile(text string) (pid, port int, ready bool, err error) {
	p, err := parsePidFile(text)
	return p.pid, p.port, p.ready, err
}

// Orphan forgets the server as a launcher's death would.
func (s *Server) Orphan() {
	s.stop.Do(func() {})
	_ = s.lock.Close()
}

// Serves reports whether the process is a live postmaster on the directory;
// a dead one that nobody has reaped yet is not.
func Serves(dir string, pid int) bool { return cluster{dir: dir}.serves(pid) }

// MakeDir makes a folder that the server's user can enter.
func MakeDir(dir string) error {
	who, err := serverAccount()
	if err != nil {
		return err
	}
	return makeDirs(dir, who)
}

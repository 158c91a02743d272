package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const (
	superuser = "postgres"
	owner     = "trackbot" // the role and the database
)

// Config says which data to serve and how. Either DataDir or Temp is needed.
type Config struct {
	DataDir  string       // made when it is missing, see [DefaultDir]
	Temp     bool         // new data in a temporary directory, removed by Stop
	CacheDir string       // downloaded programs; empty: the user's cache folder
	BinDir   string       // programs to use; empty: TRACKBOT_PG_BIN, then the search
	Port     int          // on 127.0.0.1; 0: any free one
	Fast     bool         // for tests: no care for crashes of the machine, 300 connections
	Logger   *slog.Logger // nil: silent
}

// Server is a running PostgreSQL. Its methods may be called concurrently.
type Server struct {
	cluster cluster
	cred    credentials
	port    int
	pid     int
	temp    bool
	lock    *os.File // nil: another process owns the server
	child   *child   // nil: this process did not start it
	log     *slog.Logger

	stop    sync.Once
	stopErr error
}

// errLocked says that another process holds a lock.
var errLocked = errors.New("locked by another process")

// Start returns once the server answers and the role and the database
// "trackbot" exist. If a live server is found on the data directory, it is
// shared. The context limits the start alone, not the server's life.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute) // a download included
	defer cancel()
	s, err := prepare(cfg)
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	if err := s.open(ctx, cfg); err != nil {
		s.release()
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	return s, nil
}

// prepare makes the directory and settles the user to run as.
func prepare(cfg Config) (*Server, error) {
	if (cfg.DataDir == "") != cfg.Temp {
		return nil, errors.New("config needs either DataDir or Temp")
	}
	who, err := serverAccount()
	if err != nil {
		return nil, err
	}
	dir := cfg.DataDir
	if cfg.Temp {
		sweepTemp(cfg.Logger)
		if dir, err = tempDir(who); err != nil {
			return nil, err
		}
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	if err := makeDirs(dir, who); err != nil {
		return nil, fmt.Errorf("make data directory: %w", err)
	}
	c := cluster{dir: dir, who: who}
	if info, err := os.Stat(c.data()); err == nil && who.drop {
		if other, ok := ownerOf(info); ok {
			c.who = other
		}
	}
	if err := reach(dir, c.who); err != nil {
		return nil, err
	}
	return &Server{cluster: c, temp: cfg.Temp, log: cfg.Logger}, nil
}

// open becomes the owner of the directory, or a guest of its running server.
func (s *Server) open(ctx context.Context, cfg Config) error {
	for {
		lock, err := tryLock(s.cluster.lockFile())
		switch {
		case err == nil:
			s.lock = lock
			return s.own(ctx, cfg)
		case !errors.Is(err, errLocked):
			return fmt.Errorf("lock data directory: %w", err)
		}
		found, err := s.join(ctx, cfg)
		if found || err != nil {
			return err
		}
		if err := pause(ctx); err != nil {
			return fmt.Errorf("%s is in use by another process, whose server does not answer: %w", s.cluster.dir, err)
		}
	}
}

// own serves the directory, whose lock is held. A server that outlived its
// launcher is taken over.
func (s *Server) own(ctx context.Context, cfg Config) error {
	major, err := s.cluster.major()
	if err != nil {
		return err
	}
	if s.cred, err = s.cluster.credentials(major != 0); err != nil {
		return err
	}
	if major != 0 {
		if found, err := s.takeOver(ctx, cfg); found || err != nil {
			return err
		}
	}
	pg, err := newFinder(cfg, s.cluster.who, major).find(ctx)
	if err != nil {
		return err
	}
	if major == 0 {
		if err := s.cluster.initdb(ctx, pg, s.cred, cfg.Fast); err != nil {
			return err
		}
	}
	if err := s.launch(ctx, cfg, pg); err != nil {
		return err
	}
	if err := s.ensureOwner(ctx); err != nil {
		return errors.Join(err, s.Stop(context.WithoutCancel(ctx)))
	}
	return nil
}

// takeOver joins a running server, and clears away what a dead one left.
func (s *Server) takeOver(ctx context.Context, cfg Config) (bool, error) {
	for {
		pidFile, err := s.cluster.readPidFile()
		if err != nil || pidFile.pid == 0 {
			return false, err
		}
		if !s.cluster.serves(pidFile.pid) {
			return false, s.cluster.disarmPidFile(pidFile)
		}
		found, err := s.join(ctx, cfg)
		if found || err != nil {
			return found, err
		}
		if err := pause(ctx); err != nil {
			return false, fmt.Errorf("the server with process id %d on %s does not answer: %w",
				pidFile.pid, s.cluster.dir, err)
		}
	}
}

// join uses the server that runs on the directory, if there is one that is
// ready and takes the directory's password.
func (s *Server) join(ctx context.Context, cfg Config) (bool, error) {
	pidFile, err := s.cluster.readPidFile()
	if err != nil || !pidFile.ready || !s.cluster.serves(pidFile.pid) {
		return false, err
	}
	if s.cred, err = s.cluster.credentials(true); err != nil {
		return false, err
	}
	s.pid, s.port = pidFile.pid, pidFile.port
	err = s.ensureOwner(ctx)
	if refused := (*pgconn.PgError)(nil); errors.As(err, &refused) && refused.Code == "28P01" {
		return false, fmt.Errorf("the server on %s does not take the password kept with its data: %w", s.cluster.dir, err)
	}
	if err != nil {
		s.log.Debug("postgres does not answer yet", "pid", s.pid, "error", err.Error())
		return false, nil
	}
	if cfg.Port != 0 && cfg.Port != s.port {
		return false, fmt.Errorf("a server already runs on %s, on port %d instead of %d", s.cluster.dir, s.port, cfg.Port)
	}
	s.log.Info("postgres shared", "dir", s.cluster.dir, "port", s.port, "pid", s.pid, "owned", s.lock != nil)
	return true, nil
}

// SuperuserURL is the address of a database for the role postgres.
func (s *Server) SuperuserURL(database string) string {
	return s.url(superuser, s.cred.Superuser, database)
}

// OwnerURL is a DATABASE_URL: the database trackbot for the role trackbot,
// which owns it and may create roles, but is no superuser.
func (s *Server) OwnerURL() string {
	return s.url(owner, s.cred.Owner, owner)
}

func (s *Server) url(user, password, database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(user, password),
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Owned tells whether the server is this process's own, not shared with another that owns it.
func (s *Server) Owned() bool { return s.lock != nil }

// Stop shuts the server down and waits for its end; sessions are cut and
// everything committed is kept. When the context ends first, the server is
// made to stop without its closing checkpoint. A server that another process
// owns is left running. Further calls return the first one's result.
func (s *Server) Stop(ctx context.Context) error {
	s.stop.Do(func() {
		if s.lock != nil {
			s.stopErr = s.shutDown(ctx)
		}
		s.release()
	})
	return s.stopErr
}

func (s *Server) shutDown(ctx context.Context) error {
	started := time.Now()
	if err := signalProcess(s.pid, fastShutdown); err != nil {
		return err
	}
	if s.waitEnd(ctx) != nil {
		if err := signalProcess(s.pid, immediateShutdown); err != nil {
			return err
		}
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if s.waitEnd(late) != nil {
			return errors.Join(errors.New("the server did not stop: killed"), signalProcess(s.pid, syscall.SIGKILL))
		}
	}
	s.log.Info("postgres stopped", "dir", s.cluster.dir, "seconds", time.Since(started).Seconds())
	return nil
}

// waitEnd waits for the postmaster, its backends included.
func (s *Server) waitEnd(ctx context.Context) error {
	if s.child != nil {
		select {
		case <-s.child.done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for s.cluster.serves(s.pid) {
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}

// release gives up what the server holds besides its process.
func (s *Server) release() {
	if s.temp {
		if err := os.RemoveAll(s.cluster.dir); err != nil {
			s.log.Warn("temporary data not removed", "dir", s.cluster.dir, "error", err.Error())
		}
	}
	if s.lock != nil {
		_ = s.lock.Close()
	}
}

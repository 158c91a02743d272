//go:build unix

package embeddedpg_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"trackbot/internal/embeddedpg"
)

func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == launcherMode {
		runLauncher(os.Args[2])
		return
	}
	goleak.VerifyTestMain(m)
}

func start(t *testing.T, cfg embeddedpg.Config) *embeddedpg.Server {
	t.Helper()
	s, err := embeddedpg.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *embeddedpg.Server) {
	t.Helper()
	if err := s.Stop(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func exec(t *testing.T, url, sql string) {
	t.Helper()
	conn := connect(t, url)
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	_ = conn.Close(t.Context())
}

func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn := connect(t, url)
	var text string
	if err := conn.QueryRow(t.Context(), sql).Scan(&text); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	_ = conn.Close(t.Context())
	return text
}

// eventually waits for something that another process is about to do.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(15 * time.Second)
	for !done() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// Without a cache the programs come from npm or, where npm cannot deliver,
// from the system: a machine with either has its database.
func TestColdStartWithAnEmptyCache(t *testing.T) {
	t.Parallel()
	base := tempDir(t)
	cache := filepath.Join(base, "cache")
	began := time.Now()
	s := start(t, embeddedpg.Config{DataDir: filepath.Join(base, "pg"), CacheDir: cache, BinDir: ""})
	cold := time.Since(began)
	version := query(t, s.OwnerURL(), "SHOW server_version")
	_, err := os.Stat(filepath.Join(cache, embeddedpg.PackageHome(), "bin", "postgres"))
	t.Logf("PostgreSQL %s was up after %s; from npm: %t", version, cold.Round(time.Millisecond), err == nil)
	if err == nil && !strings.HasPrefix(version, "18.4") {
		t.Errorf("npm's package is PostgreSQL %s, want 18.4", version)
	}
	stop(t, s)
	began = time.Now()
	start(t, embeddedpg.Config{DataDir: filepath.Join(base, "pg"), CacheDir: cache})
	t.Logf("warm start: %s", time.Since(began).Round(time.Millisecond))
}

func TestRestartKeepsDataAndPasswords(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(tempDir(t), "pg")
	s := start(t, embeddedpg.Config{DataDir: dir})
	exec(t, s.OwnerURL(), "CREATE TABLE kept AS SELECT 'here' AS v")
	first := strings.Split(s.OwnerURL(), "@")[0]
	stop(t, s)
	if embeddedpg.Serves(dir, s.PID()) {
		t.Error("the server outlived Stop")
	}

	s = start(t, embeddedpg.Config{DataDir: dir})
	if got := query(t, s.OwnerURL(), "SELECT v FROM kept"); got != "here" {
		t.Errorf("got %q back", got)
	}
	if again := strings.Split(s.OwnerURL(), "@")[0]; again != first {
		t.Error("the owner's password changed")
	}
	info, err := os.Stat(filepath.Join(dir, "credentials.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("passwords are kept with %v, %v; want 0600", info.Mode(), err)
	}
}

func TestOwnerIsNoSuperuserAndMakesRoles(t *testing.T) {
	t.Parallel()
	s := start(t, embeddedpg.Config{Temp: true, Fast: true})
	got := query(t, s.OwnerURL(), `SELECT concat_ws(' ', rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,
		pg_get_userbyid(datdba), current_setting('server_encoding'), lower('ÉÖ'))
		FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()`)
	if got != "f t f f trackbot UTF8 éö" {
		t.Errorf("owner is %q", got)
	}
	exec(t, s.OwnerURL(), "CREATE ROLE some_service NOLOGIN")
}

func TestKilledPostmasterDoesNotBlockTheNextStart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(tempDir(t), "pg")
	s := start(t, embeddedpg.Config{DataDir: dir})
	exec(t, s.OwnerURL(), "CREATE TABLE kept AS SELECT 'here' AS v")
	busy := connect(t, s.OwnerURL()) // a backend that must notice the death first
	if err := syscall.Kill(s.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the postmaster's death", func() bool { return !embeddedpg.Serves(dir, s.PID()) })
	stop(t, s)
	if _, err := os.Stat(filepath.Join(dir, "data", "postmaster.pid")); err != nil {
		t.Fatalf("the test needs a stale postmaster.pid: %v", err)
	}
	_ = busy.Close(t.Context())

	s = start(t, embeddedpg.Config{DataDir: dir})
	if got := query(t, s.OwnerURL(), "SELECT v FROM kept"); got != "here" {
		t.Errorf("got %q back", got)
	}
}

func TestStalePidFileOfAnotherProgramDoesNotBlock(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(tempDir(t), "pg")
	s := start(t, embeddedpg.Config{DataDir: dir, Fast: true})
	stop(t, s)
	stranger := sleeper(t) // of the server's user, whose ids PostgreSQL takes seriously
	uid, gid, drop := embeddedpg.ServerUser()
	path := filepath.Join(dir, "data", "postmaster.pid")
	content := strconv.Itoa(stranger) + "\n" + filepath.Join(dir, "data") + "\n1700000000\n5432\n\n127.0.0.1\n  1234567 1\nready\n"
	writeFile(t, path, content, 0o600)
	if drop {
		if err := os.Chown(path, int(uid), int(gid)); err != nil {
			t.Fatal(err)
		}
	}
	s = start(t, embeddedpg.Config{DataDir: dir, Fast: true})
	if !s.Owned() || s.PID() == stranger {
		t.Errorf("took process %d for the server", stranger)
	}
}

func TestSecondStartSharesTheServer(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(tempDir(t), "pg")
	servers := make([]*embeddedpg.Server, 4)
	var group sync.WaitGroup
	for i := range servers { // all at once on an empty directory
		group.Go(func() {
			s, err := embeddedpg.Start(t.Context(), embeddedpg.Config{DataDir: dir, Fast: true})
			if err != nil {
				t.Error(err)
				return
			}
			servers[i] = s
		})
	}
	group.Wait()
	if t.Failed() {
		return
	}
	var owner *embeddedpg.Server
	for _, s := range servers {
		if s.OwnerURL() != servers[0].OwnerURL() {
			t.Error("two servers on one directory")
		}
		if s.Owned() {
			owner = s
			continue
		}
		stop(t, s)
	}
	query(t, owner.OwnerURL(), "SELECT 'still up'")
	port, err := strconv.Atoi(query(t, owner.OwnerURL(), "SHOW port"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = embeddedpg.Start(t.Context(), embeddedpg.Config{DataDir: dir, Port: port + 1})
	if err == nil || !strings.Contains(err.Error(), "already runs") {
		t.Errorf("another port on a running server: %v", err)
	}
	stop(t, owner)
}

func TestListensOnLoopbackWithPasswordsOnly(t *testing.T) {
	t.Parallel()
	s := start(t, embeddedpg.Config{Temp: true, Fast: true})
	port := query(t, s.OwnerURL(), "SHOW port")
	sockets := query(t, s.SuperuserURL("postgres"), "SHOW unix_socket_directories")
	if sockets != "" {
		t.Errorf("Unix sockets in %q", sockets)
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range addrs {
		prefix, ok := addr.(*net.IPNet)
		if !ok || prefix.IP.Equal(net.IPv4(127, 0, 0, 1)) || prefix.IP.IsLinkLocalUnicast() {
			continue
		}
		conn, err := net.DialTimeout("tcp", net.JoinHostPort(prefix.IP.String(), port), 2*time.Second)
		if err == nil {
			_ = conn.Close()
			t.Errorf("listens on %s too", prefix.IP)
		}
	}
	wrong := strings.Replace(s.OwnerURL(), "trackbot:", "trackbot:x", 1)
	if conn, err := pgx.Connect(t.Context(), wrong); err == nil {
		_ = conn.Close(t.Context())
		t.Error("a wrong password was let in")
	}
}

func TestWantedPortIsUsedOrRefused(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	dir := filepath.Join(tempDir(t), "pg")
	_, err = embeddedpg.Start(t.Context(), embeddedpg.Config{DataDir: dir, Fast: true, Port: port})
	if err == nil || !strings.Contains(err.Error(), "could not bind") {
		t.Errorf("error %v does not tell that the port is taken", err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	s := start(t, embeddedpg.Config{DataDir: dir, Fast: true, Port: port})
	if got := query(t, s.OwnerURL(), "SHOW port"); got != strconv.Itoa(port) {
		t.Errorf("port %s, want %d", got, port)
	}
}

func TestTemporaryDataGoesWithItsServer(t *testing.T) {
	t.Parallel()
	s := start(t, embeddedpg.Config{Temp: true, Fast: true})
	if _, err := os.Stat(s.Dir()); err != nil {
		t.Fatal(err)
	}
	if got := query(t, s.OwnerURL(), "SHOW max_connections"); got != "300" {
		t.Errorf("max_connections %s, want 300", got)
	}
	stop(t, s)
	if _, err := os.Stat(s.Dir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("temporary data is still there: %v", err)
	}
}

func TestStopCutsSessionsThatStayOpen(t *testing.T) {
	t.Parallel()
	s := start(t, embeddedpg.Config{Temp: true, Fast: true})
	conn := connect(t, s.OwnerURL())
	if _, err := conn.Exec(t.Context(), "BEGIN; CREATE TABLE open (v int)"); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	stop(t, s)
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("Stop took %s with an open transaction", took)
	}
}

// The system's own server is used as it is; where there is none, the package's
// programs stand in for it as an installed version.
func TestServerOfTheSystem(t *testing.T) {
	t.Parallel()
	base := tempDir(t)
	dir, source, err := embeddedpg.Find(t.Context(), embeddedpg.Places{
		Cache: filepath.Join(base, "none"), NPM: filepath.Join(base, "no-npm"), System: embeddedpg.SystemDirs(),
	})
	if err != nil {
		t.Logf("no system server: %v", err)
		whole := start(t, embeddedpg.Config{Temp: true, Fast: true})
		version := query(t, whole.OwnerURL(), "SHOW server_version")
		t.Logf("PostgreSQL %s came from elsewhere", version)
		return
	}
	if source != "system" {
		t.Fatalf("source %q", source)
	}
	data := filepath.Join(base, "pg")
	s := start(t, embeddedpg.Config{DataDir: data, BinDir: dir, Fast: true})
	t.Logf("PostgreSQL %s in %s", query(t, s.OwnerURL(), "SHOW server_version"), dir)
	if got := query(t, s.OwnerURL(), "SELECT lower('ÉÖ')"); got != "éö" {
		t.Errorf("lower() knows no letters beyond ASCII: %q", got)
	}
	stop(t, s)
	start(t, embeddedpg.Config{DataDir: data, Fast: true}) // the search must find the data's version again
}

func TestDataWithoutItsPasswordsIsRefused(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(tempDir(t), "pg")
	s := start(t, embeddedpg.Config{DataDir: dir, Fast: true})
	stop(t, s)
	if err := os.Remove(filepath.Join(dir, "credentials.json")); err != nil {
		t.Fatal(err)
	}
	_, err := embeddedpg.Start(t.Context(), embeddedpg.Config{DataDir: dir})
	if err == nil || !strings.Contains(err.Error(), "passwords") {
		t.Errorf("error %v does not tell what is missing", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "data", "PG_VERSION")); err != nil {
		t.Errorf("the data is gone: %v", err)
	}
}

func TestUnfinishedInitIsDoneAgain(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(tempDir(t), "pg")
	if err := embeddedpg.MakeDir(dir); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "data.new", "PG_VERSION"), "18\n", 0o600)
	s := start(t, embeddedpg.Config{DataDir: dir, Fast: true})
	query(t, s.OwnerURL(), "SELECT 'up'")
}

func TestConfigNeedsOneKindOfData(t *testing.T) {
	t.Parallel()
	for _, cfg := range []embeddedpg.Config{{}, {DataDir: "x", Temp: true}} {
		if _, err := embeddedpg.Start(t.Context(), cfg); err == nil {
			t.Errorf("accepted %+v", cfg)
		}
	}
}

// A launcher may forget its server, as one does that serves until the process ends. The directory stays its own all the
// same: another launcher would take the server for one whose launcher has died, and clear it away.
func TestAServerThatNobodyHoldsKeepsItsDirectory(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	if _, err := embeddedpg.Start(t.Context(), embeddedpg.Config{DataDir: dir, Fast: true}); err != nil {
		t.Fatal(err)
	}
	for range 3 { // of which each may leave work for the next
		collected := make(chan struct{})
		runtime.AddCleanup(new(*int), func(done chan struct{}) { close(done) }, collected)
		runtime.GC()
		<-collected
	}
	guest := start(t, embeddedpg.Config{DataDir: dir, Fast: true})
	if guest.Owned() {
		t.Error("another launcher has taken the directory")
		return
	}
	if err := syscall.Kill(guest.PID(), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of the server", func() bool { return !embeddedpg.Serves(dir, guest.PID()) })
}

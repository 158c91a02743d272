package e2e_test

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/embeddedpg"
	"trackbot/internal/sim"
	"trackbot/internal/store"
)

// The database goes away under running services and comes back: none of them ends, the API says that it
// is away, and what was published meanwhile arrives once.
func TestServicesOutliveTheirDatabase(t *testing.T) {
	t.Parallel()
	pg := newDatabase(t)
	s := newSystemOn(t, pg.server.OwnerURL(), sim.Config{})
	feed, err := s.sim.AddFeed(sim.SourceSpec{Name: "roast"})
	if err != nil {
		t.Fatal(err)
	}
	services := []*process{s.start(t, "api"), s.start(t, "worker"), s.start(t, "notifier"), s.join(t)}
	s.slash(t, "track add", map[string]any{"account": s.base + "/feeds/roast.xml"})
	c := s.signIn(t, owner)
	s.awaitPolled(t, c, 1)
	var want []string
	publish := func(n int) {
		want = append(want, fmt.Sprintf("Note %d", n))
		s.publish(t, feed, sim.PostSpec{Title: want[n]})
	}
	publish(0)
	await(t, "the first post", func() bool { return len(s.titles(newsroom)) == 1 })

	pg.stop(t)
	publish(1)
	await(t, "the API to say that it is not ready", func() bool { return statusOf(s.root()+"/readyz") == http.StatusServiceUnavailable })
	if a := c.call(t, http.MethodGet, "/guilds/"+guildID+"/posts", nil); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("without a database a read is answered %d %v %s", a.status, a.header, a.body)
	}
	publish(2)
	pg.start(t)
	began := time.Now()
	publish(3)
	await(t, "the posts of the outage", func() bool { return len(s.titles(newsroom)) >= len(want) })
	t.Logf("the posts of the outage were there %s after its end", time.Since(began).Round(time.Millisecond))
	await(t, "the bot to be online", func() bool {
		return get[api.GuildStatus](t, c, "/guilds/"+guildID+"/status").Bot.Status == "online"
	})
	s.awaitPolledAgain(t, c, 2)
	if got := s.titles(newsroom); !slices.Equal(got, want) {
		t.Errorf("the channel shows %v, want %v", got, want)
	}
	if n := len(c.posts(t, guildID)); n != len(want) {
		t.Errorf("%d posts are listed", n)
	}
	s.slash(t, "track list", nil)
	for _, p := range services {
		if p.ended() {
			t.Errorf("%s ended: %v", p.name, p.err)
		}
	}
}

// Services that are started while the database is away wait for it instead of ending, of which supervisors would make
// ever longer pauses: the API says to come again, the others that they are not ready. All serve once it is there.
func TestServicesStartedWithoutTheirDatabaseWaitForIt(t *testing.T) {
	t.Parallel()
	pg := newDatabase(t)
	s := newSystemOn(t, pg.server.OwnerURL(), sim.Config{})
	pg.stop(t)
	services, ready := map[string]*process{}, map[string]string{"api": s.root() + "/readyz"}
	for _, name := range []string{"api", "worker", "notifier", "bot"} {
		env := maps.Clone(s.env)
		env["METRICS_ADDR"] = freeAddr(t)
		services[name] = start(t, env, name)
		if name != "api" {
			ready[name] = "http://" + env["METRICS_ADDR"] + "/readyz"
		}
	}
	for name, url := range ready {
		await(t, name+" to say that it is not ready", func() bool { return statusOf(url) == http.StatusServiceUnavailable })
	}
	if statusOf(s.root()+"/healthz") != http.StatusOK {
		t.Error("an API that waits is not alive")
	}
	a := newClient(s.api).call(t, http.MethodGet, "/guilds", nil)
	if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("an API that waits answers %d %v %s", a.status, a.header, a.body)
	}
	services["bot"].stop(t) // while it waits
	delete(ready, "bot")
	await(t, "a second try of the others", func() bool { return strings.Count(services["api"].log.String(), "waiting") > 1 })
	pg.start(t)
	for name, url := range ready {
		await(t, name+" to serve", func() bool { return statusOf(url) == http.StatusOK })
		if services[name].ended() {
			t.Errorf("%s ended: %v", name, services[name].err)
		}
	}
	if a := newClient(s.api).call(t, http.MethodGet, "/guilds", nil); a.status != http.StatusUnauthorized {
		t.Errorf("the API behind its door answers %d %s", a.status, a.body)
	}
	services["api"].stop(t)
}

// A network that carries nothing and refuses nothing is an outage like any other: the API says so in its own time
// instead of leaving the caller to a connection that is cut, and it works again when the network does.
func TestTheAPIAnswersWhileItsDatabaseIsSilent(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{})
	s.join(t)
	w := newWire(t, hostOf(t, s.env["DATABASE_URL"]))
	s.env["DATABASE_URL"] = strings.Replace(s.env["DATABASE_URL"], w.to, w.addr(), 1)
	s.start(t, "api")
	c := s.signIn(t, owner)
	path := "/guilds/" + guildID + "/posts"
	get[api.PostList](t, c, path)
	w.set("stall")
	c.http.Timeout = patience
	// Another page than the one before, which may be answered from memory a few milliseconds more.
	if a := c.call(t, http.MethodGet, path+"?limit=7", nil); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("a read of a silent database is answered %d %v %s", a.status, a.header, a.body)
	}
	w.set("")
	await(t, "the API to be itself again", func() bool {
		return c.call(t, http.MethodGet, path, nil).status == http.StatusOK
	})
}

// database is a server of the test's own, at one address through its stops.
type database struct {
	cfg    embeddedpg.Config
	server *embeddedpg.Server
}

func newDatabase(t *testing.T) *database {
	t.Helper()
	return newDatabaseWith(t, embeddedpg.Config{Fast: true})
}

// newDatabaseWith serves a folder and a port of its own, whatever cfg says of them.
func newDatabaseWith(t *testing.T, cfg embeddedpg.Config) *database {
	t.Helper()
	dir, err := os.MkdirTemp("", "trackbot-e2e-pg-") // not t.TempDir: as root, the server's user must get in
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { // the server's user must get in
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(freeAddr(t))
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	cfg.DataDir, cfg.Port = filepath.Join(dir, "pg"), n
	d := &database{cfg: cfg}
	t.Cleanup(func() {
		d.stop(t)
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := d.up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(t.Context(), d.server.OwnerURL()); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *database) start(t *testing.T) {
	t.Helper()
	if err := d.up(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (d *database) up(ctx context.Context) (err error) {
	d.server, err = embeddedpg.Start(ctx, d.cfg)
	return err
}

// stop cuts all sessions; it may be called again.
func (d *database) stop(t *testing.T) {
	t.Helper()
	if d.server == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	defer cancel()
	if err := d.server.Stop(ctx); err != nil {
		t.Error(err)
	}
	d.server = nil
}

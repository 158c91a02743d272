package e2e_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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

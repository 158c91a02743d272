package live_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"trackbot/internal/guild"
	"trackbot/internal/live"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
	"trackbot/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, testkit.IgnoreServer()) }

// words encodes events as a word and what tells them apart.
type words struct{}

func (words) Status(s guild.Status) ([]byte, error) {
	return json.Marshal(map[string]any{"bot": s.Bot, "exports": s.ExportDepth, "at": s.CheckedAt})
}

func (words) Post(p db.PostItem, guildID string) ([]byte, error) {
	return json.Marshal(p.Title + " in " + guildID)
}

func (words) Export(e db.Export) ([]byte, error) {
	return json.Marshal(fmt.Sprintf("%s %d", e.State, e.Rows))
}

// studio is two tenants and a hub that hears their database.
type studio struct {
	t     *testing.T
	url   string
	admin *store.Store
	api   *store.Store
	hub   *live.Hub
	mine  tenant
	other tenant
}

type tenant struct {
	client, account, brand, group uuid.UUID
	guild                         string
}

func newStudio(t *testing.T, cfg live.Config) *studio {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	open := func(role store.Role) *store.Store {
		st, err := store.Open(t.Context(), url, role, store.WithMaxConns(4))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(st.Close)
		return st
	}
	s := &studio{t: t, url: url, admin: open(store.RoleAdmin), api: open(store.RoleAPI)}
	s.mine, s.other = s.tenant("200000000000000001"), s.tenant("200000000000000002")
	cfg.Beat = 10 * time.Millisecond
	s.hub = live.New(s.api, guild.NewReader(s.api, 30*time.Second, time.Now), words{}, cfg)
	notices := s.api.NewListener(store.ListenerConfig{})
	heard := make(chan struct{})
	hub := s.hub // a test may put another into its place
	notices.Subscribe(store.ChannelAccess, hub.AccessChanged)
	notices.Subscribe(store.ChannelLive, func(n store.Notice) {
		if n.Missed {
			close(heard)
		}
		hub.Changed(n)
	})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{}, 2)
	go func() { _ = notices.Run(ctx); ended <- struct{}{} }()
	go func() { _ = hub.Run(ctx); ended <- struct{}{} }()
	t.Cleanup(func() { stop(); <-ended; <-ended })
	<-heard
	return s
}

func (s *studio) exec(sql string, args ...any) {
	s.t.Helper()
	if _, err := s.admin.Shared().Exec(s.t.Context(), sql, args...); err != nil {
		s.t.Fatal(err)
	}
}

func (s *studio) tenant(guildID string) tenant {
	s.t.Helper()
	x := tenant{guild: guildID}
	for _, id := range []*uuid.UUID{&x.client, &x.brand, &x.group, &x.account} {
		*id = uuid.Must(uuid.NewV7())
	}
	source := uuid.Must(uuid.NewV7())
	s.exec("INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, 'N', $2)", x.client, guildID)
	s.exec("INSERT INTO guild_settings (client_id) VALUES ($1)", x.client)
	s.exec("INSERT INTO subscriptions (client_id) VALUES ($1)", x.client)
	s.exec("INSERT INTO brands (client_id, id, name) VALUES ($1, $2, 'B')", x.client, x.brand)
	s.exec("INSERT INTO account_groups (client_id, id, brand_id, name) VALUES ($1, $2, $3, 'G')", x.client, x.group, x.brand)
	s.exec("INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane) VALUES ($1, 'rss', $2, 'h', 'h', 'https://x.example', 1)", source, guildID)
	s.exec("INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id) VALUES ($1, $2, $3, $4, $5)", x.client, x.account, x.brand, x.group, source)
	return x
}

// post stores a post as a poll does and returns its id.
func (s *studio) post(x tenant, title string) uuid.UUID {
	s.t.Helper()
	id := uuid.Must(uuid.NewV7())
	s.exec(`WITH sp AS (INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
		    SELECT gen_random_uuid(), a.source_id, $6, '', now() FROM client_accounts a WHERE a.id = $3 RETURNING *)
		INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, published_at, first_seen_at)
		SELECT $1, $2, $3, $4, $5, sp.id, 'rss', 'post', $6, 'https://x.example/1', $7, now(), now() FROM sp`,
		x.client, id, x.account, x.brand, x.group, id.String(), title)
	return id
}

// event is one that a viewer has read; of a comment the name is "".
type event struct{ name, id, data string }

// viewer is a stream seen from its other end.
type viewer struct {
	t      *testing.T
	conn   net.Conn
	events chan event
	ended  chan struct{}
}

type option func(*live.Viewer)

// watch opens a stream over a real connection.
func (s *studio) watch(x tenant, options ...option) *viewer {
	s.t.Helper()
	v, _ := s.dial(x, options...)
	go v.read()
	return v
}

func (s *studio) dial(x tenant, options ...option) (*viewer, net.Conn) {
	s.t.Helper()
	near, far := pair(s.t)
	who := live.Viewer{
		ClientID: x.client, GuildID: x.guild, ID: "100000000000000001", Until: time.Now().Add(time.Hour),
		Still: func(context.Context) error { return nil },
	}
	for _, o := range options {
		o(&who)
	}
	if err := s.hub.Admit(who); err != nil {
		s.t.Fatal(err)
	}
	s.hub.Join(who, near)
	v := &viewer{t: s.t, conn: far, events: make(chan event, 1000), ended: make(chan struct{})}
	s.t.Cleanup(func() { _ = far.Close() })
	return v, near
}

// pair is the two ends of a connection on loopback.
func pair(t *testing.T) (near, far net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	far, err = net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if near, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	return near, far
}

func (v *viewer) read() {
	defer close(v.ended)
	lines := bufio.NewScanner(v.conn)
	lines.Buffer(nil, 1<<20)
	var e event
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			e.data = value
			v.events <- e
			e = event{}
		case "":
			if strings.HasPrefix(lines.Text(), ":") {
				v.events <- event{data: "comment"}
			}
		}
	}
}

const patience = time.Minute

// next returns the next event of a kind; those of other kinds on the way are skipped.
func (v *viewer) next(name string) event {
	v.t.Helper()
	return v.await(fmt.Sprintf("%q", name), func(e event) bool { return e.name == name })
}

// any returns the next event.
func (v *viewer) any() event {
	v.t.Helper()
	return v.await("event", func(event) bool { return true })
}

func (v *viewer) await(what string, wanted func(event) bool) event {
	v.t.Helper()
	limit := time.After(patience)
	for {
		select {
		case e := <-v.events:
			if wanted(e) {
				return e
			}
		case <-v.ended:
			v.t.Fatalf("the stream ended before a %s", what)
		case <-limit:
			v.t.Fatalf("no %s came", what)
		}
	}
}

func (v *viewer) wantEnd(why string) {
	v.t.Helper()
	select {
	case <-v.ended:
	case <-time.After(patience):
		v.t.Fatalf("the stream goes on: %s", why)
	}
}

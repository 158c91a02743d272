package live_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/live"
	"trackbot/internal/store"
)

func TestViewersSeeStatusPostsAndExports(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{Tick: 20 * time.Millisecond})
	s.post(s.mine, "before")
	v, w := s.watch(s.mine), s.watch(s.mine)
	stranger := s.watch(s.other)
	for _, x := range []*viewer{v, w, stranger} {
		if first := x.next("status"); !strings.Contains(first.data, `"bot":"unknown"`) || first.id == "" {
			t.Errorf("first status %+v", first)
		}
	}
	id := s.post(s.mine, "fresh")
	for _, x := range []*viewer{v, w} {
		if e := x.next("post"); e.data != `"fresh in 200000000000000001"` || e.id != id.String() {
			t.Errorf("post %+v", e)
		}
	}
	export := uuid.Must(uuid.NewV7())
	s.exec("INSERT INTO exports (client_id, id, kind, format, requested_by) VALUES ($1, $2, 'posts', 'csv', 'x')", s.mine.client, export)
	if e := v.next("export"); e.data != `"queued 0"` {
		t.Errorf("export %+v", e)
	}
	s.exec("UPDATE exports SET state = 'running', rows = 7 WHERE id = $1", export)
	if e := v.next("export"); e.data != `"running 7"` {
		t.Errorf("export %+v", e)
	}
	s.exec("INSERT INTO bot_health (id, last_heartbeat, shard_count, guild_count, status, version) VALUES ('main', now(), 1, 1, 'online', '1')")
	for !strings.Contains(v.next("status").data, `"bot":"online"`) {
	}
	s.post(s.other, "theirs")
	if e := stranger.next("post"); e.data != `"theirs in 200000000000000002"` {
		t.Errorf("another tenant's first post %+v", e)
	}
}

func TestPostIsToldAgainWhenItsWayHasEnded(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{})
	v := s.watch(s.mine)
	v.next("status")
	id, delivery := s.post(s.mine, "fresh"), uuid.Must(uuid.NewV7())
	v.next("post")
	s.exec(`INSERT INTO deliveries (client_id, id, kind, post_id, channel_id, state, detected_at) VALUES ($1, $2, 'post', $3, '300000000000000001', 'sending', now())`,
		s.mine.client, delivery, id)
	s.exec("UPDATE deliveries SET state = 'sent' WHERE id = $1", delivery)
	if e := v.next("post"); !strings.HasPrefix(e.data, `"fresh`) {
		t.Errorf("got %+v", e)
	}
}

func TestStatusIsToldOnChangeAlone(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{Tick: 5 * time.Millisecond})
	v := s.watch(s.mine)
	v.next("status")
	s.post(s.mine, "a")
	v.next("post")
	s.post(s.mine, "b") // by now the status was read again and again
	for {
		e := <-v.events
		if e.name == "status" {
			t.Error("the status was told again without a change")
		}
		if e.name == "post" && strings.Contains(e.data, "b in") {
			return
		}
	}
}

func TestStreamResumesBehindTheLastEvent(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{})
	last := s.post(s.mine, "seen")
	s.post(s.mine, "missed 1")
	s.post(s.mine, "missed 2")
	v := s.watch(s.mine, func(w *live.Viewer) { w.LastEventID = last.String() })
	for _, want := range []string{"missed 1", "missed 2"} {
		if e := v.next("post"); !strings.Contains(e.data, want) {
			t.Errorf("got %+v, want %s", e, want)
		}
	}
	for _, odd := range []string{"x", uuid.Max.String(), uuid.Nil.String(), "01000000-0000-7000-8000-000000000000"} {
		fresh := s.watch(s.other, func(w *live.Viewer) { w.LastEventID, w.ID = odd, odd })
		fresh.next("status")
		s.post(s.other, "new to "+odd)
		if e := fresh.next("post"); !strings.Contains(e.data, "new to "+odd) {
			t.Errorf("last event %q: %+v", odd, e)
		}
	}
}

func TestLateCommitWithAnOlderIDIsTold(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{})
	v := s.watch(s.mine)
	v.next("status")
	older := uuid.Must(uuid.NewV7())
	s.post(s.mine, "newer id")
	v.next("post")
	s.exec(`INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at) SELECT $1, source_id, 'late', '', now() FROM client_accounts WHERE id = $2`, older, s.mine.account)
	s.exec(`INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, published_at, first_seen_at)
		VALUES ($1, $2, $3, $4, $5, $2, 'rss', 'post', 'late', '', 'late', now(), now())`, s.mine.client, older, s.mine.account, s.mine.brand, s.mine.group)
	if e := v.next("post"); !strings.HasPrefix(e.data, `"late`) {
		t.Errorf("got %+v", e)
	}
}

func TestStreamEndsWithItsCredentials(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{})
	v := s.watch(s.mine, func(w *live.Viewer) { w.Until = time.Now().Add(50 * time.Millisecond) })
	v.wantEnd("its token has expired")
}

func TestStreamEndsAtOnceWithTheRightToWatch(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		code  fault.Code
		after string
		ends  bool
	}{
		{"logout", fault.SessionRevoked, "user 100000000000000001", true},
		{"no access to the guild", fault.NotFound, "guild 200000000000000001", true},
		{"managers only", fault.NotFound, "client", true},
		{"not to be told", fault.Unavailable, "user 100000000000000001", false},
		{"another user", fault.SessionRevoked, "user 100000000000000009", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, live.Config{})
			var lost atomic.Bool
			asked := make(chan struct{}, 9)
			v := s.watch(s.mine, func(w *live.Viewer) {
				w.Still = func(context.Context) error {
					defer func() { asked <- struct{}{} }()
					if lost.Load() {
						return fault.New(tc.code, "x")
					}
					return nil
				}
			})
			v.next("status")
			<-asked // at its joining
			lost.Store(true)
			payload := tc.after
			if payload == "client" {
				payload += " " + s.mine.client.String()
			}
			s.exec("SELECT pg_notify('trackbot_access', $1)", payload)
			if tc.ends {
				v.wantEnd(tc.name)
				return
			}
			if tc.code == fault.Unavailable {
				<-asked
			}
			s.post(s.mine, "still here")
			v.next("post")
		})
	}
}

func TestRightsAreCheckedWithoutNotices(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{Recheck: 20 * time.Millisecond})
	var joined atomic.Bool
	v := s.watch(s.mine, func(w *live.Viewer) {
		w.Still = func(context.Context) error {
			if !joined.Swap(true) {
				return nil
			}
			return fault.New(fault.NotFound, "")
		}
	})
	v.wantEnd("its rights are gone")
}

// The notice of a logout may come between the check that lets a viewer in and the seat that it would find.
func TestAStreamWhoseRightWentWhileItJoinedEndsAtOnce(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{Recheck: time.Hour})
	v := s.watch(s.mine, func(w *live.Viewer) {
		w.Still = func(context.Context) error { return fault.New(fault.SessionRevoked, "x") }
	})
	v.wantEnd("its session ended before it had a seat")
}

func TestViewerHasFiveStreamsAndGetsThemBack(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{})
	who := live.Viewer{ClientID: s.mine.client, GuildID: s.mine.guild, ID: "100000000000000001"}
	var open []*viewer
	for range 5 {
		v := s.watch(s.mine)
		v.next("status")
		open = append(open, v)
	}
	if err := s.hub.Admit(who); !fault.Is(err, fault.RateLimited) {
		t.Fatalf("the sixth: %v", err)
	}
	if err := s.hub.Admit(live.Viewer{ID: "somebody else"}); err != nil {
		t.Errorf("another viewer: %v", err)
	}
	_ = open[0].conn.Close()
	for deadline := time.Now().Add(patience); s.hub.Admit(who) != nil; {
		if time.Now().After(deadline) {
			t.Fatal("a closed stream still counts")
		}
		s.hub.Changed(store.Notice{Payload: "posts " + s.mine.client.String()})
	}
	s.hub.Withdraw(who)
	if err := s.hub.Admit(who); err != nil {
		t.Errorf("after a withdrawal: %v", err)
	}
}

func TestCommentsComeAlsoWhileMuchIsTold(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{Comments: 300 * time.Millisecond})
	v := s.watch(s.mine)
	v.next("status")
	for i := range 500 { // with less between two of them than between two comments
		s.post(s.mine, fmt.Sprint(i))
		for {
			e := v.any()
			if e.data == "comment" {
				return
			}
			if e.name == "post" {
				break
			}
		}
	}
	t.Error("no comment came while posts did")
}

func TestClientThatStopsReadingDelaysNobodyAndIsCutOff(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{Patience: 3 * time.Second})
	stuck, near := s.dial(s.mine)
	// The system must hold little of what is on its way, so that a client that does not read is felt soon.
	if err := errors.Join(near.(*net.TCPConn).SetWriteBuffer(4096), stuck.conn.(*net.TCPConn).SetReadBuffer(4096)); err != nil {
		t.Fatal(err)
	}
	reading := s.watch(s.mine, func(w *live.Viewer) { w.ID = "reader" })
	reading.next("status")
	long := strings.Repeat("x", 200_000)
	for i := range 20 { // more than the buffers of both ends hold
		s.post(s.mine, fmt.Sprint(i, long))
		if e := reading.next("post"); !strings.HasPrefix(e.data, fmt.Sprintf(`"%dx`, i)) {
			t.Fatalf("post %d: got %.20s", i, e.data)
		}
	}
	if err := stuck.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	read, err := io.Copy(io.Discard, stuck.conn) // ends because the hub has closed it
	if err != nil && !errors.Is(err, net.ErrClosed) && !strings.Contains(err.Error(), "reset") {
		t.Error(err)
	}
	if read >= 20*200_000 {
		t.Errorf("%d bytes arrived: it was not cut off", read)
	}
}

func TestSlowClientCatchesUpInOrder(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{Patience: 5 * time.Minute}) // longer than the posts take on a busy machine
	slow, near := s.dial(s.mine)
	if err := near.(*net.TCPConn).SetWriteBuffer(4096); err != nil {
		t.Fatal(err)
	}
	quick := s.watch(s.mine, func(w *live.Viewer) { w.ID = "reader" })
	quick.next("status")
	long := strings.Repeat("x", 500_000)
	const posts = 20
	for i := range posts {
		s.post(s.mine, fmt.Sprint(i, long))
		quick.next("post")
	}
	go slow.read()
	for i := range posts {
		if e := slow.next("post"); !strings.HasPrefix(e.data, fmt.Sprintf(`"%dx`, i)) {
			t.Fatalf("post %d: got %.20s", i, e.data)
		}
	}
	s.post(s.mine, "and on")
	if e := slow.next("post"); !strings.HasPrefix(e.data, `"and on`) {
		t.Errorf("got %.20s", e.data)
	}
}

func TestListenerThatWasAwayIsMadeUpFor(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{})
	_ = s.deafHub()
	v := s.watch(s.mine)
	v.next("status")
	s.post(s.mine, "unannounced")
	s.hub.Changed(store.Notice{Missed: true})
	if e := v.next("post"); !strings.Contains(e.data, "unannounced") {
		t.Errorf("got %+v", e)
	}
}

// deafHub puts a hub that hears no notices into the place of the other; what it returns ends it.
func (s *studio) deafHub() (end func()) {
	s.t.Helper()
	return s.run(live.New(s.api, guild.NewReader(s.api, time.Minute, time.Now), words{}, live.Config{}))
}

// run puts a hub into the place of the other.
func (s *studio) run(hub *live.Hub) (end func()) {
	s.t.Helper()
	s.hub = hub
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- hub.Run(ctx) }()
	end = sync.OnceFunc(func() {
		stop()
		if err := <-ended; err != nil {
			s.t.Error(err)
		}
	})
	s.t.Cleanup(end)
	return end
}

func TestHubThatStopsEndsItsStreams(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{})
	end := s.deafHub()
	v := s.watch(s.mine)
	v.next("status")
	end()
	v.wantEnd("the process stops")
	if err := s.hub.Admit(live.Viewer{ID: "late"}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("admitted after the end: %v", err)
	}
}

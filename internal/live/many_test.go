package live_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/live"
	"trackbot/internal/store"
)

// roundTrips counts what is asked of the database; in a tenant's scope a query is a batch.
type roundTrips struct{ n atomic.Int64 }

func (r *roundTrips) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

func (*roundTrips) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (r *roundTrips) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	r.n.Add(1)
	return ctx
}

func (*roundTrips) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

func (*roundTrips) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// countedHub is a hub that hears nothing and whose queries are counted.
func (s *studio) countedHub() *roundTrips {
	s.t.Helper()
	trips := &roundTrips{}
	st, err := store.Open(s.t.Context(), s.url, store.RoleAPI, store.WithTracer(trips))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(st.Close)
	s.run(live.New(st, guild.NewReader(st, time.Minute, time.Now), words{}, live.Config{Tick: time.Hour, PerViewer: 1000}))
	return trips
}

func TestQueriesOfAnEventDoNotDependOnTheViewers(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{})
	trips := s.countedHub()
	var viewers []*viewer
	for _, more := range []int{1, 60} {
		for range more {
			v := s.watch(s.mine)
			v.next("status")
			viewers = append(viewers, v)
		}
		s.post(s.mine, "fresh")
		before := trips.n.Load()
		s.hub.Changed(store.Notice{Payload: "posts " + s.mine.client.String()})
		for _, v := range viewers {
			v.next("post")
		}
		if got := trips.n.Load() - before; got != 1 {
			t.Errorf("%d queries for %d viewers", got, len(viewers))
		}
	}
}

func TestPostsThatMoveOnTogetherAreReadAtOnce(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{})
	trips := s.countedHub()
	var posts []uuid.UUID
	for i := range 20 {
		posts = append(posts, s.post(s.mine, fmt.Sprint("post ", i)))
	}
	v := s.watch(s.mine)
	v.next("status")
	before := trips.n.Load()
	for _, id := range posts {
		s.hub.Changed(store.Notice{Payload: "post " + s.mine.client.String() + " " + id.String()})
	}
	told := map[string]bool{}
	for len(told) < len(posts) {
		told[v.next("post").data] = true
	}
	if got := trips.n.Load() - before; got > int64(len(posts))/2 { // the first may be read before the last is told
		t.Errorf("%d queries for %d posts", got, len(posts))
	}
}

func TestThoseWhoComeBackTogetherEachGetWhatTheyMissed(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{})
	var posts []uuid.UUID
	for i := range 4 {
		posts = append(posts, s.post(s.mine, fmt.Sprint("post ", i)))
	}
	var back []*viewer
	for i := range 12 {
		back = append(back, s.watch(s.mine, func(v *live.Viewer) { v.ID, v.LastEventID = fmt.Sprint(i), posts[i%4].String() }))
	}
	for i, v := range back {
		for missed := i%4 + 1; missed < 4; missed++ {
			if e := v.any(); !strings.HasPrefix(e.data, fmt.Sprintf(`"post %d`, missed)) {
				t.Errorf("viewer %d behind post %d: %+v instead of post %d", i, i%4, e, missed)
			}
		}
		if e := v.any(); e.name != "status" {
			t.Errorf("viewer %d behind post %d: %+v too", i, i%4, e)
		}
	}
}

func TestStreamsLeaveFilesForTheRest(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{Streams: 2})
	v := s.watch(s.mine)
	s.watch(s.other, func(v *live.Viewer) { v.ID = "another" }).next("status")
	v.next("status")
	late := live.Viewer{ClientID: s.mine.client, GuildID: s.mine.guild, ID: "late"}
	if err := s.hub.Admit(late); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("one more than there may be: %v", err)
	}
	_ = v.conn.Close()
	for deadline := time.Now().Add(patience); s.hub.Admit(late) != nil; {
		if time.Now().After(deadline) {
			t.Fatal("a closed stream still takes room")
		}
		<-time.After(time.Millisecond)
	}
}

// plain hides a connection's socket, as encryption does.
type plain struct{ net.Conn }

func TestConnectionWithoutASocketIsServedToo(t *testing.T) {
	t.Parallel()
	s := newStudio(t, live.Config{Patience: time.Minute})
	near, far := net.Pipe() // takes nothing before it is read
	who := live.Viewer{ClientID: s.mine.client, GuildID: s.mine.guild, ID: "x", Until: time.Now().Add(time.Hour), Still: func(context.Context) error { return nil }}
	if err := s.hub.Admit(who); err != nil {
		t.Fatal(err)
	}
	s.hub.Join(who, plain{near})
	quick := s.watch(s.mine)
	quick.next("status")
	s.post(s.mine, "fresh")
	quick.next("post")
	v := &viewer{t: t, conn: far, events: make(chan event, 10), ended: make(chan struct{})}
	t.Cleanup(func() { _ = far.Close() })
	go v.read()
	v.next("status")
	if e := v.next("post"); !strings.HasPrefix(e.data, `"fresh`) {
		t.Errorf("got %+v", e)
	}
}

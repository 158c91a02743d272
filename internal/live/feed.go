package live

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/guild"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// want is what of a tenant is to be read.
type want uint8

const (
	wantPosts want = 1 << iota
	wantStatus
)

// feed is a tenant that is watched.
type feed struct {
	client  uuid.UUID
	guild   string
	viewers int // under the hub's lock

	mu      sync.Mutex
	queued  bool // in the hub's queue
	reading bool // by one reader at a time
	want    want
	posts   []uuid.UUID // that have changed
	exports []uuid.UUID
	joining []*stream

	// Of the reader.
	seen   map[uuid.UUID]struct{} // posts that were told, of the overlap; nil before the first reading
	newest uuid.UUID              // post, or the moment the watching began
	status []byte                 // as it was told last, without its time
}

func newFeed(client uuid.UUID, guildID string) *feed { return &feed{client: client, guild: guildID} }

func (f *feed) mark(e errand) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.want |= e.want
	f.posts, f.exports = union(f.posts, e.posts), union(f.exports, e.exports)
}

func union(known, more []uuid.UUID) []uuid.UUID {
	for _, id := range more {
		if len(known) < burst && !slices.Contains(known, id) {
			known = append(known, id)
		}
	}
	return known
}

func (f *feed) join(s *stream) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.joining = append(f.joining, s)
}

// enqueue tells whether the feed must be put into the queue: it is not there and nobody reads it.
func (f *feed) enqueue() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.queued || f.reading {
		return false
	}
	f.queued = true
	return true
}

func (f *feed) dequeue() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queued = false
}

// errand is what one reading of a feed is about.
type errand struct {
	want    want
	posts   []uuid.UUID
	exports []uuid.UUID
	joining []*stream
}

// take begins a reading.
func (f *feed) take() errand {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queued, f.reading = false, true
	e := errand{f.want, f.posts, f.exports, f.joining}
	f.want, f.posts, f.exports, f.joining = 0, nil, nil, nil
	return e
}

// done ends a reading and tells whether there is more.
func (f *feed) done() (more bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reading = false
	return f.want != 0 || len(f.posts) > 0 || len(f.exports) > 0 || len(f.joining) > 0
}

// source is where feeds are read.
type source struct {
	store   *store.Store
	queries *db.Queries
	guilds  *guild.Reader
}

const (
	// overlap is how much older than the newest a post's id may be when its transaction ends.
	overlap = time.Minute
	// burst is how many posts are told at once; lists tell the rest.
	burst = 50
	// readLimit bounds the reading of one tenant.
	readLimit = 5 * time.Second
)

// read reads the feeds that are queued. What could not be read waits for the next tick.
func (h *Hub) read(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case f := <-h.dirty:
			e := f.take()
			reading, stop := context.WithTimeout(ctx, readLimit)
			err := h.serve(reading, f, e)
			stop()
			if err != nil {
				h.failed(ctx, f, e, err)
			}
			if f.done() && err == nil {
				h.schedule(f)
			}
		}
	}
}

// failed keeps the errand for later. Those who wanted to join are let go: they come again.
func (h *Hub) failed(ctx context.Context, f *feed, e errand, err error) {
	if ctx.Err() == nil {
		h.cfg.Log.Error("live feed not read", "client_id", f.client, "error", err)
	}
	f.mark(e)
	for _, s := range e.joining {
		s.end()
		h.left(s)
	}
}

// serve tells the streams of a feed what is new, then those that join what they need to begin with.
func (h *Hub) serve(ctx context.Context, f *feed, e errand) error {
	if f.seen == nil {
		f.newest = idAt(time.Now())
		if _, err := h.newPosts(ctx, f); err != nil { // what is there already is not new
			return err
		}
	}
	joined := len(e.joining) > 0
	if e.want&wantPosts != 0 || joined {
		posts, err := h.newPosts(ctx, f)
		if err != nil {
			return err
		}
		h.broadcast(f, posts)
	}
	moved, err := h.moved(ctx, f, e)
	if err != nil {
		return err
	}
	h.broadcast(f, moved)
	if e.want&wantStatus == 0 && !joined {
		return nil
	}
	status, changed, err := h.statusFrame(ctx, f)
	if err != nil {
		return err
	}
	if changed {
		h.broadcast(f, [][]byte{status})
	}
	return h.welcome(ctx, f, e.joining, status)
}

func (h *Hub) broadcast(f *feed, frames [][]byte) {
	if len(frames) == 0 {
		return
	}
	for _, sh := range h.shards {
		h.tell(sh, job{client: f.client, frames: frames})
	}
}

// tell gives a shard a job; after the end nobody takes it.
func (h *Hub) tell(sh *shard, j job) {
	select {
	case sh.jobs <- j:
	case <-h.ended:
	}
}

// newPosts reads the posts that were not told yet, oldest first.
func (h *Hub) newPosts(ctx context.Context, f *feed) ([][]byte, error) {
	rows, err := h.posts(ctx, f, idAt(timeOf(f.newest).Add(-overlap)))
	if err != nil {
		return nil, err
	}
	var frames [][]byte
	seen := make(map[uuid.UUID]struct{}, len(rows))
	for _, p := range rows {
		seen[p.ID] = struct{}{}
		if _, told := f.seen[p.ID]; told {
			continue
		}
		if bytes.Compare(p.ID[:], f.newest[:]) > 0 {
			f.newest = p.ID
		}
		frame, err := h.postFrame(f, p)
		if err != nil {
			return nil, err
		}
		frames = append(frames, frame)
	}
	f.seen = seen
	return frames, nil
}

// posts reads at most burst posts behind an id, oldest first.
func (h *Hub) posts(ctx context.Context, f *feed, behind uuid.UUID) ([]db.PostItem, error) {
	rows, err := h.source.queries.ListPostsBehind(ctx, h.source.store.Tenant(f.client), db.ListPostsBehindParams{
		ClientID: f.client, AfterID: behind, MaxRows: burst,
	})
	if err != nil {
		return nil, fmt.Errorf("list new posts: %w", err)
	}
	slices.Reverse(rows)
	return rows, nil
}

func (h *Hub) postFrame(f *feed, p db.PostItem) ([]byte, error) {
	data, err := h.encode.Post(p, f.guild)
	return frameOf(p.ID, "post", data), err
}

// moved reads posts and exports that have moved on; one that was deleted is told by nobody.
func (h *Hub) moved(ctx context.Context, f *feed, e errand) ([][]byte, error) {
	conn := h.source.store.Tenant(f.client)
	var frames [][]byte
	for _, id := range e.posts {
		row, err := h.source.queries.GetPostItem(ctx, conn, f.client, id)
		if err == nil {
			var data []byte
			data, err = h.encode.Post(row, f.guild)
			frames = append(frames, frameOf(f.newest, "post", data))
		}
		if err != nil && !store.IsNotFound(err) {
			return nil, fmt.Errorf("tell of a post: %w", err)
		}
	}
	for _, id := range e.exports {
		row, err := h.source.queries.GetExport(ctx, conn, f.client, id)
		if err == nil {
			var data []byte
			data, err = h.encode.Export(row)
			frames = append(frames, frameOf(f.newest, "export", data))
		}
		if err != nil && !store.IsNotFound(err) {
			return nil, fmt.Errorf("tell of an export: %w", err)
		}
	}
	return frames, nil
}

// statusFrame reads the status and tells whether it is another than the one told last.
func (h *Hub) statusFrame(ctx context.Context, f *feed) (frame []byte, changed bool, err error) {
	status, err := h.source.guilds.Status(ctx, f.client)
	if err != nil {
		return nil, false, err
	}
	data, err := h.encode.Status(status)
	if err != nil {
		return nil, false, err
	}
	status.CheckedAt = time.Time{}
	timeless, err := h.encode.Status(status)
	if err != nil {
		return nil, false, err
	}
	changed = !bytes.Equal(timeless, f.status)
	f.status = timeless
	return frameOf(f.newest, "status", data), changed, nil
}

// welcome gives those who join what they begin with: how long to wait before a new connection, the posts
// since the last event they saw, exports on their way, the status.
func (h *Hub) welcome(ctx context.Context, f *feed, joining []*stream, status []byte) error {
	if len(joining) == 0 {
		return nil
	}
	rows, err := h.source.queries.ListMovingExports(ctx, h.source.store.Tenant(f.client), f.client)
	if err != nil {
		return fmt.Errorf("list exports: %w", err)
	}
	exports := make([][]byte, len(rows))
	for i, row := range rows {
		data, err := h.encode.Export(row)
		if err != nil {
			return err
		}
		exports[i] = frameOf(f.newest, "export", data)
	}
	welcomes := make([][][]byte, len(joining))
	for i, s := range joining {
		first := [][]byte{[]byte(retry)}
		missed, err := h.missed(ctx, f, s.LastEventID)
		if err != nil {
			return err
		}
		welcomes[i] = append(append(append(first, missed...), exports...), status)
	}
	for i, s := range joining { // all or none: who is let go must be in no shard
		h.tell(h.shards[h.next.Add(1)%uint32(len(h.shards))], job{joined: s, client: f.client, frames: welcomes[i]})
	}
	return nil
}

// retry is how long a browser waits before it connects again (WHATWG HTML §9.2.6).
const retry = "retry: 3000\n\n"

// longAgo is how old a last event may be to be resumed behind.
const longAgo = time.Hour

// missed are the posts behind the last event that a viewer saw.
func (h *Hub) missed(ctx context.Context, f *feed, lastEventID string) ([][]byte, error) {
	last, err := uuid.Parse(lastEventID)
	if err != nil || time.Since(timeOf(last)) > longAgo {
		return nil, nil
	}
	rows, err := h.posts(ctx, f, last)
	if err != nil {
		return nil, err
	}
	frames := make([][]byte, len(rows))
	for i, p := range rows {
		if frames[i], err = h.postFrame(f, p); err != nil {
			return nil, err
		}
	}
	return frames, nil
}

// frameOf writes an event (WHATWG HTML §9.2.5).
func frameOf(id uuid.UUID, event string, data []byte) []byte {
	return fmt.Appendf(nil, "id: %s\nevent: %s\ndata: %s\n\n", id, event, data)
}

// idAt is the least UUIDv7 of a moment (RFC 9562 §5.7).
func idAt(t time.Time) uuid.UUID {
	var id uuid.UUID
	ms := t.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6], id[8] = 0x70, 0x80
	return id
}

// timeOf is the moment of a UUIDv7.
func timeOf(id uuid.UUID) time.Time {
	var ms int64
	for _, b := range id[:6] {
		ms = ms<<8 | int64(b)
	}
	return time.UnixMilli(ms)
}

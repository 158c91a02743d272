package live

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/guild"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

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
		h.cfg.Log.ErrorContext(ctx, "live feed not read", "client_id", f.client, "error", err)
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
	what := pack(frames...)
	for _, sh := range h.shards {
		h.tell(sh, job{client: f.client, parcel: what})
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
	if len(e.posts) > 0 {
		rows, err := h.source.queries.ListPostsMoved(ctx, conn, f.client, e.posts)
		if err != nil {
			return nil, fmt.Errorf("tell of posts: %w", err)
		}
		for _, row := range rows {
			data, err := h.encode.Post(row, f.guild)
			if err != nil {
				return nil, err
			}
			frames = append(frames, frameOf(f.newest, "post", data))
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

package live

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store/db"
)

// retry is how long a browser waits before it connects again (WHATWG HTML §9.2.6).
const retry = "retry: 3000\n\n"

// longAgo is how old a last event may be to be resumed behind.
const longAgo = time.Hour

// welcome gives those who join what they begin with: how long to wait before a new connection, the posts
// since the last event they saw, exports on their way, the status. However many join, the queries are the same.
func (h *Hub) welcome(ctx context.Context, f *feed, joining []*stream, status []byte) error {
	if len(joining) == 0 {
		return nil
	}
	exports, err := h.movingExports(ctx, f)
	if err != nil {
		return err
	}
	seen := make([]uuid.UUID, len(joining))
	for i, s := range joining {
		seen[i] = lastSeen(s)
	}
	missed, err := h.missed(ctx, f, seen)
	if err != nil {
		return err
	}
	welcomes := map[uuid.UUID]parcel{} // by the last event: most have the same
	for _, last := range seen {        // all or none: who is let go must be in no shard
		if _, packed := welcomes[last]; packed {
			continue
		}
		frames, err := h.behind(f, missed, last)
		if err != nil {
			return err
		}
		frames = append(append([][]byte{[]byte(retry)}, frames...), exports...)
		welcomes[last] = pack(append(frames, status)...)
	}
	for i, s := range joining {
		h.tell(h.shards[h.next.Add(1)%uint32(len(h.shards))], job{joined: s, parcel: welcomes[seen[i]]})
	}
	return nil
}

func (h *Hub) movingExports(ctx context.Context, f *feed) ([][]byte, error) {
	rows, err := h.source.queries.ListMovingExports(ctx, h.source.store.Tenant(f.client), f.client)
	if err != nil {
		return nil, fmt.Errorf("list exports: %w", err)
	}
	frames := make([][]byte, len(rows))
	for i, row := range rows {
		data, err := h.encode.Export(row)
		if err != nil {
			return nil, err
		}
		frames[i] = frameOf(f.newest, "export", data)
	}
	return frames, nil
}

// lastSeen is the last event that a viewer saw, if it can be resumed behind.
func lastSeen(s *stream) uuid.UUID {
	last, err := uuid.Parse(s.LastEventID)
	if err != nil || time.Since(timeOf(last)) > longAgo {
		return uuid.Nil
	}
	return last
}

// missed reads the posts behind the earliest of the events that were seen last. The newest of those behind a later
// event are among them.
func (h *Hub) missed(ctx context.Context, f *feed, seen []uuid.UUID) ([]db.PostItem, error) {
	earliest := uuid.Nil
	for _, last := range seen {
		if last != uuid.Nil && (earliest == uuid.Nil || bytes.Compare(last[:], earliest[:]) < 0) {
			earliest = last
		}
	}
	if earliest == uuid.Nil {
		return nil, nil
	}
	return h.posts(ctx, f, earliest)
}

// behind are the frames of the posts behind an event.
func (h *Hub) behind(f *feed, posts []db.PostItem, last uuid.UUID) ([][]byte, error) {
	var frames [][]byte
	for _, p := range posts {
		if last == uuid.Nil || bytes.Compare(p.ID[:], last[:]) <= 0 {
			continue
		}
		frame, err := h.postFrame(f, p)
		if err != nil {
			return nil, err
		}
		frames = append(frames, frame)
	}
	return frames, nil
}

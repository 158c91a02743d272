package live

import (
	"slices"
	"sync"

	"github.com/google/uuid"
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

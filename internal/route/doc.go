// Package route is what managers say and see of where posts go: the routes themselves with their
// previews, the deliveries of a post with the reasons of each, and replays by hand. What routes do to
// posts is package delivery's.
//
//	active ◄──► paused            by a manager
//	active ───► paused            Discord refused the channel; the manager was told
//	paused ───► active            resumed: the channel's pause ends too, what waited follows
package route

import (
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Desk reads and changes routes and replays deliveries. It is safe for concurrent use.
type Desk struct {
	st      *store.Store
	queries *db.Queries
}

// New returns a desk on a store that acts as the API's role.
func New(st *store.Store) *Desk { return &Desk{st: st, queries: db.New()} }

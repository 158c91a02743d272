package httpapi

import (
	"net/http"
	"sync/atomic"

	"github.com/google/uuid"

	"trackbot/internal/fault"
)

// Door is the handler of a process that has no database yet: until it is opened it is alive, and everything else
// is `unavailable`, as it is whenever the database is away later. It is safe for concurrent use.
type Door struct {
	behind atomic.Pointer[http.Handler]
	closed http.Handler
}

// NewDoor returns a door that is closed.
func NewDoor() *Door {
	return &Door{closed: secure(http.HandlerFunc(serveClosed))}
}

// Open leads all requests from now on to h.
func (d *Door) Open(h http.Handler) { d.behind.Store(&h) }

// ServeHTTP passes a request on, or asks its caller to come again.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := d.behind.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	d.closed.ServeHTTP(w, r)
}

func serveClosed(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && r.URL.Path == "/healthz" {
		writeHealth(w)
		return
	}
	fe := fault.New(fault.Unavailable, "The service is starting and cannot reach its database yet. Try again soon.")
	fe.RetryAfter = databaseRetry
	k, id := kindOf(fe.Code), uuid.Must(uuid.NewV7()).String()
	w.Header().Set("X-Request-Id", id)
	retryAfter(w.Header(), fe, k.status)
	writeProblem(w, k.status, document(fe, k, id))
}

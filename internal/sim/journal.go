package sim

import (
	"bufio"
	"cmp"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// journalSize is how many of the latest requests are remembered one by one.
const journalSize = 5000

// Request is one request as the simulator saw it. Status 0 means that the
// connection was cut instead of answered.
type Request struct {
	At          time.Time `json:"at"`
	Method      string    `json:"method"`
	Path        string    `json:"path"`
	Query       string    `json:"query"`
	Status      int       `json:"status"`
	UserAgent   string    `json:"userAgent"`
	Conditional bool      `json:"conditional"` // it carried If-None-Match or If-Modified-Since
	Fault       string    `json:"fault,omitempty"`
}

// RequestCount counts the requests of a route by status. A route is a pattern
// such as "POST /api/v10/channels/{channel}/messages".
type RequestCount struct {
	Route  string `json:"route"`
	Status int    `json:"status"`
	Count  int    `json:"count"`
}

type countKey struct {
	route  string
	status int
}

type journal struct {
	counts map[countKey]int
	recent []Request // a ring once it is full
	next   int
}

// note records a finished request. Callers hold mu.
func (j *journal) note(route string, r Request) {
	if j.counts == nil {
		j.counts = map[countKey]int{}
	}
	j.counts[countKey{route, r.Status}]++
	if len(j.recent) < journalSize {
		j.recent = append(j.recent, r)
		return
	}
	j.recent[j.next] = r
	j.next = (j.next + 1) % journalSize
}

// RequestCounts lists the counters by route and status since the last ResetRequests.
func (s *Sim) RequestCounts() []RequestCount {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []RequestCount{}
	for key, n := range s.log.counts {
		list = append(list, RequestCount{key.route, key.status, n})
	}
	slices.SortFunc(list, func(a, b RequestCount) int {
		return cmp.Or(strings.Compare(a.Route, b.Route), cmp.Compare(a.Status, b.Status))
	})
	return list
}

// Requests lists the latest requests whose path matches the glob (see Fault), oldest first.
func (s *Sim) Requests(glob string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []Request{}
	for i := range s.log.recent {
		r := s.log.recent[(s.log.next+i)%len(s.log.recent)]
		if globMatch(glob, r.Path) {
			list = append(list, r)
		}
	}
	return list
}

// ResetRequests empties the counters and the journal.
func (s *Sim) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = journal{}
}

// outer applies faults and keeps the journal around every path but the simulator's own pages.
func (s *Sim) outer(next *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/sim/") {
			next.ServeHTTP(w, r)
			return
		}
		entry := Request{
			At: s.now(), Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, UserAgent: r.UserAgent(),
			Conditional: r.Header.Get("If-None-Match")+r.Header.Get("If-Modified-Since") != "",
		}
		rec := &recorder{ResponseWriter: w}
		defer func() {
			entry.Status = rec.status
			_, route := next.Handler(r)
			if route != "" && !strings.Contains(route, " ") {
				route = r.Method + " " + route
			}
			s.mu.Lock()
			s.log.note(route, entry)
			s.mu.Unlock()
		}()
		f := s.faultFor(r)
		if f != nil {
			entry.Fault = f.ID
			if s.spoil(rec, r, f) {
				return
			}
			if f.DropAfter {
				next.ServeHTTP(&void{header: http.Header{}}, r)
				panic(http.ErrAbortHandler)
			}
		}
		next.ServeHTTP(rec, r)
	})
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the real writer.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Hijack hands the connection to the websocket, which is noted as 101.
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	r.status = http.StatusSwitchingProtocols
	return http.NewResponseController(r.ResponseWriter).Hijack()
}

// void swallows an answer that is to be lost.
type void struct{ header http.Header }

func (v *void) Header() http.Header         { return v.header }
func (v *void) Write(b []byte) (int, error) { return len(b), nil }
func (v *void) WriteHeader(int)             {}

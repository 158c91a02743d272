package sim

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// Fault is a rule that spoils requests. Method ("" is any) and Path (a glob, in
// which * stands for one segment and a trailing /** for any rest) choose the
// requests; After skips the first so many, Times limits how many are spoilt (0:
// until it is removed). Of Drop, Hang, Status and GzipZeros the first that is
// set happens, after Delay. A rule with Delay alone only delays.
type Fault struct {
	ID     string `json:"id"`
	Method string `json:"method"`
	Path   string `json:"path"`
	After  int    `json:"after"`
	Times  int    `json:"times"`

	Delay     time.Duration     `json:"delay"`     // nanoseconds in JSON
	Drop      bool              `json:"drop"`      // cut the connection, nothing is applied
	DropAfter bool              `json:"dropAfter"` // apply, then cut: the answer is lost
	Hang      bool              `json:"hang"`      // answer nothing until the client goes
	Status    int               `json:"status"`    // answer this instead
	Body      string            `json:"body"`
	BodyB64   string            `json:"bodyBase64"` // for bytes that are no UTF-8
	HTML      bool              `json:"html"`       // an HTML error page, as a proxy in front would send
	Headers   map[string]string `json:"headers"`
	GzipZeros int64             `json:"gzipZeros"` // 200 with so many zero bytes, gzipped

	Hits int `json:"hits"` // how often the rule has struck; only read
}

type faultRule struct {
	Fault
	seen int
}

// AddFault adds a rule and returns its id. Rules are tried in the order they were added.
func (s *Sim) AddFault(f Fault) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.ID == "" {
		f.ID = secret(6)
	}
	f.Hits = 0
	s.faults = append(s.faults, &faultRule{Fault: f})
	return f.ID
}

// RemoveFault removes a rule; "" removes all of them.
func (s *Sim) RemoveFault(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = slices.DeleteFunc(s.faults, func(f *faultRule) bool { return id == "" || f.ID == id })
}

// Faults lists the rules with their hits, those that are used up too.
func (s *Sim) Faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []Fault{}
	for _, f := range s.faults {
		list = append(list, f.Fault)
	}
	return list
}

// faultFor returns the rule that strikes this request, if any.
func (s *Sim) faultFor(r *http.Request) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.Method != "" && f.Method != r.Method || !globMatch(f.Path, r.URL.Path) {
			continue
		}
		if f.Times > 0 && f.Hits >= f.Times {
			continue
		}
		if f.seen++; f.seen <= f.After {
			continue
		}
		f.Hits++
		hit := f.Fault
		return &hit
	}
	return nil
}

func globMatch(pattern, p string) bool {
	if pattern == "" || pattern == "/**" {
		return true
	}
	if prefix, ok := strings.CutSuffix(pattern, "/**"); ok {
		depth := strings.Count(prefix, "/") + 1
		parts := strings.SplitAfterN(p, "/", depth+1)
		p = strings.TrimSuffix(strings.Join(parts[:min(depth, len(parts))], ""), "/")
		pattern = prefix
	}
	ok, err := path.Match(pattern, p)
	return ok && err == nil
}

// spoil carries out a fault. It reports whether the request has been dealt with;
// DropAfter is left to the caller.
func (s *Sim) spoil(w http.ResponseWriter, r *http.Request, f *Fault) bool {
	if f.Delay > 0 {
		s.pause(r, f.Delay)
	}
	switch {
	case f.Drop:
		panic(http.ErrAbortHandler)
	case f.Hang:
		_, _ = io.Copy(io.Discard, r.Body) // net/http sees that a client goes only once the body is read
		s.pause(r, 0)
		panic(http.ErrAbortHandler)
	case f.Status != 0 || f.HTML:
		f.write(w)
	case f.GzipZeros > 0:
		writeZeros(w, f.GzipZeros)
	default:
		return false
	}
	return true
}

// pause waits for d (0: for ever), the end of the request or of the simulator.
func (s *Sim) pause(r *http.Request, d time.Duration) {
	var fire <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		fire = timer.C
	}
	select {
	case <-fire:
	case <-r.Context().Done():
	case <-s.ctx.Done():
	}
}

func (f *Fault) write(w http.ResponseWriter) {
	body := []byte(f.Body)
	if f.BodyB64 != "" {
		decoded, err := base64.StdEncoding.DecodeString(f.BodyB64)
		if err != nil {
			decoded = []byte(err.Error())
		}
		body = decoded
	}
	status := f.Status
	def(&status, http.StatusBadGateway)
	h := w.Header()
	switch {
	case f.HTML && len(body) == 0:
		h.Set("Content-Type", "text/html; charset=UTF-8")
		body = fmt.Appendf(nil, "<!DOCTYPE html><html><head><title>%d %s</title></head><body><center><h1>%[1]d %[2]s</h1></center><hr><center>cloudflare</center></body></html>",
			status, http.StatusText(status))
	case bytes.HasPrefix(body, []byte("{")):
		h.Set("Content-Type", "application/json")
	}
	for name, value := range f.Headers {
		h.Set(name, value)
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// writeZeros sends a compressed body that is about a thousand times larger when unpacked.
func writeZeros(w http.ResponseWriter, n int64) {
	w.Header().Set("Content-Type", "application/rss+xml")
	w.Header().Set("Content-Encoding", "gzip")
	zip := gzip.NewWriter(w)
	chunk := make([]byte, 64<<10)
	for n > 0 {
		k := min(n, int64(len(chunk)))
		if _, err := zip.Write(chunk[:k]); err != nil {
			return // the client has seen enough
		}
		n -= k
	}
	_ = zip.Close()
}

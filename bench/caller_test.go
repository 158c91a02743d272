package bench_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// callerVariable makes the test binary the load generator.
const callerVariable = "TRACKBOT_BENCH_CALLER"

// load is a number of requests for the caller to send, each path and header in turn.
type load struct {
	Origin   string   // scheme and host
	Paths    []string // one a request, in turn
	Tokens   []string // bearer tokens, in turn with Paths; empty: none
	Tags     bool     // send the ETag of the path's answer before
	Warm     bool     // send everything once before, uncounted
	Requests int
	Parallel int
	Want     int // the status that every answer must have
}

// told is what the caller saw.
type told struct {
	P50, P99 time.Duration
	Bytes    int64 // of bodies
	Fault    string
}

// caller drives the load generator. It is for one goroutine.
type caller struct {
	in  *json.Encoder
	out *json.Decoder
}

func newCaller(b *testing.B) *caller {
	b.Helper()
	exe, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), callerVariable+"=1", "GOGC=400")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close() // tells it to end
		if err := cmd.Wait(); err != nil {
			b.Errorf("caller: %v", err)
		}
	})
	return &caller{json.NewEncoder(in), json.NewDecoder(out)}
}

func (c *caller) send(b *testing.B, l load) told {
	b.Helper()
	var t told
	if err := c.in.Encode(l); err != nil {
		b.Fatal(err)
	}
	if err := c.out.Decode(&t); err != nil {
		b.Fatal(err)
	}
	if t.Fault != "" {
		b.Fatal(t.Fault)
	}
	return t
}

// callerMain sends loads until its input ends.
func callerMain(in io.Reader, out io.Writer) int {
	s := sender{client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}, tags: map[string]string{}}
	loads, answers := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var l load
		if loads.Decode(&l) != nil {
			return 0
		}
		if answers.Encode(s.run(l)) != nil {
			return 1
		}
	}
}

type sender struct {
	client *http.Client
	mu     sync.Mutex
	tags   map[string]string // by address
}

func (s *sender) run(l load) told {
	var next, bytes atomic.Int64
	var fault atomic.Value
	took := make([]time.Duration, l.Requests)
	var callers sync.WaitGroup
	for range max(l.Parallel, 1) {
		callers.Go(func() {
			for n := next.Add(1); n <= int64(l.Requests) && fault.Load() == nil; n = next.Add(1) {
				start := time.Now()
				size, err := s.one(l, int(n-1))
				took[n-1] = time.Since(start)
				bytes.Add(size)
				if err != nil {
					fault.Store(err.Error())
				}
			}
		})
	}
	callers.Wait()
	slices.Sort(took)
	t := told{P50: took[len(took)/2], P99: took[len(took)*99/100], Bytes: bytes.Load()}
	if f := fault.Load(); f != nil {
		t.Fault = f.(string)
	}
	return t
}

func (s *sender) one(l load, n int) (int64, error) {
	address := l.Origin + l.Paths[n%len(l.Paths)]
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	if len(l.Tokens) > 0 {
		r.Header.Set("Authorization", "Bearer "+l.Tokens[n%len(l.Tokens)])
	}
	if l.Tags {
		s.mu.Lock()
		r.Header.Set("If-None-Match", s.tags[address])
		s.mu.Unlock()
	}
	w, err := s.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer w.Body.Close()
	size, err := io.Copy(io.Discard, w.Body)
	if err == nil && w.StatusCode != l.Want {
		err = fmt.Errorf("GET %s: %d, want %d", address, w.StatusCode, l.Want)
	}
	if tag := w.Header.Get("ETag"); tag != "" {
		s.mu.Lock()
		s.tags[address] = tag
		s.mu.Unlock()
	}
	return size, err
}

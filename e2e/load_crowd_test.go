//go:build load

package e2e_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/sim"
)

const (
	streamsEach = 5  // what a person may have
	crowdEvents = 15 // posts, one a second
)

// heard is when each client had a post for the first time.
type heard struct {
	mu   sync.Mutex
	at   map[string][]time.Time // by title
	open int
}

// crowd opens as many live streams as the people of the first guild may have, publishes posts and measures when
// each client has them. k6 has no server-sent events, so this is a client of its own.
func (w *loadWorld) crowd(t *testing.T) figures {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	h := &heard{at: map[string][]time.Time{}}
	began, refused := time.Now(), 0
	var mu sync.Mutex
	for _, p := range w.watchers {
		for range streamsEach {
			all.Go(func() {
				if err := h.listen(ctx, w.api, p); err != nil && ctx.Err() == nil {
					mu.Lock()
					defer mu.Unlock()
					refused++
					t.Logf("a stream ended: %v", err)
				}
			})
		}
	}
	streams := len(w.watchers) * streamsEach
	awaitFor(t, time.Minute, "the streams to be open", func() bool { return h.opened() == streams })
	t.Logf("%d streams were open after %s", streams, time.Since(began).Round(time.Millisecond))
	published := map[string]time.Time{}
	for n := range crowdEvents {
		title := fmt.Sprintf("crowd no %d", n)
		published[title] = time.Now()
		w.publish(t, w.feed, sim.PostSpec{Title: title})
		wait(t.Context(), time.Second)
	}
	awaitFor(t, time.Minute, "everybody to have everything", func() bool { return h.complete(streams) })
	stop()
	all.Wait()
	f := h.measure(published)
	f.Streams, f.Events, f.PerSecond = streams, crowdEvents, float64(streams)
	f.Failed = float64(refused) / float64(streams)
	f.Passed = refused == 0 && f.P99 < 8000
	return f
}

func (h *heard) opened() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.open
}

func (h *heard) complete(streams int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for n := range crowdEvents {
		if len(h.at[fmt.Sprintf("crowd no %d", n)]) < streams {
			return false
		}
	}
	return true
}

// listen reads one stream until ctx ends.
func (h *heard) listen(ctx context.Context, base string, p person) error {
	c := newClient(base)
	c.http.Timeout, c.http.Transport, c.token = 0, from{p.Address}, p.Token
	req, err := c.request(ctx, http.MethodGet, "/guilds/"+p.Guild+"/status/stream", nil)
	if err != nil {
		return err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() // to its end
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %d", resp.StatusCode)
	}
	h.mu.Lock()
	h.open++
	h.mu.Unlock()
	lines, mine := bufio.NewScanner(resp.Body), map[string]bool{}
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok || !strings.Contains(data, "crowd no ") {
			continue
		}
		var post api.Post
		if err := json.Unmarshal([]byte(data), &post); err != nil {
			return err
		}
		if title := post.Title.MustGet(); !mine[title] { // a second time once it was sent to Discord
			mine[title] = true
			h.mu.Lock()
			h.at[title] = append(h.at[title], time.Now())
			h.mu.Unlock()
		}
	}
	return lines.Err()
}

// measure compares when clients had a post with when it was published, and with the first of them.
func (h *heard) measure(published map[string]time.Time) figures {
	h.mu.Lock()
	defer h.mu.Unlock()
	var whole, fan []time.Duration
	for title, times := range h.at {
		for _, at := range times {
			whole = append(whole, at.Sub(published[title]))
			fan = append(fan, at.Sub(times[0]))
		}
	}
	own, longest := spreadOf(whole)
	others, _ := spreadOf(fan)
	return figures{
		Scenario: "crowd", Requests: float64(len(whole)), P50: own.P50, P95: own.P95, P99: own.P99,
		Max: float64(longest.Milliseconds()), FanOut: &others,
	}
}

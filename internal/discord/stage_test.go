package discord_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackbot/internal/discord"
)

const (
	mainHost   = "gateway.test"
	resumeHost = "resume.test"
	beatEvery  = 41250 * time.Millisecond
)

// roundTrip is an HTTP transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(status int, body string, headers ...string) *http.Response {
	res := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	for i := 0; i+1 < len(headers); i += 2 {
		res.Header.Set(headers[i], headers[i+1])
	}
	return res
}

// handled is an event that came to the handler.
type handled struct {
	shard int
	event discord.Event
	at    time.Time
}

// stage is a gateway client between a fake API and a fake gateway.
type stage struct {
	*fakeGateway
	t      *testing.T
	client *discord.Gateway
	plan   discord.GatewayBot
	events chan handled
	cancel context.CancelFunc
	result chan error
}

// setup changes a stage before its client starts.
type setup func(*stage, *discord.GatewayConfig)

// perform runs a script in a bubble of fake time: the client connects, the
// script plays Discord, and at the end the client must stop without a fault
// and leave no goroutine behind.
func perform(t *testing.T, prepare setup, script func(*stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		defer s.fakeGateway.close()
		s.start(prepare)
		script(s)
		if err := s.stop(); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func newStage(t *testing.T) *stage {
	s := &stage{
		fakeGateway: newFakeGateway(t),
		t:           t,
		events:      make(chan handled, 1024),
		plan: discord.GatewayBot{
			URL: "ws://" + mainHost, Shards: 1,
			Limit: discord.SessionStartLimit{Total: 1000, Remaining: 999, ResetAfter: 14400000, MaxConcurrency: 1},
		},
	}
	s.up(mainHost)
	s.up(resumeHost)
	return s
}

// start runs a client; a second start plays the next process.
func (s *stage) start(prepare setup) {
	cfg := discord.GatewayConfig{
		Token: "the-token",
		API: discord.New(discord.Config{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			text, err := json.Marshal(s.plan)
			return answer(200, string(text)), err
		})}),
		Handler: func(_ context.Context, shard int, ev discord.Event) {
			s.events <- handled{shard, ev, time.Now()}
		},
		HTTPClient: &http.Client{Transport: &http.Transport{DialContext: s.net.dial, DisableKeepAlives: true}},
	}
	if prepare != nil {
		prepare(s, &cfg)
	}
	s.client = discord.NewGateway(cfg)
	var ctx context.Context
	ctx, s.cancel = context.WithCancel(s.t.Context())
	s.result = make(chan error, 1)
	go func() { s.result <- s.client.Run(ctx) }()
}

// stop ends the client as a clean stop of the process does.
func (s *stage) stop() error {
	s.t.Helper()
	s.cancel()
	return s.wait()
}

func (s *stage) wait() error {
	s.t.Helper()
	select {
	case err := <-s.result:
		return err
	case <-time.After(patience):
		s.t.Fatal("Run does not return")
		return nil
	}
}

func (s *stage) next() handled {
	s.t.Helper()
	select {
	case h := <-s.events:
		return h
	case <-time.After(patience):
		s.t.Fatal("no event came")
		return handled{}
	}
}

// none fails if an event waits.
func (s *stage) none() {
	s.t.Helper()
	synctest.Wait()
	select {
	case h := <-s.events:
		s.t.Errorf("unexpected event %s %d", h.event.Type, h.event.Seq)
	default:
	}
}

// wantEvents checks the next events' names and sequence numbers.
func (s *stage) wantEvents(want ...string) {
	s.t.Helper()
	for _, w := range want {
		h := s.next()
		if got := fmt.Sprintf("%s %d", h.event.Type, h.event.Seq); got != w {
			s.t.Fatalf("event %q, want %q", got, w)
		}
	}
}

func ready(session string, guilds ...string) map[string]any {
	list := []map[string]any{}
	for _, id := range guilds {
		list = append(list, map[string]any{"id": id, "unavailable": true})
	}
	return map[string]any{
		"v": 10, "session_id": session, "resume_gateway_url": "ws://" + resumeHost, "guilds": list,
		"user": map[string]any{"id": "1", "username": "bot"}, "application": map[string]any{"id": "2", "flags": 0},
	}
}

// login plays the server's side up to READY, which has sequence number 1.
func (s *stage) login(session string, guilds ...string) *peer {
	s.t.Helper()
	p := s.accept()
	p.hello(beatEvery)
	p.expect(2)
	p.event(1, "READY", ready(session, guilds...))
	s.wantEvents("READY 1")
	return p
}

// resumed plays the server's side of a resume up to the client's request.
func (s *stage) resumed(session string, seq int) *peer {
	s.t.Helper()
	p := s.accept()
	p.hello(beatEvery)
	f := p.expect(6)
	if f.field(s.t, "session_id") != fmt.Sprintf("%q", session) || f.field(s.t, "seq") != fmt.Sprint(seq) ||
		f.field(s.t, "token") != `"the-token"` {
		s.t.Fatalf("resume with %s, want session %s at %d", f.D, session, seq)
	}
	return p
}

// memoryStore keeps sessions as the bot's database does.
type memoryStore struct {
	mu    sync.Mutex
	saved map[int]discord.Session
	saves []time.Time
	fault error
}

func newMemoryStore() *memoryStore { return &memoryStore{saved: map[int]discord.Session{}} }

func (m *memoryStore) LoadSession(_ context.Context, shard int) (discord.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.saved[shard], m.fault
}

func (m *memoryStore) SaveSession(_ context.Context, shard int, s discord.Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.saves = append(m.saves, time.Now())
	if m.fault == nil {
		m.saved[shard] = s
	}
	return m.fault
}

func (m *memoryStore) get(shard int) discord.Session {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.saved[shard]
}

func (m *memoryStore) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fault = err
}

func within(t *testing.T, what string, got, low, high time.Duration) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s after %s, want between %s and %s", what, got, low, high)
	}
}

// answers is a transport that gives every request the same answer.
func answers(status int, body string, headers ...string) http.RoundTripper {
	return roundTrip(func(*http.Request) (*http.Response, error) { return answer(status, body, headers...), nil })
}

// flaky is a transport that fails three times in different ways before it asks on.
func flaky(count *int, api *discord.Client) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		*count++
		switch *count {
		case 1:
			return nil, errors.New("network is down")
		case 2:
			return answer(502, "<html>bad gateway</html>"), nil
		case 3:
			return answer(429, `{"message":"slow","retry_after":2.5,"global":false}`), nil
		}
		plan, err := api.GatewayBot(r.Context())
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(plan)
		return answer(200, string(text)), err
	})
}

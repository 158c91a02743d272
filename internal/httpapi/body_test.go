package httpapi_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"trackbot/api"
	"trackbot/internal/httpapi"
)

// pipeListener hands out one connection and then waits to be closed.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error   { close(l.closed); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

func TestABodyThatDoesNotComeIsGivenUp(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		l := &pipeListener{conns: make(chan net.Conn, 1), closed: make(chan struct{})}
		l.conns <- server
		srv := httpapi.NewHTTPServer("", h, ready().Log)
		go func() { _ = srv.Serve(l) }()
		start := time.Now()
		go func() {
			_, _ = io.WriteString(client, "POST "+base+"/brands HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+manager+
				"\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"name\"")
		}()
		res, err := http.ReadResponse(bufio.NewReader(client), nil)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); res.StatusCode != http.StatusBadRequest || took != 10*time.Second {
			t.Errorf("got %d after %v", res.StatusCode, took)
		}
		_ = client.Close()
		_ = srv.Close()
	})
}

func TestABodyThatEndsEarlyIsTheCallersFault(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", base+"/brands", iotest.ErrReader(errors.New(secret)))
	r.Header.Set("Authorization", "Bearer "+manager)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	newAPI(t).ServeHTTP(w, r)
	if p := problemOf(t, w); w.Code != http.StatusBadRequest || fields(p)["body"] == "" || strings.Contains(w.Body.String(), secret) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

// stripeAPI has the Stripe webhook built.
type stripeAPI struct {
	httpapi.Nothing
	got *string
}

func (s stripeAPI) ReceiveStripeWebhook(_ context.Context, in api.ReceiveStripeWebhookRequestObject) (api.ReceiveStripeWebhookResponseObject, error) {
	b, err := io.ReadAll(in.Body)
	*s.got = string(b)
	return api.ReceiveStripeWebhook204Response{}, err
}

func TestWebhooksGetTheirBytesAsSent(t *testing.T) {
	t.Parallel()
	var got string
	h := newAPIWith(t, ready(), stripeAPI{got: &got}, "ReceiveStripeWebhook")
	const sent = " {\"b\": 1, \"b\": 2,\n\"a\":\"\u00fc\"} trailing"
	w := call{method: "POST", path: "/api/v1/webhooks/stripe", token: "none", body: sent}.send(h)
	if w.Code != http.StatusNoContent || got != sent {
		t.Errorf("got %d, %q", w.Code, got)
	}
	huge := httptest.NewRequest("POST", "/api/v1/webhooks/stripe", io.MultiReader(strings.NewReader(strings.Repeat("x", 1<<20+1))))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, huge)
	if rec.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("over 1 MiB: got %d", rec.Code)
	}
}

// readingMachines verifies by the body.
type readingMachines struct{ body *string }

func (m readingMachines) Verify(_ *http.Request, body []byte) error {
	*m.body = string(body)
	return nil
}

// healthAPI has the bot's heartbeat built.
type healthAPI struct {
	httpapi.Nothing
	got *api.BotHealthReport
}

func (a healthAPI) PutBotHealth(_ context.Context, in api.PutBotHealthRequestObject) (api.PutBotHealthResponseObject, error) {
	*a.got = *in.Body
	return api.PutBotHealth204Response{}, nil
}

func TestSignedBodiesAreVerifiedAndThenChecked(t *testing.T) {
	t.Parallel()
	var seen string
	var got api.BotHealthReport
	deps := ready()
	deps.Machines = readingMachines{&seen}
	h := newAPIWith(t, deps, healthAPI{got: &got}, "PutBotHealth")
	c := call{method: "PUT", path: "/api/v1/bot/health", token: "none", body: `{"shardCount":2,"guildCount":3,"status":"online","version":"1"}`}
	if w := c.send(h); w.Code != http.StatusNoContent || seen != c.body || got.ShardCount != 2 || got.GuildCount == nil || *got.GuildCount != 3 {
		t.Errorf("got %d %s, verified %q, handled %+v", w.Code, w.Body, seen, got)
	}
	for body, want := range map[string]string{
		strings.Replace(c.body, "2", "2.0", 1):     "shardCount", // passes the schema, does not fit an integer
		strings.Replace(c.body, "2", "1e2", 1):     "shardCount",
		strings.Replace(c.body, `"1"`, `null`, 1):  "version",
		strings.Replace(c.body, "online", "up", 1): "status",
	} {
		c.body = body
		w := c.send(h)
		if w.Code != http.StatusBadRequest || fields(problemOf(t, w))[want] == "" {
			t.Errorf("%s: got %d %s", body, w.Code, w.Body)
		}
	}
}

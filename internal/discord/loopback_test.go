package discord_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"trackbot/internal/discord"
)

// loopback plays a gateway over real sockets: it drops the first connection
// after READY and one event, replays another when it is resumed, and sends a
// last one behind the acknowledgement of a heartbeat.
func loopback(t *testing.T) *httptest.Server {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Errorf("accept: %v", err)
			return
		}
		defer ws.CloseNow()
		ctx := r.Context()
		send := func(text string) { _ = ws.Write(ctx, websocket.MessageText, []byte(text)) }
		send(`{"op":10,"d":{"heartbeat_interval":1000}}`)
		resumed := false
		for {
			var f struct {
				Op int             `json:"op"`
				D  json.RawMessage `json:"d"`
			}
			if wsjson.Read(ctx, ws, &f) != nil {
				return
			}
			switch f.Op {
			case 1:
				send(`{"op":11}`)
				if resumed {
					send(`{"op":0,"s":5,"t":"C","d":{}}`)
				}
			case 2:
				send(fmt.Sprintf(`{"op":0,"s":1,"t":"READY","d":{"session_id":"s","resume_gateway_url":"ws://%s"}}`, r.Host))
				send(`{"op":0,"s":2,"t":"A","d":{}}`)
				return
			case 6:
				resumed = true
				send(`{"op":0,"s":3,"t":"B","d":{}}`)
				send(`{"op":0,"s":4,"t":"RESUMED","d":{}}`)
			}
		}
	}))
	t.Cleanup(srv.Close)
	return srv
}

func TestGatewayOverRealSockets(t *testing.T) {
	t.Parallel()
	srv := loopback(t)
	events := make(chan string, 16)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	g := discord.NewGateway(discord.GatewayConfig{
		Token: "t", URL: "ws" + strings.TrimPrefix(srv.URL, "http"), ShardCount: 1,
		HTTPClient: &http.Client{Transport: transport},
		Handler:    func(_ context.Context, _ int, ev discord.Event) { events <- ev.Type },
	})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- g.Run(ctx) }()
	for _, want := range []string{"READY", "A", "B", "RESUMED", "C"} {
		select {
		case got := <-events:
			if got != want {
				t.Errorf("event %s, want %s", got, want)
			}
		case <-ctx.Done():
			t.Fatalf("no %s", want)
		}
	}
	if st := g.Status(); st.LastAck.IsZero() || st.ReadyShards != 1 {
		t.Errorf("status %+v", st)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run: %v", err)
	}
}

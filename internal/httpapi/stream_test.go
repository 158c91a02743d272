package httpapi_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/httpapi"
)

// streamAPI has the event stream built.
type streamAPI struct {
	httpapi.Nothing
	visit func(http.ResponseWriter) error
}

type streamResponse func(http.ResponseWriter) error

func (s streamResponse) VisitStreamGuildStatusResponse(w http.ResponseWriter) error { return s(w) }

func (s streamAPI) StreamGuildStatus(context.Context, api.StreamGuildStatusRequestObject) (api.StreamGuildStatusResponseObject, error) {
	return streamResponse(s.visit), nil
}

// streamWith is an API of which only the event stream is built.
func streamWith(t testing.TB, visit func(http.ResponseWriter) error) http.Handler {
	t.Helper()
	return newAPIWith(t, ready(), streamAPI{visit: visit}, "StreamGuildStatus")
}

func TestStreamsPassTheFrameAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	read := make(chan struct{})
	h := streamWith(t, func(w http.ResponseWriter) error {
		w.Header().Set("Content-Type", "text/event-stream")
		control := http.NewResponseController(w)
		if err := control.SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Errorf("write deadline: %v", err)
		}
		_, _ = w.Write([]byte("event: status\n"))
		w.(http.Flusher).Flush()
		<-read // ends only once the first event has arrived
		_, err := w.Write([]byte("data: {}\n"))
		return err
	})
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	r, _ := http.NewRequest(http.MethodGet, srv.URL+base+"/status/stream", nil)
	r.Header.Set("Authorization", "Bearer "+manager)
	res, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.Header.Get("ETag") != "" || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", res.Header)
	}
	lines := bufio.NewScanner(res.Body)
	if !lines.Scan() || lines.Text() != "event: status" {
		t.Fatalf("read %q, %v", lines.Text(), lines.Err())
	}
	close(read)
	if !lines.Scan() || lines.Text() != "data: {}" {
		t.Errorf("read %q, %v", lines.Text(), lines.Err())
	}
}

package e2e_test

import (
	"encoding/json"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// holdFor is how long each call of the slow dashboard waits before it reaches the API: calls that are independent of each
// other then overlap, however late a busy machine begins one of them, and a call that waited for another shows.
const holdFor = 700 * time.Millisecond

// callLog stands between a dashboard and the API, holds every call for a while and notes when it was made and answered.
type callLog struct {
	*httputil.ReverseProxy
	began time.Time
	mu    sync.Mutex
	calls []*apiCall
}

// apiCall is a call that a dashboard made. Times are milliseconds since the log began.
type apiCall struct {
	Agent string `json:"-"` // the User-Agent of the browser that it was made for
	Path  string `json:"path"`
	From  int64  `json:"from"`
	To    *int64 `json:"to"` // nil while it runs
}

func newCallLog(t *testing.T, api string) *callLog {
	t.Helper()
	target, err := url.Parse(api)
	if err != nil {
		t.Fatal(err)
	}
	return &callLog{began: time.Now(), ReverseProxy: &httputil.ReverseProxy{FlushInterval: -1, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
	}}}
}

func (l *callLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/status/stream") { // has no end, so nothing waits for it
		l.ReverseProxy.ServeHTTP(w, r)
		return
	}
	call := &apiCall{Agent: r.UserAgent(), Path: r.URL.RequestURI(), From: l.now()}
	l.mu.Lock()
	l.calls = append(l.calls, call)
	l.mu.Unlock()
	defer func() {
		to := l.now()
		l.mu.Lock()
		call.To = &to
		l.mu.Unlock()
	}()
	select {
	case <-time.After(holdFor):
		l.ReverseProxy.ServeHTTP(w, r)
	case <-r.Context().Done():
	}
}

func (l *callLog) now() int64 { return time.Since(l.began).Milliseconds() }

// report answers GET with what was called for a browser (?agent=) so far, and what time it is.
func (l *callLog) report(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := struct {
		Now   int64     `json:"now"`
		Calls []apiCall `json:"calls"`
	}{Now: l.now(), Calls: []apiCall{}}
	for _, call := range l.calls {
		if call.Agent == r.URL.Query().Get("agent") {
			out.Calls = append(out.Calls, *call)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out) // whoever asks sees what is missing
}

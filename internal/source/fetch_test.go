package source_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/source"
)

const smallFeed = `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>/</link>
<item><guid>1</guid><title>One</title><link>/1</link><pubDate>Mon, 02 Jan 2023 10:00:00 GMT</pubDate></item>
</channel></rss>`

func fetchFeed(t *testing.T, h http.HandlerFunc, req source.FetchRequest, cfg source.Config) (source.FetchResult, error) {
	t.Helper()
	srv := serve(t, h)
	req.ExternalID = srv.URL + "/feed.xml"
	return adapter(t, registry(t, cfg), source.RSS).Fetch(testContext(t), req)
}

func TestStatusesAreTold(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		status int
		header http.Header
		kind   source.ErrorKind
		wait   time.Duration
	}{
		{404, nil, source.NotFound, 0},
		{410, nil, source.Gone, 0},
		{401, nil, source.AuthRequired, 0},
		{403, nil, source.AuthRequired, 0},
		{429, nil, source.RateLimited, 0},
		{429, http.Header{"Retry-After": {"120"}}, source.RateLimited, 2 * time.Minute},
		{429, http.Header{"Retry-After": {"Sun, 01 Mar 2026 12:30:00 GMT"}}, source.RateLimited, 30 * time.Minute},
		{429, http.Header{"Retry-After": {"99999999"}}, source.RateLimited, 24 * time.Hour},
		{500, nil, source.Transient, 0},
		{503, http.Header{"Retry-After": {"60"}}, source.Transient, time.Minute},
		{500, http.Header{"X-Ratelimit-Reset": {"2026-03-01T12:05:00Z"}}, source.Transient, 0},
		{400, nil, source.Transient, 0},
		{300, nil, source.Transient, 0},
	} {
		t.Run(fmt.Sprint(tc.status, tc.header), func(t *testing.T) {
			t.Parallel()
			_, err := fetchFeed(t, func(w http.ResponseWriter, _ *http.Request) {
				for k, v := range tc.header {
					w.Header()[k] = v
				}
				w.WriteHeader(tc.status)
			}, source.FetchRequest{}, source.Config{Now: func() time.Time { return now }})
			e := wantKind(t, err, tc.kind)
			if e.Status != tc.status || e.RetryAfter != tc.wait {
				t.Errorf("status %d wait %s, want %d %s", e.Status, e.RetryAfter, tc.status, tc.wait)
			}
		})
	}
}

func TestValidatorsComeBackAndAreRenewedOn304(t *testing.T) {
	t.Parallel()
	h := func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"a"` && r.Header.Get("If-Modified-Since") == "Mon, 02 Jan 2023 10:00:00 GMT" {
			w.Header().Set("ETag", `"b"`)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"a"`)
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2023 10:00:00 GMT")
		w.Header().Set("Cache-Control", "public, max-age=900")
		_, _ = io.WriteString(w, smallFeed)
	}
	srv := serve(t, http.HandlerFunc(h))
	a := adapter(t, registry(t, source.Config{}), source.RSS)
	req := source.FetchRequest{ExternalID: srv.URL + "/feed.xml"}
	first, err := a.Fetch(testContext(t), req)
	if err != nil {
		t.Fatal(err)
	}
	want := source.Validators{ETag: `"a"`, LastModified: "Mon, 02 Jan 2023 10:00:00 GMT"}
	if first.Validators != want || first.NotModified || len(first.Posts) != 1 || first.NextAfter != 15*time.Minute {
		t.Fatalf("first: %+v", first)
	}
	req.Validators = first.Validators
	second, err := a.Fetch(testContext(t), req)
	if err != nil {
		t.Fatal(err)
	}
	want.ETag = `"b"`
	if !second.NotModified || second.Validators != want || len(second.Posts) != 0 {
		t.Fatalf("second: %+v", second)
	}
}

func TestRubbishValidatesNothing(t *testing.T) {
	t.Parallel()
	res, err := fetchFeed(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Expires", "0")
		w.Header().Set("Last-Modified", "0")
		w.Header().Set("ETag", strings.Repeat("x", 600))
		_, _ = io.WriteString(w, smallFeed)
	}, source.FetchRequest{Validators: source.Validators{ETag: `"old"`}}, source.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if res.Validators != (source.Validators{}) || res.NextAfter != 0 {
		t.Errorf("got %+v, next after %s", res.Validators, res.NextAfter)
	}
}

func TestPermanentRedirectsAreReported(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.Handle("/old", http.RedirectHandler("/older", http.StatusMovedPermanently))
	mux.Handle("/older", http.RedirectHandler("/feed", http.StatusPermanentRedirect))
	mux.Handle("/mixed", http.RedirectHandler("/half", http.StatusMovedPermanently))
	mux.Handle("/half", http.RedirectHandler("/feed", http.StatusFound))
	mux.Handle("/temporary", http.RedirectHandler("/feed", http.StatusTemporaryRedirect))
	mux.HandleFunc("/feed", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Referer") != "" {
			t.Error("a referrer was sent")
		}
		_, _ = io.WriteString(w, smallFeed)
	})
	srv := serve(t, mux)
	a := adapter(t, registry(t, source.Config{}), source.RSS)
	for path, want := range map[string]string{"/old": "/feed", "/mixed": "/half", "/temporary": "", "/feed": ""} {
		res, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: srv.URL + path})
		if err != nil {
			t.Fatal(err)
		}
		if strings.TrimPrefix(res.MovedTo, srv.URL) != want {
			t.Errorf("%s moved to %q, want %q", path, res.MovedTo, want)
		}
	}
}

// Not parallel: it watches the memory of the whole process.
func TestGzipBombIsRefusedInBoundedMemory(t *testing.T) {
	bomb := gzipped(t, make([]byte, 200<<20))
	srv := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb)
	}))
	a := adapter(t, registry(t, source.Config{}), source.RSS)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: srv.URL})
	runtime.ReadMemStats(&after)
	wantKind(t, err, source.TooLarge)
	if used := after.TotalAlloc - before.TotalAlloc; used > 48<<20 {
		t.Errorf("%d MiB were allocated", used>>20)
	}
}

func TestSizeIsBoundedHoweverTheBodyComes(t *testing.T) {
	t.Parallel()
	nothing := gzipped(t, nil)
	for name, h := range map[string]http.HandlerFunc{
		"announced": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(10<<20))
			w.WriteHeader(200)
		},
		"streamed": func(w http.ResponseWriter, _ *http.Request) {
			for range 100 {
				_, _ = w.Write(make([]byte, 100<<10))
			}
		},
		"empty gzip members": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bytes.Repeat(nothing, 300_000))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := fetchFeed(t, h, source.FetchRequest{}, source.Config{})
			wantKind(t, err, source.TooLarge)
		})
	}
}

func TestDamagedAnswersAreMalformed(t *testing.T) {
	t.Parallel()
	whole := gzipped(t, []byte(smallFeed))
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 0xFF
	for name, h := range map[string]http.HandlerFunc{
		"broken xml": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, smallFeed[:200]) },
		"html":       func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html><p>hello</html>") },
		"empty":      func(http.ResponseWriter, *http.Request) {},
		"not a feed": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"items":[]}`) },
		"plain as gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, smallFeed)
		},
		"damaged gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(flipped)
		},
		"unasked deflate": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			_, _ = io.WriteString(w, "x")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := fetchFeed(t, h, source.FetchRequest{}, source.Config{})
			wantKind(t, err, source.Malformed)
		})
	}
}

func TestGzipIsAskedForAndRead(t *testing.T) {
	t.Parallel()
	res, err := fetchFeed(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip" || !strings.Contains(r.UserAgent(), "Trackbot") {
			w.WriteHeader(400)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(gzipped(t, []byte(smallFeed)))
	}, source.FetchRequest{}, source.Config{})
	if err != nil || len(res.Posts) != 1 {
		t.Fatalf("%v %+v", err, res)
	}
}

func TestTimeIsBoundedBodyIncluded(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]string{"no answer": "", "endless body": "<rss>"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := fetchFeed(t, func(w http.ResponseWriter, r *http.Request) {
				if start != "" {
					_, _ = io.WriteString(w, start)
					w.(http.Flusher).Flush()
				}
				<-r.Context().Done()
			}, source.FetchRequest{}, source.Config{Timeout: 50 * time.Millisecond})
			wantKind(t, err, source.Transient)
		})
	}
}

func TestBrokenConnectionsAreTransient(t *testing.T) {
	t.Parallel()
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "<rss>")
	}
	_, err := fetchFeed(t, cut, source.FetchRequest{}, source.Config{})
	wantKind(t, err, source.Transient)

	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	a := adapter(t, registry(t, source.Config{}), source.RSS)
	_, err = a.Fetch(testContext(t), source.FetchRequest{ExternalID: gone.URL + "/?token=secret"})
	e := wantKind(t, err, source.Transient)
	if strings.Contains(e.Error(), "secret") {
		t.Errorf("the query stands in the error: %v", e)
	}
}

func TestTLSIsVerifiedAndNeverLeft(t *testing.T) {
	t.Parallel()
	plain := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, smallFeed) }))
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/down" {
			http.Redirect(w, r, plain.URL, http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, smallFeed)
	}))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	pool := x509.NewCertPool()
	pool.AddCert(secure.Certificate())

	trusting := adapter(t, registry(t, source.Config{RootCAs: pool}), source.RSS)
	if _, err := trusting.Fetch(testContext(t), source.FetchRequest{ExternalID: secure.URL}); err != nil {
		t.Fatal(err)
	}
	_, err := trusting.Fetch(testContext(t), source.FetchRequest{ExternalID: secure.URL + "/down"})
	wantKind(t, err, source.Blocked)

	wary := adapter(t, registry(t, source.Config{RootCAs: x509.NewCertPool()}), source.RSS)
	_, err = wary.Fetch(testContext(t), source.FetchRequest{ExternalID: secure.URL})
	if e := wantKind(t, err, source.Transient); !strings.Contains(e.Public, "certificate") {
		t.Errorf("public sentence: %s", e.Public)
	}
}

func TestTheEnvironmentsProxyIsNotUsed(t *testing.T) {
	var asked atomic.Int32
	proxy := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("NO_PROXY", "")
	r := source.New(source.Config{})
	t.Cleanup(r.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	// An address that is refused on connect; a proxy would have been asked before that.
	_, err := adapter(t, r, source.RSS).Fetch(ctx, source.FetchRequest{ExternalID: "http://192.0.2.1/"})
	wantKind(t, err, source.Blocked)
	if asked.Load() != 0 {
		t.Error("the proxy was asked")
	}
}

func TestAFetchDescribesTheFeed(t *testing.T) {
	t.Parallel()
	srv := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, smallFeed) }))
	a := adapter(t, registry(t, source.Config{}), source.RSS)
	res, err := a.Fetch(testContext(t), source.FetchRequest{ExternalID: srv.URL + "/feed.xml", Cursor: "kept"})
	if err != nil {
		t.Fatal(err)
	}
	want := source.FetchResult{
		Posts: []source.Post{{
			ExternalID: "1", Kind: "post", URL: srv.URL + "/1", Title: "One",
			PublishedAt: time.Date(2023, 1, 2, 10, 0, 0, 0, time.UTC),
		}},
		Account: &source.Account{
			Platform: "rss", ExternalID: srv.URL + "/feed.xml", Handle: "127.0.0.1", DisplayName: "News", URL: srv.URL + "/",
		},
		Cursor: "kept",
		Hub:    &source.Hub{},
	}
	if d := cmp.Diff(want, res); d != "" {
		t.Error(d)
	}
}

package source_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.uber.org/goleak"

	"trackbot/internal/source"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts a loopback server that ends with the test.
func serve(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv
}

// registry makes one that may talk to loopback.
func registry(t *testing.T, cfg source.Config) *source.Registry {
	t.Helper()
	cfg.AllowPrivate = true
	r := source.New(cfg)
	t.Cleanup(r.Close)
	return r
}

func adapter(t *testing.T, r *source.Registry, platform string) source.Adapter {
	t.Helper()
	a, ok := r.Adapter(platform)
	if !ok {
		t.Fatalf("no adapter for %s", platform)
	}
	return a
}

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func gzipped(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func wantKind(t *testing.T, err error, kind source.ErrorKind) *source.Error {
	t.Helper()
	e, ok := err.(*source.Error)
	if !ok || e.Kind != kind {
		t.Fatalf("error %v, want kind %s", err, kind)
	}
	if e.Public == "" || e.Error() == "" {
		t.Errorf("error %#v says nothing", e)
	}
	return e
}

func value(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

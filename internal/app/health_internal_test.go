package app

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestHealthCheckSaysWhetherTheServiceIsWell(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/readyz" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	addr := server.Listener.Addr().String()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, addr, path string
		well             bool
	}{
		{"alive", addr, "/healthz", true},
		{"alive on every address", ":" + port, "/healthz", true},
		{"alive on every address of version 4", "0.0.0.0:" + port, "/healthz", true},
		{"not ready", addr, "/readyz", false},
		{"nobody there", gone, "/healthz", false},
		{"no address", "nonsense", "/healthz", false},
	} {
		if err := askHealth(t.Context(), tc.addr, tc.path); (err == nil) != tc.well {
			t.Errorf("%s: got %v", tc.name, err)
		}
	}
}

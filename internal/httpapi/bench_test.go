package httpapi_test

import (
	"net/http/httptest"
	"testing"

	"trackbot/internal/httpapi"
)

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		newAPIWith(b, ready(), httpapi.Nothing{})
	}
}

// BenchmarkFrame is what the frame costs a list read with filters, from routing to the answer.
func BenchmarkFrame(b *testing.B) {
	h := newAPI(b)
	r := httptest.NewRequest("GET", base+"/posts?platform=rss&from=2026-11-01&limit=20", nil)
	r.Header.Set("Authorization", "Bearer "+manager)
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r.Clone(r.Context()))
	}
}

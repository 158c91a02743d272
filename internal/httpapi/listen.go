package httpapi

import (
	"log/slog"
	"net/http"
	"time"
)

// NewHTTPServer returns a server for h that a slow or silent client cannot hold up. A handler
// that streams moves its write deadline on (http.ResponseController).
func NewHTTPServer(addr string, h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"trackbot/internal/config"
)

// healthPatience bounds one question of HealthCheck; it is longer than a service takes to answer /readyz.
const healthPatience = readyTimeout + time.Second

// HealthCheck asks the service that runs with this environment for its health, at METRICS_ADDR or, where an API has none,
// at LISTEN_ADDR. It is the health check of images that hold nothing but the program. Any answer but 200 is an error.
func HealthCheck(ctx context.Context, ready bool) error {
	// The operator's needs are none of a probe's: of the configuration, the two addresses alone are read.
	cfg, _ := config.FromEnvironment(config.Operator)
	path := "/healthz"
	if ready {
		path = "/readyz"
	}
	return askHealth(ctx, cmp.Or(cfg.MetricsAddr, cfg.ListenAddr), path)
}

func askHealth(ctx context.Context, addr, path string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return errors.New("METRICS_ADDR or LISTEN_ADDR is no address such as :9090")
	}
	switch host { // of any address, the machine's own; by number, since an image has no resolver's files
	case "", "0.0.0.0":
		host = "127.0.0.1"
	case "::":
		host = "::1"
	}
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+path, nil)
	if err != nil {
		return fmt.Errorf("ask for health: %w", err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // no proxy of the environment
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("ask for health: %w", err)
	}
	_ = resp.Body.Close() // the status says it all
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("ask for health: %s answers %d", path, resp.StatusCode)
	}
	return nil
}

package e2e_test

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"trackbot/internal/sim"
)

// An alert on a metric that nobody exports never fires. The metrics are those of the running program.
func TestEveryMetricThatAnAlertNamesIsExported(t *testing.T) {
	t.Parallel()
	rules, err := os.ReadFile("../deploy/prometheus/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, expr := range regexp.MustCompile(`(?m)^\s+expr: (.*)$`).FindAllSubmatch(rules, -1) {
		for _, name := range regexp.MustCompile(`\b[a-z]+_[a-z0-9_]+\b`).FindAllString(string(expr[1]), -1) {
			named[name] = true
		}
	}
	if alerts, exprs := bytes.Count(rules, []byte("- alert:")), bytes.Count(rules, []byte("expr:")); alerts == 0 || alerts != exprs || len(named) == 0 {
		t.Fatalf("read %d alerts, %d expressions on %d metrics", alerts, exprs, len(named))
	}
	s := newSystem(t, sim.Config{})
	env := maps.Clone(s.env)
	env["METRICS_ADDR"] = freeAddr(t)
	p := start(t, env, "all")
	var missing []string
	defer func() {
		if t.Failed() {
			t.Logf("not exported: %v", missing)
		}
	}()
	await(t, "the metrics of the alerts", func() bool {
		if p.ended() {
			t.Fatalf("all ended: %v", p.err)
		}
		missing = missingIn(t, "http://"+env["METRICS_ADDR"]+"/metrics", named)
		return len(missing) == 0
	})
	t.Logf("exported: %s", strings.Join(slices.Sorted(maps.Keys(named)), ", "))
}

// missingIn lists the names of which the address tells no series.
func missingIn(t *testing.T, address string, names map[string]bool) (missing []string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		return []string{"all"}
	}
	defer resp.Body.Close() // it was only read
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	for name := range names {
		if !regexp.MustCompile(`(?m)^` + name + `[{ ]`).Match(body) {
			missing = append(missing, name)
		}
	}
	return missing
}

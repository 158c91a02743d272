//go:build load

package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"trackbot/internal/embeddedpg"
	"trackbot/internal/sim"
)

// figures are what a scenario measured; times are milliseconds.
type figures struct {
	Scenario  string  `json:"scenario"`
	Requests  float64 `json:"requests"`
	PerSecond float64 `json:"perSecond"`
	P50       float64 `json:"p50"`
	P95       float64 `json:"p95"`
	P99       float64 `json:"p99"`
	Max       float64 `json:"max"`
	Failed    float64 `json:"failed"`  // share
	Dropped   float64 `json:"dropped"` // arrivals that found nobody free to make them
	Passed    bool    `json:"passed"`

	Whole          *spread `json:"whole,omitempty"` // a whole sign-in
	Quiet          *spread `json:"quiet,omitempty"` // the victim without its neighbour, and with it
	Noisy          *spread `json:"noisy,omitempty"`
	RatioOfP50     float64 `json:"ratioOfP50,omitempty"`
	RatioOfP99     float64 `json:"ratioOfP99,omitempty"`
	PairedRatio    float64 `json:"pairedRatioOfP99,omitempty"` // the median of those of each two turns side by side
	NoisePerSecond float64 `json:"noisePerSecond,omitempty"`
	Refused        float64 `json:"refused,omitempty"` // share of the noise

	Streams int     `json:"streams,omitempty"`
	Events  int     `json:"events,omitempty"`
	FanOut  *spread `json:"fanOut,omitempty"` // from the first client that had an event to each
}

type spread struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

// victimRoom is how much slower the 99th percentile of a tenant may be beside a noisy neighbour.
const victimRoom = 1.2

// TestLoad runs the short set: every scenario of load/scenarios for half a minute or so, and a crowd of live streams,
// against the services as processes of their own on a filled database. It writes load/results.
func TestLoad(t *testing.T) {
	k6 := os.Getenv("K6")
	if k6 == "" {
		t.Fatal("K6 names the program to use; make load sets it")
	}
	began := time.Now()
	w := newLoadWorld(t)
	t.Logf("filled in %s: %d people, %d posts", time.Since(began).Round(time.Second), len(w.People), w.posts)
	data := filepath.Join(t.TempDir(), "world.json")
	writeJSON(t, data, w)
	var all []figures
	only := os.Getenv("LOAD_ONLY")
	for _, name := range []string{"morning", "paging", "login", "neighbour"} {
		if only == "" || only == name {
			all = append(all, runK6(t, k6, name, data))
		}
	}
	if only == "" || only == "crowd" {
		all = append(all, w.crowd(t))
	}
	for _, f := range all {
		if !f.Passed {
			t.Errorf("%s is over its thresholds: %+v", f.Scenario, f)
		}
		if f.Scenario == "neighbour" && f.PairedRatio > victimRoom {
			t.Errorf("a noisy neighbour makes another's p99 %.2f times as long, more than %.1f", f.PairedRatio, victimRoom)
		}
	}
	report(t, all, only == "")
}

// k6Limit bounds a scenario, whose own time is below two minutes.
const k6Limit = 4 * time.Minute

func runK6(t *testing.T, k6, name, data string) figures {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), k6Limit)
	defer cancel()
	out := filepath.Join(t.TempDir(), name+".json")
	cmd := exec.CommandContext(ctx, k6, "run", "--quiet", "--no-color", "--address=", "--no-usage-report",
		filepath.Join("..", "load", "scenarios", name+".js"))
	cmd.Env = append(os.Environ(), "DATA="+data, "OUT="+out)
	said, err := cmd.CombinedOutput()
	raw, readErr := os.ReadFile(out)
	if readErr != nil { // a threshold that is missed is an exit code too, but leaves its figures
		t.Fatalf("k6 run %s: %v\n%s", name, err, said)
	}
	f := figures{}
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatalf("k6 run %s: %v in %s", name, err, raw)
	}
	f.Scenario = name
	if !f.Passed {
		t.Logf("k6 run %s says:\n%s", name, said)
	}
	return f
}

func writeJSON(t *testing.T, file string, v any) {
	t.Helper()
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(raw, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
}

const (
	loadGuilds   = 10
	loadMembers  = 8     // of a guild, the crowd's apart
	loadCrowd    = 100   // members of the first guild, five streams each
	loadVisitors = 150   // who sign in during the storm
	loadPosts    = 6_000 // of a guild
)

// person is somebody who is signed in, or a program with its key.
type person struct {
	Token   string `json:"token"`
	Guild   string `json:"guild"`
	Address string `json:"address"`
}

// limited is a tenant with what its plan allows.
type limited struct {
	person
	PerMinute int `json:"perMinute"`
}

// loadWorld is what the scenarios know.
type loadWorld struct {
	*system  `json:"-"`
	API      string   `json:"api"`
	Sim      string   `json:"sim"`
	People   []person `json:"people"`
	Programs []person `json:"programs"`
	Visitors []string `json:"visitors"`
	Victim   person   `json:"victim"`
	Noisy    limited  `json:"noisy"`

	watchers []person
	feed     string // of the crowd's guild
	posts    int
}

// newLoadWorld starts everything with the limits that it has in production, and fills it.
func newLoadWorld(t *testing.T) *loadWorld {
	t.Helper()
	db := newDatabaseWith(t, embeddedpg.Config{})
	w := &loadWorld{system: newSystemOn(t, db.server.OwnerURL(), sim.Config{})}
	w.API, w.Sim = w.api, w.base
	w.env["TRUSTED_PROXIES"] = "127.0.0.0/8"
	delete(w.env, "USER_REQUESTS_PER_MIN")
	delete(w.env, "AUTH_ATTEMPTS_PER_15M")
	w.env["CLAIM_LEASE"] = "30s"
	w.env["EXPORT_DIR"] = t.TempDir()
	for _, service := range []string{"api", "worker", "notifier", "bot"} {
		w.start(t, service)
	}
	for n := range loadGuilds {
		w.addGuild(t, n)
	}
	await(t, "the bot to be in all guilds", func() bool { return w.count(t, `SELECT count(*) FROM clients`) == loadGuilds })
	w.exec(t, `UPDATE subscriptions SET tier = 'enterprise'`)
	w.exec(t, `UPDATE subscriptions SET tier = 'pro' WHERE client_id = (SELECT id FROM clients WHERE guild_id = $1)`, loadGuildID(noisyGuild))
	for n := range loadGuilds {
		w.fill(t, n)
	}
	for n := range loadVisitors {
		id := fmt.Sprintf("6%017d", n)
		w.addUser(t, id, fmt.Sprintf("visitor-%d", n))
		if err := w.sim.AddMember(loadGuildID(1), sim.MemberSpec{UserID: id}); err != nil {
			t.Fatal(err)
		}
		w.Visitors = append(w.Visitors, id)
	}
	w.exec(t, `ANALYZE`)
	w.posts = w.count(t, `SELECT count(*) FROM posts`)
	return w
}

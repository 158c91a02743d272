//go:build load

package e2e_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/sim"
)

// The parts of the guilds: the crowd watches the first one, the neighbours are two others.
const (
	victimGuild = 2
	noisyGuild  = 3
)

// signInPause keeps the filling below what Discord's token endpoint lets through, 20 a second in the simulator.
const signInPause = 60 * time.Millisecond

func loadGuildID(n int) string { return fmt.Sprintf("45%016d", n) }

func loadUserID(guild, n int) string { return fmt.Sprintf("5%05d%012d", guild, n) }

func (w *loadWorld) addUser(t *testing.T, id, name string) {
	t.Helper()
	if _, err := w.sim.AddUser(sim.UserSpec{ID: id, Username: name}); err != nil {
		t.Fatal(err)
	}
}

// addGuild makes a guild with its people and invites the bot.
func (w *loadWorld) addGuild(t *testing.T, n int) {
	t.Helper()
	spec := sim.GuildSpec{
		ID: loadGuildID(n), Name: fmt.Sprintf("Guild %d", n), OwnerID: loadUserID(n, 0), WithoutBot: true,
		Channels: []sim.ChannelSpec{{ID: fmt.Sprintf("46%016d", n), Name: "news", System: true}},
	}
	for m := range membersOf(n) {
		w.addUser(t, loadUserID(n, m), fmt.Sprintf("person-%d-%d", n, m))
		if m > 0 {
			spec.Members = append(spec.Members, sim.MemberSpec{UserID: loadUserID(n, m)})
		}
	}
	if _, err := w.sim.AddGuild(spec); err != nil {
		t.Fatal(err)
	}
	if err := w.sim.InviteBot(spec.ID); err != nil {
		t.Fatal(err)
	}
}

func membersOf(guild int) int {
	if guild == 0 {
		return loadCrowd
	}
	return loadMembers
}

// fill signs the guild's people in, each from an address of its own, makes a key and writes its posts.
func (w *loadWorld) fill(t *testing.T, n int) {
	t.Helper()
	base := "/guilds/" + loadGuildID(n)
	var manager *client
	for m := range membersOf(n) {
		p := person{Guild: loadGuildID(n), Address: fmt.Sprintf("10.%d.0.%d", 100+n, m)}
		c := newClient(w.api)
		c.http.Transport = from{p.Address}
		p.Token = w.signInBy(t, c, loadUserID(n, m)).token
		wait(t.Context(), signInPause)
		if m == 0 {
			manager = c
		}
		if n == 0 {
			w.watchers = append(w.watchers, p)
		} else {
			w.People = append(w.People, p)
		}
	}
	brand := create[api.Brand](t, manager, base+"/brands", map[string]string{"name": "Northern"})
	group := create[api.Group](t, manager, base+"/groups", map[string]any{"name": "Own", "brandId": brand.ID}).ID
	key := create[api.APIKeyCreated](t, manager, base+"/api-keys", map[string]any{"name": "Load", "scopes": []string{"read"}}).Key
	program := person{Token: key, Guild: loadGuildID(n), Address: fmt.Sprintf("10.%d.1.1", 100+n)}
	switch n {
	case victimGuild:
		w.Victim = program
	case noisyGuild:
		w.Noisy = limited{program, w.count(t, `SELECT api_requests_per_minute FROM plans WHERE tier = 'pro'`)}
	default:
		w.Programs = append(w.Programs, program)
	}
	w.fillPast(t, group, n)
	if n == 0 {
		w.feed = must(t, w.sim.AddFeed, sim.SourceSpec{Name: "crowd"})
		create[api.Account](t, manager, base+"/accounts", map[string]any{"platform": "rss", "handle": w.base + "/feeds/crowd.xml", "groupId": group})
	}
}

// from is how a proxy tells whom it speaks for.
type from struct{ address string }

func (f from) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Forwarded-For", f.address)
	return http.DefaultTransport.RoundTrip(r)
}

// fillPast gives the guild four accounts with posts of ninety days.
func (w *loadWorld) fillPast(t *testing.T, group api.UUID, guild int) {
	t.Helper()
	for n := range 4 {
		source := uuid.Must(uuid.NewV7())
		name := fmt.Sprintf("past-%d-%d", guild, n)
		w.exec(t, `INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, next_poll_at)
			VALUES ($1, 'rss', $2, $2, $2, $3, 1, now() + interval '1 day')`, source, name, w.base+"/feeds/"+name+".xml")
		w.exec(t, `INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, baseline_at)
			SELECT client_id, $2, brand_id, id, $2, now() FROM account_groups WHERE id = $1`, uuid.UUID(group), source)
		w.exec(t, fmt.Sprintf(`WITH sp AS (INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
				SELECT gen_random_uuid(), $1, 'p' || n, '', now() - make_interval(secs => n * %d) FROM generate_series(1, %d) n RETURNING *)
			INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, body, published_at, first_seen_at)
			SELECT a.client_id, sp.id, a.id, a.brand_id, a.group_id, sp.id, 'rss', 'post', sp.external_id, 'https://x.example/1', 'Title of ' || sp.external_id, repeat('text ', 40), sp.published_at, now()
			FROM sp JOIN client_accounts a ON a.source_id = sp.source_id`, 90*86400*4/loadPosts, loadPosts/4), source)
	}
}

// report prints the figures and, those of a whole set, writes them beside the machine's description.
func report(t *testing.T, all []figures, keep bool) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "| scenario | requests | per second | p50 ms | p95 ms | p99 ms | max ms | failed |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, f := range all {
		fmt.Fprintf(&b, "| %s | %.0f | %.1f | %.1f | %.1f | %.1f | %.0f | %.2f %% |\n", f.Scenario, f.Requests, f.PerSecond, f.P50, f.P95, f.P99, f.Max, 100*f.Failed)
	}
	for _, f := range all {
		switch {
		case f.Whole != nil:
			fmt.Fprintf(&b, "\nA whole sign-in: p50 %.0f ms, p95 %.0f ms, p99 %.0f ms.\n", f.Whole.P50, f.Whole.P95, f.Whole.P99)
		case f.Quiet != nil && f.Noisy != nil:
			fmt.Fprintf(&b, "\nBeside a neighbour with %.0f requests a second, of which %.1f %% were refused, a tenant's p99 is %.1f ms instead of %.1f ms (ratio %.2f; median of the ratios of each two turns side by side %.2f), its p50 %.1f ms instead of %.1f ms (ratio %.2f).\n",
				f.NoisePerSecond, 100*f.Refused, f.Noisy.P99, f.Quiet.P99, f.RatioOfP99, f.PairedRatio, f.Noisy.P50, f.Quiet.P50, f.RatioOfP50)
		case f.FanOut != nil:
			fmt.Fprintf(&b, "\n%d streams of one guild, %d events each: from publishing to each client p50 %.0f ms, p95 %.0f ms, p99 %.0f ms, of which up to a second is the wait for the poll; from the first client to each p50 %.0f ms, p95 %.0f ms, p99 %.0f ms.\n",
				f.Streams, f.Events, f.P50, f.P95, f.P99, f.FanOut.P50, f.FanOut.P95, f.FanOut.P99)
		}
	}
	t.Log("\n" + b.String())
	if !keep {
		return
	}
	folder := filepath.Join("..", "load", "results")
	writeJSON(t, filepath.Join(folder, "latest.json"), map[string]any{"at": time.Now().UTC().Truncate(time.Minute), "machine": machine(), "scenarios": all})
	text := fmt.Sprintf("# Last results\n\n`make load`, %s. %s\n\n%s", time.Now().UTC().Format("2 January 2006"), machine(), b.String())
	if err := os.WriteFile(filepath.Join(folder, "latest.md"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// machine describes what it ran on, without names.
func machine() string {
	model, memory := "processors of an unknown kind", ""
	if raw, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(raw)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
			}
		}
	}
	if raw, err := os.ReadFile("/proc/meminfo"); err == nil {
		var kb int
		if _, err := fmt.Sscanf(string(raw), "MemTotal: %d kB", &kb); err == nil {
			memory = fmt.Sprintf(", %d GiB", kb>>20)
		}
	}
	load := "unknown"
	if raw, err := os.ReadFile("/proc/loadavg"); err == nil {
		load = strings.Join(strings.Fields(string(raw))[:1], "")
	}
	return fmt.Sprintf("%d × %s%s, %s/%s, %s; k6, the simulator, PostgreSQL and all services shared it. Load average at the end: %s.",
		runtime.NumCPU(), model, memory, runtime.GOOS, runtime.GOARCH, runtime.Version(), load)
}

// spreadOf sorts the times and reads three of them.
func spreadOf(times []time.Duration) (spread, time.Duration) {
	if len(times) == 0 {
		return spread{}, 0
	}
	slices.Sort(times)
	at := func(share float64) float64 {
		return float64(times[min(len(times)-1, int(share*float64(len(times))))].Microseconds()) / 1000
	}
	return spread{at(0.5), at(0.95), at(0.99)}, times[len(times)-1]
}

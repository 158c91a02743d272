package e2e_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trackbot/internal/sim"
)

const (
	// secondGuild is another one of the owner's, strangersGuild one that the owner is not in.
	secondGuild    = "400000000000000002"
	strangersGuild = "400000000000000003"

	// shortLife is ACCESS_TOKEN_TTL where tests watch sessions being refreshed.
	shortLife = 4 * time.Second

	// browserLimit is for all tests in the browser together.
	browserLimit = 14 * time.Minute
)

// The dashboard as people meet it: its production build on the real API, bot and database, in a browser. The tests are
// dashboard/e2e/*.spec.ts; each is a subtest here.
func TestDashboardInABrowser(t *testing.T) {
	t.Parallel()
	dashboard(t, "scripts/prepare.mjs", "--build")
	d := newDashboardStack(t)
	control := httptest.NewServer(d)
	t.Cleanup(control.Close)
	report := filepath.Join(t.TempDir(), "report.json")
	ctx, cancel := context.WithTimeout(t.Context(), browserLimit)
	defer cancel()
	args := []string{"node_modules/@playwright/test/cli.js", "test", "--reporter=line,json"}
	if only := os.Getenv("BROWSER_TESTS"); only != "" { // a pattern of titles, for work on a few of them
		args = append(args, "--grep", only)
	}
	run := exec.CommandContext(ctx, "node", args...)
	run.Dir = dashboardFolder
	out := &log{}
	run.Stdout, run.Stderr = out, out
	run.Env = append(os.Environ(), "PLAYWRIGHT_JSON_OUTPUT_NAME="+report, "CI=1", "FORCE_COLOR=0",
		"BASE_URL="+d.url, "SHORT_BASE_URL="+d.shortURL, "SLOW_BASE_URL="+d.slowURL, "SIM_URL="+d.base, "API_URL="+d.root(), "STRIPE_SECRET="+stripeSecret, "CONTROL_URL="+control.URL)
	if err := spawn(run); err != nil {
		t.Fatal(err)
	}
	over := make(chan error, 1)
	go func() { over <- run.Wait() }()
	for {
		select {
		case order := <-d.orders:
			order.done <- d.obey(t, order)
		case err := <-over:
			reportSubtests(t, "Playwright", report, playwrightResults, err, out)
			return
		}
	}
}

// dashboardStack is the system with a dashboard on it, whose services the tests in the browser stop and start.
type dashboardStack struct {
	*system
	url      string // of the dashboard
	shortURL string // of one whose API gives access tokens a short life, and believes the addresses that it signs
	shortAPI string
	slowURL  string // of one that waits for each of its calls, with the sessions of the first
	calls    *callLog
	running  map[string]*process
	orders   chan order
}

// order asks for something to be done to a service: stop, kill or start.
type order struct {
	service, action string
	done            chan int // the status of the answer
}

func newDashboardStack(t *testing.T) *dashboardStack {
	t.Helper()
	s := newSystem(t, sim.Config{})
	d := &dashboardStack{system: s, running: map[string]*process{}, orders: make(chan order)}
	s.env["TRUSTED_PROXIES"] = "127.0.0.1,::1"
	addr, short, shortAPI := freeAddr(t), freeAddr(t), freeAddr(t)
	d.url, d.shortURL, d.shortAPI = "http://"+addr, "http://"+short, "http://"+shortAPI
	s.env["DASHBOARD_URL"], s.env["CORS_ALLOWED_ORIGINS"] = d.url, d.url
	s.env["STRIPE_WEBHOOK_SECRET"], s.env["STRIPE_PLANS"], s.env["STRIPE_CHECKOUT"] = stripeSecret, stripePlans, stripeCheckout
	quick := maps.Clone(s.env)
	maps.Copy(quick, map[string]string{
		"LISTEN_ADDR": shortAPI, "DASHBOARD_URL": d.shortURL, "CORS_ALLOWED_ORIGINS": d.shortURL, "ACCESS_TOKEN_TTL": shortLife.String(),
		"DASHBOARD_OAUTH_CALLBACK": "http://" + shortAPI + "/api/v1/auth/discord/callback",
		"TRUSTED_PROXIES":          "", "CLIENT_ADDRESS_SECRET": sessionKey() + "," + addressSecret,
	})
	d.sim.Reconfigure([]string{s.env["DASHBOARD_OAUTH_CALLBACK"], quick["DASHBOARD_OAUTH_CALLBACK"]}, nil)
	for _, service := range []string{"api", "worker", "notifier"} {
		d.running[service] = s.start(t, service)
	}
	apiOfShort := start(t, quick, "api")
	await(t, "the API of short tokens", func() bool { return statusOf("http://"+shortAPI+"/readyz") == http.StatusOK })
	d.fill(t)
	d.calls = newCallLog(t, s.root())
	calls := httptest.NewServer(d.calls)
	t.Cleanup(calls.Close)
	slow, key := freeAddr(t), sessionKey()
	d.slowURL = "http://" + slow
	d.serve(t, addr, s.root(), key, nil)
	d.serve(t, slow, calls.URL, key, nil)
	server := d.serve(t, short, d.shortAPI, sessionKey(), map[string]string{"CLIENT_ADDRESS_SECRET": addressSecret, "CLIENT_ADDRESS_HEADER": platformHeader})
	d.callersAreToldApart(t, apiOfShort, server)
	return d
}

// fill makes the guilds and what they track.
func (d *dashboardStack) fill(t *testing.T) {
	t.Helper()
	for id, g := range map[string]sim.GuildSpec{
		secondGuild:    {Name: "Field Notes", OwnerID: owner},
		strangersGuild: {Name: "Elsewhere", OwnerID: stranger},
	} {
		g.ID = id
		g.Channels = []sim.ChannelSpec{{ID: "42" + id[2:], Name: "general", System: true}}
		if _, err := d.sim.AddGuild(g); err != nil {
			t.Fatal(err)
		}
	}
	d.running["bot"] = d.join(t)
	await(t, "the other guilds to be taken in", func() bool { return d.count(t, `SELECT count(*) FROM clients`) == 3 })
	c := d.signIn(t, owner)
	for _, f := range []struct {
		add  func(sim.SourceSpec) (string, error)
		name string
		what string
		kind string
	}{
		{d.sim.AddFeed, "roast", d.base + "/feeds/roast.xml", ""},
		{d.sim.AddBlueskyAccount, "roastery.example", "@roastery.example", ""},
		{d.sim.AddYouTubeChannel, "barista", d.base + "/youtube/@barista", "video"},
	} {
		key, err := f.add(sim.SourceSpec{Name: f.name, Title: "The " + f.name, Followers: 1200})
		if err != nil {
			t.Fatal(err)
		}
		for n := range 12 {
			at := time.Now().Add(-time.Duration(n*20+1) * time.Hour)
			said := f.name + " " + titleOf(n)
			d.publish(t, key, sim.PostSpec{Kind: f.kind, Title: said, Text: said, PublishedAt: at, ImageURL: "/media/" + f.name + ".png"})
		}
		d.slash(t, "track add", map[string]any{"account": f.what})
	}
	d.awaitPolled(t, c, 3)
}

func titleOf(n int) string {
	return [...]string{"a washed lot from Huila", "the winter blend", "pouring a slow V60", "our new cups"}[n%4] + ", part " + string(rune('A'+n/4))
}

// sessionKey makes a key that seals sessions.
func sessionKey() string {
	key := make([]byte, 32)
	rand.Read(key) // never fails (crypto/rand)
	return base64.StdEncoding.EncodeToString(key)
}

// serve starts a dashboard of its production build.
func (d *dashboardStack) serve(t *testing.T, addr, api, key string, more map[string]string) *process {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", filepath.Join(".next", "standalone", "server.js"))
	cmd.Dir = dashboardFolder
	env := map[string]string{
		"HOSTNAME": host, "PORT": port, "NODE_ENV": "production", "NEXT_TELEMETRY_DISABLED": "1",
		"DASHBOARD_URL": "http://" + addr, "API_URL": api, "SESSION_KEYS": key,
		"IMAGE_ORIGINS": d.base, "BOT_INVITE_URL": d.base + "/oauth2/authorize?client_id=" + d.sim.ClientID() + "&scope=bot&permissions=84992",
	}
	maps.Copy(env, more)
	p := runProgram(t, "dashboard", cmd, env)
	await(t, "the dashboard to answer", func() bool {
		if p.ended() {
			t.Fatalf("the dashboard ended: %v", p.err)
		}
		return statusOf("http://"+addr+"/login") == http.StatusOK
	})
	return p
}

// ServeHTTP takes orders from the browser's tests: POST /{service}/{stop|kill|start}. GET /calls tells what the slow
// dashboard called.
func (d *dashboardStack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && r.URL.Path == "/calls" {
		d.calls.report(w, r)
		return
	}
	service, action, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	o := order{service: service, action: action, done: make(chan int, 1)}
	select {
	case d.orders <- o:
		w.WriteHeader(<-o.done)
	case <-r.Context().Done():
	}
}

func (d *dashboardStack) obey(t *testing.T, o order) int {
	t.Helper()
	p, known := d.running[o.service]
	switch {
	case o.service == "big": // the data of the scale test, made when it is asked for
		d.fillBig(t)
	case o.service == "plan":
		return d.planned(t, o.action)
	case o.service == "client":
		return d.judged(t, o.action)
	case !known:
		return http.StatusNotFound
	case o.action == "stop" && !p.ended():
		p.stop(t)
	case o.action == "kill":
		p.kill()
	case o.action == "start" && p.ended():
		d.running[o.service] = d.start(t, o.service)
	}
	return http.StatusNoContent
}

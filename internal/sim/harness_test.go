package sim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"trackbot/internal/sim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a simulator with one guild, two channels and three people.
type world struct {
	*sim.Sim
	t       *testing.T
	base    string
	client  *http.Client
	clock   *clock
	guild   string
	channel string
	owner   string
	manager string
	member  string
	role    string
}

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func newWorld(t *testing.T, edit ...func(*sim.Config)) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{t: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}}
	cfg := sim.Config{Now: w.clock.now}
	for _, f := range edit {
		f(&cfg)
	}
	w.Sim = sim.New(cfg)
	srv := httptest.NewServer(w.Handler())
	w.base = srv.URL
	w.client = &http.Client{
		Timeout:       10 * time.Second,
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(func() {
		w.Close()
		w.client.CloseIdleConnections()
		srv.Close()
	})
	w.owner = w.user("olga")
	w.manager = w.user("mark")
	w.member = w.user("mia")
	w.guild = must(w.AddGuild(sim.GuildSpec{
		Name: "Newsroom", OwnerID: w.owner,
		Roles:    []sim.RoleSpec{{Name: "Managers", Permissions: sim.PermManageGuild, Mentionable: true}},
		Channels: []sim.ChannelSpec{{Name: "general", System: true}, {Name: "news"}},
		Members:  []sim.MemberSpec{{UserID: w.manager, Roles: []string{"Managers"}}, {UserID: w.member}},
	}))
	guild := w.rest("GET", "/guilds/"+w.guild, nil)
	w.channel = guild.str("system_channel_id")
	w.role = guild.list("roles")[1].str("id")
	w.clock.advance(time.Minute) // the setup's request is in no window
	return w
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (w *world) user(name string) string {
	return must(w.AddUser(sim.UserSpec{Username: name})).ID
}

// reply is an answer of the REST API.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	raw    []byte
	object map[string]any
}

func (r reply) str(path ...string) string {
	r.t.Helper()
	var at any = r.object
	for _, key := range path {
		m, ok := at.(map[string]any)
		if !ok {
			r.t.Fatalf("no %v in %s", path, r.raw)
		}
		at = m[key]
	}
	s, _ := at.(string)
	return s
}

func (r reply) list(key string) []reply {
	r.t.Helper()
	var items []any
	if key == "" {
		if err := json.Unmarshal(r.raw, &items); err != nil {
			r.t.Fatalf("decode list: %v in %s", err, r.raw)
		}
	} else {
		items, _ = r.object[key].([]any)
	}
	out := []reply{}
	for _, item := range items {
		o, _ := item.(map[string]any)
		out = append(out, reply{t: r.t, object: o})
	}
	return out
}

func (r reply) want(status, code int) reply {
	r.t.Helper()
	got, _ := r.object["code"].(float64)
	if r.status != status || code != 0 && int(got) != code {
		r.t.Fatalf("answer is %d with code %v, want %d with %d: %s", r.status, r.object["code"], status, code, r.raw)
	}
	return r
}

// rest calls the Discord API as the bot.
func (w *world) rest(method, path string, body any) reply {
	w.t.Helper()
	return w.call(method, "/api/v10"+path, body, map[string]string{"Authorization": "Bot " + w.BotToken()})
}

func (w *world) call(method, path string, body any, headers map[string]string) reply {
	w.t.Helper()
	var in io.Reader
	kind := "application/json"
	switch b := body.(type) {
	case nil:
	case string:
		in, kind = strings.NewReader(b), "application/x-www-form-urlencoded"
	default:
		raw := must(json.Marshal(b))
		in = bytes.NewReader(raw)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req := must(http.NewRequestWithContext(ctx, method, w.base+path, in))
	req.Header.Set("User-Agent", "DiscordBot (https://trackbot.example, 1)")
	if in != nil {
		req.Header.Set("Content-Type", kind)
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	res, err := w.client.Do(req)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = res.Body.Close() }()
	r := reply{t: w.t, status: res.StatusCode, header: res.Header, raw: must(io.ReadAll(res.Body))}
	_ = json.Unmarshal(r.raw, &r.object) // lists and pages stay raw
	return r
}

type m = map[string]any

func (w *world) send(body m) reply {
	w.t.Helper()
	return w.rest("POST", "/channels/"+w.channel+"/messages", body)
}

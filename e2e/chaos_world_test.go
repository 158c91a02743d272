//go:build unix

package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trackbot/api"
	"trackbot/internal/sim"
)

var apis = []string{"api-1", "api-2"}

// tenant is a guild with its owner, a key for programs, and where its posts go.
type tenant struct {
	guild, owner, newsroom, name string
	routes                       []followed
	key                          string
	group                        api.UUID
	session                      *client
	channel                      string // renamed again and again

	mu      sync.Mutex
	renamed string // what the channel is called
	renames int
	colors  []string        // that were acknowledged
	maybe   []string        // of which nothing was heard
	last    []string        // what the color may be now
	added   map[string]bool // handles that were acknowledged
	orders  []*parcel       // that have not ended
	ordered int

	outlasted bool // the session, by an outage
}

// parcel is an export that was acknowledged.
type parcel struct {
	id, format string
	ended      bool // seen so; its deletion may have been answered with a failure and happened all the same
}

const otherGuild = "400000000000000002"

func chaosWorld() sim.Config {
	cfg := sim.Config{}
	cfg.Limits.Buckets = map[string]sim.Limit{"message-create": {Requests: 20, Window: time.Second}, "message-read": {Requests: 20, Window: time.Second}}
	return cfg
}

// addTenants makes the guilds, their channels and the sources; one source is followed by both.
func (c *chaos) addTenants(t *testing.T) {
	t.Helper()
	keys := map[string]string{}
	for _, name := range []string{"harvest", "harbour", "summit", "atelier"} {
		keys[name] = must(t, c.sim.AddFeed, sim.SourceSpec{Name: name})
	}
	keys["ada.example"] = must(t, c.sim.AddBlueskyAccount, sim.SourceSpec{Name: "ada.example"})
	for n := range mostAdded {
		name := fmt.Sprintf("side-%d", n)
		keys[name] = must(t, c.sim.AddFeed, sim.SourceSpec{Name: name})
	}
	c.tenants = []*tenant{
		{guild: guildID, owner: owner, newsroom: newsroom, name: "Harbour Studio"},
		{guild: otherGuild, owner: stranger, newsroom: "420000000000000001", name: "Atelier North"},
	}
	_, err := c.sim.AddGuild(sim.GuildSpec{
		ID: otherGuild, Name: c.tenants[1].name, OwnerID: stranger, WithoutBot: true,
		Channels: []sim.ChannelSpec{{ID: c.tenants[1].newsroom, Name: "newsroom", System: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, names := range [][]string{{"harvest", "harbour", "summit", "ada.example"}, {"summit", "atelier"}} {
		tn := c.tenants[i]
		tn.added = map[string]bool{}
		for n, name := range names {
			f := followed{key: keys[name], name: name, channel: c.addChannelTo(t, tn.guild, fmt.Sprintf("news-%d", n))}
			tn.routes = append(tn.routes, f)
		}
		tn.channel, tn.renamed = c.addChannelTo(t, tn.guild, "name-0"), "name-0"
	}
}

func must[In, Out any](t *testing.T, do func(In) (Out, error), in In) Out {
	t.Helper()
	out, err := do(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (c *chaos) addChannelTo(t *testing.T, guild, name string) string {
	t.Helper()
	id, err := c.sim.AddChannel(guild, sim.ChannelSpec{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// follow signs the owner in, makes a key and tracks the tenant's sources.
func (c *chaos) follow(t *testing.T, tn *tenant) {
	t.Helper()
	tn.session = c.signIn(t, tn.owner)
	base := "/guilds/" + tn.guild
	brand := create[api.Brand](t, tn.session, base+"/brands", map[string]string{"name": "Northern"})
	tn.group = create[api.Group](t, tn.session, base+"/groups", map[string]any{"name": "Own", "brandId": brand.ID}).ID
	tn.key = create[api.APIKeyCreated](t, tn.session, base+"/api-keys", map[string]any{"name": "Load", "scopes": []string{"write"}}).Key
	for _, f := range tn.routes {
		platform, handle := "rss", c.base+"/feeds/"+f.name+".xml"
		if f.name == "ada.example" {
			platform, handle = "bluesky", f.name
		}
		create[api.Account](t, tn.session, base+"/accounts",
			map[string]any{"platform": platform, "handle": handle, "groupId": tn.group, "channelId": f.channel})
	}
}

// allow gives the server room for the sessions of all processes, those of killed ones that it has not missed yet too.
func (d *database) allow(t *testing.T, sessions int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), d.server.SuperuserURL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.Exec(t.Context(), "ALTER SYSTEM SET max_connections = "+strconv.Itoa(sessions))
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.stop(t)
	d.start(t)
}

// try calls a replica of the API with the tenant's key, from any goroutine, and judges how it answered.
func (c *chaos) try(ctx context.Context, tn *tenant, replica, method, path string, in any, header map[string]string) (answer, error) {
	b := c.fleet.berths[replica]
	program := newClient("http://" + b.env["LISTEN_ADDR"] + "/api/v1")
	defer program.http.CloseIdleConnections()
	program.token, program.http.Timeout = tn.key, patience
	req, err := program.request(ctx, method, "/guilds/"+tn.guild+path, in)
	if err != nil {
		return answer{}, err
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	began := time.Now()
	a, err := program.do(req)
	c.judge(ctx, b, method+" "+path, began, a, err)
	return a, err
}

// judge holds what a caller may expect whatever is broken: an answer from a process that nothing was done to,
// never "internal", never "nobody knows you", and 503 only in its form.
func (c *chaos) judge(ctx context.Context, b *berth, what string, began time.Time, a answer, err error) {
	switch {
	case err != nil:
		c.tally.unanswered.Add(1)
		if ctx.Err() == nil && !b.disturbed(began) {
			c.wrong.add("%s of %s was not answered within %s: %v", what, b.name, time.Since(began).Round(time.Millisecond), err)
		}
	case a.status == http.StatusServiceUnavailable:
		if c.away.Load() {
			c.refused.Add(1)
		}
		if !strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json") || a.header.Get("Retry-After") == "" || !bytes.Contains(a.body, []byte("unavailable")) {
			c.wrong.add("%s is answered 503 without its form: %v %s", what, a.header, a.body)
		}
	case a.status >= 500, a.status == http.StatusUnauthorized, a.status == http.StatusForbidden,
		a.status == http.StatusNotFound && !strings.Contains(what, "/exports/"):
		c.wrong.add("%s is answered %d: %s", what, a.status, a.body)
	}
}

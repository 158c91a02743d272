//go:build unix

package e2e_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"trackbot/internal/sim"
)

// deal carries out a schedule and returns when the last blow has ended.
func (c *chaos) deal(ctx context.Context, blows []blow) {
	var all sync.WaitGroup
	defer all.Wait()
	began := time.Now()
	for _, b := range blows {
		if !wait(ctx, time.Until(began.Add(b.at))) {
			return
		}
		all.Go(func() {
			end := c.strike(ctx, b)
			wait(ctx, b.lasts)
			end()
		})
	}
}

// strike begins a fault and returns what ends it.
func (c *chaos) strike(ctx context.Context, b blow) (end func()) {
	switch b.target {
	case theDatabase:
		return c.strikeDatabase(ctx, b.kind)
	case theDiscord:
		c.discordFaults.Add(1)
		end := c.spoil(discordFault(b.kind), "/api/v10/channels/*/messages")
		return func() { end(); c.discordFaults.Add(-1) }
	case thePlatform:
		return c.spoil(platformFault(b.kind), "/feeds/*", "/xrpc/*")
	case theGateway:
		return c.strikeGateway(b.kind)
	case theDisk:
		return c.disk.fill(c.wrong)
	}
	m := c.fleet.berths[b.target]
	if b.kind == "clock step" {
		m.step(stepOf(b))
		return func() { m.step(0) }
	}
	return strikeMember(m, b.kind)
}

func strikeMember(m *berth, kind string) (end func()) {
	switch kind {
	case "kill":
		m.kill()
		return m.revive
	case "freeze":
		m.freeze(true)
		return func() { m.freeze(false) }
	case "reset":
		m.wire.reset()
		return func() {}
	default:
		m.wire.set(kind)
		return func() { m.wire.set("") }
	}
}

// spoil lays a fault on all these paths of the simulator.
func (c *chaos) spoil(f sim.Fault, paths ...string) (end func()) {
	var ids []string
	for _, p := range paths {
		f.Path = p
		ids = append(ids, c.sim.AddFault(f))
	}
	return func() {
		for _, id := range ids {
			c.sim.RemoveFault(id)
		}
	}
}

func discordFault(kind string) sim.Fault {
	limited := sim.Fault{
		Status: 429, Body: `{"message":"You are being rate limited.","retry_after":0.4,"global":false}`,
		Headers: map[string]string{"Retry-After": "1", "X-RateLimit-Scope": "shared"},
	}
	switch kind {
	case "limit":
		return limited
	case "limit all":
		limited.Body = strings.Replace(limited.Body, "false", "true", 1)
		limited.Headers = map[string]string{"Retry-After": "1", "X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
		return limited
	}
	return anyFault(kind)
}

func platformFault(kind string) sim.Fault {
	if kind == "limit" {
		return sim.Fault{Status: 429, Headers: map[string]string{"Retry-After": "1"}}
	}
	return anyFault(kind)
}

// anyFault is what any server may do.
func anyFault(kind string) sim.Fault {
	switch kind {
	case "fail":
		return sim.Fault{Status: 500}
	case "proxy page":
		return sim.Fault{Status: 502, HTML: true}
	case "hang":
		return sim.Fault{Hang: true}
	case "drop":
		return sim.Fault{Drop: true}
	case "drop after":
		return sim.Fault{DropAfter: true}
	case "slow":
		return sim.Fault{Delay: 400 * time.Millisecond}
	}
	panic("no such fault: " + kind)
}

func (c *chaos) strikeGateway(kind string) (end func()) {
	switch kind {
	case "drop":
		c.sim.DropGateway()
	case "zombie":
		c.sim.MakeZombies()
	case "reconnect":
		c.sim.RequestReconnect()
	case "invalidate":
		c.sim.InvalidateSessions(false)
	case "invalidate resumable":
		c.sim.InvalidateSessions(true)
	case "forget":
		c.sim.RestartGateway()
	case "close 4000":
		c.sim.CloseGateway(4000)
	case "pause":
		c.sim.PauseGateway(true)
		c.sim.DropGateway()
		return func() { c.sim.PauseGateway(false) }
	}
	return func() {}
}

// strikeDatabase takes the server away until the end, or its sessions. A start may take longer than the
// schedule knows, so one blow waits for the other.
func (c *chaos) strikeDatabase(ctx context.Context, kind string) (end func()) {
	c.dbTurn.Lock()
	var err error
	switch kind {
	case "end sessions":
		if err := c.db.endSessions(ctx); err != nil {
			c.wrong.add("harness: %v", err)
		}
		return c.dbTurn.Unlock
	case "immediate restart":
		err = c.db.crash()
	default:
		err = c.db.down(ctx)
	}
	if err != nil {
		c.wrong.add("harness: %v", err)
	}
	c.outages.Add(1)
	c.away.Store(true)
	return func() {
		defer c.dbTurn.Unlock()
		if err := c.db.up(context.WithoutCancel(ctx)); err != nil {
			c.wrong.add("harness: %v", err)
		}
		c.away.Store(false)
	}
}

// crash ends the server at once, without a checkpoint; it recovers from its log at the next start
// (PostgreSQL manual, "Shutting Down the Server": immediate).
func (d *database) crash() error {
	raw, err := os.ReadFile(filepath.Join(d.cfg.DataDir, "data", "postmaster.pid"))
	if err != nil {
		return fmt.Errorf("find the server's process: %w", err)
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		return fmt.Errorf("find the server's process: %w", err)
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		return fmt.Errorf("end the server's process: %w", err)
	}
	return d.down(context.Background())
}

// down stops the server and waits for its end.
func (d *database) down(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	server := d.server
	d.server = nil
	return server.Stop(ctx)
}

// endSessions cuts all sessions of the services, as an operator or a failover does.
func (d *database) endSessions(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, d.server.SuperuserURL("postgres"))
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) // nothing is lost
	_, err = conn.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'trackbot'`)
	return err
}

// What a step may be: access tokens are good for half a minute beyond the clocks of two replicas, so theirs differ
// by less; whoever holds leases gets minutes, far beyond a lease.
const (
	smallStep = 20
	largeStep = 200
)

// stepOf is by how many seconds a blow moves a clock: forward and back by turns of its time.
func stepOf(b blow) int {
	seconds := largeStep
	if strings.HasPrefix(b.target, "api") || strings.HasPrefix(b.target, "bot") {
		seconds = smallStep
	}
	if (b.at/time.Millisecond)%2 == 0 {
		return seconds
	}
	return -seconds
}

// step puts the clock of a process forward by so many seconds, or back.
func (b *berth) step(seconds int) {
	if err := os.WriteFile(b.env[stepFileEnv], []byte(strconv.Itoa(seconds)), 0o600); err != nil {
		b.wrong.add("harness: step the clock: %v", err)
	}
}

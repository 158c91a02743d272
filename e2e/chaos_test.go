//go:build unix

package e2e_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trackbot/internal/embeddedpg"
)

const (
	// The round that every test run has; CHAOS_FOR and CHAOS_SEED ask for another.
	chaosRound = 20 * time.Second
	chaosSeed  = 11
	chaosMost  = time.Hour

	// chaosCalm is how long everything may stand still once nothing is broken any more; an export that a killed worker
	// had begun waits for its lease.
	chaosCalm = 2 * time.Minute
)

// chaos is a system of two tenants whose parts all have a network of their own to the database, and what
// was done to it and by it.
type chaos struct {
	*system
	db      *database
	dbTurn  sync.Mutex // of whoever strikes it
	fleet   *fleet
	disk    *disk
	tenants []*tenant
	wrong   *wrongs

	published map[string]int // posts of each source; of publishOn until the work is over

	away          atomic.Bool // the database is
	outages       atomic.Int64
	discordFaults atomic.Int64
	refused       atomic.Int64 // answers that said so
	tally         tally
}

// For a while everything fails at random: processes are killed and frozen, the database restarts, networks
// stall, Discord and the platforms misbehave, the disk is full. In the end each post stands in the channel of
// each of its routes once and in order, each acknowledged change is there and in an audit log that verifies,
// exports are whole or have failed, no tenant has seen anything of the other, and all of it works again
// without a hand. A failure prints its seed and what was done when; the seed alone repeats it.
func TestNothingIsLostOrDoubledWhateverFails(t *testing.T) {
	t.Parallel()
	length, seed := chaosRun(t)
	blows := planned(seed, length)
	c := newChaos(t)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("repeat it with: make chaos CHAOS_FOR=%s CHAOS_SEED=%d\n%s", length, seed, script(blows))
		}
	})
	t.Logf("%d blows in %s, seed %d; the disk is %s; clocks are stepped: %v", len(blows), length, seed, c.disk.how(), stepped())
	before := c.sizes()

	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	for _, task := range c.tasks() {
		work.Go(func() { task(ctx) })
	}
	c.wrong.began = time.Now()
	c.deal(ctx, blows)
	stop()
	work.Wait()
	calm := time.Now()
	c.settle(t)
	t.Logf("%s; all was well %s after the last blow", c.tally.String(), time.Since(calm).Round(100*time.Millisecond))
	for _, name := range members {
		b := c.fleet.berths[name]
		t.Logf("%s was started %d times, %d times it gave up before it served", name, b.lives, b.early)
	}
	c.check(t)
	c.checkSizes(t, before)
	for _, said := range c.wrong.all() {
		t.Error(said)
	}
	for _, name := range members {
		c.fleet.berths[name].farewell(t)
	}
}

// chaosRun reads how long and by which seed.
func chaosRun(t *testing.T) (time.Duration, uint64) {
	t.Helper()
	length, seed := chaosRound, uint64(chaosSeed)
	if v := os.Getenv("CHAOS_FOR"); v != "" {
		var err error
		if length, err = time.ParseDuration(v); err != nil || length > chaosMost {
			t.Fatalf("CHAOS_FOR=%s is no duration of at most %s", v, chaosMost)
		}
		seed = rand.Uint64N(1_000_000)
	}
	if v := os.Getenv("CHAOS_SEED"); v != "" {
		var err error
		if seed, err = strconv.ParseUint(v, 10, 64); err != nil {
			t.Fatalf("CHAOS_SEED=%s is no number", v)
		}
	}
	return length, seed
}

// newChaos brings everything up and waits until all sources have had their first poll.
func newChaos(t *testing.T) *chaos {
	t.Helper()
	// Not the fast kind: what is committed must outlive a server that is ended at once.
	db := newDatabaseWith(t, embeddedpg.Config{})
	db.allow(t, 300)
	c := &chaos{system: newSystemOn(t, db.server.OwnerURL(), chaosWorld()), db: db, disk: newDisk(t), wrong: &wrongs{began: time.Now()}, published: map[string]int{}}
	c.env["EXPORT_DIR"] = c.disk.dir
	c.addTenants(t)
	c.fleet = newFleet(t, c.system, hostOf(t, db.server.OwnerURL()), c.wrong)
	awaitFor(t, chaosCalm, "every process to be ready", c.allServing)
	for _, tn := range c.tenants {
		if err := c.sim.InviteBot(tn.guild); err != nil {
			t.Fatal(err)
		}
	}
	awaitFor(t, chaosCalm, "the guilds to be taken in", func() bool {
		return c.count(t, `SELECT count(*) FROM clients`) == len(c.tenants) && c.count(t, `SELECT count(*) FROM guild_channels`) >= len(members)
	})
	c.exec(t, `UPDATE subscriptions SET tier = 'enterprise'`)
	for _, tn := range c.tenants {
		c.follow(t, tn)
	}
	awaitFor(t, chaosCalm, "the first polls", func() bool {
		return c.count(t, `SELECT count(*) FROM client_accounts WHERE baseline_at IS NULL`) == 0
	})
	return c
}

func (c *chaos) allServing() bool {
	for _, b := range c.fleet.berths {
		if !b.serving() {
			return false
		}
	}
	return true
}

// sizes are the goroutines and the resident bytes of each process.
func (c *chaos) sizes() map[string][2]float64 {
	out := map[string][2]float64{}
	for name, b := range c.fleet.berths {
		out[name] = [2]float64{b.gauge("go_goroutines"), b.gauge("process_resident_memory_bytes")}
	}
	return out
}

const (
	goroutineRoom = 60       // more than at the start: connections, timers
	memoryRoom    = 96 << 20 // bytes more than at the start
)

// checkSizes holds that what a process took while things failed is given back.
func (c *chaos) checkSizes(t *testing.T, before map[string][2]float64) {
	t.Helper()
	small := func(now map[string][2]float64) (big string) {
		for name, was := range before {
			if now[name][0] > was[0]+goroutineRoom || now[name][1] > was[1]+memoryRoom {
				big += fmt.Sprintf("\n%s has %.0f goroutines (%.0f at the start) and %.0f MB (%.0f)",
					name, now[name][0], was[0], now[name][1]/(1<<20), was[1]/(1<<20))
			}
		}
		return big
	}
	limit := time.Now().Add(patience)
	for big := small(c.sizes()); big != ""; big = small(c.sizes()) {
		if time.Now().After(limit) {
			t.Errorf("processes have grown:%s", big)
			return
		}
		wait(t.Context(), glance)
	}
}

// keepLog puts the log of a process into the folder that CHAOS_LOGS names, for whoever looks for the cause.
func keepLog(name string, life int, l *log) {
	if dir := os.Getenv("CHAOS_LOGS"); dir != "" {
		_ = os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s.%03d.log", name, life)), []byte(l.String()), 0o600) // a help, no more
	}
}

// tally counts what was done, for the line that says that the run was one.
type tally struct {
	published, reads, changes, accounts, orders, events, refreshes, unanswered, files, failed atomic.Int64
}

func (y *tally) String() string {
	return fmt.Sprintf("%d posts published, %d reads (%d unanswered), %d settings, %d accounts, %d exports (%d files whole, %d failed and said so), %d live events, %d refreshes",
		y.published.Load(), y.reads.Load(), y.unanswered.Load(), y.changes.Load(), y.accounts.Load(), y.orders.Load(), y.files.Load(), y.failed.Load(), y.events.Load(), y.refreshes.Load())
}

// gauge reads a metric without labels of the process; 0 when it does not answer.
func (b *berth) gauge(name string) (value float64) {
	resp, err := http.Get("http://" + b.env["METRICS_ADDR"] + "/metrics")
	if err != nil {
		return 0
	}
	defer resp.Body.Close() // read as far as it matters
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			value, _ = strconv.ParseFloat(rest, 64) // 0 when it is no number
		}
	}
	return value
}

// isUp tells whether the API answers reads of both replicas.
func (c *chaos) isUp(tn *tenant) bool {
	for _, name := range apis {
		a, err := c.try(context.Background(), tn, name, http.MethodGet, "/posts?limit=1", nil, nil)
		if err != nil || a.status != http.StatusOK {
			return false
		}
	}
	return true
}

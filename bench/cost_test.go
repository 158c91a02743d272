package bench_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// cost is the CPU time of one request, and how long its caller waited.
type cost struct {
	Server, Postgres time.Duration
	P50, P99         time.Duration
	Bytes            int64 // of the body
}

func (c cost) cpu() time.Duration { return c.Server + c.Postgres }

func (c cost) String() string {
	return fmt.Sprintf("%6.1f µs = %6.1f + %6.1f   p50 %6.0f µs  p99 %6.0f µs", micros(c.cpu()), micros(c.Server), micros(c.Postgres), micros(c.P50), micros(c.P99))
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// side is one side of a comparison: a load, and the database that serves it.
type side struct {
	d    database
	load load
}

// costs sends the loads in turn, as often as there are turns, and returns the median cost of a request of each.
func (d database) costs(b *testing.B, c *caller, turns int, loads ...load) []cost {
	b.Helper()
	sides := make([]side, len(loads))
	for i, l := range loads {
		sides[i] = side{d, l}
	}
	return costsOf(b, c, turns, sides...)
}

func costsOf(b *testing.B, c *caller, turns int, sides ...side) []cost {
	b.Helper()
	all := make([][]cost, len(sides))
	for turn := range turns + 1 {
		for i, s := range sides {
			if s.load.Warm {
				c.send(b, s.load)
			}
			backends, server := s.d.backendTime(b), cpuTime()
			t := c.send(b, s.load)
			n := time.Duration(s.load.Requests)
			one := cost{
				Server: (cpuTime() - server) / n, Postgres: (s.d.backendTime(b) - backends) / n,
				P50: t.P50, P99: t.P99, Bytes: t.Bytes / int64(s.load.Requests),
			}
			if turn > 0 { // the first warms up
				all[i] = append(all[i], one)
			}
		}
	}
	out := make([]cost, len(sides))
	for i, found := range all {
		slices.SortFunc(found, func(x, y cost) int { return int(x.cpu() - y.cpu()) })
		out[i] = found[len(found)/2]
	}
	return out
}

// backendTime is what the database's processes have used of the processors. Where they are not
// processes of this machine it is nothing.
func (d database) backendTime(b *testing.B) (sum time.Duration) {
	b.Helper()
	for _, pid := range d.backends(b) {
		stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/schedstat")
		if err != nil {
			continue
		}
		if on, _, ok := strings.Cut(string(stat), " "); ok {
			ns, _ := strconv.ParseInt(on, 10, 64)
			sum += time.Duration(ns)
		}
	}
	return sum
}

func (d database) backends(b *testing.B) (pids []int) {
	b.Helper()
	rows, err := d.watch.Query(b.Context(), `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var pid int
		if err := rows.Scan(&pid); err != nil {
			b.Fatal(err)
		}
		pids = append(pids, pid)
	}
	if rows.Err() != nil {
		b.Fatal(rows.Err())
	}
	return pids
}

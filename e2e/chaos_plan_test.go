//go:build unix

package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// blow is one fault of a run: what is done to whom, when, and for how long.
type blow struct {
	at, lasts time.Duration
	kind      string
	target    string
}

func (b blow) String() string {
	return fmt.Sprintf("%7s +%-6s %s %s", b.at.Round(time.Millisecond), b.lasts.Round(time.Millisecond), b.kind, b.target)
}

// members are the processes of a run; api, worker and notifier have a second one.
var members = []string{"api-1", "api-2", "bot-1", "worker-1", "worker-2", "notifier-1", "notifier-2"}

const (
	theDatabase = "database"
	theDiscord  = "discord"
	thePlatform = "platforms"
	theGateway  = "gateway"
	theDisk     = "disk"
)

// hazard is a kind of fault with how often it comes among the others and how long it lasts.
type hazard struct {
	kind     string
	targets  []string
	weight   int
	min, max time.Duration
}

// hazards: a freeze or a stall lasts longer than a lease, so that whoever wakes up is late.
func hazards() []hazard {
	const s = time.Second
	return []hazard{
		{"kill", members, 20, 0, 3 * s},
		{"freeze", members, 8, s / 2, 8 * s},
		{"clock step", members, 6, s, 10 * s},
		{"fast restart", []string{theDatabase}, 2, s / 2, 4 * s},
		{"immediate restart", []string{theDatabase}, 3, s / 2, 6 * s},
		{"end sessions", []string{theDatabase}, 3, 0, 0},
		{"cut", members, 4, s / 2, 6 * s},
		{"reset", members, 4, 0, 0},
		{"stall", members, 4, s, 15 * s},
		{"delay", members, 4, s, 8 * s},
		{"half-open", members, 4, s, 15 * s},
		{"deaf", members, 3, s, 15 * s},
		{"limit", []string{theDiscord, thePlatform}, 2, s / 2, 4 * s},
		{"limit all", []string{theDiscord}, 2, s / 2, 3 * s},
		{"fail", []string{theDiscord, thePlatform}, 3, s / 2, 4 * s},
		{"proxy page", []string{theDiscord, thePlatform}, 2, s / 2, 3 * s},
		{"hang", []string{theDiscord, thePlatform}, 3, s / 2, 4 * s},
		{"drop", []string{theDiscord, thePlatform}, 3, s / 2, 4 * s},
		{"drop after", []string{theDiscord}, 4, s / 2, 4 * s},
		{"slow", []string{theDiscord, thePlatform}, 3, s / 2, 4 * s},
		{"drop", []string{theGateway}, 2, 0, 0},
		{"zombie", []string{theGateway}, 1, 0, 0},
		{"reconnect", []string{theGateway}, 1, 0, 0},
		{"invalidate", []string{theGateway}, 2, 0, 0},
		{"invalidate resumable", []string{theGateway}, 1, 0, 0},
		{"forget", []string{theGateway}, 1, 0, 0},
		{"close 4000", []string{theGateway}, 1, 0, 0},
		{"pause", []string{theGateway}, 1, s / 2, 5 * s},
		{"full", []string{theDisk}, 3, 2 * s, 10 * s},
	}
}

const (
	rarest = 1500 * time.Millisecond // between the beginnings of two blows, on average half of it
	gasp   = 300 * time.Millisecond  // between the end of a blow and the next on the same target
)

// planned is the schedule of a run. It follows from the seed alone, and a longer run begins as a shorter
// one does; only what would last beyond the end is left out.
func planned(seed uint64, length time.Duration) (out []blow) {
	random := rand.New(rand.NewPCG(seed, 1)) // a schedule need not be secret
	kinds := hazards()
	total := 0
	for _, h := range kinds {
		total += h.weight
	}
	free := map[string]time.Duration{}
	for at := time.Duration(0); at < length; at += time.Duration(random.Int64N(int64(rarest))) {
		n, i := random.IntN(total), 0
		for ; n >= kinds[i].weight; i++ {
			n -= kinds[i].weight
		}
		h := kinds[i]
		b := blow{at, h.min, h.kind, h.targets[random.IntN(len(h.targets))]}
		if h.max > h.min {
			b.lasts += time.Duration(random.Int64N(int64(h.max - h.min)))
		}
		if at < free[b.target] {
			continue
		}
		free[b.target] = at + b.lasts + gasp
		if at+b.lasts < length {
			out = append(out, b)
		}
	}
	return out
}

func TestChaosFollowsFromItsSeedAlone(t *testing.T) {
	t.Parallel()
	long, short := planned(7, 10*time.Minute), planned(7, time.Minute)
	if again := planned(7, 10*time.Minute); !slices.Equal(long, again) {
		t.Error("one seed gives two schedules")
	}
	for i, b := range short {
		if !slices.Contains(long, b) {
			t.Errorf("blow %d of the shorter run is not in the longer one: %v", i, b)
		}
	}
	if slices.Equal(long, planned(8, 10*time.Minute)) {
		t.Error("two seeds give one schedule")
	}
	struck := map[string]int{}
	for _, b := range long {
		struck[b.kind+" "+b.target]++
		struck[b.kind]++
	}
	for _, h := range hazards() {
		if struck[h.kind] == 0 {
			t.Errorf("ten minutes bring no %q", h.kind)
		}
	}
	for _, m := range members {
		if struck["kill "+m] == 0 {
			t.Errorf("%s is never killed", m)
		}
	}
}

// script prints a schedule, one blow a line.
func script(blows []blow) string {
	var b strings.Builder
	for _, one := range blows {
		b.WriteString("\n" + one.String())
	}
	return b.String()
}

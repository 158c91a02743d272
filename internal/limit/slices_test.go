package limit_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"trackbot/internal/limit"
)

// A process that alone serves a user in a hurry asks the database now and then, and says of each request what it
// would say if it had asked.
func TestAUserInAHurryIsCountedInSlices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.process()
	asked := 0
	for i := range 60 {
		before := w.entries(t)
		v := p.User(t.Context(), "1")
		if v.Refused || v.Remaining != 59-i || v.Reset <= 0 || v.Reset > time.Minute {
			t.Fatalf("request %d: %+v", i+1, v)
		}
		if w.entries(t) != before {
			asked++
		}
	}
	if v := p.User(t.Context(), "1"); !v.Refused || v.Reset > time.Minute {
		t.Errorf("request 61: %+v", v)
	}
	if asked > 30 {
		t.Errorf("the database was asked %d times for 60 requests", asked)
	}
}

func (w *world) entries(t *testing.T) (n int) {
	t.Helper()
	err := w.admin.Shared().QueryRow(t.Context(), "SELECT coalesce(sum(cardinality(at)), 0)::int FROM rate_events").Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What was taken and not used is given back with the next question: nobody is refused early who stays at a process.
func TestWhatASliceDidNotUseIsGivenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.process()
	passed := admitted(20, func() limit.Verdict { return p.User(t.Context(), "1") })
	w.pass(t, 3*time.Second)
	w.sql(t, "UPDATE rate_events SET at = (SELECT array_agg(e + interval '3 s' ORDER BY e) FROM unnest(at) e)") // as if it had only been late
	passed += admitted(60, func() limit.Verdict { return p.User(t.Context(), "1") })
	if passed != 60 {
		t.Errorf("%d passed", passed)
	}
}

// However requests spread over processes and time, no minute holds more than the cap.
func TestNoMinuteHoldsMoreThanTheCap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	processes, client := []*limit.Limiter{w.process(), w.process(), w.process()}, w.tenant(t, "free")
	random := rand.New(rand.NewPCG(3, 4))
	var passed []time.Time
	at := 0
	for range 400 {
		switch random.IntN(12) {
		case 0:
			at = random.IntN(len(processes)) // a burst stays at one
		case 1:
			w.pass(t, time.Duration(random.IntN(4000))*time.Millisecond)
		case 2:
			w.pass(t, time.Duration(random.IntN(25))*time.Second)
		}
		before := w.now()
		if random.IntN(2) == 0 {
			w.api.Ask(t.Context(), processes[at].Foresee("1", client))
		}
		if !processes[at].User(t.Context(), "1").Refused {
			passed = append(passed, before)
		}
	}
	for i, start := range passed {
		n := 0
		for _, later := range passed[i:] {
			if later.Sub(start) < time.Minute {
				n++
			}
		}
		if n > 60 {
			t.Fatalf("%d requests passed in a minute", n)
		}
	}
	if len(passed) < 60 {
		t.Errorf("only %d passed", len(passed))
	}
}

package source_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"trackbot/internal/source"
)

func TestRequestsToOneHostKeepItsPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := source.NewLimits(time.Now)
		start := time.Now()
		for range 5 + 10 {
			if err := source.WaitTurn(t.Context(), l, "a.example", 1, 5); err != nil {
				t.Fatal(err)
			}
		}
		if got := time.Since(start); got != 10*time.Second {
			t.Errorf("15 requests with a burst of 5 took %s", got)
		}
		start = time.Now()
		if err := source.WaitTurn(t.Context(), l, "b.example", 1, 5); err != nil || time.Since(start) != 0 {
			t.Errorf("another host waited %s, %v", time.Since(start), err)
		}
		if got := source.HostDelay(l, "a.example"); got != time.Second {
			t.Errorf("the host says it is free in %s", got)
		}
	})
}

func TestASharedHostGetsTheSlowerPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := source.NewLimits(time.Now)
		for range 2 {
			_ = source.WaitTurn(t.Context(), l, "a.example", 10, 1)
		}
		_ = source.WaitTurn(t.Context(), l, "a.example", 1, 1)
		start := time.Now()
		_ = source.WaitTurn(t.Context(), l, "a.example", 10, 1)
		if got := time.Since(start); got < 900*time.Millisecond {
			t.Errorf("the host was asked again after %s", got)
		}
	})
}

func TestAWaitLongerThanTheDeadlineFailsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := source.NewLimits(time.Now)
		_ = source.WaitTurn(t.Context(), l, "a.example", 0.01, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		for range 3 { // a refusal books nothing, so the third waits no longer than the first
			err := source.WaitTurn(ctx, l, "a.example", 0.01, 1)
			e := wantKind(t, err, source.RateLimited)
			if e.Status != 0 || e.RetryAfter != 100*time.Second || time.Since(start) != 0 {
				t.Errorf("after %s: %#v", time.Since(start), e)
			}
		}
	})
}

func TestACancelledWaitGivesItsTurnBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := source.NewLimits(time.Now)
		_ = source.WaitTurn(t.Context(), l, "a.example", 0.1, 1)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- source.WaitTurn(ctx, l, "a.example", 0.1, 1) }()
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if got := source.HostDelay(l, "a.example"); got > 10*time.Second {
			t.Errorf("the next waits %s", got)
		}
	})
}

func TestAHeldHostIsNotAsked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := source.NewLimits(time.Now)
		source.HoldHost(l, "a.example", time.Hour) // capped at 15 minutes
		e := wantKind(t, source.WaitTurn(t.Context(), l, "a.example", 1, 1), source.RateLimited)
		if e.RetryAfter != 15*time.Minute || source.HostDelay(l, "a.example") != 15*time.Minute {
			t.Errorf("wait %s", e.RetryAfter)
		}
		time.Sleep(15 * time.Minute)
		if err := source.WaitTurn(t.Context(), l, "a.example", 1, 1); err != nil {
			t.Error(err)
		}
	})
}

func TestIdleHostsAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := source.NewLimits(time.Now)
		for i := range 20_000 {
			if err := source.WaitTurn(t.Context(), l, fmt.Sprintf("h%d.example", i), 1, 1); err != nil {
				t.Fatal(err)
			}
			if i%4000 == 0 {
				time.Sleep(2 * time.Second)
			}
		}
		if n := source.KnownHosts(l); n > 10_000 {
			t.Errorf("%d hosts are remembered", n)
		}
	})
}

func TestLoopbackHasNoLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := source.NewLimits(time.Now)
		source.HoldHost(l, "127.0.0.1", time.Hour)
		start := time.Now()
		for range 1000 {
			if err := source.WaitTurn(t.Context(), l, "127.0.0.1", 1, 1); err != nil {
				t.Fatal(err)
			}
		}
		if time.Since(start) != 0 || source.HostDelay(l, "127.0.0.1") != 0 {
			t.Errorf("waited %s", time.Since(start))
		}
	})
}

func TestMastodonsAllowancesAreNeverPassed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := source.NewLimits(time.Now)
		var taken []time.Time
		for range 700 {
			if err := source.TakePage(t.Context(), l, "a.example"); err != nil {
				t.Fatal(err)
			}
			taken = append(taken, time.Now())
		}
		for i := range taken {
			for within, most := range map[time.Duration]int{15 * time.Minute: 300, 5 * time.Minute: 300} {
				if j := i + most; j < len(taken) && taken[j].Sub(taken[i]) < within {
					t.Fatalf("%d pages within %s", most+1, taken[j].Sub(taken[i]))
				}
			}
		}
		if got := source.HostDelay(l, "a.example"); got < time.Second {
			t.Errorf("the host says it is free in %s, though its pages are used up", got)
		}
	})
}

// Two workers behind one address ask a host no more often than one would.
func TestPacesAreDividedAmongTheProcessesOfAnAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := source.NewLimits(time.Now)
		asked := func(host string, times int) time.Duration {
			start := time.Now()
			for range times {
				if err := source.WaitTurn(t.Context(), l, host, 1, 6); err != nil {
					t.Fatal(err)
				}
			}
			return time.Since(start)
		}
		asked("a.example", 6) // its burst is used up
		source.Divide(l, 3)
		if got := asked("a.example", 10); got < 29*time.Second || got > 30*time.Second {
			t.Errorf("ten requests at a third of the pace took %s", got)
		}
		if got := asked("b.example", 2+5); got != 15*time.Second {
			t.Errorf("a new host with a third of the burst took %s", got)
		}
		source.Divide(l, 1)
		if got := asked("a.example", 10); got > 10*time.Second {
			t.Errorf("ten requests alone again took %s", got)
		}
		source.Divide(l, 100) // a burst of less than one would never let anything pass
		if got := asked("c.example", 2); got != 100*time.Second {
			t.Errorf("one of a hundred waited %s", got)
		}
	})
}

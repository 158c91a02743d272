package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// Whoever has caught up knows of every change that was answered before: what answers are kept in memory by rests on it.
func TestCatchingUpTellsEverythingThatWasCommittedBefore(t *testing.T) {
	t.Parallel()
	address := testkit.NewDB(t).OwnerURL
	here, there := openAPI(t, address), openAPI(t, address)
	l := here.NewListener(store.ListenerConfig{})
	var heard sync.Map
	started := newEar()
	l.Subscribe(news, func(n store.Notice) {
		if n.Missed {
			started.tell(n)
		}
		heard.Store(n.Payload, true)
	})
	run(t, l)
	started.want(t, missed())
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for i := range 100 {
				text := fmt.Sprintf("%d/%d", w, i)
				if err := store.Notify(t.Context(), there.Shared(), news, text); err != nil {
					t.Error(err)
					return
				}
				if err := l.CatchUp(t.Context()); err != nil {
					t.Error(err)
					return
				}
				if _, ok := heard.Load(text); !ok {
					t.Errorf("%s was committed and is not told", text)
				}
			}
		})
	}
	writers.Wait()
}

func TestCatchingUpFailsWhileNothingIsHeard(t *testing.T) {
	t.Parallel()
	address := testkit.NewDB(t).OwnerURL
	st := openAPI(t, address)
	e, l := newEar(), st.NewListener(store.ListenerConfig{})
	l.Subscribe(news, e.tell)
	if err := l.CatchUp(t.Context()); !errors.Is(err, store.ErrDeaf) {
		t.Errorf("before it runs: %v", err)
	}
	run(t, l)
	e.want(t, missed())
	waitFor(t, l.Hearing)
	if err := l.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	// Whatever moment the connection goes in, who asked is answered.
	var asked atomic.Int64
	ctx, done := context.WithTimeout(t.Context(), patience)
	defer done()
	var askers sync.WaitGroup
	for range 8 {
		askers.Go(func() {
			for asked.Add(1) < 2000 {
				if err := l.CatchUp(ctx); err != nil && !errors.Is(err, store.ErrDeaf) {
					t.Error(err)
				}
			}
		})
	}
	for range 3 {
		waitFor(t, l.Hearing)
		killListeners(t, address)
		e.want(t, missed())
	}
	askers.Wait()
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain")
		}
	}
}

package warm_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"trackbot/internal/store"
	"trackbot/internal/warm"
)

// ear is a source of changes that a test lets hear or not.
type ear struct {
	deaf  atomic.Bool
	asked atomic.Int64
}

func (e *ear) CatchUp(context.Context) error {
	e.asked.Add(1)
	if e.deaf.Load() {
		return errors.New("deaf")
	}
	return nil
}

var (
	mine  = uuid.MustParse("0193573a-7e1c-7c5e-8d50-000000000001")
	yours = uuid.MustParse("0193573a-7e1c-7c5e-8d50-000000000002")
	posts = warm.Keep{Tables: []string{"posts"}, Life: time.Minute}
)

func told(client uuid.UUID, table string) store.Notice {
	return store.Notice{Payload: client.String() + " " + table}
}

// counted makes answers that say which making they are of.
type counted struct{ n atomic.Int64 }

func (c *counted) make() (warm.Answer, bool) {
	return warm.Answer{Body: fmt.Append(nil, c.n.Add(1))}, true
}

func (c *counted) get(t *testing.T, cache *warm.Cache, key warm.Key, keep warm.Keep) string {
	t.Helper()
	a, ok := cache.Get(t.Context(), key, keep, c.make)
	if !ok {
		t.Fatal("no answer")
	}
	return string(a.Body)
}

func TestAnAnswerIsKeptUntilWhatItIsMadeOfChanges(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache, key := warm.New(&ear{}, warm.Config{}), warm.Key{Client: mine, Asked: "/posts"}
		var c counted
		for _, step := range []struct {
			name   string
			change func()
			want   string
		}{
			{"at first", func() {}, "1"},
			{"again", func() {}, "1"},
			{"another table", func() { cache.Changed(told(mine, "brands")) }, "1"},
			{"another tenant", func() { cache.Changed(told(yours, "posts")) }, "1"},
			{"its own", func() { cache.Changed(told(mine, "posts")) }, "2"},
			{"notices may be lost", func() { cache.Changed(store.Notice{Missed: true}) }, "3"},
			{"a table was emptied", func() { cache.Changed(store.Notice{Payload: "* posts"}) }, "4"},
			{"a notice of a later version", func() { cache.Changed(store.Notice{Payload: "else"}) }, "5"},
			{"its time is not over", func() { time.Sleep(posts.Life - time.Second) }, "5"},
			{"its time is over", func() { time.Sleep(time.Second) }, "6"},
		} {
			step.change()
			if got := c.get(t, cache, key, posts); got != step.want {
				t.Errorf("%s: answer %s, want %s", step.name, got, step.want)
			}
		}
	})
}

func TestAnAnswerOfEverythingGoesWithAnyChange(t *testing.T) {
	t.Parallel()
	cache, key := warm.New(&ear{}, warm.Config{}), warm.Key{Client: mine, Asked: "/"}
	var c counted
	c.get(t, cache, key, warm.Keep{Life: time.Minute})
	cache.Changed(told(mine, "anything"))
	if got := c.get(t, cache, key, warm.Keep{Life: time.Minute}); got != "2" {
		t.Errorf("answer %s", got)
	}
}

func TestWhatChangesWhileAnAnswerIsMadeIsNotKept(t *testing.T) {
	t.Parallel()
	for _, n := range []store.Notice{told(mine, "posts"), {Missed: true}} {
		cache, key := warm.New(&ear{}, warm.Config{}), warm.Key{Client: mine, Asked: "/posts"}
		var c counted
		_, _ = cache.Get(t.Context(), key, posts, func() (warm.Answer, bool) {
			cache.Changed(n)
			return c.make()
		})
		if got := c.get(t, cache, key, posts); got != "2" {
			t.Errorf("after %+v: answer %s", n, got)
		}
	}
}

func TestAProcessAsksForChangesOnceASlack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var e ear
		cache := warm.New(&e, warm.Config{Slack: 10 * time.Millisecond})
		var c counted
		ask := func(want int64) {
			t.Helper()
			for range 5 {
				c.get(t, cache, warm.Key{Client: mine, Asked: "/posts"}, posts)
			}
			if got := e.asked.Load(); got != want {
				t.Errorf("asked %d times, want %d", got, want)
			}
		}
		ask(1)
		time.Sleep(10 * time.Millisecond)
		ask(1)
		time.Sleep(time.Nanosecond)
		ask(2)
	})
}

func TestAProcessThatHearsNothingKeepsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var e ear
		cache, key := warm.New(&e, warm.Config{}), warm.Key{Client: mine, Asked: "/posts"}
		var c counted
		c.get(t, cache, key, posts)
		e.deaf.Store(true)
		time.Sleep(time.Second)
		for i := range 3 {
			if got := c.get(t, cache, key, posts); got != fmt.Sprint(2+i) {
				t.Errorf("answer %s while deaf", got)
			}
		}
		if _, ok := cache.Peek(t.Context(), key); ok {
			t.Error("an answer is served while deaf")
		}
		e.deaf.Store(false)
		cache.Changed(store.Notice{Missed: true}) // as a listener tells when it is back
		if got := c.get(t, cache, key, posts); got != "5" {
			t.Errorf("answer %s of before it was deaf", got)
		}
	})
}

func TestOneMakingIsSharedByThoseWhoComeInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache, key := warm.New(&ear{}, warm.Config{Slack: 10 * time.Millisecond}), warm.Key{Client: mine, Asked: "/posts"}
		var c counted
		slow := func() (warm.Answer, bool) { time.Sleep(time.Second); return c.make() }
		var askers sync.WaitGroup
		ask := func() {
			askers.Go(func() {
				if _, ok := cache.Get(t.Context(), key, posts, slow); !ok {
					t.Error("no answer")
				}
			})
		}
		for range 10 {
			ask()
		}
		time.Sleep(10 * time.Millisecond)
		ask()
		synctest.Wait()
		time.Sleep(time.Millisecond) // whoever comes later may have written something that the making does not see
		ask()
		askers.Wait()
		if n := c.n.Load(); n != 2 {
			t.Errorf("made %d times, want 2", n)
		}
	})
}

func TestARefusalIsNeitherKeptNorShared(t *testing.T) {
	t.Parallel()
	cache, key := warm.New(&ear{}, warm.Config{}), warm.Key{Client: mine, Asked: "/posts"}
	for range 2 {
		var called bool
		if _, ok := cache.Get(t.Context(), key, posts, func() (warm.Answer, bool) { called = true; return warm.Answer{}, false }); ok || !called {
			t.Errorf("answered %t, called %t", ok, called)
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	const most = 1 << 20
	reg := newGauge()
	cache := warm.New(&ear{}, warm.Config{Bytes: most, Registerer: reg})
	body := make([]byte, 10_000)
	for i := range 2000 {
		key := warm.Key{Client: uuid.New(), Asked: fmt.Sprint(i % 7)}
		_, _ = cache.Get(t.Context(), key, posts, func() (warm.Answer, bool) { return warm.Answer{Body: body}, true })
		if got := reg.bytes(t); got > most {
			t.Fatalf("%v bytes after %d answers", got, i)
		}
		if _, ok := cache.Peek(t.Context(), key); !ok {
			t.Fatal("the newest answer is not kept")
		}
	}
	huge := warm.Key{Client: mine, Asked: "huge"}
	_, _ = cache.Get(t.Context(), huge, posts, func() (warm.Answer, bool) { return warm.Answer{Body: make([]byte, most/8)}, true })
	if _, ok := cache.Peek(t.Context(), huge); ok || reg.bytes(t) < most/2 {
		t.Error("one answer takes the place of many")
	}
	cache.Changed(store.Notice{Missed: true})
	if got := reg.bytes(t); got != 0 {
		t.Errorf("%v bytes of nothing", got)
	}
}

// Whatever comes after what, an answer is its own key's, and none is from before a change of its tenant.
func TestAnswersAreNeverAnothersOrOld(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cache := warm.New(&ear{}, warm.Config{Bytes: 20_000})
		clients := []uuid.UUID{mine, yours, uuid.New()}
		version := map[uuid.UUID]int{}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			client := rapid.SampledFrom(clients).Draw(t, "client")
			if rapid.IntRange(0, 4).Draw(t, "kind") == 0 {
				version[client]++
				cache.Changed(told(client, "posts"))
				continue
			}
			key := warm.Key{Client: client, Asked: rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "asked")}
			want := fmt.Sprint(key, version[client])
			a, _ := cache.Get(context.Background(), key, posts, func() (warm.Answer, bool) { return warm.Answer{Body: []byte(want)}, true })
			if string(a.Body) != want {
				t.Fatalf("answer %s, want %s", a.Body, want)
			}
		}
	})
}

package discord_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"trackbot/internal/discord"
)

// keeping makes a stage's client keep its sessions in the store.
func keeping(store discord.SessionStore) setup {
	return func(_ *stage, cfg *discord.GatewayConfig) { cfg.Store = store }
}

func TestStopWithoutAStoreEndsTheSession(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		p := s.login("s1")
		s.cancel()
		if code := p.closed(); code != 1000 {
			t.Errorf("closed with %d", code)
		}
		s.result <- <-s.result
	})
}

func TestRestartResumesBehindTheLastHandledEvent(t *testing.T) {
	t.Parallel()
	store := newMemoryStore()
	perform(t, keeping(store), func(s *stage) {
		p := s.login("s1")
		p.event(2, "GUILD_CREATE", map[string]any{"id": "11"})
		s.wantEvents("GUILD_CREATE 2")
		synctest.Wait()
		s.cancel()
		if code := p.closed(); code < 4000 {
			t.Errorf("closed with %d, which ends the session", code)
		}
		if err := s.wait(); err != nil {
			t.Fatal(err)
		}
		want := discord.Session{ID: "s1", ResumeURL: "ws://" + resumeHost, Seq: 2, ShardCount: 1}
		if got := store.get(0); got != want {
			t.Fatalf("saved %+v", got)
		}

		s.start(keeping(store))
		p = s.resumed("s1", 2)
		p.event(3, "CHANNEL_CREATE", map[string]any{"id": "21"})
		p.event(4, "RESUMED", nil)
		s.wantEvents("CHANNEL_CREATE 3", "RESUMED 4")
		synctest.Wait()
		if got := s.client.Status(); got.GuildsKnown || got.ReadyShards != 1 {
			t.Errorf("status %+v", got)
		}
	})
}

func TestCrashWithinAHandlerRepeatsTheEvent(t *testing.T) {
	t.Parallel()
	store := newMemoryStore()
	var stuck bool
	entered := make(chan struct{})
	prepare := func(s *stage, cfg *discord.GatewayConfig) {
		entered = make(chan struct{}, 1)
		cfg.Store, cfg.Grace = store, time.Second
		cfg.Handler = func(ctx context.Context, shard int, ev discord.Event) {
			if stuck && ev.Seq == 3 {
				entered <- struct{}{}
				<-ctx.Done() // killed in the midst of it
				return
			}
			s.events <- handled{shard, ev, time.Now()}
		}
	}
	stuck = true
	perform(t, prepare, func(s *stage) {
		p := s.login("s1")
		p.event(2, "GUILD_CREATE", map[string]any{"id": "11"})
		p.event(3, "GUILD_UPDATE", map[string]any{"id": "11"})
		p.event(4, "CHANNEL_CREATE", map[string]any{"id": "21"})
		s.wantEvents("GUILD_CREATE 2")
		<-entered
		asked := time.Now()
		if err := s.stop(); err != nil {
			t.Fatal(err)
		}
		within(t, "stopped", time.Since(asked), time.Second, 3*time.Second)
		if got := store.get(0).Seq; got != 2 {
			t.Fatalf("saved %d", got)
		}

		stuck = false
		s.start(prepare)
		p = s.resumed("s1", 2)
		p.event(3, "GUILD_UPDATE", map[string]any{"id": "11"})
		p.event(4, "CHANNEL_CREATE", map[string]any{"id": "21"})
		p.event(5, "RESUMED", nil)
		s.wantEvents("GUILD_UPDATE 3", "CHANNEL_CREATE 4", "RESUMED 5")
	})
}

func TestStopLetsTheHandlerFinish(t *testing.T) {
	t.Parallel()
	store := newMemoryStore()
	perform(t, func(s *stage, cfg *discord.GatewayConfig) {
		cfg.Store = store
		cfg.Handler = func(ctx context.Context, shard int, ev discord.Event) {
			s.events <- handled{shard, ev, time.Now()}
			time.Sleep(3 * time.Second)
			if ctx.Err() != nil {
				t.Error("handler's context ended within the grace time")
			}
		}
	}, func(s *stage) {
		s.login("s1")
		if err := s.stop(); err != nil {
			t.Fatal(err)
		}
		if got := store.get(0).Seq; got != 1 {
			t.Errorf("saved %d", got)
		}
		s.result <- nil
	})
}

func TestSavesAreAtMostOneASecondAndLoseNothing(t *testing.T) {
	t.Parallel()
	store := newMemoryStore()
	perform(t, keeping(store), func(s *stage) {
		p := s.login("s1")
		for seq := 2; seq <= 101; seq++ {
			p.event(seq, "GUILD_UPDATE", map[string]any{"id": "11"})
			s.next()
			time.Sleep(50 * time.Millisecond)
		}
		time.Sleep(2 * time.Second)
		if got := store.get(0).Seq; got != 101 {
			t.Errorf("saved %d of 101", got)
		}
		store.mu.Lock()
		defer store.mu.Unlock()
		if len(store.saves) > 8 {
			t.Errorf("%d saves in 7 seconds", len(store.saves))
		}
	})
}

func TestDisconnectSavesAtOnce(t *testing.T) {
	t.Parallel()
	store := newMemoryStore()
	perform(t, func(_ *stage, cfg *discord.GatewayConfig) {
		cfg.Store, cfg.SaveEvery = store, time.Hour
	}, func(s *stage) {
		p := s.login("s1")
		p.event(2, "GUILD_UPDATE", map[string]any{"id": "11"})
		s.next()
		p.drop()
		s.resumed("s1", 2)
		synctest.Wait()
		if got := store.get(0).Seq; got != 2 {
			t.Errorf("saved %d", got)
		}
	})
}

func TestLostSessionIsForgottenInTheStore(t *testing.T) {
	t.Parallel()
	store := newMemoryStore()
	perform(t, keeping(store), func(s *stage) {
		s.login("s1").close(4009)
		p := s.accept()
		p.hello(beatEvery)
		p.expect(2)
		time.Sleep(2 * time.Second)
		if got := store.get(0); got != (discord.Session{}) {
			t.Errorf("still saved: %+v", got)
		}
	})
}

func TestSessionOfAnotherShardCountIsNotResumed(t *testing.T) {
	t.Parallel()
	store := newMemoryStore()
	store.saved[0] = discord.Session{ID: "old", ResumeURL: "ws://" + resumeHost, Seq: 9, ShardCount: 2}
	perform(t, keeping(store), func(s *stage) { s.login("s1") })
}

func TestBrokenStoreStopsNothing(t *testing.T) {
	t.Parallel()
	store := newMemoryStore()
	store.fail(errors.New("database is away"))
	perform(t, keeping(store), func(s *stage) {
		p := s.login("s1")
		p.event(2, "GUILD_UPDATE", map[string]any{"id": "11"})
		s.wantEvents("GUILD_UPDATE 2")
		time.Sleep(10 * time.Second)
		store.fail(nil)
		time.Sleep(2 * time.Second)
		if got := store.get(0).Seq; got != 2 {
			t.Errorf("saved %d after the store came back", got)
		}
	})
}

func TestResumeAddressInTheClearIsNotTrusted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ resume, normal, want string }{
		{"wss://r.test", "wss://n.test/", "wss://r.test/?encoding=json&v=10"},
		{"ws://r.test", "wss://n.test/", "wss://n.test/"},
		{"ws://r.test", "ws://n.test/", "ws://r.test/?encoding=json&v=10"},
		{"https://r.test", "wss://n.test/", "wss://n.test/"},
		{"", "wss://n.test/", "wss://n.test/"},
		{"wss://r.test/path?x=1", "wss://n.test/", "wss://r.test/path?encoding=json&v=10&x=1"},
	} {
		if got := discord.ResumeAddress(c.resume, c.normal); got != c.want {
			t.Errorf("%s beside %s: %s, want %s", c.resume, c.normal, got, c.want)
		}
	}
}

func TestStaleSessionOfTheStoreGivesWayToANewOne(t *testing.T) {
	t.Parallel()
	store := newMemoryStore()
	store.saved[0] = discord.Session{ID: "old", ResumeURL: "ws://gone.test", Seq: 9, ShardCount: 1}
	perform(t, keeping(store), func(s *stage) {
		// Nobody answers at the old address.
		p := s.resumed("old", 9)
		if p.host != mainHost {
			t.Errorf("resumed at %s", p.host)
		}
		p.invalidSession(false)
		s.login("s1", "11").event(2, "GUILD_CREATE", map[string]any{"id": "11"})
		s.wantEvents("GUILD_CREATE 2")
		time.Sleep(2 * time.Second)
		if got := store.get(0); got.ID != "s1" || got.Seq != 2 || !s.client.Status().GuildsKnown {
			t.Errorf("saved %+v", got)
		}
	})
}

package discord_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"trackbot/internal/discord"
)

// shards sets how many shards Discord recommends and how many may start at once.
func shards(count, concurrency int) setup {
	return func(s *stage, _ *discord.GatewayConfig) {
		s.plan.Shards, s.plan.Limit.MaxConcurrency = count, concurrency
	}
}

// identified is when and where a shard identified.
type identified struct {
	shard string
	at    time.Time
	peer  *peer
}

func (s *stage) identifies(count int) []identified {
	s.t.Helper()
	out := make([]identified, 0, count)
	for range count {
		p := s.accept()
		p.hello(beatEvery)
		f := p.expect(2)
		p.event(1, "READY", ready("session-"+f.field(s.t, "shard")))
		s.next()
		out = append(out, identified{f.field(s.t, "shard"), f.at, p})
	}
	return out
}

func TestShardsIdentifyInOrderFiveSecondsApart(t *testing.T) {
	t.Parallel()
	perform(t, shards(4, 1), func(s *stage) {
		got := s.identifies(4)
		for i, id := range got {
			if want := fmt.Sprintf("[%d,4]", i); id.shard != want {
				t.Errorf("identify %d is shard %s, want %s", i, id.shard, want)
			}
			if i > 0 {
				within(t, "next identify", id.at.Sub(got[i-1].at), 5*time.Second, 6*time.Second)
			}
		}
		synctest.Wait()
		if st := s.client.Status(); st.ReadyShards != 4 || st.ShardCount != 4 {
			t.Errorf("status %+v", st)
		}
	})
}

func TestShardsOfDifferentKeysIdentifyTogether(t *testing.T) {
	t.Parallel()
	perform(t, shards(6, 2), func(s *stage) {
		got := s.identifies(6)
		began := got[0].at
		byKey := map[byte][]time.Duration{}
		for _, id := range got {
			key := (id.shard[1] - '0') % 2
			byKey[key] = append(byKey[key], id.at.Sub(began))
		}
		for key, times := range byKey {
			for i, at := range times {
				low := time.Duration(i) * 5 * time.Second
				within(t, fmt.Sprintf("identify %d of key %d", i, key), at, low, low+time.Second)
			}
		}
	})
}

func TestShardsResumeWithoutWaitingForTheirTurn(t *testing.T) {
	t.Parallel()
	perform(t, shards(3, 1), func(s *stage) {
		got := s.identifies(3)
		dropped := time.Now()
		for _, id := range got {
			id.peer.drop()
		}
		for range 3 {
			p := s.accept()
			p.hello(beatEvery)
			within(t, "resume", p.expect(6).at.Sub(dropped), 0, time.Second)
		}
	})
}

func TestShardThatCannotConnectDoesNotTakeTheTurnOfOthersForLong(t *testing.T) {
	t.Parallel()
	perform(t, shards(2, 1), func(s *stage) {
		p := s.accept() // shard 0, which never hears Hello
		got := s.identifies(1)
		within(t, "shard 1", got[0].at.Sub(p.at), 0, 30*time.Second)
		s.identifies(1)
	})
}

func TestIdentifiesStopBeforeDiscordsDailyLimit(t *testing.T) {
	t.Parallel()
	prepare := func(s *stage, _ *discord.GatewayConfig) {
		s.plan.Limit = discord.SessionStartLimit{Total: 3, Remaining: 2, ResetAfter: int(10 * time.Minute / time.Millisecond), MaxConcurrency: 1}
	}
	perform(t, prepare, func(s *stage) {
		began := time.Now()
		for range 2 {
			p := s.login("s1")
			p.close(4009)
		}
		s.login("s2")
		within(t, "third identify", time.Since(began), 10*time.Minute, 11*time.Minute)
	})
}

func TestFatalCloseCodesEndRun(t *testing.T) {
	t.Parallel()
	for _, code := range []int{4004, 4010, 4011, 4012, 4013, 4014} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				defer s.fakeGateway.close()
				s.start(shards(2, 2))
				p := s.accept()
				p.hello(beatEvery)
				p.expect(2)
				p.close(code)
				err := s.wait()
				fatal, ok := errors.AsType[*discord.CloseError](err)
				if !ok || fatal.Code != code {
					t.Errorf("Run returned %v", err)
				}
				if errors.Is(err, discord.ErrUnauthorized) != (code == 4004) {
					t.Errorf("ErrUnauthorized for %v", err)
				}
			})
		})
	}
}

func TestGatewayAsksUntilDiscordAnswers(t *testing.T) {
	t.Parallel()
	var asked int
	perform(t, func(_ *stage, cfg *discord.GatewayConfig) {
		asked = 0
		inner := cfg.API
		cfg.API = discord.New(discord.Config{Transport: flaky(&asked, inner)})
	}, func(s *stage) {
		s.login("s1")
		if asked != 4 {
			t.Errorf("asked %d times", asked)
		}
	})
}

func TestGatewayNeedsNoAPIForAKnownAddressAndCount(t *testing.T) {
	t.Parallel()
	perform(t, func(_ *stage, cfg *discord.GatewayConfig) {
		cfg.API, cfg.URL, cfg.ShardCount = nil, "ws://"+resumeHost, 1
	}, func(s *stage) {
		if p := s.login("s1"); p.host != resumeHost {
			t.Errorf("connected to %s", p.host)
		}
	})
}

func TestGatewayRefusesAFaultyConfiguration(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]discord.GatewayConfig{
		"nothing to ask": {},
		"no address":     {URL: "gateway.test", ShardCount: 1},
		"not ws":         {URL: "https://gateway.test", ShardCount: 1},
	} {
		if err := discord.NewGateway(cfg).Run(t.Context()); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestGatewayStopsAtARefusedToken(t *testing.T) {
	t.Parallel()
	api := discord.New(discord.Config{Transport: answers(401, `{"message":"401: Unauthorized","code":0}`)})
	err := discord.NewGateway(discord.GatewayConfig{API: api}).Run(t.Context())
	if !errors.Is(err, discord.ErrUnauthorized) {
		t.Errorf("got %v", err)
	}
}

package discord_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"trackbot/internal/discord"
)

func TestGatewayIdentifiesAndReportsReady(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		p := s.accept()
		if p.host != mainHost || p.query.Get("v") != "10" || p.query.Get("encoding") != "json" {
			t.Errorf("dialled %s with %v", p.host, p.query)
		}
		if got := s.client.Status(); got.ReadyShards != 0 || got.ShardCount != 1 {
			t.Errorf("before READY: %+v", got)
		}
		p.hello(beatEvery)
		f := p.expect(2)
		for name, want := range map[string]string{"token": `"the-token"`, "intents": "1", "shard": "[0,1]"} {
			if got := f.field(t, name); got != want {
				t.Errorf("identify %s = %s, want %s", name, got, want)
			}
		}
		p.event(1, "READY", ready("s1", "11", "12"))
		s.wantEvents("READY 1")
		synctest.Wait()
		got := s.client.Status()
		if got.ReadyShards != 1 || got.GuildCount != 2 || !got.GuildsKnown || got.Shards[0].State != discord.ShardReady {
			t.Errorf("after READY: %+v", got)
		}
	})
}

func TestGatewayCountsGuildsAndTakesAnOutageForNoRemoval(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		p := s.login("s1", "11", "12")
		steps := []struct {
			event string
			data  map[string]any
			want  int
		}{
			{"GUILD_CREATE", map[string]any{"id": "11", "name": "known"}, 2},
			{"GUILD_CREATE", map[string]any{"id": "13", "name": "new"}, 3},
			{"GUILD_DELETE", map[string]any{"id": "12", "unavailable": true}, 3},
			{"GUILD_DELETE", map[string]any{"id": "12"}, 2},
		}
		for i, step := range steps {
			p.event(2+i, step.event, step.data)
			s.next()
			synctest.Wait()
			if got := s.client.Status().GuildCount; got != step.want {
				t.Errorf("after %s %v: %d guilds, want %d", step.event, step.data, got, step.want)
			}
		}
	})
}

func TestGatewayResumesADroppedConnectionWithoutLossRepetitionOrDisorder(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		p := s.login("s1")
		p.event(2, "GUILD_CREATE", map[string]any{"id": "11"})
		p.event(3, "CHANNEL_CREATE", map[string]any{"id": "21"})
		s.wantEvents("GUILD_CREATE 2", "CHANNEL_CREATE 3")
		p.drop()

		p = s.resumed("s1", 3)
		if p.host != resumeHost {
			t.Errorf("resumed at %s", p.host)
		}
		// Discord may replay more than was missed.
		for seq := 2; seq <= 6; seq++ {
			p.event(seq, "CHANNEL_UPDATE", map[string]any{"id": "21"})
		}
		p.event(7, "RESUMED", nil)
		p.event(8, "CHANNEL_DELETE", map[string]any{"id": "21"})
		s.wantEvents("CHANNEL_UPDATE 4", "CHANNEL_UPDATE 5", "CHANNEL_UPDATE 6", "RESUMED 7", "CHANNEL_DELETE 8")
		s.none()
		synctest.Wait()
		if got := s.client.Status(); got.ReadyShards != 1 || got.Shards[0].Resumes != 1 || got.Shards[0].Identifies != 1 {
			t.Errorf("status %+v", got)
		}
	})
}

func TestGatewayResumesAgainWhenTheReplayItselfIsCutShort(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		s.login("s1").drop()
		for seq := 1; seq < 12; seq++ {
			p := s.resumed("s1", seq)
			p.event(seq+1, "CHANNEL_UPDATE", map[string]any{"id": "21"})
			s.wantEvents(fmt.Sprintf("CHANNEL_UPDATE %d", seq+1))
			if seq%3 == 0 {
				p.event(seq+1, "RESUMED", nil)
				s.wantEvents(fmt.Sprintf("RESUMED %d", seq+1))
			}
			p.drop()
		}
	})
}

func TestGatewayObeysReconnect(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		p := s.login("s1")
		asked := time.Now()
		p.write(`{"op":7,"d":null}`)
		if code := p.closed(); code == 1000 || code == 1001 || code < 0 {
			t.Errorf("closed with %d, which ends the session", code)
		}
		p = s.resumed("s1", 1)
		within(t, "resumed", time.Since(asked), 0, time.Second)
		// Also in place of Hello.
		p.event(2, "RESUMED", nil)
		s.wantEvents("RESUMED 2")
		p.drop()
		s.accept().write(`{"op":7}`)
		s.resumed("s1", 2)
	})
}

func TestGatewayInvalidSession(t *testing.T) {
	t.Parallel()
	t.Run("that may be resumed is resumed", func(t *testing.T) {
		t.Parallel()
		perform(t, nil, func(s *stage) {
			p := s.login("s1")
			p.invalidSession(true)
			s.resumed("s1", 1).event(2, "RESUMED", nil)
			s.wantEvents("RESUMED 2")
		})
	})
	t.Run("that is lost leads to a new one after one to five seconds", func(t *testing.T) {
		t.Parallel()
		perform(t, nil, func(s *stage) {
			s.login("s1").drop()
			p := s.resumed("s1", 1)
			time.Sleep(10 * time.Second) // clear of the five seconds between two identifies
			refused := time.Now()
			p.invalidSession(false)
			if code := p.closed(); code == 1000 || code == 1001 {
				t.Errorf("closed with %d", code)
			}
			p = s.accept()
			within(t, "new connection", time.Since(refused), time.Second, 5*time.Second+time.Millisecond)
			if p.host != mainHost {
				t.Errorf("new session at %s", p.host)
			}
			p.hello(beatEvery)
			p.expect(2)
			p.event(1, "READY", ready("s2"))
			s.wantEvents("READY 1")
			p.drop()
			s.resumed("s2", 1)
		})
	})
}

func TestGatewayCloseCodes(t *testing.T) {
	t.Parallel()
	for _, code := range []int{1000, 1001, 4000, 4001, 4002, 4003, 4005, 4008} {
		t.Run(fmt.Sprintf("%d resumes", code), func(t *testing.T) {
			t.Parallel()
			perform(t, nil, func(s *stage) {
				s.login("s1").close(code)
				s.resumed("s1", 1)
			})
		})
	}
	for _, code := range []int{4007, 4009} {
		t.Run(fmt.Sprintf("%d identifies anew", code), func(t *testing.T) {
			t.Parallel()
			perform(t, nil, func(s *stage) {
				s.login("s1").close(code)
				p := s.accept()
				p.hello(beatEvery)
				p.expect(2)
				if p.host != mainHost {
					t.Errorf("identified at %s", p.host)
				}
			})
		})
	}
}

func TestGatewayGivesAResumeUpThatIsNeverAnswered(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		s.login("s1").drop()
		for range 5 {
			s.resumed("s1", 1).drop()
		}
		p := s.accept()
		p.hello(beatEvery)
		p.expect(2)
	})
}

func TestGatewayComesBackAfterAnOutageAtWhateverAddressWorks(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		p := s.login("s1")
		s.down(resumeHost)
		s.down(mainHost)
		p.drop()
		time.Sleep(3 * time.Minute)
		if got := s.client.Status(); got.ReadyShards != 0 || got.ShardCount != 1 {
			t.Errorf("during the outage: %+v", got)
		}
		s.up(mainHost)
		back := time.Now()
		p = s.resumed("s1", 1)
		within(t, "back", time.Since(back), 0, 30*time.Second)
		if p.host != mainHost {
			t.Errorf("resumed at %s", p.host)
		}
	})
}

func TestGatewayReadsOnAfterGarbage(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no JSON": "}{", "no opcode": `{"d":1}`, "a list": `[]`, "a bad type": `{"op":"0"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			perform(t, nil, func(s *stage) {
				p := s.login("s1")
				p.write(text)
				if code := p.closed(); code == 1000 || code == 1001 {
					t.Errorf("closed with %d", code)
				}
				s.resumed("s1", 1)
			})
		})
	}
}

func TestGatewayToleratesOddFrames(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		p := s.login("s1")
		for _, text := range []string{
			`{"op":99}`, `{"op":0}`, `{"op":10,"d":{"heartbeat_interval":1}}`, `{"op":11}`,
			`{"op":0,"t":"SOMETHING_NEW","s":2,"d":[1,"x",null]}`,
		} {
			p.write(text)
		}
		s.wantEvents("SOMETHING_NEW 2")
		p.event(3, "GUILD_DELETE", "not an object")
		s.wantEvents("GUILD_DELETE 3")
	})
}

func TestGatewayRefusesAnAbsurdHello(t *testing.T) {
	t.Parallel()
	for _, d := range []string{`{}`, `{"heartbeat_interval":-1}`, `{"heartbeat_interval":1e300}`, `7`} {
		t.Run(d, func(t *testing.T) {
			t.Parallel()
			perform(t, nil, func(s *stage) {
				p := s.accept()
				p.write(`{"op":10,"d":` + d + `}`)
				p.closed()
				s.login("s1")
			})
		})
	}
}

func TestGatewayDoesNotWaitForeverForHello(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		p := s.accept()
		p.closed()
		within(t, "given up", time.Since(p.at), 20*time.Second, 25*time.Second)
		s.login("s1")
	})
}

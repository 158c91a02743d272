package discord_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackbot/internal/discord"
)

func TestHeartbeatComesWithinTheFirstIntervalAndThenEveryInterval(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		p := s.accept()
		p.hello(beatEvery)
		greeted := time.Now()
		p.expect(2)
		first := p.expect(1)
		within(t, "first heartbeat", first.at.Sub(greeted), 0, beatEvery)
		if string(first.D) != "null" {
			t.Errorf("first heartbeat says %s before any event", first.D)
		}
		p.event(1, "READY", ready("s1"))
		p.event(2, "GUILD_CREATE", map[string]any{"id": "11"})
		s.wantEvents("READY 1", "GUILD_CREATE 2")
		last := first
		for range 5 {
			f := p.expect(1)
			within(t, "heartbeat", f.at.Sub(last.at), beatEvery, beatEvery)
			if string(f.D) != "2" {
				t.Errorf("heartbeat says %s, want 2", f.D)
			}
			last = f
		}
		synctest.Wait()
		if got := s.client.Status(); !got.LastAck.Equal(last.at) {
			t.Errorf("last acknowledged at %s, want %s", got.LastAck, last.at)
		}
	})
}

func TestHeartbeatIsSentAtOnceWhenAskedFor(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		p := s.login("s1")
		asked := time.Now()
		p.write(`{"op":1,"d":null}`)
		within(t, "heartbeat", p.expect(1).at.Sub(asked), 0, 0)
	})
}

func TestHeartbeatWithoutAcknowledgementClosesAndResumes(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		p := s.login("s1")
		p.expect(1)
		p.setAck(false)
		unanswered := p.expect(1)
		if code := p.closed(); code == 1000 || code == 1001 || code < 0 {
			t.Errorf("closed with %d, which ends the session", code)
		}
		within(t, "closed", time.Since(unanswered.at), beatEvery, beatEvery+time.Second)
		p = s.resumed("s1", 1)
		p.event(2, "RESUMED", nil)
		s.wantEvents("RESUMED 2")
		// The new connection starts with a clean slate.
		for range 3 {
			p.expect(1)
		}
	})
}

func TestHeartbeatNoticesAConnectionThatSwallowsEverything(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		p := s.login("s1")
		// The line has no buffer: a peer that does not read blocks the writer.
		p.gate <- struct{}{}
		p.expect(1)
		frozen := time.Now()
		resumed := s.resumed("s1", 1)
		within(t, "resumed", resumed.at.Sub(frozen), 0, 2*beatEvery+15*time.Second)
		<-p.gate
	})
}

func TestHeartbeatsGoOnWhileAHandlerIsBusy(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	var seen []int64
	busy := func(_ *stage, cfg *discord.GatewayConfig) {
		release = make(chan struct{})
		cfg.Handler = func(_ context.Context, _ int, ev discord.Event) {
			if ev.Seq == 2 {
				<-release
			}
			seen = append(seen, ev.Seq)
		}
	}
	perform(t, busy, func(s *stage) {
		p := s.accept()
		p.hello(beatEvery)
		p.expect(2)
		p.event(1, "READY", ready("s1"))
		p.event(2, "GUILD_CREATE", map[string]any{"id": "11"})
		p.event(3, "GUILD_UPDATE", map[string]any{"id": "11"})
		for range 6 {
			// What is received is not what is handled.
			if f := p.expect(1); string(f.D) != "1" {
				t.Errorf("heartbeat says %s while 2 is being handled", f.D)
			}
		}
		// Dropped meanwhile: what waits here is not asked for again.
		p.drop()
		p = s.resumed("s1", 3)
		p.event(4, "RESUMED", nil)
		close(release)
		synctest.Wait()
		if len(seen) != 4 || seen[3] != 4 || s.client.Status().Shards[0].Seq != 4 {
			t.Errorf("handled %v", seen)
		}
	})
}

func TestHeartbeatsAskedForInAFloodStayWithinTheSendLimit(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		p := s.login("s1")
		began := time.Now()
		for range 500 {
			p.write(`{"op":1}`)
			synctest.Wait()
		}
		sent := []time.Time{began} // identify
		for time.Since(began) < 3*time.Minute {
			sent = append(sent, p.expect(1).at)
		}
		if len(sent) < 100 {
			t.Errorf("only %d payloads", len(sent))
		}
		for i := 120; i < len(sent); i++ {
			if span := sent[i].Sub(sent[i-120]); span < time.Minute {
				t.Fatalf("121 payloads within %s", span)
			}
		}
	})
}

func TestGatewayReadsAPayloadOfMegabytes(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *stage) {
		p := s.login("s1")
		p.event(2, "GUILD_CREATE", map[string]any{"id": "11", "name": strings.Repeat("x", 8<<20)})
		h := s.next()
		var g discord.GuildCreate
		if err := h.event.Decode(&g); err != nil || len(g.Name) != 8<<20 {
			t.Errorf("got %d bytes, %v", len(g.Name), err)
		}
	})
}

func TestGatewayStopsReadingWhileTheHandlerIsFarBehind(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	var count int
	slow := func(_ *stage, cfg *discord.GatewayConfig) {
		release = make(chan struct{})
		cfg.Handler = func(context.Context, int, discord.Event) {
			<-release
			count++
		}
	}
	perform(t, slow, func(s *stage) {
		p := s.accept()
		p.hello(beatEvery)
		p.expect(2)
		p.event(1, "READY", ready("s1"))
		const events = 24 // of 4 MiB, more than may wait
		text := strings.Repeat("x", 4<<20)
		var done bool
		go func() {
			for seq := 2; seq < 2+events; seq++ {
				p.event(seq, "GUILD_UPDATE", map[string]any{"id": "11", "name": text})
			}
			done = true
		}()
		time.Sleep(10 * beatEvery)
		if waiting := s.client.Status().Shards[0].Queued; done || waiting > 17 {
			t.Errorf("%d events wait, all sent: %v", waiting, done)
		}
		// A reader that waits for its own handler is no dead connection.
		if got := s.client.Status().Shards[0]; got.State != discord.ShardReady {
			t.Errorf("shard is %s", got.State)
		}
		close(release)
		synctest.Wait()
		if count != events+1 {
			t.Errorf("%d events handled, want %d", count, events+1)
		}
	})
}

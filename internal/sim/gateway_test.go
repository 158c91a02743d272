package sim_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/coder/websocket"

	"trackbot/internal/sim"
)

func TestReadyNamesUnavailableGuildsWhichThenBecomeAvailable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify)
	down := must(w.AddGuild(sim.GuildSpec{Name: "Down", OwnerID: w.owner}))
	must0(t, w.SetUnavailable(down, true))
	s, ready := w.ready(nil)
	if guilds := ready.D["guilds"].([]any); len(guilds) != 2 || guilds[0].(m)["unavailable"] != true {
		t.Errorf("READY lists %v", guilds)
	}
	e := s.next()
	if e.T != "GUILD_CREATE" || e.D["id"] != w.guild || len(e.D["channels"].([]any)) != 2 || *e.S != 2 {
		t.Errorf("after READY comes %+v", e)
	}
	must0(t, w.SetUnavailable(down, false))
	if e := s.next(); e.T != "GUILD_CREATE" || e.D["id"] != down {
		t.Errorf("the guild that came back sends %+v", e)
	}
	must0(t, w.SetUnavailable(down, true))
	if e := s.next(); e.T != "GUILD_DELETE" || e.D["unavailable"] != true {
		t.Errorf("an outage sends %+v", e)
	}
	must0(t, w.SetUnavailable(down, false))
	s.wait("GUILD_CREATE")
	must0(t, w.KickBot(down))
	if e := s.next(); e.T != "GUILD_DELETE" || e.D["unavailable"] != nil {
		t.Errorf("a removal sends %+v", e)
	}
}

func TestGuildChangesAreTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify)
	s, _ := w.ready(nil)
	s.wait("GUILD_CREATE")
	ch := must(w.AddChannel(w.guild, sim.ChannelSpec{Name: "new"}))
	role := must(w.AddRole(w.guild, sim.RoleSpec{Name: "r"}))
	must0(t, w.RenameChannel(ch, "renamed"))
	must0(t, w.SetRolePermissions(w.guild, role, sim.PermManageGuild))
	must0(t, w.UpdateGuild(w.guild, "Renamed", w.manager))
	must0(t, w.DeleteChannel(ch))
	must0(t, w.DeleteRole(w.guild, role))
	for _, want := range []string{
		"CHANNEL_CREATE", "GUILD_ROLE_CREATE", "CHANNEL_UPDATE", "GUILD_ROLE_UPDATE", "GUILD_UPDATE", "CHANNEL_DELETE", "GUILD_ROLE_DELETE",
	} {
		if e := s.next(); e.T != want {
			t.Fatalf("got %s, want %s", e.T, want)
		}
	}
}

func TestShardsGetTheirGuildsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify)
	for range 5 {
		must(w.AddGuild(sim.GuildSpec{Name: "More", OwnerID: w.owner}))
	}
	total := 0
	for shard := range 3 {
		_, ready := w.ready(m{"shard": []int{shard, 3}})
		for _, g := range ready.D["guilds"].([]any) {
			id := must(strconv.ParseUint(g.(m)["id"].(string), 10, 64))
			if int(id>>22%3) != shard {
				t.Errorf("guild %d is on shard %d", id, shard)
			}
			total++
		}
	}
	if total != 6 {
		t.Errorf("the shards have %d guilds together, want 6", total)
	}
}

func TestWrongIdentifiesAreClosedWithTheirCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify)
	for name, c := range map[string]struct {
		op   int
		d    any
		code int
	}{
		"token":             {2, w.identity(m{"token": "wrong"}), 4004},
		"resume token":      {6, m{"token": "wrong", "session_id": "x", "seq": 1}, 4004},
		"no intents":        {2, w.identity(m{"intents": nil}), 4013},
		"unknown intents":   {2, w.identity(m{"intents": 1 << 30}), 4013},
		"privileged":        {2, w.identity(m{"intents": 1 << 15}), 4014},
		"shard":             {2, w.identity(m{"shard": []int{2, 2}}), 4010},
		"not identified":    {3, m{"status": "online"}, 4003},
		"no object":         {2, "x", 4002},
		"too large":         {2, w.identity(m{"properties": m{"os": string(make([]byte, 4096))}}), 4002},
		"unknown op, early": {99, nil, 4003},
	} {
		s := w.gateway()
		s.send(c.op, c.d)
		t.Log(name)
		s.wantClose(c.code)
	}
	s, _ := w.ready(nil)
	s.send(2, w.identity(nil))
	s.wantClose(4005)
	s, _ = w.ready(nil)
	s.send(99, nil)
	s.wantClose(4001)
}

func TestIdentifyingTooFastIsAnInvalidSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	w.ready(nil)
	s := w.gateway()
	s.send(2, w.identity(nil))
	if e := s.next(); e.Op != 9 || string(e.Raw) != "false" {
		t.Fatalf("the second identify within 5 s gets %+v", e)
	}
	w.clock.advance(5 * time.Second)
	s.send(2, w.identity(nil))
	if e := s.next(); e.T != "READY" {
		t.Fatalf("after 5 s the answer is %+v", e)
	}
	left := w.rest("GET", "/gateway/bot", nil).object["session_start_limit"].(m)
	if left["remaining"] != 998.0 || left["max_concurrency"] != 1.0 || left["reset_after"].(float64) < 1 {
		t.Errorf("session_start_limit is %v", left)
	}
}

func TestSilentClientIsTimedOutAndFloodingOneLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify, func(c *sim.Config) { c.Gateway.HeartbeatInterval = 100 * time.Millisecond })
	s := w.gateway()
	s.send(1, nil)
	if e := s.next(); e.Op != 11 {
		t.Fatalf("heartbeat gets %+v", e)
	}
	s.wantClose(4009)
	s, _ = w.ready(nil)
	for range 120 {
		s.send(1, 1)
	}
	s.wantClose(4008)
}

func TestResumeReplaysWhatWasMissedInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify)
	s, ready := w.ready(nil)
	last := *s.wait("GUILD_CREATE").S
	w.DropGateway()
	if _, err := s.read(); err == nil || websocket.CloseStatus(err) != -1 {
		t.Fatalf("a dropped connection ends with %v, want no close frame", err)
	}
	names := []string{"a", "b", "c"}
	for _, name := range names {
		must(w.AddChannel(w.guild, sim.ChannelSpec{Name: name}))
	}
	s = w.resume(ready, last)
	for i, name := range names {
		e := s.next()
		if e.T != "CHANNEL_CREATE" || e.D["name"] != name || *e.S != last+int64(i)+1 {
			t.Fatalf("replay %d is %+v", i, e)
		}
	}
	if e := s.next(); e.T != "RESUMED" {
		t.Fatalf("after the replay comes %+v", e)
	}
	must(w.AddChannel(w.guild, sim.ChannelSpec{Name: "d"}))
	if e := s.next(); e.T != "CHANNEL_CREATE" {
		t.Fatalf("after RESUMED comes %+v", e)
	}
	if st := w.GatewayStats(); st.Resumes != 1 || st.Identifies != 1 {
		t.Errorf("stats are %+v", st)
	}
}

func TestSessionsThatCannotBeResumed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify, func(c *sim.Config) { c.Gateway.ResumeBuffer = 4 })
	refused := func(name string, s *socket) {
		t.Helper()
		if e := s.next(); e.Op != 9 || string(e.Raw) != "false" {
			t.Errorf("%s: resume gets op %d %s", name, e.Op, e.T)
		}
	}
	lose := func(s *socket) {
		w.DropGateway()
		_, _ = s.read()
	}
	s, ready := w.ready(nil)
	lose(s)
	w.clock.advance(4 * time.Minute)
	refused("aged", w.resume(ready, 1))

	s, ready = w.ready(nil)
	lose(s)
	for range 9 {
		must(w.AddChannel(w.guild, sim.ChannelSpec{Name: "x"}))
	}
	refused("buffer overrun", w.resume(ready, 2))

	s, ready = w.ready(nil)
	must0(t, s.conn.Close(websocket.StatusNormalClosure, ""))
	w.until(func() bool { return !w.connected() }) // the server reads the close frame a moment later
	refused("closed with 1000", w.resume(ready, 1))

	_, ready = w.ready(nil)
	w.RestartGateway()
	refused("restarted", w.resume(ready, 1))

	s, ready = w.ready(nil)
	lose(s)
	w.resume(ready, 999).wantClose(4007)
}

func TestGatewayFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify)
	s, ready := w.ready(nil)
	seq := *s.wait("GUILD_CREATE").S

	w.RequestHeartbeat()
	if e := s.next(); e.Op != 1 {
		t.Errorf("requested heartbeat is %+v", e)
	}
	w.RequestReconnect()
	if e := s.next(); e.Op != 7 {
		t.Errorf("reconnect is %+v", e)
	}
	w.InvalidateSessions(true)
	if e := s.next(); e.Op != 9 || string(e.Raw) != "true" {
		t.Errorf("invalid session is %+v", e)
	}
	w.MakeZombies()
	s.send(1, seq)
	must(w.AddChannel(w.guild, sim.ChannelSpec{Name: "missed"}))
	must0(t, s.conn.CloseNow())
	s = w.resume(ready, seq)
	if e := s.next(); e.T != "CHANNEL_CREATE" || e.D["name"] != "missed" {
		t.Errorf("what a zombie missed is not replayed: %+v", e)
	}
	w.CloseGateway(4000)
	s.wantClose(4000)

	w.PauseGateway(true)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, res, err := websocket.Dial(ctx, w.base+"/gateway", &websocket.DialOptions{HTTPClient: w.client})
	if err == nil || res == nil || res.StatusCode != 503 {
		t.Errorf("a paused gateway answers %v", err)
	}
	w.PauseGateway(false)
	if s := w.resume(ready, seq+1); s.next().T != "RESUMED" {
		t.Error("the session did not survive the pause")
	}
}

func TestClosingTheSimulatorEndsItsConnections(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify)
	s, _ := w.ready(nil)
	w.Close()
	for {
		_, err := s.read()
		if errors.Is(err, context.DeadlineExceeded) {
			t.Fatal("the connection outlived Close")
		}
		if err != nil {
			return
		}
	}
}

func TestIntentsChooseTheEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fastIdentify, func(c *sim.Config) { c.Gateway.PrivilegedIntents = 1 << 1 })
	s, _ := w.ready(m{"intents": 1<<1 | 1<<9})
	must(w.AddChannel(w.guild, sim.ChannelSpec{Name: "unseen"}))
	w.send(m{"content": "hello"})
	if e := s.next(); e.T != "MESSAGE_CREATE" || e.D["content"] != "hello" || e.D["guild_id"] != w.guild {
		t.Errorf("first event is %+v", e)
	}
	must0(t, w.AddMember(w.guild, sim.MemberSpec{UserID: w.user("nina")}))
	if e := s.next(); e.T != "GUILD_MEMBER_ADD" {
		t.Errorf("second event is %+v", e)
	}
	s.send(8, m{"guild_id": w.guild, "query": "", "limit": 0, "nonce": "n"})
	if e := s.next(); e.T != "GUILD_MEMBERS_CHUNK" || len(e.D["members"].([]any)) != 5 || e.D["nonce"] != "n" {
		t.Errorf("members are %+v", e)
	}
}

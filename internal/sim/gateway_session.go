package sim

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Gateway intents (Discord API docs: List of Intents).
const (
	intentGuilds         = 1 << 0
	intentGuildMembers   = 1 << 1
	intentGuildMessages  = 1 << 9
	intentDirectMessages = 1 << 12
	intentMessageContent = 1 << 15

	intentPrivileged = intentGuildMembers | 1<<8 | intentMessageContent
	// intentKnown are bits 0–16, 20, 21, 24 and 25.
	intentKnown = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
)

// maxGuildsUnsharded is where sharding becomes compulsory (Discord API docs: Sharding).
const maxGuildsUnsharded = 2500

// gwSession outlives its connections: events that nobody reads wait in buffer for a resume.
type gwSession struct {
	id            string
	shard, shards int
	sharded       bool
	intents       uint64
	seq           int64
	buffer        []gwEvent
	trimmed       int64 // the highest sequence number that is no longer in buffer
	conn          *gwConn
	lostAt        time.Time
	resumes       int
}

type gwEvent struct {
	seq  int64
	data []byte
}

type gatewayState struct {
	conns    map[*gwConn]struct{}
	sessions map[string]*gwSession
	paused   bool
	lastID   map[int]time.Time // last identify by concurrency key
	started  []time.Time       // identifies of the last day
	stats    GatewayStats
}

// GatewayStats counts what has happened at the gateway.
type GatewayStats struct {
	Connections int `json:"connections"`
	Identifies  int `json:"identifies"`
	Resumes     int `json:"resumes"`
	Invalid     int `json:"invalid"` // op 9 sent
}

func newGatewayState() gatewayState {
	return gatewayState{
		conns: map[*gwConn]struct{}{}, sessions: map[string]*gwSession{}, lastID: map[int]time.Time{},
	}
}

func (g *gwSession) wants(gd *guild, intent uint64) bool {
	if intent != 0 && g.intents&intent == 0 {
		return false
	}
	if gd == nil {
		return g.shard == 0
	}
	return g.owns(gd.id)
}

// owns is the sharding formula.
func (g *gwSession) owns(guildID string) bool {
	return int(snowflake(guildID)>>22%uint64(g.shards)) == g.shard
}

// emit numbers an event, keeps it for a replay and sends it if the session is connected.
func (g *gwSession) emit(event string, payload json.RawMessage, keep int) {
	g.seq++
	seq := g.seq
	data, err := json.Marshal(frame{Op: opDispatch, D: payload, S: &seq, T: &event})
	if err != nil {
		panic(err) // payload is valid JSON
	}
	g.buffer = append(g.buffer, gwEvent{seq, data})
	if len(g.buffer) > keep {
		g.trimmed = g.buffer[len(g.buffer)-keep-1].seq
		g.buffer = slices.Clone(g.buffer[len(g.buffer)-keep:])
	}
	if g.conn != nil {
		g.conn.push(data)
	}
}

// dispatch sends an event of a guild (nil: of a DM) to every session whose
// shard and intents match. Callers hold mu.
func (s *Sim) dispatch(g *guild, intent uint64, event string, payload any) {
	if g != nil && (!g.hasBot || g.unavailable && event != "GUILD_DELETE") {
		return
	}
	var raw json.RawMessage
	for _, sess := range s.gw.sessions {
		if !sess.wants(g, intent) {
			continue
		}
		if raw == nil {
			raw = mustJSON(payload)
		}
		sess.emit(event, raw, s.cfg.Gateway.ResumeBuffer)
	}
}

func mustJSON(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // only plain values are passed
	}
	return raw
}

type identifyData struct {
	Token      string          `json:"token"`
	Intents    *uint64         `json:"intents"`
	Shard      []int           `json:"shard"`
	Properties json.RawMessage `json:"properties"`
}

func (s *Sim) identify(c *gwConn, raw json.RawMessage) {
	var d identifyData
	if json.Unmarshal(raw, &d) != nil || len(d.Properties) == 0 {
		c.fail(closeDecodeError, "Error while decoding payload.")
		return
	}
	if c.sess != nil {
		c.fail(closeAlreadyAuth, "Already authenticated.")
		return
	}
	shard, shards := 0, 1
	if d.Shard != nil {
		if len(d.Shard) != 2 || d.Shard[1] < 1 || d.Shard[0] < 0 || d.Shard[0] >= d.Shard[1] {
			c.fail(closeInvalidShard, "Invalid shard.")
			return
		}
		shard, shards = d.Shard[0], d.Shard[1]
	}
	switch {
	case !s.isBotToken(d.Token):
		c.fail(closeAuthFailed, "Authentication failed.")
		return
	case d.Intents == nil || *d.Intents&^intentKnown != 0:
		c.fail(closeInvalidIntents, "Invalid intent(s).")
		return
	case *d.Intents&intentPrivileged&^s.cfg.Gateway.PrivilegedIntents != 0:
		c.fail(closeDisallowed, "Disallowed intent(s).")
		return
	case !s.mayIdentify(shard):
		s.gw.stats.Invalid++
		c.send(frame{Op: opInvalidSession, D: false})
		return
	}
	sess := &gwSession{
		id: secret(16), shard: shard, shards: shards, sharded: d.Shard != nil, intents: *d.Intents, conn: c,
	}
	mine := []*guild{}
	for _, id := range s.guildOrder {
		if g := s.botGuild(id); g != nil && sess.owns(id) {
			mine = append(mine, g)
		}
	}
	if len(mine) > maxGuildsUnsharded {
		c.fail(closeShardingRequired, "Sharding required.")
		return
	}
	c.sess = sess
	s.gw.sessions[sess.id] = sess
	s.gw.stats.Identifies++
	s.ready(sess, mine)
	s.touch()
}

// ready sends READY with every guild unavailable, then GUILD_CREATE for each that is not.
func (s *Sim) ready(sess *gwSession, guilds []*guild) {
	keep := s.cfg.Gateway.ResumeBuffer
	list := make([]object, 0, len(guilds))
	for _, g := range guilds {
		list = append(list, object{"id": g.id, "unavailable": true})
	}
	ready := object{
		"v": 10, "user": s.bot, "guilds": list, "session_id": sess.id, "resume_gateway_url": sess.conn.base,
		"session_type": "normal", "application": object{"id": s.cfg.ClientID, "flags": 0},
		"private_channels": []any{}, "relationships": []any{}, "user_settings": object{},
	}
	if sess.sharded {
		ready["shard"] = []int{sess.shard, sess.shards}
	}
	sess.emit("READY", mustJSON(ready), keep)
	if sess.intents&intentGuilds == 0 {
		return
	}
	for _, g := range guilds {
		if !g.unavailable {
			sess.emit("GUILD_CREATE", mustJSON(s.guildCreate(g)), keep)
		}
	}
}

// mayIdentify holds the daily session starts and max_concurrency: one identify
// in five seconds for each key shard_id % max_concurrency.
func (s *Sim) mayIdentify(shard int) bool {
	now := s.now()
	s.gw.started = slices.DeleteFunc(s.gw.started, func(t time.Time) bool { return now.Sub(t) >= 24*time.Hour })
	key := shard % s.cfg.Gateway.MaxConcurrency
	last, seen := s.gw.lastID[key]
	if len(s.gw.started) >= s.cfg.Gateway.Identifies || seen && now.Sub(last) < s.cfg.Gateway.IdentifyInterval {
		return false
	}
	s.gw.started = append(s.gw.started, now)
	s.gw.lastID[key] = now
	return true
}

func (s *Sim) resume(c *gwConn, raw json.RawMessage) {
	var d struct {
		Token     string `json:"token"`
		SessionID string `json:"session_id"`
		Seq       int64  `json:"seq"`
	}
	if json.Unmarshal(raw, &d) != nil {
		c.fail(closeDecodeError, "Error while decoding payload.")
		return
	}
	if c.sess != nil {
		c.fail(closeAlreadyAuth, "Already authenticated.")
		return
	}
	if !s.isBotToken(d.Token) {
		c.fail(closeAuthFailed, "Authentication failed.")
		return
	}
	sess := s.gw.sessions[d.SessionID]
	aged := sess != nil && sess.conn == nil && s.now().Sub(sess.lostAt) > s.cfg.Gateway.ResumeWindow
	if sess == nil || aged || d.Seq < sess.trimmed {
		delete(s.gw.sessions, d.SessionID)
		s.gw.stats.Invalid++
		c.send(frame{Op: opInvalidSession, D: false})
		return
	}
	if d.Seq > sess.seq || d.Seq < 0 {
		c.fail(closeInvalidSeq, "Invalid seq.")
		return
	}
	if old := sess.conn; old != nil {
		old.sess = nil
		old.fail(closeUnknownError, "Session resumed elsewhere.")
	}
	sess.conn, c.sess = c, sess
	sess.resumes++
	s.gw.stats.Resumes++
	for _, e := range sess.buffer {
		if e.seq > d.Seq {
			c.push(e.data)
		}
	}
	sess.emit("RESUMED", mustJSON(object{}), s.cfg.Gateway.ResumeBuffer)
	s.touch()
}

// isBotToken accepts the token with and without its "Bot " prefix, as the gateway does.
func (s *Sim) isBotToken(token string) bool {
	return strings.TrimPrefix(token, "Bot ") == s.cfg.BotToken
}

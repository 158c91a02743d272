package sim

import (
	"encoding/json"
	"strings"

	"github.com/coder/websocket"
)

// GatewaySession tells of one session, connected or waiting for a resume.
type GatewaySession struct {
	ID        string `json:"id"`
	Shard     int    `json:"shard"`
	Shards    int    `json:"shards"`
	Intents   uint64 `json:"intents"`
	Seq       int64  `json:"seq"`
	Connected bool   `json:"connected"`
	Resumes   int    `json:"resumes"`
}

// GatewaySessions lists the sessions that exist.
func (s *Sim) GatewaySessions() []GatewaySession {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]GatewaySession, 0, len(s.gw.sessions))
	for _, g := range s.gw.sessions {
		list = append(list, GatewaySession{g.id, g.shard, g.shards, g.intents, g.seq, g.conn != nil, g.resumes})
	}
	return list
}

// GatewayStats counts connections, identifies, resumes and invalid sessions so far.
func (s *Sim) GatewayStats() GatewayStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gw.stats
}

// DropGateway cuts every connection without a close frame; sessions may be resumed.
func (s *Sim) DropGateway() {
	s.eachConn(func(c *gwConn) {
		s.lose(c)
		c.cut()
	})
}

// CloseGateway closes every connection with a close code, such as 4000.
func (s *Sim) CloseGateway(code int) {
	s.eachConn(func(c *gwConn) { c.fail(websocket.StatusCode(code), "") })
}

// MakeZombies leaves the present connections open but silent: no ACK, no
// event. What they miss waits for a resume.
func (s *Sim) MakeZombies() { s.eachConn(func(c *gwConn) { c.zombie = true }) }

// RequestReconnect sends op 7 to every connection.
func (s *Sim) RequestReconnect() { s.eachConn(func(c *gwConn) { c.send(frame{Op: opReconnect}) }) }

// RequestHeartbeat sends op 1 to every connection.
func (s *Sim) RequestHeartbeat() { s.eachConn(func(c *gwConn) { c.send(frame{Op: opHeartbeat}) }) }

// InvalidateSessions sends op 9 to every connection; sessions that are not
// resumable are forgotten.
func (s *Sim) InvalidateSessions(resumable bool) {
	s.eachConn(func(c *gwConn) {
		s.gw.stats.Invalid++
		c.send(frame{Op: opInvalidSession, D: resumable})
		if !resumable && c.sess != nil {
			delete(s.gw.sessions, c.sess.id)
			c.sess = nil
		}
	})
}

// PauseGateway refuses new connections with 503 until it is called with false.
func (s *Sim) PauseGateway(paused bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gw.paused = paused
}

// RestartGateway cuts every connection and forgets every session, as a restart without memory does.
func (s *Sim) RestartGateway() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.gw.conns {
		c.sess = nil
		c.cut()
	}
	clear(s.gw.sessions)
	clear(s.gw.lastID)
	s.touch()
}

func (s *Sim) eachConn(do func(*gwConn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.gw.conns {
		do(c)
	}
}

// sendMembers answers op 8 with one GUILD_MEMBERS_CHUNK (Discord API docs: Request Guild Members).
func (s *Sim) sendMembers(c *gwConn, raw json.RawMessage) {
	var d struct {
		GuildID string          `json:"guild_id"`
		Query   *string         `json:"query"`
		Limit   int             `json:"limit"`
		UserIDs json.RawMessage `json:"user_ids"`
		Nonce   string          `json:"nonce"`
	}
	if json.Unmarshal(raw, &d) != nil {
		c.fail(closeDecodeError, "Error while decoding payload.")
		return
	}
	g := s.botGuild(d.GuildID)
	whole := d.Query != nil && *d.Query == "" && d.Limit == 0
	if g == nil || whole && c.sess.intents&intentGuildMembers == 0 {
		return
	}
	ids := strings.Trim(string(d.UserIDs), "[]")
	members, missing := []*Member{}, []string{}
	for _, id := range strings.Split(ids, ",") {
		if id = strings.Trim(id, `" `); id == "" {
			continue
		}
		if m := g.members[id]; m != nil {
			members = append(members, m)
		} else {
			missing = append(missing, id)
		}
	}
	if d.Query != nil {
		for _, id := range g.memberOrder {
			m := g.members[id]
			if strings.HasPrefix(m.User.Username, *d.Query) && (whole || len(members) < min(d.Limit, 100)) {
				members = append(members, m)
			}
		}
	}
	chunk := object{
		"guild_id": g.id, "members": members, "chunk_index": 0, "chunk_count": 1, "not_found": missing,
	}
	if d.Nonce != "" && len(d.Nonce) <= 32 {
		chunk["nonce"] = d.Nonce
	}
	c.sess.emit("GUILD_MEMBERS_CHUNK", mustJSON(chunk), s.cfg.Gateway.ResumeBuffer)
}

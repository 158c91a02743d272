package live

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// shard writes to its part of the streams, from one goroutine.
type shard struct {
	hub     *Hub
	jobs    chan job
	streams map[uuid.UUID]map[*stream]struct{}
}

// job is what a shard is told: a stream that has joined with what it gets first, frames for a tenant's
// streams, or whose rights are in doubt.
type job struct {
	joined  *stream
	client  uuid.UUID
	frames  [][]byte
	suspect func(*stream) bool
}

func newShard(h *Hub) *shard {
	return &shard{hub: h, jobs: make(chan job, 256), streams: map[uuid.UUID]map[*stream]struct{}{}}
}

// comment keeps proxies from closing a silent connection (WHATWG HTML §9.2.7).
const comment = ": \n\n"

func (sh *shard) run(ctx context.Context) {
	tick := time.NewTicker(sh.hub.cfg.Beat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			sh.endAll()
			return
		case j := <-sh.jobs:
			sh.do(j)
		case now := <-tick.C:
			sh.beat(now)
		}
	}
}

func (sh *shard) do(j job) {
	now := time.Now()
	if j.suspect != nil {
		sh.doubt(j.suspect, now)
		return
	}
	if s := j.joined; s != nil {
		if sh.streams[j.client] == nil {
			sh.streams[j.client] = map[*stream]struct{}{}
		}
		sh.streams[j.client][s] = struct{}{}
		s.checkAt = now.Add(sh.hub.cfg.Recheck)
		sh.write(s, j.frames, now)
		return
	}
	for s := range sh.streams[j.client] {
		sh.write(s, j.frames, now)
	}
}

// doubt has the rights of some checked now, or at the next beat when that is too many at once.
func (sh *shard) doubt(suspect func(*stream) bool, now time.Time) {
	for _, streams := range sh.streams {
		for s := range streams {
			if suspect(s) && !sh.hub.recheck(s) {
				s.checkAt = now
			}
		}
	}
}

func (sh *shard) write(s *stream, frames [][]byte, now time.Time) {
	s.wroteAt = now
	for _, frame := range frames {
		if !s.send(frame, sh.hub.cfg.Patience) {
			sh.drop(s)
			return
		}
		sh.hub.metrics.sent.Inc()
	}
}

// beat ends what is over, has rights checked that were not for a while, and breaks long silences.
func (sh *shard) beat(now time.Time) {
	for _, streams := range sh.streams {
		for s := range streams {
			switch {
			case s.isEnded() || !now.Before(s.Until) || sh.isGone(s, now):
				s.end()
				sh.drop(s)
				continue
			case !now.Before(s.checkAt) && sh.hub.recheck(s):
				s.checkAt = now.Add(sh.hub.cfg.Recheck)
			}
			if now.Sub(s.wroteAt) >= sh.hub.cfg.Silence {
				sh.write(s, [][]byte{[]byte(comment)}, now)
			}
		}
	}
}

// isGone tells, every few beats, whether the other side has closed the connection.
func (sh *shard) isGone(s *stream, now time.Time) bool {
	if now.Before(s.probeAt) {
		return false
	}
	s.probeAt = now.Add(2 * sh.hub.cfg.Beat)
	return closedByPeer(s.conn)
}

func (sh *shard) drop(s *stream) {
	streams := sh.streams[s.ClientID]
	if _, there := streams[s]; !there {
		return
	}
	delete(streams, s)
	if len(streams) == 0 {
		delete(sh.streams, s.ClientID)
	}
	sh.hub.left(s)
}

func (sh *shard) endAll() {
	for _, streams := range sh.streams {
		for s := range streams {
			s.end()
		}
	}
}

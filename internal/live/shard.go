package live

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// shard writes to its part of the streams, from one goroutine.
type shard struct {
	hub   *Hub
	pen   *pen
	jobs  chan job
	seats map[uuid.UUID][]*stream // of a tenant
	round []*stream               // all, looked after in turn
	next  int                     // of the round
	lap   int                     // how often the round has begun anew
}

// job is what a shard is told: a stream that has joined with what it gets first, a parcel for a tenant's
// streams, or whose rights are in doubt.
type job struct {
	joined  *stream
	client  uuid.UUID
	parcel  parcel
	suspect func(*stream) bool
}

func newShard(h *Hub) *shard {
	return &shard{hub: h, pen: newPen(), jobs: make(chan job, 256), seats: map[uuid.UUID][]*stream{}}
}

// turns is how many parts a beat has: each looks after a part of the streams, so that nothing is written to
// all of them at once but what is told.
const turns = 10

func (sh *shard) run(ctx context.Context) {
	tick := time.NewTicker(max(sh.hub.cfg.Beat/turns, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			sh.endAll()
			return
		case j := <-sh.jobs:
			sh.do(j)
		case now := <-tick.C:
			sh.lookAfter((len(sh.round)+turns-1)/turns, now)
		}
	}
}

func (sh *shard) do(j job) {
	now := time.Now()
	switch {
	case j.suspect != nil:
		sh.doubt(j.suspect, now)
	case j.joined != nil:
		sh.seat(j.joined)
		// A notice that came before the seat was there has found nobody: what it dropped from memory is asked again.
		if j.joined.checkAt = now.Add(sh.hub.cfg.Recheck); !sh.hub.recheck(j.joined) {
			j.joined.checkAt = now
		}
		sh.commentLater(j.joined, now)
		sh.write(j.joined, j.parcel)
		sh.hub.metrics.sent.Add(float64(j.parcel.frames))
	default:
		streams := sh.seats[j.client]
		sh.hub.metrics.sent.Add(float64(j.parcel.frames * len(streams)))
		for i := len(streams) - 1; i >= 0; i-- { // from the end: who is dropped gives the seat to one that was served
			sh.write(streams[i], j.parcel)
		}
	}
}

// doubt has the rights of some checked now, or at their next turn when that is too many at once.
func (sh *shard) doubt(suspect func(*stream) bool, now time.Time) {
	for _, s := range sh.round {
		if suspect(s) && !sh.hub.recheck(s) {
			s.checkAt = now
		}
	}
}

func (sh *shard) write(s *stream, what parcel) {
	if !s.send(sh.pen, what, sh.hub.cfg.Patience) {
		sh.drop(s)
	}
}

// lookAfter gives the next n streams of the round their turn.
func (sh *shard) lookAfter(n int, now time.Time) {
	for range min(n, len(sh.round)) {
		if sh.next >= len(sh.round) {
			sh.next, sh.lap = 0, sh.lap+1
		}
		s := sh.round[sh.next]
		sh.turn(s, now)
		if sh.next < len(sh.round) && sh.round[sh.next] == s { // not dropped
			sh.next++
		}
	}
}

// turn ends a stream that is over, has rights checked that were not for a while, and writes a comment when it is time,
// whatever else was written: who reads knows by them that the line is alive.
func (sh *shard) turn(s *stream, now time.Time) {
	if s.isEnded() || !now.Before(s.Until) || sh.isGone(s) {
		s.end()
		sh.drop(s)
		return
	}
	if !now.Before(s.checkAt) && sh.hub.recheck(s) {
		s.checkAt = now.Add(sh.hub.cfg.Recheck)
	}
	if !now.Before(s.commentAt) {
		sh.commentLater(s, now)
		sh.write(s, comment())
		sh.hub.metrics.sent.Inc()
	}
}

// commentLater sets the time of the next comment, one beat ahead of its due, since that is how late a turn may come.
func (sh *shard) commentLater(s *stream, now time.Time) {
	s.commentAt = now.Add(max(sh.hub.cfg.Comments-sh.hub.cfg.Beat, sh.hub.cfg.Beat))
}

// isGone tells, every other turn, whether the other side has closed the connection.
func (sh *shard) isGone(s *stream) bool { return sh.lap%2 == 0 && s.raw != nil && sh.pen.gone(s.raw) }

func (sh *shard) seat(s *stream) {
	s.seat, s.turn = len(sh.seats[s.ClientID]), len(sh.round)
	sh.seats[s.ClientID] = append(sh.seats[s.ClientID], s)
	sh.round = append(sh.round, s)
}

// drop takes a stream out of the shard: the last takes its place.
func (sh *shard) drop(s *stream) {
	seats := sh.seats[s.ClientID]
	last := seats[len(seats)-1]
	last.seat, seats[s.seat] = s.seat, last
	seats[len(seats)-1] = nil
	if len(seats) == 1 {
		delete(sh.seats, s.ClientID)
	} else {
		sh.seats[s.ClientID] = seats[:len(seats)-1]
	}
	last = sh.round[len(sh.round)-1]
	last.turn, sh.round[s.turn] = s.turn, last
	sh.round[len(sh.round)-1] = nil
	sh.round = sh.round[:len(sh.round)-1]
	sh.hub.left(s)
}

func (sh *shard) endAll() {
	for _, s := range sh.round {
		s.end()
	}
}

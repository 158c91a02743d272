package delivery

import (
	"hash/fnv"
	"time"

	"github.com/google/uuid"
)

// Cause is why a message was not accepted.
type Cause string

// The causes, as a sender tells them apart.
const (
	CauseRateLimited    Cause = "rate_limited"    // 429, or the knowledge that there would be one
	CauseHeld           Cause = "held"            // the sender sends nothing at all for now
	CauseUnavailable    Cause = "unavailable"     // 5xx or no answer: it may have been accepted all the same
	CauseChannelRefused Cause = "channel_refused" // for every message to this channel
	CauseMessageRefused Cause = "message_refused" // as it looks; as plain text it may pass
	CauseRefused        Cause = "refused"         // for good
)

// Failure is what a sender knows of a message that was not accepted.
type Failure struct {
	Cause      Cause
	Reason     string        // of the delivery or the channel; "" where Decide has its own
	Detail     string        // for the trail
	RetryAfter time.Duration // what was asked for, 0 if nothing
	NotSent    bool          // nothing left the sender
}

// MaxTries is how many times a message is tried while Discord is unavailable. The waits between
// them take about six hours.
const MaxTries = 8

var backoff = [MaxTries - 1]time.Duration{
	5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute,
	40 * time.Minute, 90 * time.Minute, 210 * time.Minute,
}

// longestHint bounds what a 5xx may ask for, so that the tries keep to their span.
const longestHint = time.Hour

// Backoff returns the wait after the try with that number, counted from 1, spread by up to a tenth
// either way so that deliveries that failed together do not come back together.
func Backoff(try int, id uuid.UUID) time.Duration {
	wait := backoff[min(max(try, 1), len(backoff))-1]
	h := fnv.New32a()
	h.Write(append(id[:], byte(try))) // never fails
	spread := float64(h.Sum32())/float64(1<<32)*0.2 - 0.1
	return wait + time.Duration(float64(wait)*spread)
}

// noWait is a Step without a time: the line is due at once, or stands still.
const noWait time.Duration = -1

// Step is what becomes of a delivery that was not accepted.
type Step struct {
	State    string
	Reason   string
	Attempts int
	Plain    bool
	Wait     time.Duration // until the next try; below zero: none
	// MayHaveLeft: Discord may have the message although it did not say so.
	MayHaveLeft  bool
	PauseChannel bool
	// Again: try at once, as plain text.
	Again  bool
	Event  string // for the trail, "" for what happens all the time
	Detail string
}

// Decide is the retry table. Only an unavailable Discord counts as a try.
//
//	rate limited, held   retry after the time asked for
//	unavailable          retry by Backoff, dead after MaxTries
//	channel refused      retry when the channel is resumed
//	message refused      once more as plain text, then dead
//	refused              dead
func Decide(d *Delivery, f Failure) Step {
	s := Step{State: StateRetry, Reason: f.Reason, Attempts: d.Attempts, Plain: d.Plain, Wait: noWait, Detail: f.Detail}
	switch f.Cause {
	case CauseRateLimited, CauseHeld:
		s.Wait = max(f.RetryAfter, time.Millisecond)
		s.Reason = ReasonRateLimited
		if f.Cause == CauseHeld {
			s.Reason = ReasonHeld
		}
		if !f.NotSent {
			s.Event = "rate_limited"
		}
	case CauseUnavailable:
		s.Attempts++
		s.MayHaveLeft = !f.NotSent
		s.Event, s.Reason = "failed", ReasonUnavailable
		s.Wait = max(Backoff(s.Attempts, d.ID), min(f.RetryAfter, longestHint))
		if s.Attempts >= MaxTries {
			s.State, s.Reason, s.Event, s.Wait = StateDead, ReasonGaveUp, "gave_up", noWait
		}
	case CauseChannelRefused:
		s.PauseChannel = true
		s.Event = "channel_paused"
	case CauseMessageRefused:
		s.Event, s.Reason, s.Plain, s.Again = "plain_text", ReasonMessageRefused, true, true
		if d.Plain {
			s.State, s.Event, s.Again = StateDead, "refused", false
		}
	default:
		s.State, s.Event = StateDead, "refused"
	}
	return s
}

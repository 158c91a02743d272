package tracking

import (
	"errors"
	"fmt"
	"time"

	"trackbot/internal/source"
)

// The states of a source.
const (
	StateLearning = "learning"
	StateOK       = "ok"
	StateQuiet    = "quiet"
	StateFailing  = "failing"
	StateIncident = "incident"
	StateGone     = "gone"
)

// transientFailures is how many failures in a row make an account failing when each of them may pass by
// itself: one lost answer is no news to a manager.
const transientFailures = 2

// A platform's word that an account does not exist counts when it was given this often over this time.
const (
	goneAnswers   = 5
	goneAfter     = 5 * 24 * time.Hour
	goneAfterGone = 2 * 24 * time.Hour // when the answer was "gone for good" (HTTP 410)
)

// incidentRetry is how often a source is tried again while its platform has an incident.
const incidentRetry = 15 * time.Minute

// succeeded is the end of a poll with a usable answer.
func (p *Polls) succeeded(due Due, result source.FetchResult, now time.Time) Finished {
	end := Finished{
		ID: due.ID, LeaseToken: due.LeaseToken, Host: due.PollHost, Asked: true,
		ETag: result.Validators.ETag, LastModified: result.Validators.LastModified, Cursor: result.Cursor,
		PolledAt: &now, LastPostAt: due.LastPostAt,
	}
	if a := result.Account; a != nil {
		end.DisplayName, end.Handle = told(a.DisplayName), told(a.Handle)
		end.AvatarURL, end.Followers = told(a.AvatarURL), a.Followers
	}
	if h := result.Hub; h != nil {
		end.HubURL, end.TopicURL = &h.URL, &h.Topic
	}
	end.MovedTo, end.MovedSince, end.MovedSeen = moved(due, result.MovedTo, now)
	p.settle(&end, due, due.Rhythm(), result.NextAfter, now)
	return end
}

// settle gives a success its state and its next turn, by the account's rhythm.
func (p *Polls) settle(end *Finished, due Due, rhythm Rhythm, floor time.Duration, now time.Time) {
	last := due.CreatedAt
	if end.LastPostAt != nil {
		last = *end.LastPostAt
	}
	silence := max(now.Sub(last), 0)
	end.State, end.StateReason = StateOK, ""
	if silence > rhythm.QuietAfter() {
		end.State, end.StateReason = StateQuiet, quietReason(end.LastPostAt, rhythm)
	}
	if due.Untracked() {
		return
	}
	interval := p.schedule.Interval(time.Duration(due.PlanSeconds)*time.Second, due.PlatformMin, rhythm, silence)
	at := p.schedule.NextSlot(due.ID, now, interval, floor)
	end.NextPollAt = &at
}

func quietReason(last *time.Time, r Rhythm) string {
	switch {
	case last == nil:
		return "Nothing has been posted since this account is tracked."
	case r.Gap == 0:
		return fmt.Sprintf("The last post is of %s.", last.UTC().Format("2 January 2006"))
	default:
		return fmt.Sprintf("The last post is of %s; before that there was one about every %s.", last.UTC().Format("2 January 2006"), roughly(r.Gap))
	}
}

// roughly says a duration in words.
func roughly(d time.Duration) string {
	count := func(n time.Duration, unit string) string {
		if n <= 1 {
			return unit
		}
		return fmt.Sprintf("%d %ss", n, unit)
	}
	switch {
	case d < 90*time.Minute:
		return count((d+30*time.Second)/time.Minute, "minute")
	case d < 36*time.Hour:
		return count((d+30*time.Minute)/time.Hour, "hour")
	default:
		return count((d+12*time.Hour)/day, "day")
	}
}

// Failed is the end of a poll that got no usable answer. Waiting for our own per-host limit is
// nobody's fault and only puts the poll off; a failure while the platform has an incident is not
// the account's.
func (p *Polls) Failed(due Due, cause error) Finished {
	now := p.clock()
	end := unchanged(due)
	var failure *source.Error
	if !errors.As(cause, &failure) {
		failure = &source.Error{Kind: source.Transient, Public: "The source could not be read."}
	}
	own := failure.Kind == source.RateLimited && failure.Status == 0
	if !own {
		end.Asked = true
		end.fail(failure, now)
	}
	var wait time.Duration
	switch {
	case own:
		wait = failure.RetryAfter
	case due.InIncident && platformMay(failure.Kind):
		end.Failures = max(due.Failures, 1)
		end.State, end.StateReason = StateIncident, incidentReason(due.Platform, due.PollHost)
		wait = max(p.schedule.spread(due.ID, p.schedule.scaled(incidentRetry)), failure.RetryAfter)
	default:
		end.Failures++
		end.blame(due, failure, now)
		wait = p.schedule.Backoff(due.ID, int(end.Failures), failure.Kind, failure.RetryAfter)
	}
	if !due.Untracked() {
		at := now.Add(wait)
		end.NextPollAt = &at
	}
	return end
}

// Left is the end of a poll of what nobody tracks any more: it leaves the schedule without being asked.
func (p *Polls) Left(due Due) Finished { return unchanged(due) }

// unchanged carries everything over.
func unchanged(due Due) Finished {
	return Finished{
		ID: due.ID, LeaseToken: due.LeaseToken, Host: due.PollHost,
		ETag: due.Etag, LastModified: due.LastModified, Cursor: due.Cursor,
		State: due.State, StateReason: due.StateReason,
		Failures: due.Failures, FailingSince: due.FailingSince, FailedAt: due.FailedAt, FailureKind: due.FailureKind, HoldUntil: due.HoldUntil,
		GoneSince: due.GoneSince, GoneAnswers: due.GoneAnswers,
		MovedTo: due.MovedTo, MovedSince: due.MovedSince, MovedSeen: due.MovedSeen,
	}
}

func (f *Finished) fail(failure *source.Error, now time.Time) {
	if f.FailingSince == nil {
		f.FailingSince = &now
	}
	f.FailedAt, f.FailureKind, f.HoldUntil = &now, string(failure.Kind), nil
	if failure.RetryAfter > 0 {
		until := now.Add(failure.RetryAfter)
		f.HoldUntil = &until
	}
}

// blame gives a failure that is the account's its state.
func (f *Finished) blame(due Due, failure *source.Error, now time.Time) {
	if failure.Kind == source.NotFound || failure.Kind == source.Gone {
		f.GoneAnswers++
		if f.GoneSince == nil {
			f.GoneSince = &now
		}
		wanted := goneAfter
		if failure.Kind == source.Gone {
			wanted = goneAfterGone
		}
		if f.GoneAnswers >= goneAnswers && now.Sub(*f.GoneSince) >= wanted {
			f.State, f.StateReason = StateGone, fmt.Sprintf("%s It has said so since %s.", failure.Public, f.GoneSince.UTC().Format("2 January 2006"))
			return
		}
	}
	if due.State == StateGone {
		return // what is gone is not brought back by an answer that says nothing
	}
	if lasting(failure.Kind) || f.Failures >= transientFailures {
		f.State, f.StateReason = StateFailing, failure.Public
		return
	}
	if f.State == StateIncident { // of an incident that is over
		f.State, f.StateReason = StateOK, ""
		if due.LastPolledAt == nil {
			f.State = StateLearning
		}
	}
}

// lasting failures do not pass by themselves.
func lasting(kind source.ErrorKind) bool {
	return kind != source.Transient && kind != source.RateLimited
}

// platformMay tells whether a failure may be the platform's rather than the account's.
func platformMay(kind source.ErrorKind) bool {
	switch kind {
	case source.Blocked, source.Unsupported, source.Gone, source.TooLarge:
		return false
	}
	return true
}

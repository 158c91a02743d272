package tracking

import (
	"time"

	"trackbot/internal/source"
)

// moved is what is known of a feed's move after an answer that a permanent redirect to another address
// led to ("": none did). Only the same target seen again confirms it.
func moved(due Due, to string, now time.Time) (target *string, since *time.Time, seen int32) {
	target, ok := moveTarget(due, to)
	switch {
	case !ok:
		return nil, nil, 0
	case due.MovedTo != nil && *due.MovedTo == *target:
		return target, due.MovedSince, due.MovedSeen + 1
	default:
		return target, &now, 1
	}
}

// moveTarget is a redirect's target in the form that identifies a feed.
func moveTarget(due Due, to string) (*string, bool) {
	if to == "" || due.Platform != source.RSS {
		return nil, false
	}
	account, ok := feed(to, true)
	if !ok || account.ExternalID == due.ExternalID {
		return nil, false
	}
	return &account.ExternalID, true
}

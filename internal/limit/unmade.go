package limit

import (
	"time"

	"github.com/google/uuid"
)

// Unmade tells how many of the requests that a tenant's day has counted were not made: what this process holds of a
// lease, and what it has yet to give back; less than nothing where it has yet to count some. What other processes hold
// is counted too much while their leases last. Of a Limiter without a Meter it is 0.
func (l *Limiter) Unmade(clientID uuid.UUID) (day time.Time, requests int64) {
	meter := l.tenants.meter
	if meter == nil {
		return time.Time{}, 0
	}
	l.tenants.mu.Lock()
	b := l.tenants.byID[clientID]
	l.tenants.mu.Unlock()
	key := meter.today(clientID)
	if b != nil {
		b.mu.Lock()
		if b.left > 0 {
			key, requests = b.key, int64(b.left)
		}
		b.mu.Unlock()
	}
	meter.mu.Lock()
	defer meter.mu.Unlock()
	return key.day, requests - meter.counts[key].passed
}

package delivery_test

import (
	"errors"
	"testing"

	"trackbot/internal/delivery"
	"trackbot/internal/delivery/deliverytest"
)

// A suspension counts from the moment it is made: for what is claimed already too.
func TestNothingIsSentForASuspendedTenant(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c, other := w.Client(t), w.Client(t)
	c.Posts(t, 2)
	o := delivery.NewOutbox(w.Notifier, lease)
	ch := claimOne(t, o)
	w.Exec(t, `UPDATE clients SET suspended_at = now(), suspended_reason = 'unpaid' WHERE id = $1`, c.ID)
	if err := o.Begin(t.Context(), ch, ch.Deliveries[0]); !errors.Is(err, delivery.ErrLeaseLost) {
		t.Errorf("a message leaves: %v", err)
	}
	must(t, o.Release(t.Context(), ch))
	other.Posts(t, 1)
	if got := sendAll(t, o); len(got) != 1 {
		t.Errorf("%d messages, want the other tenant's", len(got))
	}
	must(t, o.Sweep(t.Context()))
	if n := w.Count(t, `SELECT count(*) FROM channel_queues WHERE client_id = $1 AND due_at IS NOT NULL`, c.ID); n != 0 {
		t.Errorf("%d channels stay in the way of the claim", n)
	}
	w.Exec(t, `UPDATE clients SET suspended_at = NULL, suspended_reason = NULL WHERE id = $1`, c.ID)
	must(t, o.Sweep(t.Context()))
	if got := sendAll(t, o); len(got) != 2 {
		t.Errorf("%d messages after the suspension, want both posts", len(got))
	}
}

func TestASuspendedTenantHearsOfNoBreakout(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	history(t, w, c, 7, 100)
	_, post := fresh(t, w, c, 2.5, n(760), nil)
	w.Exec(t, `UPDATE clients SET suspended_at = now(), suspended_reason = 'unpaid'`)
	if got := breakouts(t, w, post); got != 0 {
		t.Errorf("%d breakouts while suspended", got)
	}
	w.Exec(t, `UPDATE clients SET suspended_at = NULL, suspended_reason = NULL`)
	if got := breakouts(t, w, post); got != 1 {
		t.Errorf("%d breakouts afterwards", got)
	}
}

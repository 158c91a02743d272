package delivery_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"trackbot/internal/delivery"
	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/store"
)

// limited is a tenant whose plan has so many messages a day.
func limited(t *testing.T, w *deliverytest.World, most int) *deliverytest.Client {
	t.Helper()
	c := w.Client(t)
	w.Exec(t, `INSERT INTO subscriptions (client_id, tier) VALUES ($1, 'free')`, c.ID)
	w.Exec(t, `UPDATE plans SET notifications_per_day = $1 WHERE tier = 'free'`, most)
	return c
}

// Channels are served by several senders at once, each of which read what was left before the others sent.
func TestChannelsServedAtOnceDoNotExceedThePlanTogether(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := limited(t, w, 7)
	c.Posts(t, 24)
	channels := []string{c.Channel}
	for len(channels) < 6 {
		channel := w.Snowflake()
		c.KnowChannel(t, channel)
		channels = append(channels, channel)
	}
	w.Exec(t, `INSERT INTO channel_queues (client_id, channel_id, due_at) SELECT $1, unnest($2::text[]), now() ON CONFLICT DO NOTHING`, c.ID, channels)
	w.Exec(t, `UPDATE deliveries SET channel_id = ($1::text[])[1 + seq % 6]`, channels)
	o := delivery.NewOutbox(w.Notifier, lease)
	claimed := claim(t, o, 6)
	if len(claimed) != 6 {
		t.Fatalf("%d channels", len(claimed))
	}
	var all sync.WaitGroup
	for _, ch := range claimed {
		all.Go(func() {
			for _, d := range ch.Deliveries {
				switch err := o.Begin(t.Context(), ch, d); {
				case errors.Is(err, delivery.ErrUsedUp):
					return
				case err != nil:
					t.Error(err)
					return
				}
				must(t, o.Sent(t.Context(), ch, d, "1", "sent", ""))
			}
		})
	}
	all.Wait()
	for _, ch := range claimed {
		must(t, o.Release(t.Context(), ch))
	}
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'sent' AND kind = 'post'`); n != 7 {
		t.Errorf("%d of 7 messages were sent", n)
	}
	if n := w.Count(t, `SELECT notifications_sent FROM usage_daily`); n != 7 {
		t.Errorf("%d of 7 were counted", n)
	}
	sendAll(t, o) // what is left is held, and the manager is told
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'held' AND reason = 'plan_limit'`); n != 17 {
		t.Errorf("%d of 17 wait for the next day", n)
	}
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'notice'`); n != 2 {
		t.Errorf("the manager was told %d times, want once at 80 and once at 100 %%", n)
	}
}

func TestAMessageCountsOnceForAllItsTriesAndNotWhenItIsGivenUp(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := limited(t, w, 5)
	c.Posts(t, 1)
	o := delivery.NewOutbox(w.Notifier, lease)
	counted := func() int { return w.Count(t, `SELECT coalesce(sum(notifications_sent), 0) FROM usage_daily`) }
	for range 3 {
		ch := claimOne(t, o)
		d := ch.Deliveries[0]
		must(t, o.Begin(t.Context(), ch, d))
		if n := counted(); n != 1 {
			t.Fatalf("counted %d times", n)
		}
		must(t, o.Failed(t.Context(), ch, d, delivery.Step{State: delivery.StateRetry, Reason: "again"}))
		must(t, o.Release(t.Context(), ch))
	}
	ch := claimOne(t, o)
	must(t, o.Begin(t.Context(), ch, ch.Deliveries[0])) // the sender dies here
	expireLeases(t, w)
	ch = claimOne(t, o)
	must(t, o.Begin(t.Context(), ch, ch.Deliveries[0]))
	if n := counted(); n != 1 {
		t.Fatalf("after a death counted %d times", n)
	}
	must(t, o.Failed(t.Context(), ch, ch.Deliveries[0], delivery.Step{State: delivery.StateDead, Reason: "refused"}))
	if n := counted(); n != 0 {
		t.Errorf("given up and counted %d times", n)
	}
}

func TestTheManagerIsToldOnceAtEightyAndAtAHundredPercent(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := limited(t, w, 10)
	o := delivery.NewOutbox(w.Notifier, lease)
	told := func() (titles []string) {
		for _, m := range sendAll(t, o) {
			if !strings.HasPrefix(m.Title, "post ") {
				titles = append(titles, m.Title)
			}
		}
		return titles
	}
	for n, want := range map[int][]string{7: nil} {
		c.Posts(t, n)
		if got := told(); len(got) != len(want) {
			t.Errorf("after %d: %v", n, got)
		}
	}
	c.Posts(t, 2)
	if got := told(); !slices.Equal(got, []string{"8 of the plan's 10 messages of today are sent"}) {
		t.Errorf("after 9: %v", got)
	}
	c.Posts(t, 3)
	if got := told(); !slices.Equal(got, []string{"The plan's messages of today are used up"}) {
		t.Errorf("after 12: %v", got)
	}
}

func TestStandingQuotasWarnOnceAMonthAndLevel(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	step := func(before, now int64) {
		t.Helper()
		must(t, w.Notifier.InTx(t.Context(), func(tx store.Conn) error {
			return delivery.Warn(t.Context(), tx, c.ID, "accounts", delivery.Quota{Used: before, Most: 10}, delivery.Quota{Used: now, Most: 10})
		}))
	}
	for used := range int64(10) {
		step(used, used+1)
	}
	for range 2 {
		step(9, 10)
		step(7, 8)
	}
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'notice'`); n != 2 {
		t.Errorf("told %d times, want once at 80 and once at 100 %%", n)
	}
}

package delivery_test

import (
	"strings"
	"testing"

	"trackbot/internal/delivery"
	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/store"
)

// refuse lets Discord refuse a due channel, and take what is due in others.
func refuse(t *testing.T, o *delivery.Outbox, channel string) (taken []delivery.Message) {
	t.Helper()
	for _, ch := range claim(t, o, 10) {
		for _, d := range ch.Deliveries {
			must(t, o.Begin(t.Context(), ch, d))
			if ch.ID == channel {
				must(t, o.Failed(t.Context(), ch, d, delivery.Decide(d, delivery.Failure{Cause: delivery.CauseChannelRefused, Reason: delivery.ReasonMissingAccess})))
				break
			}
			must(t, o.Sent(t.Context(), ch, d, "1", "sent", ""))
			taken = append(taken, d.Message)
		}
		must(t, o.Release(t.Context(), ch))
	}
	return taken
}

func resume(t *testing.T, w *deliverytest.World, c *deliverytest.Client, channel string) {
	t.Helper()
	must(t, w.Admin.InTenantTx(t.Context(), c.ID, func(tx store.Conn) error {
		return delivery.ResumeChannel(t.Context(), tx, c.ID, channel)
	}))
}

func TestARefusedChannelPausesAndTheManagerIsToldOnceEachTime(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	c.Posts(t, 2)
	o := delivery.NewOutbox(w.Notifier, lease)
	for round := 1; round <= 2; round++ {
		refuse(t, o, c.Channel)
		var reason, state string
		var attempts int
		w.Scan(t, `SELECT g.paused_reason, d.state, d.attempts FROM guild_channels g, deliveries d
			WHERE g.id = $1 AND g.paused_at IS NOT NULL AND d.channel_id = g.id AND d.attempted_at IS NULL ORDER BY d.seq LIMIT 1`,
			[]any{c.Channel}, &reason, &state, &attempts)
		if reason != delivery.ReasonMissingAccess || state != delivery.StateRetry || attempts != 0 {
			t.Errorf("round %d: channel paused for %q, delivery %s after %d tries", round, reason, state, attempts)
		}
		told := sendAll(t, o)
		if len(told) != 1 || !strings.Contains(told[0].Title, "paused") {
			t.Errorf("round %d: told %v", round, told)
		}
		resume(t, w, c, c.Channel)
		resume(t, w, c, c.Channel)
		if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'notice' AND channel_id = $1 AND payload->>'title' LIKE '%again'`, c.SystemChannel); n != round {
			t.Errorf("round %d: %d recoveries told", round, n)
		}
	}
	if got := sendAll(t, o); len(got) != 3 {
		t.Errorf("%d messages after the pause, want both posts and the recovery", len(got))
	}
}

func TestAPauseThatEndsBeforeItIsToldIsNotTold(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	c.Posts(t, 1)
	o := delivery.NewOutbox(w.Notifier, lease)
	refuse(t, o, c.Channel)
	resume(t, w, c, c.Channel)
	if got := sendAll(t, o); len(got) != 1 || got[0].Title != "post 1" {
		t.Errorf("sent %v, want the post alone", got)
	}
}

func TestAPauseWithoutAnotherChannelTellsNobody(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	only := w.Snowflake()
	c := w.ClientIn(t, w.Snowflake(), only, only)
	c.Posts(t, 1)
	refuse(t, delivery.NewOutbox(w.Notifier, lease), only)
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'notice'`); n != 0 {
		t.Errorf("%d notices", n)
	}
}

func TestARefusedChannelThatTheBotDoesNotKnowEndsTheDelivery(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	gone := w.Snowflake()
	posts := []delivery.NewPost{c.Post(t), c.Post(t)}
	for i := range posts {
		posts[i].AccountChannelID = &gone
	}
	w.Enqueue(t, posts...)
	o := delivery.NewOutbox(w.Notifier, lease)
	ch := claimOne(t, o)
	for _, d := range ch.Deliveries {
		must(t, o.Begin(t.Context(), ch, d))
		must(t, o.Failed(t.Context(), ch, d, delivery.Decide(d, delivery.Failure{Cause: delivery.CauseChannelRefused, Reason: delivery.ReasonUnknownChannel})))
	}
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'dead' AND reason = 'unknown_channel'`); n != 2 {
		t.Errorf("%d dead deliveries, want 2", n)
	}
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'notice' AND channel_id = $1`, c.Channel); n != 1 {
		t.Errorf("%d notices, want 1", n)
	}
}

func TestAPausedChannelTakesPostsAndKeepsThem(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	w.Exec(t, `UPDATE guild_channels SET paused_at = now(), paused_reason = 'x' WHERE id = $1`, c.Channel)
	c.Posts(t, 1)
	if n := w.Count(t, `SELECT count(*) FROM channel_queues WHERE due_at IS NULL`); n != 1 {
		t.Error("a paused channel is due")
	}
	resume(t, w, c, c.Channel)
	claimOne(t, delivery.NewOutbox(w.Notifier, lease))
}

func TestWhatWaitedForMoreThanADayIsSkippedWhenTheChannelIsResumed(t *testing.T) {
	t.Parallel()
	for name, wake := range map[string]func(*testing.T, *deliverytest.World, *deliverytest.Client){
		"by the manager": func(t *testing.T, w *deliverytest.World, c *deliverytest.Client) { resume(t, w, c, c.Channel) },
		"by another hand": func(t *testing.T, w *deliverytest.World, c *deliverytest.Client) {
			w.Exec(t, `UPDATE guild_channels SET paused_at = NULL, paused_reason = NULL`)
			must(t, delivery.NewOutbox(w.Notifier, lease).Sweep(t.Context()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := deliverytest.New(t)
			c := w.Client(t)
			w.Exec(t, `UPDATE guild_channels SET paused_at = now(), paused_reason = 'x' WHERE id = $1`, c.Channel)
			old := c.Posts(t, 2)
			w.Exec(t, `UPDATE deliveries SET queued_at = now() - interval '25 hours'`)
			fresh := c.Posts(t, 1)[0]
			wake(t, w, c)
			if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'skipped' AND reason = 'expired' AND trail->-1->>'event' = 'expired'`); n != len(old) {
				t.Errorf("%d expired, want %d", n, len(old))
			}
			ch := claimOne(t, delivery.NewOutbox(w.Notifier, lease))
			if len(ch.Deliveries) != 1 || ch.Deliveries[0].Message.Title != fresh.Title {
				t.Errorf("line holds %d deliveries", len(ch.Deliveries))
			}
		})
	}
}

func TestSweepParksRemovedClientsAndWakesThemOnReturn(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	c.Posts(t, 1)
	o := delivery.NewOutbox(w.Notifier, lease)
	w.Exec(t, `UPDATE clients SET removed_at = now()`)
	must(t, o.Sweep(t.Context()))
	if n := w.Count(t, `SELECT count(*) FROM channel_queues WHERE due_at IS NOT NULL`); n != 0 {
		t.Error("a removed client's channel stands in the claim's way")
	}
	w.Exec(t, `UPDATE clients SET removed_at = NULL`)
	must(t, o.Sweep(t.Context()))
	claimOne(t, o)
}

func TestSweepLeavesRestingAndLeasedChannelsAlone(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	c.Posts(t, 1)
	o := delivery.NewOutbox(w.Notifier, lease)
	ch := claimOne(t, o)
	must(t, o.Sweep(t.Context()))
	must(t, o.Begin(t.Context(), ch, ch.Deliveries[0]))
	must(t, o.Sent(t.Context(), ch, ch.Deliveries[0], "1", "sent", ""))
	must(t, o.Release(t.Context(), ch))
	must(t, o.Sweep(t.Context()))
	if got := claim(t, o, 10); len(got) != 0 {
		t.Error("a channel without work was woken")
	}
}

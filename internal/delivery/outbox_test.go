package delivery_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"trackbot/internal/delivery"
	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/store"
)

const lease = 30 * time.Second

// claimOne claims the one channel that is due.
func claimOne(t *testing.T, o *delivery.Outbox) *delivery.Channel {
	t.Helper()
	channels := claim(t, o, 10)
	if len(channels) != 1 {
		t.Fatalf("%d channels claimed, want 1", len(channels))
	}
	return channels[0]
}

func claim(t *testing.T, o *delivery.Outbox, slots int) []*delivery.Channel {
	t.Helper()
	channels, err := o.Claim(t.Context(), slots, 8)
	if err != nil {
		t.Fatal(err)
	}
	return channels
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// expireLeases is what time does to the channels of a sender that was killed.
func expireLeases(t *testing.T, w *deliverytest.World) {
	t.Helper()
	w.Exec(t, `UPDATE channel_queues SET lease_until = now() - interval '1 second' WHERE lease_token IS NOT NULL`)
}

func TestASentDeliveryIsRecordedCountedAndItsChannelRests(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	c.Posts(t, 2)
	o := delivery.NewOutbox(w.Notifier, lease)
	ch := claimOne(t, o)
	if len(ch.Deliveries) != 2 || ch.ClientID != c.ID || ch.ID != c.Channel {
		t.Fatalf("claimed %+v", ch)
	}
	for _, d := range ch.Deliveries {
		if _, left := d.MayHaveLeft(); left {
			t.Error("a new delivery may have left")
		}
		must(t, o.Begin(t.Context(), ch, d))
		must(t, o.Sent(t.Context(), ch, d, "555", "sent", ""))
	}
	must(t, o.Release(t.Context(), ch))
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'sent' AND message_id = '555' AND delivered_at IS NOT NULL AND trail->-1->>'event' = 'sent'`); n != 2 {
		t.Errorf("%d deliveries recorded, want 2", n)
	}
	if n := w.Count(t, `SELECT notifications_sent FROM usage_daily WHERE client_id = $1`, c.ID); n != 2 {
		t.Errorf("%d notifications counted, want 2", n)
	}
	if n := w.Count(t, `SELECT count(*) FROM channel_queues WHERE due_at IS NULL AND lease_token IS NULL`); n != 1 {
		t.Error("the channel does not rest")
	}
}

func TestAClaimedMessageShowsThePostAndTheClientsSettings(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	w.Exec(t, `UPDATE guild_settings SET embed_color = '#102030', mention_role_id = '200000000000000001' WHERE client_id = $1`, c.ID)
	post := c.Posts(t, 1)[0]
	m := claimOne(t, delivery.NewOutbox(w.Notifier, lease)).Deliveries[0].Message
	if m.Title != post.Title || m.Author != "Example News" || m.Color != 0x102030 || m.MentionRoleID != "200000000000000001" || !m.Timestamp.Equal(post.PublishedAt) {
		t.Errorf("message is %+v", m)
	}
}

func TestALeasedChannelIsNobodyElses(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	w.Client(t).Posts(t, 1)
	a, b := delivery.NewOutbox(w.Notifier, lease), delivery.NewOutbox(w.Notifier, lease)
	claimOne(t, a)
	if got := claim(t, b, 10); len(got) != 0 {
		t.Errorf("claimed a leased channel: %+v", got[0])
	}
}

func TestALostLeaseNeitherSendsNorRecords(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	w.Client(t).Posts(t, 1)
	o := delivery.NewOutbox(w.Notifier, lease)
	slow := claimOne(t, o)
	d := slow.Deliveries[0]
	must(t, o.Begin(t.Context(), slow, d))
	expireLeases(t, w)
	next := claimOne(t, o)
	since, left := next.Deliveries[0].MayHaveLeft()
	if !left || time.Since(since) > time.Minute {
		t.Errorf("the next holder does not learn that the message may have left")
	}
	for name, err := range map[string]error{
		"begin":  o.Begin(t.Context(), slow, d),
		"sent":   o.Sent(t.Context(), slow, d, "1", "sent", ""),
		"failed": o.Failed(t.Context(), slow, d, delivery.Decide(d, delivery.Failure{Cause: delivery.CauseRefused, Reason: "x"})),
		"paused": o.Failed(t.Context(), slow, d, delivery.Decide(d, delivery.Failure{Cause: delivery.CauseChannelRefused, Reason: "x"})),
	} {
		if !errors.Is(err, delivery.ErrLeaseLost) {
			t.Errorf("%s after the lease was lost: %v", name, err)
		}
	}
	must(t, o.Release(t.Context(), slow))
	if n := w.Count(t, `SELECT count(*) FROM deliveries d, channel_queues q, guild_channels g
		WHERE d.state = 'sending' AND q.lease_until > now() AND g.id = q.channel_id AND g.paused_at IS NULL`); n != 1 {
		t.Error("the late holder changed something")
	}
}

// A line read before another holder changed it must not be sent from.
func TestBeginRefusesADeliveryThatIsNoLongerAsItWasClaimed(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	w.Client(t).Posts(t, 1)
	o := delivery.NewOutbox(w.Notifier, lease)
	ch := claimOne(t, o)
	w.Exec(t, `UPDATE deliveries SET state = 'sending', attempted_at = now()`)
	if err := o.Begin(t.Context(), ch, ch.Deliveries[0]); !errors.Is(err, delivery.ErrLeaseLost) {
		t.Errorf("begin = %v", err)
	}
}

func TestBeginRenewsTheLease(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	w.Client(t).Posts(t, 1)
	o := delivery.NewOutbox(w.Notifier, lease)
	ch := claimOne(t, o)
	w.Exec(t, `UPDATE channel_queues SET lease_until = now() + interval '1 second'`)
	must(t, o.Begin(t.Context(), ch, ch.Deliveries[0]))
	if n := w.Count(t, `SELECT count(*) FROM channel_queues WHERE lease_until > now() + interval '20 seconds'`); n != 1 {
		t.Error("the lease was not renewed")
	}
}

func TestAFailureHoldsTheLineUntilItsTime(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		failure      delivery.Failure
		attempts     int
		stillMayLeft bool
		wait         time.Duration
	}{
		{"unavailable", delivery.Failure{Cause: delivery.CauseUnavailable}, 1, true, 5 * time.Second},
		{"rate limited", delivery.Failure{Cause: delivery.CauseRateLimited, RetryAfter: time.Minute}, 0, false, time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := deliverytest.New(t)
			w.Client(t).Posts(t, 2)
			o := delivery.NewOutbox(w.Notifier, lease)
			ch := claimOne(t, o)
			d := ch.Deliveries[0]
			must(t, o.Begin(t.Context(), ch, d))
			must(t, o.Failed(t.Context(), ch, d, delivery.Decide(d, tt.failure)))
			must(t, o.Release(t.Context(), ch))
			if got := claim(t, o, 10); len(got) != 0 {
				t.Fatal("the channel is due before its head is")
			}
			var wait float64
			var attempts int
			var mayLeft bool
			w.Scan(t, `SELECT extract(epoch FROM q.due_at - now())::float8, d.attempts, d.attempted_at IS NOT NULL FROM channel_queues q, deliveries d
				WHERE d.state = 'retry' AND q.due_at = d.retry_at`, nil, &wait, &attempts, &mayLeft)
			if got := time.Duration(wait * float64(time.Second)); (got-tt.wait).Abs() > tt.wait/5+time.Second || attempts != tt.attempts || mayLeft != tt.stillMayLeft {
				t.Errorf("waits %s after %d tries, may have left %v; want %s %d %v", got, attempts, mayLeft, tt.wait, tt.attempts, tt.stillMayLeft)
			}
			w.Exec(t, `UPDATE deliveries SET retry_at = now() WHERE state = 'retry'`)
			w.Exec(t, `UPDATE channel_queues SET due_at = now()`)
			again := claimOne(t, o)
			if again.Deliveries[0].ID != d.ID || !again.Deliveries[0].Due {
				t.Error("the head of the line changed")
			}
		})
	}
}

// Posts that are enqueued while the holder of a lease releases the channel must make it due.
func TestReleaseLosesNoWakeUp(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	c.Posts(t, 1)
	late := c.Post(t)
	o := delivery.NewOutbox(w.Notifier, lease)
	ch := claimOne(t, o)
	must(t, o.Begin(t.Context(), ch, ch.Deliveries[0]))
	must(t, o.Sent(t.Context(), ch, ch.Deliveries[0], "1", "sent", ""))
	released := make(chan error, 1)
	must(t, w.Worker.InTx(t.Context(), func(tx store.Conn) error {
		if err := delivery.EnqueuePosts(t.Context(), tx, []delivery.NewPost{late}); err != nil {
			return err
		}
		go func() { released <- o.Release(t.Context(), ch) }()
		awaitLockWait(t, w)
		return nil
	}))
	must(t, <-released)
	if got := claimOne(t, o); len(got.Deliveries) != 1 {
		t.Errorf("%d deliveries, want the late one", len(got.Deliveries))
	}
}

func TestChannelsThatMayNotBeServedAreNotClaimed(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"paused channel":     `UPDATE guild_channels SET paused_at = now(), paused_reason = 'x'`,
		"removed client":     `UPDATE clients SET removed_at = now()`,
		"unavailable client": `UPDATE clients SET unavailable_since = now()`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := deliverytest.New(t)
			w.Client(t).Posts(t, 1)
			w.Exec(t, change)
			if got := claim(t, delivery.NewOutbox(w.Notifier, lease), 10); len(got) != 0 {
				t.Error("claimed")
			}
		})
	}
}

// One tenant's ten thousand deliveries in five hundred channels leave another's one its turn at once.
func TestANoisyTenantDoesNotDelayAnother(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	noisy, quiet := w.Client(t), w.Client(t)
	noisy.Backlog(t, 500, 20)
	o := delivery.NewOutbox(w.Notifier, lease)
	held := claim(t, o, 32)
	if len(held) != 8 {
		t.Errorf("one tenant holds %d channels, want its share of 8", len(held))
	}
	quiet.Posts(t, 1)
	if next := claim(t, o, 24); len(next) != 1 || next[0].ClientID != quiet.ID {
		t.Fatalf("while the noisy tenant is being served the quiet one's is not next: %d claimed", len(next))
	}
	for _, ch := range held {
		must(t, o.Release(t.Context(), ch))
	}
	quiet2 := w.Client(t)
	quiet2.Posts(t, 1)
	place := slices.IndexFunc(claim(t, o, 32), func(ch *delivery.Channel) bool { return ch.ClientID == quiet2.ID })
	if place < 0 || place > 1 {
		t.Errorf("the quiet tenant's channel is claimed at place %d", place)
	}
}

func TestSlotsAreSharedEvenlyAmongBusyTenants(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	for range 4 {
		w.Client(t).Backlog(t, 20, 1)
	}
	share := map[string]int{}
	for _, ch := range claim(t, delivery.NewOutbox(w.Notifier, lease), 8) {
		share[ch.ClientID.String()]++
	}
	for client, n := range share {
		if n != 2 {
			t.Errorf("tenant %s has %d of 8 slots, want 2", client, n)
		}
	}
	if len(share) != 4 {
		t.Errorf("%d tenants served, want 4", len(share))
	}
}

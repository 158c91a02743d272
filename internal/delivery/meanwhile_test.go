package delivery_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"trackbot/internal/delivery"
	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/store"
)

// meanwhile does something once, just before a store asks a query: what another process may do then, or time.
type meanwhile struct {
	query string
	do    func()
	once  sync.Once
}

func (m *meanwhile) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if strings.HasPrefix(data.SQL, "-- name: "+m.query+" ") {
		m.once.Do(m.do)
	}
	return ctx
}

func (*meanwhile) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// interrupted is an outbox in whose middle something happens.
func interrupted(t *testing.T, w *deliverytest.World, query string, do func()) *delivery.Outbox {
	t.Helper()
	st, err := store.Open(t.Context(), w.URL, store.RoleNotifier, store.WithMaxConns(2), store.WithTracer(&meanwhile{query: query, do: do}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	return delivery.NewOutbox(st, lease)
}

// Until the sweep has seen that there is no digest any more, a new post waits for those before it.
func TestAPostDoesNotOvertakeThoseThatAreStillHeld(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	set(t, w, `digest = 'daily'`)
	posts := c.Posts(t, 2)
	o := delivery.NewOutbox(w.Notifier, lease)
	sendAll(t, o)
	set(t, w, `digest = 'off'`)
	posts = append(posts, c.Posts(t, 1)...)
	if sent := sendAll(t, o); len(sent) != 0 {
		t.Errorf("%q leaves ahead of two that are held", sent[0].Title)
	}
	must(t, o.Sweep(t.Context()))
	sent := sendAll(t, o)
	if len(sent) != 1 || strings.Join(cardTitles(sent[0]), ", ") != posts[0].Title+", "+posts[1].Title+", "+posts[2].Title {
		t.Errorf("sent %+v", sent)
	}
	more := c.Posts(t, 1)
	if sent := sendAll(t, o); len(sent) != 1 || sent[0].Title != more[0].Title {
		t.Errorf("behind them %+v", sent)
	}
}

// The night ends between the look at what may leave and the judgement of what is new.
func TestAPostDoesNotOvertakeThoseOfTheNightThatEndsThisMoment(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	quiet(t, w, c)
	posts := c.Posts(t, 2)
	sendAll(t, delivery.NewOutbox(w.Notifier, lease))
	posts = append(posts, c.Posts(t, 1)...)
	o := interrupted(t, w, "ListQueuedDeliveries", func() {
		w.Exec(t, `UPDATE guild_settings SET quiet_hours_start = NULL, quiet_hours_end = NULL`)
		w.Exec(t, `UPDATE deliveries SET held_until = now() - interval '1 second' WHERE state = 'held'`)
	})
	sent := sendAll(t, o)
	if len(sent) != 1 || strings.Join(cardTitles(sent[0]), ", ") != posts[0].Title+", "+posts[1].Title+", "+posts[2].Title {
		t.Errorf("sent %+v, want one digest of three", sent)
	}
}

// Notifications are off and on again while the sweep drops what was held before.
func TestWhatIsHeldSinceTheSettingsChangedAgainIsNotDroppedByTheOldOnes(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	set(t, w, `digest = 'daily'`)
	c.Posts(t, 1)
	sendAll(t, delivery.NewOutbox(w.Notifier, lease))
	set(t, w, `notifications_enabled = false`)
	o := interrupted(t, w, "LockQueuesOfClient", func() {
		set(t, w, `notifications_enabled = true`)
		c.Posts(t, 2)
		sendAll(t, delivery.NewOutbox(w.Notifier, lease))
	})
	must(t, o.Sweep(t.Context()))
	if n := held(t, w); n != 2 {
		t.Errorf("%d posts are held, want the two that came since", n)
	}
}

func TestWhatIsHeldSinceTheSettingsChangedAgainDoesNotWaitAsTheOldOnesSaid(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	set(t, w, `digest = 'daily'`)
	c.Posts(t, 1)
	sendAll(t, delivery.NewOutbox(w.Notifier, lease))
	set(t, w, `digest = 'off'`)
	o := interrupted(t, w, "LockQueuesOfClient", func() {
		set(t, w, `digest = 'daily'`)
		c.Posts(t, 2)
		sendAll(t, delivery.NewOutbox(w.Notifier, lease))
	})
	must(t, o.Sweep(t.Context()))
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'held' AND held_until > now()`); n != 2 {
		t.Errorf("%d posts wait for the digest, want the two that came since", n)
	}
}

// A message is skipped while its sender waits for the line: it is neither sent nor counted.
func TestAMessageThatIsTakenBackAsItIsToLeaveIsNotCounted(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := limited(t, w, 5)
	c.Posts(t, 1)
	o := delivery.NewOutbox(w.Notifier, lease)
	ch := claimOne(t, o)
	began := make(chan error, 1)
	must(t, w.Admin.InTx(t.Context(), func(tx store.Conn) error {
		if err := delivery.LockChannels(t.Context(), tx, c.ID, []string{c.Channel}); err != nil {
			return err
		}
		go func() { began <- o.Begin(t.Context(), ch, ch.Deliveries[0]) }()
		awaitLockWait(t, w)
		_, err := tx.Exec(t.Context(), `UPDATE deliveries SET state = 'skipped', reason = 'expired'`)
		return err
	}))
	if err := <-began; !errors.Is(err, delivery.ErrLeaseLost) {
		t.Errorf("the sender is told %v", err)
	}
	if n := w.Count(t, `SELECT coalesce(sum(notifications_sent), 0) FROM usage_daily`); n != 0 {
		t.Errorf("%d messages were counted", n)
	}
}

// A sender that makes a digest of what is held has the line and then its rows; so has the sweep.
func TestTheSweepDoesNotDeadlockWithWhoMakesADigest(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	set(t, w, `digest = 'daily'`)
	c.Posts(t, 3)
	o := delivery.NewOutbox(w.Notifier, lease)
	sendAll(t, o)
	set(t, w, `digest = 'off'`)
	swept := make(chan error, 1)
	must(t, w.Admin.InTx(t.Context(), func(tx store.Conn) error {
		if _, err := tx.Exec(t.Context(), `SELECT FROM channel_queues FOR UPDATE`); err != nil {
			return err
		}
		go func() { swept <- o.Sweep(t.Context()) }()
		awaitLockWait(t, w)
		_, err := tx.Exec(t.Context(), `SELECT FROM deliveries WHERE state = 'held' FOR UPDATE`)
		return err
	}))
	must(t, <-swept)
	if sent := sendAll(t, o); len(sent) != 1 || len(sent[0].Cards) != 3 {
		t.Errorf("sent %+v", sent)
	}
}

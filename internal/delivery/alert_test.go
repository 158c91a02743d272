package delivery_test

import (
	"testing"
	"time"

	"trackbot/internal/delivery"
	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/store"
)

func alert(c *deliverytest.Client, since time.Time, title string) delivery.Alert {
	return delivery.Alert{ClientID: c.ID, Subject: "account:1:failing", Since: since, Message: delivery.Message{Title: title}}
}

func tell(t *testing.T, w *deliverytest.World, do func(tx store.Conn) error) {
	t.Helper()
	must(t, w.Worker.InTx(t.Context(), do))
}

func raise(t *testing.T, w *deliverytest.World, a delivery.Alert) {
	t.Helper()
	tell(t, w, func(tx store.Conn) error { return delivery.Raise(t.Context(), tx, a) })
}

func clearAlert(t *testing.T, w *deliverytest.World, a delivery.Alert) {
	t.Helper()
	tell(t, w, func(tx store.Conn) error { return delivery.Clear(t.Context(), tx, a) })
}

// sendAll lets Discord take everything that is due.
func sendAll(t *testing.T, o *delivery.Outbox) (messages []delivery.Message) {
	t.Helper()
	for {
		channels := claim(t, o, 10)
		if len(channels) == 0 {
			return messages
		}
		for _, ch := range channels {
			for _, d := range ch.Deliveries {
				if !d.Due {
					break
				}
				messages = append(messages, d.Message)
				must(t, o.Begin(t.Context(), ch, d))
				must(t, o.Sent(t.Context(), ch, d, "1", "sent", ""))
			}
			must(t, o.Release(t.Context(), ch))
		}
	}
}

func TestAStateIsToldOnceAndItsEndOnce(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	o := delivery.NewOutbox(w.Notifier, lease)
	since := time.Now()
	for range 3 {
		raise(t, w, alert(c, since, "failing"))
	}
	if got := sendAll(t, o); len(got) != 1 || got[0].Title != "failing" {
		t.Fatalf("told %v", got)
	}
	raise(t, w, alert(c, since, "failing"))
	for range 3 {
		clearAlert(t, w, alert(c, since, "well again"))
	}
	if got := sendAll(t, o); len(got) != 1 || got[0].Title != "well again" {
		t.Fatalf("told %v", got)
	}
	raise(t, w, alert(c, since.Add(time.Hour), "failing again"))
	if got := sendAll(t, o); len(got) != 1 {
		t.Fatalf("the next time: told %v", got)
	}
}

func TestAStateThatIsOverBeforeItIsToldIsNotTold(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	since := time.Now()
	raise(t, w, alert(c, since, "failing"))
	clearAlert(t, w, alert(c, since, "well again"))
	if got := sendAll(t, delivery.NewOutbox(w.Notifier, lease)); len(got) != 0 {
		t.Errorf("told %v", got)
	}
}

func TestTheEndOfWhatNobodyWasToldIsNotTold(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	clearAlert(t, w, alert(c, time.Now(), "well again"))
	if n := w.Count(t, `SELECT count(*) FROM deliveries`); n != 0 {
		t.Errorf("%d notices", n)
	}
}

func TestAnAlertGoesWhereTheManagerReadsIt(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change string
		want   func(*deliverytest.Client) string
	}{
		"the default channel": {`SELECT 1`, func(c *deliverytest.Client) string { return c.Channel }},
		"the system channel where that is paused": {
			`UPDATE guild_channels SET paused_at = now(), paused_reason = 'x' WHERE id = (SELECT default_channel_id FROM guild_settings)`,
			func(c *deliverytest.Client) string { return c.SystemChannel },
		},
		"nowhere": {`UPDATE guild_channels SET can_send = false`, func(*deliverytest.Client) string { return "" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := deliverytest.New(t)
			c := w.Client(t)
			w.Exec(t, tt.change)
			raise(t, w, alert(c, time.Now(), "failing"))
			var got string
			w.Scan(t, `SELECT coalesce(max(channel_id), '') FROM deliveries`, nil, &got)
			if got != tt.want(c) {
				t.Errorf("told in %q, want %q", got, tt.want(c))
			}
		})
	}
}

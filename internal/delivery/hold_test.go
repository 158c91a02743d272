package delivery_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"trackbot/internal/delivery"
	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/store"
)

// quiet makes it the middle of the night for a tenant.
func quiet(t *testing.T, w *deliverytest.World, c *deliverytest.Client) {
	t.Helper()
	now := time.Now().UTC()
	w.Exec(t, `UPDATE guild_settings SET timezone = 'UTC', quiet_hours_start = $2, quiet_hours_end = $3, version = version + 1 WHERE client_id = $1`,
		c.ID, now.Add(-2*time.Hour).Format("15:04"), now.Add(2*time.Hour).Format("15:04"))
}

// set changes settings. With a digest goes a zone, unless it is named, in which neither the hour nor the day of digests is
// about to end.
func set(t *testing.T, w *deliverytest.World, change string) {
	t.Helper()
	if strings.Contains(change, "digest = ") && !strings.Contains(change, "timezone = ") {
		change += ", timezone = '" + calmZone(time.Now()) + "'"
	}
	w.Exec(t, `UPDATE guild_settings SET `+change+`, version = version + 1`)
}

// calmZone is one whose wall clock is far from a full hour and from the daily digests at nine.
func calmZone(now time.Time) string {
	for _, name := range []string{"UTC", "Asia/Kolkata", "Asia/Tokyo"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			panic(err)
		}
		if at := now.In(zone); at.Minute() >= 10 && at.Minute() < 50 && at.Hour() != 8 {
			return name
		}
	}
	return "Pacific/Marquesas" // half an hour off the others, too
}

// ripen is what time does to what is held.
func ripen(t *testing.T, w *deliverytest.World) {
	t.Helper()
	w.Exec(t, `UPDATE deliveries SET held_until = now() - interval '1 second' WHERE state = 'held'`)
	w.Exec(t, `UPDATE channel_queues SET due_at = now() WHERE due_at IS NOT NULL`)
}

func held(t *testing.T, w *deliverytest.World) int {
	t.Helper()
	return w.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'held'`)
}

func cardTitles(m delivery.Message) (titles []string) {
	for _, c := range m.Cards {
		titles = append(titles, c.Title)
	}
	return titles
}

func TestPostsOfTheNightLeaveTogetherWhenItEnds(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	set(t, w, `mention_role_id = '200000000000000001'`)
	quiet(t, w, c)
	posts := c.Posts(t, 7)
	o := delivery.NewOutbox(w.Notifier, lease)
	if got := sendAll(t, o); len(got) != 0 {
		t.Fatalf("sent at night: %v", got)
	}
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'held' AND reason = 'quiet_hours' AND trail->-1->>'event' = 'held'
		AND held_until BETWEEN now() + interval '118 minutes' AND now() + interval '121 minutes'`); n != 7 {
		t.Errorf("%d posts are held until the end of the night", n)
	}
	if n := w.Count(t, `SELECT count(*) FROM channel_queues q WHERE q.due_at = (SELECT min(held_until) FROM deliveries)`); n != 1 {
		t.Error("the channel is not due when the night ends")
	}
	set(t, w, `quiet_hours_start = NULL, quiet_hours_end = NULL`)
	ripen(t, w)
	late := c.Posts(t, 1)[0]
	sent := sendAll(t, o)
	if len(sent) != 2 || sent[1].Title != late.Title {
		t.Fatalf("sent %v, want one digest before the post that came later", sent)
	}
	var want []string
	for _, p := range posts {
		want = append(want, p.Title)
	}
	if got := cardTitles(sent[0]); !slices.Equal(got, want) || !strings.Contains(sent[0].Content, "7 new posts") || sent[0].MentionRoleID != "200000000000000001" {
		t.Errorf("digest %v: %+v", got, sent[0])
	}
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'post' AND state = 'sent' AND message_id = '1' AND digest_id IS NOT NULL AND delivered_at IS NOT NULL AND trail->-1->>'event' = 'sent'`); n != 7 {
		t.Errorf("%d posts know that they were sent", n)
	}
	if n := w.Count(t, `SELECT notifications_sent FROM usage_daily`); n != 2 {
		t.Errorf("%d notifications counted, want one a message", n)
	}
}

// What is enqueued while a sender holds the line waits too: it may not leave ahead of what is held.
func TestAPostThatComesWhileOthersAreHeldWaitsToo(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	set(t, w, `digest = 'daily'`)
	c.Posts(t, 1)
	o := delivery.NewOutbox(w.Notifier, lease)
	type claim struct {
		channels []*delivery.Channel
		err      error
	}
	claimed := make(chan claim, 1)
	err := w.Worker.InTx(t.Context(), func(tx store.Conn) error {
		if _, err := tx.Exec(t.Context(), `UPDATE deliveries SET reason = reason`); err != nil {
			return err
		}
		go func() {
			channels, err := o.Claim(t.Context(), 1, 1)
			claimed <- claim{channels, err}
		}()
		awaitLockWait(t, w)
		c.Posts(t, 2)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got := <-claimed
	if got.err != nil || len(got.channels) != 1 {
		t.Fatalf("claimed %v, %v", got.channels, got.err)
	}
	if n := len(got.channels[0].Deliveries); n != 0 || held(t, w) != 3 {
		t.Errorf("%d posts may leave, %d are held, want none and 3", n, held(t, w))
	}
}

func TestASinglePostOfTheNightIsNoDigest(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	set(t, w, `digest = 'daily'`)
	post := c.Posts(t, 1)[0]
	o := delivery.NewOutbox(w.Notifier, lease)
	if got := sendAll(t, o); len(got) != 0 || held(t, w) != 1 {
		t.Fatalf("sent %v, %d held", got, held(t, w))
	}
	ripen(t, w)
	if sent := sendAll(t, o); len(sent) != 1 || sent[0].Title != post.Title || len(sent[0].Cards) != 0 {
		t.Errorf("sent %+v", sent)
	}
}

func TestADigestIsSplitAtDiscordsLimitsAndKeepsItsOrder(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	set(t, w, `digest = 'daily', mention_role_id = '200000000000000001'`)
	posts := c.Posts(t, 34)
	w.Exec(t, `UPDATE posts SET body = repeat('*long* ', 200), author_name = repeat('a', 90) WHERE right(title, 1) = '7'`)
	o := delivery.NewOutbox(w.Notifier, lease)
	sendAll(t, o)
	ripen(t, w)
	var got []string
	sent := sendAll(t, o)
	for i, m := range sent {
		got = append(got, cardTitles(m)...)
		if len(m.Cards) > 10 || !strings.Contains(m.Content, fmt.Sprintf("34 new posts** (%d/%d)", i+1, len(sent))) {
			t.Errorf("message %d has %d cards: %s", i, len(m.Cards), m.Content)
		}
		if pings := m.MentionRoleID != ""; pings != (i == 0) {
			t.Errorf("message %d pings: %t", i, pings)
		}
	}
	var want []string
	for _, p := range posts {
		want = append(want, p.Title)
	}
	if len(sent) != 4 || !slices.Equal(got, want) {
		t.Errorf("%d messages: %v", len(sent), got)
	}
}

func TestNoticesAndBreakoutsAreInNoDigest(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	history(t, w, c, 8, 100)
	set(t, w, `digest = 'daily'`)
	_, source := fresh(t, w, c, 2, n(5000), nil)
	breakouts(t, w, source)
	raise(t, w, alert(c, time.Now(), "failing"))
	c.Posts(t, 2)
	o := delivery.NewOutbox(w.Notifier, lease)
	if sent := sendAll(t, o); len(sent) != 2 || held(t, w) != 2 {
		t.Errorf("%d messages at once, %d held", len(sent), held(t, w))
	}
	quiet(t, w, c)
	_, source = fresh(t, w, c, 2, n(5000), nil)
	breakouts(t, w, source)
	raise(t, w, alert(c, time.Now(), "failing again"))
	if sent := sendAll(t, o); len(sent) != 1 || sent[0].Title != "failing again" || held(t, w) != 3 {
		t.Errorf("at night: sent %v, %d held", sent, held(t, w))
	}
	set(t, w, `quiet_hours_start = NULL, quiet_hours_end = NULL`)
	ripen(t, w)
	if sent := sendAll(t, o); len(sent) != 2 {
		t.Errorf("in the morning: %d messages, want the digest and the breakout", len(sent))
	}
}

func TestWhatAManagerAskedForAndWhatMayHaveLeftIsNotHeld(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"by hand":       `UPDATE deliveries SET by_hand = true`,
		"may have left": `UPDATE deliveries SET attempted_at = now(), state = 'retry'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := deliverytest.New(t)
			c := w.Client(t)
			set(t, w, `digest = 'daily'`)
			quiet(t, w, c)
			c.Posts(t, 2)
			w.Exec(t, change)
			if sent := sendAll(t, delivery.NewOutbox(w.Notifier, lease)); len(sent) != 2 {
				t.Errorf("%d messages", len(sent))
			}
		})
	}
}

func TestWhatIsHeldFollowsTheSettings(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change         string
		sent, stay     int
		waits, skipped string
	}{
		"digest off":        {change: `digest = 'off'`, sent: 1},
		"another window":    {change: `digest = 'daily', timezone = 'Asia/Tokyo'`, stay: 3, waits: `date_part('hour', held_until AT TIME ZONE 'Asia/Tokyo') = 9`},
		"something else":    {change: `embed_color = '#000000'`, stay: 3, waits: `held_until - now() <= interval '1 hour'`},
		"notifications off": {change: `notifications_enabled = false`, skipped: `reason = 'notifications_off'`},
		"the night begins then": {change: `digest = 'off', timezone = 'UTC', quiet_hours_start = to_char((now() AT TIME ZONE 'UTC') - interval '2 hours', 'HH24:MI'),
			quiet_hours_end = to_char((now() AT TIME ZONE 'UTC') + interval '2 hours', 'HH24:MI')`, stay: 3, waits: `reason = 'quiet_hours'`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := deliverytest.New(t)
			c := w.Client(t)
			set(t, w, `digest = 'hourly'`)
			c.Posts(t, 3)
			o := delivery.NewOutbox(w.Notifier, lease)
			sendAll(t, o)
			set(t, w, tt.change)
			must(t, o.Sweep(t.Context()))
			sent := sendAll(t, o)
			if len(sent) != tt.sent || held(t, w) != tt.stay {
				t.Errorf("%d messages and %d held, want %d and %d", len(sent), held(t, w), tt.sent, tt.stay)
			}
			if tt.waits != "" && w.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'held' AND `+tt.waits) != 3 {
				t.Error("what is held waits for something else")
			}
			if tt.skipped != "" && w.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'skipped' AND `+tt.skipped) != 3 {
				t.Error("what is held was not skipped")
			}
		})
	}
}

// A digest is given up, expires and rests with its channel as any message does, and its posts with it.
func TestPostsEndAsTheirDigestEnds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		end    func(*testing.T, *deliverytest.World, *delivery.Outbox, *deliverytest.Client)
		state  string
		reason string
	}{
		"refused": {func(t *testing.T, w *deliverytest.World, o *delivery.Outbox, _ *deliverytest.Client) {
			ch := claimOne(t, o)
			d := ch.Deliveries[0]
			must(t, o.Begin(t.Context(), ch, d))
			must(t, o.Failed(t.Context(), ch, d, delivery.Decide(d, delivery.Failure{Cause: delivery.CauseRefused, Reason: "discord_200000"})))
		}, "dead", "discord_200000"},
		"too late": {func(t *testing.T, w *deliverytest.World, o *delivery.Outbox, c *deliverytest.Client) {
			refuse(t, o, c.Channel)
			w.Exec(t, `UPDATE deliveries SET queued_at = now() - interval '25 hours', held_until = now() - interval '25 hours'`)
			resume(t, w, c, c.Channel)
		}, "skipped", "expired"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := deliverytest.New(t)
			c := w.Client(t)
			set(t, w, `digest = 'daily'`)
			c.Posts(t, 3)
			o := delivery.NewOutbox(w.Notifier, lease)
			sendAll(t, o)
			ripen(t, w)
			tt.end(t, w, o, c)
			if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'post' AND state = $1 AND reason = $2`, tt.state, tt.reason); n != 3 {
				t.Errorf("%d posts are %s for %s", n, tt.state, tt.reason)
			}
		})
	}
}

// Posts that wait longer than a day for their digest are no old news when the channel is resumed.
func TestWhatIsHeldDoesNotExpireWhileItIsHeld(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	set(t, w, `digest = 'daily'`)
	c.Posts(t, 2)
	o := delivery.NewOutbox(w.Notifier, lease)
	sendAll(t, o)
	w.Exec(t, `UPDATE deliveries SET queued_at = now() - interval '30 hours'`)
	w.Exec(t, `UPDATE guild_channels SET paused_at = now(), paused_reason = 'x' WHERE id = $1`, c.Channel)
	resume(t, w, c, c.Channel)
	if held(t, w) != 2 {
		t.Error("what is held was dropped")
	}
}

// A sender that lost its lease makes no digests.
func TestALostLeaseMakesNoDigest(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	set(t, w, `digest = 'daily'`)
	c.Posts(t, 4)
	a, b := delivery.NewOutbox(w.Notifier, lease), delivery.NewOutbox(w.Notifier, lease)
	sendAll(t, a)
	ripen(t, w)
	lost := claimOne(t, a)
	expireLeases(t, w)
	again := claimOne(t, b)
	if len(again.Deliveries) != 1 || again.Deliveries[0].ID != lost.Deliveries[0].ID {
		t.Errorf("the next holder finds %d messages", len(again.Deliveries))
	}
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'digest'`); n != 1 {
		t.Errorf("%d digests", n)
	}
}

// When the plan's messages of the day are used up, posts wait for the next day and the manager is told once.
func TestPostsOverThePlansNumberWaitForTheNextDay(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	w.Exec(t, `INSERT INTO subscriptions (client_id, tier) VALUES ($1, 'free')`, c.ID)
	w.Exec(t, `UPDATE plans SET notifications_per_day = 3 WHERE tier = 'free'`)
	posts := c.Posts(t, 8)
	o := delivery.NewOutbox(w.Notifier, lease)
	var got []string
	for _, m := range sendAll(t, o) {
		got = append(got, m.Title)
	}
	if len(got) != 4 || !slices.Equal(got[:3], []string{posts[0].Title, posts[1].Title, posts[2].Title}) || !strings.Contains(got[3], "used up") {
		t.Fatalf("sent %v, want three posts and the word that there are more", got)
	}
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'held' AND reason = 'plan_limit' AND held_until = date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + interval '1 day'`); n != 5 {
		t.Errorf("%d posts wait for the next day", n)
	}
	c.Posts(t, 1)
	w.Exec(t, `UPDATE deliveries SET by_hand = true WHERE state = 'pending'`)
	if sent := sendAll(t, o); len(sent) != 1 {
		t.Errorf("what a manager asked for: %d messages", len(sent))
	}
	c.Posts(t, 1)
	if sent := sendAll(t, o); len(sent) != 0 {
		t.Errorf("told again: %v", sent)
	}
	w.Exec(t, `UPDATE usage_daily SET day = day - 1`)
	ripen(t, w)
	if sent := sendAll(t, o); len(sent) != 1 || len(sent[0].Cards) != 6 {
		t.Errorf("the next day: %d messages", len(sent))
	}
	c.Posts(t, 7)
	if sent := sendAll(t, delivery.NewOutbox(w.Notifier, lease).WithoutPlans()); len(sent) != 7 {
		t.Errorf("on a test clock: %d messages", len(sent))
	}
}

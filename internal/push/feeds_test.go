package push_test

import (
	"testing"
	"time"

	"trackbot/internal/push"
	"trackbot/internal/sim"
)

// ofAFeed makes the desk's source a feed that names a hub.
func (d *desk) ofAFeed(hub, topic string) {
	d.t.Helper()
	d.exec("UPDATE sources SET platform = 'rss', external_id = 'https://blog.test/feed', hub_url = $1, topic_url = $2", hub, topic)
}

func TestAFeedThatNamesAHubIsSubscribedThere(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	d.ofAFeed("https://blog.test/hub", "https://blog.test/self")
	d.plainRound()
	r := d.hubs.last(t, 1)
	if r.Hub != "https://blog.test/hub" || r.Topic != "https://blog.test/self" || r.Unsubscribe {
		t.Errorf("request %+v", r)
	}
	if err := d.Subscribed(t.Context(), d.token(), "https://blog.test/self", time.Hour); err != nil || d.state() != "active" {
		t.Fatalf("%v, %s", err, d.state())
	}
	d.later()
	body := []byte("<rss/>")
	if err := d.Pushed(t.Context(), d.token(), sim.Signature("sha256", r.Secret, body), body); err != nil || !d.soonDue() {
		t.Errorf("push: %v, due %t", err, d.soonDue())
	}
}

func TestAFeedWithoutAHubIsNotSubscribed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	d.ofAFeed("", "")
	d.plainRound()
	d.hubs.last(t, 0)
}

func TestASubscriptionFollowsTheHubThatItsFeedNames(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	d.ofAFeed("https://one.test/", "https://blog.test/self")
	d.plainRound()
	if err := d.Subscribed(t.Context(), d.token(), "https://blog.test/self", 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	d.ofAFeed("https://two.test/", "https://blog.test/renamed")
	d.plainRound()
	if r := d.hubs.last(t, 2); r.Hub != "https://two.test/" || r.Topic != "https://blog.test/renamed" || r.Unsubscribe || d.state() != "pending" {
		t.Errorf("another hub: %+v in state %s", r, d.state())
	}
	d.plainRound()
	d.hubs.last(t, 2)
	if err := d.Subscribed(t.Context(), d.token(), "https://blog.test/renamed", 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	d.ofAFeed("", "")
	d.plainRound()
	if r := d.hubs.last(t, 3); !r.Unsubscribe || r.Hub != "https://two.test/" {
		t.Errorf("no hub any more: %+v", r)
	}
}

func TestAFeedsHubCannotHaveItPolledAllTheTime(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	d.ofAFeed("https://blog.test/hub", "https://blog.test/self")
	d.plainRound()
	if err := d.Subscribed(t.Context(), d.token(), "https://blog.test/self", time.Hour); err != nil {
		t.Fatal(err)
	}
	send := func() {
		t.Helper()
		body := []byte("x")
		if err := d.Pushed(t.Context(), d.token(), sim.Signature("sha256", d.hubs.last(t, 1).Secret, body), body); err != nil {
			t.Fatal(err)
		}
	}
	send()
	d.exec("UPDATE sources SET next_poll_at = now() + interval '1 hour', lease_token = NULL") // it was polled
	send()
	next := time.Until(read[time.Time](d, "SELECT next_poll_at FROM sources"))
	if next < 20*time.Second || next > 31*time.Second {
		t.Errorf("polled again in %s", next)
	}
	send()
	if later := time.Until(read[time.Time](d, "SELECT next_poll_at FROM sources")); later > next {
		t.Errorf("a further push puts the poll off, to %s", later)
	}
}

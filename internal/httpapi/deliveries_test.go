package httpapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/fault"
)

// replay sends a post's deliveries again.
func (n *newsroom) replay(post uuid.UUID, body, key string) *httptest.ResponseRecorder {
	c := call{method: "POST", path: n.path("/posts/" + id(post) + "/deliveries"), token: n.token, body: body, header: map[string]string{"X-Forwarded-For": "203.0.113.9"}}
	if key != "" {
		c.header["Idempotency-Key"] = key
	}
	return c.send(n)
}

func accepted(t *testing.T, answer *httptest.ResponseRecorder) []api.Delivery {
	t.Helper()
	if answer.Code != http.StatusAccepted {
		t.Fatalf("got %d %s", answer.Code, answer.Body)
	}
	answer.Code = http.StatusOK
	return decode[api.DeliveryList](t, answer).Items
}

func TestAPostTellsWhereItWentAndWhy(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	account := n.account(n.group(n.brand("B"), "G"), "bluesky", "ann")
	post, channel, other := n.post(account, "post", "T", 3), n.channel(), n.channel()
	sent := n.deliver(post, channel, "sent", "600000000000000001")
	held := n.deliver(post, other, "pending", "")
	n.exec(`UPDATE deliveries SET state = 'held', held_until = '2030-01-01T08:00:00Z', reason = 'quiet_hours',
		trail = '[{"at": "2026-11-23T22:00:00Z", "event": "queued", "detail": "a route of the brand"}, {"at": "2026-11-23T22:00:01Z", "event": "held", "detail": ""}]' WHERE id = $1`, held)
	list := decode[api.DeliveryList](t, n.read("/posts/"+id(post)+"/deliveries")).Items
	if len(list) != 2 || list[0].ID != sent || list[1].ID != held {
		t.Fatalf("listed %+v", list)
	}
	first, second := list[0], list[1]
	if first.State != "sent" || first.Kind != "announcement" || !strings.HasSuffix(first.MessageURL.MustGet(), channel+"/600000000000000001") || first.DeliveredAt.IsNull() || first.PublishedAt.IsZero() {
		t.Errorf("sent: %+v", first)
	}
	if second.State != "pending" || second.NextAttemptAt.IsNull() || second.Reason.MustGet() != "It waits for the end of the quiet hours." ||
		len(second.Trail) != 2 || second.Trail[0].Step != "queued" || second.Trail[0].Detail.MustGet() != "a route of the brand" || !second.Trail[1].Detail.IsNull() {
		t.Errorf("held: %+v", second)
	}
	page := decode[api.DeliveryList](t, n.read("/posts/"+id(post)+"/deliveries?limit=1"))
	if next := decode[api.DeliveryList](t, n.read("/posts/"+id(post)+"/deliveries?limit=1&cursor="+page.NextCursor.MustGet())); len(next.Items) != 1 || next.Items[0].ID != held {
		t.Errorf("second page: %+v", next)
	}
	if p := decode[api.Post](t, n.read("/posts/"+id(post))); p.Delivery.State != "pending" || p.Delivery.Reason.IsNull() {
		t.Errorf("the post's delivery is %+v", p.Delivery)
	}
	none := decode[api.DeliveryList](t, n.read("/posts/"+id(n.post(account, "post", "B", 9))+"/deliveries"))
	if none.Items == nil || len(none.Items) != 0 {
		t.Errorf("a post of the baseline: %+v", none)
	}
	wantProblem(t, problemOf(t, n.read("/posts/"+id(newID())+"/deliveries")), fault.NotFound)
}

func TestWhatDidNotArriveIsSentAgainByHand(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	account := n.account(n.group(n.brand("B"), "G"), "bluesky", "ann")
	post, channel := n.post(account, "post", "T", 3), n.channel()
	dead, sent := n.deliver(post, channel, "dead", ""), n.deliver(post, n.channel(), "sent", "600000000000000001")
	n.exec("UPDATE deliveries SET attempts = 8, plain = true, attempted_at = now() WHERE id = $1", dead)
	wantProblem(t, problemOf(t, n.replay(post, fmt.Sprintf(`{"deliveryId":%q}`, sent), "")), fault.Conflict)
	wantProblem(t, problemOf(t, n.replay(post, fmt.Sprintf(`{"deliveryId":%q}`, newID()), "")), fault.NotFound)
	wantProblem(t, problemOf(t, n.replay(newID(), "", "")), fault.NotFound)

	answer := n.replay(post, "", "")
	list := accepted(t, answer)
	if len(list) != 1 || list[0].ID != dead || list[0].State != "pending" || list[0].Attempts != 0 || !list[0].Reason.IsNull() || list[0].Trail[0].Step != "replayed" {
		t.Errorf("replayed %+v", list)
	}
	n.wantLogged(answer, "delivery.replayed", dead)
	if !one[bool](n, "SELECT attempted_at IS NOT NULL AND by_hand AND NOT plain FROM deliveries WHERE id = $1", dead) {
		t.Error("it is forgotten that the message may have left")
	}
	if one[int](n, "SELECT count(*) FROM channel_queues WHERE channel_id = $1 AND due_at <= now()", channel) != 1 {
		t.Error("nobody will send it")
	}
	wantProblem(t, problemOf(t, n.replay(post, "", "")), fault.Conflict)
	wantProblem(t, problemOf(t, n.replay(post, fmt.Sprintf(`{"deliveryId":%q}`, dead), "")), fault.Conflict)
}

func TestARepeatedReplaySendsOnce(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	account := n.account(n.group(n.brand("B"), "G"), "bluesky", "ann")
	post, other := n.post(account, "post", "T", 3), n.post(account, "post", "U", 2)
	dead := n.deliver(post, n.channel(), "dead", "")
	n.deliver(other, n.channel(), "dead", "")
	var wg sync.WaitGroup
	answers := make([]*httptest.ResponseRecorder, 8)
	for i := range answers {
		wg.Go(func() { answers[i] = n.replay(post, "", "once") })
	}
	wg.Wait()
	for _, answer := range answers {
		if list := accepted(t, answer); len(list) != 1 || list[0].ID != dead {
			t.Errorf("replayed %+v", list)
		}
	}
	n.exec("UPDATE deliveries SET state = 'dead' WHERE id = $1", dead) // it failed once more
	if list := accepted(t, n.replay(post, "", "once")); list[0].State != "dead" {
		t.Errorf("the same call again is %+v", list)
	}
	if got := one[int](n, "SELECT count(*) FROM audit_log WHERE action = 'delivery.replayed'"); got != 1 {
		t.Errorf("%d replays logged", got)
	}
	wantProblem(t, problemOf(t, n.replay(other, "", "once")), fault.Conflict)
	wantProblem(t, problemOf(t, n.replay(post, fmt.Sprintf(`{"deliveryId":%q}`, dead), "once")), fault.Conflict)
	if list := accepted(t, n.replay(post, "", "twice")); list[0].State != "pending" {
		t.Errorf("a new key does nothing: %+v", list)
	}
}

// A post that a rule kept back had no channel: it goes where it would go now, whatever its kind and words.
func TestAReplayOfWhatWasKeptBackFindsItsChannels(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	brand := n.brand("B")
	account := n.account(n.group(brand, "G"), "bluesky", "ann")
	skipped := func() (post uuid.UUID) {
		post = n.post(account, "reply", "T", 3)
		id := n.deliver(post, n.channel(), "skipped", "")
		n.exec("UPDATE deliveries SET channel_id = NULL, reason = 'kind_not_announced' WHERE id = $1", id)
		return post
	}
	n.exec("UPDATE guild_settings SET default_channel_id = NULL WHERE client_id = $1", n.client)
	post := skipped()
	wantProblem(t, problemOf(t, n.replay(post, "", "")), fault.Conflict)
	home := n.channel()
	n.exec("UPDATE guild_settings SET default_channel_id = $2 WHERE client_id = $1", n.client, home)
	if list := accepted(t, n.replay(post, "", "")); len(list) != 1 || list[0].ChannelID.MustGet() != home || !list[0].RouteID.IsNull() {
		t.Errorf("to the default channel: %+v", list)
	}
	channels := map[string]bool{n.channel(): true, n.channel(): true}
	for channel := range channels {
		made[api.Route](t, n.change("POST", "/routes", fmt.Sprintf(`{"brandId":%q,"channelId":%q,"kinds":["video"],"include":["launch"]}`, brand, channel)))
	}
	list := accepted(t, n.replay(skipped(), "", "k"))
	if len(list) != 2 || !channels[list[0].ChannelID.MustGet()] || !channels[list[1].ChannelID.MustGet()] || list[0].RouteID.IsNull() {
		t.Errorf("to both routes: %+v", list)
	}
}

package route_test

import (
	"testing"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/fault"
	"trackbot/internal/route"
	"trackbot/internal/store/db"
)

// lost is a post whose deliveries have all died.
func (d *desk) lost() delivery.NewPost {
	d.t.Helper()
	post := d.c.Posts(d.t, 1)[0]
	d.w.Exec(d.t, `UPDATE deliveries SET state = 'dead', reason = 'gave_up', attempts = 8 WHERE client_id = $1 AND post_id = $2`, d.c.ID, post.PostID)
	return post
}

func (d *desk) deliveries(post uuid.UUID) []db.Delivery {
	d.t.Helper()
	rows, err := d.Deliveries(d.t.Context(), d.c.ID, post, nil, 100)
	if err != nil {
		d.t.Fatal(err)
	}
	return rows
}

func (d *desk) replay(o route.Order) ([]db.Delivery, error) {
	return d.Replay(d.t.Context(), manager(), d.c.ID, o)
}

func TestWhatDiedIsPutIntoItsLineAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	post := d.lost()
	d.w.Exec(t, `UPDATE channel_queues SET due_at = NULL WHERE client_id = $1`, d.c.ID)
	got, err := d.replay(route.Order{PostID: post.PostID})
	if err != nil || len(got) != 1 || got[0].State != delivery.StatePending || got[0].Attempts != 0 || *got[0].ChannelID != d.c.Channel {
		t.Fatalf("got %+v, %v", got, err)
	}
	if d.w.Count(t, `SELECT count(*) FROM channel_queues WHERE client_id = $1 AND due_at <= clock_timestamp()`, d.c.ID) != 1 {
		t.Error("no sender will look at the channel")
	}
	trail, err := route.Trail(got[0])
	if err != nil || len(trail) < 2 || trail[len(trail)-1].Detail != "by mara" {
		t.Errorf("trail %+v, %v", trail, err)
	}
	if d.w.Count(t, `SELECT count(*) FROM audit_log WHERE client_id = $1 AND action = 'delivery.replayed'`, d.c.ID) != 1 {
		t.Error("it is not in the log once")
	}
	_, err = d.replay(route.Order{PostID: post.PostID})
	d.wantRefused("what is under way", err, fault.Conflict)
	_, err = d.replay(route.Order{PostID: post.PostID, DeliveryID: &got[0].ID})
	d.wantRefused("the one that is under way", err, fault.Conflict)
	d.w.Exec(t, `UPDATE deliveries SET state = 'sent' WHERE client_id = $1`, d.c.ID)
	_, err = d.replay(route.Order{PostID: post.PostID, DeliveryID: &got[0].ID})
	d.wantRefused("what was sent", err, fault.Conflict)
}

func TestAnOrderThatIsRepeatedIsDoneOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	post, other := d.lost(), d.lost()
	first, err := d.replay(route.Order{PostID: post.PostID, Key: "k"})
	if err != nil || len(first) != 1 {
		t.Fatalf("got %+v, %v", first, err)
	}
	entries := d.logged()
	again, err := d.replay(route.Order{PostID: post.PostID, Key: "k"})
	if err != nil || len(again) != 1 || again[0].ID != first[0].ID || d.logged() != entries {
		t.Errorf("repeated: %+v, %v, %d entries more", again, err, d.logged()-entries)
	}
	_, err = d.replay(route.Order{PostID: other.PostID, Key: "k"})
	d.wantRefused("the key for another post", err, fault.Conflict)
	_, err = d.replay(route.Order{PostID: post.PostID, DeliveryID: &first[0].ID, Key: "k"})
	d.wantRefused("the key for one delivery", err, fault.Conflict)
}

func TestADeliveryWhoseChannelIsGoneGoesWhereThePostWouldGoNow(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	gone := d.channel()
	d.route(gone)
	post := d.lost()
	d.w.Exec(t, `DELETE FROM routes WHERE client_id = $1`, d.c.ID)
	d.w.Exec(t, `DELETE FROM guild_channels WHERE client_id = $1 AND id = $2`, d.c.ID, gone)
	one, two := d.channel(), d.channel()
	d.route(one)
	d.route(two)
	got, err := d.replay(route.Order{PostID: post.PostID})
	if err != nil {
		t.Fatal(err)
	}
	to := map[string]int{}
	for _, row := range got {
		to[*row.ChannelID]++
	}
	if len(got) != 2 || to[one] != 1 || to[two] != 1 {
		t.Errorf("sent to %v", to)
	}
	if all := d.deliveries(post.PostID); len(all) != 2 {
		t.Errorf("%d deliveries of the post", len(all))
	}
}

func TestWhatWentNowhereGoesWhereItWouldGoNow(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.w.Exec(t, `UPDATE guild_settings SET default_channel_id = NULL WHERE client_id = $1`, d.c.ID)
	post := d.c.Posts(t, 1)[0]
	before := d.deliveries(post.PostID)
	if len(before) != 1 || before[0].State != delivery.StateSkipped || before[0].ChannelID != nil {
		t.Fatalf("deliveries %+v", before)
	}
	_, err := d.replay(route.Order{PostID: post.PostID})
	d.wantRefused("still nowhere", err, fault.Conflict)
	channel := d.channel()
	d.route(channel)
	got, err := d.replay(route.Order{PostID: post.PostID})
	if err != nil || len(got) != 1 || got[0].ID != before[0].ID || *got[0].ChannelID != channel {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = d.replay(route.Order{PostID: uuid.New()})
	d.wantRefused("a post that is not there", err, fault.NotFound)
}

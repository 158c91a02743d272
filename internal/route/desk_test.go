package route_test

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/fault"
	"trackbot/internal/route"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// desk is a tenant with a desk on the API's role.
type desk struct {
	*route.Desk
	t *testing.T
	w *deliverytest.World
	c *deliverytest.Client
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	w := deliverytest.New(t)
	api, err := store.Open(t.Context(), w.URL, store.RoleAPI)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	return &desk{route.New(api), t, w, w.Client(t)}
}

func manager() audit.By {
	return audit.By{Actor: audit.Actor{ID: "100000000000000001", Type: audit.User, Name: "mara"}, Source: audit.FromDashboard}
}

// channel is one more that the guild has.
func (d *desk) channel() string {
	d.t.Helper()
	id := d.w.Snowflake()
	d.c.KnowChannel(d.t, id)
	return id
}

// route makes a route of the brand to a channel, changed by the functions.
func (d *desk) route(channel string, changes ...func(*route.Wish)) uuid.UUID {
	d.t.Helper()
	wish := route.Wish{Target: route.Target{BrandID: &d.c.Brand}, ChannelID: channel}
	for _, change := range changes {
		change(&wish)
	}
	item, err := d.Create(d.t.Context(), manager(), d.c.ID, wish)
	if err != nil {
		d.t.Fatal(err)
	}
	return item.ID
}

func (d *desk) logged() int {
	d.t.Helper()
	return d.w.Count(d.t, "SELECT count(*) FROM audit_log WHERE client_id = $1", d.c.ID)
}

func (d *desk) wantRefused(what string, err error, code fault.Code) {
	d.t.Helper()
	if !fault.Is(err, code) {
		d.t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func TestOfTheSameRouteThereIsOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	wish := route.Wish{Target: route.Target{BrandID: &d.c.Brand}, ChannelID: d.channel(), Include: []string{"launch"}}
	var made, refused atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, err := d.Create(t.Context(), manager(), d.c.ID, wish)
			switch {
			case err == nil:
				made.Add(1)
			case fault.Is(err, fault.Conflict):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if made.Load() != 1 || refused.Load() != 7 || d.logged() != 1 {
		t.Errorf("%d made, %d refused, %d logged", made.Load(), refused.Load(), d.logged())
	}
	d.route(wish.ChannelID, func(w *route.Wish) { w.Include = []string{"other"} })
}

func TestAServerHasRoomForFiveHundredRoutes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.w.Exec(t, `INSERT INTO routes (client_id, id, brand_id, channel_id, kinds, include)
		SELECT $1, gen_random_uuid(), $2, $3, '{post}', ARRAY[n::text] FROM generate_series(1, 500) n`, d.c.ID, d.c.Brand, d.c.Channel)
	_, err := d.Create(t.Context(), manager(), d.c.ID, route.Wish{Target: route.Target{BrandID: &d.c.Brand}, ChannelID: d.c.Channel})
	d.wantRefused("one more", err, fault.Conflict)
	if d.logged() != 0 {
		t.Error("the refusal was logged as a change")
	}
}

func TestAChangeIsAllOrNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.route(d.channel())
	before := d.logged()
	template, away := "New: {title}", "999999999999999999"
	_, err := d.Change(t.Context(), manager(), d.c.ID, id, route.Change{Template: &template, ChannelID: &away})
	d.wantRefused("a channel that is not there", err, fault.ValidationFailed)
	rows, err := d.List(t.Context(), d.c.ID, nil, 10)
	if err != nil || len(rows) != 1 || rows[0].Template != "" || d.logged() != before {
		t.Errorf("half of it was done: %+v, %v, %d entries more", rows, err, d.logged()-before)
	}
	same := []string{}
	if _, err := d.Change(t.Context(), manager(), d.c.ID, id, route.Change{Include: &same}); err != nil || d.logged() != before {
		t.Errorf("what changes nothing: %v, %d entries more", err, d.logged()-before)
	}
}

func TestAnotherTenantsRoutesAreNotThere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, other := d.route(d.channel()), d.w.Client(t)
	paused := false
	_, changing := d.Change(t.Context(), manager(), other.ID, id, route.Change{Active: &paused})
	_, showing := d.PreviewRoute(t.Context(), other.ID, id, route.Change{}, nil)
	d.wantRefused("changing", changing, fault.NotFound)
	d.wantRefused("showing", showing, fault.NotFound)
	d.wantRefused("removing", d.Delete(t.Context(), manager(), other.ID, id), fault.NotFound)
	rows, err := d.List(t.Context(), other.ID, nil, 10)
	if err != nil || len(rows) != 0 {
		t.Errorf("listed %+v, %v", rows, err)
	}
	_, aiming := d.Create(t.Context(), manager(), other.ID, route.Wish{Target: route.Target{BrandID: &d.c.Brand}, ChannelID: other.Channel})
	d.wantRefused("aiming at a foreign brand", aiming, fault.NotFound)
}

func TestThePreviewShowsTheLatestPostThatFits(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, err := d.PreviewWish(t.Context(), d.c.ID, route.Wish{Target: route.Target{BrandID: &d.c.Brand}}, nil)
	d.wantRefused("nothing to show yet", err, fault.NotFound)
	old, fresh := d.c.Post(t), d.c.Post(t)
	shown := func(include string, post *uuid.UUID) route.Preview {
		t.Helper()
		p, err := d.PreviewWish(t.Context(), d.c.ID, route.Wish{Target: route.Target{BrandID: &d.c.Brand}, Include: []string{include}, Template: "Look: {title}"}, post)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if p := shown(old.Title, nil); p.PostID != old.PostID || p.Reason != "" || !strings.Contains(p.Message.Text(), old.Title) {
		t.Errorf("shown %+v", p)
	}
	if p := shown("nowhere", nil); p.PostID != fresh.PostID || p.Reason == "" {
		t.Errorf("nothing fits: %+v", p)
	}
	if p := shown(old.Title, &fresh.PostID); p.PostID != fresh.PostID || p.Reason == "" {
		t.Errorf("the post that was named: %+v", p)
	}
	id := d.route(d.channel())
	paused := false
	p, err := d.PreviewRoute(t.Context(), d.c.ID, id, route.Change{Active: &paused}, nil)
	if err != nil || p.Reason == "" {
		t.Errorf("of a route that would be paused: %+v, %v", p, err)
	}
	rows, err := d.List(t.Context(), d.c.ID, nil, 10)
	if err != nil || slices.ContainsFunc(rows, func(r db.RouteItem) bool { return r.PausedAt != nil }) {
		t.Errorf("the preview changed the route: %+v, %v", rows, err)
	}
}

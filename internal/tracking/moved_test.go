package tracking_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/source"
	"trackbot/internal/tracking"
)

const (
	oldAddress = "https://old.test/feed.xml"
	newAddress = "https://new.test/feed.xml"
)

// moving is a life with a feed at the old address that redirects to the new one for good; each has an
// hourly post, the same ones.
func moving(t *testing.T) (l *life, from uuid.UUID) {
	l = newLife(t)
	from = l.add(source.RSS, "old.test")
	l.exec(`UPDATE sources SET external_id = $1, url = $1`, oldAddress)
	start := l.now.Add(-10 * time.Hour)
	l.answer = func(d tracking.Due) (source.FetchResult, error) {
		r := timetable(uuid.Nil, start, l.now, time.Hour, 30)
		if d.ExternalID == oldAddress {
			r.MovedTo = newAddress
		}
		return r, nil
	}
	return l, from
}

func (l *life) addNew() uuid.UUID {
	l.t.Helper()
	id := l.add(source.RSS, "new.test")
	l.exec(`UPDATE sources SET external_id = $2, url = $2 WHERE id = $1`, id, newAddress)
	return id
}

// follow lets days go by in which moves are followed.
func (l *life) follow(d time.Duration) {
	l.t.Helper()
	for end := l.now.Add(d); l.now.Before(end); l.now = l.now.Add(15 * time.Minute) {
		l.turn()
		if err := l.fixture.polls.FollowMoves(l.t.Context()); err != nil {
			l.t.Fatal(err)
		}
	}
}

// wantHourly checks that a tenant has each post once and that all but the baseline were announced once.
func (l *life) wantHourly(client uuid.UUID, baseline int) {
	l.t.Helper()
	rows := scan[string](l.fixture, `SELECT count(*) || ' posts, ' || count(DISTINCT external_id) || ' different' FROM posts WHERE client_id = $1`, client)
	n := scan[int](l.fixture, `SELECT count(*) FROM posts WHERE client_id = $1`, client)
	if want := fmt.Sprintf("%d posts, %d different", n, n); rows != want {
		l.t.Errorf("tenant has %s", rows)
	}
	last := scan[int](l.fixture, `SELECT max(substr(title, 6)::int) FROM posts WHERE client_id = $1`, client)
	if n != last+1 {
		l.t.Errorf("%d posts, the last one is number %d", n, last)
	}
	if got := scan[int](l.fixture, `SELECT count(*) FROM deliveries WHERE client_id = $1 AND kind = 'post'`, client); got != n-baseline {
		l.t.Errorf("%d deliveries of %d posts", got, n-baseline)
	}
}

func TestAFeedThatMovedForGoodGetsItsNewAddress(t *testing.T) {
	t.Parallel()
	l, from := moving(t)
	client, brand, group := l.tenant("200000000000000001")
	account := l.track(client, brand, group, from)
	l.follow(20 * time.Hour)
	if got := scan[string](l.fixture, `SELECT external_id FROM sources`); got != oldAddress {
		t.Fatalf("followed within a day to %s", got)
	}
	l.follow(10 * time.Hour)
	if got := scan[string](l.fixture, `SELECT external_id || ' ' || url FROM sources`); got != newAddress+" "+newAddress {
		t.Errorf("address %s", got)
	}
	l.follow(5 * time.Hour)
	l.wantHourly(client, 11)
	if got := scan[string](l.fixture, `SELECT action || ' ' || target_id || ' ' || changes FROM audit_log WHERE client_id = $1`, client); got !=
		fmt.Sprintf(`account.source_moved %s [{"field":"url","old":%q,"new":%q}]`, account, oldAddress, newAddress) {
		t.Errorf("log %s", got)
	}
}

func TestARedirectThatPassesIsNotFollowed(t *testing.T) {
	t.Parallel()
	l, from := moving(t)
	client, brand, group := l.tenant("200000000000000001")
	l.track(client, brand, group, from)
	redirecting, begin := l.answer, l.now
	l.answer = func(d tracking.Due) (source.FetchResult, error) {
		r, err := redirecting(d)
		switch hours := int(l.now.Sub(begin) / time.Hour); {
		case hours%20 == 19:
			r.MovedTo = ""
		case hours > 60 && hours%20 > 10:
			r.MovedTo = "https://elsewhere.test/feed.xml"
		}
		return r, err
	}
	l.follow(5 * day)
	if got := scan[string](l.fixture, `SELECT external_id FROM sources`); got != oldAddress {
		t.Errorf("followed to %s", got)
	}
}

func TestAFeedThatMovesOntoATrackedOneIsMergedWithoutDuplicates(t *testing.T) {
	t.Parallel()
	l, from := moving(t)
	alone, brand, group := l.tenant("200000000000000001")
	l.track(alone, brand, group, from)
	both, brand, group := l.tenant("200000000000000002")
	goes := l.track(both, brand, group, from)
	there, brand3, group3 := l.tenant("200000000000000003")
	l.follow(time.Hour)
	to := l.addNew()
	l.track(both, brand, group, to)
	l.track(there, brand3, group3, to)
	l.follow(35 * time.Hour)

	if got := scan[int](l.fixture, `SELECT count(*) FROM client_accounts WHERE source_id = $1`, to); got != 3 {
		t.Errorf("%d accounts at the new address", got)
	}
	if got := scan[int](l.fixture, `SELECT count(*) FROM client_accounts WHERE source_id = $1`, from); got != 0 {
		t.Errorf("%d accounts at the old address", got)
	}
	if scan[*time.Time](l.fixture, `SELECT next_poll_at FROM sources WHERE id = $1`, from) != nil {
		t.Error("the old address is still polled")
	}
	l.wantHourly(alone, 11)
	if got := scan[int](l.fixture, `SELECT count(*) - count(DISTINCT external_id) FROM posts WHERE client_id = $1`, both); got != 0 {
		t.Errorf("%d posts are there twice", got)
	}
	if got := scan[string](l.fixture, `SELECT action || ' ' || target_id FROM audit_log WHERE client_id = $1`, both); got != "account.merged "+goes.String() {
		t.Errorf("log %s", got)
	}
	if got := scan[int](l.fixture, `SELECT count(*) FROM audit_log WHERE client_id = $1`, there); got != 0 {
		t.Errorf("%d entries for who was there already", got)
	}
}

func TestAnAccountWithAChannelOfItsOwnIsNotMergedAway(t *testing.T) {
	t.Parallel()
	l, from := moving(t)
	client, brand, group := l.tenant("200000000000000001")
	l.exec(`INSERT INTO guild_channels (client_id, id, name, type, can_send) VALUES ($1, '200000000000000099', 'other', 'text', true)`, client)
	own := l.track(client, brand, group, from)
	l.exec(`UPDATE client_accounts SET channel_id = '200000000000000099' WHERE id = $1`, own)
	l.track(client, brand, group, l.addNew())
	l.follow(40 * time.Hour)
	if got := scan[uuid.UUID](l.fixture, `SELECT source_id FROM client_accounts WHERE id = $1`, own); got != from {
		t.Error("it has left its source")
	}
	recent := l.now.Add(-5 * time.Hour)
	if got := scan[int](l.fixture, `SELECT count(*) FROM deliveries d JOIN posts p ON p.id = d.post_id WHERE d.channel_id = '200000000000000099' AND p.published_at > $1`, recent); got < 4 {
		t.Errorf("%d of the last posts went to its channel", got)
	}
}

// confirmed is a feed whose move to another is confirmed, with a tenant on each.
func confirmed(t *testing.T) (f *fixture, from, to, alone uuid.UUID) {
	f = newFixture(t)
	from, to = f.source(1), f.source(2)
	f.exec(`UPDATE sources SET external_id = $2, url = $2 WHERE id = $1`, from, oldAddress)
	f.exec(`UPDATE sources SET external_id = $2, url = $2 WHERE id = $1`, to, newAddress)
	alone, brand, group := f.tenant("200000000000000001")
	f.track(alone, brand, group, from)
	return f, from, to, alone
}

// only makes one source due and claims it.
func (f *fixture) only(id uuid.UUID) tracking.Due {
	f.t.Helper()
	f.exec(`UPDATE sources SET next_poll_at = CASE WHEN id = $1 THEN $2::timestamptz ELSE $2 + interval '1 day' END WHERE next_poll_at IS NOT NULL`,
		id, f.now.Add(-time.Second))
	return f.claim()
}

func (f *fixture) followMoves() {
	f.t.Helper()
	f.exec(`UPDATE sources SET moved_since = $2, moved_seen = 5 WHERE external_id = $1 AND moved_to IS NOT NULL`, oldAddress, f.now.Add(-2*day))
	if err := f.polls.FollowMoves(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}

// The old address answered before a post was there and is recorded after the new one has found it.
func TestAPostThatOnlyTheNewAddressHasYetIsNotLostToThoseWhoMove(t *testing.T) {
	t.Parallel()
	f, from, to, alone := confirmed(t)
	there, brand, group := f.tenant("200000000000000002")
	f.track(there, brand, group, to)
	moving := func(ids ...string) source.FetchResult {
		r := f.posts(ids...)
		r.MovedTo = newAddress
		return r
	}
	f.store(f.only(from), moving("0"))
	f.store(f.only(to), f.posts("0"))
	f.now = f.now.Add(10 * time.Minute)
	asked := f.only(from) // it answers now
	f.now = f.now.Add(time.Second)
	f.store(f.only(to), f.posts("0", "1"))
	f.now = f.now.Add(time.Second)
	f.store(asked, moving("0"))
	f.followMoves()

	f.now = f.now.Add(10 * time.Minute)
	f.store(f.only(from), moving("0", "1"))
	f.followMoves()
	if got := scan[int](f, `SELECT count(*) FROM posts WHERE client_id = $1 AND external_id = '1'`, alone); got != 1 {
		t.Errorf("who came from the old address has the post %d times", got)
	}
	if got := scan[int](f, `SELECT count(*) FROM client_accounts WHERE source_id = $1`, to); got != 2 {
		t.Errorf("%d accounts at the new address, want 2", got)
	}
}

// A worker has just found that nobody tracks the new address and is about to say so.
func TestAFeedThatOthersMoveOntoIsNotTakenOutOfTheSchedule(t *testing.T) {
	t.Parallel()
	f, from, to, _ := confirmed(t)
	r := f.posts("0")
	r.MovedTo = newAddress
	f.store(f.only(from), r)
	due := f.only(to)
	if !due.Untracked() {
		t.Fatal("somebody tracks the new address")
	}
	f.followMoves()
	if got := scan[int](f, `SELECT count(*) FROM client_accounts WHERE source_id = $1`, to); got != 1 {
		t.Fatalf("%d accounts at the new address, want 1", got)
	}
	if err := f.polls.Finish(t.Context(), []tracking.Finished{f.polls.Left(due)}); err != nil {
		t.Fatal(err)
	}
	if scan[*time.Time](f, `SELECT next_poll_at FROM sources WHERE id = $1`, to) == nil {
		t.Error("nobody will ever poll the account again")
	}
}

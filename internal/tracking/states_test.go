package tracking_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/source"
	"trackbot/internal/tracking"
)

// one is a life with one tenant that tracks one healthy feed with a post every gap.
func one(t *testing.T, gap time.Duration) (l *life, client, account, src uuid.UUID) {
	l = newLife(t)
	client, brand, group := l.tenant("200000000000000001")
	src = l.add(source.RSS, "feed.test")
	account = l.track(client, brand, group, src)
	start := l.now.Add(-30 * gap)
	l.answer = func(d tracking.Due) (source.FetchResult, error) {
		return timetable(d.ID, start, l.now, gap, 15), nil
	}
	return l, client, account, src
}

func (l *life) wantStates(src uuid.UUID, want ...string) {
	l.t.Helper()
	if diff := cmp.Diff(want, l.states[src]); diff != "" {
		l.t.Errorf("states (-want +got):\n%s", diff)
	}
}

func TestAnAccountThatItsPlatformDeniesForDaysIsGoneAndMayComeBack(t *testing.T) {
	t.Parallel()
	l, client, _, src := one(t, 6*time.Hour)
	l.pass(time.Hour, 15*time.Minute)
	healthy := l.answer
	l.answer = func(tracking.Due) (source.FetchResult, error) {
		return source.FetchResult{}, &source.Error{Kind: source.NotFound, Status: 404, Public: "The source answers that nothing is there (404)."}
	}
	l.pass(4*day, time.Hour)
	l.wantStates(src, "ok", "failing")
	l.pass(7*day, time.Hour) // the first answer after five days may come as late, for waits double and are spread
	l.wantStates(src, "ok", "failing", "gone")
	l.wantNotices(client, "Account cannot be read", "Account no longer exists")
	asked := l.polls[src]
	l.pass(15*day, 6*time.Hour)
	if l.polls[src] == asked {
		t.Error("what is gone is never asked again")
	}
	l.answer = healthy
	l.pass(9*day, 6*time.Hour)
	l.wantStates(src, "ok", "failing", "gone", "ok")
	l.wantNotices(client, "Account cannot be read", "Account no longer exists", "Account works again")
}

func TestAPassing404OfYouTubeNeverMakesAChannelGone(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	client, brand, group := l.tenant("200000000000000001")
	src := l.add(source.YouTube, "channel")
	l.track(client, brand, group, src)
	l.answer = func(tracking.Due) (source.FetchResult, error) {
		return source.FetchResult{}, &source.Error{Kind: source.Transient, Status: 404, Public: "YouTube's feed of this channel is away for the moment."}
	}
	l.pass(20*day, 6*time.Hour)
	l.wantStates(src, "learning", "failing")
}

func TestAnAccountIsQuietWhenItsRhythmStopsAndToldOnce(t *testing.T) {
	t.Parallel()
	l, client, _, src := one(t, 12*time.Hour)
	l.pass(day, time.Hour)
	last := l.now
	l.answer = func(d tracking.Due) (source.FetchResult, error) {
		return timetable(d.ID, last.Add(-10*day), last, 12*time.Hour, 15), nil
	}
	l.pass(60*time.Hour, 3*time.Hour)
	l.wantStates(src, "ok")
	l.pass(3*day, 3*time.Hour)
	l.wantStates(src, "ok", "quiet")
	l.wantNotices(client, "Account has gone quiet")
	if got := scan[string](l.fixture, `SELECT state_reason FROM sources`); got == "" {
		t.Error("quiet without a reason")
	}
	l.pass(30*day, 6*time.Hour)
	l.wantNotices(client, "Account has gone quiet")
	l.answer = func(d tracking.Due) (source.FetchResult, error) {
		return timetable(d.ID, last.Add(-10*day), l.now, 12*time.Hour, 15), nil
	}
	l.pass(3*day, 3*time.Hour)
	l.wantStates(src, "ok", "quiet", "ok")
	l.wantNotices(client, "Account has gone quiet", "Account works again")
}

func TestAnAccountThatWasQuietAllAlongIsNoNews(t *testing.T) {
	t.Parallel()
	l, client, _, src := one(t, day)
	l.answer = func(d tracking.Due) (source.FetchResult, error) {
		return timetable(d.ID, l.now.Add(-400*day), time.Now().Add(-200*day), day, 15), nil
	}
	l.pass(10*day, 12*time.Hour)
	l.wantStates(src, "quiet")
	l.wantNotices(client)
}

func TestAFlappingAccountIsToldSeldom(t *testing.T) {
	t.Parallel()
	l, client, _, _ := one(t, time.Hour)
	healthy := l.answer
	begin := l.now
	l.answer = func(d tracking.Due) (source.FetchResult, error) {
		if int(l.now.Sub(begin)/(2*time.Hour))%2 == 1 {
			return source.FetchResult{}, &source.Error{Kind: source.Malformed, Public: "Broken."}
		}
		return healthy(d)
	}
	l.pass(2*day, 10*time.Minute)
	if got := len(l.notices(client)); got == 0 || got > 16 {
		t.Errorf("%d notices in two days of flapping", got)
	}
	l.answer = func(d tracking.Due) (source.FetchResult, error) {
		if int(l.now.Sub(begin)/(10*time.Minute))%2 == 1 {
			return source.FetchResult{}, &source.Error{Kind: source.Malformed, Public: "Broken."}
		}
		return healthy(d)
	}
	l.pass(time.Hour, 5*time.Minute)
	before := len(l.notices(client))
	l.exec(`UPDATE sources SET failures = 0, next_poll_at = $1`, l.now)
	l.pass(day, 5*time.Minute)
	if got := len(l.notices(client)) - before; got > 8 {
		t.Errorf("%d notices in a day of fast flapping", got)
	}
}

func TestTwoFeedsOfOneServerThatFailTogetherAreAnIncident(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	client, brand, group := l.tenant("200000000000000001")
	var there []uuid.UUID
	for range 2 {
		there = append(there, l.add(source.RSS, "two.test"))
		l.track(client, brand, group, there[len(there)-1])
	}
	elsewhere := l.add(source.RSS, "other.test")
	l.track(client, brand, group, elsewhere)
	start, isDown := l.now.Add(-10*day), false
	l.answer = func(d tracking.Due) (source.FetchResult, error) {
		if isDown && d.Handle == "two.test" {
			return source.FetchResult{}, down()
		}
		return timetable(d.ID, start, l.now, time.Hour, 15), nil
	}
	l.pass(2*time.Hour, 5*time.Minute)
	isDown = true
	l.pass(6*time.Hour, 5*time.Minute)
	l.wantNotices(client, "The server two.test fails for most accounts")
	isDown = false
	l.pass(3*time.Hour, 5*time.Minute)
	for _, src := range there {
		l.wantStates(src, "ok", "incident", "ok")
	}
	l.wantStates(elsewhere, "ok")
	l.wantNotices(client, "The server two.test fails for most accounts", "The server two.test works again")
}

func TestASmallServerThatStaysDownForDaysIsNotAnIncidentForEver(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	client, brand, group := l.tenant("200000000000000001")
	for range 2 {
		l.track(client, brand, group, l.add(source.RSS, "two.test"))
	}
	l.answer = func(tracking.Due) (source.FetchResult, error) { return source.FetchResult{}, down() }
	l.pass(4*day, time.Hour)
	for src := range l.states {
		if got := l.states[src]; got[len(got)-1] != "failing" {
			t.Errorf("states %v", got)
		}
	}
	if n := scan[int](l.fixture, `SELECT count(*) FROM platform_incidents WHERE ended_at IS NULL`); n != 0 {
		t.Errorf("%d open incidents", n)
	}
	l.wantNotices(client, "The server two.test fails for most accounts", "2 accounts changed their state")
}

func TestWhenNoServerAnswersAnyMoreNobodyIsBlamed(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	client, brand, group := l.tenant("200000000000000001")
	for _, host := range []string{"a.test", "b.test", "c.test", "d.test", "e.test", "f.test"} {
		l.track(client, brand, group, l.add(source.RSS, host))
	}
	start, isDown := l.now.Add(-10*day), false
	l.answer = func(d tracking.Due) (source.FetchResult, error) {
		if isDown {
			return source.FetchResult{}, &source.Error{Kind: source.Transient, Public: "The source could not be reached."}
		}
		return timetable(d.ID, start, l.now, time.Hour, 15), nil
	}
	l.pass(2*time.Hour, 5*time.Minute)
	isDown = true
	l.pass(3*time.Hour, 5*time.Minute)
	isDown = false
	l.pass(3*time.Hour, 5*time.Minute)
	for src := range l.states {
		l.wantStates(src, "ok", "incident", "ok")
	}
	l.wantNotices(client, "Reading feeds fails for most accounts", "Reading feeds works again")
}

func TestAnIncidentThatComesBackAtOnceIsToldOnce(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	client, brand, group := l.tenant("200000000000000001")
	for range 6 {
		l.track(client, brand, group, l.add(source.YouTube, "channel"))
	}
	start, begin := l.now.Add(-10*day), l.now.Add(time.Hour)
	l.answer = func(d tracking.Due) (source.FetchResult, error) {
		at := l.now.Sub(begin)
		if at > 0 && at < 8*time.Hour && int(at/(5*time.Minute))%12 != 11 { // well for 5 minutes an hour
			return source.FetchResult{}, down()
		}
		return timetable(d.ID, start, l.now, time.Hour, 15), nil
	}
	l.pass(12*time.Hour, 5*time.Minute)
	if got := len(l.notices(client)); got > 4 {
		t.Errorf("%d notices: %v", got, l.notices(client))
	}
	for _, states := range l.states {
		for _, s := range states {
			if s == "failing" {
				t.Errorf("an account was blamed: %v", states)
			}
		}
	}
}

func TestAGuildThatCannotBeToldIsToldWhenItCan(t *testing.T) {
	t.Parallel()
	l, client, _, _ := one(t, time.Hour)
	l.exec(`UPDATE guild_settings SET notifications_enabled = false`)
	l.answer = func(tracking.Due) (source.FetchResult, error) {
		return source.FetchResult{}, &source.Error{Kind: source.Malformed, Public: "Broken."}
	}
	l.pass(3*time.Hour, 15*time.Minute)
	l.wantNotices(client)
	l.exec(`UPDATE guild_settings SET notifications_enabled = true`)
	l.pass(time.Hour, 15*time.Minute)
	l.wantNotices(client, "Account cannot be read")
}

func TestManyAccountsThatFailApartAreToldTogether(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	client, brand, group := l.tenant("200000000000000001")
	for _, host := range []string{"a.test", "b.test", "c.test", "d.test", "e.test", "f.test", "g.test", "h.test", "i.test", "j.test", "k.test", "l.test"} {
		l.track(client, brand, group, l.add(source.RSS, host))
	}
	l.answer = func(tracking.Due) (source.FetchResult, error) {
		return source.FetchResult{}, &source.Error{Kind: source.NotFound, Status: 404, Public: "The source answers that nothing is there (404)."}
	}
	l.pass(day, 15*time.Minute)
	l.wantNotices(client, "12 accounts changed their state")
}

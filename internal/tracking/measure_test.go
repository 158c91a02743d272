package tracking_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/source"
	"trackbot/internal/tracking"
)

// measured is a life in which one post with figures was found just after it was published.
func measured(t *testing.T) (l *life, post source.PostRef) {
	l = newLife(t)
	client, brand, group := l.tenant("200000000000000001")
	src := l.add(source.Bluesky, "alice")
	l.track(client, brand, group, src)
	result := l.posts("a")
	result.Posts[0].PublishedAt, result.Posts[0].Metrics = l.now, &source.Metrics{Likes: figure(1)}
	l.answer = func(tracking.Due) (source.FetchResult, error) { return result, nil }
	l.turn()
	return l, source.PostRef{AccountID: src.String(), PostID: "a"}
}

func figure(n int64) *int64 { return &n }

// rung turns the clock to the next measurement and claims it; false when the ladder has ended.
func (l *life) rung() (tracking.MeasureBatch, bool) {
	l.t.Helper()
	next := scan[*time.Time](l.fixture, `SELECT min(next_measure_at) FROM source_posts`)
	if next == nil {
		return tracking.MeasureBatch{}, false
	}
	l.now = *next
	batches, _, err := l.fixture.polls.ClaimMeasurements(l.t.Context(), 100, 10*time.Minute)
	if err != nil || len(batches) != 1 {
		l.t.Fatalf("claimed %d batches, %v", len(batches), err)
	}
	return batches[0], true
}

func (l *life) record(batch tracking.MeasureBatch, got source.Measured) {
	l.t.Helper()
	if err := l.fixture.polls.RecordMetrics(l.t.Context(), batch, got); err != nil {
		l.t.Fatal(err)
	}
}

func figures(ref source.PostRef, m source.Metrics) source.Measured {
	return source.Measured{Figures: map[source.PostRef]source.Metrics{ref: m}}
}

func failure(ref source.PostRef, kind source.ErrorKind) source.Measured {
	return source.Measured{Failed: map[source.PostRef]error{ref: &source.Error{Kind: kind}}}
}

func TestNinetyDaysLeaveEachSnapshotThoughWorkersDieAndPlatformsFail(t *testing.T) {
	t.Parallel()
	l, post := measured(t)
	for n := 0; ; n++ {
		batch, ok := l.rung()
		if !ok {
			break
		}
		switch {
		case n%5 == 1: // the worker dies with the claim
			l.fixture.polls = l.fixture.fresh()
			continue
		case n%7 == 2:
			l.record(batch, failure(post, source.Transient))
			continue
		}
		l.record(batch, figures(post, source.Metrics{Likes: figure(int64(n) + 3_000_000_000)}))
	}
	if got := scan[int](l.fixture, `SELECT count(*) FROM post_metrics`); got != 1+rungs {
		t.Errorf("%d snapshots, want %d", got, 1+rungs)
	}
	if got := scan[int64](l.fixture, `SELECT likes FROM posts`); got < 3_000_000_000 {
		t.Errorf("latest likes %d", got)
	}
}

func TestAMissingFigureFailsNoOther(t *testing.T) {
	t.Parallel()
	l, post := measured(t)
	batch, _ := l.rung()
	l.record(batch, figures(post, source.Metrics{Likes: figure(5), Comments: figure(2)}))
	batch, _ = l.rung()
	l.record(batch, figures(post, source.Metrics{Comments: figure(3)}))
	if got := scan[string](l.fixture, `SELECT likes || ' ' || comments || ' ' || coalesce(views::text, 'null') FROM posts`); got != "5 3 null" {
		t.Errorf("latest figures %s", got)
	}
	if got := scan[int](l.fixture, `SELECT count(*) FROM post_metrics WHERE likes IS NULL AND comments = 3`); got != 1 {
		t.Errorf("%d snapshots of the comments alone", got)
	}
}

func TestAPostThatCannotBeAskedForPassesItsRung(t *testing.T) {
	t.Parallel()
	l, post := measured(t)
	batch, _ := l.rung()
	l.record(batch, failure(post, source.AuthRequired))
	if wait := scan[time.Time](l.fixture, `SELECT next_measure_at FROM source_posts`).Sub(l.now); wait != time.Hour {
		t.Errorf("asked again in %s, want the next rung", wait)
	}
}

func TestARemovedPostIsConfirmedAndMayComeBack(t *testing.T) {
	t.Parallel()
	l, post := measured(t)
	removed := func() *time.Time { return scan[*time.Time](l.fixture, `SELECT removed_at FROM posts`) }
	l.now = l.now.Add(20 * day)
	l.exec(`UPDATE source_posts SET next_measure_at = $1`, l.now)
	gone := source.Metrics{Gone: true}
	batch, _ := l.rung()
	first := l.now
	l.record(batch, figures(post, gone))
	if removed() != nil {
		t.Fatal("one answer removed it")
	}
	batch, _ = l.rung()
	if wait := l.now.Sub(first); wait != time.Hour {
		t.Errorf("confirmed after %s", wait)
	}
	l.record(batch, figures(post, gone))
	if at := removed(); at == nil || !at.Equal(first) {
		t.Errorf("removed at %v, want %s", at, first)
	}
	batch, _ = l.rung()
	l.record(batch, figures(post, source.Metrics{Likes: figure(9)}))
	if removed() != nil {
		t.Error("it is back and still marked as removed")
	}
}

func TestAPostThatIsMissingOnceIsNotRemoved(t *testing.T) {
	t.Parallel()
	l, post := measured(t)
	for _, m := range []source.Metrics{{Gone: true}, {Likes: figure(2)}, {Gone: true}, {Likes: figure(3)}} {
		batch, _ := l.rung()
		l.record(batch, figures(post, m))
	}
	if scan[*time.Time](l.fixture, `SELECT removed_at FROM posts`) != nil {
		t.Error("removed")
	}
}

func TestARemovedPostThatAPollFindsIsBack(t *testing.T) {
	t.Parallel()
	l, post := measured(t)
	for range 2 {
		batch, _ := l.rung()
		l.record(batch, figures(post, source.Metrics{Gone: true}))
	}
	if scan[*time.Time](l.fixture, `SELECT removed_at FROM posts`) == nil {
		t.Fatal("not removed")
	}
	l.due()
	l.turn()
	if scan[*time.Time](l.fixture, `SELECT removed_at FROM posts`) != nil {
		t.Error("still removed")
	}
}

func TestPostsThatNobodyTracksAreNotAskedFor(t *testing.T) {
	t.Parallel()
	l, _ := measured(t)
	l.exec(`UPDATE sources SET next_poll_at = NULL`)
	l.now = l.now.Add(2 * time.Hour)
	batches, claimed, err := l.fixture.polls.ClaimMeasurements(t.Context(), 100, time.Minute)
	if err != nil || len(batches) != 0 || claimed != 1 {
		t.Errorf("%d batches of %d posts, %v", len(batches), claimed, err)
	}
	if wait := scan[time.Time](l.fixture, `SELECT next_measure_at FROM source_posts`).Sub(l.now); wait < 30*time.Minute {
		t.Errorf("claimed again in %s", wait)
	}
}

func TestFollowersAreKeptOnceADayAlsoWithoutANewPost(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	client, brand, group := l.tenant("200000000000000001")
	src := l.add(source.Bluesky, "alice")
	l.track(client, brand, group, src)
	l.now = time.Date(l.now.Year(), l.now.Month(), l.now.Day(), 0, 30, 0, 0, time.UTC)
	l.due()
	polls := int64(0)
	l.answer = func(tracking.Due) (source.FetchResult, error) {
		polls++
		return source.FetchResult{Account: &source.Account{DisplayName: "Alice", Followers: figure(100 + polls)}}, nil
	}
	l.pass(3*day, time.Hour)
	if got := scan[int](l.fixture, `SELECT count(*) FROM follower_metrics`); got != 3 {
		t.Errorf("%d rows of three days", got)
	}
	if got := scan[int64](l.fixture, `SELECT followers FROM sources`); got != 100+polls {
		t.Errorf("latest followers %d, want %d", got, 100+polls)
	}
	if got := scan[uuid.UUID](l.fixture, `SELECT DISTINCT source_id FROM follower_metrics`); got != src {
		t.Errorf("of source %s", got)
	}
}

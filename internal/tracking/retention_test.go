package tracking_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
)

func (l *life) sweep() {
	l.t.Helper()
	if err := l.fixture.polls.Sweep(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
}

// archive is a life in which tenants track one channel with a post a day for a year, with figures.
func archive(t *testing.T, tenants ...string) (l *life, clients []uuid.UUID) {
	l = newLife(t)
	src := l.add(source.YouTube, "channel")
	for i, tier := range tenants {
		client, brand, group := l.tenant(fmt.Sprintf("2000000000000000%02d", i))
		l.exec(`UPDATE subscriptions SET tier = $2 WHERE client_id = $1`, client, tier)
		l.track(client, brand, group, src)
		clients = append(clients, client)
	}
	var posts source.FetchResult
	for n := range 365 {
		posts.Posts = append(posts.Posts, source.Post{
			ExternalID: fmt.Sprint("v", n), Kind: source.KindVideo, Title: "V", PublishedAt: l.now.Add(-time.Duration(n)*day - time.Hour),
			Metrics: &source.Metrics{Views: figure(int64(n))},
		})
	}
	l.answer = func(tracking.Due) (source.FetchResult, error) { return posts, nil }
	l.turn()
	return l, clients
}

func (l *life) count(table string, client uuid.UUID) int {
	l.t.Helper()
	return scan[int](l.fixture, `SELECT count(*) FROM `+table+` WHERE client_id = $1`, client)
}

func TestEachTenantKeepsWhatItsPlanKeeps(t *testing.T) {
	t.Parallel()
	l, clients := archive(t, "free", "enterprise")
	l.sweep()
	if free, all := l.count("posts", clients[0]), l.count("posts", clients[1]); free != 90 || all != 365 {
		t.Errorf("%d and %d posts, want 90 and 365", free, all)
	}
	if got := scan[int](l.fixture, `SELECT count(*) FROM post_metrics`); got != 365 {
		t.Errorf("%d snapshots while a tenant has the posts", got)
	}
	l.exec(`UPDATE subscriptions SET tier = 'free', grace_until = $1`, l.now.Add(time.Hour))
	l.sweep()
	if got := l.count("posts", clients[1]); got != 365 {
		t.Errorf("%d posts during the grace of a downgrade", got)
	}
	l.now = l.now.Add(2 * time.Hour)
	l.sweep()
	if got := l.count("posts", clients[1]); got != 90 {
		t.Errorf("%d posts after the grace", got)
	}
	if got := scan[int](l.fixture, `SELECT count(*) FROM post_metrics`); got != 90 {
		t.Errorf("%d snapshots, want those of 90 posts", got)
	}
}

func TestAPostThatWasSweptAndIsStillShownDoesNotComeBack(t *testing.T) {
	t.Parallel()
	l, clients := archive(t, "free")
	l.sweep()
	before := l.count("posts", clients[0])
	l.due()
	l.turn()
	if got := l.count("posts", clients[0]); got != before {
		t.Errorf("%d posts, before %d", got, before)
	}
	if got := l.count("deliveries", clients[0]); got != 0 {
		t.Errorf("%d deliveries", got)
	}
}

func TestSweepingDoesNotWaitForWhoUsesAPost(t *testing.T) {
	t.Parallel()
	l, clients := archive(t, "free")
	err := l.admin.InTx(t.Context(), func(tx store.Conn) error {
		if _, err := tx.Exec(t.Context(), `SELECT FROM posts ORDER BY published_at LIMIT 5 FOR UPDATE`); err != nil {
			return err
		}
		l.sweep()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := l.count("posts", clients[0]); got != 95 {
		t.Errorf("%d posts left, want 90 and the 5 in use", got)
	}
	l.sweep()
	if got := l.count("posts", clients[0]); got != 90 {
		t.Errorf("%d posts left", got)
	}
}

func TestARemovedTenantsDataGoesAfterAMonthAndItsLogStays(t *testing.T) {
	t.Parallel()
	l, clients := archive(t, "pro", "pro")
	gone, stays := clients[0], clients[1]
	l.exec(`UPDATE clients SET removed_at = $2 WHERE id = $1`, gone, l.now)
	l.now = l.now.Add(29 * day)
	l.sweep()
	if l.count("client_accounts", gone) != 1 || l.count("posts", gone) == 0 {
		t.Fatal("the data was deleted within the month")
	}
	l.now = l.now.Add(2 * day)
	l.sweep()
	l.sweep()
	for _, table := range []string{"posts", "client_accounts", "account_groups", "brands", "guild_channels", "deliveries", "usage_daily"} {
		if got := l.count(table, gone); got != 0 {
			t.Errorf("%s has %d rows of it", table, got)
		}
		if table != "deliveries" && l.count(table, stays) == 0 {
			t.Errorf("%s lost the other tenant's rows", table)
		}
	}
	if got := scan[string](l.fixture, `SELECT string_agg(action, ',') FROM audit_log WHERE client_id = $1`, gone); got != "guild.purged" {
		t.Errorf("log %s", got)
	}
	if l.count("guild_settings", gone) != 1 || l.count("subscriptions", gone) != 1 {
		t.Error("the settings or the plan are gone")
	}
}

func TestASourceThatNobodyTracksGoesAfterAWeek(t *testing.T) {
	t.Parallel()
	l, _ := archive(t, "pro")
	l.exec(`DELETE FROM client_accounts`)
	l.due()
	l.turn()
	l.now = l.now.Add(6 * day)
	l.sweep()
	if got := scan[int](l.fixture, `SELECT count(*) FROM sources`); got != 1 {
		t.Fatal("it went within the week")
	}
	l.now = l.now.Add(2 * day)
	l.sweep()
	if got := scan[int](l.fixture, `SELECT (SELECT count(*) FROM sources) + (SELECT count(*) FROM source_posts) + (SELECT count(*) FROM post_metrics)`); got != 0 {
		t.Errorf("%d rows left", got)
	}
}

func TestFollowersOlderThanAnyPlanKeepsGo(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	src := l.add(source.Bluesky, "alice")
	l.exec(`INSERT INTO follower_metrics SELECT $1, $2::timestamptz - n * interval '1 day', n FROM generate_series(0, 1999) n`, src, l.now)
	l.sweep()
	if got := scan[int](l.fixture, `SELECT count(*) FROM follower_metrics`); got != 1096 {
		t.Errorf("%d days left, want 1096", got)
	}
}

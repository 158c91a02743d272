package tracking_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/guild"
	"trackbot/internal/tracking"
)

func TestASuspendedTenantIsNotTrackedForAndAnnouncesNothingOfItAfterwards(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	src := f.source(1)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, src)
	other, brand, group := f.tenant("200000000000000002")
	f.track(other, brand, group, src)
	f.poll(f.posts("a"))
	desk, operator := guild.New(f.admin, guild.Config{}), audit.By{Actor: audit.Actor{ID: "operator", Type: audit.System}, Source: audit.FromSystem}
	if _, err := desk.Suspend(t.Context(), operator, client, "unpaid"); err != nil {
		t.Fatal(err)
	}
	f.poll(f.posts("a", "b"))
	has := func(client uuid.UUID) string {
		return fmt.Sprint(scan[int](f, `SELECT count(*) FROM posts WHERE client_id = $1`, client), " posts, ",
			scan[int](f, `SELECT count(*) FROM deliveries WHERE client_id = $1`, client), " deliveries, ",
			scan[int](f, `SELECT polls FROM usage_daily WHERE client_id = $1`, client), " polls")
	}
	if got := has(client); got != "1 posts, 0 deliveries, 1 polls" {
		t.Errorf("while suspended: %s", got)
	}
	if got := has(other); got != "2 posts, 1 deliveries, 2 polls" {
		t.Errorf("another tenant of the same account: %s", got)
	}
	if _, err := desk.Resume(t.Context(), operator, client, "paid"); err != nil {
		t.Fatal(err)
	}
	f.poll(f.posts("a", "b", "c"))
	f.poll(f.posts("a", "b", "c", "d"))
	if got := has(client); got != "4 posts, 1 deliveries, 3 polls" {
		t.Errorf("after the suspension: %s, want what was missed stored and only the newest announced", got)
	}
	if got := has(other); got != "4 posts, 3 deliveries, 4 polls" {
		t.Errorf("another tenant in the end: %s", got)
	}
}

func TestWhatOnlyASuspendedTenantTracksLeavesTheScheduleUnasked(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, f.source(1))
	f.poll(f.posts("a"))
	desk := guild.New(f.admin, guild.Config{})
	if _, err := desk.Suspend(t.Context(), audit.By{Actor: audit.Actor{ID: "operator", Type: audit.System}, Source: audit.FromSystem}, client, "unpaid"); err != nil {
		t.Fatal(err)
	}
	f.now = time.Now().Add(time.Second)
	due := f.claim()
	if !due.Untracked() {
		t.Fatal("somebody is said to track it")
	}
	if err := f.polls.Finish(t.Context(), []tracking.Finished{f.polls.Left(due)}); err != nil {
		t.Fatal(err)
	}
	if got := scan[string](f, `SELECT state || ' ' || coalesce(next_poll_at::text, 'not due') FROM sources`); got != "ok not due" {
		t.Errorf("the source is %s", got)
	}
	if got := scan[int](f, `SELECT sum(polls) FROM usage_daily`); got != 1 {
		t.Errorf("%d polls are counted", got)
	}
}

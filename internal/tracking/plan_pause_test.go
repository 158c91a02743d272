package tracking_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/source"
	"trackbot/internal/store"
)

// downgraded is a life in which a tenant with 14 accounts is in the grace of the free plan, which has room for 10.
func downgraded(t *testing.T) (l *life, client uuid.UUID) {
	l = newLife(t)
	client, brand, group := l.tenant("200000000000000001")
	for n := range 14 {
		src := l.add(source.RSS, fmt.Sprintf("h%d.test", n))
		l.exec(`UPDATE sources SET display_name = $2 WHERE id = $1`, src, fmt.Sprintf("Account %d", n))
		account := l.track(client, brand, group, src)
		l.exec(`UPDATE client_accounts SET created_at = $2 WHERE id = $1`, account, l.now.Add(time.Duration(n)*time.Hour-day))
	}
	l.pass(10*time.Minute, 5*time.Minute)
	l.exec(`UPDATE subscriptions SET tier = 'free', grace_until = $1`, l.now.Add(10*day))
	return l, client
}

func (l *life) pausedByPlan() string {
	l.t.Helper()
	return scan[string](l.fixture, `SELECT coalesce(string_agg(s.display_name, ', ' ORDER BY a.created_at), '') FROM client_accounts a
		JOIN sources s ON s.id = a.source_id WHERE a.paused = 'paused_by_plan'`)
}

func (l *life) keepPlans() {
	l.t.Helper()
	if err := l.fixture.polls.KeepPlans(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
}

func (l *life) resume() {
	l.t.Helper()
	if err := l.fixture.polls.ResumeByPlan(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
}

func TestTheNewestAccountsBeyondASmallerPlanArePausedAfterTheGraceAndTold(t *testing.T) {
	t.Parallel()
	l, client := downgraded(t)
	for range 3 {
		l.keepPlans()
		l.now = l.now.Add(3 * day)
	}
	if got := l.pausedByPlan(); got != "" {
		t.Fatalf("paused in the grace: %s", got)
	}
	l.wantNotices(client, "The free plan tracks 10 accounts")
	l.now = l.now.Add(2 * day)
	l.keepPlans()
	l.keepPlans()
	if got, want := l.pausedByPlan(), "Account 10, Account 11, Account 12, Account 13"; got != want {
		t.Errorf("paused %s, want %s", got, want)
	}
	l.wantNotices(client, "The free plan tracks 10 accounts", "The free plan tracks 10 accounts")
	body := scan[string](l.fixture, `SELECT payload ->> 'body' FROM deliveries WHERE kind = 'notice' ORDER BY seq DESC LIMIT 1`)
	if !strings.Contains(body, "Account 10") || !strings.Contains(body, "Account 13") || strings.Contains(body, "Account 9") {
		t.Errorf("the manager is told: %s", body)
	}
	if got := scan[int](l.fixture, `SELECT count(*) FROM audit_log WHERE action = 'account.paused' AND actor_type = 'system'`); got != 4 {
		t.Errorf("%d entries in the log", got)
	}
	l.turn()
	if got := scan[int](l.fixture, `SELECT count(*) FROM sources WHERE next_poll_at IS NULL`); got != 4 {
		t.Errorf("%d sources have left the schedule", got)
	}
}

func TestWhatThePlanPausedGoesOnWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	l, _ := downgraded(t)
	l.now = l.now.Add(11 * day)
	l.keepPlans()
	l.turn()
	l.resume()
	if got := strings.Count(l.pausedByPlan(), "Account"); got != 4 {
		t.Fatalf("%d accounts are paused without room", got)
	}
	l.exec(`DELETE FROM client_accounts a USING sources s WHERE s.id = a.source_id AND s.display_name = 'Account 3'`)
	l.resume()
	if got, want := l.pausedByPlan(), "Account 11, Account 12, Account 13"; got != want {
		t.Errorf("paused %s, want %s", got, want)
	}
	l.exec(`UPDATE subscriptions SET tier = 'pro', grace_until = NULL`)
	l.resume()
	if got := l.pausedByPlan(); got != "" {
		t.Errorf("still paused on the larger plan: %s", got)
	}
	if got := scan[int](l.fixture, `SELECT count(*) FROM client_accounts a JOIN sources s ON s.id = a.source_id WHERE a.paused IS NULL AND s.next_poll_at IS NULL`); got != 0 {
		t.Errorf("%d resumed accounts are not polled", got)
	}
}

func TestARemovalWithinTheGraceSavesTheOthers(t *testing.T) {
	t.Parallel()
	l, client := downgraded(t)
	l.exec(`DELETE FROM client_accounts a USING sources s WHERE s.id = a.source_id AND s.display_name IN ('Account 0', 'Account 1', 'Account 2', 'Account 3')`)
	l.now = l.now.Add(11 * day)
	l.keepPlans()
	if got := l.pausedByPlan(); got != "" {
		t.Errorf("paused %s", got)
	}
	l.wantNotices(client)
}

func TestATenantThatCannotBeHeldToItsPlanKeepsNoOther(t *testing.T) {
	t.Parallel()
	l, client := downgraded(t)
	broken, brand, group := l.tenant("200000000000000002")
	for n := range 11 {
		l.track(broken, brand, group, l.add(source.RSS, fmt.Sprintf("b%d.test", n)))
	}
	l.exec(`UPDATE subscriptions SET tier = 'free', grace_until = $1 WHERE client_id = $2`, l.now.Add(-time.Hour), broken)
	l.exec(`UPDATE subscriptions SET grace_until = $1 WHERE client_id = $2`, l.now.Add(-time.Minute), client)
	entry := audit.Entry{ClientID: broken, By: audit.By{Actor: audit.Actor{ID: "a", Type: audit.System}, Source: audit.FromSystem}, Action: audit.GuildPurged, TargetType: audit.TargetGuild, TargetID: "g"}
	err := l.admin.InTx(t.Context(), func(tx store.Conn) error { return audit.Append(t.Context(), tx, entry) })
	if err != nil {
		t.Fatal(err)
	}
	l.exec(`UPDATE audit_heads SET seq = 0 WHERE client_id = $1`, broken) // as somebody may who tampers with the log
	err = l.fixture.polls.KeepPlans(t.Context())
	if err == nil || !strings.Contains(err.Error(), broken.String()) {
		t.Errorf("keep plans = %v", err)
	}
	if got, want := l.pausedByPlan(), "Account 10, Account 11, Account 12, Account 13"; got != want {
		t.Errorf("paused %q, want %q", got, want)
	}
}

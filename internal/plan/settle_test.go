package plan_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/plan"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
	"trackbot/internal/testkit"
)

// shop is a database with tenants, and the stores of those who sell and settle.
type shop struct {
	t                       testing.TB
	admin, api, bot, worker *store.Store
}

func newShop(t testing.TB) *shop {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	open := func(role store.Role) *store.Store {
		st, err := store.Open(t.Context(), url, role, store.WithMaxConns(6))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(st.Close)
		return st
	}
	return &shop{t: t, admin: open(store.RoleAdmin), api: open(store.RoleAPI), bot: open(store.RoleBot), worker: open(store.RoleWorker)}
}

func (s *shop) exec(sql string, args ...any) {
	s.t.Helper()
	if _, err := s.admin.Shared().Exec(s.t.Context(), sql, args...); err != nil {
		s.t.Fatal(err)
	}
}

func one[T any](s *shop, sql string, args ...any) T {
	s.t.Helper()
	var v T
	if err := s.admin.Shared().QueryRow(s.t.Context(), sql, args...).Scan(&v); err != nil {
		s.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func (s *shop) tenant(guildID string) uuid.UUID {
	s.t.Helper()
	id := uuid.Must(uuid.NewV7())
	s.exec("INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, 'N', $2)", id, guildID)
	s.exec("INSERT INTO guild_settings (client_id) VALUES ($1)", id)
	s.exec("INSERT INTO subscriptions (client_id) VALUES ($1)", id)
	return id
}

func (s *shop) of(client uuid.UUID) db.Entitlement {
	s.t.Helper()
	e, err := plan.Of(s.t.Context(), s.api.Tenant(client), client)
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

func operator() audit.By {
	return audit.By{Actor: audit.Actor{ID: "operator", Type: audit.System}, Source: audit.FromSystem}
}

// set gives an operator's word at a moment.
func (s *shop) set(client uuid.UUID, tier string, until *time.Time, now time.Time) {
	s.t.Helper()
	err := s.admin.InTx(s.t.Context(), func(tx store.Conn) error {
		_, err := plan.Set(s.t.Context(), tx, plan.Word{ClientID: client, Tier: tier, Until: until, Reason: "because", By: operator()}, now)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestALargerPlanHoldsAtOnceAndASmallerOneAfterItsGrace(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	client := s.tenant("100000000000000001")
	if e := s.of(client); e.Tier != plan.Free || e.Accounts != 10 || e.ApiRequestsPerMinute != 60 || e.GraceUntil != nil {
		t.Fatalf("at first %+v", e)
	}
	s.set(client, plan.Pro, nil, time.Now())
	if e := s.of(client); e.Tier != plan.Pro || e.Accounts != 250 || e.ApiRequestsPerMinute != 300 || e.GraceUntil != nil || e.Source != string(plan.Operator) {
		t.Fatalf("on the larger plan %+v", e)
	}
	s.set(client, plan.Free, nil, time.Now())
	e := s.of(client)
	if e.Tier != plan.Free || e.GraceTier == nil || *e.GraceTier != plan.Pro || e.GraceUntil == nil || time.Until(*e.GraceUntil) < plan.GraceTime-time.Minute {
		t.Fatalf("on the smaller plan %+v", e)
	}
	if e.Accounts != 10 || e.Brands != 3 {
		t.Errorf("in the grace there is room for %d accounts and %d brands", e.Accounts, e.Brands)
	}
	if e.ApiRequestsPerMinute != 300 || e.RetentionDays != 365 || e.MinPollSeconds != 300 || e.NotificationsPerDay != 5000 || e.ExportRows != 250000 {
		t.Errorf("in the grace other limits hold than the former plan's: %+v", e)
	}
	s.exec("UPDATE subscriptions SET grace_until = now() - interval '1 second'")
	if e := s.of(client); e.ApiRequestsPerMinute != 60 || e.RetentionDays != 90 || e.Accounts != 10 {
		t.Errorf("after the grace %+v", e)
	}
}

func TestEachChangeOfAPlanIsInTheLogWithItsReason(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	client := s.tenant("100000000000000001")
	s.set(client, plan.Pro, nil, time.Now())
	s.set(client, plan.Pro, nil, time.Now())
	if n := one[int](s, "SELECT count(*) FROM audit_log WHERE action = 'plan.changed'"); n != 1 {
		t.Errorf("%d entries for one change", n)
	}
	changes := one[string](s, "SELECT changes FROM audit_log")
	for _, want := range []string{`"field":"tier","old":"free","new":"pro"`, `"field":"source","old":"default","new":"operator"`, `"field":"reason","old":null,"new":"because"`} {
		if !strings.Contains(changes, want) {
			t.Errorf("the log lacks %s: %s", want, changes)
		}
	}
}

func TestAnOperatorsWordEndsByItself(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	client := s.tenant("100000000000000001")
	until := time.Now().Add(time.Hour)
	s.set(client, plan.Enterprise, &until, time.Now())
	review := func(at time.Time) {
		t.Helper()
		if err := plan.Review(t.Context(), s.worker, at); err != nil {
			t.Fatal(err)
		}
	}
	review(until.Add(-time.Minute))
	if e := s.of(client); e.Tier != plan.Enterprise || e.EndsAt == nil {
		t.Fatalf("before the end %+v", e)
	}
	review(until.Add(time.Second))
	if e := s.of(client); e.Tier != plan.Free || e.Source != string(plan.Default) || e.GraceTier == nil || *e.GraceTier != plan.Enterprise {
		t.Errorf("after the end %+v", e)
	}
	if n := one[int](s, "SELECT count(*) FROM subscriptions WHERE review_at IS NOT NULL"); n != 0 {
		t.Error("it is to be reviewed again")
	}
}

func TestATenantWhosePlanCannotBeSettledKeepsNoOther(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	until := time.Now().Add(time.Hour)
	broken, well := s.tenant("100000000000000001"), s.tenant("100000000000000002")
	for _, client := range []uuid.UUID{broken, well} {
		until = until.Add(time.Second)
		s.set(client, plan.Pro, &until, time.Now())
	}
	s.exec("UPDATE audit_heads SET seq = 0 WHERE client_id = $1", broken) // as somebody may who tampers with the log
	err := plan.Review(t.Context(), s.worker, until.Add(time.Second))
	if err == nil || !strings.Contains(err.Error(), broken.String()) {
		t.Errorf("review = %v", err)
	}
	if e := s.of(well); e.Tier != plan.Free {
		t.Errorf("the other tenant is on %s still", e.Tier)
	}
	if e := s.of(broken); e.Tier != plan.Pro {
		t.Errorf("a plan was changed without a trace to %s", e.Tier)
	}
}

func TestAnOperatorsWordIsTakenBack(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	client := s.tenant("100000000000000001")
	s.exec(`INSERT INTO plan_grants (source, id, holder, client_id, tier, live, event_at) VALUES ('stripe', 'sub_1', 'cus_1', $1, 'pro', true, now())`, client)
	s.set(client, plan.Enterprise, nil, time.Now())
	err := s.admin.InTx(t.Context(), func(tx store.Conn) error {
		change, had, err := plan.TakeBack(t.Context(), tx, plan.Word{ClientID: client, By: operator()}, time.Now())
		if change.From != plan.Enterprise || change.To != plan.Pro || change.Source != plan.Stripe || !had {
			t.Errorf("%+v, %t", change, had)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if e := s.of(client); e.Tier != plan.Pro || e.Source != string(plan.Stripe) {
		t.Errorf("bought is pro, it is on %s by %s", e.Tier, e.Source)
	}
}

// A query that worked out a tenant's limits by itself would not know of graces.
func TestLimitsAreReadFromTheOneViewAlone(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../store/queries/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no queries", err)
	}
	plans := regexp.MustCompile(`(?i)\b(from|join)\s+plans\b`)
	subscriptions := regexp.MustCompile(`(?i)\b(from|join)\s+subscriptions\b`)
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, query := range strings.Split(string(text), "-- name: ") {
			if plans.MatchString(query) && subscriptions.MatchString(query) {
				t.Errorf("%s: query %s joins plans and subscriptions", filepath.Base(name), strings.Fields(query)[0])
			}
		}
	}
}

package usage_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
	"trackbot/internal/usage"
)

// meter is a tenant that has used something, read at a quarter past ten in the evening of 22 November.
type meter struct {
	t      *testing.T
	admin  *store.Store
	reader *usage.Reader
	client uuid.UUID
}

func newMeter(t *testing.T) *meter {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	open := func(role store.Role) *store.Store {
		st, err := store.Open(t.Context(), url, role, store.WithMaxConns(2))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(st.Close)
		return st
	}
	// The clock is of a zone in which it is the 23rd already.
	now := func() time.Time { return time.Date(2026, 11, 23, 11, 15, 0, 0, time.FixedZone("UTC+13", 13*3600)) }
	m := &meter{t: t, admin: open(store.RoleAdmin), reader: usage.NewReader(open(store.RoleAPI), now)}
	m.tenant("100000000000000002")
	m.use("2026-11-22", 900)
	m.client = m.tenant("100000000000000001")
	return m
}

func (m *meter) exec(sql string, args ...any) {
	m.t.Helper()
	if _, err := m.admin.Shared().Exec(m.t.Context(), sql, args...); err != nil {
		m.t.Fatal(err)
	}
}

func (m *meter) tenant(guildID string) uuid.UUID {
	m.t.Helper()
	m.client = uuid.Must(uuid.NewV7())
	m.exec("INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, 'N', $2)", m.client, guildID)
	m.exec("INSERT INTO subscriptions (client_id, tier) VALUES ($1, 'pro')", m.client)
	return m.client
}

func (m *meter) use(day string, polls int) {
	m.t.Helper()
	m.exec("INSERT INTO usage_daily VALUES ($1, $2::text::date, $3::int, $3::int + 1, $3::int + 2, $3::int + 3, $3::int + 4, $3::int + 5)", m.client, day, polls)
}

func date(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC)
}

func TestReportFillsTheDaysWithoutUse(t *testing.T) {
	t.Parallel()
	m := newMeter(t)
	m.use("2026-10-23", 1000) // the day before the first
	m.use("2026-10-24", 10)
	m.use("2026-11-22", 20)
	rep, err := m.reader.Report(t.Context(), m.client, time.Time{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if !rep.From.Equal(date(10, 24)) || !rep.To.Equal(date(11, 23)) || len(rep.Days) != usage.DefaultDays || rep.Plan.Tier != "pro" {
		t.Fatalf("%d days from %v to %v on plan %s", len(rep.Days), rep.From, rep.To, rep.Plan.Tier)
	}
	for i, d := range rep.Days {
		want := map[int]int64{0: 10, 29: 20}[i]
		if !d.Day.Equal(date(10, 24+i)) || d.Polls != want || d.ClientID != m.client {
			t.Errorf("day %d: %+v", i, d)
		}
	}
	if s := rep.Total; s.Polls != 30 || s.PostsTracked != 32 || s.NotificationsSent != 34 || s.ApiRequests != 36 || s.ApiRefused != 40 || s.Exports != 38 {
		t.Errorf("total %+v", s)
	}
}

func TestReportCoversTheWholeDaysOfThePeriod(t *testing.T) {
	t.Parallel()
	m := newMeter(t)
	tokyo := time.FixedZone("UTC+9", 9*3600)
	for name, c := range map[string]struct {
		from, to, first, end time.Time
	}{
		"midnights":            {date(3, 1), date(3, 3), date(3, 1), date(3, 3)},
		"within one day":       {date(3, 1).Add(time.Hour), date(3, 1).Add(2 * time.Hour), date(3, 1), date(3, 2)},
		"over midnight":        {date(3, 1).Add(time.Hour), date(3, 2).Add(1), date(3, 1), date(3, 3)},
		"of another zone":      {time.Date(2026, 3, 1, 0, 0, 0, 0, tokyo), time.Date(2026, 3, 2, 0, 0, 0, 0, tokyo), date(2, 28), date(3, 2)},
		"no end":               {date(11, 22), time.Time{}, date(11, 22), date(11, 23)},
		"no start":             {time.Time{}, date(3, 31), date(3, 1), date(3, 31)},
		"the longest":          {date(3, 1), date(3, 1).AddDate(0, 0, usage.MaxDays), date(3, 1), date(3, 1).AddDate(0, 0, usage.MaxDays)},
		"over a leap day":      {time.Date(2028, 2, 28, 0, 0, 0, 0, time.UTC), time.Date(2028, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2028, 2, 28, 0, 0, 0, 0, time.UTC), time.Date(2028, 3, 1, 0, 0, 0, 0, time.UTC)},
		"before the year 1000": {time.Date(900, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(900, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(900, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(900, 1, 2, 0, 0, 0, 0, time.UTC)},
	} {
		rep, err := m.reader.Report(t.Context(), m.client, c.from, c.to)
		if err != nil || !rep.From.Equal(c.first) || !rep.To.Equal(c.end) || len(rep.Days) != int(c.end.Sub(c.first)/(24*time.Hour)) {
			t.Errorf("%s: %d days from %v to %v, %v", name, len(rep.Days), rep.From, rep.To, err)
		}
	}
}

func TestReportRefusesPeriodsTooLongOrEmpty(t *testing.T) {
	t.Parallel()
	m := newMeter(t)
	for name, c := range map[string]struct{ from, to time.Time }{
		"a day too long":  {date(3, 1), date(3, 1).AddDate(0, 0, usage.MaxDays).Add(1)},
		"since ever":      {time.Time{}.Add(time.Microsecond), time.Time{}},
		"empty":           {date(3, 1), date(3, 1)},
		"backwards":       {date(3, 2), date(3, 1)},
		"from the future": {date(11, 23), time.Time{}},
		"to the end":      {date(3, 1), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)},
	} {
		_, err := m.reader.Report(t.Context(), m.client, c.from, c.to)
		if f := fault.From(err); f == nil || f.Code != fault.ValidationFailed || len(f.Fields) != 1 || f.Fields[0].Name != "from" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

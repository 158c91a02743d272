package limit_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/limit"
)

func TestManagersAreToldOnceADayThatManyRequestsWereRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client, quiet := w.tenant(t, "free"), w.tenant(t, "free")
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := w.admin.Shared().Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []uuid.UUID{client, quiet} {
		exec(`INSERT INTO guild_settings (client_id, default_channel_id) VALUES ($1, '500000000000000001') ON CONFLICT (client_id) DO UPDATE SET default_channel_id = excluded.default_channel_id`, id)
		exec(`INSERT INTO guild_channels (client_id, id, name, type, can_send) VALUES ($1, '500000000000000001', 'news', 'text', true)`, id)
	}
	number := func(sql string, args ...any) (n int64) {
		t.Helper()
		if err := w.admin.Shared().QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	meter := limit.NewMeter(w.api, slog.New(slog.DiscardHandler), w.now)
	l := limit.New(w.api, limit.Config{Patience: patience, Now: w.now, Meter: meter})
	key := uuid.Must(uuid.NewV7())
	refuse := func(times int) {
		t.Helper()
		for refused := 0; refused < times; {
			v := l.Key(t.Context(), client, key)
			if v.Refused {
				refused++
			}
			if v.Refused && refused < times { // as the frame does while a refusal stands
				l.Again(v)
				refused++
			}
		}
		if err := meter.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	told := func() int64 {
		return number(`SELECT count(*) FROM deliveries WHERE client_id = $1 AND kind = 'notice'`, client)
	}
	refuse(limit.RefusedWorthAWord - 1)
	if n := told(); n != 0 {
		t.Errorf("told %d times of a busy minute", n)
	}
	refuse(1)
	refuse(500)
	if n := told(); n != 1 {
		t.Errorf("told %d times on one day", n)
	}
	if n := number(`SELECT api_refused FROM usage_daily WHERE client_id = $1`, client); n != limit.RefusedWorthAWord+500 {
		t.Errorf("%d refusals are counted", n)
	}
	w.pass(t, 24*time.Hour)
	refuse(limit.RefusedWorthAWord + 1)
	if n := told(); n != 2 {
		t.Errorf("told %d times on two days", n)
	}
	l.Tenant(t.Context(), quiet)
	if err := meter.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := number(`SELECT coalesce(sum(api_refused), 0) FROM usage_daily WHERE client_id = $1`, quiet); n != 0 {
		t.Errorf("%d refusals of somebody who was not", n)
	}
}

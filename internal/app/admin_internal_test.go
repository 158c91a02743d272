package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"trackbot/internal/audit"
	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// desk is the operator's, over a world with two tenants.
type desk struct {
	*deliverytest.World
	one, two *deliverytest.Client
	q        *db.Queries
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{World: deliverytest.New(t), q: db.New()}
	d.one, d.two = d.Client(t), d.Client(t)
	d.Exec(t, `INSERT INTO subscriptions (client_id, tier) SELECT id, 'pro' FROM clients`)
	return d
}

// run calls a command and decodes the JSON it prints.
func run(t *testing.T, command func(Output) error) map[string]any {
	t.Helper()
	var buf bytes.Buffer
	if err := command(Output{W: &buf, JSON: true}); err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(buf.Bytes(), &out); err != nil {
		t.Fatalf("%v: %s", err, buf.String())
	}
	return out
}

// text calls a command and returns what it prints for people.
func text(t *testing.T, command func(Output) error) string {
	t.Helper()
	var buf bytes.Buffer
	if err := command(Output{W: &buf}); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestReplaySendsTheDeadAgainOnceAndNotesItInTheAuditLog(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.one.Posts(t, 3)
	d.two.Posts(t, 1)
	d.Exec(t, `UPDATE deliveries SET state = 'dead', reason = 'unavailable'`)
	d.Exec(t, `UPDATE deliveries SET queued_at = now() - interval '3 days' WHERE client_id = $1 AND seq = (SELECT min(seq) FROM deliveries WHERE client_id = $1)`, d.one.ID)
	order := ReplayOrder{Since: 24 * time.Hour, DryRun: true, Limit: 100}
	replay := func(out Output) error { return replayDead(t.Context(), d.Admin, d.q, order, out) }
	got := run(t, replay)
	if by := got["leftByReason"].(map[string]any); got["found"] != 3.0 || got["replayed"] != 0.0 || by["unavailable"] != 3.0 {
		t.Errorf("dry run: %v", got)
	}
	if n := d.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'dead'`); n != 4 {
		t.Errorf("a dry run left %d dead", n)
	}
	order.DryRun, order.GuildID = false, d.one.Guild
	if got := text(t, replay); !strings.Contains(got, "2 of 2 dead deliveries are in their lines again") {
		t.Errorf("of one guild: %s", got)
	}
	order.GuildID = ""
	if got := run(t, replay); got["replayed"] != 1.0 {
		t.Errorf("of all: %v", got)
	}
	if got := run(t, replay); got["found"] != 0.0 {
		t.Errorf("again: %v", got)
	}
	if n := d.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'pending'`); n != 3 {
		t.Errorf("%d in their lines", n)
	}
	if n := d.Count(t, `SELECT count(*) FROM audit_log WHERE action = $1 AND actor_id = 'operator'`, string(audit.DeliveryReplayed)); n != 3 {
		t.Errorf("%d entries in the audit logs", n)
	}
	order.GuildID = "199999999999999999"
	if err := replay(Output{W: &bytes.Buffer{}}); err == nil || !strings.Contains(err.Error(), "is not known") {
		t.Errorf("of an unknown guild: %v", err)
	}
}

func TestAnIncidentThatIsClosedByHandLetsItsAccountsGo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const id = "0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d"
	d.Exec(t, `INSERT INTO platform_incidents (id, platform, host, started_at) VALUES ($1, 'bluesky', '', now() - interval '2 hours')`, id)
	d.Exec(t, `UPDATE sources SET state = 'incident', next_poll_at = now() + interval '1 day', failing_since = now(), failed_at = now()`)
	list := func(out Output) error { return listIncidents(t.Context(), d.Admin, d.q, out) }
	rows := run(t, list)["incidents"].([]any)
	if len(rows) != 1 || rows[0].(map[string]any)["held"] != 2.0 || rows[0].(map[string]any)["id"] != id {
		t.Errorf("listed %v", rows)
	}
	if got := text(t, func(out Output) error { return showStatus(t.Context(), d.Worker, out) }); !strings.Contains(got, id) || !strings.Contains(got, "notify") {
		t.Errorf("status:\n%s", got)
	}
	text(t, func(out Output) error { return closeIncident(t.Context(), d.Admin, id, out) })
	if n := d.Count(t, `SELECT count(*) FROM sources WHERE state <> 'incident' AND next_poll_at < now() + interval '1 hour'`); n != 2 {
		t.Errorf("%d accounts were let go", n)
	}
	if got := text(t, list); got != "no incidents\n" {
		t.Errorf("listed %q", got)
	}
	for _, which := range []string{id, "the-one-there"} {
		if err := closeIncident(t.Context(), d.Admin, which, Output{W: &bytes.Buffer{}}); err == nil || !strings.Contains(err.Error(), "admin incident list") {
			t.Errorf("close %s: %v", which, err)
		}
	}
}

func TestATenantIsShownWithWhatWaitsAndFailed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.one.Posts(t, 3)
	d.Exec(t, `UPDATE deliveries SET state = 'dead' WHERE seq = (SELECT min(seq) FROM deliveries)`)
	show := func(out Output) error { return showClient(t.Context(), d.Admin, d.q, d.one.Guild, out) }
	got := run(t, show)
	for name, want := range map[string]any{"guildId": d.one.Guild, "tier": "pro", "accounts": 1.0, "deliveriesWaiting": 2.0, "deliveriesDead": 1.0, "defaultChannelId": d.one.Channel, "removedAt": nil} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if s := text(t, show); !strings.Contains(s, "2 waiting, 0 held, 1 dead") {
		t.Errorf("for people:\n%s", s)
	}
	var byGuild, byClient bytes.Buffer
	err := errors.Join(show(Output{W: &byGuild}), showClient(t.Context(), d.Admin, d.q, d.one.ID.String(), Output{W: &byClient}))
	if err != nil || byGuild.Len() == 0 || byGuild.String() != byClient.String() {
		t.Errorf("by the client's own id: %v\n%s", err, byClient.String())
	}
	if err := showClient(t.Context(), d.Admin, d.q, "0193573a-7e1c-7c5e-8d50-000000000009", Output{W: &bytes.Buffer{}}); err == nil || !strings.Contains(err.Error(), "is not known") {
		t.Errorf("an unknown client: %v", err)
	}
	if err := showClient(t.Context(), d.Admin, d.q, "199999999999999999", Output{W: &bytes.Buffer{}}); err == nil || !strings.Contains(err.Error(), "is not known") {
		t.Errorf("an unknown guild: %v", err)
	}
	if rows := run(t, func(out Output) error { return listClients(t.Context(), d.Admin, d.q, out) })["clients"].([]any); len(rows) != 2 {
		t.Errorf("%d clients", len(rows))
	}
}

func TestEveryAuditLogIsVerifiedAndABrokenOneFails(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, c := range []*deliverytest.Client{d.one, d.two} {
		err := d.Admin.InTx(t.Context(), func(tx store.Conn) error {
			return audit.Append(t.Context(), tx, audit.Entry{ClientID: c.ID, By: byOperator(), Action: audit.PlanChanged, TargetType: audit.TargetPlan, TargetID: "pro"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	verify := func(out Output) error { return verifyAudits(t.Context(), d.Admin, d.q, out) }
	if logs := run(t, verify)["logs"].([]any); len(logs) != 2 {
		t.Errorf("%d logs", len(logs))
	}
	d.asOwner(t, `ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only`)
	d.asOwner(t, `ALTER TABLE audit_log NO FORCE ROW LEVEL SECURITY`)
	d.asOwner(t, `UPDATE audit_log SET target_id = 'free' WHERE client_id = '`+d.two.ID.String()+`'`)
	var buf bytes.Buffer
	err := verify(Output{W: &buf})
	if err == nil || !strings.Contains(err.Error(), "1 audit logs are broken") || !strings.Contains(buf.String(), d.two.Guild) || !strings.Contains(buf.String(), "BROKEN at entry 1") {
		t.Errorf("%v\n%s", err, buf.String())
	}
}

func (d *desk) asOwner(t *testing.T, sql string) {
	t.Helper()
	(&ward{env: map[string]string{"DATABASE_URL": d.URL}}).asOwner(t, sql)
}

func TestNamesOfFieldsAreThoseOfTheAPI(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"GuildID": "guildId", "ID": "id", "URL": "url", "ApiRequestsToday": "apiRequestsToday", "at": "at", "": ""} {
		if got := camel(name); got != want {
			t.Errorf("%s became %s, want %s", name, got, want)
		}
	}
}

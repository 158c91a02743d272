package httpapi_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/store"
)

// log writes an entry as the owner from the dashboard.
func (n *newsroom) log(action audit.Action, target audit.Target, id string, changes ...audit.Change) {
	n.t.Helper()
	n.must(n.admin.InTenantTx(n.t.Context(), n.client, func(tx store.Conn) error {
		return audit.Append(n.t.Context(), tx, audit.Entry{
			ClientID: n.client, Action: action, TargetType: target, TargetID: id, Changes: changes,
			By: audit.By{Actor: audit.Actor{ID: n.owner, Type: audit.User, Name: "Ann"}, Source: audit.FromDashboard, IP: netip.MustParseAddr("203.0.113.7")},
		})
	}))
}

// tamper runs SQL as the owner of the tables with the guards of the log taken down.
func (n *newsroom) tamper(sql string, args ...any) {
	n.t.Helper()
	n.must(n.admin.InTx(n.t.Context(), func(tx store.Conn) error {
		for _, step := range []string{"SET LOCAL ROLE NONE", "ALTER TABLE audit_log DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY"} {
			if _, err := tx.Exec(n.t.Context(), step); err != nil {
				return err
			}
		}
		tag, err := tx.Exec(n.t.Context(), sql, args...)
		if err == nil && tag.RowsAffected() != 1 {
			return fmt.Errorf("%d rows were tampered with", tag.RowsAffected())
		}
		return err
	}))
}

// audit reads the log and gives its entries as their targets.
func (n *newsroom) audit(query string) (targets []string) {
	n.t.Helper()
	for _, e := range decode[api.AuditEntryList](n.t, n.read("/audit?"+query)).Items {
		targets = append(targets, e.TargetID.MustGet())
	}
	return targets
}

func (n *newsroom) integrity(query string) api.AuditIntegrity {
	n.t.Helper()
	return decode[api.AuditEntryList](n.t, n.read("/audit?"+query)).Integrity
}

func TestAuditEntryTellsWhoChangedWhat(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	if l := decode[api.AuditEntryList](t, n.read("/audit")); len(l.Items) != 0 || l.Integrity.State != "unchecked" || l.Integrity.Entries != 0 {
		t.Errorf("of nothing: %+v", l)
	}
	if answer := n.change("POST", "/brands", `{"name":"Northwind"}`); answer.Code != 201 {
		t.Fatalf("got %d", answer.Code)
	}
	n.log(audit.SettingsUpdated, audit.TargetSettings, "s", audit.Change{Field: "quietHours", Old: nil, New: map[string]string{"start": "22:00"}}, audit.Change{Field: "apiToken", Old: "a", New: "b"})
	l := decode[api.AuditEntryList](t, n.read("/audit"))
	if len(l.Items) != 2 || l.Items[0].Seq != 2 || l.Items[1].Seq != 1 || l.Integrity.Entries != 2 {
		t.Fatalf("log %+v", l)
	}
	made := l.Items[1]
	if made.Action != "brand.created" || made.TargetType != "brand" || made.ActorID != n.owner || made.ActorType != "user" || made.ActorName.MustGet() != "newsroom" || made.Source != "dashboard" || time.Since(made.CreatedAt.Time) > time.Minute {
		t.Errorf("entry %+v", made)
	}
	set := l.Items[0]
	if raw, _ := json.Marshal(set.Changes); string(raw) != `[{"field":"quietHours","new":{"start":"22:00"},"old":null},{"field":"apiToken","new":"[redacted]","old":"[redacted]"}]` || set.IPAddress.MustGet() != "203.0.113.7" {
		t.Errorf("changes %s from %v", raw, set.IPAddress)
	}
}

func TestAuditIsFilteredAndPaged(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n, other := newNewsroom(t, w, "Newsroom"), newNewsroom(t, w, "Elsewhere")
	other.log(audit.BrandCreated, audit.TargetBrand, "theirs")
	var all []string
	for i := range 7 {
		action, target := audit.BrandCreated, audit.TargetBrand
		if i%2 == 1 {
			action, target = audit.AccountAdded, audit.TargetAccount
		}
		n.log(action, target, fmt.Sprint(i))
		all = append([]string{fmt.Sprint(i)}, all...)
	}
	n.tamper("UPDATE audit_log SET actor_id = 'bot-1', created_at = '2026-03-10T23:30:00Z' WHERE target_id = '0'")
	n.exec("UPDATE guild_settings SET timezone = 'Europe/Berlin' WHERE client_id = $1", n.client)
	if got := pages(n, "/audit", n.token,
		func(l api.AuditEntryList) ([]api.AuditEntry, *string) { return l.Items, nextOf(l.NextCursor) },
		func(e api.AuditEntry) string { return e.TargetID.MustGet() }); !slices.Equal(got, all) {
		t.Errorf("page by page %v", got)
	}
	for query, want := range map[string]string{
		"action=account.added": "5 3 1", "targetType=brand": "6 4 2 0", "actorId=bot-1": "0", "actorId=bot-1&action=account.added": "",
		"from=2026-03-11&to=2026-03-11": "0", "to=2026-03-10": "", "from=2999-01-01": "", "from=2026-03-12": "6 5 4 3 2 1", "action=brand.deleted": "",
	} {
		if got := strings.Join(n.audit(query), " "); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	for query, field := range map[string]string{"action=Brand": "action", "targetType=a.b": "targetType", "from=x": "from", "actor=1": "actor", "from=2026-03-02&to=2026-03-01": "to", "limit=0": "limit"} {
		if p := problemOf(t, n.read("/audit?"+query)); p.Code != "validation_failed" || fields(p)[field] == "" {
			t.Errorf("%s: %+v", query, p)
		}
	}
}

func TestMembersReadTheLogWithoutAddresses(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	n.log(audit.BrandCreated, audit.TargetBrand, "b")
	for token, want := range map[string]string{n.token: "203.0.113.7", n.member("mia"): ""} {
		l := decode[api.AuditEntryList](t, n.get("/guilds/"+n.guildID+"/audit", token))
		if got, _ := l.Items[0].IPAddress.Get(); len(l.Items) != 1 || got != want || l.Items[0].ActorName.IsNull() {
			t.Errorf("%+v, want the address %q", l.Items, want)
		}
	}
	if n.entries() != 1 {
		t.Error("to look is logged like a change")
	}
	n.exec("UPDATE guild_settings SET dashboard_access = 'managers' WHERE client_id = $1", n.client)
	max := n.member("max")
	wantProblem(t, problemOf(t, n.get("/guilds/"+n.guildID+"/audit", max)), fault.NotFound)
}

func TestAuditTellsHowItsChainStands(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n := newNewsroom(t, w, "Newsroom")
	worker := openStore(t, w.url, store.RoleWorker)
	n.exec("UPDATE guild_settings SET default_channel_id = $2 WHERE client_id = $1", n.client, n.channel())
	now := time.Now()
	check := func(at time.Time) {
		t.Helper()
		n.must(audit.NewChecker(worker, slog.New(slog.DiscardHandler), func() time.Time { return at }).Check(t.Context()))
	}
	for i := range 4 {
		n.log(audit.BrandCreated, audit.TargetBrand, fmt.Sprint(i))
	}
	if got := n.integrity(""); got.State != "unchecked" || got.Entries != 4 || !got.CheckedAt.IsNull() {
		t.Errorf("before the first check: %+v", got)
	}
	check(now)
	if got := n.integrity(""); got.State != "sound" || got.CheckedEntries != 4 || time.Since(got.CheckedAt.MustGet().Time) > time.Minute || !got.BrokenSeq.IsNull() {
		t.Errorf("checked: %+v", got)
	}
	n.log(audit.BrandDeleted, audit.TargetBrand, "4")
	if got := n.integrity(""); got.State != "sound" || got.Entries != 5 || got.CheckedEntries != 4 {
		t.Errorf("with a new entry: %+v", got)
	}
	check(now.Add(time.Minute))
	if got := n.integrity(""); got.CheckedEntries != 5 {
		t.Errorf("after the next check: %+v", got)
	}
	n.tamper("UPDATE audit_log SET actor_name = 'Bob' WHERE client_id = $1 AND seq = 2", n.client)
	if got := n.integrity(""); got.State != "broken" || got.BrokenSeq.MustGet() != 2 {
		t.Errorf("an altered entry that is shown: %+v", got)
	}
	if got := n.integrity("limit=1"); got.State != "sound" {
		t.Errorf("one that is not shown, before the daily check: %+v", got)
	}
	check(now.Add(25 * time.Hour))
	if got := n.integrity("limit=1"); got.State != "broken" || got.BrokenSeq.MustGet() != 2 || got.CheckedEntries != 1 {
		t.Errorf("after it: %+v", got)
	}
	told := func() int {
		return one[int](n, "SELECT count(*) FROM deliveries WHERE kind = 'notice' AND payload->>'title' LIKE '%tampered%' AND payload->>'body' LIKE 'Entry 2 %'")
	}
	if told() != 1 {
		t.Errorf("the managers are told %d times", told())
	}
	check(now.Add(50 * time.Hour))
	if told() != 1 {
		t.Errorf("the managers are told of one entry %d times", told())
	}
}

func TestAnEntryTakenOutIsNoticed(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n := newNewsroom(t, w, "Newsroom")
	for i := range 3 {
		n.log(audit.BrandCreated, audit.TargetBrand, fmt.Sprint(i))
	}
	n.tamper("DELETE FROM audit_log WHERE client_id = $1 AND seq = 2", n.client)
	n.must(audit.NewChecker(openStore(t, w.url, store.RoleWorker), slog.New(slog.DiscardHandler), time.Now).Check(t.Context()))
	if got := n.integrity(""); got.State != "broken" || got.BrokenSeq.MustGet() != 2 {
		t.Errorf("got %+v", got)
	}
}

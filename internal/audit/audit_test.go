package audit_test

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
	"trackbot/internal/testkit"
)

const guildID = "100000000000000001"

// world is a database with one tenant.
type world struct {
	url      string
	admin    *store.Store
	clientID uuid.UUID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{url: testkit.NewDB(t).OwnerURL, clientID: uuid.Must(uuid.NewV7())}
	w.admin = w.open(t, store.RoleAdmin)
	w.exec(t, "INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, 'Newsroom', '200000000000000001')", w.clientID, guildID)
	return w
}

func (w *world) open(t *testing.T, role store.Role) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), w.url, role)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	return st
}

func (w *world) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := w.admin.Shared().Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// tamper runs sql as the tables' owner with the guards of the log taken down.
func (w *world) tamper(t *testing.T, sql string, args ...any) {
	t.Helper()
	err := w.admin.InTx(t.Context(), func(tx store.Conn) error {
		for _, step := range []string{
			"SET LOCAL ROLE NONE",
			"ALTER TABLE audit_log DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY",
			"ALTER TABLE audit_heads NO FORCE ROW LEVEL SECURITY",
		} {
			if _, err := tx.Exec(t.Context(), step); err != nil {
				return err
			}
		}
		tag, err := tx.Exec(t.Context(), sql, args...)
		if err == nil && tag.RowsAffected() == 0 {
			return fmt.Errorf("nothing was tampered with")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) append(t *testing.T, st *store.Store, e audit.Entry) {
	t.Helper()
	if err := appendEntry(t.Context(), st, e); err != nil {
		t.Fatal(err)
	}
}

func appendEntry(ctx context.Context, st *store.Store, e audit.Entry) error {
	return st.InTenantTx(ctx, e.ClientID, func(tx store.Conn) error { return audit.Append(ctx, tx, e) })
}

func (w *world) entries(t *testing.T) []db.AuditLog {
	t.Helper()
	rows, err := db.New().ListAuditChain(t.Context(), w.admin.Shared(), db.ListAuditChainParams{
		ClientID: w.clientID, LastSeq: 1 << 40, MaxRows: 10_000,
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func (w *world) verify(t *testing.T) audit.Report {
	t.Helper()
	report, err := audit.Verify(t.Context(), w.admin.Shared(), w.clientID)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func (w *world) entry(target string) audit.Entry {
	return audit.Entry{
		ClientID: w.clientID,
		By: audit.By{
			Actor:  audit.Actor{ID: "300000000000000001", Type: audit.User, Name: "Manager"},
			Source: audit.FromDashboard, RequestID: "req-1", IP: netip.MustParseAddr("::ffff:192.0.2.7"), UserAgent: "Browser/1.0",
		},
		Action: audit.BrandUpdated, TargetType: audit.TargetBrand, TargetID: target,
		Changes: []audit.Change{{Field: "name", Old: "<b>", New: "Ünï & \x00"}},
	}
}

func TestEntryIsStoredAsItWasHashed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.append(t, w.open(t, store.RoleAPI), w.entry("b1"))
	rows := w.entries(t)
	if len(rows) != 1 {
		t.Fatalf("%d entries", len(rows))
	}
	got := rows[0]
	ip := netip.MustParseAddr("192.0.2.7")
	want := db.AuditLog{
		ClientID: w.clientID, Seq: 1, ID: got.ID, CreatedAt: got.CreatedAt, GuildID: guildID,
		ActorID: "300000000000000001", ActorType: "user", ActorName: "Manager", Action: "brand.updated",
		TargetType: "brand", TargetID: "b1", Changes: `[{"field":"name","old":"<b>","new":"Ünï & \u0000"}]`,
		Source: "dashboard", RequestID: "req-1", IpAddress: &ip, UserAgent: "Browser/1.0",
		OriginHash: got.OriginHash, Previous: make([]byte, 32), Hash: got.Hash, ActorAlias: got.ActorAlias, ActorHash: got.ActorHash,
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	if report := w.verify(t); report != (audit.Report{Entries: 1}) {
		t.Errorf("verify: %+v", report)
	}
}

func TestValuesPostgresCannotHoldAreTidiedAndSecretsMasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.entry("k1")
	e.By.Name, e.By.UserAgent = "a\x00b\xff", strings.Repeat("x", 2000)
	e.Changes = []audit.Change{{Field: "refreshToken", Old: nil, New: "tb_live_x"}, {Field: "scopes", Old: nil, New: []string{"read"}}}
	w.append(t, w.open(t, store.RoleBot), e)
	got := w.entries(t)[0]
	if got.ActorName != "ab\uFFFD" || len(got.UserAgent) != 512 {
		t.Errorf("actor %q, user agent of %d", got.ActorName, len(got.UserAgent))
	}
	if want := `[{"field":"refreshToken","old":null,"new":"[redacted]"},{"field":"scopes","old":null,"new":["read"]}]`; got.Changes != want {
		t.Errorf("changes %s", got.Changes)
	}
	if report := w.verify(t); report.BrokenSeq != 0 {
		t.Errorf("verify: %+v", report)
	}
}

func TestConcurrentAppendsLeaveNoGap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	st := w.open(t, store.RoleAPI)
	const writers, each = 8, 10
	errs := make(chan error, writers*each)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for j := range each {
				errs <- appendEntry(t.Context(), st, w.entry(fmt.Sprintf("b%d-%d", i, j)))
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	if report := w.verify(t); report != (audit.Report{Entries: writers * each}) {
		t.Errorf("verify: %+v", report)
	}
}

func TestEntryVanishesWithItsChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	st := w.open(t, store.RoleAPI)
	w.append(t, st, w.entry("b1"))
	failed := fmt.Errorf("the change failed")
	err := st.InTenantTx(t.Context(), w.clientID, func(tx store.Conn) error {
		if err := audit.Append(t.Context(), tx, w.entry("b2")); err != nil {
			return err
		}
		return failed
	})
	if err != failed { // InTenantTx hands it on unchanged
		t.Fatal(err)
	}
	w.append(t, st, w.entry("b3"))
	if report := w.verify(t); report != (audit.Report{Entries: 2}) {
		t.Errorf("verify: %+v", report)
	}
}

func TestTamperingIsFoundAtItsEntry(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		sql    string
		broken int64
	}{
		"altered field":    {"UPDATE audit_log SET actor_name = 'Somebody' WHERE seq = 3", 3},
		"altered actor":    {"UPDATE audit_log SET actor_id = '300000000000000002' WHERE seq = 3", 3},
		"altered alias":    {"UPDATE audit_log SET actor_alias = 'deleted-0', actor_id = 'deleted-0', actor_name = '' WHERE seq = 3", 3},
		"actor half gone":  {"UPDATE audit_log SET actor_id = actor_alias WHERE seq = 3", 3},
		"alias taken off":  {"UPDATE audit_log SET actor_alias = NULL, actor_hash = NULL WHERE seq = 3", 3},
		"altered changes":  {"UPDATE audit_log SET changes = '[]' WHERE seq = 2", 2},
		"altered time":     {"UPDATE audit_log SET created_at = created_at + interval '1 microsecond' WHERE seq = 5", 5},
		"altered address":  {"UPDATE audit_log SET ip_address = '192.0.2.8' WHERE seq = 4", 4},
		"altered agent":    {"UPDATE audit_log SET user_agent = '' WHERE seq = 4", 4},
		"taken out":        {"DELETE FROM audit_log WHERE seq = 2", 2},
		"tail taken off":   {"DELETE FROM audit_log WHERE seq >= 4", 4},
		"all taken out":    {"DELETE FROM audit_log", 1},
		"head moved back":  {"UPDATE audit_heads SET seq = 3, hash = (SELECT hash FROM audit_log WHERE seq = 3)", 4},
		"head forged":      {"UPDATE audit_heads SET hash = previous FROM audit_log WHERE audit_log.seq = 5", 5},
		"tail re-attached": {"UPDATE audit_log SET previous = (SELECT hash FROM audit_log WHERE seq = 1) WHERE seq = 3", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			st := w.open(t, store.RoleAPI)
			for i := range 5 {
				w.append(t, st, w.entry(fmt.Sprintf("b%d", i)))
			}
			w.tamper(t, tc.sql)
			if report := w.verify(t); report.BrokenSeq != tc.broken || report.Reason == "" || report.Entries != tc.broken-1 {
				t.Errorf("verify: %+v, want entry %d", report, tc.broken)
			}
		})
	}
}

func TestErasedOriginKeepsTheChainWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.append(t, w.open(t, store.RoleAPI), w.entry("b1"))
	w.tamper(t, "UPDATE audit_log SET ip_address = NULL, user_agent = ''")
	if report := w.verify(t); report != (audit.Report{Entries: 1}) {
		t.Errorf("verify: %+v", report)
	}
}

func TestErasureClearsOriginsAloneAndIsNoted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.open(t, store.RoleAPI)
	other := w.entry("b2")
	other.By.ID = "300000000000000002"
	w.append(t, api, w.entry("b1"))
	w.append(t, api, other)
	w.append(t, api, w.entry("b3"))
	before := w.kept(t)
	if n := w.erase(t, audit.Erasure{ActorID: other.By.ID}); n != 1 {
		t.Fatalf("erased %d", n)
	}
	if got := w.origins(t); got != "1 Browser/1.0,2 ,3 Browser/1.0,4 " {
		t.Errorf("origins are %q", got)
	}
	if n := w.erase(t, audit.Erasure{Before: time.Now().Add(-time.Hour)}); n != 0 {
		t.Errorf("erased %d from before the first entry", n)
	}
	if n := w.erase(t, audit.Erasure{}); n != 2 {
		t.Errorf("erased %d of the two that were left", n)
	}
	if n := w.erase(t, audit.Erasure{}); n != 0 {
		t.Errorf("erased %d of none", n)
	}
	if after := w.kept(t); !strings.HasPrefix(after, before) {
		t.Errorf("what is not an origin has changed:\n%s\n%s", before, after)
	}
	var notes string
	if err := w.admin.Shared().QueryRow(t.Context(), `SELECT string_agg(actor_id || ' ' || changes, ',' ORDER BY seq) FROM audit_log WHERE action = 'audit.origins_erased'`).Scan(&notes); err != nil {
		t.Fatal(err)
	}
	if want := `operator [{"field":"actorId","old":null,"new":"300000000000000002"},{"field":"entries","old":1,"new":0}],operator [{"field":"entries","old":2,"new":0}]`; notes != want {
		t.Errorf("noted %s", notes)
	}
	if report := w.verify(t); report != (audit.Report{Entries: 5}) {
		t.Errorf("verify: %+v", report)
	}
	// Others cannot, and an erasure that is not noted does not happen.
	err := api.InTenantTx(t.Context(), w.clientID, func(tx store.Conn) error {
		_, err := audit.Erase(t.Context(), tx, audit.Erasure{ClientID: w.clientID})
		return err
	})
	if err == nil {
		t.Error("the API erased origins")
	}
}

// erase erases as the operator.
func (w *world) erase(t *testing.T, e audit.Erasure) (n int64) {
	t.Helper()
	e.ClientID, e.By = w.clientID, audit.By{Actor: audit.Actor{ID: "operator", Type: audit.System, Name: "Operator"}, Source: audit.FromSystem}
	err := w.admin.InTx(t.Context(), func(tx store.Conn) (err error) {
		n, err = audit.Erase(t.Context(), tx, e)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *world) origins(t *testing.T) (list string) {
	t.Helper()
	if err := w.admin.Shared().QueryRow(t.Context(), "SELECT string_agg(seq || ' ' || user_agent, ',' ORDER BY seq) FROM audit_log WHERE (ip_address IS NULL) = (user_agent = '')").Scan(&list); err != nil {
		t.Fatal(err)
	}
	return list
}

// kept is all of the log but addresses and user agents.
func (w *world) kept(t *testing.T) (rows string) {
	t.Helper()
	const sql = "SELECT string_agg((to_jsonb(l) - 'ip_address' - 'user_agent')::text, E'\\n' ORDER BY seq) FROM audit_log l"
	if err := w.admin.Shared().QueryRow(t.Context(), sql).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestVerifyReadsLongChainsInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	err := w.admin.InTx(t.Context(), func(tx store.Conn) error {
		for range 1005 {
			if err := audit.Append(t.Context(), tx, w.entry("b1")); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if report := w.verify(t); report != (audit.Report{Entries: 1005}) {
		t.Errorf("verify: %+v", report)
	}
	w.tamper(t, "UPDATE audit_log SET target_id = 'b2' WHERE seq = 1003")
	if report := w.verify(t); report.BrokenSeq != 1003 {
		t.Errorf("verify: %+v", report)
	}
}

func TestNoRoleMayChangeTheLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.append(t, w.open(t, store.RoleAPI), w.entry("b1"))
	for _, role := range []store.Role{store.RoleAPI, store.RoleBot, store.RoleWorker, store.RoleNotifier, store.RoleAdmin} {
		st := w.open(t, role)
		for _, sql := range []string{
			"UPDATE audit_log SET actor_name = 'x'",
			"DELETE FROM audit_log",
			"TRUNCATE audit_log",
			"ALTER TABLE audit_log DISABLE TRIGGER USER",
		} {
			err := st.InTenantTx(t.Context(), w.clientID, func(tx store.Conn) error {
				_, err := tx.Exec(t.Context(), sql)
				return err
			})
			if err == nil {
				t.Errorf("%s may %s", role, sql)
			}
		}
	}
	if report := w.verify(t); report != (audit.Report{Entries: 1}) {
		t.Errorf("verify: %+v", report)
	}
}

func TestAnotherTenantsChainIsOutOfReach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := uuid.Must(uuid.NewV7())
	w.exec(t, "INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, '100000000000000002', 'Other', '200000000000000001')", other)
	st := w.open(t, store.RoleAPI)
	e := w.entry("b1")
	e.ClientID = other
	err := st.InTenantTx(t.Context(), w.clientID, func(tx store.Conn) error { return audit.Append(t.Context(), tx, e) })
	if err == nil {
		t.Error("an entry was appended to another tenant's chain")
	}
}

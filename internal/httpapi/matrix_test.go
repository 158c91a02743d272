package httpapi_test

import (
	"testing"

	"trackbot/internal/store"
)

// dropRowSecurity turns row level security off on every table, as the owner that the operator's
// session can become again. The API keeps its role and that role's grants.
func (n *newsroom) dropRowSecurity() {
	n.t.Helper()
	n.must(n.admin.InTx(n.t.Context(), func(tx store.Conn) error {
		_, err := tx.Exec(n.t.Context(), `DO $$ DECLARE t text; BEGIN
			SET LOCAL ROLE NONE;
			FOR t IN SELECT c.relname FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = 'public' AND c.relrowsecurity LOOP
				EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', t);
			END LOOP;
		END $$`)
		return err
	}))
}

// The queries' own predicates keep tenants apart when row level security does not: the same matrix,
// on a database whose policies are off.
func TestTenantsDoNotExistForOneAnotherWithoutRowSecurity(t *testing.T) {
	t.Parallel()
	f := newFence(t)
	brands := func() (visible int) {
		t.Helper()
		f.mine.must(f.mine.api.Tenant(f.mine.client).QueryRow(t.Context(), "SELECT count(*) FROM brands WHERE client_id = $1", f.theirs.client).Scan(&visible))
		return visible
	}
	with := brands()
	f.mine.dropRowSecurity()
	if without := brands(); with != 0 || without == 0 {
		t.Fatalf("of another's brands a scope shows %d with row level security and %d without", with, without)
	}
	f.holds()
}

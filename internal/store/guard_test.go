package store_test

import (
	"context"
	"errors"
	"net"
	"testing"

	"trackbot/internal/store"
)

func TestAuditLogIsAppendOnlyForEveryService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	exec(t, open(t, w.url, store.RoleAPI, 1).Tenant(w.a), `INSERT INTO audit_log (client_id, seq, id, created_at, guild_id, actor_id,
		actor_type, action, target_type, target_id, changes, source, ip_address, user_agent, origin_hash, previous, hash)
		VALUES ($1, 1, gen_random_uuid(), now(), $2, '', 'system', 'test', 'test', '', '[]', 'system', '192.0.2.7', 'Browser', '', '', '')`, w.a, guildA)
	for _, role := range append(serviceRoles(), roleOwner) {
		s := open(t, w.url, role, 1)
		for _, sql := range []string{
			"UPDATE audit_log SET changes = ''",
			"UPDATE audit_log SET ip_address = NULL, user_agent = '', action = 'else'",
			"UPDATE audit_log SET ip_address = NULL",
			"UPDATE audit_log SET ip_address = '192.0.2.8', user_agent = ''",
			"UPDATE audit_log SET ip_address = NULL, user_agent = 'Another'",
			"DELETE FROM audit_log",
			"TRUNCATE audit_log",
			"TRUNCATE audit_log CASCADE",
		} {
			tag, err := s.Tenant(w.a).Exec(t.Context(), sql)
			// No policy shows the owner a row, so its changes find none to refuse.
			if sqlState(err) != insufficientPrivilege && (role != roleOwner || err != nil || tag.RowsAffected() != 0) {
				t.Errorf("%s: %s: %d rows, error %v", role, sql, tag.RowsAffected(), err)
			}
		}
	}
	admin := open(t, w.url, store.RoleAdmin, 1)
	if n := value[int](t, admin.Shared(), "SELECT count(*) FROM audit_log WHERE changes = '[]' AND action = 'test' AND ip_address = '192.0.2.7' AND user_agent = 'Browser'"); n != 1 {
		t.Errorf("%d entries are left as they were, want 1", n)
	}
	const erase = "UPDATE audit_log SET ip_address = NULL, user_agent = ''"
	for _, role := range serviceRoles() {
		_, err := open(t, w.url, role, 1).Tenant(w.a).Exec(t.Context(), erase)
		if role == store.RoleAdmin != (err == nil) || role != store.RoleAdmin && sqlState(err) != insufficientPrivilege {
			t.Errorf("%s erases an address: %v", role, err)
		}
	}
}

func TestErrorsOfWritesAreTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := open(t, w.url, store.RoleAPI, 1)
	insert := func(sql string) error {
		_, err := s.Tenant(w.a).Exec(t.Context(), sql, w.a, guildA)
		return err
	}
	taken := insert("INSERT INTO brands (client_id, id, name) VALUES ($1, gen_random_uuid(), $2)")
	if name, ok := store.IsConflict(taken); !ok || name != "brands_by_name" {
		t.Errorf("a name that is taken: constraint %q, %t, error %v", name, ok, taken)
	}
	missing := insert("INSERT INTO account_groups (client_id, id, brand_id, name) VALUES ($1, gen_random_uuid(), gen_random_uuid(), $2)")
	if name, ok := store.IsMissingReference(missing); !ok || name != "account_groups_client_id_brand_id_fkey" {
		t.Errorf("a brand that is not there: constraint %q, %t, error %v", name, ok, missing)
	}
	var name string
	none := s.Tenant(w.a).QueryRow(t.Context(), "SELECT name FROM brands WHERE client_id = $1", w.b).Scan(&name)
	if !store.IsNotFound(none) {
		t.Errorf("no row: error %v", none)
	}
	for _, err := range []error{taken, missing, none, nil, errors.New("else"), context.Canceled} {
		if _, ok := store.IsConflict(err); ok && err != taken {
			t.Errorf("%v counts as conflict", err)
		}
		if _, ok := store.IsMissingReference(err); ok && err != missing {
			t.Errorf("%v counts as missing reference", err)
		}
		if store.IsNotFound(err) && err != none {
			t.Errorf("%v counts as not found", err)
		}
		if store.IsUnavailable(err) {
			t.Errorf("%v counts as unavailable", err)
		}
	}
}

func TestUnavailableDatabaseIsToldFromARefusal(t *testing.T) {
	t.Parallel()
	_, err := store.Open(t.Context(), "postgres://somebody@"+closedPort(t)+"/any", store.RoleAPI)
	if !store.IsUnavailable(err) {
		t.Errorf("nobody listens: %v", err)
	}
	w := newWorld(t)
	owner := open(t, w.url, roleOwner, 1)
	_, err = owner.Shared().Exec(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid())")
	if !store.IsUnavailable(err) {
		t.Errorf("the server ends the session: %v", err)
	}
	if value[int](t, owner.Shared(), "SELECT 1") != 1 {
		t.Error("the pool does not recover")
	}
	_, err = store.Open(t.Context(), "postgres://somebody@127.0.0.1:1/?port=x", store.RoleAPI)
	if err == nil || store.IsUnavailable(err) {
		t.Errorf("a connection string that cannot be read: %v", err)
	}
}

// closedPort is an address of loopback that refuses connections.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // closed so that it refuses
	return l.Addr().String()
}

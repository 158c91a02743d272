package store_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/store"
)

// insufficientPrivilege is also how row level security refuses a new row.
const insufficientPrivilege = "42501"

// tenantTables have a row of each tenant and are readable by the API and the bot.
func tenantTables() []string {
	return []string{"guild_settings", "subscriptions", "guild_channels", "brands"}
}

func scopedRoles() []store.Role { return []store.Role{store.RoleAPI, store.RoleBot} }

func owners(t *testing.T, on store.Conn, table string) []string {
	t.Helper()
	return value[[]string](t, on, "SELECT coalesce(array_agg(DISTINCT client_id::text), '{}') FROM "+table)
}

func TestTenantScopeAdmitsExactlyOneTenant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, role := range scopedRoles() {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			s := open(t, w.url, role, 1) // one connection, so each scope follows another on it
			for range 2 {
				for _, table := range tenantTables() {
					for _, id := range []string{w.a.String(), w.b.String()} {
						inTenant(t, s, id, func(how string, on store.Conn) {
							if diff := cmp.Diff([]string{id}, owners(t, on, table)); diff != "" {
								t.Errorf("%s by %s: %s", table, how, diff)
							}
						})
					}
				}
			}
		})
	}
}

// inTenant runs fn by each of the two ways into a tenant's scope.
func inTenant(t *testing.T, s *store.Store, id string, fn func(how string, on store.Conn)) {
	t.Helper()
	client := uuid.MustParse(id)
	fn("Tenant", s.Tenant(client))
	err := s.InTenantTx(t.Context(), client, func(tx store.Conn) error {
		fn("InTenantTx", tx)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestScopeEndsWithItsTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, role := range scopedRoles() {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			s := open(t, w.url, role, 1)
			backend := value[int](t, s.Shared(), "SELECT pg_backend_pid()")
			ends := map[string]func() error{
				"Tenant":    func() error { _, err := s.Tenant(w.a).Exec(t.Context(), "SELECT 1"); return err },
				"Directory": func() error { _, err := s.Directory([]string{guildA}).Exec(t.Context(), "SELECT 1"); return err },
				"commit":    func() error { return s.InTenantTx(t.Context(), w.a, func(store.Conn) error { return nil }) },
				"rollback": func() error {
					refused := errors.New("refused")
					err := s.InTenantTx(t.Context(), w.a, func(store.Conn) error { return refused })
					if !errors.Is(err, refused) {
						return fmt.Errorf("InTenantTx returned %w, want the function's error", err)
					}
					return nil
				},
			}
			for how, end := range ends {
				if err := end(); err != nil {
					t.Errorf("%s: %v", how, err)
				}
				for _, table := range tenantTables() {
					if got := owners(t, s.Shared(), table); len(got) != 0 {
						t.Errorf("after %s %s shows rows of %v without a tenant", how, table, got)
					}
				}
			}
			// '' and not NULL is what the policies must cope with.
			got := value[string](t, s.Shared(), "SELECT current_setting('app.client_id') || '|' || current_setting('app.guild_ids')")
			if got != "|" {
				t.Errorf("the settings outlive their transactions: %q", got)
			}
			if value[int](t, s.Shared(), "SELECT pg_backend_pid()") != backend {
				t.Error("the connection changed under the test")
			}
		})
	}
}

func TestSharedShowsTheAPINothingOfTenants(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := open(t, w.url, store.RoleAPI, 1)
	if n := value[int](t, s.Shared(), "SELECT count(*) FROM clients"); n != 0 {
		t.Errorf("%d clients are seen without a tenant", n)
	}
	for _, table := range tenantTables() {
		if got := owners(t, s.Shared(), table); len(got) != 0 {
			t.Errorf("%s shows rows of %v", table, got)
		}
	}
}

func TestTenantScopeRefusesWritesToAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, role := range scopedRoles() {
		s := open(t, w.url, role, 1)
		_, err := s.Tenant(w.a).Exec(t.Context(), "INSERT INTO brands (client_id, id, name) VALUES ($1, gen_random_uuid(), 'Stray')", w.b)
		if sqlState(err) != insufficientPrivilege {
			t.Errorf("%s: insert for another tenant: %v", role, err)
		}
		_, err = s.Tenant(w.a).Exec(t.Context(), "UPDATE brands SET client_id = $1", w.b)
		if sqlState(err) != insufficientPrivilege {
			t.Errorf("%s: give a row to another tenant: %v", role, err)
		}
		for _, sql := range []string{"UPDATE brands SET name = 'Stray' WHERE client_id = $1", "DELETE FROM brands WHERE client_id = $1"} {
			tag, err := s.Tenant(w.a).Exec(t.Context(), sql, w.b)
			if err != nil || tag.RowsAffected() != 0 {
				t.Errorf("%s: %s: %d rows of another tenant, error %v", role, sql, tag.RowsAffected(), err)
			}
		}
	}
}

func TestDirectoryShowsTheNamedGuildsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := open(t, w.url, store.RoleAPI, 1)
	for _, tc := range []struct {
		name   string
		guilds []string
		want   []string
	}{
		{"one", []string{guildA}, []string{w.a.String()}},
		{"both", []string{guildA, guildB}, []string{w.a.String(), w.b.String()}},
		{"none", nil, []string{}},
		{"unknown", []string{"100000000000000003"}, []string{}},
		{"part of an id", []string{guildA[:17]}, []string{}},
	} {
		on := s.Directory(tc.guilds)
		clients := value[[]string](t, on, "SELECT coalesce(array_agg(id::text ORDER BY guild_id), '{}') FROM clients")
		if diff := cmp.Diff(tc.want, clients); diff != "" {
			t.Errorf("%s: clients: %s", tc.name, diff)
		}
		for _, table := range []string{"guild_settings", "subscriptions"} {
			if got := owners(t, on, table); len(got) != len(tc.want) {
				t.Errorf("%s: %s shows rows of %v, want %v", tc.name, table, got, tc.want)
			}
		}
		for _, table := range []string{"guild_channels", "brands"} {
			if got := owners(t, on, table); len(got) != 0 {
				t.Errorf("%s: %s shows rows of %v", tc.name, table, got)
			}
		}
	}
	tag, err := s.Directory([]string{guildA}).Exec(t.Context(), "UPDATE guild_settings SET timezone = 'UTC'")
	if err != nil || tag.RowsAffected() != 0 {
		t.Errorf("the directory let %d settings be changed, error %v", tag.RowsAffected(), err)
	}
}

package store_test

import (
	"errors"
	"strings"
	"testing"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

func TestMigratedSchemaKeepsTenantsApart(t *testing.T) {
	t.Parallel()
	url := testkit.NewDB(t).OwnerURL
	for _, role := range serviceRoles() {
		if err := open(t, url, role, 1).CheckTenancy(t.Context()); err != nil {
			t.Errorf("%s: %v", role, err)
		}
	}
}

func TestWhatJoinsTenantsIsNamedAtStart(t *testing.T) {
	t.Parallel()
	const (
		guarded = `; ALTER TABLE notes ENABLE ROW LEVEL SECURITY; ALTER TABLE notes FORCE ROW LEVEL SECURITY;
			CREATE POLICY tenant ON notes USING (false)`
		notes = "CREATE TABLE notes (client_id uuid REFERENCES clients, id uuid UNIQUE, other uuid, PRIMARY KEY (client_id, id))"
	)
	for _, tc := range []struct{ name, ddl, want string }{
		{"guarded table", notes + guarded, ""},
		{"no row level security", notes, "public.notes: row level security is not enabled"},
		{"not forced", notes + guarded + "; ALTER TABLE notes NO FORCE ROW LEVEL SECURITY", "public.notes: row level security is not forced"},
		{"no policy", notes + guarded + "; DROP POLICY tenant ON notes", "public.notes: has no policy"},
		{"clients themselves", "ALTER TABLE clients DISABLE ROW LEVEL SECURITY", "public.clients: row level security is not enabled"},
		{"partitioned", "CREATE TABLE notes (client_id uuid) PARTITION BY HASH (client_id)", "public.notes: row level security is not enabled"},
		{
			"foreign key on a global id", notes + guarded + "; ALTER TABLE notes ADD CONSTRAINT stray FOREIGN KEY (other) REFERENCES notes (id)",
			"public.notes: foreign key stray to public.notes does not keep to one tenant",
		},
		{
			"foreign key of another column", notes + guarded + "; ALTER TABLE notes ADD CONSTRAINT stray FOREIGN KEY (other, id) REFERENCES brands (client_id, id)",
			"public.notes: foreign key stray to public.brands does not keep to one tenant",
		},
		{
			"foreign key to clients of another column", notes + guarded + "; ALTER TABLE notes ADD CONSTRAINT stray FOREIGN KEY (other) REFERENCES clients",
			"public.notes: foreign key stray to public.clients does not keep to one tenant",
		},
		{"composite foreign key", notes + guarded + "; ALTER TABLE notes ADD FOREIGN KEY (client_id, other) REFERENCES brands (client_id, id)", ""},
		{"view of the owner", "CREATE VIEW names AS SELECT name FROM brands", "public.names: view runs with its owner's rights"},
		{"view of a view", "CREATE VIEW names AS SELECT title FROM post_items", "public.names: view runs with its owner's rights"},
		{"view of the reader", "CREATE VIEW names WITH (security_invoker = yes) AS SELECT name FROM brands", ""},
		{"view of what is shared", "CREATE VIEW tiers AS SELECT tier FROM plans", ""},
		{"materialized view", "CREATE MATERIALIZED VIEW names AS SELECT name FROM brands", "public.names: materialized view holds rows of tenants"},
		{"right to truncate", "GRANT TRUNCATE ON brands, routes TO trackbot_api", "trackbot_api: role may truncate public.brands, public.routes"},
		{"right to create", "GRANT CREATE ON SCHEMA public TO trackbot_api", "trackbot_api: role may create tables"},
		{
			"owner", `GRANT CREATE ON SCHEMA public TO trackbot_api; ALTER TABLE plans OWNER TO trackbot_api;
				REVOKE CREATE ON SCHEMA public FROM trackbot_api; SET ROLE trackbot_api; REVOKE TRUNCATE ON plans FROM trackbot_api`,
			"trackbot_api: role owns public.plans",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			url := testkit.NewDB(t).OwnerURL
			alter(t, url, tc.ddl)
			err := open(t, url, store.RoleAPI, 1).CheckTenancy(t.Context())
			if tc.want == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			if !errors.Is(err, store.ErrTenancy) || !strings.HasSuffix(err.Error(), ": "+tc.want) || strings.Contains(err.Error(), ";") {
				t.Errorf("error %v, want %q alone", err, tc.want)
			}
		})
	}
}

// alter changes the schema as its owner, one statement after the other on one connection.
func alter(t *testing.T, url, ddl string) {
	t.Helper()
	owner := open(t, url, roleOwner, 1)
	for statement := range strings.SplitSeq(ddl, ";") {
		exec(t, owner.Shared(), statement)
	}
}

func TestOwnerIsRefusedAsAService(t *testing.T) {
	t.Parallel()
	err := open(t, testkit.NewDB(t).OwnerURL, roleOwner, 1).CheckTenancy(t.Context())
	if !errors.Is(err, store.ErrTenancy) || !strings.Contains(err.Error(), "role owns public.account_") {
		t.Errorf("error %v, want ErrTenancy", err)
	}
}

package store_test

import (
	"errors"
	"sync"
	"testing"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// emptyDB gives a database as its operator made it: no schema yet.
func emptyDB(t *testing.T) (url string) {
	t.Helper()
	url = testkit.NewDB(t).OwnerURL
	owner := open(t, url, roleOwner, 1)
	for _, sql := range []string{"DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "GRANT USAGE ON SCHEMA public TO PUBLIC"} {
		exec(t, owner.Shared(), sql)
	}
	return url
}

func TestReplicasMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	url := emptyDB(t)
	var replicas sync.WaitGroup
	for range 4 {
		replicas.Go(func() {
			if err := store.Migrate(t.Context(), url); err != nil {
				t.Error(err)
			}
		})
	}
	replicas.Wait()
	states, err := store.MigrationStatus(t.Context(), url)
	if err != nil || len(states) == 0 {
		t.Fatalf("%d migrations, error %v", len(states), err)
	}
	for _, m := range states {
		if !m.Applied {
			t.Errorf("migration %s is not applied", m.Name)
		}
	}
	owner := open(t, url, roleOwner, 1)
	if n := value[int](t, owner.Shared(), "SELECT count(*) FROM goose_db_version WHERE version_id > 0"); n != len(states) {
		t.Errorf("%d migrations ran, want each of %d once", n, len(states))
	}
	for _, role := range serviceRoles() {
		if err := open(t, url, role, 1).CheckSchema(t.Context()); err != nil {
			t.Errorf("%s: %v", role, err)
		}
	}
}

func TestSchemaOfAnotherProgramIsRefused(t *testing.T) {
	t.Parallel()
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		err := open(t, emptyDB(t), store.RoleAPI, 1).CheckSchema(t.Context())
		if !errors.Is(err, store.ErrSchema) {
			t.Errorf("error %v, want ErrSchema", err)
		}
	})
	t.Run("older", func(t *testing.T) {
		t.Parallel()
		url := testkit.NewDB(t).OwnerURL
		exec(t, open(t, url, roleOwner, 1).Shared(),
			"DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)")
		err := open(t, url, store.RoleAPI, 1).CheckSchema(t.Context())
		if !errors.Is(err, store.ErrSchema) {
			t.Errorf("error %v, want ErrSchema", err)
		}
	})
	t.Run("newer is accepted", func(t *testing.T) {
		t.Parallel()
		url := testkit.NewDB(t).OwnerURL
		exec(t, open(t, url, roleOwner, 1).Shared(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
		if err := open(t, url, store.RoleAPI, 1).CheckSchema(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

package httpapi_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// A process that logs in as its own role has nothing to go back to, whatever SQL is smuggled in; one that logs in
// as the owner has.
func TestOnlyAnOwnLoginCannotLeaveItsRole(t *testing.T) {
	t.Parallel()
	owner := testkit.NewDB(t).OwnerURL
	conn, err := pgx.Connect(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) // what counts was checked before
	login := "login_" + strings.ReplaceAll(newID().String(), "-", "")
	if _, err := conn.Exec(t.Context(), "CREATE ROLE "+login+" LOGIN PASSWORD 'p' IN ROLE trackbot_api"); err != nil {
		t.Fatal(err)
	}
	own, err := url.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	own.User = url.UserPassword(login, "p")
	passes := func(st *store.Store, statements ...string) bool {
		return st.InTx(t.Context(), func(tx store.Conn) error {
			for _, sql := range statements {
				if _, err := tx.Exec(t.Context(), sql); err != nil {
					return err
				}
			}
			return nil
		}) == nil
	}
	back := []string{"SET LOCAL ROLE NONE", "ALTER TABLE brands NO FORCE ROW LEVEL SECURITY"}
	st, err := store.Open(t.Context(), own.String(), store.RoleAPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.CheckTenancy(t.Context()); err != nil {
		t.Errorf("its own login is refused: %v", err)
	}
	if passes(st, back...) {
		t.Error("its own login goes back to the owner")
	}
	for _, role := range []store.Role{store.RoleAdmin, store.RoleWorker, store.RoleNotifier, store.RoleBot} {
		if passes(st, "SET LOCAL ROLE "+string(role)) {
			t.Errorf("its own login becomes %s", role)
		}
	}
	st.Close()
	if !passes(openStore(t, owner, store.RoleAPI), back...) {
		t.Error("the owner's login cannot be gone back to: the warning in docs/security.md is too grim")
	}
	if _, err := conn.Exec(t.Context(), "DROP ROLE "+login); err != nil {
		t.Error(err)
	}
}

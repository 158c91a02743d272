package httpapi_test

import (
	"net/http"
	"testing"

	"trackbot/internal/fault"
	"trackbot/internal/store"
)

// Of two who meet in a deadlock PostgreSQL refuses one, of whose change nothing is left: the same call may be made again.
func TestAChangeThatLosesADeadlockMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n := newNewsroom(t, w, "Anna's")
	n.must(w.admin.InTx(t.Context(), func(tx store.Conn) error {
		for _, sql := range []string{
			"SET LOCAL ROLE NONE", // the tables' owner
			"CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$",
			"CREATE TRIGGER lose BEFORE INSERT ON brands FOR EACH ROW EXECUTE FUNCTION lose()",
		} {
			if _, err := tx.Exec(t.Context(), sql); err != nil {
				return err
			}
		}
		return nil
	}))
	got := n.change("POST", "/brands", `{"name":"Contoso"}`)
	wantProblem(t, problemOf(t, got), fault.Unavailable)
	if got.Code != http.StatusServiceUnavailable || got.Header().Get("Retry-After") != "1" {
		t.Errorf("%d, again after %q s", got.Code, got.Header().Get("Retry-After"))
	}
}

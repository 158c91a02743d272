package store_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

func TestWorkerWithItsOwnLoginReadsExportsToo(t *testing.T) {
	t.Parallel()
	owner := testkit.NewDB(t).OwnerURL
	login := "login_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	conn := open(t, owner, roleOwner, 1).Shared()
	exec(t, conn, "CREATE ROLE "+login+" LOGIN PASSWORD 'p' IN ROLE trackbot_worker")
	defer exec(t, conn, "DROP ROLE "+login)
	own, err := url.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	own.User = url.UserPassword(login, "p")
	for role, may := range map[store.Role]bool{store.RoleWorker: true, store.RoleExport: true, store.RoleAPI: false, store.RoleAdmin: false} {
		st, err := store.Open(t.Context(), own.String(), role)
		if err == nil {
			st.Close()
		}
		if (err == nil) != may {
			t.Errorf("as %s: %v", role, err)
		}
	}
}

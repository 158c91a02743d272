package store_test

import (
	"errors"
	"strings"
	"testing"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

func TestOpenOnAClusterWithoutTheRolesSaysToMigrate(t *testing.T) {
	t.Parallel()
	_, err := store.Open(t.Context(), testkit.NewDB(t).OwnerURL, "trackbot_unknown")
	if !errors.Is(err, store.ErrSchema) {
		t.Errorf("got %v", err)
	}
}

func TestOpenNeverRepeatsThePassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"postgres://u:hunter2@127.0.0.1:1/db", "postgres://u:hunter2@%zz/db", "host=127.0.0.1 port=x password=hunter2"} {
		if _, err := store.Open(t.Context(), url, store.RoleAPI); err == nil || errors.Is(err, store.ErrSchema) || containsPassword(err) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func containsPassword(err error) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if strings.Contains(err.Error(), "hunter2") {
			return true
		}
	}
	return false
}

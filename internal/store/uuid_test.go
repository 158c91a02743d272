package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

func TestUUIDsComeBackAsTheyWent(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.Context(), testkit.NewDB(t).OwnerURL, store.RoleAdmin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	a, b := uuid.New(), uuid.Must(uuid.NewV7())
	for _, ids := range [][]uuid.UUID{{a, b, uuid.Nil, uuid.Max}, {}, nil} {
		var text, one string
		var back []uuid.UUID
		var isNull bool
		err := st.Shared().QueryRow(t.Context(), "SELECT $1::uuid[]::text, $1::uuid[], $1::uuid[] IS NULL, $2::uuid::text", ids, a).Scan(&text, &back, &isNull, &one)
		if ids == nil && err != nil { // text is NULL then
			err = st.Shared().QueryRow(t.Context(), "SELECT $1::uuid[], $1::uuid[] IS NULL, $2::uuid::text", ids, a).Scan(&back, &isNull, &one)
		}
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(back, ids) || isNull != (ids == nil) || one != a.String() {
			t.Errorf("%v came back as %v, null %t; %s as %s", ids, back, isNull, a, one)
		}
		for _, id := range ids {
			if !strings.Contains(text, id.String()) {
				t.Errorf("%s is not in %s", id, text)
			}
		}
	}
	var some, none *uuid.UUID
	var plain uuid.UUID
	if err := st.Shared().QueryRow(t.Context(), "SELECT $1::uuid, $2::uuid, $3::text::uuid", &a, none, b.String()).Scan(&some, &none, &plain); err != nil {
		t.Fatal(err)
	}
	if some == nil || *some != a || none != nil || plain != b {
		t.Errorf("pointers came back as %v, %v, %v", some, none, plain)
	}
	if err := st.Shared().QueryRow(t.Context(), "SELECT NULL::uuid").Scan(&plain); err == nil {
		t.Errorf("NULL came back as %s", plain)
	}
	if err := st.Shared().QueryRow(t.Context(), "SELECT $1::uuid::text", fmt.Sprint(b)).Scan(new(string)); err != nil {
		t.Errorf("a string is no uuid any more: %v", err)
	}
}

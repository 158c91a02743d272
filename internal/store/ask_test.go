package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// scopes asks which settings hold on a connection.
func scopes(on store.Conn, into *string, done *error) store.Question {
	return store.Question{
		On: on,
		Read: func(ctx context.Context, conn store.Conn) error {
			return conn.QueryRow(ctx, `SELECT concat_ws(',', current_setting('app.client_id', true), current_setting('app.guild_ids', true), $1::text)`, "x").Scan(into)
		},
		Done: func(err error) { *done = err },
	}
}

func TestQuestionsAskedTogetherKeepToTheirOwnScopes(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.Context(), testkit.NewDB(t).OwnerURL, store.RoleAPI, store.WithMaxConns(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	mine, yours := uuid.New(), uuid.New()
	on := []store.Conn{st.Shared(), st.Directory([]string{"1", "2"}), st.Tenant(mine), st.Tenant(yours), st.Shared(), st.Tenant(mine)}
	want := []string{"x", "1,2,x", mine.String() + ",x", yours.String() + ",x", "x", mine.String() + ",x"}
	got, done := make([]string, len(on)), make([]error, len(on))
	var questions []store.Question
	for i := range on {
		done[i] = errors.New("not told")
		questions = append(questions, scopes(on[i], &got[i], &done[i]))
	}
	st.Ask(t.Context(), questions)
	for i := range on {
		if trimmed := strings.Join(strings.FieldsFunc(got[i], func(r rune) bool { return r == ',' }), ","); trimmed != want[i] || done[i] != nil {
			t.Errorf("question %d: %q, %v, want %q", i, got[i], done[i], want[i])
		}
	}
	var after string
	if err := st.Shared().QueryRow(t.Context(), "SELECT coalesce(current_setting('app.client_id', true), '')").Scan(&after); err != nil || after != "" {
		t.Errorf("the next query on the connection is of tenant %q, %v", after, err)
	}
}

func TestQuestionsAskedTogetherHappenTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.Context(), testkit.NewDB(t).OwnerURL, store.RoleAdmin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	ask := func(sql string, done *error) store.Question {
		return store.Question{
			On: st.Shared(),
			Read: func(ctx context.Context, conn store.Conn) error {
				var id string
				return conn.QueryRow(ctx, sql).Scan(&id)
			},
			Done: func(err error) { *done = err },
		}
	}
	const insert = "INSERT INTO users (id, username) VALUES ('100000000000000001', 'a') RETURNING id"
	var first, second error
	st.Ask(t.Context(), []store.Question{ask(insert, &first), ask("SELECT (1 / 0)::text", &second)})
	if first == nil || second == nil {
		t.Errorf("told %v, %v", first, second)
	}
	var n int
	if err := st.Shared().QueryRow(t.Context(), "SELECT count(*) FROM users").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d users, %v", n, err)
	}
	st.Ask(t.Context(), []store.Question{ask(insert, &first), ask("SELECT id FROM users", &second)})
	if first != nil || second != nil {
		t.Errorf("told %v, %v", first, second)
	}
}

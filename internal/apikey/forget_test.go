package apikey_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/apikey"
	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// world is a guild with a key, and a process that has found its holder.
type world struct {
	t      *testing.T
	admin  *store.Store
	keys   *apikey.Service
	ahead  atomic.Int64
	client uuid.UUID
	id     uuid.UUID
	token  string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	open := func(role store.Role) *store.Store {
		st, err := store.Open(t.Context(), url, role)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(st.Close)
		return st
	}
	w := &world{t: t, admin: open(store.RoleAdmin), client: uuid.Must(uuid.NewV7())}
	w.keys = apikey.New(open(store.RoleAPI), func() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) })
	w.sql("INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, '100000000000000001', 'G', '100000000000000000')", w.client)
	w.sql("INSERT INTO guild_settings (client_id) VALUES ($1)", w.client)
	key, token, err := w.keys.Create(t.Context(), by(), w.client, apikey.NewKey{Name: "K", Scopes: []string{apikey.Read}})
	if err != nil {
		t.Fatal(err)
	}
	w.id, w.token = key.ID, token
	w.find(true)
	return w
}

func by() audit.By {
	return audit.By{Actor: audit.Actor{ID: "100000000000000000", Type: audit.User, Name: "Ann"}, Source: audit.FromDashboard}
}

func (w *world) sql(query string, args ...any) {
	w.t.Helper()
	if _, err := w.admin.Shared().Exec(w.t.Context(), query, args...); err != nil {
		w.t.Fatal(err)
	}
}

// find wants the key to count, or not to.
func (w *world) find(counts bool) {
	w.t.Helper()
	switch _, err := w.keys.Find(w.t.Context(), w.token); {
	case counts && err != nil:
		w.t.Errorf("the key does not count: %v", err)
	case !counts && !fault.Is(err, fault.Unauthenticated):
		w.t.Errorf("got %v, want a refusal", err)
	}
}

const revoke = "UPDATE api_keys SET revoked_at = now() WHERE id = $1"

func TestARevocationThatNobodyTellsIsSeenWithinFiveSeconds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sql(revoke, w.id)
	w.ahead.Store(int64(4900 * time.Millisecond))
	w.find(true) // kept: each request would ask twice
	w.ahead.Store(int64(5 * time.Second))
	w.find(false)
}

func TestWhoeverRevokesAKeySeesItEndAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.keys.Revoke(t.Context(), by(), w.client, w.id); err != nil {
		t.Fatal(err)
	}
	w.find(false)
}

func TestNoticesEndTheKeysTheyAreAbout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := uuid.NewString()
	w.sql(revoke, w.id)
	for _, payload := range []string{"user " + other, "guild 100000000000000002", "client " + other} {
		w.keys.AccessChanged(store.Notice{Payload: payload})
		w.find(true)
	}
	for _, n := range []store.Notice{
		{Payload: "user " + w.id.String()}, {Payload: "guild 100000000000000001"}, {Payload: "client " + w.client.String()}, {Missed: true}, {Payload: "else"},
	} {
		w.sql("UPDATE api_keys SET revoked_at = NULL WHERE id = $1", w.id)
		w.find(true)
		w.sql(revoke, w.id)
		w.keys.AccessChanged(n)
		w.find(false)
	}
}

// A token with the public part of another's key is not taken for it because that one was found.
func TestWhatIsKeptIsOneTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	forged := apikey.Forge(w.token[len(apikey.Prefix) : len(apikey.Prefix)+8])
	if _, err := w.keys.Find(t.Context(), forged); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("got %v", err)
	}
	w.find(true)
}

package httpapi_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"trackbot/internal/account"
	"trackbot/internal/apikey"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi"
	"trackbot/internal/limit"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
)

// trips counts round trips to the database: statements that are sent together are one.
type trips struct{ n atomic.Int64 }

type inBatch struct{}

func (c *trips) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	if ctx.Value(inBatch{}) == nil {
		c.n.Add(1)
	}
	return ctx
}

func (*trips) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (c *trips) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	c.n.Add(1)
	return context.WithValue(ctx, inBatch{}, true)
}

func (*trips) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

func (*trips) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// fresh is a process of the world that knows nobody yet, with limits and without a memory of answers.
type fresh struct {
	http.Handler
	trips  trips
	limits *limit.Limiter
}

func (n *newsroom) fresh(together bool) *fresh {
	n.t.Helper()
	f := &fresh{}
	st, err := store.Open(n.t.Context(), n.url, store.RoleAPI, store.WithTracer(&f.trips))
	n.must(err)
	n.t.Cleanup(st.Close)
	accounts, err := account.New(st, simDiscord{}, account.Config{
		Keys: account.NewKeyRing(bytes.Repeat([]byte("k1"), 40), 0), EncryptionKey: bytes.Repeat([]byte("e"), 32), DashboardURL: origin,
	})
	n.must(err)
	n.t.Cleanup(accounts.Close)
	gate, deps := httpapi.NewKeyGate(apikey.New(st, time.Now), httpapi.NewUserGate(accounts)), n.deps
	f.limits = limit.New(st, limit.Config{Patience: time.Minute, Meter: limit.NewMeter(st, slog.New(slog.DiscardHandler), time.Now)})
	deps.Accounts, deps.Auth, deps.Guilds, deps.Tracked = accounts, gate, gate, tracking.NewReader(st)
	deps.Limits, deps.Warm, deps.Store = f.limits, nil, nil
	if together {
		deps.Store = st
	}
	f.Handler, err = httpapi.New(deps)
	n.must(err)
	return f
}

// use gives a user the looks of one who was here before: nothing is due but to be let in.
func (n *newsroom) use() {
	n.t.Helper()
	n.exec("UPDATE user_guilds SET last_used_at = now()")
	n.exec("UPDATE users SET guilds_confirmed_at = now(), guilds_attempted_at = now()")
}

func (f *fresh) posts(n *newsroom) *httptest.ResponseRecorder {
	return call{method: "GET", path: n.path("/posts"), token: n.token}.send(f)
}

func TestAColdFirstRequestIsLetInInOneRoundTrip(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	anna, ben := newNewsroom(t, w, "Anna's"), newNewsroom(t, w, "Ben's")
	anna.use()
	for together, want := range map[bool]int64{false: 5, true: 2} {
		f := anna.fresh(together)
		f.posts(ben) // prepares the statements
		before := f.trips.n.Load()
		if got := f.posts(anna); got.Code != http.StatusOK {
			t.Fatalf("got %d %s", got.Code, got.Body)
		}
		if got := f.trips.n.Load() - before; got != want {
			t.Errorf("together: %t: %d round trips, want %d", together, got, want)
		}
	}
}

// Whoever is refused is refused as if each check had asked by itself, and nothing is counted that would not be.
func TestWhatIsAskedTogetherIsRefusedAndCountedAsEver(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	for name, c := range map[string]struct {
		change string // of the guild $1 or its owner $2
		want   fault.Code
	}{
		"session revoked":        {"UPDATE dashboard_sessions SET revoked_at = now(), revoked_reason = 'logout' WHERE user_id = $2 AND $1 <> ''", fault.SessionRevoked},
		"left the guild":         {"DELETE FROM user_guilds WHERE guild_id = $1 AND user_id = $2", fault.NotFound},
		"open to managers alone": {"UPDATE user_guilds SET is_owner = false, permissions = '0' WHERE guild_id = $1 AND user_id = $2", fault.NotFound},
		"bot removed":            {"UPDATE clients SET removed_at = now() WHERE guild_id = $1 AND owner_id = $2", fault.NotFound},
	} {
		n := newNewsroom(t, w, name)
		n.use()
		n.exec("UPDATE guild_settings SET dashboard_access = 'managers' WHERE client_id = $1", n.client)
		n.exec(c.change, n.guildID, n.owner)
		alone, together := n.fresh(false), n.fresh(true)
		for range 10 {
			want, got := problemOf(t, alone.posts(n)), problemOf(t, together.posts(n))
			want.RequestID, got.RequestID = "", ""
			wantProblem(t, got, c.want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: alone, together: %s", name, diff)
			}
		}
		n.must(together.limits.Settle(t.Context()))
		if got := one[int64](n, "SELECT coalesce(sum(api_requests), 0)::bigint FROM usage_daily WHERE client_id = $1", n.client); got != 0 {
			t.Errorf("%s: %d requests of the tenant counted", name, got)
		}
		entries := one[int64](n, "SELECT coalesce(sum(cardinality(at)), 0)::bigint FROM rate_events WHERE bucket = 'user:' || $1", n.owner)
		if c.want == fault.SessionRevoked && entries > 1 {
			t.Errorf("%s: %d requests of the user counted", name, entries)
		}
	}
}

// A token names the client that its guild had when it was made. Should the guild have another since, that one's posts are
// read, and it pays for the request.
func TestWhatATokenSaysOfAClientDecidesNothing(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	old := newNewsroom(t, w, "Anna's")
	old.use()
	brand := old.brand("Of the old client")
	source := old.account(old.group(brand, "Social"), "rss", "old")
	old.post(source, "post", "old client", 1)
	old.exec("UPDATE clients SET guild_id = '999999999999999999' WHERE id = $1", old.client)
	now := *old
	now.client = uuid.Must(uuid.NewV7())
	now.exec("INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, 'Again', $3)", now.client, now.guildID, now.owner)
	now.exec("INSERT INTO subscriptions (client_id) VALUES ($1)", now.client)
	now.exec("INSERT INTO guild_settings (client_id) VALUES ($1)", now.client)
	f := now.fresh(true)
	if got := f.posts(&now); got.Code != http.StatusOK || strings.Contains(got.Body.String(), "old client") {
		t.Errorf("got %d %s", got.Code, got.Body)
	}
	now.must(f.limits.Settle(t.Context()))
	for client, want := range map[uuid.UUID]int64{old.client: 0, now.client: 1} {
		if got := one[int64](old, "SELECT coalesce(sum(api_requests), 0)::bigint FROM usage_daily WHERE client_id = $1", client); got != want {
			t.Errorf("%d requests counted, want %d", got, want)
		}
	}
}

func TestAProgramsKeyIsLookedUpOnceForManyRequests(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n := newNewsroom(t, w, "Anna's")
	n.token = n.key("Nightly").Key
	f := n.fresh(true)
	f.posts(n) // finds its holder, notes the use and takes a lease of the tenant and one of the key
	for range 5 {
		before := f.trips.n.Load()
		if got := f.posts(n); got.Code != http.StatusOK {
			t.Fatalf("got %d %s", got.Code, got.Body)
		}
		if got := f.trips.n.Load() - before; got > 2 { // a page, and a lease now and then
			t.Errorf("%d round trips", got)
		}
	}
}

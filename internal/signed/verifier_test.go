package signed_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trackbot/internal/fault"
	"trackbot/internal/signed"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// replicas are verifiers of processes that share a database.
func replicas(t *testing.T, n int) (all []*signed.Verifier, admin *store.Store) {
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
	both := keys(t, signed.Key{ID: "default", Secret: []byte(secret)}, signed.Key{ID: "next", Secret: []byte(other)})
	for range n {
		all = append(all, signed.New(both, open(store.RoleAPI), func() time.Time { return noon }))
	}
	return all, open(store.RoleAdmin)
}

func nonces(t *testing.T, admin *store.Store) (n int) {
	t.Helper()
	if err := admin.Shared().QueryRow(t.Context(), "SELECT count(*) FROM request_nonces").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestACallCountsOnceAcrossReplicas(t *testing.T) {
	t.Parallel()
	all, admin := replicas(t, 2)
	call := heartbeat("default", secret, nonce, noon)
	if id, err := all[0].Verify(t.Context(), call); err != nil || id != "default" {
		t.Fatalf("got %q, %v", id, err)
	}
	for i, v := range all {
		if _, err := v.Verify(t.Context(), call); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("again on replica %d: got %v", i, err)
		}
	}
	// The nonce of one key says nothing about another's.
	if id, err := all[1].Verify(t.Context(), heartbeat("next", other, nonce, noon)); err != nil || id != "next" {
		t.Errorf("other key: got %q, %v", id, err)
	}
	if n := nonces(t, admin); n != 2 {
		t.Errorf("%d nonces are kept", n)
	}
}

func TestOfParallelReplaysOneCounts(t *testing.T) {
	t.Parallel()
	all, _ := replicas(t, 2)
	call := heartbeat("default", secret, nonce, noon)
	var passed, refused atomic.Int32
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			switch _, err := all[i%2].Verify(context.WithoutCancel(t.Context()), call); {
			case err == nil:
				passed.Add(1)
			case fault.Is(err, fault.Unauthenticated):
				refused.Add(1)
			}
		})
	}
	wg.Wait()
	if passed.Load() != 1 || refused.Load() != 39 {
		t.Errorf("%d passed, %d were refused", passed.Load(), refused.Load())
	}
}

func TestWhatIsNotSignedLeavesNoTrace(t *testing.T) {
	t.Parallel()
	all, admin := replicas(t, 1)
	forged := heartbeat("default", other, nonce, noon)
	late := heartbeat("default", secret, nonce, noon.Add(-61*time.Second))
	for _, r := range []signed.Request{forged, late} {
		if _, err := all[0].Verify(t.Context(), r); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("got %v", err)
		}
	}
	if n := nonces(t, admin); n != 0 {
		t.Errorf("%d nonces are kept", n)
	}
	// Nor does the owner of the key lose the nonce.
	if _, err := all[0].Verify(t.Context(), heartbeat("default", secret, nonce, noon)); err != nil {
		t.Error(err)
	}
}

func TestNothingPassesWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	all, _ := replicas(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := all[0].Verify(ctx, heartbeat("default", secret, nonce, noon)); err == nil || fault.From(err) != nil {
		t.Errorf("got %v", err)
	}
}

func TestSweepKeepsNoncesForTenMinutes(t *testing.T) {
	t.Parallel()
	all, admin := replicas(t, 1)
	for _, age := range []string{"0", "9 minutes 50 seconds", "10 minutes 1 second", "1 day"} {
		_, err := admin.Shared().Exec(t.Context(), "INSERT INTO request_nonces VALUES ('default', $1, now() - $2::text::interval)", strings.ReplaceAll(age, " ", "_"), age)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := all[0].Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := nonces(t, admin); n != 2 {
		t.Errorf("%d nonces are kept", n)
	}
}

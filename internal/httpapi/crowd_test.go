package httpapi_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackbot/api"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
)

// slowBrands answers a list of brands, and makes one, in its own time.
type slowBrands struct {
	httpapi.Nothing
	takes time.Duration
}

func (s slowBrands) ListBrands(ctx context.Context, _ api.ListBrandsRequestObject) (api.ListBrandsResponseObject, error) {
	select {
	case <-time.After(s.takes):
		return api.ListBrands200JSONResponse{Items: []api.Brand{}}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (slowBrands) CreateBrand(context.Context, api.CreateBrandRequestObject) (api.CreateBrandResponseObject, error) {
	return api.CreateBrand201JSONResponse{}, nil
}

// Of a tenant's requests some are at work, others wait for half of their patience, and those that wait in vain are told
// to come again.
func TestRequestsOfATenantWaitForEachOther(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		takes          time.Duration
		asked, refused int
	}{
		{"quick ones", time.Second, 8, 0},
		{"slow ones", 8 * time.Second, 5, 3},
		{"more than may wait", time.Second, 2 + 100 + 7, 7 + 100 - 2*4},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				deps := ready()
				deps.PerTenant = 2
				h := newAPIWith(t, deps, slowBrands{takes: c.takes}, "ListBrands", "CreateBrand")
				answers := make([]*httptest.ResponseRecorder, c.asked)
				var all sync.WaitGroup
				for i := range answers {
					all.Go(func() { answers[i] = call{method: "GET", path: "/api/v1/guilds/" + guild + "/brands"}.send(h) })
				}
				synctest.Wait()
				if made := (call{method: "POST", path: "/api/v1/guilds/" + guild + "/brands", body: `{"name":"B"}`}).send(h); made.Code != http.StatusCreated {
					t.Errorf("a change waits for reads: %d %s", made.Code, made.Body)
				}
				all.Wait()
				refused := 0
				for _, a := range answers {
					if a.Code == http.StatusOK {
						continue
					}
					refused++
					wantProblem(t, problemOf(t, a), fault.RateLimited)
					if a.Header().Get("Retry-After") != "1" {
						t.Errorf("Retry-After %q", a.Header().Get("Retry-After"))
					}
				}
				if refused != c.refused {
					t.Errorf("%d of %d refused, want %d", refused, c.asked, c.refused)
				}
			})
		})
	}
}

func TestATenantsStuckQueriesLeaveAnotherAnswered(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	noisy, quiet := newNewsroom(t, w, "Anna's"), newNewsroom(t, w, "Ben's")
	st, err := store.Open(t.Context(), w.url, store.RoleAPI, store.WithMaxConns(6))
	noisy.must(err)
	t.Cleanup(st.Close)
	deps := w.deps
	deps.Tracked, deps.Warm, deps.PerTenant = tracking.NewReader(st), nil, st.Share()
	h, err := httpapi.New(deps)
	noisy.must(err)
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	var stuck sync.WaitGroup
	noisy.must(w.admin.InTx(t.Context(), func(tx store.Conn) error {
		for _, sql := range []string{"SET LOCAL ROLE NONE", "LOCK TABLE brands"} { // as its owner
			if _, err := tx.Exec(t.Context(), sql); err != nil {
				return err
			}
		}
		for range 12 {
			stuck.Go(func() {
				r := httptest.NewRequestWithContext(ctx, "GET", noisy.path("/brands"), nil)
				r.Header.Set("Authorization", "Bearer "+noisy.token)
				h.ServeHTTP(httptest.NewRecorder(), r)
			})
		}
		waiting := func() (n int) {
			err := w.admin.Shared().QueryRow(t.Context(), "SELECT count(*) FROM pg_locks WHERE relation = 'brands'::regclass AND NOT granted").Scan(&n)
			noisy.must(err)
			return n
		}
		for began := time.Now(); waiting() < st.Share(); runtime.Gosched() {
			if time.Since(began) > time.Minute {
				return errors.New("nobody is stuck")
			}
		}
		for range 5 {
			if got := (call{method: "GET", path: quiet.path("/posts"), token: quiet.token}).send(h); got.Code != http.StatusOK {
				t.Errorf("another tenant got %d %s", got.Code, got.Body)
			}
		}
		if n := waiting(); n != st.Share() {
			t.Errorf("%d connections are stuck, want %d", n, st.Share())
		}
		giveUp()
		return nil
	}))
	stuck.Wait()
}

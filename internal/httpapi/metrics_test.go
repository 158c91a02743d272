package httpapi_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"trackbot/api"
	"trackbot/internal/httpapi"
)

func TestRequestsAreCountedByPatternAndClassOfStatus(t *testing.T) {
	t.Parallel()
	reg, deps, fail := prometheus.NewRegistry(), ready(), error(nil)
	deps.Registerer = reg
	h := brandsWith(t, deps, func(context.Context) (api.ListBrandsResponseObject, error) {
		return api.ListBrands200JSONResponse{}, fail
	})
	call{method: "GET", path: base + "/brands"}.send(h)
	fail = fmt.Errorf("broke")
	call{method: "GET", path: base + "/brands"}.send(h)
	call{method: "GET", path: base + "/brands", token: "none"}.send(h)
	call{method: "GET", path: "/api/v1/guilds/" + foreignGuild + "/brands"}.send(h)
	want := map[string]float64{"2xx": 1, "3xx": 0, "4xx": 2, "5xx": 1}
	if got := counted(t, reg, "/api/v1/guilds/{guildId}/brands"); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	problems := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == "trackbot_http_problems_total" && m.GetCounter().GetValue() > 0 {
				problems[m.GetLabel()[0].GetValue()] = m.GetCounter().GetValue()
			}
		}
	}
	if want := (map[string]float64{"internal": 1, "not_found": 1, "unauthenticated": 1}); !maps.Equal(problems, want) {
		t.Errorf("problems %v, want %v", problems, want)
	}
}

// counted are the requests of one route that is read, by class of status.
func counted(t *testing.T, reg *prometheus.Registry, route string) map[string]float64 {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if f.GetName() == "trackbot_http_requests_total" && labels["method"] == http.MethodGet && labels["route"] == route {
				got[labels["status"]] = m.GetCounter().GetValue()
			}
		}
	}
	return got
}

// A stranger can ask for anything: no path, method, header or status may make a series.
func TestWhatStrangersAskForMakesNoSeries(t *testing.T) {
	t.Parallel()
	reg, deps := prometheus.NewRegistry(), ready()
	deps.Registerer = reg
	h, err := httpapi.NewWith(deps, httpapi.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	before, err := testutil.GatherAndCount(reg)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		call{method: "GET", path: fmt.Sprintf("/nothing/%d", i), header: map[string]string{"X-Request-Id": fmt.Sprint("request-", i)}}.send(h)
		call{method: "GET", path: fmt.Sprintf("/api/v1/guilds/%d/brands", 197038439483310000+i)}.send(h)
	}
	r := call{method: "BREW", path: "/pot"}.send(h)
	if r.Code < http.StatusBadRequest {
		t.Fatalf("status %d", r.Code)
	}
	after, err := testutil.GatherAndCount(reg)
	if err != nil || after != before {
		t.Errorf("%d series, had %d, %v", after, before, err)
	}
	if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}

package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi"
)

// brandsAPI has one operation built.
type brandsAPI struct {
	httpapi.Nothing
	list func(context.Context) (api.ListBrandsResponseObject, error)
}

func (b brandsAPI) ListBrands(ctx context.Context, _ api.ListBrandsRequestObject) (api.ListBrandsResponseObject, error) {
	return b.list(ctx)
}

// brandsWith is an API of which only the list of brands is built.
func brandsWith(t testing.TB, deps httpapi.Deps, list func(context.Context) (api.ListBrandsResponseObject, error)) http.Handler {
	t.Helper()
	return newAPIWith(t, deps, brandsAPI{list: list}, "ListBrands")
}

func brandPage(names ...string) api.ListBrands200JSONResponse {
	page := api.ListBrands200JSONResponse{NextCursor: nullable.NewNullNullable[api.NextCursor](), Items: []api.Brand{}}
	for _, n := range names {
		page.Items = append(page.Items, api.Brand{Name: n})
	}
	return page
}

func TestReadsCarryAnETagAndHonourIfNoneMatch(t *testing.T) {
	t.Parallel()
	names := []string{"Northwind"}
	h := brandsWith(t, ready(), func(context.Context) (api.ListBrandsResponseObject, error) {
		return brandPage(names...), nil
	})
	get := func(ifNoneMatch string) *response {
		c := call{method: "GET", path: base + "/brands", header: map[string]string{}}
		if ifNoneMatch != "" {
			c.header["If-None-Match"] = ifNoneMatch
		}
		w := c.send(h)
		return &response{w.Code, w.Header().Get("ETag"), w.Header().Get("Cache-Control"), w.Body.String()}
	}
	first := get("")
	if first.code != http.StatusOK || !strings.HasPrefix(first.tag, `W/"`) || first.cache != "private, no-cache" || !strings.Contains(first.body, "Northwind") {
		t.Fatalf("first read: %+v", first)
	}
	for _, match := range []string{first.tag, `"other", ` + first.tag, strings.TrimPrefix(first.tag, "W/"), "*", `"other" ,` + first.tag + `, "more"`} {
		got := get(match)
		if got.code != http.StatusNotModified || got.body != "" || got.tag != first.tag || got.cache != "private, no-cache" {
			t.Errorf("If-None-Match %s: %+v", match, got)
		}
	}
	for _, other := range []string{`W/"other"`, strings.ToLower(first.tag) + "x", `""`} {
		if got := get(other); got.code != http.StatusOK || got.body != first.body {
			t.Errorf("If-None-Match %s: %+v", other, got)
		}
	}
	names = append(names, "Contoso")
	if got := get(first.tag); got.code != http.StatusOK || got.tag == first.tag {
		t.Errorf("after a change: %+v", got)
	}
}

type response struct {
	code             int
	tag, cache, body string
}

func TestRefusalsAreNotCachedAndCarryNoETag(t *testing.T) {
	t.Parallel()
	h := brandsWith(t, ready(), func(context.Context) (api.ListBrandsResponseObject, error) {
		return nil, fault.New(fault.Unavailable, "Try again.")
	})
	w := call{method: "GET", path: base + "/brands", header: map[string]string{"If-None-Match": "*"}}.send(h)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("got %d, %v", w.Code, w.Header())
	}
	if w.Header().Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
}

func TestVersionInTheETagIsWhatIfMatchIsCheckedAgainst(t *testing.T) {
	t.Parallel()
	count := 0
	h := brandsWith(t, ready(), func(ctx context.Context) (api.ListBrandsResponseObject, error) {
		httpapi.SetVersion(ctx, 12)
		count++
		return brandPage(fmt.Sprint(count)), nil
	})
	get := call{method: "GET", path: base + "/brands"}
	tag, next := get.send(h).Header().Get("ETag"), get.send(h).Header().Get("ETag")
	if tag == next {
		t.Error("another body has the same tag")
	}
	for _, ifMatch := range []string{tag, next, `"x", ` + tag, strings.TrimPrefix(tag, "W/")} {
		if err := httpapi.CheckVersion(ifMatch, 12); err != nil {
			t.Errorf("%s: %v", ifMatch, err)
		}
	}
	for _, ifMatch := range []string{tag[:len(tag)-3] + `"x`, "*", "", `W/"v1"`, `W/"v120.x"`, `W/"v1.x"`} {
		version := int64(13)
		if err := httpapi.CheckVersion(ifMatch, version); !fault.Is(err, fault.PreconditionFailed) {
			t.Errorf("%s against version %d: %v", ifMatch, version, err)
		}
	}
}

func TestContractIsServedAsJSON(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	w := call{method: "GET", path: "/api/v1/openapi.json", token: "none"}.send(h)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" || w.Header().Get("ETag") == "" {
		t.Fatalf("got %d, %v", w.Code, w.Header())
	}
	for _, want := range []string{`"openapi":"3.1.0"`, `"/guilds/{guildId}/posts"`, `"x-permission":"guild:manage"`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %s in it", want)
		}
	}
}

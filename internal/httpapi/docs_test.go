package httpapi_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestReferencePageHasEveryOperationSchemaAndProblem(t *testing.T) {
	t.Parallel()
	w := call{method: "GET", path: "/api/v1/docs", token: "none"}.send(newAPI(t))
	page := w.Body.String()
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/html; charset=utf-8" ||
		!strings.Contains(w.Header().Get("Content-Security-Policy"), "style-src 'sha256-") {
		t.Fatalf("got %d, %v", w.Code, w.Header())
	}
	doc := contractDoc(t)
	want := []string{}
	for _, op := range operations(t) {
		want = append(want, op.OperationID)
	}
	for name := range doc.Components.Schemas {
		want = append(want, "schema-"+name)
	}
	for _, code := range doc.Components.Schemas["ProblemCode"].Value.Enum {
		want = append(want, code.(string)) // where a problem's type points
	}
	for _, id := range want {
		if !strings.Contains(page, `id="`+id+`"`) {
			t.Errorf("nothing has the id %s", id)
		}
	}
	for _, link := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+link[1]+`"`) {
			t.Errorf("the link to %s leads nowhere", link[1])
		}
	}
}

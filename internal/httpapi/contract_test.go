package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"trackbot/api"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi"
)

func contractDoc(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(api.Spec())
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

type contractOperation struct {
	method, path string
	item         *openapi3.PathItem
	*openapi3.Operation
}

func (o contractOperation) String() string { return o.method + " " + o.path }

func (o contractOperation) permission() string {
	p, _ := o.Extensions["x-permission"].(string)
	return p
}

// operations lists the contract's, with full paths, in a fixed order.
func operations(t testing.TB) []contractOperation {
	t.Helper()
	doc := contractDoc(t)
	var ops []contractOperation
	for _, path := range slices.Sorted(maps.Keys(doc.Paths.Map())) {
		item := doc.Paths.Value(path)
		base := doc.Servers[0].URL
		if len(item.Servers) > 0 {
			base = strings.TrimSuffix(item.Servers[0].URL, "/")
		}
		for _, method := range slices.Sorted(maps.Keys(item.Operations())) {
			ops = append(ops, contractOperation{method, base + path, item, item.GetOperation(method)})
		}
	}
	return ops
}

func TestContractIsValidOpenAPI(t *testing.T) {
	t.Parallel()
	doc := contractDoc(t)
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	for name, ref := range doc.Components.Schemas {
		if ref.Value.Example == nil {
			continue
		}
		if err := ref.Value.VisitJSON(ref.Value.Example, openapi3.EnableJSONSchema2020()); err != nil {
			t.Errorf("example of %s: %v", name, err)
		}
	}
}

func TestEveryOperationIsDescribedWhole(t *testing.T) {
	t.Parallel()
	tags := map[string]bool{}
	for _, tag := range contractDoc(t).Tags {
		tags[tag.Name] = true
	}
	ids := map[string]bool{}
	for _, op := range operations(t) {
		if op.OperationID == "" || ids[op.OperationID] {
			t.Errorf("%s: operationId %q is missing or taken", op, op.OperationID)
		}
		ids[op.OperationID] = true
		if op.Summary == "" || len(op.Tags) != 1 || !tags[op.Tags[0]] {
			t.Errorf("%s: summary %q, tags %v", op, op.Summary, op.Tags)
		}
		for _, status := range wantedResponses(op) {
			if op.Responses.Value(status) == nil {
				t.Errorf("%s: no response %s", op, status)
			}
		}
		for _, ref := range slices.Concat(op.item.Parameters, op.Parameters) {
			checkBounded(t, fmt.Sprintf("%s: parameter %s", op, ref.Value.Name), ref.Value.Schema.Value)
		}
	}
}

// wantedResponses are the problems that can happen, from what the operation takes and asks for.
func wantedResponses(op contractOperation) []string {
	want := []string{"default"}
	if strings.HasPrefix(op.permission(), "guild:") || op.permission() == "session" {
		want = append(want, "401", "429")
	}
	if strings.HasPrefix(op.permission(), "guild:") {
		want = append(want, "404")
	}
	if op.permission() == "guild:manage" {
		want = append(want, "403")
	}
	if op.RequestBody != nil {
		want = append(want, "413")
		if !strings.HasPrefix(op.permission(), "webhook:") {
			want = append(want, "400", "415")
		}
	}
	if op.method == http.MethodGet && op.Parameters.GetByInAndName("header", "If-None-Match") != nil {
		want = append(want, "304")
	}
	return want
}

// checkBounded holds that a parameter cannot be of any length.
func checkBounded(t *testing.T, what string, s *openapi3.Schema) {
	t.Helper()
	if s.Type.Is("array") && s.MaxItems != nil {
		s = s.Items.Value
	}
	bounded := len(s.Enum) > 0 || s.Format == "uuid" || s.MaxLength != nil || s.Max != nil ||
		strings.Contains(s.Pattern, "{") || s.Pattern != "" && s.MaxLength != nil
	if !bounded {
		t.Errorf("%s has no bound", what)
	}
}

// The frame checks requests with openapi3's validator for 3.0, which passes over other keywords.
func TestRequestsUseOnlyKeywordsThatAreChecked(t *testing.T) {
	t.Parallel()
	for _, op := range operations(t) {
		if op.RequestBody == nil || strings.HasPrefix(op.permission(), "webhook:") {
			continue
		}
		for media, content := range op.RequestBody.Value.Content {
			if media != "application/json" {
				continue
			}
			err := content.Schema.WalkSubtree(func(at string, ref *openapi3.SchemaRef) error {
				s := ref.Value
				if s.Const != nil || s.If != nil || s.Contains != nil || len(s.PrefixItems) > 0 || len(s.DependentRequired) > 0 ||
					len(s.PatternProperties) > 0 || len(s.AnyOf)+len(s.AllOf) > 0 {
					t.Errorf("%s at %s uses a keyword that is not checked", op, at)
				}
				if s.Type.Includes("object") && (s.AdditionalProperties.Has == nil || *s.AdditionalProperties.Has) {
					t.Errorf("%s at %s takes unknown fields", op, at)
				}
				if s.Type.Includes("string") && len(s.Enum) == 0 && s.MaxLength == nil && s.Format != "uuid" && s.Format != "date-time" &&
					!strings.Contains(s.Pattern, "{") && !strings.Contains(s.Pattern, "[0-5]") {
					t.Errorf("%s at %s takes text of any length", op, at)
				}
				if s.Type.Includes("array") && s.MaxItems == nil {
					t.Errorf("%s at %s takes any number of items", op, at)
				}
				return nil
			})
			if err != nil {
				t.Errorf("%s: %v", op, err)
			}
		}
	}
}

func TestProblemCodesAreTheContracts(t *testing.T) {
	t.Parallel()
	schema := contractDoc(t).Components.Schemas["ProblemCode"].Value
	for _, v := range schema.Enum {
		code := fault.Code(v.(string))
		row := fmt.Sprintf("| `%s` | %d |", code, httpapi.StatusOf(code))
		if !strings.Contains(schema.Description, row) {
			t.Errorf("the table of codes has no row %s", row)
		}
	}
	for _, code := range []fault.Code{
		fault.Unauthenticated, fault.TokenExpired, fault.SessionRevoked, fault.RefreshRace, fault.Forbidden,
		fault.NotFound, fault.MethodNotAllowed, fault.NotAcceptable, fault.UnsupportedMediaType,
		fault.ValidationFailed, fault.PreconditionRequired, fault.PreconditionFailed, fault.Conflict,
		fault.TierLimit, fault.RateLimited, fault.PayloadTooLarge, fault.Unavailable,
		fault.PermissionCheckUnavailable, fault.NotImplemented, fault.Internal,
	} {
		if !api.ProblemCode(code).Valid() {
			t.Errorf("%s is not in the contract", code)
		}
	}
}

// sample is a request the contract accepts, made of its examples.
func sample(t testing.TB, op contractOperation) call {
	t.Helper()
	c := call{method: op.method, path: op.path, header: map[string]string{}}
	var query []string
	for _, ref := range slices.Concat(op.item.Parameters, op.Parameters) {
		p := ref.Value
		switch {
		case p.In == openapi3.ParameterInPath:
			c.path = strings.ReplaceAll(c.path, "{"+p.Name+"}", sampleValue(p))
		case p.Required && p.In == openapi3.ParameterInQuery:
			query = append(query, p.Name+"="+sampleValue(p))
		case p.Required && p.In == openapi3.ParameterInHeader:
			c.header[p.Name] = sampleValue(p)
		}
	}
	if query != nil {
		c.path += "?" + strings.Join(query, "&")
	}
	if op.RequestBody == nil {
		return c
	}
	c.contentType = slices.Sorted(maps.Keys(op.RequestBody.Value.Content))[0]
	c.body = "text"
	if strings.HasSuffix(c.contentType, "xml") {
		c.body = `<opml version="2.0"><body><outline xmlUrl="https://own.test/feed.xml"/></body></opml>`
	}
	if c.contentType == "*/*" {
		c.contentType = "application/atom+xml"
	}
	if c.contentType == "application/json" {
		b, err := json.Marshal(op.RequestBody.Value.Content[c.contentType].Schema.Value.Example)
		if err != nil || string(b) == "null" {
			t.Fatalf("%s: the body has no example (%v)", op, err)
		}
		c.body = string(b)
	}
	return c
}

func sampleValue(p *openapi3.Parameter) string {
	switch {
	case p.Name == "guildId":
		return guild
	case p.Schema.Value.Format == "uuid":
		return someID
	case p.Name == "hub.mode":
		return "subscribe"
	case p.Example != nil:
		return fmt.Sprint(p.Example)
	default:
		return "x"
	}
}

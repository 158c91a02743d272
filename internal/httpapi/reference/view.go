package reference

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

type pageView struct {
	Title, Version, Intro string
	Style                 template.CSS
	Tags                  []tagView
	Schemas               []schemaView
}

type tagView struct {
	Name, Anchor, Description string
	Operations                []operationView
}

type operationView struct {
	ID, Method, Path, Summary, Description, Permission, Command string
	Keys                                                        bool // API keys are accepted
	Params                                                      []fieldView
	Bodies                                                      []contentView
	Responses                                                   []responseView
}

type contentView struct {
	Media   string
	Type    template.HTML
	Example string
}

type responseView struct {
	Status, Description string
	Contents            []contentView
}

type fieldView struct {
	Name, Where string
	Required    bool
	Type        template.HTML
	Description string
}

type schemaView struct {
	Name, Description, Example string
	Type                       template.HTML
	Fields                     []fieldView
}

// view lays the document out by tag, in the document's order of tags.
func view(doc *openapi3.T) pageView {
	byTag := map[string][]operationView{}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths.Map())) {
		item := doc.Paths.Value(path)
		base := doc.Servers[0].URL
		if len(item.Servers) > 0 {
			base = strings.TrimSuffix(item.Servers[0].URL, "/")
		}
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			if op := item.GetOperation(method); op != nil {
				byTag[op.Tags[0]] = append(byTag[op.Tags[0]], operation(method, base+path, item, op))
			}
		}
	}
	p := pageView{
		Title: doc.Info.Title, Version: doc.Info.Version, Intro: doc.Info.Description,
		Style: template.CSS(style),
	}
	for _, tag := range doc.Tags {
		p.Tags = append(p.Tags, tagView{
			Name: tag.Name, Anchor: anchor(tag.Name), Description: tag.Description, Operations: byTag[tag.Name],
		})
	}
	for _, name := range slices.Sorted(maps.Keys(doc.Components.Schemas)) {
		p.Schemas = append(p.Schemas, schema(name, doc.Components.Schemas[name].Value))
	}
	return p
}

func operation(method, path string, item *openapi3.PathItem, op *openapi3.Operation) operationView {
	v := operationView{
		ID: op.OperationID, Method: method, Path: path,
		Summary: op.Summary, Description: op.Description,
	}
	v.Permission, _ = op.Extensions["x-permission"].(string)
	if op.Security != nil {
		v.Keys = slices.ContainsFunc(*op.Security, func(r openapi3.SecurityRequirement) bool { _, ok := r["apiKey"]; return ok })
	}
	var params []*openapi3.Parameter
	for _, ref := range slices.Concat(item.Parameters, op.Parameters) {
		p := ref.Value
		params = append(params, p)
		v.Params = append(v.Params, fieldView{
			Name: p.Name, Where: p.In, Required: p.Required, Type: typeOf(p.Schema), Description: p.Description,
		})
	}
	var body *openapi3.RequestBody
	if op.RequestBody != nil {
		body = op.RequestBody.Value
		v.Bodies = contents(body.Content)
	}
	v.Command = command(method, path, v.Permission, params, body)
	for _, status := range slices.Sorted(maps.Keys(op.Responses.Map())) {
		r := op.Responses.Value(status).Value
		v.Responses = append(v.Responses, responseView{
			Status: status, Description: deref(r.Description), Contents: contents(r.Content),
		})
	}
	return v
}

func contents(c openapi3.Content) []contentView {
	var views []contentView
	for _, media := range slices.Sorted(maps.Keys(c)) {
		v := contentView{Media: media, Type: typeOf(c[media].Schema)}
		if c[media].Schema.Value.Example != nil {
			v.Example = pretty(c[media].Schema.Value.Example)
		}
		views = append(views, v)
	}
	return views
}

func schema(name string, s *openapi3.Schema) schemaView {
	v := schemaView{Name: name, Description: s.Description, Type: describe(s)}
	if s.Example != nil {
		v.Example = pretty(s.Example)
	}
	for _, field := range slices.Sorted(maps.Keys(s.Properties)) {
		ref := s.Properties[field]
		f := fieldView{Name: field, Required: slices.Contains(s.Required, field), Type: typeOf(ref)}
		if ref.Ref == "" {
			f.Description = ref.Value.Description
		}
		v.Fields = append(v.Fields, f)
	}
	slices.SortStableFunc(v.Fields, func(a, b fieldView) int {
		return cmp.Compare(order(s, a.Name), order(s, b.Name))
	})
	return v
}

// order puts required fields first, as the contract lists them.
func order(s *openapi3.Schema, field string) int {
	if i := slices.Index(s.Required, field); i >= 0 {
		return i
	}
	return len(s.Required)
}

func pretty(v any) string {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

func anchor(name string) string {
	return "tag-" + strings.ToLower(strings.ReplaceAll(name, " ", "-"))
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

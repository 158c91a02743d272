package reference

import (
	"fmt"
	"html"
	"html/template"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// typeOf names a type, by a link where it has a name.
func typeOf(ref *openapi3.SchemaRef) template.HTML {
	if ref == nil {
		return ""
	}
	if name, ok := strings.CutPrefix(ref.Ref, "#/components/schemas/"); ok {
		name = html.EscapeString(name)
		return template.HTML(`<a href="#schema-` + name + `">` + name + `</a>`)
	}
	return describe(ref.Value)
}

// describe writes out a type and its bounds.
func describe(s *openapi3.Schema) template.HTML {
	if len(s.OneOf) > 0 {
		parts := make([]string, len(s.OneOf))
		for i, alternative := range s.OneOf {
			parts[i] = string(typeOf(alternative))
		}
		return template.HTML(strings.Join(parts, " or "))
	}
	text := strings.Join(s.Type.Slice(), " or ")
	if text == "" {
		text = "any"
	}
	if s.Items != nil {
		text = strings.Replace(text, "array", "array of "+string(typeOf(s.Items)), 1)
	}
	if s.Format != "" {
		text += " (" + html.EscapeString(s.Format) + ")"
	}
	if bounds := bounds(s); len(bounds) > 0 {
		text += `<span class="bounds">` + html.EscapeString(strings.Join(bounds, ", ")) + `</span>`
	}
	return template.HTML(text)
}

func bounds(s *openapi3.Schema) []string {
	var out []string
	if len(s.Enum) > 0 {
		values := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			values[i] = fmt.Sprint(v)
		}
		out = append(out, strings.Join(values, " | "))
	}
	if s.Min != nil {
		out = append(out, fmt.Sprintf("≥ %g", *s.Min))
	}
	if s.Max != nil {
		out = append(out, fmt.Sprintf("≤ %g", *s.Max))
	}
	if s.MinLength > 0 {
		out = append(out, fmt.Sprintf("length ≥ %d", s.MinLength))
	}
	if s.MaxLength != nil {
		out = append(out, fmt.Sprintf("length ≤ %d", *s.MaxLength))
	}
	if s.MinItems > 0 {
		out = append(out, fmt.Sprintf("items ≥ %d", s.MinItems))
	}
	if s.MaxItems != nil {
		out = append(out, fmt.Sprintf("items ≤ %d", *s.MaxItems))
	}
	if s.Pattern != "" {
		out = append(out, s.Pattern)
	}
	if s.Default != nil {
		out = append(out, fmt.Sprintf("default %v", s.Default))
	}
	return out
}

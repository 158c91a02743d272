package httpapi

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"trackbot/api"
	"trackbot/internal/fault"
)

// schemaOptions check the formats of the contract, which JSON Schema leaves to the application.
func schemaOptions() []openapi3.SchemaValidationOption {
	uuidForm := openapi3.NewRegexpFormatValidator(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	timeForm := openapi3.NewCallbackValidator(func(s string) error {
		_, err := time.Parse(time.RFC3339, s)
		return err
	})
	momentForm := openapi3.NewCallbackValidator(func(s string) error {
		_, err := api.ParseMoment(s)
		return err
	})
	return []openapi3.SchemaValidationOption{
		openapi3.VisitAsRequest(),
		openapi3.MultiErrors(),
		openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
			"uuid": uuidForm, "date-time": timeForm, "date-or-time": momentForm,
		}),
	}
}

// schemaFaults names each fault in err, which is openapi3's, once. The words are made from the
// schema alone, so that no value comes back to its sender or into a log.
func schemaFaults(err error) []fault.Field {
	var faults []fault.Field
	add := func(f fault.Field) {
		if f.Name == "" {
			f.Name = "body"
		}
		if !slices.ContainsFunc(faults, func(g fault.Field) bool { return g.Name == f.Name }) {
			faults = append(faults, f)
		}
	}
	eachSchemaError(err, func(e *openapi3.SchemaError) {
		path := e.JSONPointer()
		if e.SchemaField == "properties" {
			for _, name := range unknownMembers(e) {
				add(fault.Field{Name: dotted(append(path, name)), Message: "is not a known field"})
			}
			return
		}
		add(fault.Field{Name: dotted(path), Message: words(e)})
	})
	return faults
}

// eachSchemaError walks to the innermost errors. Of a value that may be null or something else, the
// faults of the something else are told.
func eachSchemaError(err error, visit func(*openapi3.SchemaError)) {
	var many openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case err == nil:
	case errors.As(err, &one) && !asMulti(err, &many):
		var alternatives openapi3.MultiError
		if one.SchemaField == "oneOf" && errors.As(one.Origin, &alternatives) {
			for _, a := range alternatives {
				if !refusesAsNotNull(a) {
					eachSchemaError(a, visit)
				}
			}
			return
		}
		visit(one)
	default:
		for _, e := range many {
			eachSchemaError(e, visit)
		}
	}
}

// asMulti tells whether err is itself a list of errors, or wraps one before any schema error.
func asMulti(err error, many *openapi3.MultiError) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if m, ok := err.(openapi3.MultiError); ok {
			*many = m
			return true
		}
		if _, ok := err.(*openapi3.SchemaError); ok {
			return false
		}
	}
	return false
}

func refusesAsNotNull(err error) bool {
	e, ok := err.(*openapi3.SchemaError)
	return ok && e.Schema != nil && e.Schema.Type.Is("null")
}

func unknownMembers(e *openapi3.SchemaError) []string {
	object, _ := e.Value.(map[string]any)
	var unknown []string
	for _, name := range sortedKeys(object) {
		if e.Schema.Properties[name] == nil {
			unknown = append(unknown, shown(name))
		}
	}
	return unknown
}

func dotted(path []string) string { return strings.Join(path, ".") }

// words say what a value has to be, in a form that follows the field's name.
func words(e *openapi3.SchemaError) string {
	s := e.Schema
	switch e.SchemaField {
	case "required":
		return "is required"
	case "nullable":
		return "must not be null"
	case "type":
		return "must be " + typeWords(s)
	case "enum":
		return "must be one of " + listed(s.Enum)
	case "minimum":
		return fmt.Sprintf("must be at least %g", *s.Min)
	case "maximum":
		return fmt.Sprintf("must be at most %g", *s.Max)
	case "minLength":
		if s.MinLength == 1 {
			return "must not be empty"
		}
		return "must have at least " + count(s.MinLength, "character")
	case "maxLength":
		return "must have at most " + count(*s.MaxLength, "character")
	case "minItems":
		return "must have at least " + count(s.MinItems, "item")
	case "maxItems":
		return "must have at most " + count(*s.MaxItems, "item")
	case "uniqueItems":
		return "must not hold an item twice"
	case "minProperties":
		return "must have at least " + count(s.MinProps, "field")
	case "pattern":
		return patternWords(s)
	case "format":
		return formatWords(s.Format)
	default:
		return "is not valid"
	}
}

func count(n uint64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func patternWords(s *openapi3.Schema) string {
	switch {
	case s.Pattern == `\S`:
		return "must not be blank"
	case len(s.Examples) > 0:
		return fmt.Sprintf("must match %s, such as %v", s.Pattern, s.Examples[0])
	default:
		return "must match " + s.Pattern
	}
}

func formatWords(format string) string {
	switch format {
	case "uuid":
		return "must be a UUID"
	case "date-time":
		return "must be an RFC 3339 time"
	case "date-or-time":
		return "must be an RFC 3339 date or time"
	default:
		return "must be a valid " + format
	}
}

// typeWords name the types a schema permits: "a string or null".
func typeWords(s *openapi3.Schema) string {
	var names []string
	for _, t := range s.Type.Slice() {
		switch t {
		case "null":
			names = append(names, "null")
		case "integer", "array", "object":
			names = append(names, "an "+t)
		default:
			names = append(names, "a "+t)
		}
	}
	return strings.Join(names, " or ")
}

func listed(values []any) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = fmt.Sprint(v)
	}
	return strings.Join(names, ", ")
}

package httpapi

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"trackbot/internal/fault"
)

// validate holds parameters and body to the contract. The refusal names every fault found.
func (f *frame) validate(w http.ResponseWriter, r *http.Request, op *operation) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return invalid("query", "is not well-formed")
	}
	faults := op.checkNames(query)
	input := op.input(r, query)
	for _, p := range op.params {
		switch p.In {
		case openapi3.ParameterInQuery:
			if len(query[p.Name]) <= 1 {
				faults = append(faults, checkParam(r, input, p)...)
			}
		case openapi3.ParameterInHeader:
			if p.Name == "If-Match" && r.Header.Get(p.Name) == "" {
				return fault.New(fault.PreconditionRequired, "Send If-Match with the ETag your change is based on.")
			}
			if len(r.Header.Values(p.Name)) > 1 && p.Name != "If-None-Match" {
				faults = append(faults, fault.Field{Name: p.Name, Message: "is given more than once"})
				continue
			}
			faults = append(faults, checkParam(r, input, p)...)
		}
	}
	more, err := f.checkBody(w, r, op)
	if err != nil {
		return err
	}
	if faults = append(faults, more...); len(faults) > 0 {
		return fault.Invalid(faults...)
	}
	return nil
}

// checkPath answers not_found for a path that cannot lead to anything: what is no id is
// answered like an id of nothing.
func (f *frame) checkPath(r *http.Request, op *operation) error {
	input := op.input(r, nil)
	for _, p := range op.params {
		if p.In == openapi3.ParameterInPath && len(checkParam(r, input, p)) > 0 {
			return fault.New(fault.NotFound, "")
		}
	}
	return nil
}

// checkNames finds query parameters that are unknown, repeated or not text.
func (op *operation) checkNames(query url.Values) []fault.Field {
	var faults []fault.Field
	for _, name := range sortedKeys(query) {
		known := slices.ContainsFunc(op.params, func(p *openapi3.Parameter) bool {
			return p.In == openapi3.ParameterInQuery && p.Name == name
		})
		switch {
		case !known && op.looseQuery:
		case !known:
			faults = append(faults, fault.Field{Name: shown(name), Message: "is not a parameter of this call"})
		case len(query[name]) > 1:
			faults = append(faults, fault.Field{Name: name, Message: "is given more than once"})
		case !isText(query[name][0]):
			faults = append(faults, fault.Field{Name: name, Message: "is not text"})
		}
	}
	return faults
}

// input is what openapi3filter looks parameters up in.
func (op *operation) input(r *http.Request, query url.Values) *openapi3filter.RequestValidationInput {
	path := map[string]string{}
	for _, p := range op.params {
		if p.In == openapi3.ParameterInPath {
			path[p.Name] = r.PathValue(p.Name)
		}
	}
	return &openapi3filter.RequestValidationInput{
		Request: r, Route: op.route, PathParams: path, QueryParams: query,
		Options: &openapi3filter.Options{
			MultiError: true, SkipSettingDefaults: true, SchemaValidationOptions: op.checks,
		},
	}
}

// checkParam checks one parameter. A faulty value is named, never repeated.
func checkParam(r *http.Request, input *openapi3filter.RequestValidationInput, p *openapi3.Parameter) []fault.Field {
	err := openapi3filter.ValidateParameter(r.Context(), input, p)
	if err == nil {
		return nil
	}
	message := "is not valid"
	var parse *openapi3filter.ParseError
	switch {
	case errors.Is(err, openapi3filter.ErrInvalidRequired):
		message = "is required"
	case errors.Is(err, openapi3filter.ErrInvalidEmptyValue):
		message = "must not be empty"
	case errors.As(err, &parse):
		message = "must be " + typeWords(p.Schema.Value)
	default:
		if found := schemaFaults(err); len(found) > 0 {
			message = found[0].Message
		}
	}
	return []fault.Field{{Name: p.Name, Message: message}}
}

// isText tells whether a string can be stored: UTF-8 without NUL.
func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// shown cuts a caller's own name for a field to a harmless length and alphabet.
func shown(name string) string {
	const limit = 64
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	if runes := []rune(clean); len(runes) > limit {
		clean = string(runes[:limit]) + "…"
	}
	return clean
}

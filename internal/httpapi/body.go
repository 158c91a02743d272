package httpapi

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"trackbot/internal/fault"
)

// checkBody reads and checks the body: what is wrong with its values as fields, what is wrong
// with it as a whole as an error. Every handler finds the body in memory, so that none waits
// for a slow caller.
func (f *frame) checkBody(w http.ResponseWriter, r *http.Request, op *operation) ([]fault.Field, error) {
	if !op.permission.raw() && op.body != nil && hasBody(r) {
		if err := op.checkMediaType(r); err != nil {
			return nil, err
		}
	}
	data, err := readBody(w, r)
	if err != nil {
		return nil, err
	}
	switch {
	case op.permission.raw():
		return nil, nil
	case op.body == nil && len(data) > 0:
		return []fault.Field{{Name: "body", Message: "is not taken by this call"}}, nil
	case len(data) == 0 && op.body != nil && op.body.Required:
		return []fault.Field{{Name: "body", Message: "is required"}}, nil
	case len(data) == 0 || op.body.Content["application/json"] == nil:
		return nil, nil
	}
	value, faults := decodeStrict(data)
	if len(faults) == 0 {
		schema := op.body.Content["application/json"].Schema.Value
		faults = schemaFaults(schema.VisitJSON(value, op.checks...))
		if op.rules != nil {
			faults = withRules(faults, op.rules(value))
		}
	}
	r.Body = checkedBody{ReadCloser: r.Body, value: value}
	return faults, nil
}

// withRules adds what rules beyond the schema find in fields that the schema has no fault with.
func withRules(faults, more []fault.Field) []fault.Field {
	for _, m := range more {
		if !slices.ContainsFunc(faults, func(f fault.Field) bool { return f.Name == m.Name }) {
			faults = append(faults, m)
		}
	}
	return faults
}

func hasBody(r *http.Request) bool {
	return r.Body != nil && r.Body != http.NoBody && r.ContentLength != 0
}

// checkedBody hands the checked value to the generated code (runtime.BindJSONBody), which binds it
// by exact names, where encoding/json would take any case.
type checkedBody struct {
	io.ReadCloser
	value any
}

// ValidatedValue is the value that was checked.
func (b checkedBody) ValidatedValue() any { return b.value }

// checkMediaType refuses a body of a media type that is not declared, and an encoded one.
func (op *operation) checkMediaType(r *http.Request) error {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := params["charset"]
	encoding := r.Header.Get("Content-Encoding")
	if err != nil || op.body.Content[media] == nil || charset != "" && !strings.EqualFold(charset, "utf-8") ||
		encoding != "" && !strings.EqualFold(encoding, "identity") {
		return fault.New(fault.UnsupportedMediaType,
			"Send the body, not encoded and in UTF-8, as "+strings.Join(sortedKeys(op.body.Content), " or ")+".")
	}
	return nil
}

// readBody reads the whole body, within the size limit and within bodyPatience, and leaves it to be read again.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if !hasBody(r) {
		r.Body = http.NoBody
		return nil, nil
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(bodyPatience)) // a writer of tests has none
	defer func() { _ = control.SetReadDeadline(time.Time{}) }()
	data, err := io.ReadAll(r.Body)
	var size *http.MaxBytesError
	switch {
	case errors.As(err, &size):
		return nil, tooLarge(w)
	case err != nil:
		w.Header().Set("Connection", "close")
		return nil, invalid("body", "ended early or came too slowly")
	}
	r.Body = io.NopCloser(bytes.NewReader(data))
	return data, nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

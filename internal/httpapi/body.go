package httpapi

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"trackbot/internal/fault"
)

// checkBody reads and checks the body: what is wrong with its values as fields, what is wrong
// with it as a whole as an error.
func (f *frame) checkBody(w http.ResponseWriter, r *http.Request, op *operation) ([]fault.Field, error) {
	if op.permission.raw() {
		return nil, nil
	}
	if op.body == nil {
		return nil, refuseBody(w, r)
	}
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return op.missingBody(), nil
	}
	media, content, err := op.mediaType(r)
	if err != nil {
		return nil, err
	}
	if media != "application/json" {
		return nil, nil
	}
	data, err := readBody(w, r)
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		r.Body = http.NoBody
		return op.missingBody(), nil
	}
	value, faults := decodeStrict(data)
	if len(faults) == 0 {
		faults = schemaFaults(content.Schema.Value.VisitJSON(value, op.checks...))
	}
	r.Body = checkedBody{ReadCloser: io.NopCloser(strings.NewReader(string(data))), value: value}
	return faults, nil
}

// checkedBody hands the checked value to the generated code (runtime.BindJSONBody), which binds it
// by exact names, where encoding/json would take any case.
type checkedBody struct {
	io.ReadCloser
	value any
}

// ValidatedValue is the value that was checked.
func (b checkedBody) ValidatedValue() any { return b.value }

// mediaType finds the declared media type of the body; 415 for any other, and for an encoded body.
func (op *operation) mediaType(r *http.Request) (string, *openapi3.MediaType, error) {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	content := op.body.Content[media]
	charset := params["charset"]
	encoding := r.Header.Get("Content-Encoding")
	if err != nil || content == nil || charset != "" && !strings.EqualFold(charset, "utf-8") ||
		encoding != "" && !strings.EqualFold(encoding, "identity") {
		return "", nil, fault.New(fault.UnsupportedMediaType,
			"Send the body, not encoded and in UTF-8, as "+strings.Join(sortedKeys(op.body.Content), " or ")+".")
	}
	return media, content, nil
}

func (op *operation) missingBody() []fault.Field {
	if !op.body.Required {
		return nil
	}
	return []fault.Field{{Name: "body", Message: "is required"}}
}

// refuseBody refuses a body where none is taken.
func refuseBody(w http.ResponseWriter, r *http.Request) error {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return nil
	}
	data, err := readBody(w, r)
	if err != nil {
		return err
	}
	if len(data) > 0 {
		return invalid("body", "is not taken by this call")
	}
	return nil
}

// readBody reads the whole body, within the size limit and within bodyPatience.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
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

package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// operation is one call of the control API: JSON in, a value or an error out.
type operation func(context.Context, []byte) (any, error)

// none is the input or output of operations without one.
type none struct{}

// op makes an operation of a typed function. Unknown fields are errors, so that
// a misspelt one does not go unnoticed.
func op[In, Out any](f func(context.Context, In) (Out, error)) operation {
	return func(ctx context.Context, body []byte) (any, error) {
		var in In
		dec := json.NewDecoder(bytes.NewReader(body))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&in); err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("decode body: %w", err)
		}
		return f(ctx, in)
	}
}

// do is an operation that returns nothing.
func do[In any](f func(In) error) operation {
	return op(func(_ context.Context, in In) (none, error) { return none{}, f(in) })
}

// act is an operation that takes and returns nothing and cannot fail.
func act(f func()) operation {
	return do(func(none) error { f(); return nil })
}

// get is an operation that only tells something.
func get[In, Out any](f func(In) Out) operation {
	return op(func(_ context.Context, in In) (Out, error) { return f(in), nil })
}

// operations is the whole control API by name.
func (s *Sim) operations() map[string]operation {
	all := map[string]operation{}
	for _, part := range []map[string]operation{
		s.discordOperations(), s.entitlementOperations(), s.platformOperations(), s.keyedOperations(), s.gatewayOperations(), s.faultOperations(),
	} {
		for name, o := range part {
			all[name] = o
		}
	}
	return all
}

// serveControl answers POST /sim/control/{op}: 200 with the result, 400 with
// {"error": …}, 404 for an unknown operation. JSON is demanded so that no web
// page can reach it without the browser asking first.
func (s *Sim) serveControl(all map[string]operation) http.HandlerFunc {
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return func(w http.ResponseWriter, r *http.Request) {
		if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
			writeJSON(w, http.StatusUnsupportedMediaType, object{"error": "Content-Type must be application/json"})
			return
		}
		o, ok := all[r.PathValue("op")]
		if !ok {
			writeJSON(w, http.StatusNotFound, object{"error": "unknown operation; there are " + strings.Join(names, ", ")})
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 8<<20))
		if err != nil {
			writeJSON(w, http.StatusBadRequest, object{"error": err.Error()})
			return
		}
		out, err := o(r.Context(), body)
		if err != nil {
			writeJSON(w, http.StatusBadRequest, object{"error": err.Error()})
			return
		}
		writeJSON(w, http.StatusOK, out)
	}
}

// Client drives a simulator in another process through its control API.
type Client struct {
	Base string       // such as http://127.0.0.1:9300
	HTTP *http.Client // http.DefaultClient when nil
}

// Do calls an operation. in and out may be nil.
func (c Client) Do(ctx context.Context, name string, in, out any) error {
	if in == nil {
		in = none{}
	}
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Base+"/sim/control/"+name, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("build %s: %w", name, err)
	}
	req.Header.Set("Content-Type", "application/json")
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("call %s: %w", name, err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		var problem struct {
			Error string `json:"error"`
		}
		_ = json.NewDecoder(res.Body).Decode(&problem) // the status alone must do where there is no JSON
		return fmt.Errorf("call %s: %d %s", name, res.StatusCode, problem.Error)
	}
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(res.Body).Decode(out); err != nil {
		return fmt.Errorf("decode %s: %w", name, err)
	}
	return nil
}

package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

const acceptJSON = "application/json"

// maxListed bounds every list in a JSON answer: three bytes of "{}," would else become a struct of
// hundreds. It is above any page we ask for.
const maxListed = maxPosts

// list is a JSON array of which at most the first maxListed elements are taken, and of those the
// ones that fit the type: one odd element does not spoil the rest.
type list[T any] []T

// UnmarshalJSON reads the array element by element; anything but an array is an empty list.
func (l *list[T]) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if tok, err := dec.Token(); err != nil || tok != json.Delim('[') {
		return err
	}
	for dec.More() && len(*l) < maxListed {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return fmt.Errorf("read list: %w", err)
		}
		var v T
		if lenient(json.Unmarshal(raw, &v)) == nil {
			*l = append(*l, v)
		}
	}
	return nil
}

// figure is a count in a JSON answer. It stays nil for anything that is no whole number, where a
// plain pointer would become a false 0.
type figure struct{ n *int64 }

// UnmarshalJSON reads the number and never fails.
func (f *figure) UnmarshalJSON(data []byte) error {
	var n *int64
	if json.Unmarshal(data, &n) == nil {
		f.n = n
	}
	return nil
}

// sum adds the figures that are known; nil if none is.
func sum(parts ...figure) *int64 {
	var total *int64
	for _, p := range parts {
		if p.n == nil {
			continue
		}
		if total == nil {
			total = new(int64)
		}
		*total += *p.n
	}
	return total
}

// lenient forgives a field of another type than documented: the other fields are read all the same.
func lenient(err error) error {
	var odd *json.UnmarshalTypeError
	if errors.As(err, &odd) && odd.Field != "" {
		return nil
	}
	return err
}

// decodeJSON reads an API's answer; one that is no JSON or of another shape is Malformed.
func decodeJSON(body []byte, into any) error {
	if err := lenient(json.Unmarshal(body, into)); err != nil {
		return refuse(Malformed, "The source answers something that is not its usual data.", "decode json: %w", err)
	}
	return nil
}

package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"trackbot/internal/fault"
)

// maxDepth of arrays and objects within each other; the contract needs 4.
const maxDepth = 32

// decodeStrict reads one JSON value and nothing after it. Unlike encoding/json it refuses a
// repeated name, invalid UTF-8, U+0000 in a string (PostgreSQL cannot store it) and deep nesting.
// Numbers stay json.Number.
func decodeStrict(data []byte) (any, []fault.Field) {
	if !utf8.Valid(data) {
		return nil, []fault.Field{{Name: "body", Message: "is not UTF-8"}}
	}
	d := strictDecoder{Decoder: json.NewDecoder(bytes.NewReader(data))}
	d.UseNumber()
	value, err := d.value("", 0)
	if err == nil {
		if _, err = d.Token(); err == nil || !errors.Is(err, io.EOF) {
			err = faultAt{"", "goes on after the JSON value"}
		} else {
			err = nil
		}
	}
	if err == nil {
		return value, nil
	}
	var at faultAt
	if !errors.As(err, &at) {
		at = faultAt{"", "is not valid JSON"}
	}
	if at.path == "" {
		at.path = "body"
	}
	return nil, []fault.Field{{Name: at.path, Message: at.message}}
}

// faultAt is what is wrong with the value at a dotted path.
type faultAt struct{ path, message string }

func (f faultAt) Error() string { return f.path + " " + f.message }

type strictDecoder struct{ *json.Decoder }

func (d strictDecoder) value(path string, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, faultAt{"", "is nested too deeply"}
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '[' {
			return d.array(path, depth)
		}
		return d.object(path, depth)
	case string:
		if !isText(t) {
			return nil, faultAt{path, "must not hold U+0000"}
		}
		return t, nil
	default:
		return token, nil
	}
}

func (d strictDecoder) array(path string, depth int) (any, error) {
	items := []any{}
	for d.More() {
		item, err := d.value(join(path, strconv.Itoa(len(items))), depth+1)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	_, err := d.Token()
	return items, err
}

func (d strictDecoder) object(path string, depth int) (any, error) {
	members := map[string]any{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, ok := token.(string)
		if !ok {
			return nil, fmt.Errorf("object key is %T", token)
		}
		if _, twice := members[name]; twice {
			return nil, faultAt{join(path, shown(name)), "is given more than once"}
		}
		if members[name], err = d.value(join(path, shown(name)), depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return members, err
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

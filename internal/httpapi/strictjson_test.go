package httpapi_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"trackbot/internal/httpapi"
)

func FuzzStrictJSON(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,2.5,"x",null,true],"b":{"c":{}}}`, `{"a":1,"a":2}`, `[] []`, `"a\u0000"`, "\xff", `{"a"`, ` 1e999 `, `[[[[`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, faults := httpapi.DecodeStrict(data)
		if len(faults) > 0 {
			if faults[0].Name == "" || faults[0].Message == "" {
				t.Fatalf("%q: fault %v says nothing", data, faults)
			}
			return
		}
		// What is taken means the same to encoding/json.
		written, err := json.Marshal(got)
		if err != nil {
			t.Fatalf("%q: %v", data, err)
		}
		var want, again any
		if err := json.Unmarshal(data, &want); err != nil {
			if number := (*json.UnmarshalTypeError)(nil); !errors.As(err, &number) {
				t.Fatalf("%q: taken, though %v", data, err)
			}
			return // a number beyond float64 is left to the schema
		}
		if err := json.Unmarshal(written, &again); err != nil || !reflect.DeepEqual(again, want) {
			t.Fatalf("%q was read as %s", data, written)
		}
	})
}

package httpapi

import (
	"context"
	"net/http"
	"reflect"

	"trackbot/api"
	"trackbot/internal/fault"
)

// Unbuilt lets a test build single operations of a server that has none.
type Unbuilt struct {
	unbuilt
	authUnbuilt
}

// NewWith is New around other operations.
func NewWith(deps Deps, ops api.StrictServerInterface) (http.Handler, error) {
	return newHandler(deps, ops)
}

// UnbuiltOperations names the operations that answer 501.
func UnbuiltOperations() []string {
	t := reflect.TypeFor[unbuilt]()
	names := make([]string, t.NumMethod())
	for i := range names {
		names[i] = t.Method(i).Name
	}
	return names
}

// StatusOf is the HTTP status of a code.
func StatusOf(code fault.Code) int { return kindOf(code).status }

// SetVersion, CheckVersion and DecodeStrict are for handlers of this package.
func SetVersion(ctx context.Context, version int64) { setVersion(ctx, version) }

func CheckVersion(ifMatch string, version int64) error { return checkVersion(ifMatch, version) }

func DecodeStrict(data []byte) (any, []fault.Field) { return decodeStrict(data) }

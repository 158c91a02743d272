package httpapi

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"trackbot/api"
	"trackbot/internal/fault"
)

// Nothing is an API without operations, in which a test defines those it is about.
type Nothing struct{ api.StrictServerInterface }

// NewWith is New around ops, of which only the named operations are built.
func NewWith(deps Deps, ops api.StrictServerInterface, built ...string) (http.Handler, error) {
	return newHandler(deps, ops, func(next api.StrictHandlerFunc, id string) api.StrictHandlerFunc {
		if slices.Contains(built, id) {
			return next
		}
		return func(context.Context, http.ResponseWriter, *http.Request, any) (any, error) { return nil, errNotSetUp() }
	})
}

// StatusOf is the HTTP status of a code.
func StatusOf(code fault.Code) int { return kindOf(code).status }

// Vouched is the address that a header vouches for at a time, the zero Addr when it does not count.
func Vouched(keys [][]byte, at time.Time, header string) netip.Addr {
	return newVouchers(keys, func() time.Time { return at }, nil).read(header)
}

// SetVersion, CheckVersion and DecodeStrict are for handlers of this package.
func SetVersion(ctx context.Context, version int64) { setVersion(ctx, version) }

func CheckVersion(ifMatch string, version int64) error { return checkVersion(ifMatch, version) }

func DecodeStrict(data []byte) (any, []fault.Field) { return decodeStrict(data) }

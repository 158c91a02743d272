package httpapi

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"trackbot/internal/fault"
)

const (
	cursorVersion = 1
	cursorMAC     = 16 // bytes
)

// Scope is what a cursor is bound to: it is worthless for any other tenant, route or filter.
type Scope struct {
	Tenant  string // client id; for a user's own lists the user's id
	Route   string // pattern of the contract
	Filters string // the query without limit and cursor, in canonical order
}

// Cursors makes and reads pagination cursors: the sort key of the last item, authenticated
// and bound to a Scope. It is safe for concurrent use.
//
//	base64url( version ‖ HMAC-SHA-256(key, version ‖ scope ‖ sort key)[:16] ‖ sort key as JSON )
type Cursors struct{ keys [][]byte }

// NewCursors takes the key of the MAC, at least 32 bytes, and others whose cursors count too.
func NewCursors(key []byte, others ...[]byte) (*Cursors, error) {
	c := &Cursors{}
	for _, k := range append([][]byte{key}, others...) {
		if len(k) < 32 {
			return nil, fmt.Errorf("make cursors: key of %d bytes, want 32 or more", len(k))
		}
		c.keys = append(c.keys, bytes.Clone(k))
	}
	return c, nil
}

// Encode makes the cursor that continues after the item with this sort key, a plain struct.
// A key that JSON cannot hold is a programming error and panics.
func (c *Cursors) Encode(scope Scope, key any) string {
	payload, err := json.Marshal(key)
	if err != nil {
		panic(fmt.Errorf("encode cursor: %w", err))
	}
	raw := append([]byte{cursorVersion}, cursorMACOf(c.keys[0], scope, payload)...)
	return base64.RawURLEncoding.EncodeToString(append(raw, payload...))
}

// Decode reads a cursor made for the same scope into key. Any other is validation_failed naming `cursor`.
func (c *Cursors) Decode(scope Scope, cursor string, key any) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) < 1+cursorMAC || raw[0] != cursorVersion {
		return errCursor(err)
	}
	mac, payload := raw[1:1+cursorMAC], raw[1+cursorMAC:]
	if !slices.ContainsFunc(c.keys, func(key []byte) bool { return hmac.Equal(mac, cursorMACOf(key, scope, payload)) }) {
		return errCursor(errors.New("mac differs"))
	}
	if err := json.Unmarshal(payload, key); err != nil {
		return errCursor(err)
	}
	return nil
}

func errCursor(cause error) error {
	e := fault.Wrap(cause, fault.ValidationFailed, "The request has invalid values.")
	e.Fields = []fault.Field{{Name: "cursor", Message: "is not a cursor of this list with these filters"}}
	return e
}

// cursorMACOf covers each part with its length before it, so that no two scopes read the same.
func cursorMACOf(key []byte, scope Scope, payload []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte{cursorVersion})
	for _, part := range []string{scope.Tenant, scope.Route, scope.Filters, string(payload)} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write([]byte(part))
	}
	return h.Sum(nil)[:cursorMAC]
}

// ScopeOf is the scope of the request's own list.
func ScopeOf(ctx context.Context) Scope { return recordOf(ctx).scope }

// scopeOf reads the scope off an admitted request.
func scopeOf(rec *record, r *http.Request, op *operation) Scope {
	s := Scope{Route: op.pattern}
	switch {
	case rec.tenant != nil:
		s.Tenant = rec.tenant.ClientID.String()
	case rec.actor != nil:
		s.Tenant = rec.actor.ID()
	}
	filters := r.URL.Query()
	filters.Del("limit")
	filters.Del("cursor")
	s.Filters = filters.Encode()
	return s
}

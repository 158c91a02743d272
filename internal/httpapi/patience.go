package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// An answer that takes longer than its operation's patience is `unavailable` instead: a database whose network is
// silent does not refuse, and the server's own limit (WriteTimeout) would cut the connection without a word.
const (
	readPatience   = 10 * time.Second // reads ask the database alone
	changePatience = 26 * time.Second // changes may ask a platform or Discord, an import many times; under WriteTimeout
)

// patienceWith is how long an operation may take, 0 for those that stream.
func patienceWith(method string, spec *openapi3.Operation) time.Duration {
	ok := spec.Responses.Status(http.StatusOK)
	switch {
	case method != http.MethodGet || ok == nil:
		return changePatience
	case ok.Value.Content.Get("application/json") != nil:
		return readPatience
	default:
		return 0
	}
}

// limitTime breaks the work off when the operation's patience is over.
func (op *operation) limitTime(r *http.Request) (*http.Request, context.CancelFunc) {
	if op.patience == 0 {
		return r, func() {}
	}
	ctx, cancel := context.WithTimeout(r.Context(), op.patience)
	return r.WithContext(ctx), cancel
}

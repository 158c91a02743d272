package httpapi

import (
	"context"

	"trackbot/api"
	"trackbot/internal/fault"
)

// unbuilt answers 501 for every operation that has no method on Server yet.
type unbuilt struct{}

func errNotBuilt() error { return fault.New(fault.NotImplemented, "This call is not built yet.") }

func (unbuilt) ReceiveStripeWebhook(context.Context, api.ReceiveStripeWebhookRequestObject) (api.ReceiveStripeWebhookResponseObject, error) {
	return nil, errNotBuilt()
}

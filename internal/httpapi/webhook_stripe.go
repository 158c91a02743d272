package httpapi

import (
	"context"
	"fmt"
	"io"

	"trackbot/api"
)

// ReceiveStripeWebhook takes what Stripe tells of subscriptions. Events that mean nothing to Trackbot are taken and dropped:
// Stripe sends again what is refused.
func (s *Server) ReceiveStripeWebhook(ctx context.Context, in api.ReceiveStripeWebhookRequestObject) (api.ReceiveStripeWebhookResponseObject, error) {
	if s.sales == nil {
		return nil, errNotSetUp()
	}
	body, err := io.ReadAll(in.Body) // bounded by the frame
	if err != nil {
		return nil, fmt.Errorf("read webhook: %w", err)
	}
	var signature string
	if in.Params.StripeSignature != nil {
		signature = *in.Params.StripeSignature
	}
	if err := s.sales.Stripe(ctx, signature, body); err != nil {
		return nil, err
	}
	return api.ReceiveStripeWebhook204Response{}, nil
}

package httpapi

import (
	"context"
	"fmt"
	"io"
	"time"

	"trackbot/api"
)

// VerifyWebSub answers a hub that asks whether what it was asked for is meant, or tells that it refuses.
func (s *Server) VerifyWebSub(ctx context.Context, req api.VerifyWebSubRequestObject) (api.VerifyWebSubResponseObject, error) {
	if s.pushes == nil {
		return nil, errNotSetUp()
	}
	p := req.Params
	if p.HubMode == api.WebSubModeDenied {
		reason := ""
		if p.HubReason != nil {
			reason = *p.HubReason
		}
		return api.VerifyWebSub200TextResponse(""), s.pushes.Denied(ctx, req.Token, p.HubTopic, reason)
	}
	if p.HubChallenge == nil || *p.HubChallenge == "" {
		return nil, invalid("hub.challenge", "is required")
	}
	var err error
	if p.HubMode == api.WebSubModeUnsubscribe {
		err = s.pushes.Unsubscribed(ctx, req.Token, p.HubTopic)
	} else {
		err = s.pushes.Subscribed(ctx, req.Token, p.HubTopic, leaseOf(p.HubLeaseSeconds))
	}
	if err != nil {
		return nil, err
	}
	return api.VerifyWebSub200TextResponse(*p.HubChallenge), nil
}

// leaseOf reads a hub's lease, 0 if it names none; what no Duration holds is as long as a year.
func leaseOf(seconds *int64) time.Duration {
	const year = 365 * 24 * 60 * 60
	if seconds == nil {
		return 0
	}
	return time.Duration(min(max(*seconds, 0), year)) * time.Second
}

// ReceiveWebSub takes a push. Whether it was believed is not told.
func (s *Server) ReceiveWebSub(ctx context.Context, req api.ReceiveWebSubRequestObject) (api.ReceiveWebSubResponseObject, error) {
	if s.pushes == nil {
		return nil, errNotSetUp()
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, fmt.Errorf("read push: %w", err)
	}
	signature := ""
	if req.Params.XHubSignature != nil {
		signature = *req.Params.XHubSignature
	}
	if err := s.pushes.Pushed(ctx, req.Token, signature, body); err != nil {
		return nil, err
	}
	return api.ReceiveWebSub202Response{}, nil
}

package source

import (
	"context"
	"net/url"
	"strconv"
	"time"
)

// HubRequest asks a WebSub hub to begin or to end sending what is new of a topic to a callback (W3C WebSub §5.1).
type HubRequest struct {
	Hub, Topic, Callback string
	Secret               string // signs what the hub sends; under 200 bytes
	Unsubscribe          bool
	Lease                time.Duration // how long the subscription is wished to last; the hub decides
}

// Topic names the hub and the topic that tell what is new of an account; false: the platform has no push.
func (r *Registry) Topic(platform, externalID string) (hub, topic string, ok bool) {
	if platform != YouTube || r.youtubeHub == "" {
		return "", "", false
	}
	return r.youtubeHub, r.youtube.feedOf(externalID).String(), true
}

// AskHub sends a request to a hub. That it is taken promises nothing: the hub asks back at the callback, or never.
func (r *Registry) AskHub(ctx context.Context, req HubRequest) error {
	hub, err := url.Parse(req.Hub)
	if err != nil {
		return refuse(Blocked, "The hub's address makes no sense.", "parse hub address")
	}
	form := url.Values{
		"hub.mode": {"subscribe"}, "hub.topic": {req.Topic}, "hub.callback": {req.Callback}, "hub.secret": {req.Secret},
		"hub.verify": {"async"}, // hubs of PubSubHubbub 0.3 demand it; later ones ignore it
	}
	if req.Unsubscribe {
		form.Set("hub.mode", "unsubscribe")
		form.Del("hub.secret")
	} else if req.Lease > 0 {
		form.Set("hub.lease_seconds", strconv.Itoa(int(req.Lease.Seconds())))
	}
	_, err = r.fetch.get(ctx, call{url: hub, accept: "*/*", form: form, pace: hubPace()})
	return err
}

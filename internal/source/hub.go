package source

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
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

// link is a link of a feed, in its document or its header.
type link struct{ rel, href string }

// hubOf finds the hub among a feed's links, and what the feed calls itself: its address, where it does not say.
func hubOf(links []link, base *url.URL) Hub {
	var out Hub
	for _, l := range links {
		for rel := range strings.FieldsSeq(strings.ToLower(l.rel)) {
			switch {
			case rel == "hub" && out.URL == "":
				out.URL = webURL(base, l.href)
			case rel == "self" && out.Topic == "":
				out.Topic = webURL(base, l.href)
			}
		}
	}
	if out.URL == "" {
		return Hub{}
	}
	if out.Topic == "" && base != nil {
		out.Topic = base.String()
	}
	return out
}

// linksOf reads the Link headers (RFC 8288), those parts of them that feeds use.
func linksOf(h http.Header) (links []link) {
	for _, value := range h.Values("Link") {
		for part := range strings.SplitSeq(value, ",") {
			address, params, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(part), "<"), ">")
			if !ok {
				continue
			}
			for param := range strings.SplitSeq(params, ";") {
				if name, rel, _ := strings.Cut(strings.TrimSpace(param), "="); strings.EqualFold(name, "rel") {
					links = append(links, link{strings.Trim(rel, `" `), address})
				}
			}
		}
	}
	return links
}

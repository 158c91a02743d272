package discord

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Clock tells Discord's time, to a second, and how far it is ahead of this machine's (RFC 9110 §6.6.1: Date). It needs no
// token, and any answer will do.
func (c *Client) Clock(ctx context.Context) (at time.Time, offset time.Duration, err error) {
	rq := &request{method: http.MethodGet, route: "GET /gateway", path: "/gateway"}
	hr, err := c.build(ctx, rq)
	if err != nil {
		return time.Time{}, 0, err
	}
	before := c.now()
	_, header, _, err := c.exchange(ctx, rq, hr)
	if err != nil {
		return time.Time{}, 0, fmt.Errorf("call %s: %w", rq.route, err)
	}
	at, err = http.ParseTime(header.Get("Date"))
	if err != nil {
		return time.Time{}, 0, fmt.Errorf("read date of an answer: %w", err)
	}
	// The date is cut to the second: on average half of one is missing.
	return at, at.Add(time.Second / 2).Sub(before.Add(c.now().Sub(before) / 2)), nil
}

//go:build unix

package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"trackbot/api"
)

// retryWindow is how long the same key gets the same tokens again. When nothing is heard for longer, what was
// rotated and not heard of cannot be told from a theft: the session ends, by design.
const retryWindow = time.Minute

// refreshOn renews the owner's session as a dashboard does: one token at a time, the same again with the
// same key while nothing was heard. It must not be lost before the retry window is over.
func (c *chaos) refreshOn(ctx context.Context, tn *tenant) {
	for n := 0; wait(ctx, refreshEvery); n++ {
		began := time.Now()
		header := map[string]string{"Idempotency-Key": fmt.Sprintf("refresh-%s-%d", tn.guild, n)}
		for {
			a, err := c.refresh(ctx, tn, header)
			if err == nil && a.status == http.StatusOK {
				var pair api.TokenPair
				if err := json.Unmarshal(a.body, &pair); err != nil {
					c.wrong.add("half a token pair: %v", err)
				}
				tn.session.token, tn.session.refresh = pair.AccessToken, pair.RefreshToken
				c.tally.refreshes.Add(1)
				break
			}
			if err == nil && a.status != http.StatusServiceUnavailable {
				if tn.outlasted = time.Since(began) > retryWindow; !tn.outlasted {
					c.wrong.add("a session is lost %s after its first try to renew it: %d %s", time.Since(began), a.status, a.body)
				}
				return
			}
			if !wait(context.WithoutCancel(ctx), readEvery) { // to its end: half a rotation cannot be told from a theft later
				return
			}
		}
	}
}

func (c *chaos) refresh(ctx context.Context, tn *tenant, header map[string]string) (answer, error) {
	ctx = context.WithoutCancel(ctx)
	b := c.fleet.berths[anyAPI()]
	dashboard := newClient("http://" + b.env["LISTEN_ADDR"] + "/api/v1")
	defer dashboard.http.CloseIdleConnections()
	dashboard.http.Timeout = patience
	req, err := dashboard.request(ctx, http.MethodPost, "/auth/refresh", map[string]string{"refreshToken": tn.session.refresh})
	if err != nil {
		return answer{}, err
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	began := time.Now()
	a, err := dashboard.do(req)
	if a.status != http.StatusUnauthorized { // of which the caller knows more
		c.judge(ctx, b, "POST /auth/refresh", began, a, err)
	}
	return a, err
}

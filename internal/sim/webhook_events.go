package sim

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// SendWebhookEvent posts a signed event to url and returns the status of the
// answer. An empty eventType sends a PING (type 0). With forged, the signature
// does not fit, as in Discord's own checks of an endpoint.
// (Discord API docs: Webhook Events.)
func (s *Sim) SendWebhookEvent(ctx context.Context, url, eventType string, data any, forged bool) (int, error) {
	body := object{"version": 1, "application_id": s.cfg.ClientID, "type": 0}
	if eventType != "" {
		body["type"] = 1
		body["event"] = object{"type": eventType, "timestamp": s.now(), "data": data}
	}
	raw := []byte(mustJSON(body))
	stamp := strconv.FormatInt(s.now().Unix(), 10)
	sig := ed25519.Sign(s.cfg.PrivateKey, append([]byte(stamp), raw...))
	if forged {
		sig[0] ^= 0xff
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(raw))
	if err != nil {
		return 0, fmt.Errorf("build webhook event: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Discord-Webhook/1.0 (+https://discord.com)")
	req.Header.Set("X-Signature-Ed25519", hex.EncodeToString(sig))
	req.Header.Set("X-Signature-Timestamp", stamp)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("send webhook event: %w", err)
	}
	_ = res.Body.Close()
	return res.StatusCode, nil
}

// Deauthorize removes a user's authorization, as the user does in Discord's
// settings, and tells the application if it has a webhook events URL.
func (s *Sim) Deauthorize(ctx context.Context, userID string) error {
	s.mu.Lock()
	u, g := s.users[userID], s.oauth.grants[userID]
	if g != nil {
		s.revoke(g)
	}
	to := s.cfg.WebhookEventsURL
	s.mu.Unlock()
	if u == nil || g == nil {
		return fmt.Errorf("deauthorize: user %q has not authorized the application", userID)
	}
	if to == "" {
		return nil
	}
	_, err := s.SendWebhookEvent(ctx, to, "APPLICATION_DEAUTHORIZED", object{"user": *u}, false)
	return err
}

// Reconfigure changes the registered redirect URIs and the webhook events URL;
// nil leaves a value as it is.
func (s *Sim) Reconfigure(redirectURIs []string, webhookEventsURL *string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if redirectURIs != nil {
		s.cfg.RedirectURIs = redirectURIs
	}
	if webhookEventsURL != nil {
		s.cfg.WebhookEventsURL = *webhookEventsURL
	}
}

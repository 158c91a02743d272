package sim

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	digest "hash"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// HubConfig is how the WebSub hub behaves. The zero value is a good hub that signs with sha256.
type HubConfig struct {
	// Refuse answers subscription requests with 400; Silent takes them and does nothing more.
	Refuse bool `json:"refuse"`
	Silent bool `json:"silent"`
	// Deny refuses at the callback instead of verifying.
	Deny bool `json:"deny"`
	// Mute keeps the subscriptions and sends no pushes.
	Mute bool `json:"mute"`
	// LeaseSeconds replaces the lease that is asked for; it may be absurd.
	LeaseSeconds int64 `json:"leaseSeconds"`
	// Algorithm signs the pushes: sha1, sha256 (default), sha384, sha512, or "none".
	Algorithm string `json:"algorithm"`
}

// HubSubscription is a subscription that the subscriber has verified.
type HubSubscription struct {
	Callback   string    `json:"callback"`
	Topic      string    `json:"topic"`
	Secret     string    `json:"secret"`
	LeaseUntil time.Time `json:"leaseUntil"`
	Pushes     int       `json:"pushes"` // sent to it, whatever was answered
}

// hubLease is granted when none is asked for, hubMaxLease at most (as YouTube's hub does).
const (
	hubLease    = 5 * 24 * time.Hour
	hubMaxLease = 10 * 24 * time.Hour
)

type hubState struct {
	cfg  HubConfig
	subs []*HubSubscription
}

// ConfigureHub changes how the hub behaves from now on.
func (s *Sim) ConfigureHub(cfg HubConfig) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hub.cfg = cfg
}

// HubSubscriptions lists what is subscribed, oldest first.
func (s *Sim) HubSubscriptions() []HubSubscription {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []HubSubscription{}
	for _, sub := range s.hub.subs {
		list = append(list, *sub)
	}
	return list
}

// serveHub takes subscription requests (W3C WebSub §5.1). The subscriber is asked back after the answer.
func (s *Sim) serveHub(w http.ResponseWriter, r *http.Request) {
	mode, topic, callback := r.PostFormValue("hub.mode"), r.PostFormValue("hub.topic"), r.PostFormValue("hub.callback")
	s.mu.Lock()
	cfg := s.hub.cfg
	s.mu.Unlock()
	to, err := url.Parse(callback)
	switch {
	case mode != "subscribe" && mode != "unsubscribe":
		http.Error(w, "Invalid value for hub.mode", http.StatusBadRequest)
		return
	case err != nil || to.Host == "" || topic == "" || len(r.PostFormValue("hub.secret")) >= 200:
		http.Error(w, "Invalid parameter", http.StatusBadRequest)
		return
	case cfg.Refuse:
		http.Error(w, "This hub takes no subscriptions", http.StatusBadRequest)
		return
	}
	lease := hubLease
	if n, err := strconv.ParseInt(r.PostFormValue("hub.lease_seconds"), 10, 64); err == nil && n > 0 {
		lease = min(time.Duration(n)*time.Second, hubMaxLease)
	}
	seconds := int64(lease.Seconds())
	if cfg.LeaseSeconds != 0 {
		seconds = cfg.LeaseSeconds
	}
	w.WriteHeader(http.StatusAccepted)
	if cfg.Silent {
		return
	}
	sub := HubSubscription{Callback: callback, Topic: topic, Secret: r.PostFormValue("hub.secret")}
	s.spawn(func(ctx context.Context) {
		if cfg.Deny {
			_, _, _ = s.ask(ctx, to, url.Values{"hub.mode": {"denied"}, "hub.topic": {topic}, "hub.reason": {"not today"}})
			return
		}
		s.verify(ctx, to, mode, sub, seconds)
	})
}

// spawn runs f beside the request until it is done or the simulator closes.
func (s *Sim) spawn(f func(ctx context.Context)) {
	if !s.begin() {
		return
	}
	go func() {
		defer s.work.Done()
		ctx, cancel := context.WithTimeout(s.ctx, 10*time.Second)
		defer cancel()
		f(ctx)
	}()
}

// verify asks the subscriber whether it means it (W3C WebSub §5.3) and notes the subscription, or its end.
func (s *Sim) verify(ctx context.Context, to *url.URL, mode string, sub HubSubscription, seconds int64) {
	challenge := secret(16)
	q := url.Values{"hub.mode": {mode}, "hub.topic": {sub.Topic}, "hub.challenge": {challenge}}
	if mode == "subscribe" {
		q.Set("hub.lease_seconds", strconv.FormatInt(seconds, 10))
	}
	status, body, err := s.ask(ctx, to, q)
	if err != nil || status/100 != 2 || body != challenge {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hub.subs = slices.DeleteFunc(s.hub.subs, func(old *HubSubscription) bool {
		return old.Callback == sub.Callback && old.Topic == sub.Topic
	})
	if mode == "subscribe" {
		sub.LeaseUntil = s.now().Add(time.Duration(min(max(seconds, 0), int64(hubMaxLease.Seconds()))) * time.Second)
		s.hub.subs = append(s.hub.subs, &sub)
	}
	s.touch()
}

// ask calls a callback with a query added to its own.
func (s *Sim) ask(ctx context.Context, to *url.URL, q url.Values) (status int, body string, err error) {
	u := *to
	for name, values := range u.Query() {
		q[name] = values
	}
	u.RawQuery = q.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return 0, "", fmt.Errorf("build verification: %w", err)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return 0, "", fmt.Errorf("verify subscription: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 4<<10))
	return res.StatusCode, string(raw), err
}

// pushNews sends a channel's newest video to who subscribed to it, as YouTube does for new and changed ones.
// Callers hold mu.
func (s *Sim) pushNews(src *source, p *platformPost) {
	if src.platform != PlatformYouTube || s.hub.cfg.Mute || len(s.hub.subs) == 0 {
		return
	}
	for _, sub := range s.hub.subs {
		topic, err := url.Parse(sub.Topic)
		if err != nil || topic.Query().Get("channel_id") != src.ID || s.now().After(sub.LeaseUntil) {
			continue
		}
		base := topic.Scheme + "://" + topic.Host
		doc := src.youtube(base, s.now())
		doc.Entries = slices.DeleteFunc(doc.Entries, func(e ytEntry) bool { return e.VideoID != p.ID })
		for i := range doc.Entries {
			doc.Entries[i].Group = ytGroup{} // pushes tell no figures
		}
		sub.Pushes++
		to, key, algorithm, body := sub.Callback, sub.Secret, cmp.Or(s.hub.cfg.Algorithm, "sha256"), xmlBody(doc)
		if s.ctx.Err() != nil {
			return
		}
		s.work.Add(1)
		go func() {
			defer s.work.Done()
			ctx, cancel := context.WithTimeout(s.ctx, 10*time.Second)
			defer cancel()
			_, _ = s.SendPush(ctx, to, body, Signature(algorithm, key, body))
		}()
	}
}

// Signature is the X-Hub-Signature of a body under a secret; "" for the algorithm "none".
func Signature(algorithm, key string, body []byte) string {
	newHash, ok := map[string]func() digest.Hash{
		"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
	}[strings.ToLower(algorithm)]
	if !ok {
		return ""
	}
	mac := hmac.New(newHash, []byte(key))
	_, _ = mac.Write(body) // a hash never fails
	return algorithm + "=" + hex.EncodeToString(mac.Sum(nil))
}

// SendPush posts a body to a callback and returns the status of the answer.
func (s *Sim) SendPush(ctx context.Context, callback string, body []byte, signature string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, callback, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("build push: %w", err)
	}
	req.Header.Set("Content-Type", "application/atom+xml")
	req.Header.Set("User-Agent", "FeedFetcher-Google; (+http://www.google.com/feedfetcher.html)")
	if signature != "" {
		req.Header.Set("X-Hub-Signature", signature)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("send push: %w", err)
	}
	_ = res.Body.Close()
	return res.StatusCode, nil
}

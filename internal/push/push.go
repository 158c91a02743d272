package push

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" // what YouTube's hub signs with; taken only where the operator allows it
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"log/slog"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// The bounds of a lease. A hub that grants less would be asked all the time, one that grants more would go
// unwatched for too long.
const (
	minLease    = time.Hour
	maxLease    = 30 * 24 * time.Hour
	wantedLease = 10 * 24 * time.Hour // the longest that YouTube's hub grants
)

// Config has working zero values.
type Config struct {
	Log *slog.Logger // nil: nothing is logged
	// AllowSHA1 takes signatures by HMAC-SHA1 too. Without it they are ignored like wrong ones.
	AllowSHA1 bool
	// Registerer takes the metrics; nil keeps them here.
	Registerer prometheus.Registerer
}

// Receiver takes the calls of hubs. It is safe for concurrent use.
type Receiver struct {
	st     *store.Store
	cfg    Config
	pushes *prometheus.CounterVec
}

// NewReceiver returns a receiver on a store of the API's role.
func NewReceiver(st *store.Store, cfg Config) *Receiver {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	r := &Receiver{st: st, cfg: cfg, pushes: promauto.With(cfg.Registerer).NewCounterVec(prometheus.CounterOpts{
		Name: "trackbot_websub_pushes_total", Help: "Pushes of WebSub hubs by outcome: taken, ignored (not to be believed) or unknown.",
	}, []string{"outcome"})}
	for _, outcome := range []string{"taken", "ignored", "unknown"} {
		r.pushes.WithLabelValues(outcome)
	}
	return r
}

// Subscribed takes the hub's word that a subscription stands for so long (0: the hub does not say).
// fault.NotFound: nobody asked for it (W3C WebSub §5.3).
func (r *Receiver) Subscribed(ctx context.Context, token, topic string, lease time.Duration) error {
	if lease <= 0 {
		lease = wantedLease
	}
	lease = min(max(lease, minLease), maxLease)
	n, err := db.New().ActivateSubscription(ctx, r.st.Shared(), db.ActivateSubscriptionParams{
		Token: token, TopicUrl: topic, LeaseSeconds: lease.Seconds(), RenewSeconds: (lease * 4 / 5).Seconds(),
	})
	return known(n, err, "activate subscription")
}

// Unsubscribed takes the hub's word that a subscription has ended. fault.NotFound: nobody asked for that.
func (r *Receiver) Unsubscribed(ctx context.Context, token, topic string) error {
	n, err := db.New().EndSubscription(ctx, r.st.Shared(), token, topic)
	return known(n, err, "end subscription")
}

// Denied takes the hub's refusal, which may come at any time (W3C WebSub §5.2). fault.NotFound: it is about nothing here.
func (r *Receiver) Denied(ctx context.Context, token, topic, reason string) error {
	n, err := db.New().DenySubscription(ctx, r.st.Shared(), db.DenySubscriptionParams{Token: token, TopicUrl: topic, Reason: reason})
	if err == nil && n > 0 {
		r.cfg.Log.WarnContext(ctx, "hub denies subscription", "topic", topic, "reason", reason)
	}
	return known(n, err, "deny subscription")
}

func known(rows int64, err error, operation string) error {
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", operation, err)
	case rows == 0:
		return fault.New(fault.NotFound, "")
	}
	return nil
}

// Pushed takes a push. If the signature fits body and subscription, the source is due now; if not, nothing happens,
// and the caller is not to know (W3C WebSub §8). fault.NotFound: there is no such subscription.
func (r *Receiver) Pushed(ctx context.Context, token, signature string, body []byte) error {
	q, conn := db.New(), r.st.Shared()
	sub, err := q.GetSubscription(ctx, conn, token)
	if store.IsNotFound(err) {
		r.pushes.WithLabelValues("unknown").Inc()
		return fault.New(fault.NotFound, "")
	}
	if err != nil {
		return fmt.Errorf("find subscription: %w", err)
	}
	if why := r.distrust(sub, signature, body); why != "" {
		r.pushes.WithLabelValues("ignored").Inc()
		r.cfg.Log.InfoContext(ctx, "push ignored", "topic", sub.TopicUrl, "why", why)
		return nil
	}
	if err := q.NotePush(ctx, conn, sub.ID); err != nil {
		return fmt.Errorf("note push: %w", err)
	}
	r.pushes.WithLabelValues("taken").Inc()
	return nil
}

// distrust says why a push is not believed, "" if it is.
func (r *Receiver) distrust(sub db.WebsubSubscription, signature string, body []byte) string {
	method, given, _ := strings.Cut(signature, "=")
	var newHash func() hash.Hash
	switch strings.ToLower(method) {
	case "sha256":
		newHash = sha256.New
	case "sha384":
		newHash = sha512.New384
	case "sha512":
		newHash = sha512.New
	case "sha1":
		if !r.cfg.AllowSHA1 {
			return "signed with sha1, which WEBSUB_ALLOW_SHA1 would allow"
		}
		newHash = sha1.New
	default:
		return "not signed"
	}
	mac := hmac.New(newHash, sub.Secret)
	mac.Write(body) // a hash never fails
	want, err := hex.DecodeString(given)
	switch {
	case err != nil || !hmac.Equal(want, mac.Sum(nil)):
		return "wrong signature"
	case sub.Mode != "subscribe" || sub.State != "active":
		return "not subscribed"
	}
	return ""
}

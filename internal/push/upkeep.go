package push

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Request is one question to a hub.
type Request struct {
	Hub, Topic, Callback string
	Secret               string
	Unsubscribe          bool
	Lease                time.Duration // what is wished for
}

// Hubs asks hubs and knows which topic tells of a source.
type Hubs interface {
	// Topic names the hub and the topic of a source that does not name them itself; false: it has none.
	Topic(platform, externalID string) (hub, topic string, ok bool)
	// Ask sends a request. Without an error the hub has taken it, which promises nothing.
	Ask(ctx context.Context, r Request) error
}

// Interval is how often Round wants to run: often enough for a later look and for new accounts.
const Interval = 15 * time.Second

const (
	newcomers  = 200              // sources that get a subscription in one round
	questions  = 100              // requests to hubs in one round
	atOnce     = 8                // of them at the same time: a hub that a feed names may be slow
	laterLooks = 500              // sources polled again in one round
	askTimeout = 15 * time.Second // of one request
)

// Upkeep keeps the subscriptions in step with what is tracked. Several may run at once.
type Upkeep struct {
	st       *store.Store
	hubs     Hubs
	callback string
	log      *slog.Logger
}

// NewUpkeep returns the upkeep on a store of the worker's role. callback is the API's public base address, such as
// https://api.example.com, to which hubs can reach.
func NewUpkeep(st *store.Store, hubs Hubs, callback string, log *slog.Logger) *Upkeep {
	return &Upkeep{st: st, hubs: hubs, callback: strings.TrimSuffix(callback, "/") + "/api/v1/webhooks/websub/", log: log}
}

// Round does what is due: new subscriptions, renewals and ends, and later looks at feeds. It returns the faults of
// the database; those of hubs are noted with the subscription.
func (u *Upkeep) Round(ctx context.Context) error {
	q, conn := db.New(), u.st.Shared()
	if err := u.subscribeNew(ctx); err != nil {
		return err
	}
	if err := q.ReviewSubscriptions(ctx, conn); err != nil {
		return fmt.Errorf("review subscriptions: %w", err)
	}
	if err := q.DeleteEndedSubscriptions(ctx, conn); err != nil {
		return fmt.Errorf("delete ended subscriptions: %w", err)
	}
	if _, err := q.LookAgainAfterPush(ctx, conn, laterLooks); err != nil {
		return fmt.Errorf("look again after pushes: %w", err)
	}
	due, err := q.ClaimSubscriptions(ctx, conn, questions)
	if err != nil {
		return fmt.Errorf("claim subscriptions: %w", err)
	}
	var asking errgroup.Group
	asking.SetLimit(atOnce)
	for _, sub := range due {
		if ctx.Err() != nil {
			break // the claim brings the rest back
		}
		asking.Go(func() error { return u.ask(ctx, sub) })
	}
	return asking.Wait()
}

func (u *Upkeep) subscribeNew(ctx context.Context) error {
	q, conn := db.New(), u.st.Shared()
	rows, err := q.ListSourcesWithoutPush(ctx, conn, newcomers)
	if err != nil {
		return fmt.Errorf("list sources without push: %w", err)
	}
	for _, row := range rows {
		hub, topic := row.HubUrl, row.TopicUrl
		if hub == "" {
			var ok bool
			if hub, topic, ok = u.hubs.Topic(row.Platform, row.ExternalID); !ok {
				continue
			}
		}
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("make subscription id: %w", err)
		}
		token, secret := make([]byte, 32), make([]byte, 32)
		rand.Read(token)  // never fails (crypto/rand)
		rand.Read(secret) // likewise
		err = q.InsertSubscription(ctx, conn, db.InsertSubscriptionParams{
			ID: id, SourceID: row.ID, Token: base64.RawURLEncoding.EncodeToString(token),
			Secret: []byte(hex.EncodeToString(secret)), HubUrl: hub, TopicUrl: topic,
		})
		if err != nil {
			return fmt.Errorf("insert subscription: %w", err)
		}
	}
	return nil
}

// ask sends one request. What the hub says is noted; the claim has already set the next attempt.
func (u *Upkeep) ask(ctx context.Context, sub db.WebsubSubscription) error {
	asking, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	err := u.hubs.Ask(asking, Request{
		Hub: sub.HubUrl, Topic: sub.TopicUrl, Callback: u.callback + sub.Token, Secret: string(sub.Secret),
		Unsubscribe: sub.Mode == "unsubscribe", Lease: wantedLease,
	})
	if err == nil || errors.Is(ctx.Err(), context.Canceled) {
		return nil
	}
	u.log.InfoContext(ctx, "hub refuses subscription", "topic", sub.TopicUrl, "mode", sub.Mode, "failures", sub.Failures, "error", err)
	if err := db.New().NoteSubscriptionRefused(ctx, u.st.Shared(), err.Error(), sub.ID); err != nil {
		return fmt.Errorf("note refusal of hub: %w", err)
	}
	return nil
}

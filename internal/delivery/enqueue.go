package delivery

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
	"trackbot/internal/tracing"
)

// EnqueuePosts writes the outbox rows of new posts: PlanPosts and Planned.Write in one.
func EnqueuePosts(ctx context.Context, tx store.Conn, posts []NewPost) error {
	planned, err := PlanPosts(ctx, tx, posts)
	if err != nil {
		return err
	}
	return planned.Write(ctx, tx)
}

// Planned is the outbox rows of new posts, to be written.
type Planned struct{ rows db.InsertPostDeliveriesParams }

// PlanPosts decides what becomes of new posts, which need not be stored yet. It belongs into the transaction that stores
// them.
func PlanPosts(ctx context.Context, tx store.Conn, posts []NewPost) (*Planned, error) {
	if len(posts) == 0 {
		return &Planned{}, nil
	}
	rules, err := db.New().ListDeliveryRules(ctx, tx, rulesFor(posts))
	if err != nil {
		return nil, fmt.Errorf("list delivery rules: %w", err)
	}
	rows, err := decideAll(posts, rulesByClient(rules))
	return &Planned{rows}, err
}

// Len is how many rows there are.
func (p *Planned) Len() int { return len(p.rows.Ids) }

// Write writes the rows behind the posts. It locks the channels that it enqueues to, so it should come once and late in
// the transaction. Within a channel older posts come first. A post that goes nowhere gets one row that says why.
// Posts that have their rows already are left alone.
func (p *Planned) Write(ctx context.Context, conn store.Conn) error {
	if len(p.rows.Ids) == 0 {
		return nil
	}
	q := db.New()
	if err := lockQueues(ctx, conn, q, p.rows.ClientIds, p.rows.ChannelIds); err != nil {
		return err
	}
	p.rows.TraceParent = tracing.Carry(ctx)
	if err := q.InsertPostDeliveries(ctx, conn, p.rows); err != nil {
		return fmt.Errorf("insert deliveries: %w", err)
	}
	return nil
}

func rulesFor(posts []NewPost) db.ListDeliveryRulesParams {
	var p db.ListDeliveryRulesParams
	for _, post := range posts {
		p.ClientIds = append(p.ClientIds, post.ClientID)
		p.AccountIds = append(p.AccountIds, post.AccountID)
		p.GroupIds = append(p.GroupIds, post.GroupID)
		p.BrandIds = append(p.BrandIds, post.BrandID)
	}
	for _, ids := range []*[]uuid.UUID{&p.ClientIds, &p.AccountIds, &p.GroupIds, &p.BrandIds} {
		slices.SortFunc(*ids, compareIDs)
		*ids = slices.Compact(*ids)
	}
	return p
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

// decideAll matches the posts, oldest first, and lays out their rows.
func decideAll(posts []NewPost, rules map[uuid.UUID]*clientRules) (db.InsertPostDeliveriesParams, error) {
	posts = slices.Clone(posts)
	slices.SortStableFunc(posts, func(a, b NewPost) int {
		return cmp.Or(a.PublishedAt.Compare(b.PublishedAt), compareIDs(a.PostID, b.PostID))
	})
	var out db.InsertPostDeliveriesParams
	for _, p := range posts {
		client := rules[p.ClientID]
		if client == nil {
			continue // deleted since; its posts cannot be stored either
		}
		for _, t := range client.decide(p) {
			id, err := uuid.NewV7()
			if err != nil {
				return out, fmt.Errorf("make delivery id: %w", err)
			}
			appendRow(&out, id, p, t)
		}
	}
	return out, nil
}

func appendRow(out *db.InsertPostDeliveriesParams, id uuid.UUID, p NewPost, t target) {
	state := StatePending
	if t.reason != "" {
		state = StateSkipped
	}
	out.Ids = append(out.Ids, id)
	out.ClientIds = append(out.ClientIds, p.ClientID)
	out.RouteIds = append(out.RouteIds, t.routeID)
	out.PostIds = append(out.PostIds, p.PostID)
	out.AccountIds = append(out.AccountIds, p.AccountID)
	out.ChannelIds = append(out.ChannelIds, t.channelID)
	out.States = append(out.States, state)
	out.Reasons = append(out.Reasons, t.reason)
	out.PublishedAt = append(out.PublishedAt, p.PublishedAt)
	out.DetectedAt = append(out.DetectedAt, p.DetectedAt)
	out.Details = append(out.Details, t.detail)
}

// lockQueues locks the rows of the channels before anything is inserted for them: until the commit
// nobody else takes a seq for these channels. Channels named "" are left out.
func lockQueues(ctx context.Context, tx store.Conn, q *db.Queries, clientIDs []uuid.UUID, channelIDs []string) error {
	type queue struct {
		client  uuid.UUID
		channel string
	}
	seen := map[queue]bool{}
	var clients []uuid.UUID
	var channels []string
	for i, channel := range channelIDs {
		if k := (queue{clientIDs[i], channel}); channel != "" && !seen[k] {
			seen[k] = true
			clients, channels = append(clients, k.client), append(channels, channel)
		}
	}
	if len(channels) == 0 {
		return nil
	}
	if err := q.LockChannelQueues(ctx, tx, clients, channels); err != nil {
		return fmt.Errorf("lock channel queues: %w", err)
	}
	return nil
}

// LockChannels locks the lines of a tenant's channels until the transaction ends and says that there is
// work. Whoever puts a delivery into a line by another way than this package must have called it first.
func LockChannels(ctx context.Context, tx store.Conn, clientID uuid.UUID, channelIDs []string) error {
	clients := make([]uuid.UUID, len(channelIDs))
	for i := range clients {
		clients[i] = clientID
	}
	return lockQueues(ctx, tx, db.New(), clients, channelIDs)
}

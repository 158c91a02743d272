package route

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/delivery"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Deliveries returns at most limit deliveries of a post behind the position (nil: from the first).
func (d *Desk) Deliveries(ctx context.Context, clientID, postID uuid.UUID, after *uuid.UUID, limit int) ([]db.Delivery, error) {
	return d.deliveries(ctx, d.st.Tenant(clientID), clientID, postID, deref(after), limit)
}

func (d *Desk) deliveries(ctx context.Context, conn store.Conn, clientID, postID, after uuid.UUID, limit int) ([]db.Delivery, error) {
	rows, err := d.queries.ListPostDeliveries(ctx, conn, db.ListPostDeliveriesParams{ClientID: clientID, PostID: &postID, AfterID: after, MaxRows: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("list deliveries of post: %w", err)
	}
	return rows, nil
}

// Order is what is to be sent again: one delivery of a post, or all that did not arrive.
type Order struct {
	PostID     uuid.UUID
	DeliveryID *uuid.UUID
	Key        string // makes a repeated order harmless; "" for none
}

// everyDelivery is more than a post can have: it has one for each channel.
const everyDelivery = 1000

// Replay puts deliveries that ended without a message back into their lines, and returns them. One
// whose channel is gone, or that never had one, goes where the post would go now.
//
// Refusals: not_found (post, delivery), conflict (it is sent or under way, there is nothing to send
// again or nowhere to send it to, or the key stands for another order).
func (d *Desk) Replay(ctx context.Context, by audit.By, clientID uuid.UUID, o Order) ([]db.Delivery, error) {
	var out []db.Delivery
	err := d.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		if _, err := d.queries.LockPost(ctx, tx, clientID, o.PostID); err != nil {
			if store.IsNotFound(err) {
				return fault.Wrap(err, fault.NotFound, "There is no such post.")
			}
			return fmt.Errorf("lock post: %w", err)
		}
		ids, err := d.replayed(ctx, tx, clientID, o)
		if err != nil {
			return err
		}
		if ids == nil {
			r := replay{Desk: d, tx: tx, by: by, clientID: clientID, order: o}
			if ids, err = r.run(ctx); err != nil {
				return err
			}
		}
		rows, err := d.deliveries(ctx, tx, clientID, o.PostID, uuid.Nil, everyDelivery)
		out = slices.DeleteFunc(rows, func(row db.Delivery) bool { return !slices.Contains(ids, row.ID) })
		return err
	})
	return out, err
}

// replayed returns what the order's key has replayed already, nil for nothing.
func (d *Desk) replayed(ctx context.Context, tx store.Conn, clientID uuid.UUID, o Order) ([]uuid.UUID, error) {
	if o.Key == "" {
		return nil, nil
	}
	before, err := d.queries.GetReplay(ctx, tx, clientID, o.Key)
	switch {
	case store.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read replay: %w", err)
	case before.PostID != o.PostID || deref(before.DeliveryID) != deref(o.DeliveryID):
		return nil, otherOrder(nil)
	}
	return before.Replayed, nil
}

func otherOrder(err error) error {
	return fault.Wrap(err, fault.Conflict, "This Idempotency-Key stands for another replay.")
}

// replay is one order within its transaction.
type replay struct {
	*Desk
	tx       store.Conn
	by       audit.By
	clientID uuid.UUID
	order    Order
}

// errand is a delivery with the channels that it is to go to now.
type errand struct {
	db.Delivery
	to []delivery.Destination
}

func (r replay) run(ctx context.Context) (ids []uuid.UUID, err error) {
	all, err := r.deliveries(ctx, r.tx, r.clientID, r.order.PostID, uuid.Nil, everyDelivery)
	if err != nil {
		return nil, err
	}
	ended, err := r.ended(all)
	if err != nil {
		return nil, err
	}
	errands, channels, err := r.plan(ctx, all, ended)
	if err != nil {
		return nil, err
	}
	// Before anything is changed: who holds a line may be waiting for its rows.
	if err := delivery.LockChannels(ctx, r.tx, r.clientID, channels); err != nil {
		return nil, err
	}
	for _, e := range errands {
		sent, err := r.send(ctx, e)
		if err != nil {
			return nil, err
		}
		ids = append(ids, sent...)
	}
	return ids, r.remember(ctx, ids)
}

// ended picks the deliveries to send again.
func (r replay) ended(all []db.Delivery) ([]db.Delivery, error) {
	over := func(d db.Delivery) bool { return d.State == delivery.StateDead || d.State == delivery.StateSkipped }
	if r.order.DeliveryID == nil {
		out := slices.DeleteFunc(slices.Clone(all), func(d db.Delivery) bool { return !over(d) })
		if len(out) == 0 {
			return nil, fault.New(fault.Conflict, "There is nothing to send again: what this post has was sent or is under way.")
		}
		return out, nil
	}
	i := slices.IndexFunc(all, func(d db.Delivery) bool { return d.ID == *r.order.DeliveryID })
	switch {
	case i < 0:
		return nil, fault.New(fault.NotFound, "There is no such delivery.")
	case all[i].State == delivery.StateSent:
		return nil, fault.New(fault.Conflict, "It was sent already.")
	case !over(all[i]):
		return nil, fault.New(fault.Conflict, "It is under way already.")
	}
	return all[i : i+1], nil
}

// plan finds the channels of each delivery; none of the post's twice.
func (r replay) plan(ctx context.Context, all, ended []db.Delivery) (errands []errand, channels []string, err error) {
	taken := map[string]bool{}
	key := func(kind, channel string) string { return kind + " " + channel }
	for _, d := range all {
		taken[key(d.Kind, deref(d.ChannelID))] = true
	}
	for _, d := range ended {
		to, err := r.destinations(ctx, d)
		if err != nil {
			return nil, nil, err
		}
		to = slices.DeleteFunc(to, func(t delivery.Destination) bool {
			return t.ChannelID != deref(d.ChannelID) && taken[key(d.Kind, t.ChannelID)]
		})
		for _, t := range to {
			taken[key(d.Kind, t.ChannelID)] = true
			channels = append(channels, t.ChannelID)
		}
		if len(to) > 0 {
			errands = append(errands, errand{d, to})
		}
	}
	if len(errands) == 0 {
		return nil, nil, fault.New(fault.Conflict, "There is nowhere to send it to. Set a channel for the account, a route or a default channel first.")
	}
	return errands, channels, nil
}

// destinations is the delivery's own channel while the guild has it, else where the post would go now.
func (r replay) destinations(ctx context.Context, d db.Delivery) ([]delivery.Destination, error) {
	if d.ChannelID != nil {
		_, err := r.queries.GetKnownChannel(ctx, r.tx, r.clientID, *d.ChannelID)
		if err == nil {
			return []delivery.Destination{{RouteID: d.RouteID, ChannelID: *d.ChannelID}}, nil
		}
		if !store.IsNotFound(err) {
			return nil, fmt.Errorf("read channel: %w", err)
		}
	}
	card, err := r.queries.GetPostCard(ctx, r.tx, r.clientID, r.order.PostID)
	if err != nil {
		return nil, fmt.Errorf("read post: %w", err)
	}
	return delivery.Destinations(ctx, r.tx, delivery.NewPost{
		ClientID: r.clientID, PostID: card.ID, AccountID: card.AccountID, GroupID: card.GroupID, BrandID: card.BrandID,
		AccountChannelID: card.AccountChannelID, Kind: card.Kind,
	})
}

// send puts the delivery into the first line, and a copy into each further one.
func (r replay) send(ctx context.Context, e errand) (ids []uuid.UUID, err error) {
	for i, to := range e.to {
		id := e.ID
		detail := "by hand"
		if r.by.Name != "" {
			detail = "by " + r.by.Name
		}
		if to.Detail != "" {
			detail += ", to " + to.Detail
		}
		if i == 0 {
			err = r.queries.ReplayDelivery(ctx, r.tx, db.ReplayDeliveryParams{
				ChannelID: to.ChannelID, RouteID: to.RouteID, Detail: detail, ClientID: r.clientID, ID: id,
			})
		} else if id, err = uuid.NewV7(); err == nil {
			err = r.queries.CopyDelivery(ctx, r.tx, db.CopyDeliveryParams{
				CopyID: id, RouteID: to.RouteID, ChannelID: to.ChannelID, Detail: detail, ClientID: r.clientID, ID: e.ID,
			})
		}
		if err != nil {
			return nil, fmt.Errorf("replay delivery: %w", err)
		}
		ids = append(ids, id)
		if err := r.log(ctx, id, e.State, to.ChannelID); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func (r replay) log(ctx context.Context, id uuid.UUID, old, channel string) error {
	return audit.Append(ctx, r.tx, audit.Entry{
		ClientID: r.clientID, By: r.by, Action: audit.DeliveryReplayed, TargetType: audit.TargetDelivery, TargetID: id.String(),
		Changes: []audit.Change{
			{Field: "state", Old: old, New: delivery.StatePending}, {Field: "channelId", New: channel}, {Field: "postId", New: r.order.PostID.String()},
		},
	})
}

func (r replay) remember(ctx context.Context, ids []uuid.UUID) error {
	if r.order.Key == "" {
		return nil
	}
	err := r.queries.InsertReplay(ctx, r.tx, db.InsertReplayParams{
		ClientID: r.clientID, IdempotencyKey: r.order.Key, PostID: r.order.PostID, DeliveryID: r.order.DeliveryID, Replayed: ids,
	})
	if _, taken := store.IsConflict(err); taken {
		return otherOrder(err)
	}
	if err != nil {
		return fmt.Errorf("remember replay: %w", err)
	}
	return nil
}

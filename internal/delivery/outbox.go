package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// ErrLeaseLost says that another sender has the channel: neither send nor record anything more.
var ErrLeaseLost = errors.New("the lease on the channel is lost")

// ErrUsedUp says that the plan's messages of the day have been used up since the channel was claimed.
var ErrUsedUp = errors.New("the plan's messages of the day are used up")

// Outbox hands out channels with work and keeps the record. It is safe for concurrent use,
// also by several processes.
type Outbox struct {
	store   *store.Store
	queries *db.Queries
	lease   time.Duration
	noPlan  bool
}

// NewOutbox returns an outbox whose leases last that long. The store's role is the notifier's.
func NewOutbox(st *store.Store, lease time.Duration) *Outbox {
	return &Outbox{store: st, queries: db.New(), lease: lease}
}

// WithoutPlans lets tenants send more than their plan's messages a day. It is for test clocks, on which
// many days pass in one.
func (o *Outbox) WithoutPlans() *Outbox {
	o.noPlan = true
	return o
}

// Channel is a leased channel with the head of its line. It is not safe for concurrent use.
type Channel struct {
	ClientID   uuid.UUID
	ID         string // Discord channel id
	Deliveries []*Delivery

	token   uuid.UUID
	claimed *time.Time // due_at as it was claimed
	ripe    bool       // something that was held may leave
}

// Delivery is one message to send.
type Delivery struct {
	ID       uuid.UUID
	Kind     string // KindPost and so on
	Attempts int    // tries that failed because Discord was unavailable
	Plain    bool   // Discord refused the card
	Due      bool   // false: the line waits for it
	Message  Message
	Trace    *string // traceparent of the poll that found the post, where it was traced

	state       string
	timing      Timing
	version     int64 // of the settings that timing is from
	leftToday   int64 // of the plan's notifications
	quota       Quota // as it was when this message was counted
	byHand      bool
	wasHeld     bool
	behind      *heldPost // of those that come before it in the line and are held, the one that waits longest
	publishedAt time.Time // of a post
	detectedAt  time.Time
	claimedAt   *time.Time // attempted_at as it was claimed
	attemptedAt *time.Time
}

// Came tells when a post was published and when it was found; false for what is no post, was held or is sent by hand,
// where neither says how fast it was delivered.
func (d *Delivery) Came() (published, detected time.Time, ok bool) {
	if d.Kind != KindPost || d.wasHeld || d.byHand || d.publishedAt.IsZero() {
		return time.Time{}, time.Time{}, false
	}
	return d.publishedAt, d.detectedAt, true
}

// MayHaveLeft tells whether, and since when, Discord may have the message already.
func (d *Delivery) MayHaveLeft() (since time.Time, ok bool) {
	if d.claimedAt == nil {
		return time.Time{}, false
	}
	return *d.claimedAt, true
}

// perClaim is how many messages of a channel are sent before the channel is given back. Discord's
// limit per channel is about five in five seconds.
const perClaim = 5

// Claim leases up to slots due channels, fair between tenants: at most perClient of one tenant are
// leased at a time, and of those that wait, the one whose tenant has the fewest before it is first.
// What was held and may leave now is back in its line, as a digest where it is several posts; what
// has to wait is not.
func (o *Outbox) Claim(ctx context.Context, slots, perClient int) ([]*Channel, error) {
	token := uuid.New()
	rows, err := o.queries.ClaimChannels(ctx, o.store.Shared(), db.ClaimChannelsParams{
		LeaseToken: &token, LeaseSeconds: o.lease.Seconds(), PerClient: int64(perClient), Slots: int32(slots),
	})
	if err != nil {
		return nil, fmt.Errorf("claim channels: %w", err)
	}
	channels := make([]*Channel, len(rows))
	for i, row := range rows {
		channels[i] = &Channel{ClientID: row.ClientID, ID: row.ChannelID, token: token, claimed: row.DueAt, ripe: row.HasRipe}
	}
	if err := o.open(ctx, channels); err != nil {
		for _, ch := range channels {
			err = errors.Join(err, o.Release(ctx, ch))
		}
		return nil, err
	}
	return channels, nil
}

// open reads the heads of the lines, after what was held came back and before anything leaves that has to wait.
func (o *Outbox) open(ctx context.Context, channels []*Channel) error {
	for _, ch := range channels {
		if ch.ripe {
			if err := o.ripen(ctx, ch); err != nil {
				return err
			}
		}
	}
	// What is enqueued while others are held is not among them: what comes behind is judged anew.
	for len(channels) > 0 {
		if err := o.read(ctx, channels); err != nil {
			return err
		}
		var held []*Channel
		for _, ch := range channels {
			taken, err := o.hold(ctx, ch)
			if err != nil {
				return err
			}
			if taken {
				held = append(held, ch)
			}
		}
		channels = held
	}
	return nil
}

// read lists the head of each channel's line.
func (o *Outbox) read(ctx context.Context, channels []*Channel) error {
	type key struct {
		client  uuid.UUID
		channel string
	}
	heads := db.ListQueuedDeliveriesParams{PerChannel: perClaim}
	byKey := make(map[key]*Channel, len(channels))
	for _, ch := range channels {
		ch.Deliveries = nil
		byKey[key{ch.ClientID, ch.ID}] = ch
		heads.ClientIds = append(heads.ClientIds, ch.ClientID)
		heads.ChannelIds = append(heads.ChannelIds, ch.ID)
	}
	queued, err := o.queries.ListQueuedDeliveries(ctx, o.store.Shared(), heads)
	if err != nil {
		return fmt.Errorf("list queued deliveries: %w", err)
	}
	for _, row := range queued {
		ch := byKey[key{row.ClientID, deref(row.ChannelID)}]
		d := deliveryOf(row)
		if o.noPlan {
			d.leftToday = math.MaxInt64
		}
		ch.Deliveries = append(ch.Deliveries, d)
	}
	return nil
}

func deliveryOf(row db.ListQueuedDeliveriesRow) *Delivery {
	d := &Delivery{
		ID: row.ID, Kind: row.Kind, Attempts: int(row.Attempts), Plain: row.Plain, Due: row.Due,
		state: row.State, claimedAt: row.AttemptedAt, attemptedAt: row.AttemptedAt,
		timing: timingOf(row.Timezone, row.QuietStart, row.QuietEnd, row.Digest), version: row.Version,
		leftToday: row.LeftToday, byHand: row.ByHand, wasHeld: row.HeldUntil != nil,
		publishedAt: deref(row.PublishedAt), detectedAt: row.DetectedAt, Trace: row.TraceParent, behind: behindOf(row),
	}
	if row.Kind == KindPost {
		d.Message = Render(postOf(row))
	} else {
		_ = json.Unmarshal(row.Payload, &d.Message) // as it was enqueued; an empty message is refused and so seen
	}
	if row.Kind == KindBreakout {
		d.Message.MentionRoleID = row.MentionRoleID
	}
	if d.Plain {
		d.Message = Plain(d.Message)
	}
	return d
}

func postOf(row db.ListQueuedDeliveriesRow) Post {
	var who struct{ Account, AvatarURL string }
	_ = json.Unmarshal(row.Payload, &who) // without it the card shows the post's author
	return Post{
		Account: who.Account, AvatarURL: who.AvatarURL,
		Platform: deref(row.Platform), Kind: deref(row.PostKind), URL: deref(row.URL),
		Title: deref(row.Title), Body: deref(row.Body), Author: deref(row.AuthorName),
		ThumbnailURL: deref(row.ThumbnailUrl), PublishedAt: deref(row.PublishedAt),
		Color: row.EmbedColor, MentionRoleID: row.MentionRoleID, Template: row.Template,
	}
}

// Begin renews the lease, counts the message against the plan and marks the delivery as leaving. After ErrLeaseLost nothing
// may be sent; after ErrUsedUp it waits, as the next claim of the channel sees to.
// It may be called again before the same message leaves later.
func (o *Outbox) Begin(ctx context.Context, ch *Channel, d *Delivery) error {
	row, err := o.queries.MarkSending(ctx, o.store.Shared(), db.MarkSendingParams{
		ID: d.ID, State: d.state, AttemptedAt: d.attemptedAt, LeaseSeconds: o.lease.Seconds(),
		ClientID: ch.ClientID, ChannelID: ch.ID, LeaseToken: &ch.token,
		Metered: d.isMetered(), Unlimited: o.noPlan || d.byHand || d.claimedAt != nil,
	})
	if store.IsNotFound(err) {
		return ErrLeaseLost
	}
	if err != nil {
		return fmt.Errorf("mark delivery as sending: %w", err)
	}
	if row.AttemptedAt == nil {
		return ErrUsedUp
	}
	d.state, d.attemptedAt, d.quota = StateSending, row.AttemptedAt, Quota{Used: row.SentToday, Most: row.Most}
	return nil
}

// Sent records that Discord has the message, and counts it. event is sent, or what else was found
// out; messageID may be empty when the message is gone again.
func (o *Outbox) Sent(ctx context.Context, ch *Channel, d *Delivery, messageID, event, detail string) error {
	p := db.RecordSentParams{
		Event: event, Detail: detail, ClientID: ch.ClientID, ID: d.ID, LeaseToken: &ch.token,
	}
	if messageID != "" {
		p.MessageID = &messageID
	}
	n, err := o.queries.RecordSent(ctx, o.store.Shared(), p)
	if err != nil {
		return fmt.Errorf("record sent delivery: %w", err)
	}
	if n == 0 {
		return ErrLeaseLost
	}
	return o.warn(ctx, ch.ClientID, d.quota)
}

// Failed records what becomes of a delivery that was not accepted, and pauses the channel if the
// step says so. After a step with Again the delivery is ready for another Begin.
func (o *Outbox) Failed(ctx context.Context, ch *Channel, d *Delivery, s Step) error {
	if s.PauseChannel {
		return o.pause(ctx, ch, d, s)
	}
	return o.recordFailure(ctx, o.store.Shared(), ch, d, s)
}

func (o *Outbox) recordFailure(ctx context.Context, conn store.Conn, ch *Channel, d *Delivery, s Step) error {
	attempted := d.claimedAt
	if s.MayHaveLeft {
		attempted = d.attemptedAt
	}
	n, err := o.queries.RecordFailure(ctx, conn, db.RecordFailureParams{
		State: s.State, Reason: s.Reason, Attempts: int32(s.Attempts), Plain: s.Plain, AttemptedAt: attempted,
		WaitSeconds: s.Wait.Seconds(), Event: s.Event, Detail: s.Detail,
		ClientID: ch.ClientID, ID: d.ID, LeaseToken: &ch.token,
	})
	if err != nil {
		return fmt.Errorf("record failed delivery: %w", err)
	}
	if n == 0 {
		return ErrLeaseLost
	}
	if s.Plain && !d.Plain {
		d.Message = Plain(d.Message)
	}
	d.state, d.attemptedAt, d.Attempts, d.Plain = s.State, attempted, s.Attempts, s.Plain
	return nil
}

// Release gives the channel back, due when the head of its line is. A lost lease is nobody's to give.
func (o *Outbox) Release(ctx context.Context, ch *Channel) error {
	err := o.queries.ReleaseChannel(ctx, o.store.Shared(), db.ReleaseChannelParams{
		ClaimedDueAt: deref(ch.claimed), ClientID: ch.ClientID, ChannelID: ch.ID, LeaseToken: &ch.token,
	})
	if err != nil {
		return fmt.Errorf("release channel: %w", err)
	}
	return nil
}

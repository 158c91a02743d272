package delivery

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// timingOf reads the settings; a zone that is not known counts as UTC.
func timingOf(zone, quietStart, quietEnd, digest string) Timing {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.UTC
	}
	return Timing{Zone: loc, Quiet: ParseQuiet(quietStart, quietEnd), Digest: digest}
}

// waiting is until when the deliveries of a tenant have to wait.
type waiting struct {
	until, loud time.Time // of posts; of what is only kept from the quiet hours
	reason      string    // why posts wait, "" if they need not
	otherReason string    // why the others wait, "" if they need not
	follows     bool      // posts wait for others before them
}

func (s Timing) waitingAt(now time.Time) waiting {
	w := waiting{loud: s.Loud(now)}
	w.until, w.reason = s.Hold(now)
	if w.loud.After(now) {
		w.otherReason = ReasonQuietHours
	}
	return w
}

// usedUp is waitingAt when the plan's notifications of the day are used up: until the next day (UTC)
// has begun and is loud.
func (s Timing) usedUp(now time.Time) waiting {
	const aDay = 24 * time.Hour
	w := s.waitingAt(now)
	tomorrow := s.Loud(now.UTC().Truncate(aDay).Add(aDay))
	if w.until.Before(tomorrow) {
		w.until = tomorrow
	}
	w.loud, w.reason, w.otherReason = tomorrow, ReasonPlanLimit, ReasonPlanLimit
	return w
}

// heldPost is how long a post is held, why, and by which settings.
type heldPost struct {
	until   time.Time
	reason  string
	version int64
}

func behindOf(row db.ListQueuedDeliveriesRow) *heldPost {
	if row.BehindUntil.Unix() == 0 {
		return nil
	}
	return &heldPost{until: row.BehindUntil, reason: cmp.Or(row.BehindReason, ReasonDigest), version: row.BehindVersion}
}

// detail is what the trail shows, in the guild's own time.
func (s Timing) detail(w waiting) string {
	at := w.until.In(s.Zone).Format("2 Jan 15:04 MST")
	switch {
	case w.follows:
		return "after those before it, until " + at
	case w.reason == ReasonPlanLimit:
		return "the plan's notifications of the day are used up, until " + at
	case w.otherReason != "":
		return "quiet hours, until " + at
	case w.reason == ReasonQuietHours:
		return "for the digest, after the quiet hours: " + at
	case w.reason == ReasonDigest:
		return "for the " + s.Digest + " digest at " + at
	}
	return "by changed settings, until " + at
}

// mayHold tells whether the delivery would have to wait.
func (d *Delivery) mayHold(w waiting) bool {
	if !d.isMetered() || d.claimedAt != nil || d.byHand || d.state == StateSending {
		return false
	}
	return w.otherReason != "" || w.reason != "" && d.Kind == KindPost && !d.wasHeld
}

// judge tells what the delivery has to wait for, and by which settings. A post that need not wait does not overtake those
// that are still held: their time may have come this very moment, or the settings have changed and the sweep has yet to see it.
func (d *Delivery) judge(now time.Time) (w waiting, version int64, waits bool) {
	w = d.timing.waitingAt(now)
	if d.leftToday <= 0 {
		w = d.timing.usedUp(now)
	}
	if d.mayHold(w) {
		return w, d.version, true
	}
	if d.behind == nil {
		return w, d.version, false
	}
	w = waiting{until: d.behind.until, reason: d.behind.reason, follows: true}
	return w, d.behind.version, d.mayHold(w)
}

// isMetered tells whether the plan counts the message.
func (d *Delivery) isMetered() bool { return d.Kind != KindNotice }

// hold takes out of a channel's line what has to wait, and tells whether there was any.
func (o *Outbox) hold(ctx context.Context, ch *Channel) (taken bool, err error) {
	now := time.Now()
	for _, d := range ch.Deliveries {
		w, version, waits := d.judge(now)
		if !waits {
			continue
		}
		n, err := o.queries.HoldDeliveries(ctx, o.store.Shared(), db.HoldDeliveriesParams{
			Until: w.until, Loud: w.loud, Version: version, Reason: w.reason, OtherReason: w.otherReason, AllKinds: w.otherReason != "",
			Detail: d.timing.detail(w), ClientID: ch.ClientID, ChannelID: &ch.ID, LeaseToken: &ch.token,
		})
		if err != nil {
			return false, fmt.Errorf("hold deliveries: %w", err)
		}
		if n > 0 && w.reason == ReasonPlanLimit && !w.follows {
			err = o.tellUsedUp(ctx, ch.ClientID, now)
		}
		return n > 0, err // all of the channel have the same settings
	}
	ch.keepWithin()
	return false, nil
}

// keepWithin lets no more of the line leave at once than the plan has left for the day; what is behind
// waits for the next claim, which holds it.
func (c *Channel) keepWithin() {
	metered := int64(0)
	for _, d := range c.Deliveries {
		if !d.isMetered() || d.byHand || d.claimedAt != nil {
			continue // what may have left is looked for all the same
		}
		if metered++; metered > d.leftToday {
			d.Due = false
		}
	}
}

// tellUsedUp tells the manager, once a day.
func (o *Outbox) tellUsedUp(ctx context.Context, clientID uuid.UUID, now time.Time) error {
	return o.store.InTx(ctx, func(tx store.Conn) error {
		return Raise(ctx, tx, Alert{
			ClientID: clientID, Subject: "plan_notifications", Since: now.UTC().Truncate(24 * time.Hour),
			Message: Message{
				Title: "The plan's messages of today are used up",
				Body:  "New posts wait and follow as a digest after midnight (UTC). A larger plan has more; a digest in the settings needs fewer.",
				Color: warningColor,
			},
		})
	})
}

// perRipening bounds the posts that become digests in one transaction; the rest follows at the next claim.
const perRipening = 500

// ripen brings back into the line what was held for long enough: several posts as digests.
func (o *Outbox) ripen(ctx context.Context, ch *Channel) error {
	return o.store.InTx(ctx, func(tx store.Conn) error {
		_, err := o.queries.LockLease(ctx, tx, db.LockLeaseParams{ClientID: ch.ClientID, ChannelID: ch.ID, LeaseToken: &ch.token})
		if store.IsNotFound(err) {
			return nil // another sender does it
		}
		if err != nil {
			return fmt.Errorf("lock lease: %w", err)
		}
		rows, err := o.queries.ListRipeDeliveries(ctx, tx, db.ListRipeDeliveriesParams{ClientID: ch.ClientID, ChannelID: &ch.ID, MaxRows: perRipening})
		if err != nil {
			return fmt.Errorf("list ripe deliveries: %w", err)
		}
		var posts []db.ListRipeDeliveriesRow
		var single []uuid.UUID
		for _, row := range rows {
			if row.Kind == KindPost {
				posts = append(posts, row)
			} else {
				single = append(single, row.ID)
			}
		}
		if len(posts) == 1 {
			single = append(single, posts[0].ID)
			posts = nil
		}
		if len(single) > 0 {
			if _, err := o.queries.ReleaseHeld(ctx, tx, ch.ClientID, single); err != nil {
				return fmt.Errorf("release held deliveries: %w", err)
			}
		}
		return o.fold(ctx, tx, ch, posts)
	})
}

// fold puts posts into digests, each of which stands in the line where the first of its posts stood.
func (o *Outbox) fold(ctx context.Context, tx store.Conn, ch *Channel, rows []db.ListRipeDeliveriesRow) error {
	posts := make([]Post, len(rows))
	for i, row := range rows {
		posts[i] = ripePost(row)
	}
	messages := Digest(posts)
	for i, at := 0, 0; i < len(messages); i++ {
		part := rows[at : at+len(messages[i].Cards)]
		at += len(part)
		payload, err := json.Marshal(messages[i])
		if err != nil {
			return fmt.Errorf("encode digest: %w", err)
		}
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("make delivery id: %w", err)
		}
		detail := fmt.Sprintf("digest of %d posts, message %d of %d", len(rows), i+1, len(messages))
		err = o.queries.InsertDigest(ctx, tx, db.InsertDigestParams{
			ClientID: ch.ClientID, ID: id, Seq: part[0].Seq, ChannelID: &ch.ID, Payload: payload, DetectedAt: part[0].DetectedAt, Detail: detail,
		})
		if err != nil {
			return fmt.Errorf("insert digest: %w", err)
		}
		join := db.JoinDigestParams{DigestID: &id, Detail: detail, ClientID: ch.ClientID}
		for _, row := range part {
			join.Ids = append(join.Ids, row.ID)
		}
		if _, err := o.queries.JoinDigest(ctx, tx, join); err != nil {
			return fmt.Errorf("join digest: %w", err)
		}
	}
	return nil
}

func ripePost(row db.ListRipeDeliveriesRow) Post {
	var who struct{ Account, AvatarURL string }
	_ = json.Unmarshal(row.Payload, &who) // without it the card shows the post's author
	return Post{
		Account: who.Account, AvatarURL: who.AvatarURL,
		Platform: deref(row.Platform), Kind: deref(row.PostKind), URL: deref(row.URL),
		Title: deref(row.Title), Body: deref(row.Body), Author: deref(row.AuthorName),
		ThumbnailURL: deref(row.ThumbnailUrl), PublishedAt: deref(row.PublishedAt),
		Color: row.EmbedColor, MentionRoleID: row.MentionRoleID,
	}
}

// retime lets what is held wait as the settings say now, where they have changed since: what need not
// wait any more leaves at once, and with notifications switched off nothing does.
func (o *Outbox) retime(ctx context.Context) error {
	rows, err := o.queries.ListOutdatedHolds(ctx, o.store.Shared())
	if err != nil {
		return fmt.Errorf("list outdated holds: %w", err)
	}
	for _, row := range rows {
		if err := o.retimeOne(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

func (o *Outbox) retimeOne(ctx context.Context, row db.ListOutdatedHoldsRow) error {
	return o.store.InTx(ctx, func(tx store.Conn) error {
		// The lines before their rows, as who makes a digest of what is held.
		if _, err := o.queries.LockQueuesOfClient(ctx, tx, row.ClientID); err != nil {
			return fmt.Errorf("lock channels: %w", err)
		}
		if !row.NotificationsEnabled {
			if _, err := o.queries.SkipHolds(ctx, tx, row.ClientID, row.Version); err != nil {
				return fmt.Errorf("skip held deliveries: %w", err)
			}
			return nil
		}
		timing := timingOf(row.Timezone, row.QuietStart, row.QuietEnd, row.Digest)
		w := timing.waitingAt(time.Now())
		channels, err := o.queries.RetimeHolds(ctx, tx, db.RetimeHoldsParams{
			Version: row.Version, Reason: w.reason, Until: w.until, Loud: w.loud, Detail: timing.detail(w), ClientID: row.ClientID,
		})
		if err != nil {
			return fmt.Errorf("retime held deliveries: %w", err)
		}
		ids := make([]string, len(channels))
		for i, id := range channels {
			ids[i] = deref(id)
		}
		if err := o.queries.WakeChannels(ctx, tx, row.ClientID, ids); err != nil {
			return fmt.Errorf("wake channels: %w", err)
		}
		return nil
	})
}

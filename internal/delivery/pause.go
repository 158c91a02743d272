package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// pause stops the channel's line, puts the delivery back untouched and tells the manager, once a
// pause. A channel the bot does not know cannot be paused or resumed: its delivery is dead.
func (o *Outbox) pause(ctx context.Context, ch *Channel, d *Delivery, s Step) error {
	return o.store.InTx(ctx, func(tx store.Conn) error {
		row, err := o.queries.PauseChannel(ctx, tx, db.PauseChannelParams{Reason: s.Reason, ClientID: ch.ClientID, ChannelID: ch.ID})
		unknown := store.IsNotFound(err)
		if err != nil && !unknown {
			return fmt.Errorf("pause channel: %w", err)
		}
		if unknown {
			s.State, s.Event = StateDead, "refused"
		}
		if err := o.recordFailure(ctx, tx, ch, d, s); err != nil {
			return err
		}
		switch {
		case unknown:
			return tellElsewhere(ctx, tx, ch.ClientID, ch.ID, "channel_gone:"+ch.ID, lostNotice(ch.ID))
		case row.Newly:
			to, err := noticeChannel(ctx, tx, ch.ClientID, ch.ID)
			if err != nil || to == "" {
				return err
			}
			alert := pauseAlert(ch.ClientID, ch.ID, row.PausedAt)
			alert.ChannelID, alert.Message = to, pausedNotice(row.Name, s.Reason)
			return Raise(ctx, tx, alert)
		}
		return nil
	})
}

// pauseAlert is what is told of one pause of a channel.
func pauseAlert(clientID uuid.UUID, channelID string, since time.Time) Alert {
	return Alert{ClientID: clientID, Subject: "channel_paused:" + channelID, Since: since}
}

// tellElsewhere enqueues a notice in another channel of the guild that works; without one there is nobody to tell.
func tellElsewhere(ctx context.Context, tx store.Conn, clientID uuid.UUID, channelID, key string, m Message) error {
	to, err := noticeChannel(ctx, tx, clientID, channelID)
	if err != nil || to == "" {
		return err
	}
	return EnqueueNotice(ctx, tx, Notice{ClientID: clientID, Key: key, ChannelID: to, Message: m})
}

// The colours of what is told to managers.
const (
	warningColor  = 0xF0B232
	recoveryColor = 0x248046
)

var pauseAdvice = map[string]string{
	ReasonUnknownChannel:     "The channel is gone. Choose another one for its accounts and routes.",
	ReasonMissingAccess:      "I cannot see the channel. Give me the permission View Channel there, then resume it.",
	ReasonMissingPermissions: "I may not post there. Give me the permissions Send Messages and Embed Links, then resume it.",
}

func pausedNotice(name, reason string) Message {
	return Message{
		Title: "Posts to #" + Escape(oneLine(name)) + " are paused",
		Body: pauseAdvice[reason] + "\nNew posts for it wait. When it is resumed they are sent, " +
			"but for those that have waited for more than a day.",
		Color: warningColor,
	}
}

func lostNotice(channelID string) Message {
	return Message{
		Title: "Posts cannot be delivered",
		Body:  "They are to go to a channel that I do not find (" + channelID + "). " + pauseAdvice[ReasonUnknownChannel],
		Color: warningColor,
	}
}

func resumedNotice(name string) Message {
	return Message{
		Title: "Posts to #" + Escape(oneLine(name)) + " are delivered again",
		Body:  "What has waited for less than a day follows now.",
		Color: recoveryColor,
	}
}

// ResumeChannel ends the pause of a channel: what has waited for more than a day is skipped, the
// rest goes out, and whoever was told of the pause is told of its end. A channel that is not paused
// stays as it is.
func ResumeChannel(ctx context.Context, tx store.Conn, clientID uuid.UUID, channelID string) error {
	q := db.New()
	paused, err := q.UnpauseChannel(ctx, tx, clientID, channelID)
	if store.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("unpause channel: %w", err)
	}
	over := pauseAlert(clientID, channelID, deref(paused.PausedAt))
	over.Message = resumedNotice(paused.Name)
	told, err := findNotice(ctx, tx, clientID, over.key())
	if err != nil {
		return err
	}
	// Both lines at once, in the order that everybody keeps; the resumed one is due by that.
	if err := lockQueues(ctx, tx, q, []uuid.UUID{clientID, clientID}, []string{channelID, deref(told.ChannelID)}); err != nil {
		return err
	}
	if _, err := q.ExpireDeliveries(ctx, tx, []uuid.UUID{clientID}, []string{channelID}); err != nil {
		return fmt.Errorf("expire deliveries: %w", err)
	}
	return Clear(ctx, tx, over)
}

// Expire skips what has waited for more than a day in any line of a tenant that was not served and is again.
func Expire(ctx context.Context, tx store.Conn, clientID uuid.UUID) error {
	q := db.New()
	channels, err := q.LockQueuesOfClient(ctx, tx, clientID)
	if err != nil {
		return fmt.Errorf("lock channels: %w", err)
	}
	if len(channels) == 0 {
		return nil
	}
	clients := slices.Repeat([]uuid.UUID{clientID}, len(channels))
	if _, err := q.ExpireDeliveries(ctx, tx, clients, channels); err != nil {
		return fmt.Errorf("expire deliveries: %w", err)
	}
	return nil
}

// Sweep keeps the lines in step with what happened around them: channels that may not be served are
// taken out of the claim's way, those that may again, by whoever's hand, are made due, and what is
// held follows the settings.
func (o *Outbox) Sweep(ctx context.Context) error {
	if err := o.retime(ctx); err != nil {
		return err
	}
	if _, err := o.queries.DropOldReplays(ctx, o.store.Shared()); err != nil {
		return fmt.Errorf("drop old replays: %w", err)
	}
	return o.store.InTx(ctx, func(tx store.Conn) error {
		if _, err := o.queries.ParkChannelQueues(ctx, tx); err != nil {
			return fmt.Errorf("park channels: %w", err)
		}
		woken, err := o.queries.WakeChannelQueues(ctx, tx)
		if err != nil {
			return fmt.Errorf("wake channels: %w", err)
		}
		if len(woken) == 0 {
			return nil
		}
		var clients []uuid.UUID
		var channels []string
		for _, w := range woken {
			clients, channels = append(clients, w.ClientID), append(channels, w.ChannelID)
		}
		if _, err := o.queries.ExpireDeliveries(ctx, tx, clients, channels); err != nil {
			return fmt.Errorf("expire deliveries: %w", err)
		}
		return nil
	})
}

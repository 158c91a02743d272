package delivery

import (
	"context"
	"fmt"
	"strconv"

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
			return o.tell(ctx, tx, ch, "channel_gone:"+ch.ID, lostNotice(ch.ID))
		case row.Newly:
			key := "channel_paused:" + ch.ID + ":" + strconv.FormatInt(row.PausedAt.UnixMicro(), 10)
			return o.tell(ctx, tx, ch, key, pausedNotice(row.Name, s.Reason))
		}
		return nil
	})
}

// tell enqueues a notice in another channel of the guild that works; without one there is nobody to tell.
func (o *Outbox) tell(ctx context.Context, tx store.Conn, ch *Channel, key string, m Message) error {
	other, err := o.queries.PickNoticeChannel(ctx, tx, ch.ClientID, ch.ID)
	if store.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("pick notice channel: %w", err)
	}
	return EnqueueNotice(ctx, tx, Notice{ClientID: ch.ClientID, Key: key, ChannelID: other, Message: m})
}

const warningColor = 0xF0B232

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

// ResumeChannel ends the pause of a channel: what has waited for more than a day is skipped, the
// rest goes out. A channel that is not paused stays as it is.
func ResumeChannel(ctx context.Context, tx store.Conn, clientID uuid.UUID, channelID string) error {
	q := db.New()
	n, err := q.UnpauseChannel(ctx, tx, clientID, channelID)
	if err != nil {
		return fmt.Errorf("unpause channel: %w", err)
	}
	if n == 0 {
		return nil
	}
	if err := q.WakeChannel(ctx, tx, clientID, channelID); err != nil {
		return fmt.Errorf("wake channel: %w", err)
	}
	if _, err := q.ExpireDeliveries(ctx, tx, []uuid.UUID{clientID}, []string{channelID}); err != nil {
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

package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Alert is the word to a tenant's manager that something is no longer as it should be, or is again.
// Raise and Clear send at most one message each for every Since of a Subject, whoever calls them how
// often, so that a state is told once and not with every failure.
type Alert struct {
	ClientID uuid.UUID
	Subject  string    // what it is about and its state, such as "account:<id>:failing"
	Since    time.Time // when the state began, to the microsecond; the same for Raise and its Clear
	// ChannelID is where the alert goes; "" is the manager's: the default channel or the system
	// channel, whichever works. Where none does, nobody can be told.
	ChannelID string
	Message   Message
}

// key is a notice's: one state of one subject.
func (a Alert) key() string { return a.Subject + ":" + strconv.FormatInt(a.Since.UnixMicro(), 10) }

// Raise tells that a state has begun. It belongs into the transaction that records the state, late in it.
func Raise(ctx context.Context, tx store.Conn, a Alert) error {
	if a.ChannelID == "" {
		channel, err := noticeChannel(ctx, tx, a.ClientID, "")
		if err != nil || channel == "" {
			return err
		}
		a.ChannelID = channel
	}
	return EnqueueNotice(ctx, tx, Notice{ClientID: a.ClientID, Key: a.key(), ChannelID: a.ChannelID, Message: a.Message})
}

// Clear tells that a state has ended, in the channel that was told of its beginning. Of a beginning
// that nobody was told nothing is said; one that is still waiting to be sent is taken back instead.
func Clear(ctx context.Context, tx store.Conn, a Alert) error {
	raised, err := findNotice(ctx, tx, a.ClientID, a.key())
	if err != nil || raised.ChannelID == nil {
		return err
	}
	q := db.New()
	if err := lockQueues(ctx, tx, q, []uuid.UUID{a.ClientID}, []string{deref(raised.ChannelID)}); err != nil {
		return err
	}
	n, err := q.TakeBackNotice(ctx, tx, a.ClientID, raised.ID)
	if err != nil {
		return fmt.Errorf("take back alert: %w", err)
	}
	if n > 0 {
		return nil
	}
	return EnqueueNotice(ctx, tx, Notice{ClientID: a.ClientID, Key: a.key() + ":over", ChannelID: deref(raised.ChannelID), Message: a.Message})
}

// findNotice returns the notice with a key, without a channel when there is none.
func findNotice(ctx context.Context, tx store.Conn, clientID uuid.UUID, key string) (db.GetNoticeRow, error) {
	row, err := db.New().GetNotice(ctx, tx, clientID, &key)
	if err != nil && !store.IsNotFound(err) {
		return row, fmt.Errorf("read notice: %w", err)
	}
	return row, nil
}

// noticeChannel is where a manager can be told something: the default channel or the guild's system
// channel, if it works and is not the one excepted; "" when there is none.
func noticeChannel(ctx context.Context, tx store.Conn, clientID uuid.UUID, except string) (string, error) {
	channel, err := db.New().PickNoticeChannel(ctx, tx, clientID, except)
	if store.IsNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("pick notice channel: %w", err)
	}
	return channel, nil
}

// EnqueueNotice writes the outbox row of a notice, unless one with its key was ever written.
func EnqueueNotice(ctx context.Context, tx store.Conn, n Notice) error {
	payload, err := json.Marshal(n.Message)
	if err != nil {
		return fmt.Errorf("encode notice: %w", err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make delivery id: %w", err)
	}
	q := db.New()
	if err := lockQueues(ctx, tx, q, []uuid.UUID{n.ClientID}, []string{n.ChannelID}); err != nil {
		return err
	}
	err = q.InsertNotice(ctx, tx, db.InsertNoticeParams{
		ClientID: n.ClientID, ID: id, ChannelID: &n.ChannelID, NoticeKey: &n.Key, Payload: payload,
	})
	if err != nil {
		return fmt.Errorf("insert notice: %w", err)
	}
	return nil
}

package guild

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/delivery"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// extent says what a list of channels is.
type extent int

const (
	some       extent = iota // a few of the guild's, about which something was said
	all                      // all of them, after a change of roles
	everything               // all of them, told anew by Discord
)

// SyncChannel records a channel that was made or changed.
func (r *Registry) SyncChannel(ctx context.Context, guildID string, c Channel) error {
	return r.inGuild(ctx, guildID, func(tx store.Conn, client db.Client) error {
		return syncChannels(ctx, tx, client.ID, []Channel{c}, some)
	})
}

// SyncChannels records where the bot can post now that its roles or theirs have changed.
// The list must hold all channels of the guild.
func (r *Registry) SyncChannels(ctx context.Context, guildID string, channels []Channel) error {
	return r.inGuild(ctx, guildID, func(tx store.Conn, client db.Client) error {
		return syncChannels(ctx, tx, client.ID, channels, all)
	})
}

// ForgetChannel records that a channel was deleted. What pointed to it points to the default
// channel; when that was the default one the manager is told.
func (r *Registry) ForgetChannel(ctx context.Context, guildID, channelID string) error {
	return r.inGuild(ctx, guildID, func(tx store.Conn, client db.Client) error {
		return forgetChannel(ctx, tx, client.ID, channelID)
	})
}

// inGuild runs fn in a transaction of the guild's tenant. Refusals: not_found, when the bot
// has not been told of the guild or believes to have left it.
func (r *Registry) inGuild(ctx context.Context, guildID string, fn func(tx store.Conn, client db.Client) error) error {
	client, err := r.Find(ctx, guildID)
	if err != nil {
		return err
	}
	if client.RemovedAt != nil {
		return fault.New(fault.NotFound, "Trackbot is no longer in this server.")
	}
	return r.st.InTenantTx(ctx, client.ID, func(tx store.Conn) error { return fn(tx, client) })
}

func syncChannels(ctx context.Context, tx store.Conn, clientID uuid.UUID, channels []Channel, of extent) error {
	q := db.New()
	known, err := q.ListKnownChannels(ctx, tx, clientID)
	if err != nil {
		return fmt.Errorf("list channels: %w", err)
	}
	body, err := json.Marshal(channels)
	if err != nil {
		return fmt.Errorf("encode channels: %w", err)
	}
	if err := q.UpsertChannels(ctx, tx, clientID, body); err != nil {
		return fmt.Errorf("upsert channels: %w", err)
	}
	now := make(map[string]Channel, len(channels))
	for _, c := range channels {
		now[c.ID] = c
	}
	for _, old := range known {
		c, seen := now[old.ID]
		switch {
		case !seen && of != some:
			err = forgetChannel(ctx, tx, clientID, old.ID)
		case seen && old.PausedAt != nil && c.CanSend && (!old.CanSend || of != all):
			// The bot may post again, or Discord has just said something of a channel where its refusal
			// contradicts what it tells of the permissions: worth another try.
			err = resumeChannel(ctx, tx, bySelf(), clientID, c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func resumeChannel(ctx context.Context, tx store.Conn, by audit.By, clientID uuid.UUID, c Channel) error {
	if err := delivery.ResumeChannel(ctx, tx, clientID, c.ID); err != nil {
		return fmt.Errorf("resume channel: %w", err)
	}
	return audit.Append(ctx, tx, audit.Entry{
		ClientID: clientID, By: by, Action: audit.ChannelResumed, TargetType: audit.TargetChannel, TargetID: c.ID,
		Changes: []audit.Change{{Field: "name", Old: c.Name, New: c.Name}},
	})
}

func forgetChannel(ctx context.Context, tx store.Conn, clientID uuid.UUID, channelID string) error {
	lost, err := db.New().ForgetChannel(ctx, tx, clientID, channelID)
	if err != nil {
		return fmt.Errorf("forget channel: %w", err)
	}
	if !lost.WasDefault && lost.Accounts == 0 && lost.Routes == 0 {
		return nil // nothing of ours pointed to it
	}
	if lost.WasDefault {
		if err := tellLost(ctx, tx, clientID, channelID, lost.Name); err != nil {
			return err
		}
	}
	return audit.Append(ctx, tx, audit.Entry{
		ClientID: clientID, By: bySelf(), Action: audit.ChannelDeleted, TargetType: audit.TargetChannel, TargetID: channelID,
		Changes: []audit.Change{
			{Field: "name", Old: lost.Name},
			{Field: "default", Old: lost.WasDefault, New: false},
			{Field: "accounts", Old: lost.Accounts, New: 0},
			{Field: "routes", Old: lost.Routes, New: 0},
		},
	})
}

// tellLost tells the manager that posts have nowhere to go, where the bot can still post.
func tellLost(ctx context.Context, tx store.Conn, clientID uuid.UUID, channelID, name string) error {
	q := db.New()
	client, err := q.LockClient(ctx, tx, clientID)
	if err != nil {
		return fmt.Errorf("lock client: %w", err)
	}
	known, err := q.ListKnownChannels(ctx, tx, clientID)
	if err != nil {
		return fmt.Errorf("list channels: %w", err)
	}
	left := Guild{}
	if client.SystemChannelID != nil {
		left.SystemChannelID = *client.SystemChannelID
	}
	for _, c := range known {
		left.Channels = append(left.Channels, Channel{ID: c.ID, Type: c.Type, Position: int(c.Position), CanSend: c.CanSend && c.PausedAt == nil})
	}
	to := greetingChannel(left)
	if to == "" {
		return nil
	}
	return delivery.EnqueueNotice(ctx, tx, delivery.Notice{
		ClientID: clientID, Key: "default_channel_gone:" + channelID, ChannelID: to,
		Message: delivery.Message{
			Title: "New posts have nowhere to go",
			Body:  "The channel #" + delivery.Escape(name) + " was deleted. Choose another with `/channel set`.",
			Color: 0xF0B232,
		},
	})
}

// ChooseChannel makes sure that posts can go to a channel that a manager has chosen, and ends
// its pause if there is one. Refusals: validation_failed, naming field.
func ChooseChannel(ctx context.Context, tx store.Conn, by audit.By, clientID uuid.UUID, channelID, field string) error {
	refuse := func(why string) error { return fault.Invalid(fault.Field{Name: field, Message: why}) }
	c, err := db.New().GetKnownChannel(ctx, tx, clientID, channelID)
	switch {
	case store.IsNotFound(err):
		return refuse("There is no such channel in this server.")
	case err != nil:
		return fmt.Errorf("read channel: %w", err)
	case c.Type != Text && c.Type != Announcement:
		return refuse("Posts can only go to text and announcement channels.")
	case !c.CanSend:
		return refuse("Trackbot may not post there. It needs View Channel, Send Messages and Embed Links in the channel.")
	case c.PausedAt == nil:
		return nil
	}
	return resumeChannel(ctx, tx, by, clientID, Channel{ID: c.ID, Name: c.Name})
}

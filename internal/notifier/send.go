package notifier

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/discord"
)

// traced is deliver within the trace of the poll that found the post.
func (n *Notifier) traced(ctx context.Context, ch *delivery.Channel, d *delivery.Delivery) (next bool, err error) {
	ctx, span := n.cfg.Tracer.Start(ctx, "deliver message", "trackbot.delivery_id", d.ID.String(),
		"trackbot.client_id", ch.ClientID.String(), "trackbot.kind", d.Kind)
	next, err = n.deliver(ctx, ch, d)
	span.End(err)
	return next, err
}

// deliver takes one delivery as far as it goes now. next tells whether the line goes on.
func (n *Notifier) deliver(ctx context.Context, ch *delivery.Channel, d *delivery.Delivery) (next bool, err error) {
	for {
		sent, err := n.send(ctx, ch, d)
		var refused *refusal
		switch {
		case err == nil:
			return true, n.recordSent(ctx, ch, d, sent)
		case !errors.As(err, &refused):
			return false, err
		}
		failure := classify(refused.cause)
		step := delivery.Decide(d, failure)
		fatal := n.react(ctx, refused.cause, failure) // before others begin to send
		if err := n.recordFailure(ctx, ch, d, step, refused.cause); err != nil || fatal != nil {
			return false, errors.Join(fatal, err)
		}
		if !step.Again {
			return step.State == delivery.StateDead, nil
		}
	}
}

// outcome is a message that Discord has.
type outcome struct {
	messageID string
	event     string // for the trail
	detail    string
}

// refusal is an error of Discord, as against one of the database.
type refusal struct{ cause error }

func (r *refusal) Error() string { return r.cause.Error() }

func (r *refusal) Unwrap() error { return r.cause }

// send marks the delivery and posts its message. One that may have left before is looked for first.
func (n *Notifier) send(ctx context.Context, ch *delivery.Channel, d *delivery.Delivery) (outcome, error) {
	create := message(d)
	if since, ok := d.MayHaveLeft(); ok {
		if err := n.begin(ctx, ch, d); err != nil {
			return outcome{}, err
		}
		found, err := n.find(ctx, ch.ID, create, since)
		if err != nil {
			return outcome{}, &refusal{err}
		}
		if found != "" {
			return outcome{found, "found", "an earlier try had reached the channel"}, nil
		}
	}
	if err := n.begin(ctx, ch, d); err != nil {
		return outcome{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, n.call)
	defer cancel()
	made, err := n.discord.CreateMessage(ctx, ch.ID, create)
	if discord.HasCode(err, discord.CodeUnknownMessage) {
		// The nonce is known: an earlier try made the message, and somebody deleted it since.
		return outcome{"", "found", "an earlier try had reached the channel, the message was deleted since"}, nil
	}
	if err != nil {
		return outcome{}, &refusal{err}
	}
	return outcome{made.ID, "sent", ""}, nil
}

// begin is bounded so that it and the call that follows end within the lease it renews.
func (n *Notifier) begin(ctx context.Context, ch *delivery.Channel, d *delivery.Delivery) error {
	ctx, cancel := context.WithTimeout(ctx, n.call)
	defer cancel()
	return n.outbox.Begin(ctx, ch, d)
}

func (n *Notifier) recordSent(ctx context.Context, ch *delivery.Channel, d *delivery.Delivery, o outcome) error {
	ctx, cancel := context.WithTimeout(ctx, n.call)
	defer cancel()
	if err := n.outbox.Sent(ctx, ch, d, o.messageID, o.event, o.detail); err != nil {
		return err
	}
	n.metrics.delivered(d, o.event, time.Now())
	n.log.InfoContext(ctx, "message delivered", "client_id", ch.ClientID, "channel_id", ch.ID, "delivery_id", d.ID,
		"kind", d.Kind, "message_id", o.messageID, "found", o.event == "found", "failed_tries", d.Attempts)
	return nil
}

func (n *Notifier) recordFailure(ctx context.Context, ch *delivery.Channel, d *delivery.Delivery, s delivery.Step, cause error) error {
	ctx, cancel := context.WithTimeout(ctx, n.call)
	defer cancel()
	before := d.Attempts
	if err := n.outbox.Failed(ctx, ch, d, s); err != nil {
		return err
	}
	n.metrics.refused(d, s, before)
	if s.Event != "" {
		n.log.WarnContext(ctx, "message not delivered", "client_id", ch.ClientID, "channel_id", ch.ID, "delivery_id", d.ID,
			"state", s.State, "reason", s.Reason, "wait_ms", s.Wait.Milliseconds(), "error", cause)
	}
	return nil
}

// react stops more than one channel where the failure is not the channel's own.
func (n *Notifier) react(ctx context.Context, cause error, f delivery.Failure) error {
	var limit *discord.RateLimitError
	switch {
	case errors.Is(cause, discord.ErrUnauthorized):
		return cause
	case f.Cause == delivery.CauseHeld:
		n.log.ErrorContext(ctx, "sending is held", "wait_ms", f.RetryAfter.Milliseconds(), "error", cause)
		n.hold(f.RetryAfter)
	case errors.As(cause, &limit) && limit.Global:
		n.hold(f.RetryAfter)
	}
	return nil
}

const (
	clockSlack = time.Minute // between our clock and Discord's
	findPage   = 100
	findPages  = 10
)

// find looks for the message among those of the channel that are younger than the first try.
// It returns its id, or "" when it is not there.
func (n *Notifier) find(ctx context.Context, channelID string, want discord.MessageCreate, since time.Time) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, n.call)
	defer cancel()
	self, err := n.ownID(ctx)
	if err != nil {
		return "", err
	}
	after := discord.SnowflakeAt(since.Add(-clockSlack))
	for range findPages {
		page, err := n.discord.ChannelMessages(ctx, channelID, discord.MessageQuery{Limit: findPage, After: after})
		if err != nil {
			return "", err
		}
		for _, m := range page {
			if (m.Author.ID == self || self == "" && m.Author.Bot) && same(want, m) {
				return m.ID, nil
			}
		}
		if len(page) < findPage {
			break
		}
		after = page[0].ID // newest first
	}
	return "", nil
}

// ownID asks Discord once who the bot is; "" where nobody can tell.
func (n *Notifier) ownID(ctx context.Context) (string, error) {
	n.mu.Lock()
	self := n.self
	n.mu.Unlock()
	if self != "" {
		return self, nil
	}
	app, err := n.discord.Self(ctx)
	if err != nil && discord.Lacks(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.self = app.ID; app.Bot != nil {
		n.self = app.Bot.ID
	}
	return n.self, nil
}

// nonce is the delivery's id in 22 characters; Discord takes up to 25.
func nonce(id uuid.UUID) string { return base64.RawURLEncoding.EncodeToString(id[:]) }

// classify says what Discord's error means for the delivery.
func classify(err error) delivery.Failure {
	f := delivery.Failure{Cause: delivery.CauseUnavailable, Detail: detail(err), NotSent: discord.NotSent(err)}
	f.RetryAfter, _ = discord.RetryAfter(err)
	var limit *discord.RateLimitError
	var api *discord.APIError
	switch {
	case errors.As(err, &limit):
		f.Cause = delivery.CauseRateLimited
	case errors.Is(err, discord.ErrInvalidRequestGuard), errors.Is(err, discord.ErrUnauthorized):
		f.Cause, f.NotSent = delivery.CauseHeld, true
		if f.RetryAfter == 0 {
			f.RetryAfter = holdUnnamed
		}
	case errors.As(err, &api):
		f.Cause, f.Reason = judge(api)
	}
	return f
}

// judge reads a refusal of Discord's. One without Discord's code comes from the network in front of
// it and says nothing about the message.
func judge(e *discord.APIError) (delivery.Cause, string) {
	switch e.Code {
	case discord.CodeUnknownChannel:
		return delivery.CauseChannelRefused, delivery.ReasonUnknownChannel
	case discord.CodeMissingAccess:
		return delivery.CauseChannelRefused, delivery.ReasonMissingAccess
	case discord.CodeMissingPermissions:
		return delivery.CauseChannelRefused, delivery.ReasonMissingPermissions
	case discord.CodeInvalidFormBody:
		return delivery.CauseMessageRefused, delivery.ReasonMessageRefused
	case discord.CodeCloudflareBlocks:
		return delivery.CauseUnavailable, ""
	}
	if e.Temporary() || e.Code == 0 && e.Status != 400 && e.Status != 413 {
		return delivery.CauseUnavailable, ""
	}
	if e.Code == 0 {
		return delivery.CauseRefused, fmt.Sprintf("http_%d", e.Status)
	}
	return delivery.CauseRefused, fmt.Sprintf("discord_%d", e.Code)
}

const longestDetail = 300

// detail is what the trail shows of an error.
func detail(err error) string {
	var api *discord.APIError
	if !errors.As(err, &api) {
		return "no answer from Discord"
	}
	s := []rune(fmt.Sprintf("%d (code %d): %s", api.Status, api.Code, api.Message))
	return string(s[:min(len(s), longestDetail)])
}

package command

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/route"
	"trackbot/internal/store/db"
)

// The most that one answer tells of a post's deliveries.
const (
	deliveriesShown = 4
	stepsShown      = 8
)

// why tells where a post went and where it did not, and for what reason.
func (r *request) why(ctx context.Context) (Reply, error) {
	post, err := r.post(ctx)
	if err != nil {
		return Reply{}, err
	}
	rows, err := r.routes.Deliveries(ctx, r.client.ID, post.ID, nil, deliveriesShown+1)
	if err != nil {
		return Reply{}, err
	}
	out := Reply{Color: colorInfo, Title: escape(cut(postTitle(post), 200)), URL: post.URL, Thumbnail: post.ThumbnailUrl, Buttons: r.dashboardButton(r.in.GuildID)}
	out.field("Published", ago(post.PublishedAt))
	out.field("Seen here", ago(post.FirstSeenAt))
	for _, figure := range figures(post) {
		out.field(figure.Name, figure.Value)
	}
	if len(rows) == 0 {
		out.Body = "▫️ **Not announced.** It was there before the account was followed, or came out while the account was paused: such posts are stored, not posted."
		return out, nil
	}
	blocks := make([]string, 0, deliveriesShown)
	for _, d := range rows[:min(len(rows), deliveriesShown)] {
		text, err := r.delivered(d)
		if err != nil {
			return Reply{}, err
		}
		blocks = append(blocks, text)
		if d.State == delivery.StateDead {
			out.Color = colorWarning
		}
	}
	if len(rows) > deliveriesShown {
		blocks = append(blocks, "The dashboard shows the other channels.")
	}
	out.Body = strings.Join(blocks, "\n\n")
	if todo := remedy(rows); todo != "" && r.manages() {
		out.Body += "\n\n" + todo
	}
	return out, nil
}

// delivered tells of one delivery what became of it and how.
func (r *request) delivered(d db.Delivery) (string, error) {
	trail, err := route.Trail(d)
	if err != nil {
		return "", err
	}
	text := sentIcon(d.State) + " **" + verdict(d) + "**"
	if d.ChannelID != nil {
		text += " · " + mention(*d.ChannelID)
	}
	if d.Kind == delivery.KindBreakout {
		text += " · breakout alert"
	}
	if d.ChannelID != nil && d.MessageID != nil {
		text += " · [open](https://discord.com/channels/" + r.client.GuildID + "/" + *d.ChannelID + "/" + *d.MessageID + ")"
	}
	if d.Reason != "" && d.State != delivery.StateSent {
		text += "\n" + escape(delivery.Explain(d.Reason))
	}
	if d.State == delivery.StateRetry && d.RetryAt != nil {
		text += " The next try is " + soon(*d.RetryAt) + "."
	}
	if d.State == delivery.StateHeld && d.HeldUntil != nil {
		text += " It leaves " + soon(*d.HeldUntil) + "."
	}
	for _, step := range trail[max(0, len(trail)-stepsShown):] {
		text += "\n-# " + second(step.At) + " " + strings.ReplaceAll(step.Event, "_", " ")
		if step.Detail != "" {
			text += ": " + escape(cut(delivery.Explain(step.Detail), 120))
		}
	}
	return text, nil
}

func verdict(d db.Delivery) string {
	switch d.State {
	case delivery.StateSent:
		if d.DeliveredAt != nil {
			return "Sent " + ago(*d.DeliveredAt)
		}
		return "Sent"
	case delivery.StateSkipped:
		return "Not sent"
	case delivery.StateDead:
		return "Could not be sent"
	case delivery.StateHeld:
		return "Held back"
	}
	return "On its way"
}

// remedy says what a manager can do about what did not arrive, "" for nothing.
func remedy(rows []db.Delivery) string {
	for _, d := range rows {
		switch {
		case d.State == delivery.StateDead:
			return "`/replay` sends it again."
		case d.State != delivery.StateSkipped:
			continue
		}
		switch d.Reason {
		case delivery.ReasonNotificationsOff:
			return "`/notifications on` announces new posts again; `/replay` sends this one then."
		case delivery.ReasonNoChannel:
			return "`/channel set` gives it a channel; `/replay` sends it then."
		case delivery.ReasonRoutePaused:
			return "`/route resume` lets new posts through; `/replay` sends this one then."
		case delivery.ReasonKind, delivery.ReasonFiltered:
			return "`/route change` decides what comes in future; `/replay` sends this one now."
		}
		return "`/replay` sends it now."
	}
	return ""
}

// replay sends again what of a post did not arrive. Told twice, it is done once.
func (r *request) replay(ctx context.Context) (Reply, error) {
	post, err := r.post(ctx)
	if err != nil {
		return Reply{}, err
	}
	order := route.Order{PostID: post.ID, Key: "interaction-" + r.in.ID}
	sent, err := r.routes.Replay(ctx, r.by, r.client.ID, order)
	if err != nil {
		return Reply{}, err
	}
	var channels []string
	for _, d := range sent {
		if d.ChannelID != nil {
			channels = append(channels, mention(*d.ChannelID))
		}
	}
	return Reply{
		Color: colorDone, Title: "Sending it again", URL: post.URL,
		Body: "**" + escape(cut(postTitle(post), titleLength)) + "** goes to " + strings.Join(channels, ", ") + ". `/why` tells how it went.",
	}, nil
}

// post is the one that an option names. Refusals: not_found.
func (r *request) post(ctx context.Context) (db.PostItem, error) {
	if id, err := uuid.Parse(strings.TrimSpace(r.options.String("post"))); err == nil {
		post, err := r.tracked.GetPost(ctx, r.client.ID, id)
		if err != nil {
			return post, noneSuch("post", err)
		}
		return post, nil
	}
	filter, err := r.recent(ctx, r.options.String("post"))
	if err != nil {
		return db.PostItem{}, err
	}
	found, err := r.tracked.ListPosts(ctx, r.client.ID, filter, nil, 2)
	if err != nil {
		return db.PostItem{}, err
	}
	if len(found) != 1 {
		return db.PostItem{}, ambiguous("post", r.options.String("post"), len(found))
	}
	return found[0], nil
}

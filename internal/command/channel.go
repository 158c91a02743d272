package command

import (
	"context"

	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

func (r *request) channelSet(ctx context.Context) (Reply, error) {
	channelID := r.options.String("channel")
	if channelID == "" {
		channelID = r.in.ChannelID
	}
	if r.options.String("account") == "" {
		if _, err := r.guilds.SetDefaultChannel(ctx, r.by, r.client.ID, channelID); err != nil {
			return Reply{}, err
		}
		return Reply{
			Color: colorDone, Title: "Default channel set",
			Body: "Posts of all accounts without a channel of their own go to " + mention(channelID) + ".",
		}, nil
	}
	account, err := r.setAccountChannel(ctx, channelID)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Color: colorDone, Title: "Channel set", Body: "Posts of " + escape(account.Source.DisplayName) + " go to " + mention(channelID) + "."}, nil
}

func (r *request) channelClear(ctx context.Context) (Reply, error) {
	if r.options.String("account") == "" {
		if _, err := r.guilds.SetDefaultChannel(ctx, r.by, r.client.ID, ""); err != nil {
			return Reply{}, err
		}
		return Reply{
			Color: colorDone, Title: "No default channel any more",
			Body: "Only accounts with a channel of their own are posted now. `/channel set` chooses a new one.",
		}, nil
	}
	account, err := r.setAccountChannel(ctx, "")
	if err != nil {
		return Reply{}, err
	}
	return Reply{Color: colorDone, Title: "Channel cleared", Body: "Posts of " + escape(account.Source.DisplayName) + " go to the default channel again."}, nil
}

func (r *request) setAccountChannel(ctx context.Context, channelID string) (tracking.Account, error) {
	account, err := r.account(ctx)
	if err != nil {
		return tracking.Account{}, err
	}
	return r.catalog.ChangeAccount(ctx, r.by, r.client.ID, account.ClientAccount.ID, tracking.AccountChange{ChannelID: &channelID})
}

func (r *request) channelShow(ctx context.Context) (Reply, error) {
	state, err := r.guilds.Delivering(ctx, r.client.ID)
	if err != nil {
		return Reply{}, err
	}
	own, err := r.guilds.OwnChannels(ctx, r.client.ID, listLines+1)
	if err != nil {
		return Reply{}, err
	}
	where := "nowhere"
	if state.DefaultChannelID != nil {
		where = mention(*state.DefaultChannelID)
	}
	out := Reply{Color: colorInfo, Title: "Where posts go", Body: "**Default:** " + where}
	if warning := trouble(state); warning != "" {
		out.Color = colorWarning
		out.Body += "\n" + warning
	}
	if len(own) > 0 {
		list := r.list("", eachLine(own, ownChannelLine))
		out.Body += "\n\n**Accounts with a channel of their own**\n" + list.Body
		out.Footer, out.Buttons = list.Footer, list.Buttons
	}
	return out, nil
}

func ownChannelLine(c db.ListOwnChannelsRow) string {
	line := mention(c.ChannelID) + " · " + plural(c.Accounts, "account")
	if !c.CanSend || c.Paused {
		line += " · ⚠️ I cannot post there"
	}
	return line
}

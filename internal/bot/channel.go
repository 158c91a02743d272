package bot

import (
	"context"

	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

func (r *request) channelSet(ctx context.Context) (reply, error) {
	channelID := r.options.String("channel")
	if channelID == "" {
		channelID = r.in.ChannelID
	}
	if r.options.String("account") == "" {
		if _, err := r.guilds.SetDefaultChannel(ctx, r.by, r.client.ID, channelID); err != nil {
			return reply{}, err
		}
		return reply{
			color: colorDone, title: "Default channel set",
			body: "Posts of all accounts without a channel of their own go to " + mention(channelID) + ".",
		}, nil
	}
	account, err := r.setAccountChannel(ctx, channelID)
	if err != nil {
		return reply{}, err
	}
	return reply{color: colorDone, title: "Channel set", body: "Posts of " + escape(account.Source.DisplayName) + " go to " + mention(channelID) + "."}, nil
}

func (r *request) channelClear(ctx context.Context) (reply, error) {
	if r.options.String("account") == "" {
		if _, err := r.guilds.SetDefaultChannel(ctx, r.by, r.client.ID, ""); err != nil {
			return reply{}, err
		}
		return reply{
			color: colorDone, title: "No default channel any more",
			body: "Only accounts with a channel of their own are posted now. `/channel set` chooses a new one.",
		}, nil
	}
	account, err := r.setAccountChannel(ctx, "")
	if err != nil {
		return reply{}, err
	}
	return reply{color: colorDone, title: "Channel cleared", body: "Posts of " + escape(account.Source.DisplayName) + " go to the default channel again."}, nil
}

func (r *request) setAccountChannel(ctx context.Context, channelID string) (tracking.Account, error) {
	account, err := r.account(ctx)
	if err != nil {
		return tracking.Account{}, err
	}
	return r.catalog.ChangeAccount(ctx, r.by, r.client.ID, account.ClientAccount.ID, tracking.AccountChange{ChannelID: &channelID})
}

func (r *request) channelShow(ctx context.Context) (reply, error) {
	state, err := r.guilds.Delivering(ctx, r.client.ID)
	if err != nil {
		return reply{}, err
	}
	own, err := r.guilds.OwnChannels(ctx, r.client.ID, listLines+1)
	if err != nil {
		return reply{}, err
	}
	where := "nowhere"
	if state.DefaultChannelID != nil {
		where = mention(*state.DefaultChannelID)
	}
	out := reply{color: colorInfo, title: "Where posts go", body: "**Default:** " + where}
	if warning := trouble(state); warning != "" {
		out.color = colorWarning
		out.body += "\n" + warning
	}
	if len(own) > 0 {
		list := r.list("", eachLine(own, ownChannelLine))
		out.body += "\n\n**Accounts with a channel of their own**\n" + list.body
		out.footer, out.buttons = list.footer, list.buttons
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

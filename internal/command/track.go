package command

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/source"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

const listPage = 15 // accounts in one answer: their lines must fit into an embed

func (r *request) trackAdd(ctx context.Context) (Reply, error) {
	in := tracking.NewAccount{
		Platform: r.options.String("platform"), Input: r.options.String("account"), InputName: "account", ChannelID: r.options.String("channel"),
	}
	if in.Platform == "" {
		in.Platform = source.Auto
	}
	in.AnnounceLatest, _ = r.options.Bool("announce_latest")
	if r.options.String("group") != "" {
		group, err := r.group(ctx)
		if err != nil {
			return Reply{}, err
		}
		in.GroupID = group.ID
	}
	account, err := r.catalog.AddAccount(ctx, r.by, r.client.ID, in)
	if err != nil {
		return Reply{}, err
	}
	return r.added(ctx, account), nil
}

// added describes a new account and makes sure that its posts have somewhere to go.
func (r *request) added(ctx context.Context, account tracking.Account) Reply {
	s := account.Source
	out := Reply{
		Color: colorDone, Title: "Following " + escape(s.DisplayName), URL: s.URL, Thumbnail: s.AvatarUrl,
		Body: "What is new from now on is posted; what is there already is only stored.",
	}
	if account.ClientAccount.AnnounceLatest {
		out.Body = "The newest post comes first, then whatever is new from now on."
	}
	if s.StateReason != "" {
		out.Color = colorWarning
		out.Body = "Added, but not confirmed yet: " + escape(s.StateReason) + " I keep trying; `/track list` shows how it stands."
	}
	out.field("Platform", PlatformName(s.Platform))
	out.field("Filed under", escape(account.BrandName+" › "+account.GroupName))
	where, warning := r.destination(ctx, account)
	out.field("Posts go to", where)
	if warning != "" {
		out.Color = colorWarning
		out.Body += "\n\n" + warning
	}
	out.Buttons = r.dashboardButton(r.in.GuildID)
	return out
}

// destination says where an account's posts go. A guild without a default channel gets the one
// where the command was given, if the bot may post there.
func (r *request) destination(ctx context.Context, account tracking.Account) (where, warning string) {
	const advice = "They have nowhere to go yet: choose a channel with `/channel set`."
	if own := account.ClientAccount.ChannelID; own != nil {
		return mention(*own), ""
	}
	state, err := r.guilds.Delivering(ctx, r.client.ID)
	if err != nil {
		r.log.WarnContext(ctx, "read delivery state", "interaction_id", r.in.ID, "error", err)
		return "the default channel", ""
	}
	if state.DefaultChannelID == nil {
		settings, err := r.guilds.SetDefaultChannel(ctx, r.by, r.client.ID, r.in.ChannelID)
		if err != nil {
			return "nowhere yet", advice
		}
		return mention(*settings.DefaultChannelID) + ", the default channel from now on", ""
	}
	return mention(*state.DefaultChannelID), trouble(state)
}

const notificationsOff = "⚠️ Notifications are switched off, so nothing is posted. `/notifications on` starts them again."

// trouble says why posts do not get to the default channel; "" if they do.
func trouble(s db.GetDeliveringRow) string {
	switch {
	case s.DefaultChannelID == nil:
		return "⚠️ Posts have nowhere to go. Choose a channel with `/channel set`."
	case !s.CanSend:
		return "⚠️ I may not post there. Give me View Channel, Send Messages and Embed Links in the channel, or choose another with `/channel set`."
	case s.PausedAt != nil:
		return "⚠️ Discord refused my posts there, so they wait. When I may post, choose the channel again with `/channel set` and they go on."
	case !s.NotificationsEnabled:
		return notificationsOff
	}
	return ""
}

func (r *request) trackRemove(ctx context.Context) (Reply, error) {
	account, err := r.account(ctx)
	if err != nil {
		return Reply{}, err
	}
	if err := r.catalog.RemoveAccount(ctx, r.by, r.client.ID, account.ClientAccount.ID); err != nil {
		return Reply{}, err
	}
	return Reply{
		Color: colorDone, Title: "No longer following " + escape(account.Source.DisplayName),
		Body: "Its posts and history were deleted here. They are still at " + link(PlatformName(account.Source.Platform), account.Source.URL) + ".",
	}, nil
}

func (r *request) trackList(ctx context.Context) (Reply, error) {
	page, _ := r.options.Int("page")
	page = min(max(page, 1), 1_000_000)
	search := tracking.Search{Limit: listPage, Skip: int(page-1) * listPage}
	title := "Accounts"
	if r.options.String("group") != "" {
		group, err := r.group(ctx)
		if err != nil {
			return Reply{}, err
		}
		search.GroupID, title = &group.ID, escape(groupName(group))
	}
	rows, err := r.catalog.FindAccounts(ctx, r.client.ID, search)
	if err != nil {
		return Reply{}, err
	}
	if len(rows) == 0 && page > 1 {
		return Reply{}, fault.New(fault.NotFound, "There is no such page. Try `/track list` without one.")
	}
	if len(rows) == 0 {
		return Reply{Color: colorInfo, Title: title, Body: "Nothing is followed here yet. Start with `/track add`."}, nil
	}
	out := Reply{Color: colorInfo, Title: title, Body: accountLines(rows, search.GroupID == nil), Buttons: r.dashboardButton(r.in.GuildID)}
	total := rows[0].Total
	out.Footer = plural(total, "account")
	if pages := (total + listPage - 1) / listPage; pages > 1 {
		out.Footer += " · page " + number(page) + " of " + number(pages)
	}
	return out, nil
}

// accountLines lists accounts, under a heading for each group if they are of several.
func accountLines(rows []db.ListAccountUseRow, headings bool) string {
	var b strings.Builder
	var group uuid.UUID
	for _, a := range rows {
		if headings && a.ClientAccount.GroupID != group {
			group = a.ClientAccount.GroupID
			b.WriteString("**" + escape(cut(a.BrandName, 60)+" › "+cut(a.GroupName, 60)) + "**\n")
		}
		state, _, reason := tracking.AccountState(a.ClientAccount, a.Source)
		b.WriteString(stateIcon(state) + " " + link(cut(a.Source.DisplayName, 60), shortURL(a.Source.URL)) + " · " + PlatformName(a.Source.Platform))
		if own := a.ClientAccount.ChannelID; own != nil {
			b.WriteString(" → " + mention(*own))
		}
		if state != "ok" && state != "quiet" {
			b.WriteString(" · " + stateName(state))
			if reason != "" {
				b.WriteString(": " + escape(cut(reason, 80)))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// shortURL is an address that does not crowd out the other lines of a list.
func shortURL(address string) string {
	if len(address) > 120 {
		return ""
	}
	return address
}

// troubled marks an account that needs a look.
const troubled = "🟠"

func stateIcon(state string) string {
	switch state {
	case "ok", "quiet":
		return "🟢"
	case "learning":
		return "🔵"
	case "paused", "paused_by_plan":
		return "⏸️"
	case "gone":
		return "⚫"
	}
	return troubled
}

func stateName(state string) string {
	switch state {
	case "ok":
		return "working"
	case "learning":
		return "first look"
	case "paused_by_plan":
		return "paused by the plan"
	case "incident":
		return "platform in trouble"
	}
	return state
}

// PlatformName is how people write a platform.
func PlatformName(platform string) string {
	switch platform {
	case source.RSS:
		return "Feed (RSS, Atom, JSON)"
	case source.Bluesky:
		return "Bluesky"
	case source.Mastodon:
		return "Mastodon"
	case source.YouTube:
		return "YouTube"
	case source.Twitch:
		return "Twitch"
	}
	return platform
}

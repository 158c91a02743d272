package command

import (
	"context"
	"slices"
	"strings"

	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

func (r *request) status(ctx context.Context) (Reply, error) {
	state, err := r.guilds.Delivering(ctx, r.client.ID)
	if err != nil {
		return Reply{}, err
	}
	overview, err := r.catalog.Overview(ctx, r.client.ID)
	if err != nil {
		return Reply{}, err
	}
	needs, _, err := r.health.Attention(ctx, r.client.ID)
	if err != nil {
		return Reply{}, err
	}
	out := Reply{Color: colorDone, Title: "All is well", Buttons: r.dashboardButton(r.in.GuildID)}
	where := "nowhere"
	if state.DefaultChannelID != nil {
		where = mention(*state.DefaultChannelID)
	}
	out.field("Posts go to", where)
	out.field("Waiting to be posted", number(state.Waiting))
	out.field("Accounts", number(overview.Accounts)+" of "+number(overview.Plan.Accounts)+" on the "+overview.Plan.Tier+" plan")
	out.field("Brands", number(overview.Brands)+" of "+number(overview.Plan.Brands))
	if len(overview.States) > 0 {
		out.field("Their states", stateLines(overview))
	}
	worries := append(worries(whereabouts(needs, state), overview), concerns(needs, state)...)
	if len(worries) > 0 {
		out.Color, out.Title, out.Body = colorWarning, "Something needs attention", strings.Join(worries, "\n")
	}
	return out, nil
}

func stateLines(o tracking.Overview) string {
	var b strings.Builder
	for _, s := range o.States {
		b.WriteString(stateIcon(s.State) + " " + number(s.Accounts) + " " + stateName(s.State) + "\n")
	}
	return b.String()
}

// worries are what a manager should look at; trouble is that of the default channel.
func worries(trouble string, o tracking.Overview) []string {
	var out []string
	if trouble != "" && o.Accounts > 0 {
		out = append(out, trouble)
	}
	for _, s := range o.States {
		switch s.State {
		case "failing", "gone":
			out = append(out, "🟠 "+plural(s.Accounts, "account")+" cannot be read: `/track list` says why.")
		case "incident":
			out = append(out, "🟠 A platform has trouble; "+plural(s.Accounts, "account")+" will catch up by themselves.")
		case "paused_by_plan":
			out = append(out, "⏸️ "+plural(s.Accounts, "account")+" paused, since the plan has no room for them.")
		}
	}
	return out
}

// whereabouts is the trouble with the default channel. None is no trouble where all accounts have channels or routes.
func whereabouts(needs []guild.Attention, state db.GetDeliveringRow) string {
	nowhere := slices.ContainsFunc(needs, func(n guild.Attention) bool { return n.Concern == guild.NoChannel })
	switch {
	case state.DefaultChannelID != nil || nowhere:
		return trouble(state)
	case !state.NotificationsEnabled:
		return notificationsOff
	}
	return ""
}

// concerns are what a manager should look at beside the accounts and the default channel.
func concerns(needs []guild.Attention, state db.GetDeliveringRow) []string {
	var out []string
	for _, n := range needs {
		since := ""
		if n.Since != nil {
			since = " since " + ago(*n.Since)
		}
		switch n.Concern {
		case guild.Suspended:
			out = append(out, "⛔ This server is suspended"+since+": nothing is tracked or posted. The dashboard says why.")
		case guild.PausedChannels:
			if state.PausedAt != nil {
				n.Count-- // the default one is told of already
			}
			if n.Count > 0 {
				out = append(out, "⚠️ Discord refuses my posts in "+plural(n.Count, "channel")+since+": `/channel show` and `/route list` tell where.")
			}
		case guild.PausedRoutes:
			out = append(out, "⏸️ "+plural(n.Count, "route")+" paused"+since+": `/route resume` goes on.")
		case guild.Undelivered:
			out = append(out, "❌ "+plural(n.Count, "message")+" could not be sent in the last 7 days: `/why` tells the reason, `/replay` sends them again.")
		}
	}
	return out
}

func (r *request) dashboard(context.Context) (Reply, error) {
	buttons := r.dashboardButton(r.in.GuildID)
	if buttons == nil {
		return Reply{}, fault.New(fault.NotFound, "This Trackbot runs without a dashboard.")
	}
	return Reply{
		Color: colorInfo, Title: "Your dashboard", Buttons: buttons,
		Body: "Everything that is tracked, how it performs, and who changed what. Sign in with your Discord account.",
	}, nil
}

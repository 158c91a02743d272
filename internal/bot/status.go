package bot

import (
	"context"
	"strings"
	"time"

	"trackbot/internal/fault"
	"trackbot/internal/tracking"
)

func (r *request) status(ctx context.Context) (reply, error) {
	state, err := r.guilds.Delivering(ctx, r.client.ID)
	if err != nil {
		return reply{}, err
	}
	overview, err := r.catalog.Overview(ctx, r.client.ID)
	if err != nil {
		return reply{}, err
	}
	out := reply{color: colorDone, title: "All is well", buttons: r.dashboardButton(r.in.GuildID), footer: "Trackbot " + r.cfg.Version}
	out.field("Discord", r.connection())
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
	if worries := worries(trouble(state), overview); len(worries) > 0 {
		out.color, out.title, out.body = colorWarning, "Something needs attention", strings.Join(worries, "\n")
	}
	return out, nil
}

// connection says how the bot hears Discord.
func (r *request) connection() string {
	s := r.gateway.Status()
	text := "connected"
	if s.ReadyShards < s.ShardCount {
		text = number(s.ReadyShards) + " of " + plural(s.ShardCount, "connection")
	}
	var slowest time.Duration
	for _, shard := range s.Shards {
		slowest = max(slowest, shard.Latency)
	}
	if slowest > 0 {
		text += ", " + number(slowest.Milliseconds()) + " ms"
	}
	return text
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

func (r *request) dashboard(context.Context) (reply, error) {
	buttons := r.dashboardButton(r.in.GuildID)
	if buttons == nil {
		return reply{}, fault.New(fault.NotFound, "This Trackbot runs without a dashboard.")
	}
	return reply{
		color: colorInfo, title: "Your dashboard", buttons: buttons,
		body: "Everything that is tracked, how it performs, and who changed what. Sign in with your Discord account.",
	}, nil
}

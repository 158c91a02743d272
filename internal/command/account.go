package command

import (
	"context"
	"strings"
	"time"

	"trackbot/internal/delivery"
	"trackbot/internal/route"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

// accountShow tells how an account stands: its state with since when and why, and what to do about it.
func (r *request) accountShow(ctx context.Context) (Reply, error) {
	picked, err := r.account(ctx)
	if err != nil {
		return Reply{}, err
	}
	a, err := r.tracked.GetAccount(ctx, r.client.ID, picked.ClientAccount.ID)
	if err != nil {
		return Reply{}, err
	}
	where, err := r.goesTo(ctx, picked)
	if err != nil {
		return Reply{}, err
	}
	out := Reply{
		Color: colorInfo, Title: escape(picked.Source.DisplayName), URL: a.URL, Thumbnail: a.AvatarUrl,
		Body: stateIcon(a.State) + " **" + capital(stateName(a.State)) + "** since " + ago(a.StateSince), Buttons: r.dashboardButton(r.in.GuildID),
	}
	if a.StateReason != "" {
		out.Body += "\n" + escape(a.StateReason)
	}
	if todo := advice(tracking.ActionFor(a.State, a.FailureKind)); todo != "" {
		out.Body += "\n\n" + todo
	}
	if stateIcon(a.State) == troubled {
		out.Color = colorWarning
	}
	out.field("Platform", PlatformName(a.Platform))
	out.field("Filed under", escape(picked.BrandName+" › "+picked.GroupName))
	if a.Followers != nil {
		out.field("Followers", number(*a.Followers))
	}
	out.field("Latest post", moment(a.LastPostAt, "none yet"))
	out.field("Last checked", moment(a.LastPolledAt, "not yet"))
	if a.NextPollAt != nil {
		out.field("Next check", soon(*a.NextPollAt))
	}
	out.field("Posts go to", where)
	return out, nil
}

// goesTo says where an account's posts go: by the routes that aim at it, else its own channel or the default one.
func (r *request) goesTo(ctx context.Context, a db.ListAccountUseRow) (string, error) {
	const shown = 5
	target := route.Target{AccountID: &a.ClientAccount.ID, GroupID: &a.ClientAccount.GroupID, BrandID: &a.ClientAccount.BrandID}
	routes, err := r.routes.Find(ctx, r.client.ID, route.Search{Target: target, Limit: shown})
	if err != nil {
		return "", err
	}
	var lines []string
	for _, found := range routes {
		lines = append(lines, routeIcon(found.RouteItem)+" "+mention(found.RouteItem.ChannelID)+" · by a route of "+targetOf(found))
	}
	if len(routes) > 0 {
		if more := routes[0].Total - int64(len(routes)); more > 0 {
			lines = append(lines, "and "+number(more)+" more: `/route list`")
		}
		return strings.Join(lines, "\n"), nil
	}
	switch {
	case a.ClientAccount.ChannelID != nil:
		return mention(*a.ClientAccount.ChannelID), nil
	case r.settings.DefaultChannelID != nil:
		return mention(*r.settings.DefaultChannelID), nil
	}
	return "⚠️ nowhere: choose one with `/channel set`", nil
}

// advice says what to do about an account's state, "" for nothing.
func advice(action string) string {
	switch action {
	case tracking.ActionRetryNow:
		return "`/account check` looks again at once."
	case tracking.ActionResume:
		return "`/account resume` goes on with it."
	case tracking.ActionReplaceHandle:
		return "If it has a new address, follow that with `/track add` and remove this one."
	case tracking.ActionUpgrade:
		return "It goes on when the plan has room: remove another account or move to a larger plan."
	}
	return ""
}

func (r *request) accountCheck(ctx context.Context) (Reply, error) {
	a, err := r.account(ctx)
	if err != nil {
		return Reply{}, err
	}
	if err := r.catalog.PollNow(ctx, r.by, r.client.ID, a.ClientAccount.ID); err != nil {
		return Reply{}, err
	}
	return Reply{
		Color: colorDone, Title: "Checking " + escape(a.Source.DisplayName),
		Body: "It is next in line. `/account show` has the result in a moment; new posts come by themselves.",
	}, nil
}

func (r *request) accountPause(ctx context.Context) (Reply, error) {
	a, err := r.setPaused(ctx, true)
	if err != nil {
		return Reply{}, err
	}
	return Reply{
		Color: colorDone, Title: escape(a.Source.DisplayName) + " is paused",
		Body: "It is not checked and nothing of it is posted until `/account resume`. What is published meanwhile is stored then, not announced.",
	}, nil
}

func (r *request) accountResume(ctx context.Context) (Reply, error) {
	a, err := r.setPaused(ctx, false)
	if err != nil {
		return Reply{}, err
	}
	return Reply{
		Color: colorDone, Title: escape(a.Source.DisplayName) + " is followed",
		Body: "What is new from now on is posted; what was published during a pause is only stored.",
	}, nil
}

func (r *request) setPaused(ctx context.Context, paused bool) (tracking.Account, error) {
	a, err := r.account(ctx)
	if err != nil {
		return tracking.Account{}, err
	}
	return r.catalog.ChangeAccount(ctx, r.by, r.client.ID, a.ClientAccount.ID, tracking.AccountChange{Paused: &paused})
}

// moment is a time, or what to say of none.
func moment(t *time.Time, none string) string {
	if t == nil {
		return none
	}
	return ago(*t)
}

// soon is a time to come; what is due already is about to happen.
func soon(t time.Time) string {
	if !t.After(time.Now()) {
		return "any moment"
	}
	return ago(t)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// routeIcon shows whether a route works.
func routeIcon(r db.RouteItem) string {
	if pauseOf(r) != "" {
		return "⏸️"
	}
	return "▶️"
}

// pauseOf says why a route is paused, "" when it is not.
func pauseOf(r db.RouteItem) string {
	switch {
	case r.PausedAt != nil && r.PausedReason != "":
		return delivery.Explain(r.PausedReason)
	case r.PausedAt != nil:
		return "Paused."
	case r.ChannelPausedAt != nil:
		return delivery.Explain(r.ChannelPausedReason)
	}
	return ""
}

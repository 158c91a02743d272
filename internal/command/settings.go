package command

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"trackbot/internal/delivery"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/store/db"
)

// adjust changes settings and answers with what holds now.
func (r *request) adjust(ctx context.Context, change func(*guild.Settings)) (err error) {
	r.settings, err = r.guilds.AdjustSettings(ctx, r.by, r.client.ID, change)
	return err
}

func (r *request) quietSet(ctx context.Context) (Reply, error) {
	start, end := timeOfDay(r.options.String("from")), timeOfDay(r.options.String("to"))
	switch {
	case start == "" || end == "":
		return Reply{}, fault.New(fault.ValidationFailed, "Give both times as on a clock, such as `22:00` and `7:30`.")
	case start == end:
		return Reply{}, fault.New(fault.ValidationFailed, "Quiet hours must end at another time than they begin. To have all posts at one time of the day, use `/digest` with daily.")
	}
	zone := strings.TrimSpace(r.options.String("timezone"))
	if _, err := time.LoadLocation(zone); zone != "" && (err != nil || strings.EqualFold(zone, "local")) {
		return Reply{}, fault.Newf(fault.ValidationFailed, "“%s” is no time zone. Pick one from the list that opens while you type, or give a name such as `Europe/Berlin`.", escape(cut(zone, 60)))
	}
	err := r.adjust(ctx, func(s *guild.Settings) {
		s.QuietStart, s.QuietEnd = &start, &end
		if zone != "" {
			s.Timezone = zone
		}
	})
	if err != nil {
		return Reply{}, err
	}
	return Reply{
		Color: colorDone, Title: "Quiet hours set", Buttons: r.dashboardButton(r.in.GuildID),
		Body: quietText(r.settings, time.Now()) + "\n\nPosts of that time wait and come together afterwards, so that nothing is lost.",
	}, nil
}

func (r *request) quietOff(ctx context.Context) (Reply, error) {
	if err := r.adjust(ctx, func(s *guild.Settings) { s.QuietStart, s.QuietEnd = nil, nil }); err != nil {
		return Reply{}, err
	}
	return Reply{Color: colorDone, Title: "No quiet hours", Body: "Posts come at any time of the day. What was held for the quiet hours follows in a moment."}, nil
}

func (r *request) digest(ctx context.Context) (Reply, error) {
	if err := r.adjust(ctx, func(s *guild.Settings) { s.Digest = r.options.String("rhythm") }); err != nil {
		return Reply{}, err
	}
	title := map[string]string{delivery.DigestOff: "No digest", delivery.DigestHourly: "Hourly digest", delivery.DigestDaily: "Daily digest"}
	return Reply{Color: colorDone, Title: title[r.settings.Digest], Body: capital(digestText(r.settings, time.Now())) + "."}, nil
}

func (r *request) breakoutSet(ctx context.Context) (Reply, error) {
	factor, err := strconv.ParseFloat(r.options.String("factor"), 64)
	if err != nil || !(factor >= guild.LeastBreakout && factor <= guild.GreatestBreakout) {
		return Reply{}, fault.Newf(fault.ValidationFailed, "The factor must be a number from %d to %d.", guild.LeastBreakout, guild.GreatestBreakout)
	}
	if err := r.adjust(ctx, func(s *guild.Settings) { s.BreakoutFactor = &factor }); err != nil {
		return Reply{}, err
	}
	return Reply{Color: colorDone, Title: "Breakout alerts on", Body: "A post is pointed out once, where it was announced, " + breakoutText(r.settings) + "."}, nil
}

func (r *request) breakoutOff(ctx context.Context) (Reply, error) {
	if err := r.adjust(ctx, func(s *guild.Settings) { s.BreakoutFactor = nil }); err != nil {
		return Reply{}, err
	}
	return Reply{Color: colorDone, Title: "Breakout alerts off", Body: "Posts that do unusually well are no longer pointed out. `/breakout set` starts it again."}, nil
}

func (r *request) notificationsOn(ctx context.Context) (Reply, error) {
	if err := r.adjust(ctx, func(s *guild.Settings) { s.NotificationsEnabled = true }); err != nil {
		return Reply{}, err
	}
	return Reply{Color: colorDone, Title: "Notifications are on", Body: "New posts are announced from now on. What was skipped meanwhile can be sent with `/replay`."}, nil
}

func (r *request) notificationsOff(ctx context.Context) (Reply, error) {
	if err := r.adjust(ctx, func(s *guild.Settings) { s.NotificationsEnabled = false }); err != nil {
		return Reply{}, err
	}
	return Reply{
		Color: colorDone, Title: "Notifications are off",
		Body: "Nothing is announced in any channel until `/notifications on`. Accounts are still followed, posts and figures stored.",
	}, nil
}

func (r *request) showSettings(context.Context) (Reply, error) {
	s, now := r.settings, time.Now()
	out := Reply{Color: colorInfo, Title: "Settings", Buttons: r.dashboardButton(r.in.GuildID)}
	notifications, channel, role := "on", "nowhere: `/channel set` chooses one", "nobody"
	if !s.NotificationsEnabled {
		notifications = "⚠️ off: nothing is posted"
	}
	if s.DefaultChannelID != nil {
		channel = mention(*s.DefaultChannelID)
	}
	if s.MentionRoleID != nil {
		role = "<@&" + *s.MentionRoleID + ">"
	}
	out.field("Notifications", notifications)
	out.field("Default channel", channel)
	out.field("Mentions", role)
	out.field("Quiet hours", quietShort(s, now))
	out.field("Digest", digestText(s, now))
	out.field("Breakout alerts", breakoutText(s))
	out.field("Time zone", escape(s.Timezone)+"\nnow "+now.In(zoneOf(s)).Format("15:04"))
	access := "all members"
	if s.DashboardAccess != openToMembers {
		access = "managers"
	}
	out.field("May be read by", access)
	return out, nil
}

// timeOfDay brings what people write for a time of the day to HH:MM; "" for what is none.
func timeOfDay(text string) string {
	m := regexp.MustCompile(`^(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?$`).FindStringSubmatch(strings.ToLower(strings.TrimSpace(text)))
	if m == nil {
		return ""
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	switch {
	case m[3] != "" && (hour < 1 || hour > 12):
		return ""
	case m[3] != "":
		hour %= 12
		if m[3] == "pm" {
			hour += 12
		}
	}
	if hour > 23 || minute > 59 {
		return ""
	}
	return time.Date(0, 1, 1, hour, minute, 0, 0, time.UTC).Format("15:04")
}

func zoneOf(s db.GuildSetting) *time.Location {
	zone, err := time.LoadLocation(s.Timezone)
	if err != nil {
		return time.UTC
	}
	return zone
}

func timingOf(s db.GuildSetting) delivery.Timing {
	t := delivery.Timing{Zone: zoneOf(s), Digest: s.Digest}
	if s.QuietHoursStart != nil && s.QuietHoursEnd != nil {
		t.Quiet = delivery.ParseQuiet(*s.QuietHoursStart, *s.QuietHoursEnd)
	}
	return t
}

// quietText tells of the quiet hours that are set.
func quietText(s db.GuildSetting, now time.Time) string {
	text := "🌙 **" + *s.QuietHoursStart + " to " + *s.QuietHoursEnd + "** (" + escape(s.Timezone) + ")"
	if loud := timingOf(s).Loud(now); loud.After(now) {
		text += "\nIt is quiet now, until " + clock(loud) + "."
	}
	return text
}

// quietShort is quietText beside the time zone.
func quietShort(s db.GuildSetting, now time.Time) string {
	if s.QuietHoursStart == nil || s.QuietHoursEnd == nil {
		return "none"
	}
	text := *s.QuietHoursStart + " to " + *s.QuietHoursEnd
	if loud := timingOf(s).Loud(now); loud.After(now) {
		text += "\n🌙 until " + clock(loud)
	}
	return text
}

func digestText(s db.GuildSetting, now time.Time) string {
	if s.Digest == delivery.DigestOff {
		return "off: each post comes at once"
	}
	next, _ := timingOf(s).Hold(now)
	return s.Digest + ", the next at " + clock(next)
}

func breakoutText(s db.GuildSetting) string {
	if s.BreakoutFactor == nil {
		return "off"
	}
	return "at " + strconv.FormatFloat(*s.BreakoutFactor, 'f', -1, 64) + "× of what the account's posts usually have at the same age"
}

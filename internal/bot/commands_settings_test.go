package bot_test

import (
	"strings"
	"testing"
)

func TestSettingsAreChangedInWordsPeopleUse(t *testing.T) {
	t.Parallel()
	s := tracked(t)
	from := read[int](s, "SELECT max(seq)::int + 1 FROM audit_log")
	zone := s.choose("quiet set", "timezone", "new york")
	if len(zone) != 1 {
		t.Fatalf("zones %v", zone)
	}
	s.run("quiet set", "from", "10 pm", "to", "7.30", "timezone", "America/New_York").wantTitle(t, "Quiet hours set").wantBody(t, "**22:00 to 07:30** (America/New\\_York)")
	s.run("quiet set", "from", "22", "to", "22:00").wantTitle(t, "That does not work").wantBody(t, "another time")
	s.run("quiet set", "from", "25:00", "to", "7:00").wantBody(t, "as on a clock")
	s.run("quiet set", "from", "22", "to", "7", "timezone", "Mars/Olympus").wantBody(t, "is no time zone")
	s.run("digest", "rhythm", "daily").wantTitle(t, "Daily digest").wantBody(t, "the next at <t:")
	s.run("breakout set", "factor", 3.5).wantTitle(t, "Breakout alerts on").wantBody(t, "3.5×")
	if _, err := s.Run(t.Context(), s.invocation(s.manager.ID, "breakout set", "factor", 50)); err == nil {
		t.Error("Discord lets a factor of 50 pass")
	}
	s.run("notifications off").wantTitle(t, "Notifications are off").wantBody(t, "/notifications on")
	s.run("status").wantBody(t, "Notifications are switched off")
	shown := s.run("settings").wantTitle(t, "Settings")
	want := map[string]string{
		"Notifications": "⚠️ off: nothing is posted", "Default channel": "<#" + s.general + ">", "Mentions": "nobody",
		"Breakout alerts": "at 3.5× of what the account's posts usually have at the same age", "May be read by": "all members",
	}
	for name, value := range want {
		if shown.fields[name] != value {
			t.Errorf("%s: %q, want %q", name, shown.fields[name], value)
		}
	}
	if !strings.Contains(shown.fields["Quiet hours"], "22:00 to 07:30") || !strings.HasPrefix(shown.fields["Digest"], "daily, the next at <t:") {
		t.Errorf("shown %v", shown.fields)
	}
	s.run("notifications on")
	s.run("notifications on").wantTitle(t, "Notifications are on")
	s.run("quiet off").wantTitle(t, "No quiet hours")
	s.run("digest", "rhythm", "off").wantBody(t, "each post comes at once")
	s.run("breakout off").wantTitle(t, "Breakout alerts off")
	s.wantLog(from, strings.Split(strings.Repeat("settings.updated ", 8), " ")[:8]...)
	if got := read[string](s, "SELECT timezone || ' ' || digest || ' ' || notifications_enabled FROM guild_settings WHERE quiet_hours_start IS NULL AND breakout_factor IS NULL AND weekly_scorecard"); got != "America/New_York off true" {
		t.Errorf("settings %q", got)
	}
}

func TestAnswersHaveTheColorOfTheGuild(t *testing.T) {
	t.Parallel()
	s := tracked(t)
	s.exec("UPDATE guild_settings SET embed_color = '#12ab34'")
	for _, path := range []string{"settings", "track list", "dashboard"} {
		if color := s.run(path).Message.Embeds[0].Color; color == nil || *color != 0x12ab34 {
			t.Errorf("/%s in %v", path, color)
		}
	}
	if color := s.run("route remove", "route", "none").Message.Embeds[0].Color; color == nil || *color == 0x12ab34 {
		t.Error("a refusal looks like any answer")
	}
}

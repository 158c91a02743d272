package share_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"trackbot/internal/delivery"
	"trackbot/internal/share"
)

func TestAScorecardIsToldOncePerBrandAndWeekByHoweverManyWorkers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c, other := o.client(t, "UTC"), o.client(t, "UTC")
	o.post(t, c, monday.Add(-48*time.Hour))
	for range 3 {
		o.post(t, other, monday.Add(-48*time.Hour))
	}
	o.atOnce(t, 4)
	o.round(t, monday.Add(time.Hour))
	channels, keys, messages := o.told(t, c)
	if !slices.Equal(channels, []string{c.Channel}) || !slices.Equal(keys, []string{brandKey(c, "2026-W48")}) || messages[0].Fields[0].Value != "**1**\nnone before" {
		t.Errorf("told %v in %v: %+v", keys, channels, messages)
	}
	channels, keys, messages = o.told(t, other)
	if !slices.Equal(channels, []string{other.Channel}) || !slices.Equal(keys, []string{brandKey(other, "2026-W48")}) || messages[0].Fields[0].Value != "**3**\nnone before" {
		t.Errorf("the other was told %v in %v: %+v", keys, channels, messages)
	}
	o.post(t, c, monday.Add(48*time.Hour))
	o.round(t, monday.AddDate(0, 0, 7))
	if _, keys, _ := o.told(t, c); !slices.Equal(keys, []string{brandKey(c, "2026-W48"), brandKey(c, "2026-W49")}) {
		t.Errorf("a week later %v", keys)
	}
}

func TestEveryBrandOfManyIsTold(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c := o.client(t, "UTC")
	post := o.post(t, c, monday.Add(-48*time.Hour))
	o.Exec(t, `WITH b AS (INSERT INTO brands (client_id, id, name) SELECT $1, gen_random_uuid(), 'brand ' || n FROM generate_series(1, 201) n RETURNING id),
			g AS (INSERT INTO account_groups (client_id, id, brand_id, name) SELECT $1, id, id, 'g' FROM b),
			s AS (INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane) SELECT id, 'rss', id::text, id::text, '', '', 0 FROM b),
			a AS (INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, created_at) SELECT $1, id, id, id, id, '2020-01-01' FROM b)
		INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, published_at, first_seen_at)
		SELECT client_id, b.id, b.id, b.id, b.id, source_post_id, platform, kind, b.id::text, url, published_at, now() FROM posts, b WHERE posts.id = $2`, c.ID, post)
	o.round(t, monday)
	if n := o.count(t, c); n != 202 {
		t.Errorf("%d of 202 brands were told", n)
	}
}

func TestARoundThatIsCutOffIsMadeUpForByTheNext(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c := o.client(t, "UTC")
	o.post(t, c, monday.Add(-48*time.Hour))
	cut, cancel := context.WithCancel(t.Context())
	cancel()
	if err := o.weekly().Round(cut); err == nil || o.count(t, c) != 0 {
		t.Errorf("error %v, %d told", err, o.count(t, c))
	}
	o.round(t, monday)
	if n := o.count(t, c); n != 1 {
		t.Errorf("%d told", n)
	}
}

func TestAfterDowntimeTheDayIsCaughtUpAndNoWeekMore(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c := o.client(t, "UTC")
	for week := range 4 {
		o.post(t, c, monday.Add(-48*time.Hour).AddDate(0, 0, -7*week))
	}
	for _, step := range []struct {
		name string
		at   time.Time
		want int
	}{
		{"a moment early", monday.Add(-time.Nanosecond), 0},
		{"a day late", monday.Add(24 * time.Hour), 0},
		{"the last moment of the day", monday.Add(24*time.Hour - time.Nanosecond), 1},
		{"the Sunday after", monday.Add(6 * 24 * time.Hour), 1},
	} {
		o.round(t, step.at)
		if n := o.count(t, c); n != step.want {
			t.Errorf("%s: %d told", step.name, n)
		}
	}
	_, keys, messages := o.told(t, c)
	if keys[0] != brandKey(c, "2026-W48") || messages[0].Body != "**16 to 22 November 2026**, beside the week before" || messages[0].Fields[0].Value != "**1**\nas before" {
		t.Errorf("on Tuesday the week of Monday is told, not %q: %+v", keys[0], messages[0])
	}
}

func TestScorecardsAreDueOnMondaysAtNineOfTheGuildsZone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		zone, due, week, from, to string // in UTC
	}{
		{"UTC", "2026-11-23 09:00", "2026-W48", "2026-11-16 00:00", "2026-11-23 00:00"},
		{"Europe/Berlin", "2026-03-23 08:00", "2026-W13", "2026-03-15 23:00", "2026-03-22 23:00"},
		{"Europe/Berlin", "2026-03-30 07:00", "2026-W14", "2026-03-22 23:00", "2026-03-29 22:00"}, // a week of 167 hours
		{"Europe/Berlin", "2026-10-26 08:00", "2026-W44", "2026-10-18 22:00", "2026-10-25 23:00"}, // and one of 169
		{"America/New_York", "2026-11-02 14:00", "2026-W45", "2026-10-26 04:00", "2026-11-02 05:00"},
		{"Pacific/Kiritimati", "2026-11-22 19:00", "2026-W48", "2026-11-15 10:00", "2026-11-22 10:00"},
		{"Asia/Kathmandu", "2026-11-23 03:15", "2026-W48", "2026-11-15 18:15", "2026-11-22 18:15"},
		{"UTC", "2026-12-28 09:00", "2026-W53", "2026-12-21 00:00", "2026-12-28 00:00"},
		{"UTC", "2027-01-04 09:00", "2027-W01", "2026-12-28 00:00", "2027-01-04 00:00"},
	} {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		due := utc(t, tt.due)
		for _, late := range []time.Duration{0, time.Minute, 24*time.Hour - time.Nanosecond} {
			w, ok := share.DueWeek(due.Add(late), zone)
			if !ok || w.Name != tt.week || !w.Due.Equal(due) || !w.From.Equal(utc(t, tt.from)) || !w.To.Equal(utc(t, tt.to)) {
				t.Errorf("%s %s, %s late: %+v %v", tt.zone, tt.due, late, w, ok)
			}
		}
		for _, off := range []time.Duration{-time.Nanosecond, 24 * time.Hour, 3 * 24 * time.Hour, -9 * time.Hour} {
			if w, ok := share.DueWeek(due.Add(off), zone); ok {
				t.Errorf("%s %s, %s off: %+v", tt.zone, tt.due, off, w)
			}
		}
	}
}

func utc(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestEachGuildIsToldInItsOwnMorning(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	berlin, york := o.client(t, "Europe/Berlin"), o.client(t, "America/New_York")
	monday := utc(t, "2026-10-26 00:00") // Berlin has left summer time the night before, New York has not
	o.post(t, berlin, utc(t, "2026-10-25 22:30"))
	o.post(t, york, utc(t, "2026-10-26 03:30"))
	for _, step := range []struct {
		at           time.Duration
		berlin, york int
	}{{7*time.Hour + 59*time.Minute, 0, 0}, {8 * time.Hour, 1, 0}, {12*time.Hour + 59*time.Minute, 1, 0}, {13 * time.Hour, 1, 1}} {
		o.round(t, monday.Add(step.at))
		if b, y := o.count(t, berlin), o.count(t, york); b != step.berlin || y != step.york {
			t.Errorf("at %s: Berlin %d, New York %d", step.at, b, y)
		}
	}
	o.Exec(t, "UPDATE guild_settings SET timezone = 'America/Los_Angeles'")
	o.round(t, monday.Add(17*time.Hour))
	if b, y := o.count(t, berlin), o.count(t, york); b != 1 || y != 1 {
		t.Errorf("another zone's morning tells again: %d, %d", b, y)
	}
}

func TestScorecardsWaitForTheEndOfQuietHours(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c := o.client(t, "UTC")
	o.post(t, c, monday.Add(-48*time.Hour))
	o.Exec(t, "UPDATE guild_settings SET quiet_hours_start = '22:00', quiet_hours_end = '11:30'")
	o.round(t, monday)
	o.round(t, monday.Add(149*time.Minute))
	if n := o.count(t, c); n != 0 {
		t.Errorf("%d told in the quiet hours", n)
	}
	o.round(t, monday.Add(150*time.Minute))
	if n := o.count(t, c); n != 1 {
		t.Errorf("%d told after the quiet hours", n)
	}
}

func TestNobodyIsToldWhoDoesNotWantOrHasNothingToHear(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"switched off":                   "UPDATE guild_settings SET weekly_scorecard = false",
		"no announcements":               "UPDATE guild_settings SET notifications_enabled = false",
		"the bot is gone":                "UPDATE clients SET removed_at = now()",
		"it is suspended":                "UPDATE clients SET suspended_at = now(), suspended_reason = 'unpaid'",
		"no posts":                       "DELETE FROM posts",
		"posts of this week alone":       "UPDATE posts SET published_at = '2026-11-23T00:00:00Z'",
		"posts of the week before alone": "UPDATE posts SET published_at = '2026-11-15T23:59:59Z'",
		"posts that were removed":        "UPDATE posts SET removed_at = now()",
		"tracked since":                  "UPDATE client_accounts SET created_at = '2026-11-23T09:00:00Z'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			c := o.client(t, "UTC")
			o.post(t, c, monday.Add(-48*time.Hour))
			o.Exec(t, sql)
			o.round(t, monday)
			if _, keys, messages := o.told(t, c); len(keys) != 0 {
				t.Errorf("told %v: %+v", keys, messages)
			}
		})
	}
}

func TestAScorecardGoesWhereTheBrandsThingsGo(t *testing.T) {
	t.Parallel()
	const own, second = "500000000000000001", "500000000000000002"
	for name, tt := range map[string]struct {
		sql  []string
		want string // "" for nowhere
	}{
		"the default channel":                             {nil, "default"},
		"no default channel":                              {[]string{"UPDATE guild_settings SET default_channel_id = NULL"}, ""},
		"a default channel that is paused":                {[]string{"UPDATE guild_channels SET paused_at = now(), paused_reason = 'missing_access'"}, ""},
		"a default channel that is closed":                {[]string{"UPDATE guild_channels SET can_send = false"}, ""},
		"a route of the brand":                            {[]string{"route " + own}, own},
		"no default channel but a route":                  {[]string{"route " + own, "UPDATE guild_settings SET default_channel_id = NULL"}, own},
		"the older of two routes":                         {[]string{"route " + second, "route " + own}, second},
		"the route whose channel works":                   {[]string{"route " + second, "route " + own, "UPDATE guild_channels SET can_send = false WHERE id = '" + second + "'"}, own},
		"not elsewhere when the route is paused":          {[]string{"route " + own, "UPDATE routes SET paused_at = now()"}, ""},
		"not elsewhere when the route's channel is lost":  {[]string{"route " + own, "UPDATE guild_channels SET can_send = false WHERE id = '" + own + "'"}, ""},
		"the default channel, when others have the route": {[]string{"route " + own, "UPDATE routes SET account_id = (SELECT id FROM client_accounts), brand_id = NULL"}, "default"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			c := o.client(t, "UTC")
			o.post(t, c, monday.Add(-48*time.Hour))
			c.KnowChannel(t, own)
			c.KnowChannel(t, second)
			for _, sql := range tt.sql {
				if len(sql) > 6 && sql[:6] == "route " {
					o.route(t, c, c.Brand, sql[6:])
					continue
				}
				o.Exec(t, sql)
			}
			o.round(t, monday)
			var want []string
			switch tt.want {
			case "":
			case "default":
				want = []string{c.Channel}
			default:
				want = []string{tt.want}
			}
			if channels, _, _ := o.told(t, c); !slices.Equal(channels, want) {
				t.Errorf("told in %v, not in %v", channels, want)
			}
		})
	}
}

func TestAChannelChosenWithinTheDayGetsTheScorecard(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c := o.client(t, "UTC")
	o.post(t, c, monday.Add(-48*time.Hour))
	o.Exec(t, "UPDATE guild_settings SET default_channel_id = NULL")
	o.round(t, monday)
	o.Exec(t, "UPDATE guild_settings SET default_channel_id = $1", c.Channel)
	o.round(t, monday.Add(3*time.Hour))
	if channels, _, _ := o.told(t, c); !slices.Equal(channels, []string{c.Channel}) {
		t.Errorf("told in %v", channels)
	}
}

func TestOneBrandsTroubleDoesNotKeepOthersFromTheirs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	bad := o.client(t, "UTC") // the first in order
	o.post(t, bad, monday.Add(-48*time.Hour))
	c := o.client(t, "UTC")
	o.post(t, c, monday.Add(-48*time.Hour))
	o.asOwner(t, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END'`)
	o.asOwner(t, "CREATE TRIGGER refuse BEFORE INSERT ON deliveries FOR EACH ROW WHEN (NEW.client_id = '"+bad.ID.String()+"') EXECUTE FUNCTION refuse()")
	o.now = monday
	if err := o.weekly().Round(t.Context()); err == nil {
		t.Error("the trouble is not told")
	}
	if n := o.count(t, c); n != 1 {
		t.Errorf("%d told", n)
	}
}

func TestTheFiguresOfAScorecardAreThoseOfItsBrandAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c := o.client(t, "UTC")
	o.Exec(t, "UPDATE posts SET likes = 1000 WHERE id = $1", o.post(t, o.client(t, "UTC"), monday.Add(-48*time.Hour)))
	o.Exec(t, "UPDATE posts SET likes = 12, views = 300, title = 'best' WHERE id = $1", o.post(t, c, monday.Add(-48*time.Hour)))
	o.Exec(t, "UPDATE posts SET likes = 8 WHERE id = $1", o.post(t, c, monday.AddDate(0, 0, -10)))
	o.Exec(t, "UPDATE sources SET followers = 120 WHERE id = (SELECT source_id FROM client_accounts WHERE id = $1)", c.Account)
	o.Exec(t, "INSERT INTO follower_metrics (source_id, measured_at, followers) SELECT source_id, '2026-11-15T00:00:00Z', 100 FROM client_accounts WHERE id = $1", c.Account)
	o.round(t, monday)
	_, _, messages := o.told(t, c)
	if len(messages) != 1 {
		t.Fatalf("told %v", messages)
	}
	got := map[string]string{}
	for _, f := range messages[0].Fields {
		got[f.Name] = f.Value
	}
	for name, want := range map[string]string{
		"Posts": "**1**\nas before", "Views": "**300**", "Likes": "**12**\n▲ 50 % from 8", "Followers": "**120**\n+20 in the week",
		"Accounts": "[Example News](https://example.org) (Bluesky) · 1 post · 120 followers (+20)",
	} {
		if got[name] != want {
			t.Errorf("%s: %q, not %q", name, got[name], want)
		}
	}
	if len(got) != 6 || messages[0].Color != 0x5865f2 || messages[0].Buttons[0] != (delivery.Button{Label: "Open the analytics", URL: "https://dashboard.example/guilds/" + c.Guild + "/analytics"}) {
		t.Errorf("message %+v", messages[0])
	}
}

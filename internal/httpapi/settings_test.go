package httpapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"trackbot/api"
	"trackbot/internal/fault"
)

// settingsOf is the body that changes nothing of the guild's settings as it was made, but for some fields as JSON.
func settingsWith(t *testing.T, fields map[string]string) string {
	t.Helper()
	body := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(`{"timezone":"UTC","locale":"en-US","notificationsEnabled":true,"defaultChannelId":null,"mentionRoleId":null,
		"quietHours":null,"digest":"off","dashboardAccess":"members","embedColor":"#5865f2","breakoutFactor":null,"weeklyScorecard":true}`), &body); err != nil {
		t.Fatal(err)
	}
	for name, value := range fields {
		if body[name] = json.RawMessage(value); value == "" {
			delete(body, name)
		}
	}
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func (n *newsroom) putSettings(token, tag, body string) *httptest.ResponseRecorder {
	c := call{method: "PUT", path: n.path("/settings"), token: token, body: body, header: map[string]string{}}
	if tag != "" {
		c.header["If-Match"] = tag
	}
	return c.send(n)
}

func (n *newsroom) tag() string {
	n.t.Helper()
	return n.read("").Header().Get("ETag")
}

func TestSettingsAreReplacedWholeAndLogged(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	channel := n.channel()
	n.exec("INSERT INTO guild_roles (client_id, id, name, mentionable, permissions) VALUES ($1, '700000000000000001', 'Fans', true, '0')", n.client)
	answer := n.putSettings(n.token, n.tag(), settingsWith(t, map[string]string{
		"timezone": `"Europe/Berlin"`, "locale": `"DE-de"`, "notificationsEnabled": "false", "defaultChannelId": `"` + channel + `"`,
		"mentionRoleId": `"700000000000000001"`, "quietHours": `{"start":"22:00","end":"07:30"}`, "digest": `"daily"`,
		"dashboardAccess": `"managers"`, "embedColor": `"#FFAA00"`, "breakoutFactor": "2.5", "weeklyScorecard": "false",
	}))
	g := decode[api.GuildDetail](t, answer)
	s := g.Settings
	if s.Timezone != "Europe/Berlin" || s.Locale != "de-DE" || s.NotificationsEnabled || s.DefaultChannelID.MustGet() != channel || s.MentionRoleID.MustGet() != "700000000000000001" ||
		s.QuietHours.MustGet() != (api.QuietHours{Start: "22:00", End: "07:30"}) || s.Digest != "daily" || s.DashboardAccess != "managers" || s.EmbedColor != "#ffaa00" || s.BreakoutFactor.MustGet() != 2.5 || s.WeeklyScorecard {
		t.Errorf("settings %+v", s)
	}
	again := n.read("")
	if tag := answer.Header().Get("ETag"); tag == "" || tag != again.Header().Get("ETag") || answer.Body.String() != again.Body.String() || !strings.HasPrefix(tag, `W/"v2.`) {
		t.Errorf("tag %q, then %q", tag, again.Header().Get("ETag"))
	}
	logged := one[string](n, "SELECT actor_id || ' ' || source || ' ' || action || ' ' || changes FROM audit_log WHERE client_id = $1", n.client)
	want := n.owner + ` dashboard settings.updated [{"field":"timezone","old":"UTC","new":"Europe/Berlin"},{"field":"locale","old":"en-US","new":"de-DE"},` +
		`{"field":"notificationsEnabled","old":true,"new":false},{"field":"defaultChannelId","old":null,"new":"` + channel + `"},` +
		`{"field":"mentionRoleId","old":null,"new":"700000000000000001"},{"field":"quietHours","old":null,"new":{"end":"07:30","start":"22:00"}},` +
		`{"field":"digest","old":"off","new":"daily"},{"field":"dashboardAccess","old":"members","new":"managers"},` +
		`{"field":"embedColor","old":"#5865f2","new":"#ffaa00"},{"field":"breakoutFactor","old":null,"new":2.5},{"field":"weeklyScorecard","old":true,"new":false}]`
	if logged != want {
		t.Errorf("logged %s\nwant   %s", logged, want)
	}
	if answer := n.putSettings(n.token, answer.Header().Get("ETag"), settingsWith(t, nil)); answer.Code != http.StatusOK || n.entries() != 2 {
		t.Errorf("back again: %d, %d entries", answer.Code, n.entries())
	}
}

func TestSettingsWithoutTheScorecardLeaveItAsItWas(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	off := n.putSettings(n.token, n.tag(), settingsWith(t, map[string]string{"weeklyScorecard": "false"}))
	answer := n.putSettings(n.token, off.Header().Get("ETag"), settingsWith(t, map[string]string{"weeklyScorecard": "", "digest": `"daily"`}))
	if answer.Code != http.StatusOK {
		t.Fatalf("got %d %s", answer.Code, answer.Body)
	}
	if s := decode[api.GuildDetail](t, answer).Settings; s.WeeklyScorecard || s.Digest != "daily" || n.entries() != 2 {
		t.Errorf("settings %+v, %d entries", s, n.entries())
	}
}

func TestSettingsThatChangeNothingLeaveNoTrace(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	tag := n.tag()
	answer := n.putSettings(n.token, tag, settingsWith(t, map[string]string{"embedColor": `"#5865F2"`, "locale": `"EN-us"`}))
	if answer.Code != http.StatusOK || answer.Header().Get("ETag") != tag || n.entries() != 0 {
		t.Errorf("got %d, tag %s after %s, %d entries", answer.Code, answer.Header().Get("ETag"), tag, n.entries())
	}
}

func TestSettingsNeedTheVersionTheyAreBasedOn(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	first, body := n.tag(), settingsWith(t, map[string]string{"digest": `"hourly"`})
	if p := problemOf(t, n.putSettings(n.token, "", body)); p.Code != "precondition_required" || p.Status != 428 {
		t.Errorf("without: %+v", p)
	}
	for _, tag := range []string{`W/"v0.x"`, `"v2.x"`, "*", "v", `W/"x"`} {
		if p := problemOf(t, n.putSettings(n.token, tag, body)); p.Code != "precondition_failed" || p.Status != 412 {
			t.Errorf("%s: %+v", tag, p)
		}
	}
	n.brand("a new count does not matter")
	if answer := n.putSettings(n.token, first, body); answer.Code != http.StatusOK {
		t.Errorf("with the version: %d %s", answer.Code, answer.Body)
	}
	if p := problemOf(t, n.putSettings(n.token, first, settingsWith(t, nil))); p.Code != "precondition_failed" {
		t.Errorf("with the one before: %+v", p)
	}
	if n.entries() != 1 || one[string](n, "SELECT digest FROM guild_settings WHERE client_id = $1", n.client) != "hourly" {
		t.Error("a refused change has left something behind")
	}
}

func TestOfManagersWhoSaveAtOnceOneWins(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	tag := n.tag()
	codes := make([]int, 8)
	var wg sync.WaitGroup
	for i := range codes {
		wg.Go(func() {
			codes[i] = n.putSettings(n.token, tag, settingsWith(t, map[string]string{"embedColor": fmt.Sprintf(`"#00000%d"`, i)})).Code
		})
	}
	wg.Wait()
	won := map[int]int{}
	for _, code := range codes {
		won[code]++
	}
	if !maps.Equal(won, map[int]int{http.StatusOK: 1, http.StatusPreconditionFailed: 7}) || n.entries() != 1 {
		t.Errorf("got %v, %d entries", won, n.entries())
	}
}

func TestFaultySettingsAreNamedField(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n, other := newNewsroom(t, w, "Newsroom"), newNewsroom(t, w, "Elsewhere")
	n.directory()
	n.exec("UPDATE guild_channels SET can_send = false WHERE name = 'late'")
	const theirs = "500000000000000050"
	other.exec("INSERT INTO guild_channels (client_id, id, name, type, can_send) VALUES ($1, $2, 'theirs', 'text', true)", other.client, theirs)
	tag := n.tag()
	for _, c := range []struct{ field, value, named string }{
		{"timezone", `"Europe/Atlantis"`, "timezone"},
		{"timezone", `"Local"`, "timezone"},
		{"timezone", `"posix/UTC"`, "timezone"},
		{"timezone", `"+02:00"`, "timezone"},
		{"timezone", `"../etc/passwd"`, "timezone"},
		{"timezone", `""`, "timezone"},
		{"locale", `"english"`, "locale"},
		{"locale", `"en-US-GB"`, "locale"},
		{"locale", `"en_US"`, "locale"},
		{"quietHours", `{"start":"22:00","end":"22:00"}`, "quietHours.end"},
		{"quietHours", `{"start":"22:00"}`, "quietHours.end"},
		{"quietHours", `{"start":"24:00","end":"07:00"}`, "quietHours.start"},
		{"digest", `"weekly"`, "digest"},
		{"dashboardAccess", `"all"`, "dashboardAccess"},
		{"embedColor", `"red"`, "embedColor"},
		{"embedColor", `"#fff"`, "embedColor"},
		{"breakoutFactor", "1.9", "breakoutFactor"},
		{"breakoutFactor", "21", "breakoutFactor"},
		{"breakoutFactor", `"3"`, "breakoutFactor"},
		{"notificationsEnabled", "null", "notificationsEnabled"},
		{"weeklyScorecard", `"yes"`, "weeklyScorecard"},
		{"defaultChannelId", `"` + theirs + `"`, "defaultChannelId"},
		{"defaultChannelId", `"500000000000000009"`, "defaultChannelId"},
		{"defaultChannelId", `"500000000000000006"`, "defaultChannelId"},
		{"defaultChannelId", `"x"`, "defaultChannelId"},
		{"mentionRoleId", `"799999999999999999"`, "mentionRoleId"},
		{"mentionRoleId", `"` + n.guildID + `"`, "mentionRoleId"},
		{"digest", "", "digest"},
		{"version", "1", "version"},
	} {
		answer := n.putSettings(n.token, tag, settingsWith(t, map[string]string{c.field: c.value}))
		if p := problemOf(t, answer); p.Code != "validation_failed" || fields(p)[c.named] == "" {
			t.Errorf("%s %s: %s", c.field, c.value, answer.Body)
		}
	}
	both := n.putSettings(n.token, tag, settingsWith(t, map[string]string{"mentionRoleId": `"799999999999999999"`, "defaultChannelId": `"599999999999999999"`}))
	if named := fields(problemOf(t, both)); len(named) != 2 {
		t.Errorf("two at once: %v", named)
	}
	all := n.putSettings(n.token, tag, settingsWith(t, map[string]string{
		"timezone": `"Europe/Atlantis"`, "locale": `"en-US-GB"`, "digest": `"weekly"`, "embedColor": "", "quietHours": `{"start":"22:00","end":"22:00"}`, "mine": "1",
	}))
	if named := fields(problemOf(t, all)); len(named) != 6 || named["timezone"] == "" || named["locale"] == "" || named["digest"] == "" ||
		named["embedColor"] == "" || named["quietHours.end"] == "" || named["mine"] == "" {
		t.Errorf("six at once: %v", named)
	}
	if n.entries() != 0 || n.tag() != tag {
		t.Error("a refused change has left something behind")
	}
}

// What was chosen once and is unusable now does not keep a manager from changing something else.
func TestAChosenChannelThatIsLostDoesNotBlockOtherSettings(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	channel := n.channel()
	n.exec("UPDATE guild_settings SET default_channel_id = $2, mention_role_id = '700000000000000001' WHERE client_id = $1", n.client, channel)
	n.exec("UPDATE guild_channels SET can_send = false, paused_at = now(), paused_reason = 'missing_access'")
	body := settingsWith(t, map[string]string{"defaultChannelId": `"` + channel + `"`, "mentionRoleId": `"700000000000000001"`, "digest": `"daily"`})
	if answer := n.putSettings(n.token, n.tag(), body); answer.Code != http.StatusOK {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
}

func TestMembersDoNotChangeSettings(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	mia, tag := n.member("mia"), n.tag()
	wantProblem(t, problemOf(t, n.putSettings(mia, tag, settingsWith(t, map[string]string{"dashboardAccess": `"managers"`}))), fault.Forbidden)
	if answer := n.putSettings(n.token, tag, settingsWith(t, map[string]string{"dashboardAccess": `"managers"`})); answer.Code != http.StatusOK {
		t.Fatalf("got %d %s", answer.Code, answer.Body)
	}
}

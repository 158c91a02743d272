package httpapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"trackbot/client/bot"
	"trackbot/internal/store"
)

const (
	botMember  = "100000000000000008"
	botChannel = "100000000000000010"
)

// wholeGuild is a guild as a bot tells it that takes the built-in one's place.
func wholeGuild() bot.Guild {
	return bot.Guild{
		Name: "Newsroom", OwnerID: "100000000000000001", SystemChannelID: botChannel, Locale: "de",
		Channels: []bot.Channel{
			{ID: botChannel, Name: "general", Type: "text", CanSend: true},
			{ID: "100000000000000011", Name: "talk", Type: "voice", Position: 1},
		},
		Roles: []bot.Role{{ID: guild, Name: "@everyone", Permissions: "1024"}},
	}
}

func given(name, permissions string, options ...bot.Option) bot.Command {
	if options == nil {
		options = []bot.Option{}
	}
	return bot.Command{
		InteractionID: "100000000000000099", ChannelID: botChannel, Name: name, Options: options,
		Member: bot.Member{ID: botMember, Name: "Mara", Permissions: permissions},
	}
}

func TestAWholeGuildIsOnboarded(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 1)
	c := o.client(botKey)
	for want, times := range []bool{true, false} { // created the first time alone
		made, err := c.PutGuild(t.Context(), guild, wholeGuild())
		if err != nil || made.Created != times {
			t.Fatalf("call %d: got %+v, %v", want, made, err)
		}
	}
	if !o.holds(`(SELECT default_channel_id = $1 AND locale = 'de' AND (SELECT count(*) FROM guild_channels) = 2 AND (SELECT count(*) FROM guild_roles) = 1
		AND (SELECT count(*) FROM deliveries WHERE kind = 'notice') = 1 FROM guild_settings)`, botChannel) {
		t.Error("the tenant is not whole")
	}
	halves := wholeGuild()
	halves.Roles = nil
	_, err := c.PutGuild(t.Context(), guild, halves)
	if got := refusalOf(t, err); got.Status != 400 || got.Fields[0].Field != "roles" {
		t.Errorf("without roles: %v", got)
	}
	halves = wholeGuild()
	halves.Channels = nil
	_, err = c.PutGuild(t.Context(), guild, halves)
	if got := refusalOf(t, err); got.Status != 400 || got.Fields[0].Field != "channels" {
		t.Errorf("without channels: %v", got)
	}
}

func TestABotTellsWhatHasChangedInAGuild(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 1)
	c := o.client(botKey)
	whole := wholeGuild()
	renamed := bot.Guild{Name: "Evening News", OwnerID: "100000000000000001", Roles: []bot.Role{}}
	for what, change := range map[string]bot.GuildChange{
		"roles": {Roles: whole.Roles}, "channels": {Channels: whole.Channels}, "channel": {Channel: &whole.Channels[0]},
		"deletion": {DeletedChannelID: botChannel}, "guild": {Guild: &renamed},
	} {
		if got := refusalOf(t, c.ChangeGuild(t.Context(), guild, change)); got.Status != 404 || got.Code != "not_found" {
			t.Errorf("%s of an unknown guild: %v", what, got)
		}
	}
	_, err := c.PutGuild(t.Context(), guild, whole)
	o.must(err)
	quieter := whole.Channels[0]
	quieter.Name, quieter.CanSend = "quieter", false
	for _, step := range []struct {
		change bot.GuildChange
		holds  string
	}{
		{bot.GuildChange{Channel: &quieter}, "(SELECT name = 'quieter' AND NOT can_send FROM guild_channels WHERE type = 'text')"},
		{bot.GuildChange{Roles: []bot.Role{{ID: "100000000000000012", Name: "M", Permissions: "9007199254740993"}}}, "(SELECT array_agg(permissions) = '{9007199254740993}' FROM guild_roles)"},
		{bot.GuildChange{Guild: &renamed}, "(SELECT name = 'Evening News' AND NOT EXISTS (SELECT FROM guild_roles) FROM clients)"},
		{bot.GuildChange{DeletedChannelID: botChannel}, "(SELECT default_channel_id IS NULL AND (SELECT count(*) FROM guild_channels) = 1 FROM guild_settings)"},
		{bot.GuildChange{Channels: []bot.Channel{}}, "(SELECT count(*) = 0 FROM guild_channels)"},
		{bot.GuildChange{Unavailable: true}, "(SELECT unavailable_since IS NOT NULL FROM clients)"},
	} {
		o.must(c.ChangeGuild(t.Context(), guild, step.change))
		if !o.holds(step.holds) {
			t.Errorf("%+v is not written", step.change)
		}
	}
	renamed.Roles = nil
	if got := refusalOf(t, c.ChangeGuild(t.Context(), guild, bot.GuildChange{Guild: &renamed})); got.Status != 400 || got.Fields[0].Field != "guild.roles" {
		t.Errorf("a guild without its roles: %v", got)
	}
	if got := refusalOf(t, c.ChangeGuild(t.Context(), guild, bot.GuildChange{})); got.Status != 400 {
		t.Errorf("no change: %v", got)
	}
}

func TestBotsFindWhereTheyWere(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 1)
	server := o.client(botKey)
	second := o.clientOf(botKey, "second")
	place := bot.Session{SessionID: "abc", ResumeURL: "wss://gateway.discord.gg", Sequence: 1 << 40, ShardCount: 2}
	o.must(server.SaveSession(t.Context(), 1, place))
	if got, found, err := server.Session(t.Context(), 1); err != nil || !found || got != place {
		t.Errorf("got %+v, %v, %v", got, found, err)
	}
	for what, c := range map[string]*bot.Client{"another bot": second, "another shard": server} {
		if _, found, err := c.Session(t.Context(), map[string]int{"another bot": 1}[what]); err != nil || found {
			t.Errorf("%s: found %v, %v", what, found, err)
		}
	}
	place.ShardCount = 1
	if got := refusalOf(t, server.SaveSession(t.Context(), 1, place)); got.Status != 400 {
		t.Errorf("shard 1 of 1: %v", got)
	}
	o.must(server.ForgetSession(t.Context(), 1))
	if _, found, err := server.Session(t.Context(), 1); err != nil || found {
		t.Errorf("found %v, %v after it was forgotten", found, err)
	}
	_, err := server.PutGuild(t.Context(), guild, wholeGuild())
	o.must(err)
	o.must(second.ReportHealth(t.Context(), bot.Health{ShardCount: 1, Status: "online", Version: "1"}))
	if !o.holds("(SELECT (id, guild_count) = ('second', 0) FROM bot_health)") {
		t.Error("the second bot has no row of its own")
	}
	if ids, err := second.Guilds(t.Context(), 0, 1); err != nil || len(ids) != 0 {
		t.Errorf("of the second bot: %v, %v", ids, err)
	}
	if ids, err := server.Guilds(t.Context(), 0, 1); err != nil || !slices.Equal(ids, []string{guild}) {
		t.Errorf("got %v, %v", ids, err)
	}
	if _, err := server.Guilds(t.Context(), 1, 1); refusalOf(t, err).Status != 400 {
		t.Errorf("shard 1 of 1: %v", err)
	}
	o.must(second.DeleteGuild(t.Context(), guild))
	if !o.holds("(SELECT removed_at IS NULL FROM clients)") {
		t.Error("a bot removed another's guild")
	}
}

// clientOf is a bot with an id of its own.
func (o *outpost) clientOf(key bot.Key, id string) *bot.Client {
	o.t.Helper()
	return o.clientWith(key, bot.Config{BotID: id})
}

func TestCommandsAreDoneInTheMembersNameAndRights(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 1)
	c := o.client(botKey)
	add := given("brand add", "32", bot.Option{Name: "name", Value: "North"})
	_, err := c.Command(t.Context(), guild, add)
	if got := refusalOf(t, err); got.Status != 404 || got.Code != "not_found" {
		t.Fatalf("in an unknown guild: %v", got)
	}
	_, err = c.PutGuild(t.Context(), guild, wholeGuild())
	o.must(err)
	reply, err := c.Command(t.Context(), guild, add)
	if err != nil || reply.Outcome != "ok" || !strings.Contains(reply.Title, "North") {
		t.Fatalf("got %+v, %v", reply, err)
	}
	if !o.holds(`EXISTS (SELECT FROM audit_log WHERE action = 'brand.created' AND (actor_id, actor_type, actor_name, source, request_id) = ($1, 'user', 'Mara', 'bot', $2))`,
		botMember, add.InteractionID) {
		t.Error("the log does not say who did it")
	}
	if again, err := c.Command(t.Context(), guild, add); err != nil || again.Outcome != "conflict" {
		t.Errorf("again: %+v, %v", again, err)
	}
	for _, permissions := range []string{"0", "2048", "9007199254740992", strings.Repeat("0", 40)} {
		reply, err := c.Command(t.Context(), guild, given("brand add", permissions, bot.Option{Name: "name", Value: "South" + permissions}))
		if err != nil || reply.Outcome != "forbidden" {
			t.Errorf("with permissions %s: %+v, %v", permissions, reply, err)
		}
	}
	if !o.holds("(SELECT count(*) = 4 FROM audit_log WHERE action = 'access.refused' AND actor_id = $1)", botMember) || !o.holds("(SELECT count(*) = 1 FROM brands)") {
		t.Error("refusals were not written down, or something was changed")
	}
	if reply, err := c.Command(t.Context(), guild, given("brand eat", "32")); err != nil || reply.Outcome != "not_found" {
		t.Errorf("no such command: %+v, %v", reply, err)
	}
	typing := given("brand remove", "32", bot.Option{Name: "brand", Value: "no", Focused: true})
	if got, err := c.Complete(t.Context(), guild, typing); err != nil || len(got) != 1 || got[0].Name != "North" {
		t.Errorf("choices %+v, %v", got, err)
	}
	typing.Member.Permissions = "0"
	if got, err := c.Complete(t.Context(), guild, typing); err != nil || len(got) != 0 {
		t.Errorf("choices for a member: %+v, %v", got, err)
	}
}

// A command reaches what belongs to the guild it was given in, whatever ids it names.
func TestCommandsStayInTheirGuild(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 1)
	c := o.client(botKey)
	for _, id := range []string{guild, foreignGuild} {
		_, err := c.PutGuild(t.Context(), id, wholeGuildOf(id))
		o.must(err)
		_, err = c.Command(t.Context(), id, given("brand add", "32", bot.Option{Name: "name", Value: "Brand of " + id}))
		o.must(err)
	}
	var theirs string
	o.must(o.admin.Shared().QueryRow(t.Context(), "SELECT b.id::text FROM brands b JOIN clients c ON c.id = b.client_id WHERE c.guild_id = $1", foreignGuild).Scan(&theirs))
	for _, name := range []string{"brand rename", "brand remove"} {
		reply, err := c.Command(t.Context(), guild, given(name, "8", bot.Option{Name: "brand", Value: theirs}, bot.Option{Name: "name", Value: "Mine"}, bot.Option{Name: "confirm", Value: "true"}))
		unknown, err2 := c.Command(t.Context(), guild, given(name, "8", bot.Option{Name: "brand", Value: someID}, bot.Option{Name: "name", Value: "Mine"}))
		if err != nil || err2 != nil || reply.Outcome != "not_found" || fmt.Sprint(reply) != fmt.Sprint(unknown) {
			t.Errorf("%s of another's: %+v, %v", name, reply, err)
		}
	}
	if !o.holds("(SELECT count(*) = 2 AND bool_and(b.name = 'Brand of ' || c.guild_id) FROM brands b JOIN clients c ON c.id = b.client_id)") {
		t.Error("another's brand was changed")
	}
}

func wholeGuildOf(id string) bot.Guild {
	g := wholeGuild()
	g.Roles[0].ID = id
	return g
}

// Each call that a bot makes counts once and only as it was signed.
func TestEveryCallOfBotsIsSignedAndCountsOnce(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 1)
	var seen int
	for _, op := range operations(t) {
		if op.permission() != "internal:hmac" {
			continue
		}
		seen++
		s := sample(t, op)
		unsigned := o.signedCall(s.method, s.path, s.body, botKey, o.now)
		unsigned.Header.Del("X-Trackbot-Signature")
		if w := o.send(unsigned); w.Code != http.StatusUnauthorized {
			t.Errorf("%s unsigned: %d", op, w.Code)
		}
		once := o.signedCall(s.method, s.path, s.body, botKey, o.now)
		again := o.signedCall(s.method, s.path, s.body, botKey, o.now)
		again.Header = once.Header.Clone()
		other := o.signedCall(s.method, s.path, s.body, botKey, o.now)
		other.URL.RawQuery = "botId=other"
		if w := o.send(once); w.Code == http.StatusUnauthorized || w.Code >= 500 {
			t.Errorf("%s: %d %s", op, w.Code, w.Body)
		}
		if w := o.send(again); w.Code != http.StatusUnauthorized {
			t.Errorf("%s again: %d", op, w.Code)
		}
		if w := o.send(other); w.Code != http.StatusUnauthorized {
			t.Errorf("%s for another bot than signed: %d", op, w.Code)
		}
	}
	if seen < 11 {
		t.Errorf("only %d calls", seen)
	}
}

// The tenants that a bot's scope shows to the API's role are those of the bot it names.
func TestTheDirectoryOfABotShowsItsGuildsAlone(t *testing.T) {
	t.Parallel()
	o := newOutpost(t, 1)
	_, err := o.client(botKey).PutGuild(t.Context(), guild, wholeGuild())
	o.must(err)
	_, err = o.clientOf(botKey, "second").PutGuild(t.Context(), foreignGuild, wholeGuildOf(foreignGuild))
	o.must(err)
	st := openStore(t, o.url, store.RoleAPI)
	for id, want := range map[string]string{"main": guild, "second": foreignGuild, "": "", "third": ""} {
		var got string
		o.must(st.Bot(id).QueryRow(t.Context(), "SELECT coalesce(string_agg(guild_id, ','), '') FROM clients").Scan(&got))
		if got != want {
			t.Errorf("%q sees %q", id, got)
		}
	}
}

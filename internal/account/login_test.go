package account_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"trackbot/internal/account"
	"trackbot/internal/fault"
)

func TestSignInLeadsToASession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	managed, foreign := snowflake(), snowflake()
	clientID := f.manage(t, managed, "members")
	userID := f.user(
		account.DiscordGuild{ID: managed, Name: "News\x00room", IconHash: "abc", Permissions: "2147483680"},
		account.DiscordGuild{ID: foreign, Name: "Elsewhere", Owner: true, Permissions: "8"},
	)
	in := f.begin(t, userID)
	to, err := f.FinishLogin(t.Context(), in.back)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil || !strings.HasPrefix(to, dashboard+"/auth/callback?") {
		t.Fatalf("sent to %s", to)
	}
	if q := u.Query(); q.Get("state") != "own-state" || q.Get("returnTo") != "/guilds/1?tab=a#b" || len(q) != 3 {
		t.Errorf("query %v", q)
	}
	pair, err := f.Exchange(t.Context(), u.Query().Get("code"), in.verifier, account.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	me, err := f.Me(t.Context(), f.principal(t, pair))
	if err != nil {
		t.Fatal(err)
	}
	if me.UserID != userID || me.GlobalName != "User" || len(me.Guilds) != 1 {
		t.Fatalf("got %+v", me)
	}
	if g := me.Guilds[0]; g.ID != managed || g.ClientID != clientID || g.Name != "Newsroom" || g.IconHash != "abc" || !g.CanManage || g.Permissions != "2147483680" {
		t.Errorf("guild %+v", g)
	}
	list, err := f.Sessions(t.Context(), f.principal(t, pair), nil, 50)
	if err != nil || len(list) != 1 {
		t.Fatalf("sessions %v, %v", list, err)
	}
	if s := list[0]; s.UserAgent != "Browser/1" || s.IP.String() != "203.0.113.9" || s.ID != me.SessionID {
		t.Errorf("the session is not the browser's: %+v", s)
	}
}

func TestSecretsAreStoredOnlyHashedOrSealed(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	userID := f.user()
	in := f.begin(t, userID)
	to, err := f.FinishLogin(t.Context(), in.back)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(to)
	code := u.Query().Get("code")
	pair, err := f.Exchange(t.Context(), code, in.verifier, account.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	grant := f.discord.newest(userID)
	for _, secret := range []string{in.back.State, in.back.CookieValue, code, in.verifier, pair.RefreshToken, grant.AccessToken, grant.RefreshToken} {
		for _, table := range []string{"login_flows", "login_codes", "dashboard_sessions", "discord_grants", "users"} {
			query := fmt.Sprintf("SELECT count(*) FROM %s r WHERE position($1 IN r::text) > 0 OR position(encode($1::bytea, 'hex') IN r::text) > 0", table)
			if n := f.count(t, query, secret); n != 0 {
				t.Errorf("%.12s… stands in %s", secret, table)
			}
		}
	}
}

func TestLoginStartNamesEachFaultyField(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	good := account.LoginStart{Challenge: challenge("x"), State: "s", ReturnTo: "/"}
	for field, change := range map[string]func(*account.LoginStart){
		"challenge": func(in *account.LoginStart) { in.Challenge = in.Challenge[:42] },
		"state":     func(in *account.LoginStart) { in.State = "a b" },
		"returnTo":  func(in *account.LoginStart) { in.ReturnTo = "//evil.test" },
	} {
		in := good
		change(&in)
		_, err := f.StartLogin(t.Context(), in)
		if fe := fault.From(err); fe == nil || len(fe.Fields) != 1 || fe.Fields[0].Name != field {
			t.Errorf("%s: got %v", field, err)
		}
	}
	if _, err := f.StartLogin(t.Context(), account.LoginStart{Challenge: challenge("x"), State: "s"}); err != nil {
		t.Errorf("without returnTo: %v", err)
	}
}

func TestReturnFromDiscordIsRefusedWithoutSession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	userID := f.user()
	type change func(t *testing.T, in *account.LoginReturn)
	failing := func(step string, err error) change {
		return func(t *testing.T, _ *account.LoginReturn) {
			f.discord.failing(step, err)
			t.Cleanup(func() { f.discord.failing(step, nil) })
		}
	}
	cases := []struct {
		name   string
		change change
		want   account.LoginCode
		asked  bool // Discord's token endpoint
	}{
		{"no cookie", func(_ *testing.T, in *account.LoginReturn) { in.CookieValue = "" }, account.LoginInvalidState, false},
		{"cookie of another flow", func(t *testing.T, in *account.LoginReturn) { in.CookieValue = f.begin(t, userID).back.CookieValue }, account.LoginInvalidState, false},
		{"state as cookie", func(_ *testing.T, in *account.LoginReturn) { in.CookieValue = in.State }, account.LoginInvalidState, false},
		{"no state", func(_ *testing.T, in *account.LoginReturn) { in.State = "" }, account.LoginInvalidState, false},
		{"made-up state", func(_ *testing.T, in *account.LoginReturn) { in.CookieValue, in.State = "x", challenge("x") }, account.LoginExpired, false},
		{"late", func(t *testing.T, _ *account.LoginReturn) {
			f.sql(t, "UPDATE login_flows SET expires_at = now() - interval '1 s'")
		}, account.LoginExpired, false},
		{"used before", func(t *testing.T, in *account.LoginReturn) {
			if _, err := f.FinishLogin(t.Context(), *in); err != nil {
				t.Fatal(err)
			}
			f.sql(t, "DELETE FROM login_codes")
		}, account.LoginExpired, true},
		{"user refused", func(_ *testing.T, in *account.LoginReturn) { in.Error, in.Code = "access_denied", "" }, account.LoginDenied, false},
		{"authorize page failed", func(_ *testing.T, in *account.LoginReturn) { in.Error = "server_error" }, account.LoginDiscord, false},
		{"no code", func(_ *testing.T, in *account.LoginReturn) { in.Code = "" }, account.LoginDiscord, false},
		{"code of another flow", func(t *testing.T, in *account.LoginReturn) { in.Code = f.begin(t, userID).back.Code }, account.LoginExpired, true},
		{"token endpoint down", failing("code", errDiscordDown), account.LoginDiscord, true},
		{"user endpoint down", failing("me", errDiscordDown), account.LoginDiscord, true},
		{"user endpoint refuses", failing("me", account.ErrTokenRefused), account.LoginDiscord, true},
		{"guild list down", failing("guilds", errDiscordDown), account.LoginDiscord, true},
		{"scope taken out", func(t *testing.T, _ *account.LoginReturn) {
			f.discord.scopes = []string{"identify"}
			t.Cleanup(func() { f.discord.scopes = []string{"identify", "guilds"} })
		}, account.LoginDenied, true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) { // one after the other: they share a Discord that fails
			in := f.begin(t, userID).back
			asked := f.discord.called("code")
			tc.change(t, &in)
			to, err := f.FinishLogin(t.Context(), in)
			failed, ok := errors.AsType[*account.LoginError](err)
			if !ok || to != "" || failed.Code != tc.want {
				t.Fatalf("got %q, %v", to, err)
			}
			if want := dashboard + "/login?error=" + string(tc.want); f.LoginErrorURL(err) != want {
				t.Errorf("sent to %s", f.LoginErrorURL(err))
			}
			if (f.discord.called("code") > asked) != tc.asked {
				t.Errorf("token endpoint asked: %v, want %v", !tc.asked, tc.asked)
			}
			if n := f.count(t, "SELECT count(*) FROM login_codes"); n != 0 {
				t.Errorf("%d login codes were made", n)
			}
		})
	}
}

func TestTwoTabsSignInSideBySide(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	userID := f.user()
	first, second := f.begin(t, userID), f.begin(t, userID)
	if account.FlowCookieName(first.back.State) == account.FlowCookieName(second.back.State) {
		t.Error("the tabs share a cookie")
	}
	for _, in := range []signingIn{second, first} {
		if _, err := f.FinishLogin(t.Context(), in.back); err != nil {
			t.Error(err)
		}
	}
}

func TestTwoHundredGuildsWithOddPermissions(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	odd := []struct {
		owner       bool
		permissions string
		manage      bool
	}{
		{false, "0", false},
		{true, "0", true},
		{true, "", true},
		{false, "8", true},
		{false, "32", true},
		{false, "40", true},
		{false, "16", false},
		{false, "", false},
		{false, "-8", false},
		{false, "+8", false},
		{false, "0x8", false},
		{false, "8e0", false},
		{false, "8.0", false},
		{false, "9007199254740992", false},
		{false, "9007199254741000", true},
		{false, "18446744073709551616", false},
		{false, "18446744073709551648", true},
		{false, "18446744073709551575", false},
		{false, strings.Repeat("9", 65), false},
		{false, "4611686018427387936", true}, // 2^62 + 32
		{false, "-1", false},
		{true, "-1", true},
		{false, "abc", false},
	}
	var guilds []account.DiscordGuild
	want := map[string]bool{}
	for i := range 200 {
		o := odd[i%len(odd)]
		g := account.DiscordGuild{ID: snowflake(), Name: fmt.Sprintf("Guild %d", i), Owner: o.owner, Permissions: o.permissions}
		guilds = append(guilds, g)
		f.manage(t, g.ID, "members")
		want[g.ID] = o.manage
	}
	pair := f.signIn(t, f.user(append(guilds, account.DiscordGuild{ID: "not-an-id"}, guilds[0])...))
	p := f.principal(t, pair)
	if len(p.Guilds) != 20 || !p.GuildsTruncated {
		t.Errorf("%d guilds in the token, truncated %v", len(p.Guilds), p.GuildsTruncated)
	}
	if len(pair.AccessToken) > 8<<10 {
		t.Errorf("the token has %d bytes", len(pair.AccessToken))
	}
	me, err := f.Me(t.Context(), p)
	if err != nil || len(me.Guilds) != 200 {
		t.Fatalf("%d guilds, %v", len(me.Guilds), err)
	}
	for _, g := range me.Guilds {
		if g.CanManage != want[g.ID] {
			t.Errorf("owner %v, permissions %q: can manage %v", g.Owner, g.Permissions, g.CanManage)
		}
	}
	last := guilds[199]
	if _, err := f.Access(t.Context(), p, last.ID); err != nil {
		t.Errorf("a guild beyond the token's: %v", err)
	}
	used := map[string]bool{last.ID: true}
	for i := range 19 { // each a moment later than the one before
		f.sql(t, "UPDATE user_guilds SET last_used_at = now() - make_interval(mins => $1) WHERE guild_id = $2", i+1, guilds[40+7*i].ID)
		used[guilds[40+7*i].ID] = true
	}
	f.sql(t, "UPDATE user_guilds SET last_used_at = now() - interval '1 h' WHERE guild_id = $1", guilds[0].ID)
	f.sql(t, "UPDATE users SET guilds_confirmed_at = now()")
	next, err := f.Refresh(t.Context(), pair.RefreshToken, "", account.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range f.principal(t, next).Guilds {
		if !used[g.ID] || i == 0 && g.ID != last.ID {
			t.Errorf("place %d in the token has %s, which is not among the twenty used last", i, g.ID)
		}
	}
}

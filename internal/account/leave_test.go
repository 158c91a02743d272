package account_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"trackbot/internal/account"
	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/store"
)

// mentions are the tables in which a text stands anywhere.
func (f *fixture) mentions(t *testing.T, text string) (tables []string) {
	t.Helper()
	var all []string
	err := f.admin.Shared().QueryRow(t.Context(), "SELECT array_agg(relname::text ORDER BY relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace").Scan(&all)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range all {
		if f.count(t, fmt.Sprintf("SELECT count(*) FROM %s t WHERE strpos(t::text, $1) > 0", table), text) > 0 {
			tables = append(tables, table)
		}
	}
	return tables
}

// act writes an entry of somebody's into a tenant's log.
func (f *fixture) act(t *testing.T, client uuid.UUID, userID string) {
	t.Helper()
	err := f.api.InTenantTx(t.Context(), client, func(tx store.Conn) error {
		return audit.Append(t.Context(), tx, audit.Entry{
			ClientID: client, Action: audit.BrandCreated, TargetType: audit.TargetBrand, TargetID: "b",
			By:      audit.By{Actor: audit.Actor{ID: userID, Type: audit.User, Name: "U"}, Source: audit.FromDashboard, UserAgent: "Browser/1"},
			Changes: []audit.Change{{Field: "name", New: "the tenant's own"}},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsHeldOfAPersonIsAllOfTheirsAndOfNobodyElse(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID, leftID := snowflake(), snowflake()
	client, left := f.manage(t, guildID, "members"), f.manage(t, leftID, "members")
	userID := f.user(account.DiscordGuild{ID: guildID, Permissions: manage})
	one := f.signIn(t, userID)
	p := f.principal(t, f.signIn(t, userID))
	_, other := f.oneGuild(t, "members", manage, false)
	f.act(t, client, userID)
	f.act(t, left, userID) // of a guild that the person is not in any more
	f.act(t, client, other.UserID)
	if err := f.EndSession(t.Context(), p, f.principal(t, one).SessionID); err != nil {
		t.Fatal(err)
	}
	held, err := f.Held(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if held.User.ID != userID || held.Grant == nil || held.Grant.Scope != "identify guilds" || len(held.Guilds) != 1 || len(held.SignIns) != 2 {
		t.Errorf("held %+v", held)
	}
	if len(held.Sessions) != 2 || held.Sessions[1].RevokedReason == nil || *held.Sessions[1].RevokedReason != "ended_by_user" {
		t.Errorf("sessions %+v", held.Sessions)
	}
	if len(held.Actions) != 2 || held.ActionsTotal != 2 || held.Actions[0].GuildID != leftID || held.Actions[1].GuildID != guildID {
		t.Errorf("actions %+v", held.Actions)
	}
}

func TestWhoLeavesIsGoneAtOnceButForTheNote(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guildID := snowflake()
	client := f.manage(t, guildID, "members")
	userID := f.user(account.DiscordGuild{ID: guildID, Permissions: manage})
	one, two := f.signIn(t, userID), f.signIn(t, userID)
	p := f.principal(t, one)
	_, bystander := f.oneGuild(t, "members", manage, false)
	f.act(t, client, userID)

	_, err := f.Leave(t.Context(), p, "somebody else")
	wantCode(t, err, fault.ValidationFailed)
	if f.discord.called("revoke") != 0 || !f.alive(t, one) {
		t.Error("a refused wish has had an effect")
	}
	end, err := f.Leave(t.Context(), p, " "+strings.ToUpper("user"+userID[14:])+" ")
	if err != nil || end != account.Revoked {
		t.Fatalf("%s, %v", end, err)
	}
	wantCode(t, f.Alive(t.Context(), p), fault.SessionRevoked)
	for _, pair := range []account.TokenPair{one, two} {
		_, err := f.Authenticate(t.Context(), pair.AccessToken)
		wantCode(t, err, fault.SessionRevoked)
		_, err = f.Refresh(t.Context(), pair.RefreshToken, "", account.Origin{})
		wantCode(t, err, fault.Unauthenticated)
	}
	if got := f.mentions(t, userID); !slices.Equal(got, []string{"account_erasures", "audit_log"}) {
		t.Errorf("the id stands in %v", got)
	}
	if f.discord.called("revoke") != 1 || f.discord.newest(userID).RefreshToken != "" {
		t.Error("the grant lives on at Discord")
	}
	if err := f.Alive(t.Context(), bystander); err != nil {
		t.Errorf("another user: %v", err)
	}
	if again := f.signIn(t, userID); !f.alive(t, again) {
		t.Error("who comes back is not let in")
	}
}

func TestDiscordHoldsNobodyBackWhoLeaves(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	userID := f.user()
	p := f.principal(t, f.signIn(t, userID))
	f.discord.failing("revoke", errDiscordDown)
	end, err := f.Leave(t.Context(), p, "user"+userID[14:])
	if err != nil || end != account.NotReached {
		t.Fatalf("%s, %v", end, err)
	}
	if n := f.count(t, "SELECT count(*) FROM users WHERE id = $1", userID); n != 0 {
		t.Error("the account is still there")
	}
	second := f.user()
	p = f.principal(t, f.signIn(t, second))
	f.sql(t, "DELETE FROM discord_grants WHERE user_id = $1", second)
	if end, err = f.Leave(t.Context(), p, "user"+second[14:]); err != nil || end != account.NotAuthorized {
		t.Errorf("without a grant: %s, %v", end, err)
	}
}

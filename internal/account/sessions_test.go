package account_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/account"
	"trackbot/internal/fault"
)

func TestRevocationElsewhereIsSeenWithinFiveSeconds(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	pair := f.signIn(t, f.user())
	f.principal(t, pair)
	f.sql(t, "UPDATE dashboard_sessions SET revoked_at = now(), revoked_reason = 'operator'")
	f.pass(4900 * time.Millisecond)
	if _, err := f.Authenticate(t.Context(), pair.AccessToken); err != nil {
		t.Errorf("the look-up is not kept: %v", err)
	}
	f.pass(200 * time.Millisecond)
	_, err := f.Authenticate(t.Context(), pair.AccessToken)
	wantCode(t, err, fault.SessionRevoked)
}

func TestAccessTokenNeedsItsOwnUsersSession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	p := f.principal(t, f.signIn(t, f.user()))
	foreign := *p
	foreign.UserID = f.user()
	unknown := *p
	unknown.SessionID = uuid.New()
	wantCode(t, f.Alive(t.Context(), &foreign), fault.SessionRevoked)
	wantCode(t, f.Alive(t.Context(), &unknown), fault.SessionRevoked)
	f.sql(t, "UPDATE dashboard_sessions SET expires_at = now()")
	f.pass(6 * time.Second)
	wantCode(t, f.Alive(t.Context(), p), fault.SessionRevoked)
}

func TestLogoutEndsOneSessionOrAll(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	userID := f.user()
	first, second, third := f.signIn(t, userID), f.signIn(t, userID), f.signIn(t, userID)
	stranger := f.signIn(t, f.user())
	f.principal(t, first)
	for range 2 { // the second time it is over already
		if err := f.Logout(t.Context(), first.RefreshToken, false); err != nil {
			t.Fatal(err)
		}
	}
	_, err := f.Authenticate(t.Context(), first.AccessToken)
	wantCode(t, err, fault.SessionRevoked)
	if !f.alive(t, second) || !f.alive(t, third) {
		t.Error("other sessions ended too")
	}
	if err := f.Logout(t.Context(), second.RefreshToken, true); err != nil {
		t.Fatal(err)
	}
	if f.alive(t, second) || f.alive(t, third) || !f.alive(t, stranger) {
		t.Error("all of the user's sessions should have ended, and no other")
	}
	if f.discord.called("renew") != 0 || f.count(t, "SELECT count(*) FROM discord_grants WHERE user_id = $1", userID) != 1 {
		t.Error("the Discord grant went with a session")
	}
	for _, rubbish := range []string{"", "tb_rt_x", first.AccessToken} {
		if err := f.Logout(t.Context(), rubbish, true); err != nil {
			t.Errorf("%q: %v", rubbish, err)
		}
	}
}

func TestLogoutWithATokenOfAnEarlierGenerationWorks(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	pair := f.signIn(t, f.user())
	if _, err := f.Refresh(t.Context(), pair.RefreshToken, "", account.Origin{}); err != nil {
		t.Fatal(err)
	}
	if err := f.Logout(t.Context(), pair.RefreshToken, false); err != nil || f.alive(t, pair) {
		t.Errorf("got %v, session alive %v", err, f.alive(t, pair))
	}
}

func TestLogoutEverywhereByAccessToken(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	userID := f.user()
	first, second := f.signIn(t, userID), f.signIn(t, userID)
	if err := f.LogoutEverywhere(t.Context(), f.principal(t, first)); err != nil {
		t.Fatal(err)
	}
	if f.alive(t, first) || f.alive(t, second) {
		t.Error("a session is left")
	}
}

func TestSessionsAreListedNewestFirstByPages(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	userID := f.user()
	var made []uuid.UUID
	for range 5 {
		made = append(made, f.principal(t, f.signIn(t, userID)).SessionID)
	}
	f.signIn(t, f.user())
	p := f.principal(t, f.signIn(t, userID))
	if err := f.EndSession(t.Context(), p, made[0]); err != nil {
		t.Fatal(err)
	}
	var got []uuid.UUID
	var before *uuid.UUID
	for {
		page, err := f.Sessions(t.Context(), p, before, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, s := range page {
			got = append(got, s.ID)
		}
		before = &page[len(page)-1].ID
	}
	want := []uuid.UUID{p.SessionID, made[4], made[3], made[2], made[1]}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("place %d: got %s, want %s", i, got[i], want[i])
		}
	}
}

func TestUserEndsOnlyOwnSessions(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	userID := f.user()
	mine, phone := f.signIn(t, userID), f.signIn(t, userID)
	theirs := f.signIn(t, f.user())
	p := f.principal(t, mine)
	wantCode(t, f.EndSession(t.Context(), p, f.principal(t, theirs).SessionID), fault.NotFound)
	wantCode(t, f.EndSession(t.Context(), p, uuid.New()), fault.NotFound)
	if !f.alive(t, theirs) {
		t.Error("another user's session ended")
	}
	phoneID := f.principal(t, phone).SessionID
	for range 2 {
		if err := f.EndSession(t.Context(), p, phoneID); err != nil {
			t.Error(err)
		}
	}
	_, err := f.Authenticate(t.Context(), phone.AccessToken)
	wantCode(t, err, fault.SessionRevoked)
	if n := f.count(t, "SELECT count(*) FROM dashboard_sessions WHERE revoked_reason = 'ended_by_user'"); n != 1 {
		t.Errorf("%d sessions ended by their user", n)
	}
}

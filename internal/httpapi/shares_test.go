package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/fault"
)

// share makes a link to a brand's scorecard.
func (n *newsroom) share(brand uuid.UUID, expiresAt string) api.ShareCreated {
	n.t.Helper()
	body := fmt.Sprintf(`{"brandId":%q}`, brand)
	if expiresAt != "" {
		body = fmt.Sprintf(`{"brandId":%q,"expiresAt":%q}`, brand, expiresAt)
	}
	answer := n.change("POST", "/shares", body)
	if answer.Code != http.StatusCreated {
		n.t.Fatalf("got %d %s", answer.Code, answer.Body)
	}
	var made api.ShareCreated
	n.must(json.Unmarshal(answer.Body.Bytes(), &made))
	return made
}

func (n *newsroom) open(token string) *httptest.ResponseRecorder {
	return call{method: "GET", path: "/api/v1/shares/" + token, token: "none", header: map[string]string{"X-Request-Id": "the-same-for-all"}}.send(n)
}

func TestASharedScorecardShowsTheBrandsWeekAndNothingElse(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	n.exec("UPDATE guild_settings SET timezone = 'Pacific/Auckland' WHERE client_id = $1", n.client)
	brand, secret := n.brand("Northwind"), n.brand("Secretcorp")
	video, feed := n.account(n.group(brand, "G"), "youtube", "channel"), n.account(n.group(brand, "H"), "rss", "feed")
	hidden := n.account(n.group(secret, "G"), "youtube", "hidden")
	auckland, err := time.LoadLocation("Pacific/Auckland")
	n.must(err)
	y, m, d := time.Now().In(auckland).Date()
	day := func(back, hour int) time.Time { return time.Date(y, m, d-back, hour, 0, 0, 0, auckland) }
	n.published(video, day(1, 23), 5)
	n.published(video, day(7, 0), 9)
	n.published(video, day(8, 12), 3)
	n.published(video, day(0, 0), 1000) // today does not count
	n.published(feed, day(3, 0), 0)
	n.published(hidden, day(2, 0), 777)
	n.exec("UPDATE posts SET title = 'Hidden work' WHERE account_id = $1", hidden)
	n.exec("UPDATE posts SET likes = NULL WHERE account_id = $1", feed)
	n.exec("UPDATE sources SET followers = 120 WHERE handle = 'channel'")
	n.exec("INSERT INTO follower_metrics SELECT id, now() - interval '9 days', 100 FROM sources WHERE handle = 'channel'")
	n.exec("INSERT INTO follower_metrics SELECT id, now() - interval '30 days', 50 FROM sources WHERE handle = 'channel'")

	made := n.share(brand, "")
	if made.URL != origin+"/shares/"+made.Token || len(made.Token) != 43 || made.BrandID != brand {
		t.Errorf("made %+v", made)
	}
	answer := n.open(made.Token)
	card := decode[api.Scorecard](t, answer)
	if card.BrandName != "Northwind" || card.GuildName != "Newsroom" || !card.ExpiresAt.Equal(made.ExpiresAt.Time) || !card.Period.To.Equal(day(0, 0)) || !card.Period.From.Equal(day(7, 0)) {
		t.Errorf("card %+v", card)
	}
	if card.Totals.Posts != 3 || card.Totals.Likes.MustGet() != 14 || card.Totals.Views.MustGet() != 140 || card.PreviousTotals.Posts != 1 || len(card.Series) != 7 || len(card.PreviousSeries) != 7 {
		t.Errorf("totals %+v after %+v", card.Totals, card.PreviousTotals)
	}
	if card.Followers.MustGet() != 120 || card.PreviousFollowers.MustGet() != 100 {
		t.Errorf("followers %v after %v", card.Followers, card.PreviousFollowers)
	}
	if len(card.Accounts) != 2 || card.Accounts[0].Handle != "feed" || !card.Accounts[0].Followers.IsNull() || card.Accounts[1].Totals.Posts != 2 || card.Accounts[1].PreviousTotals.Posts != 1 {
		t.Errorf("accounts %+v", card.Accounts)
	}
	if len(card.TopPosts) != 2 || card.TopPosts[0].Likes.MustGet() != 9 || card.TopPosts[1].Likes.MustGet() != 5 {
		t.Errorf("top posts %+v", card.TopPosts)
	}
	for _, leak := range []string{"Secretcorp", "hidden", "Hidden", id(video), id(brand), n.client.String(), n.guildID, made.Token} {
		if strings.Contains(answer.Body.String(), leak) {
			t.Errorf("tells %s: %s", leak, answer.Body)
		}
	}
	if got := answer.Header().Get("X-Robots-Tag"); got != "noindex, nofollow" {
		t.Errorf("robots %q", got)
	}
	for _, op := range operations(t) {
		if op.OperationID == "getSharedScorecard" {
			wantInContract(t, op, answer)
		}
	}
	if stored := one[int](n, "SELECT count(*) FROM shares WHERE strpos(encode(token_hash, 'escape') || encode(token_hash, 'base64'), $1) > 0", made.Token); stored != 0 {
		t.Error("the token itself is stored")
	}
	list := decode[api.ShareList](t, n.read("/shares"))
	if len(list.Items) != 1 || list.Items[0].ID != made.ID || list.Items[0].LastViewedAt.IsNull() || strings.Contains(n.read("/shares").Body.String(), made.Token) {
		t.Errorf("listed %+v", list.Items)
	}
}

func TestDeadAndUnknownSharesAnswerAlike(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	brand := n.brand("Northwind")
	revoked, expired, deleted := n.share(brand, ""), n.share(brand, ""), n.share(n.brand("Contoso"), "")
	if answer := n.change("DELETE", "/shares/"+id(revoked.ID), ""); answer.Code != http.StatusNoContent {
		t.Fatalf("got %d %s", answer.Code, answer.Body)
	}
	wantProblem(t, problemOf(t, n.change("DELETE", "/shares/"+id(revoked.ID), "")), fault.NotFound)
	n.exec("UPDATE shares SET expires_at = now() WHERE id = $1", expired.ID)
	n.exec("DELETE FROM brands WHERE id = $1", deleted.BrandID)
	want := ""
	for name, token := range map[string]string{"revoked": revoked.Token, "expired": expired.Token, "of a brand that has gone": deleted.Token, "unknown": strings.Repeat("A", 43), "malformed": "x", "id": id(expired.ID)} {
		answer := n.open(token)
		wantProblem(t, problemOf(t, answer), fault.NotFound)
		got := headerDump(answer.Header()) + answer.Body.String()
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%s:\n%s\nelse:\n%s", name, got, want)
		}
	}
	actions := one[[]string](n, "SELECT array_agg(action ORDER BY seq) FROM audit_log WHERE client_id = $1", n.client)
	if !slices.Equal(actions, []string{"share.created", "share.created", "share.created", "share.revoked"}) {
		t.Errorf("logged %v", actions)
	}
}

func TestSharesAreMadeForBrandsOfOnesOwnForAYearAtMost(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n, other := newNewsroom(t, w, "Newsroom"), newNewsroom(t, w, "Elsewhere")
	brand, theirs := n.brand("B"), other.brand("B")
	for expires, ok := range map[string]bool{
		time.Now().Add(time.Hour).Format(time.RFC3339): true, time.Now().Add(-time.Second).Format(time.RFC3339): false,
		time.Now().AddDate(1, 0, 2).Format(time.RFC3339): false, "0001-01-01T00:00:00Z": false,
	} {
		answer := n.change("POST", "/shares", fmt.Sprintf(`{"brandId":%q,"expiresAt":%q}`, brand, expires))
		if ok != (answer.Code == http.StatusCreated) || !ok && fields(problemOf(t, answer))["expiresAt"] == "" {
			t.Errorf("%s: %d %s", expires, answer.Code, answer.Body)
		}
	}
	for _, nobody := range []uuid.UUID{theirs, uuid.New()} {
		wantProblem(t, problemOf(t, n.change("POST", "/shares", fmt.Sprintf(`{"brandId":%q}`, nobody))), fault.NotFound)
	}
	made := other.share(theirs, "")
	wantProblem(t, problemOf(t, n.change("DELETE", "/shares/"+id(made.ID), "")), fault.NotFound)
	if other.open(made.Token).Code != http.StatusOK {
		t.Error("another's manager has revoked a share")
	}
	if list := decode[api.ShareList](t, n.read("/shares")); len(list.Items) != 1 {
		t.Errorf("listed %+v", list.Items)
	}
	mia := n.member("mia")
	c := call{method: "POST", path: n.path("/shares"), token: mia, body: fmt.Sprintf(`{"brandId":%q}`, brand)}
	wantProblem(t, problemOf(t, c.send(n)), fault.Forbidden)
}

func TestLooksAtSharesAreLimitedByAddress(t *testing.T) {
	t.Parallel()
	h, _ := newLimitedWorld(t).replica(t)
	look := func(address string) int {
		c := call{method: "GET", path: "/api/v1/shares/" + strings.Repeat("A", 43), token: "none", header: map[string]string{"X-Forwarded-For": address}}
		return c.send(h).Code
	}
	for i := range 60 {
		if code := look("203.0.113.9"); code == http.StatusTooManyRequests {
			t.Fatalf("look %d is refused", i+1)
		}
	}
	if code := look("203.0.113.9"); code != http.StatusTooManyRequests {
		t.Errorf("the 61st look: %d", code)
	}
	if code := look("203.0.113.10"); code == http.StatusTooManyRequests {
		t.Error("another address is refused too")
	}
}

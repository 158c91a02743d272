package httpapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/fault"
)

func TestManagerHasAnAccountCheckedNow(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n, other := newNewsroom(t, w, "Newsroom"), newNewsroom(t, w, "Elsewhere")
	account := n.account(n.group(n.brand("B"), "G"), "rss", "feed")
	n.exec(`UPDATE sources SET state = 'failing', failure_kind = 'transient', failures = 9, last_polled_at = now() - interval '9 days',
		failed_at = now() - interval '2 days', next_poll_at = now() + interval '5 days'`)
	answer := n.change("POST", "/accounts/"+id(account)+"/poll", "")
	var got api.Account
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil || answer.Code != http.StatusAccepted {
		t.Fatalf("got %d %s", answer.Code, answer.Body)
	}
	if !one[bool](n, `SELECT next_poll_at <= now() FROM sources`) || got.Action != "retry_now" {
		t.Errorf("due at %v, action %s", got.NextPollAt, got.Action)
	}
	n.wantLogged(answer, "account.poll_requested", account)

	for reason, change := range map[string]string{
		"it was polled just now":    `UPDATE sources SET last_polled_at = now(), failed_at = NULL, hold_until = NULL`,
		"it failed just now":        `UPDATE sources SET last_polled_at = NULL, failed_at = now(), hold_until = NULL`,
		"its platform said to wait": `UPDATE sources SET last_polled_at = NULL, failed_at = NULL, hold_until = now() + interval '1 hour'`,
	} {
		n.exec(change)
		before := n.entries()
		refused := n.change("POST", "/accounts/"+id(account)+"/poll", "")
		wantProblem(t, problemOf(t, refused), fault.RateLimited)
		if refused.Header().Get("Retry-After") == "" || n.entries() != before {
			t.Errorf("%s: Retry-After %q, %d new entries", reason, refused.Header().Get("Retry-After"), n.entries()-before)
		}
	}
	n.exec(`UPDATE sources SET hold_until = NULL`)
	n.exec(`UPDATE client_accounts SET paused = 'paused', paused_since = now()`)
	wantProblem(t, problemOf(t, n.change("POST", "/accounts/"+id(account)+"/poll", "")), fault.Conflict)
	wantProblem(t, problemOf(t, other.change("POST", "/accounts/"+id(account)+"/poll", "")), fault.NotFound)
	wantProblem(t, problemOf(t, n.change("POST", "/accounts/"+uuid.NewString()+"/poll", "")), fault.NotFound)
}

func TestFollowersAreToldAsFarBackAsThePlanGoes(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n, other := newNewsroom(t, w, "Newsroom"), newNewsroom(t, w, "Elsewhere")
	account := n.account(n.group(n.brand("B"), "G"), "bluesky", "alice")
	path := "/accounts/" + id(account) + "/followers"
	if h := decode[api.FollowerHistory](t, n.read(path)); h.AccountID != account || h.Items == nil || len(h.Items) != 0 || !h.AsOf.IsNull() || h.Platform != "bluesky" {
		t.Errorf("of nothing: %+v", h)
	}
	n.exec(`UPDATE subscriptions SET tier = 'free'`)
	n.exec(`INSERT INTO follower_metrics (source_id, measured_at, followers)
		SELECT id, now() - days * interval '1 day', 1000 - days FROM sources, unnest('{1,2,30,89,91,400}'::int[]) days`)
	h := decode[api.FollowerHistory](t, n.read(path))
	if len(h.Items) != 4 || h.Items[0].Followers != 911 || h.Items[3].Followers != 999 || !h.AsOf.MustGet().Equal(h.Items[3].MeasuredAt.Time) {
		t.Errorf("history %+v", h)
	}
	for name, path := range map[string]string{"another's": other.path(path), "nobody's": other.path("/accounts/" + uuid.NewString() + "/followers")} {
		w := call{method: "GET", path: path, token: other.token}.send(other)
		if p := problemOf(t, w); string(p.Code) != string(fault.NotFound) {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestEachStateOfAnAccountHasItsAction(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	n.account(n.group(n.brand("B"), "G"), "rss", "feed")
	for change, want := range map[string]string{
		`UPDATE sources SET state = 'ok'`:                                            "ok none",
		`UPDATE sources SET state = 'quiet'`:                                         "quiet retry_now",
		`UPDATE sources SET state = 'learning', failure_kind = ''`:                   "learning none",
		`UPDATE sources SET state = 'learning', failure_kind = 'transient'`:          "learning retry_now",
		`UPDATE sources SET state = 'failing', failure_kind = 'transient'`:           "failing retry_now",
		`UPDATE sources SET state = 'failing', failure_kind = 'blocked'`:             "failing replace_handle",
		`UPDATE sources SET state = 'incident', failure_kind = 'transient'`:          "incident none",
		`UPDATE sources SET state = 'gone', failure_kind = 'not_found'`:              "gone replace_handle",
		`UPDATE client_accounts SET paused = 'paused', paused_since = now()`:         "paused resume",
		`UPDATE client_accounts SET paused = 'paused_by_plan', paused_since = now()`: "paused_by_plan upgrade",
	} {
		n.exec(`UPDATE client_accounts SET paused = NULL, paused_since = NULL`)
		n.exec(change)
		list := decode[api.AccountList](t, n.read("/accounts"))
		if got := string(list.Items[0].State) + " " + string(list.Items[0].Action); got != want {
			t.Errorf("%s: %s, want %s", change, got, want)
		}
	}
}

func TestAnIncidentIsOneBannerWithItsReason(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	group := n.group(n.brand("B"), "G")
	for _, handle := range []string{"one", "two", "three"} {
		n.account(group, "mastodon", handle)
	}
	n.account(group, "youtube", "channel")
	n.exec(`UPDATE sources SET host = CASE handle WHEN 'three' THEN 'b.test' ELSE 'a.test' END`)
	n.exec(`UPDATE sources SET state = 'incident' WHERE handle IN ('one', 'two')`)
	n.exec(`INSERT INTO platform_incidents (id, platform, host, started_at) VALUES (gen_random_uuid(), 'mastodon', 'a.test', now() - interval '1 hour')`)
	n.exec(`INSERT INTO platform_incidents (id, platform, host, started_at, ended_at) VALUES (gen_random_uuid(), 'youtube', '', now() - interval '2 hours', now())`)
	s := decode[api.GuildStatus](t, n.read("/status"))
	if len(s.Sources) != 2 {
		t.Fatalf("sources %+v", s.Sources)
	}
	fediverse, video := s.Sources[0], s.Sources[1]
	if fediverse.State != "incident" || fediverse.Accounts != 2 || !strings.Contains(fediverse.Reason.MustGet(), "a.test") {
		t.Errorf("banner %+v", fediverse)
	}
	if video.State != "ok" || !video.Reason.IsNull() || video.Accounts != 0 {
		t.Errorf("what is over is shown: %+v", video)
	}
}

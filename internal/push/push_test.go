package push_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"trackbot/internal/fault"
	"trackbot/internal/push"
	"trackbot/internal/sim"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, testkit.IgnoreServer()) }

// hubs stands for all hubs: it notes what it is asked.
type hubs struct {
	mu    sync.Mutex
	asked []push.Request
	err   error
}

func (h *hubs) Topic(platform, externalID string) (hub, topic string, ok bool) {
	return "https://hub.test", "https://feeds.test/" + externalID, platform == "youtube"
}

func (h *hubs) Ask(_ context.Context, r push.Request) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = append(h.asked, r)
	return h.err
}

func (h *hubs) last(t *testing.T, n int) push.Request {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.asked) != n {
		t.Fatalf("the hub was asked %d times, want %d", len(h.asked), n)
	}
	if n == 0 {
		return push.Request{}
	}
	return h.asked[n-1]
}

// desk is a database with one tracked channel, its upkeep and its receiver.
type desk struct {
	t      *testing.T
	admin  *store.Store
	api    *store.Store
	hubs   *hubs
	upkeep *push.Upkeep
	*push.Receiver
	source uuid.UUID
}

const topic = "https://feeds.test/UCabcdefghijklmnopqrstuv"

func newDesk(t *testing.T, cfg push.Config) *desk {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	open := func(role store.Role) *store.Store {
		st, err := store.Open(t.Context(), url, role, store.WithMaxConns(2))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(st.Close)
		return st
	}
	d := &desk{t: t, admin: open(store.RoleAdmin), api: open(store.RoleAPI), hubs: &hubs{}, source: uuid.New()}
	d.upkeep = push.NewUpkeep(open(store.RoleWorker), d.hubs, "https://api.test/", slog.New(slog.DiscardHandler))
	d.Receiver = push.NewReceiver(d.api, cfg)
	d.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, next_poll_at)
		VALUES ($1, 'youtube', 'UCabcdefghijklmnopqrstuv', 'h', 'N', 'https://x.test', 1, now() + interval '1 hour')`, d.source)
	return d
}

func (d *desk) exec(sql string, args ...any) {
	d.t.Helper()
	if _, err := d.admin.Shared().Exec(d.t.Context(), sql, args...); err != nil {
		d.t.Fatalf("%s: %v", sql, err)
	}
}

func read[T any](d *desk, sql string, args ...any) (v T) {
	d.t.Helper()
	if err := d.admin.Shared().QueryRow(d.t.Context(), sql, args...).Scan(&v); err != nil {
		d.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// round runs the upkeep once, with what it waits for brought forward.
func (d *desk) round() {
	d.t.Helper()
	d.exec("UPDATE websub_subscriptions SET next_action_at = now() WHERE next_action_at IS NOT NULL")
	d.plainRound()
}

func (d *desk) plainRound() {
	d.t.Helper()
	if err := d.upkeep.Round(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) token() string { return read[string](d, "SELECT token FROM websub_subscriptions") }

func (d *desk) state() string { return read[string](d, "SELECT state FROM websub_subscriptions") }

// in is how long it is until a time in the subscription's row.
func (d *desk) in(column string) time.Duration {
	d.t.Helper()
	return time.Until(read[time.Time](d, "SELECT "+column+" FROM websub_subscriptions"))
}

// subscribed brings the channel's subscription to life.
func (d *desk) subscribed() string {
	d.t.Helper()
	d.plainRound()
	token := d.token()
	if err := d.Subscribed(d.t.Context(), token, topic, 5*24*time.Hour); err != nil {
		d.t.Fatal(err)
	}
	return token
}

func about(t *testing.T, what string, got, want time.Duration) {
	t.Helper()
	if (got - want).Abs() > time.Minute {
		t.Errorf("%s is in %s, want %s", what, got, want)
	}
}

func TestATrackedChannelIsSubscribedOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	d.plainRound()
	r := d.hubs.last(t, 1)
	token := d.token()
	if r.Callback != "https://api.test/api/v1/webhooks/websub/"+token || r.Topic != topic || r.Unsubscribe || len(r.Secret) < 32 || len(token) < 40 {
		t.Errorf("request %+v", r)
	}
	if d.state() != "pending" {
		t.Errorf("state %s", d.state())
	}
	if err := d.Subscribed(t.Context(), token, topic, 5*24*time.Hour); err != nil {
		t.Fatal(err)
	}
	if d.state() != "active" {
		t.Errorf("state %s", d.state())
	}
	about(t, "the end of the lease", d.in("lease_until"), 5*24*time.Hour)
	about(t, "the renewal", d.in("next_action_at"), 4*24*time.Hour)
	d.plainRound()
	d.hubs.last(t, 1)
	if err := d.Subscribed(t.Context(), token, topic, time.Hour); err != nil {
		t.Errorf("a verification that the hub repeats, as its answer was lost: %v", err)
	}
}

func TestOnlyWhatWasAskedForIsConfirmed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	d.plainRound()
	token := d.token()
	for name, err := range map[string]error{
		"another topic":          d.Subscribed(t.Context(), token, topic+"x", time.Hour),
		"another token":          d.Subscribed(t.Context(), token+"x", topic, time.Hour),
		"an end":                 d.Unsubscribed(t.Context(), token, topic),
		"a denial of another":    d.Denied(t.Context(), token, topic+"x", ""),
		"a push to nobody":       d.Pushed(t.Context(), token+"x", "", nil),
		"an end of another":      d.Unsubscribed(t.Context(), token, topic+"x"),
		"an empty token's topic": d.Subscribed(t.Context(), "", topic, time.Hour),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.exec("UPDATE websub_subscriptions SET pending_until = now() - interval '1 second'")
	if err := d.Subscribed(t.Context(), token, topic, time.Hour); !fault.Is(err, fault.NotFound) {
		t.Errorf("a request of long ago: %v", err)
	}
}

func TestAbsurdLeasesAreClamped(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	d.plainRound()
	const day = 24 * time.Hour
	for lease, want := range map[time.Duration]time.Duration{
		time.Second: time.Hour, 100 * 365 * day: 30 * day, 0: 10 * day, -time.Hour: 10 * day, 2 * day: 2 * day,
	} {
		if err := d.Subscribed(t.Context(), d.token(), topic, lease); err != nil {
			t.Fatal(err)
		}
		about(t, "the end of a lease of "+lease.String(), d.in("lease_until"), want)
		about(t, "its renewal", d.in("next_action_at"), want*4/5)
	}
}

func TestRenewalComesBeforeTheLeaseEnds(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	token := d.subscribed()
	d.round()
	if r := d.hubs.last(t, 2); r.Unsubscribe || d.state() != "active" {
		t.Errorf("renewal %+v in state %s", r, d.state())
	}
	if err := d.Subscribed(t.Context(), token, topic, 24*time.Hour); err != nil {
		t.Errorf("the renewal is verified: %v", err)
	}
	d.exec("UPDATE websub_subscriptions SET lease_until = now() - interval '1 second'")
	d.plainRound()
	d.hubs.last(t, 3)
	if d.state() != "expired" {
		t.Errorf("state %s", d.state())
	}
	if err := d.Subscribed(t.Context(), token, topic, 24*time.Hour); err != nil || d.state() != "active" {
		t.Errorf("after the lease: %v, %s", err, d.state())
	}
}

func TestASilentHubIsAskedEverMoreSeldom(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]error{"takes it": nil, "refuses": errors.New("no")} {
		d := newDesk(t, push.Config{})
		d.hubs.err = refusal
		for n, want := range []time.Duration{10 * time.Minute, 20 * time.Minute, 40 * time.Minute} {
			d.round()
			d.hubs.last(t, n+1)
			about(t, "a hub that "+name+" is asked again", d.in("next_action_at"), want)
		}
		d.exec("UPDATE websub_subscriptions SET failures = 40")
		d.round()
		about(t, "at last it", d.in("next_action_at"), 12*time.Hour)
		if refusal != nil && read[string](d, "SELECT reason FROM websub_subscriptions") != "no" {
			t.Error("the reason is not kept")
		}
		if next := read[time.Time](d, "SELECT next_poll_at FROM sources"); time.Until(next) > time.Hour {
			t.Error("the backup poll has moved")
		}
	}
}

func TestADenialIsRespectedForADay(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	d.plainRound()
	if err := d.Denied(t.Context(), d.token(), topic, "full"); err != nil || d.state() != "denied" {
		t.Fatalf("%v, %s", err, d.state())
	}
	about(t, "the next request", d.in("next_action_at"), 24*time.Hour)
	d.plainRound()
	d.hubs.last(t, 1)
	d.round()
	d.hubs.last(t, 2)
	if err := d.Subscribed(t.Context(), d.token(), topic, time.Hour); err != nil || d.state() != "active" {
		t.Errorf("a hub that has changed its mind: %v, %s", err, d.state())
	}
}

func TestWhatNobodyTracksIsUnsubscribed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	token := d.subscribed()
	d.exec("UPDATE sources SET next_poll_at = NULL")
	d.plainRound()
	if r := d.hubs.last(t, 2); !r.Unsubscribe || r.Callback != "https://api.test/api/v1/webhooks/websub/"+token {
		t.Errorf("request %+v", r)
	}
	if err := d.Unsubscribed(t.Context(), token, topic); err != nil {
		t.Fatal(err)
	}
	d.plainRound()
	if n := read[int](d, "SELECT count(*) FROM websub_subscriptions"); n != 0 {
		t.Errorf("%d subscriptions left", n)
	}
	d.exec("UPDATE sources SET next_poll_at = now() + interval '1 hour'")
	d.plainRound()
	if d.hubs.last(t, 3).Unsubscribe || d.token() == token {
		t.Error("tracked again, it is not subscribed anew under another address")
	}
}

// The source of a suspended tenant leaves the schedule like one that nobody tracks; its hub may not know yet.
func TestAPushForWhatIsNotPolledBringsNothingBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	token := d.subscribed()
	d.exec("UPDATE sources SET next_poll_at = NULL")
	body := []byte("x")
	if err := d.Pushed(t.Context(), token, sim.Signature("sha256", d.hubs.last(t, 1).Secret, body), body); err != nil {
		t.Fatal(err)
	}
	if read[bool](d, "SELECT next_poll_at IS NOT NULL FROM sources") {
		t.Error("a push has brought it back into the schedule")
	}
}

func TestAHubThatDoesNotLetGoIsGivenUp(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	d.subscribed()
	d.exec("UPDATE sources SET next_poll_at = NULL")
	for range 4 {
		d.round()
	}
	d.hubs.last(t, 4)
	if n := read[int](d, "SELECT count(*) FROM websub_subscriptions"); n != 0 {
		t.Errorf("%d subscriptions left", n)
	}
}

func TestTrackedAgainBeforeTheEndItStays(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	token := d.subscribed()
	d.exec("UPDATE sources SET next_poll_at = NULL")
	d.plainRound()
	d.exec("UPDATE sources SET next_poll_at = now() + interval '1 hour'")
	d.plainRound()
	if d.hubs.last(t, 3).Unsubscribe || d.state() != "pending" {
		t.Errorf("state %s", d.state())
	}
	if err := d.Unsubscribed(t.Context(), token, topic); !fault.Is(err, fault.NotFound) {
		t.Errorf("the late end of the hub: %v", err)
	}
}

// soonDue tells whether the source is due, with no poll under way that counts.
func (d *desk) soonDue() bool {
	return read[bool](d, "SELECT next_poll_at <= now() AND lease_token IS NULL FROM sources")
}

func (d *desk) later() {
	d.exec("UPDATE sources SET next_poll_at = now() + interval '1 hour', lease_token = $1", uuid.New())
}

func TestAGenuinePushMakesTheSourceDue(t *testing.T) {
	t.Parallel()
	body := []byte("<feed/>")
	for _, algorithm := range []string{"sha256", "sha384", "sha512"} {
		d := newDesk(t, push.Config{})
		token := d.subscribed()
		d.later()
		err := d.Pushed(t.Context(), token, sim.Signature(algorithm, d.hubs.last(t, 1).Secret, body), body)
		if err != nil || !d.soonDue() {
			t.Errorf("%s: %v, due %t", algorithm, err, d.soonDue())
		}
	}
}

func TestPushesRightBehindOneAnotherCannotKeepASourceFromBeingPolled(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	token := d.subscribed()
	send := func() {
		t.Helper()
		if err := d.Pushed(t.Context(), token, sim.Signature("sha256", d.hubs.last(t, 1).Secret, []byte("x")), []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	send()
	d.later() // a poll is under way
	send()
	if d.soonDue() || read[*uuid.UUID](d, "SELECT lease_token FROM sources") == nil {
		t.Error("the second push takes the poll away")
	}
	about(t, "a look at what that poll missed", d.in("look_again_at"), 5*time.Second)
	d.exec("UPDATE sources SET lease_token = NULL")
	send()
	if wait := time.Until(read[time.Time](d, "SELECT next_poll_at FROM sources")); wait > 2*time.Second {
		t.Errorf("with no poll under way the third waits %s", wait)
	}
	d.exec("UPDATE websub_subscriptions SET pushed_at = now() - interval '3 seconds'")
	d.later()
	if send(); !d.soonDue() {
		t.Error("a push after three seconds is not the first of its kind")
	}
}

func TestAPushThatIsNotGenuineIsIgnored(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	token := d.subscribed()
	secret, body := d.hubs.last(t, 1).Secret, []byte("<feed/>")
	good := sim.Signature("sha256", secret, body)
	for _, signature := range []string{
		"", "sha256=", "sha256", good[:len(good)-2], good + "00", "sha256=" + good, "md5=" + good[7:],
		sim.Signature("sha1", secret, body), sim.Signature("sha256", secret+"x", body), sim.Signature("sha256", secret, []byte("other")),
	} {
		d.later()
		if err := d.Pushed(t.Context(), token, signature, body); err != nil || d.soonDue() {
			t.Errorf("%q: %v, due %t", signature, err, d.soonDue())
		}
	}
	d.exec("UPDATE websub_subscriptions SET mode = 'unsubscribe'")
	if err := d.Pushed(t.Context(), token, good, body); err != nil || d.soonDue() {
		t.Error("a push counts after the end of the subscription")
	}
}

func TestSHA1CountsWhereItIsAllowed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{AllowSHA1: true})
	token := d.subscribed()
	d.later()
	body := []byte("<feed/>")
	if err := d.Pushed(t.Context(), token, sim.Signature("sha1", d.hubs.last(t, 1).Secret, body), body); err != nil || !d.soonDue() {
		t.Errorf("%v, due %t", err, d.soonDue())
	}
}

func TestAFeedThatLagsBehindItsPushIsReadAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	token := d.subscribed()
	body := []byte("<feed/>")
	if err := d.Pushed(t.Context(), token, sim.Signature("sha256", d.hubs.last(t, 1).Secret, body), body); err != nil {
		t.Fatal(err)
	}
	about(t, "the first look", d.in("look_again_at"), time.Minute)
	age := func(minutes int) {
		d.exec("UPDATE websub_subscriptions SET pushed_at = now() - make_interval(mins => $1), look_again_at = now()", minutes)
		d.exec("UPDATE sources SET next_poll_at = now() + interval '1 hour', lease_token = NULL")
		d.plainRound()
	}
	for _, step := range []struct {
		after int
		next  time.Duration
	}{{1, 4 * time.Minute}, {5, 11 * time.Minute}} {
		if age(step.after); !d.soonDue() {
			t.Errorf("after %d minutes the feed is not read again", step.after)
		}
		about(t, "the next look", d.in("look_again_at"), step.next)
	}
	if age(16); !d.soonDue() || read[*time.Time](d, "SELECT look_again_at FROM websub_subscriptions") != nil {
		t.Error("the last look is not the last")
	}
	d.exec(`INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at) VALUES ($1, $2, 'v', '', now())`, uuid.New(), d.source)
	if age(1); d.soonDue() {
		t.Error("the feed is read again although the video is there")
	}
	d.exec("DELETE FROM source_posts")
	d.exec("UPDATE sources SET failures = 1")
	if age(1); d.soonDue() {
		t.Error("a source that backs off is polled")
	}
}

func TestRoundsOfSeveralWorkersAskOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, push.Config{})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if err := d.upkeep.Round(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	d.plainRound()
	d.hubs.last(t, 1)
}

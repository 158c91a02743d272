package tracking_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"trackbot/internal/source"
	"trackbot/internal/tracking"
)

const (
	typedHandle = "unresolved:bluesky:alice.example"
	aliceDID    = "did:plc:abcdefghijklmnopqrstuvwx"
)

var alice = source.Account{
	Platform: source.Bluesky, ExternalID: aliceDID, Handle: "alice.example", DisplayName: "Alice", URL: "https://bsky.app/profile/alice.example",
}

// unresolved makes a due source of which only the handle is known, that has failed so far.
func (f *fixture) unresolved() uuid.UUID {
	f.t.Helper()
	id := f.source(1)
	f.exec(`UPDATE sources SET platform = 'bluesky', external_id = $2, handle = 'alice.example', state = 'failing', state_reason = 'No answer.',
		failures = 2, failed_at = now(), failing_since = now(), failure_kind = 'transient' WHERE id = $1`, id, typedHandle)
	return id
}

func (f *fixture) identify(due tracking.Due) {
	f.t.Helper()
	if err := f.polls.Identify(f.t.Context(), due, alice); err != nil {
		f.t.Fatal(err)
	}
}

func TestAnAccountGetsItsIdentityAndThenItsBaseline(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	src := f.unresolved()
	f.track(client, brand, group, src)
	f.identify(f.claim())
	if got := scan[string](f, `SELECT concat_ws(' ', external_id, display_name, state, state_reason, failures, failure_kind) FROM sources`); got != aliceDID+" Alice learning  0 " {
		t.Errorf("source %q", got)
	}
	due := f.claim()
	if due.ID != src || due.ExternalID != aliceDID || !due.NeedsBaseline {
		t.Fatalf("due next %+v", due)
	}
	f.store(due, source.FetchResult{Posts: []source.Post{f.post("1"), f.post("2")}})
	if got := scan[string](f, `SELECT count(*) || ' posts, ' || (SELECT count(*) FROM deliveries WHERE kind = 'post') || ' announced' FROM posts`); got != "2 posts, 0 announced" {
		t.Error(got)
	}
}

func TestAnAccountThatIsTrackedAlreadyTakesThoseWhoTypedIt(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	known := f.source(1)
	f.exec(`UPDATE sources SET platform = 'bluesky', external_id = $2, etag = '"v1"', next_poll_at = $3 WHERE id = $1`, known, aliceDID, f.now.Add(day))
	src := f.unresolved()
	alone, brand, group := f.tenant("200000000000000001")
	typed := f.track(alone, brand, group, src)
	both, brand, group := f.tenant("200000000000000002")
	kept, goes := f.track(both, brand, group, known), f.track(both, brand, group, src)
	f.identify(f.claim())
	if got := scan[string](f, `SELECT string_agg(id::text, ' ' ORDER BY client_id = $1 DESC) FROM client_accounts WHERE source_id = $2`, alone, known); got != fmt.Sprint(typed, " ", kept) {
		t.Errorf("tracked by %s", got)
	}
	if n := scan[int](f, `SELECT count(*) FROM client_accounts`); n != 2 {
		t.Errorf("%d accounts", n)
	}
	if got := scan[string](f, `SELECT client_id || ' ' || action || ' ' || target_id FROM audit_log`); got != fmt.Sprintf("%s account.merged %s", both, goes) {
		t.Errorf("log %s", got)
	}
	f.exec(`UPDATE sources SET next_poll_at = $1 WHERE next_poll_at IS NOT NULL`, f.now)
	if due := f.claim(); due.ID != known || due.Etag != "" || !due.NeedsBaseline {
		t.Errorf("due next %+v", due)
	}
}

func TestAnIdentityComesFromTheLeaseholderAlone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, f.unresolved())
	late := f.claim()
	f.exec(`UPDATE sources SET lease_token = gen_random_uuid()`)
	f.identify(late)
	if got := scan[string](f, `SELECT external_id FROM sources`); got != typedHandle {
		t.Errorf("identity %s", got)
	}
}

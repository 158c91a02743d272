package tracking_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
)

func TestAccountIsTracked(t *testing.T) {
	t.Parallel()
	for _, role := range []store.Role{store.RoleAPI, store.RoleBot} {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.as(role)
			brand := o.brand(o.mine, "Northwind")
			group := o.group(o.mine, brand, "Creators")
			got, err := o.tryAdd(o.mine, tracking.NewAccount{
				Platform: source.Auto, Input: "alice", GroupID: group, ChannelID: newsChannel, AnnounceLatest: true,
			})
			o.must(err)
			a, s := got.ClientAccount, got.Source
			if got.BrandName != "Northwind" || got.GroupName != "Creators" || a.BrandID != brand || a.GroupID != group ||
				*a.ChannelID != newsChannel || !a.AnnounceLatest || a.BaselineAt != nil || a.Paused != nil {
				t.Errorf("account %+v", got)
			}
			if s.Platform != "bluesky" || s.ExternalID != "did:plc:alice" || s.DisplayName != "ALICE" || *s.Followers != 7 ||
				s.State != "learning" || s.StateReason != "" || s.Lane != tracking.Lane(o.mine) {
				t.Errorf("source %+v", s)
			}
			if n := o.count("SELECT count(*) FROM sources WHERE next_poll_at BETWEEN now() - interval '1 minute' AND now()"); n != 1 {
				t.Error("the source is not due at once")
			}
			o.wantLog(o.mine, 3, entry{Action: "account.added", Target: "account:" + a.ID.String(), Changes: changes(
				"platform", nil, "bluesky", "handle", nil, "alice", "url", nil, "https://bsky.app/profile/alice",
				"brandId", nil, brand.String(), "groupId", nil, group.String(), "channelId", nil, newsChannel, "announceLatest", nil, true,
			)})
			if state, _, _ := tracking.AccountState(a, s); state != "learning" {
				t.Errorf("state %s", state)
			}
		})
	}
}

func TestAGroupThatIsNotThereIsToldBeforeAnythingElse(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, err := o.tryAdd(o.mine, tracking.NewAccount{Platform: source.Auto, Input: "alice", GroupID: o.group(o.mine, o.brand(o.mine, "Northwind"), "Creators")})
	o.must(err)
	asked := o.platform.calls.Load()
	for _, groupID := range []uuid.UUID{uuid.New(), o.group(o.theirs, o.brand(o.theirs, "Contoso"), "Theirs")} {
		for _, input := range []string{"alice", "bob"} {
			if _, err := o.tryAdd(o.mine, tracking.NewAccount{Platform: source.Auto, Input: input, GroupID: groupID}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", input, err)
			}
		}
	}
	if o.platform.calls.Load() != asked {
		t.Error("the platform was asked although there is no group")
	}
}

func TestTheFirstAccountBringsBrandAndGroupAlong(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.add(o.mine, uuid.Nil, "alice")
	second := o.add(o.mine, uuid.Nil, "bob")
	if first.BrandName != "General" || first.GroupName != "General" || second.ClientAccount.GroupID != first.ClientAccount.GroupID {
		t.Errorf("first in %s › %s, second in %s › %s", first.BrandName, first.GroupName, second.BrandName, second.GroupName)
	}
	var actions []string
	for _, e := range o.log(o.mine, 1) {
		actions = append(actions, e.Action)
	}
	if diff := cmp.Diff([]string{"brand.created", "group.created", "account.added", "account.added"}, actions); diff != "" {
		t.Error(diff)
	}
}

func TestAnAccountWithoutGroupGoesToTheGeneralOrTheOldestOne(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	brand := o.brand(o.mine, "Northwind")
	alone := o.add(o.mine, uuid.Nil, "alice")
	if alone.BrandName != "Northwind" || alone.GroupName != "General" {
		t.Errorf("in %s › %s", alone.BrandName, alone.GroupName)
	}
	o.must(o.catalog.DeleteGroup(t.Context(), o.by, o.mine, alone.ClientAccount.GroupID))
	oldest := o.group(o.mine, brand, "Rivals")
	o.group(o.mine, brand, "Creators")
	if a := o.add(o.mine, uuid.Nil, "bob"); a.ClientAccount.GroupID != oldest {
		t.Errorf("in %s", a.GroupName)
	}
	general := o.group(o.mine, o.brand(o.mine, "Contoso"), "general")
	if a := o.add(o.mine, uuid.Nil, "carol"); a.ClientAccount.GroupID != general {
		t.Errorf("in %s", a.GroupName)
	}
}

func TestASourceIsSharedAndItsNextPollIsFull(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.add(o.mine, uuid.Nil, "alice")
	o.exec(`UPDATE sources SET etag = '"1"', last_modified = 'x', cursor = 'y', lease_token = gen_random_uuid(), state = 'ok',
		handle = 'old', next_poll_at = now() + interval '1 day'`)
	second := o.add(o.theirs, uuid.Nil, "alice")
	s := second.Source
	if s.ID != first.Source.ID || s.Etag+s.LastModified+s.Cursor != "" || s.LeaseToken != nil || s.State != "ok" || s.Handle != "alice" ||
		s.NextPollAt.After(time.Now()) || s.Lane != tracking.Lane(o.mine) {
		t.Errorf("source %+v", s)
	}
	o.exec("UPDATE sources SET next_poll_at = NULL, state = 'gone', state_reason = 'deleted'")
	o.must(o.catalog.RemoveAccount(t.Context(), o.by, o.theirs, second.ClientAccount.ID))
	again := o.add(o.theirs, uuid.Nil, "alice").Source
	if again.State != "learning" || again.StateReason != "" || again.NextPollAt == nil || again.Lane != tracking.Lane(o.theirs) {
		t.Errorf("source that came back %+v", again)
	}
}

func TestAnAccountIsTrackedOnceATenant(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	group := o.group(o.mine, o.brand(o.mine, "Northwind"), "Creators")
	got := atOnce(5, func(int) error {
		_, err := o.tryAdd(o.mine, tracking.NewAccount{Platform: source.Auto, Input: "alice", GroupID: group})
		return err
	})
	if diff := cmp.Diff(map[fault.Code]int{"": 1, fault.Conflict: 4}, got); diff != "" {
		t.Error(diff)
	}
	_, err := o.tryAdd(o.mine, tracking.NewAccount{Platform: source.Auto, Input: "alice"})
	if err == nil || !strings.Contains(err.Error(), "ALICE (alice) is tracked already, in Northwind › Creators.") {
		t.Errorf("the refusal does not say which it is and where: %v", err)
	}
}

func TestParallelRequestsDoNotExceedThePlansAccounts(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	group := o.group(o.mine, o.brand(o.mine, "Northwind"), "Creators")
	got := atOnce(16, func(i int) error {
		_, err := o.tryAdd(o.mine, tracking.NewAccount{Platform: source.Auto, Input: fmt.Sprintf("user%d", i), GroupID: group})
		return err
	})
	if diff := cmp.Diff(map[fault.Code]int{"": 10, fault.TierLimit: 6}, got); diff != "" {
		t.Error(diff)
	}
	if n := o.count("SELECT count(*) FROM client_accounts WHERE client_id = $1", o.mine); n != 10 {
		t.Errorf("%d accounts", n)
	}
	asked := o.platform.calls.Load()
	_, err := o.tryAdd(o.mine, tracking.NewAccount{Platform: source.Auto, Input: "late"})
	o.wantRefusal(err, fault.TierLimit)
	if o.platform.calls.Load() != asked {
		t.Error("the platform was asked although there is no room")
	}
	o.exec("UPDATE client_accounts SET paused = 'paused_by_plan', paused_since = now() WHERE id = (SELECT id FROM client_accounts LIMIT 1)")
	o.add(o.mine, group, "late")
}

func TestInputsThatNameNothingAreRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, input := range []string{"", "  ", "a\x00b", strings.Repeat("a", 2049), "\xff"} {
		_, err := o.tryAdd(o.mine, tracking.NewAccount{Platform: source.Auto, Input: input, InputName: "url"})
		o.wantRefusal(err, fault.ValidationFailed, "url")
	}
	_, err := o.tryAdd(o.mine, tracking.NewAccount{Platform: "tiktok", Input: ""})
	o.wantRefusal(err, fault.ValidationFailed, "handle", "platform")
	for _, kind := range []source.ErrorKind{
		source.NotFound, source.Gone, source.Blocked, source.TooLarge, source.Malformed, source.Unsupported, source.AuthRequired,
	} {
		o.platform.fail(&source.Error{Kind: kind, Public: "No.", Err: errors.New("cause")})
		_, err := o.tryAdd(o.mine, tracking.NewAccount{Platform: source.RSS, Input: "https://feeds.example/feed.xml"})
		o.wantRefusal(err, fault.ValidationFailed, "handle")
	}
	o.platform.fail(&source.Error{Kind: source.Unsupported, Public: source.WhyOff(source.Twitch), Err: errors.New("cause")})
	_, err = o.tryAdd(o.mine, tracking.NewAccount{Platform: source.Twitch, Input: "alice"})
	o.wantRefusal(err, fault.ValidationFailed, "platform")
	o.wantLog(o.mine, 1)
}

func TestASilentPlatformIsNoObstacleForAStableID(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ platform, input, want, id string }{
		{source.RSS, "HTTPS://Feeds.Example:443/a#b", source.RSS, "https://feeds.example/a"},
		{source.RSS, "http://feeds.example", source.RSS, "http://feeds.example/"},
		{source.Auto, "https://feeds.example/news/feed", source.RSS, "https://feeds.example/news/feed"},
		{source.Auto, "https://feeds.example/index.XML?x=1", source.RSS, "https://feeds.example/index.XML?x=1"},
		{source.Auto, "UCabcdefghijklmnopqrstuv", source.YouTube, "UCabcdefghijklmnopqrstuv"},
		{source.Bluesky, "did:plc:abcdefghijklmnopqrstuvwx", source.Bluesky, "did:plc:abcdefghijklmnopqrstuvwx"},
		{source.Auto, "https://site.example/about", source.RSS, "unresolved:rss:https://site.example/about"},
		{source.Auto, "alice.bsky.social", source.Bluesky, "unresolved:bluesky:alice.bsky.social"},
		{source.Mastodon, "@alice@social.example", source.Mastodon, "unresolved:mastodon:@alice@social.example"},
		{source.Auto, "nobody", "", ""},
		{source.YouTube, "https://feeds.example/feed.xml", "", ""},
		{source.RSS, "https://user:secret@feeds.example/feed.xml", "", ""},
	} {
		t.Run(tc.platform+" "+tc.input, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.platform.fail(&source.Error{Kind: source.Transient, Public: "The source did not answer in time.", Err: context.DeadlineExceeded})
			got, err := o.tryAdd(o.mine, tracking.NewAccount{Platform: tc.platform, Input: tc.input})
			if tc.want == "" {
				o.wantRefusal(err, fault.Unavailable)
				if fault.From(err).RetryAfter == 0 {
					t.Error("the refusal does not say when to try again")
				}
				return
			}
			o.must(err)
			s := got.Source
			if s.Platform != tc.want || s.ExternalID != tc.id || s.State != "learning" || s.StateReason != "The source did not answer in time." ||
				s.NextPollAt == nil || s.Handle == "" || s.URL == "" {
				t.Errorf("source %+v", s)
			}
		})
	}
}

func TestWhatIsNotConfirmedDoesNotOverwriteWhatIsKnown(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const did = "did:plc:abcdefghijklmnopqrstuvwx"
	o.add(o.mine, uuid.Nil, strings.TrimPrefix(did, "did:plc:"))
	o.exec("UPDATE sources SET failures = 2, next_poll_at = now() + interval '1 day'")
	o.platform.fail(&source.Error{Kind: source.RateLimited, RetryAfter: time.Hour, Public: "The source asks us to slow down."})
	s := o.add(o.theirs, uuid.Nil, did).Source
	if s.DisplayName != "ABCDEFGHIJKLMNOPQRSTUVWX" || s.StateReason != "" || time.Until(*s.NextPollAt) < time.Hour {
		t.Errorf("source %+v", s)
	}
}

func TestNoTransactionIsOpenWhileThePlatformIsAsked(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.as(store.RoleAPI, store.WithMaxConns(1))
	asking, idle := o.open(store.RoleAdmin), 0
	o.platform.resolve = func(ctx context.Context) {
		o.must(asking.Shared().QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'trackbot_api' AND state LIKE 'idle in transaction%'`).Scan(&idle))
	}
	o.add(o.mine, uuid.Nil, "alice")
	if idle != 0 {
		t.Errorf("%d transactions are open", idle)
	}
}

func TestAnotherTenantsGroupAndUnusableChannelsAreRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	theirs := o.group(o.theirs, o.brand(o.theirs, "Contoso"), "Creators")
	for _, group := range []uuid.UUID{theirs, uuid.Must(uuid.NewV7())} {
		_, err := o.tryAdd(o.mine, tracking.NewAccount{Platform: source.Auto, Input: "alice", GroupID: group})
		o.wantRefusal(err, fault.NotFound)
	}
	for _, channel := range []string{quietChannel, voiceChannel, "599999999999999999", "news"} {
		_, err := o.tryAdd(o.mine, tracking.NewAccount{Platform: source.Auto, Input: "alice", ChannelID: channel})
		o.wantRefusal(err, fault.ValidationFailed, "channelId")
	}
	if n := o.count("SELECT (SELECT count(*) FROM sources) + (SELECT count(*) FROM client_accounts) + (SELECT count(*) FROM brands WHERE client_id = $1)", o.mine); n != 0 {
		t.Errorf("%d rows are left of refused requests", n)
	}
	o.wantLog(o.mine, 1)
}

package tracking_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
)

func ptr[T any](v T) *T { return &v }

func (o *office) change(id uuid.UUID, ch tracking.AccountChange) tracking.Account {
	o.t.Helper()
	account, err := o.catalog.ChangeAccount(o.t.Context(), o.by, o.mine, id, ch)
	o.must(err)
	return account
}

func TestPostsFollowTheirAccountToAnotherGroup(t *testing.T) {
	t.Parallel()
	for _, role := range []store.Role{store.RoleAPI, store.RoleBot} {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.as(role)
			from, to := o.brand(o.mine, "Northwind"), o.brand(o.mine, "Contoso")
			a, b := o.group(o.mine, from, "Creators"), o.group(o.mine, to, "Rivals")
			account := o.add(o.mine, a, "alice")
			id := account.ClientAccount.ID
			o.post(account)
			moved := o.change(id, tracking.AccountChange{GroupID: &b})
			if moved.BrandName != "Contoso" || moved.GroupName != "Rivals" {
				t.Errorf("in %s › %s", moved.BrandName, moved.GroupName)
			}
			if n := o.count("SELECT count(*) FROM posts WHERE brand_id = $1 AND group_id = $2", to, b); n != 1 {
				t.Error("the post did not follow")
			}
			o.wantLog(o.mine, 6, entry{Action: "account.moved", Target: "account:" + id.String(), Changes: changes(
				"groupId", a.String(), b.String(), "brandId", from.String(), to.String(),
			)})
			o.change(id, tracking.AccountChange{GroupID: &b})
			o.wantLog(o.mine, 7)
		})
	}
}

func TestAccountGetsItsOwnChannelAndTheDefaultOneBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.add(o.mine, uuid.Nil, "alice").ClientAccount.ID
	target := "account:" + id.String()
	if got := o.change(id, tracking.AccountChange{ChannelID: ptr(newsChannel)}); *got.ClientAccount.ChannelID != newsChannel {
		t.Errorf("channel %v", got.ClientAccount.ChannelID)
	}
	o.change(id, tracking.AccountChange{ChannelID: ptr(newsChannel)})
	if got := o.change(id, tracking.AccountChange{ChannelID: ptr("")}); got.ClientAccount.ChannelID != nil {
		t.Errorf("channel %v", *got.ClientAccount.ChannelID)
	}
	o.wantLog(o.mine, 4,
		entry{Action: "account.channel_changed", Target: target, Changes: changes("channelId", nil, newsChannel)},
		entry{Action: "account.channel_changed", Target: target, Changes: changes("channelId", newsChannel, nil)})
	for _, channel := range []string{quietChannel, voiceChannel, "599999999999999999"} {
		_, err := o.catalog.ChangeAccount(t.Context(), o.by, o.mine, id, tracking.AccountChange{ChannelID: &channel})
		o.wantRefusal(err, fault.ValidationFailed, "channelId")
	}
}

func TestChoosingAPausedChannelEndsItsPause(t *testing.T) {
	t.Parallel()
	for _, role := range []store.Role{store.RoleAPI, store.RoleBot} {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.as(role)
			o.exec("INSERT INTO channel_queues (client_id, channel_id) VALUES ($1, $2), ($3, $2)", o.mine, pausedChannel, o.theirs)
			id := o.add(o.mine, uuid.Nil, "alice").ClientAccount.ID
			o.change(id, tracking.AccountChange{ChannelID: ptr(pausedChannel)})
			if log := o.log(o.mine, 4); len(log) != 2 || log[0].Action != "channel.resumed" || log[0].Actor != o.by.ID {
				t.Errorf("audit log %+v", log)
			}
			if n := o.count("SELECT count(*) FROM guild_channels WHERE paused_at IS NULL AND id = $1 AND client_id = $2", pausedChannel, o.mine); n != 1 {
				t.Error("the channel is still paused")
			}
			if n := o.count("SELECT count(*) FROM channel_queues WHERE due_at IS NOT NULL AND client_id = $1", o.mine); n != 1 {
				t.Error("its queue is not due")
			}
			if n := o.count("SELECT count(*) FROM channel_queues WHERE due_at IS NOT NULL AND client_id = $1", o.theirs); n != 0 {
				t.Error("another tenant's queue was woken")
			}
		})
	}
}

func TestPausedAccountResumesWithABaseline(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	account := o.add(o.mine, uuid.Nil, "alice")
	id, target := account.ClientAccount.ID, "account:"+account.ClientAccount.ID.String()
	o.exec("UPDATE client_accounts SET baseline_at = now(), announce_latest = true")
	paused := o.change(id, tracking.AccountChange{Paused: ptr(true)})
	if state, since, reason := tracking.AccountState(paused.ClientAccount, paused.Source); state != "paused" || time.Since(since) > time.Minute || reason == "" {
		t.Errorf("state %s since %s: %s", state, since, reason)
	}
	o.change(id, tracking.AccountChange{Paused: ptr(true)})
	o.exec(`UPDATE sources SET etag = '"1"', next_poll_at = NULL`)
	resumed := o.change(id, tracking.AccountChange{Paused: ptr(false)})
	if a := resumed.ClientAccount; a.Paused != nil || a.PausedReason != "" || a.BaselineAt != nil || a.AnnounceLatest {
		t.Errorf("account %+v", a)
	}
	if s := resumed.Source; s.Etag != "" || s.NextPollAt == nil {
		t.Errorf("source %+v", s)
	}
	o.wantLog(o.mine, 4,
		entry{Action: "account.paused", Target: target, Changes: changes("paused", nil, "paused")},
		entry{Action: "account.resumed", Target: target, Changes: changes("paused", "paused", nil)})
}

func TestWhatThePlanPausedResumesOnlyWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.add(o.mine, uuid.Nil, "alice").ClientAccount
	o.exec("UPDATE client_accounts SET paused = 'paused_by_plan', paused_since = now()")
	o.exec("UPDATE plans SET accounts = 1 WHERE tier = 'free'")
	second := o.add(o.mine, uuid.Nil, "bob").ClientAccount
	_, err := o.catalog.ChangeAccount(t.Context(), o.by, o.mine, first.ID, tracking.AccountChange{Paused: ptr(false)})
	o.wantRefusal(err, fault.TierLimit)
	if a := o.change(first.ID, tracking.AccountChange{Paused: ptr(true)}); *a.ClientAccount.Paused != "paused_by_plan" {
		t.Errorf("paused: %s", *a.ClientAccount.Paused)
	}
	o.must(o.catalog.RemoveAccount(t.Context(), o.by, o.mine, second.ID))
	if a := o.change(first.ID, tracking.AccountChange{Paused: ptr(false)}); a.ClientAccount.Paused != nil {
		t.Errorf("paused: %s", *a.ClientAccount.Paused)
	}
}

func TestARefusedPartRefusesTheWholeChange(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	account := o.add(o.mine, uuid.Nil, "alice").ClientAccount
	other := o.group(o.mine, account.BrandID, "Rivals")
	_, err := o.catalog.ChangeAccount(t.Context(), o.by, o.mine, account.ID, tracking.AccountChange{GroupID: &other, ChannelID: ptr(quietChannel)})
	o.wantRefusal(err, fault.ValidationFailed, "channelId")
	if n := o.count("SELECT count(*) FROM client_accounts WHERE group_id = $1", other); n != 0 {
		t.Error("half of the change was made")
	}
	o.wantLog(o.mine, 5)
}

func TestRemovedAccountLeavesItsSourceToTheOthers(t *testing.T) {
	t.Parallel()
	for _, role := range []store.Role{store.RoleAPI, store.RoleBot} {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.as(role)
			account, theirs := o.add(o.mine, uuid.Nil, "alice"), o.add(o.theirs, uuid.Nil, "alice")
			o.post(account)
			o.exec(`UPDATE sources SET etag = '"1"', next_poll_at = now() + interval '1 day', lease_token = gen_random_uuid()`)
			o.must(o.catalog.RemoveAccount(t.Context(), o.by, o.mine, account.ClientAccount.ID))
			if n := o.count("SELECT count(*) FROM posts"); n != 0 {
				t.Error("the posts are still there")
			}
			if n := o.count(`SELECT count(*) FROM sources WHERE etag = '"1"' AND lease_token IS NULL AND next_poll_at <= now()`); n != 1 {
				t.Error("the worker is not asked to look at the source")
			}
			if n := o.count("SELECT count(*) FROM client_accounts WHERE id = $1", theirs.ClientAccount.ID); n != 1 {
				t.Error("the other tenant's account went too")
			}
			o.wantLog(o.mine, 4, entry{Action: "account.removed", Target: "account:" + account.ClientAccount.ID.String(), Changes: changes(
				"platform", "bluesky", nil, "handle", "alice", nil, "url", "https://bsky.app/profile/alice", nil,
				"brandId", account.ClientAccount.BrandID.String(), nil, "groupId", account.ClientAccount.GroupID.String(), nil,
			)})
		})
	}
}

func TestASourceThatBacksOffIsNotAskedEarlierBecauseSomeoneLeft(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	account := o.add(o.mine, uuid.Nil, "alice")
	o.add(o.theirs, uuid.Nil, "alice")
	o.exec("UPDATE sources SET failures = 3, next_poll_at = now() + interval '1 day'")
	o.must(o.catalog.RemoveAccount(t.Context(), o.by, o.mine, account.ClientAccount.ID))
	if n := o.count("SELECT count(*) FROM sources WHERE next_poll_at > now()"); n != 1 {
		t.Error("the back-off was cut short")
	}
}

func TestAnotherTenantsAccountIsNotThere(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	mine := o.add(o.mine, uuid.Nil, "alice").ClientAccount
	theirs := o.add(o.theirs, uuid.Nil, "bob").ClientAccount
	for _, id := range []uuid.UUID{theirs.ID, uuid.Must(uuid.NewV7())} {
		_, err := o.catalog.ChangeAccount(t.Context(), o.by, o.mine, id, tracking.AccountChange{Paused: ptr(true), ChannelID: ptr(newsChannel)})
		o.wantRefusal(err, fault.NotFound)
		o.wantRefusal(o.catalog.RemoveAccount(t.Context(), o.by, o.mine, id), fault.NotFound)
	}
	_, err := o.catalog.ChangeAccount(t.Context(), o.by, o.mine, mine.ID, tracking.AccountChange{GroupID: &theirs.GroupID})
	o.wantRefusal(err, fault.NotFound)
	if n := o.count("SELECT count(*) FROM client_accounts WHERE id = $1 AND paused IS NULL AND channel_id IS NULL", theirs.ID); n != 1 {
		t.Error("the other tenant's account was changed")
	}
	o.wantLog(o.mine, 4)
}

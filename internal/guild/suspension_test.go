package guild_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/store"
)

func operator() audit.By {
	return audit.By{Actor: audit.Actor{ID: "operator", Type: audit.System, Name: "Operator"}, Source: audit.FromSystem}
}

// suspend does it as the operator and tells whether anything changed.
func (h *house) suspend(client uuid.UUID, reason string) bool {
	h.t.Helper()
	changed, err := guild.New(h.admin, guild.Config{}).Suspend(h.t.Context(), operator(), client, reason)
	h.must(err)
	return changed
}

func (h *house) resume(client uuid.UUID) bool {
	h.t.Helper()
	changed, err := guild.New(h.admin, guild.Config{}).Resume(h.t.Context(), operator(), client, "paid")
	h.must(err)
	return changed
}

func TestASuspensionIsNotedOnceAndUndone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	client, err := h.reg.Onboard(t.Context(), sample())
	h.must(err)
	for _, reason := range []string{"", "  ", strings.Repeat("x", 501), "\xff"} {
		_, err := guild.New(h.admin, guild.Config{}).Suspend(t.Context(), operator(), client, reason)
		if f := fault.From(err); f == nil || f.Code != fault.ValidationFailed || f.Fields[0].Name != "reason" {
			t.Errorf("reason %.10q: %v", reason, err)
		}
	}
	if h.resume(client) {
		t.Error("what nobody suspended was resumed")
	}
	if !h.suspend(client, " unpaid ") || h.suspend(client, "other") {
		t.Error("the first suspension counts, and it alone")
	}
	if read[bool](h, "SELECT active FROM clients") || read[string](h, "SELECT suspended_reason FROM clients") != "unpaid" {
		t.Error("the tenant is active, or suspended for another reason")
	}
	if !h.resume(client) || h.resume(client) {
		t.Error("a suspension ends once")
	}
	if !read[bool](h, "SELECT active FROM clients") {
		t.Error("the tenant is not active again")
	}
	if got := h.logged(client); got != "guild.joined,guild.suspended,guild.resumed" {
		t.Errorf("log %s", got)
	}
	if got := read[string](h, "SELECT string_agg(actor_id, ',') FROM audit_log WHERE action IN ('guild.suspended', 'guild.resumed')"); got != "operator,operator" {
		t.Errorf("by %s", got)
	}
	report, err := audit.Verify(t.Context(), h.admin.Shared(), client)
	if err != nil || report.BrokenSeq != 0 {
		t.Errorf("chain %+v, %v", report, err)
	}
}

// Whoever could lift a suspension by removing the bot and inviting it again would.
func TestASuspensionOutlastsTheBotsReturn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	client, err := h.reg.Onboard(t.Context(), sample())
	h.must(err)
	h.exec("DELETE FROM deliveries")
	h.suspend(client, "spam")
	h.must(h.reg.Remove(t.Context(), guildID))
	again, err := h.reg.Onboard(t.Context(), sample())
	h.must(err)
	if again != client || read[bool](h, "SELECT active OR removed_at IS NOT NULL FROM clients") {
		t.Error("the return of the bot has lifted the suspension")
	}
	if n := read[int](h, "SELECT count(*) FROM deliveries"); n != 0 {
		t.Errorf("%d messages greet a suspended guild", n)
	}
	reports := guild.NewReports(h.open(store.RoleAPI), guild.Config{})
	h.must(h.reg.Remove(t.Context(), guildID))
	_, _, err = reports.Enroll(t.Context(), operator(), "", sample())
	h.must(err)
	if read[bool](h, "SELECT active OR removed_at IS NOT NULL FROM clients") {
		t.Error("a bot elsewhere has lifted the suspension")
	}
	h.must(h.reg.Remove(t.Context(), guildID))
	h.resume(client)
	if read[bool](h, "SELECT active FROM clients") {
		t.Error("a guild without the bot is active")
	}
}

// What waits behind a suspension is no flood at its end, and a claim that comes before the next sweep sends none of it.
func TestWhatHasWaitedADayIsSkippedAtTheEndOfASuspension(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	client, err := h.reg.Onboard(t.Context(), sample())
	h.must(err)
	h.exec("DELETE FROM deliveries")
	h.exec(`INSERT INTO deliveries (client_id, id, kind, notice_key, channel_id, payload, state, detected_at, queued_at) VALUES
		($1, gen_random_uuid(), 'notice', 'old', $2, '{}', 'pending', now(), now() - interval '25 hours'),
		($1, gen_random_uuid(), 'notice', 'new', $2, '{}', 'pending', now(), now() - interval '1 hour')`, client, system)
	h.exec(`INSERT INTO channel_queues (client_id, channel_id, due_at) VALUES ($1, $2, now()) ON CONFLICT (client_id, channel_id) DO UPDATE SET due_at = now()`, client, system)
	h.suspend(client, "unpaid")
	h.resume(client)
	if got := read[string](h, "SELECT string_agg(notice_key || ' ' || state, ',' ORDER BY queued_at) FROM deliveries"); got != "old skipped,new pending" {
		t.Errorf("deliveries %s", got)
	}
}

package guild_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/guild"
)

func manager() audit.By {
	return audit.By{Actor: audit.Actor{ID: ownerID, Type: audit.User, Name: "Mara"}, Source: audit.FromDashboard}
}

// logged lists a tenant's actions, oldest first.
func (h *house) logged(client uuid.UUID) string {
	h.t.Helper()
	return read[string](h, "SELECT string_agg(action, ',' ORDER BY seq) FROM audit_log WHERE client_id = $1", client)
}

func TestADeletionIsPlannedToldAndUndone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	client, err := h.reg.Onboard(t.Context(), sample())
	h.must(err)
	if plan, err := h.reg.Deletion(t.Context(), client); plan != nil || err != nil {
		t.Fatalf("planned %+v, %v", plan, err)
	}
	err = h.reg.ScheduleDeletion(t.Context(), manager(), client, "Another")
	if f := fault.From(err); f == nil || f.Code != fault.ValidationFailed || f.Fields[0].Name != "confirm" {
		t.Errorf("a wrong name: %v", err)
	}
	if !fault.Is(h.reg.CancelDeletion(t.Context(), manager(), client), fault.NotFound) {
		t.Error("what nobody planned was undone")
	}
	h.must(h.reg.ScheduleDeletion(t.Context(), manager(), client, " newsroom "))
	plan, err := h.reg.Deletion(t.Context(), client)
	h.must(err)
	if in := time.Until(plan.At); plan.RequestedBy != ownerID || in < guild.DeletionGrace-time.Minute || in > guild.DeletionGrace {
		t.Errorf("planned %+v", plan)
	}
	h.must(h.reg.ScheduleDeletion(t.Context(), manager(), client, "Newsroom")) // again: nothing new
	if again, err := h.reg.Deletion(t.Context(), client); err != nil || !again.At.Equal(plan.At) {
		t.Errorf("planned anew %+v, %v", again, err)
	}
	h.must(h.reg.CancelDeletion(t.Context(), manager(), client))
	if plan, err := h.reg.Deletion(t.Context(), client); plan != nil || err != nil {
		t.Errorf("still planned %+v, %v", plan, err)
	}
	if got := h.logged(client); got != "guild.joined,guild.deletion_scheduled,guild.deletion_cancelled" {
		t.Errorf("log %s", got)
	}
	if got := read[string](h, "SELECT string_agg(split_part(notice_key, ':', 1), ',' ORDER BY seq) FROM deliveries WHERE channel_id = $1", system); got != "welcome,deletion,deletion-undone" {
		t.Errorf("told %s", got)
	}
}

func TestADeletionThatHasBegunIsNotUndoneAndTheGuildNotTakenUpAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	client, err := h.reg.Onboard(t.Context(), sample())
	h.must(err)
	h.must(guild.New(h.admin, guild.Config{}).DeleteAt(t.Context(), manager(), client, time.Now()))
	if err := h.reg.CancelDeletion(t.Context(), manager(), client); !fault.Is(err, fault.Conflict) {
		t.Errorf("undone: %v", err)
	}
	h.exec("UPDATE clients SET removed_at = now()")
	again, err := h.reg.Onboard(t.Context(), sample())
	h.must(err)
	if again != client || !read[bool](h, "SELECT removed_at IS NOT NULL FROM clients") {
		t.Error("a guild whose data is being deleted was taken up again")
	}
}

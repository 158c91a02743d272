package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/store"
)

// asOwner runs statements as the owner of the schema.
func (w *signInWorld) asOwner(t *testing.T, statements ...string) {
	t.Helper()
	err := w.admin.InTx(t.Context(), func(tx store.Conn) error {
		for _, sql := range append([]string{"SET LOCAL ROLE NONE"}, statements...) {
			if _, err := tx.Exec(t.Context(), sql); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// writing is a change of the contract, in a guild of its own.
type writing struct {
	op   contractOperation
	room *newsroom
	call call
}

// changesOf are the operations that change a guild; those that only ask as a manager may write nothing.
func changesOf(t *testing.T) (writes []contractOperation) {
	t.Helper()
	asks := map[string]bool{"previewNewRoute": true, "previewRoute": true}
	for _, op := range guildOperations(t) {
		if op.method != http.MethodGet && op.permission() == "guild:manage" && !asks[op.OperationID] {
			writes = append(writes, op)
		}
	}
	if len(writes) < 20 {
		t.Fatalf("only %d operations change something", len(writes))
	}
	return writes
}

// newWriting prepares a change that succeeds, by the contract's example as far as that changes anything.
func newWriting(t *testing.T, room *newsroom, op contractOperation, n int) writing {
	t.Helper()
	own := room.property()
	room.exec("UPDATE subscriptions SET tier = 'pro' WHERE client_id = $1", room.client)
	c := attempt(t, op, room.guildID, own, own)
	switch op.OperationID {
	case "replaceGuildSettings":
		c.header["If-Match"] = room.tag()
	case "pollAccount":
		room.exec("UPDATE sources SET created_at = created_at - interval '1 day', last_polled_at = last_polled_at - interval '1 day', next_poll_at = now() + interval '1 day'")
	case "createRoute":
		c.body = fmt.Sprintf(`{"accountId":%q,"channelId":%q}`, own["accountId"], own["channelId"])
	case "updateAccount":
		c.body = `{"paused":true}`
	case "updateBrand", "updateGroup":
		c.body = `{"name":"Another"}`
	case "updateRoute":
		c.body = `{"template":"Another"}`
	case "importAccounts":
		c.contentType, c.body = "text/csv", "url\nhttps://bsky.app/profile/imported\n"
	case "scheduleGuildDeletion":
		c.body = fmt.Sprintf(`{"confirm":"Room%d"}`, n)
	case "cancelGuildDeletion":
		room.exec("UPDATE clients SET erase_at = now() + interval '1 day', erase_requested_at = now(), erase_requested_by = owner_id WHERE id = $1", room.client)
	case "replayPostDeliveries":
		room.exec("UPDATE deliveries SET state = 'dead' WHERE client_id = $1", room.client)
	}
	c.token = room.token
	c.header["X-Request-Id"] = fmt.Sprintf("change-number-%d", n)
	return writing{op, room, c}
}

// Every operation that changes something writes exactly one entry, by whom, from where and what; and changes nothing when
// that entry cannot be written.
func TestEveryChangeIsAuditedOnceOrDoesNotHappen(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	ops, owner := changesOf(t), w.addUser(t, "mara")
	rooms := make([]*newsroom, len(ops))
	for n := range ops {
		rooms[n] = &newsroom{signInWorld: w, t: t, owner: owner, guildID: w.addGuildNamed(t, fmt.Sprintf("Room%d", n), owner)}
	}
	token := w.signIn(t, owner).AccessToken
	var all []writing
	for n, op := range ops {
		rooms[n].client, rooms[n].token = one[uuid.UUID](rooms[n], "SELECT id FROM clients WHERE guild_id = $1", rooms[n].guildID), token
		all = append(all, newWriting(t, rooms[n], op, n))
	}
	w.asOwner(t, `CREATE FUNCTION fail_audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the log is full'; END $$`,
		"CREATE TRIGGER fail_audit BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION fail_audit()")
	for _, x := range all {
		before := x.room.rows()
		answer := x.call.send(w)
		if failed := answer.Code == http.StatusInternalServerError || x.op.OperationID == "importAccounts"; !failed { // an import reports by line
			t.Errorf("%s without a log: got %d %s", x.op.OperationID, answer.Code, answer.Body)
		}
		if diff := cmp.Diff(before, x.room.rows()); diff != "" {
			t.Errorf("%s has changed something without a log:\n%s", x.op.OperationID, diff)
		}
	}
	w.asOwner(t, "DROP TRIGGER fail_audit ON audit_log")
	for _, x := range all {
		x.audited(t)
	}
}

// audited makes the change and checks its entry.
func (x writing) audited(t *testing.T) {
	t.Helper()
	before := x.room.entries()
	answer := x.call.send(x.room)
	if answer.Code >= 300 {
		t.Errorf("%s: got %d %s", x.op.OperationID, answer.Code, answer.Body)
		return
	}
	if n := x.room.entries() - before; n != 1 {
		t.Errorf("%s has written %d entries", x.op.OperationID, n)
		return
	}
	const newest = " FROM audit_log WHERE client_id = $1 ORDER BY seq DESC LIMIT 1"
	got := one[string](x.room, "SELECT concat_ws(' ', actor_type, actor_id, actor_name, source, request_id)"+newest, x.room.client)
	want := fmt.Sprintf("user %s mara dashboard %s", x.room.owner, x.call.header["X-Request-Id"])
	if got != want {
		t.Errorf("%s was made by %q, want %q", x.op.OperationID, got, want)
	}
	var changes []struct {
		Field    string `json:"field"`
		Old, New any
	}
	if err := json.Unmarshal([]byte(one[string](x.room, "SELECT changes"+newest, x.room.client)), &changes); err != nil {
		t.Errorf("%s: %v", x.op.OperationID, err)
	}
	for _, c := range changes {
		if c.Field == "" || cmp.Equal(c.Old, c.New) {
			t.Errorf("%s tells of %+v, which is no change", x.op.OperationID, c)
		}
	}
	if tells := x.op.OperationID != "pollAccount"; tells && len(changes) == 0 { // which changes no field
		t.Errorf("%s does not tell what it has changed", x.op.OperationID)
	}
}

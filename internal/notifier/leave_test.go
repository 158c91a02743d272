package notifier_test

import (
	"context"
	"testing"

	"trackbot/internal/discord"
	"trackbot/internal/notifier"
)

// The bot leaves a guild whose data is being deleted, and no other; one that it is not in any more counts as left.
func TestTheBotLeavesGuildsWhoseDataIsDeleted(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	const asked = "INSERT INTO clients (id, guild_id, name, owner_id, erase_at, erase_requested_at, erase_requested_by) VALUES (gen_random_uuid(), $1, 'G', $1, now() + $2::interval, now(), 'operator')"
	s.Exec(t, asked, "400000000000000901", "-1 minute") // unknown at Discord
	s.Exec(t, asked, "400000000000000902", "1 hour")
	inside := func() bool {
		_, err := newClient(s.url).Guild(t.Context(), s.client.Guild)
		return !discord.HasCode(err, discord.CodeUnknownGuild, discord.CodeMissingAccess)
	}
	if !inside() {
		t.Fatal("the bot is not in the guild")
	}
	s.Exec(t, "UPDATE clients SET erase_at = now() - interval '1 minute', erase_requested_at = now(), erase_requested_by = 'operator' WHERE guild_id = $1", s.client.Guild)
	stop := s.start(t, s.connect(), notifier.Config{})
	await(t, "the guilds to be left", func() bool { return s.Count(t, "SELECT count(*) FROM clients WHERE removed_at IS NOT NULL") == 2 })
	if err := stop(); err != nil {
		t.Errorf("run = %v", err)
	}
	if inside() {
		t.Error("the bot is still in the guild")
	}
	if n := s.Count(t, "SELECT count(*) FROM clients WHERE removed_at IS NULL AND erase_at > now()"); n != 1 {
		t.Error("a guild was left before its time")
	}
}

// reluctant is a Discord that answers to a farewell only when it is told to.
type reluctant struct {
	forgetful
	asked, answer chan struct{}
	over          <-chan struct{} // the test
}

func (r reluctant) LeaveGuild(ctx context.Context, guildID string) error {
	r.asked <- struct{}{}
	select {
	case <-r.answer:
	case <-r.over:
	}
	return r.forgetful.LeaveGuild(ctx, guildID)
}

func TestMessagesGoOutWhileDiscordTakesItsTimeToLetAGuildGo(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	s.Exec(t, `INSERT INTO clients (id, guild_id, name, owner_id, erase_at, erase_requested_at, erase_requested_by)
		VALUES (gen_random_uuid(), '400000000000000901', 'G', '400000000000000901', now() - interval '1 minute', now(), 'operator')`)
	d := reluctant{forgetful: s.connect(), asked: make(chan struct{}, 1), answer: make(chan struct{}), over: t.Context().Done()}
	stop := s.start(t, d, notifier.Config{})
	<-d.asked
	posts := s.client.Posts(t, 3)
	s.awaitState(t, "sent", len(posts))
	if n := s.Count(t, "SELECT count(*) FROM clients WHERE removed_at IS NOT NULL"); n != 0 {
		t.Error("the guild was left before Discord said so")
	}
	close(d.answer)
	await(t, "the guild to be left", func() bool { return s.Count(t, "SELECT count(*) FROM clients WHERE removed_at IS NOT NULL") == 1 })
	if err := stop(); err != nil {
		t.Errorf("run = %v", err)
	}
}

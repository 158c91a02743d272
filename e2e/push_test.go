package e2e_test

import (
	"strings"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/sim"
)

// On the clocks of a real installation, where polls are an hour apart or more, a video is in the channel as soon as
// the hub has pushed it; and the hub learns when nobody tracks the channel any more.
func TestAPushedVideoIsThereLongBeforeItsPoll(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{})
	s.env["MIN_POLL_INTERVAL"] = "1h"
	s.env["PUBLIC_API_URL"], s.env["YOUTUBE_HUB_URL"] = strings.TrimSuffix(s.api, "/api/v1"), s.base+"/youtube/hub"
	s.start(t, "api")
	s.start(t, "worker")
	s.start(t, "notifier")
	s.join(t)
	c := s.signIn(t, owner)
	key, err := s.sim.AddYouTubeChannel(sim.SourceSpec{Name: "barista", Title: "Barista"})
	if err != nil {
		t.Fatal(err)
	}
	made := create[api.Account](t, c, "/guilds/"+guildID+"/accounts", map[string]any{"platform": "youtube", "handle": "@barista", "groupId": s.newGroup(t, c)})
	s.awaitPolled(t, c, 1)
	await(t, "the subscription", func() bool { return len(s.sim.HubSubscriptions()) == 1 })
	published := time.Now()
	s.publish(t, key, sim.PostSpec{Title: "New", Text: "New"})
	await(t, "the video in the channel", func() bool { return len(s.titles(newsroom)) == 1 })
	t.Logf("delivered %s after it was published", time.Since(published).Round(time.Millisecond))
	await(t, "the next poll to be far away", func() bool {
		return s.count(t, `SELECT count(*) FROM sources WHERE next_poll_at > now() + interval '20 minutes'`) == 1
	})
	if gone := c.call(t, "DELETE", "/guilds/"+guildID+"/accounts/"+made.ID.String(), nil); gone.status != 204 {
		t.Fatalf("removal answered %d", gone.status)
	}
	await(t, "the end of the subscription", func() bool { return len(s.sim.HubSubscriptions()) == 0 })
}

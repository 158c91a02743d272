package e2e_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"trackbot/client/bot"
	"trackbot/internal/sim"
)

// A bot that has no database tells the API, while its key is being replaced.
func TestABotElsewhereWorksThroughTheAPI(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{})
	const before, after = "0f9c3b7a1e5d48620f9c3b7a1e5d4862", "7a1e5d48620f9c3b7a1e5d48620f9c3b"
	s.env["BOT_HMAC_SECRET"] = before + ",next:" + after
	api := s.start(t, "api")
	for id, secret := range map[string]string{"default": before, "next": after} {
		c, err := bot.New(strings.TrimSuffix(s.api, "/api/v1"), bot.Key{ID: id, Secret: []byte(secret)}, bot.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.ReportHealth(t.Context(), bot.Health{ShardCount: 1, GuildCount: 1, Status: "online", Version: "1"}); err != nil {
			t.Errorf("health by %s: %v", id, err)
		}
		if _, err := c.PutGuild(t.Context(), guildID, bot.Guild{Name: "Harbour Studio", OwnerID: owner}); err != nil {
			t.Errorf("guild by %s: %v", id, err)
		}
		if got, err := c.GuildConfig(t.Context(), guildID); err != nil || got.Tier != "free" {
			t.Errorf("config by %s: got %+v, %v", id, got, err)
		}
		if err := c.DeleteGuild(t.Context(), guildID); err != nil {
			t.Errorf("removal by %s: %v", id, err)
		}
	}
	forger, err := bot.New(strings.TrimSuffix(s.api, "/api/v1"), bot.Key{ID: "next", Secret: []byte(before)}, bot.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var refusal *bot.Error
	if err := forger.DeleteGuild(t.Context(), guildID); !errors.As(err, &refusal) || refusal.Status != http.StatusUnauthorized {
		t.Errorf("forged: got %v", err)
	}
	api.stop(t)
}

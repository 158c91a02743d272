package store_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Whoever is suspended is there and is not served: what works for tenants asks clients.active. These ask for less, since
// they are about where the bot is and who may read.
var whereTheBotIs = []string{"ListGuildSummaries", "GetGuildAccess", "ListDirectory", "GetAPIKeyGuild", "ListTenantsByTier", "ListChannelsInUse"}

func TestWhatWorksForTenantsAsksWhetherTheyAreServed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("queries/*.sql")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files of queries, %v", len(files), err)
	}
	var asking []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, query := range strings.Split(string(text), "-- name: ")[1:] {
			name, _, _ := strings.Cut(query, " ")
			if !strings.Contains(query, "clients") {
				continue
			}
			if strings.Contains(query, "c.active") {
				asking = append(asking, name)
			}
			for _, alias := range []string{"c.removed_at IS NULL", "c.removed_at IS NOT NULL"} {
				if strings.Contains(query, alias) && !slices.Contains(whereTheBotIs, name) {
					t.Errorf("%s in %s asks whether the bot was removed; a suspended tenant is not served either: ask c.active", name, file)
				}
			}
		}
	}
	for _, name := range []string{"ListPollTerms", "ListTrackers", "CountPolls", "ClaimChannels", "MarkSending", "ListBreakoutCandidates", "ListUntoldAccounts", "ListIncidentGuilds", "ListDueScorecards", "IsAPIKeyLive"} {
		if !slices.Contains(asking, name) {
			t.Errorf("%s does not ask whether the tenant is served", name)
		}
	}
}

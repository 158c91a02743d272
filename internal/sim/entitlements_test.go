package sim_test

import (
	"fmt"
	"testing"

	"trackbot/internal/discord"
	"trackbot/internal/sim"
)

func TestEntitlementsAreListedPageByPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sim.Config) { c.Limits.Off = true })
	owner := must(w.AddUser(sim.UserSpec{Username: "olga"}))
	one := must(w.AddGuild(sim.GuildSpec{Name: "One", OwnerID: owner.ID}))
	two := must(w.AddGuild(sim.GuildSpec{Name: "Two", OwnerID: owner.ID}))
	for n := range 230 {
		must(w.Grant(sim.EntitlementSpec{GuildID: []string{one, two}[n%2], SKUID: fmt.Sprint(900000000000000000 + n)}))
	}
	must0(t, w.DeleteEntitlement(w.Entitlements()[0].ID))
	api := discord.New(discord.Config{BaseURL: w.base + "/api/v10", Token: w.BotToken()})
	defer api.Close()
	for guild, want := range map[string]int{"": 229, one: 114, two: 115} {
		got, err := api.Entitlements(t.Context(), w.ClientID(), guild)
		seen := map[string]bool{}
		for _, e := range got {
			seen[e.ID] = true
		}
		if err != nil || len(got) != want || len(seen) != want {
			t.Errorf("of %q: %d, %d of them different, want %d, %v", guild, len(got), len(seen), want, err)
		}
	}
}

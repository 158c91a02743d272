package bot_test

import (
	"testing"
	"time"

	"trackbot/internal/sim"
)

const (
	skuPro        = "900000000000000001"
	skuEnterprise = "900000000000000002"
)

// onPlan waits until the guild is on a plan by a source.
func (s *scene) onPlan(tier, source string) {
	s.t.Helper()
	s.holds("(SELECT b.tier = $1 AND b.source = $2 FROM subscriptions b JOIN clients c ON c.id = b.client_id WHERE c.guild_id = $3)", tier, source, s.guild)
}

func (s *scene) grant(sku string) string {
	s.t.Helper()
	id, err := s.Grant(sim.EntitlementSpec{GuildID: s.guild, SKUID: sku})
	s.must(err)
	return id
}

func TestWhatAGuildBuysAtDiscordIsItsPlan(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	s.onPlan("free", "default")
	pro := s.grant(skuPro)
	s.onPlan("pro", "discord")
	enterprise := s.grant(skuEnterprise)
	s.onPlan("enterprise", "discord")
	s.must(s.DeleteEntitlement(enterprise))
	s.onPlan("pro", "discord")
	s.must(s.EndEntitlement(pro, time.Now().Add(-time.Second)))
	s.onPlan("free", "default")
	s.holds("(SELECT grace_tier = 'enterprise' FROM subscriptions)")
}

func TestWhatWasBoughtAndEndedWhileNobodyListenedIsFoundAtTheStart(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	stop := s.start()
	s.joined()
	pro := s.grant(skuPro)
	s.onPlan("pro", "discord")
	stop()
	s.must(s.DeleteEntitlement(pro))
	s.InvalidateSessions(false) // the events are gone with the session
	stop = s.start()
	s.onPlan("free", "default")
	stop()
	s.grant(skuEnterprise)
	s.InvalidateSessions(false)
	s.start()
	s.onPlan("enterprise", "discord")
}

// An event is a reason to look, so that late and repeated ones do no harm.
func TestRepeatedAndLateEventsOfEntitlementsChangeNothing(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.start()
	s.joined()
	enterprise := s.grant(skuEnterprise)
	s.onPlan("enterprise", "discord")
	was := s.Entitlements()[0]
	pro := s.grant(skuPro)
	s.must(s.DeleteEntitlement(enterprise))
	s.onPlan("pro", "discord")
	ended := s.Entitlements()[1]
	past := time.Now().Add(-time.Minute)
	ended.EndsAt = &past
	s.ResetRequests()
	for range 2 {
		s.RepeatEntitlement("ENTITLEMENT_CREATE", was)
		s.RepeatEntitlement("ENTITLEMENT_UPDATE", ended)
		s.RepeatEntitlement("ENTITLEMENT_DELETE", ended)
	}
	s.eventually("each is looked into", func() bool { return len(s.Requests("/api/v10/applications/*/entitlements")) >= 6 })
	s.onPlan("pro", "discord")
	s.must(s.EndEntitlement(pro, past))
	s.onPlan("free", "default")
}

func TestAGuildThatBoughtBeforeTheBotJoinedIsOnItsPlan(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.must(s.KickBot(s.guild))
	s.grant(skuPro)
	s.start()
	s.holds("(SELECT count(*) = 1 FROM plan_grants WHERE client_id IS NULL)")
	s.must(s.InviteBot(s.guild))
	s.joined()
	s.onPlan("pro", "discord")
}

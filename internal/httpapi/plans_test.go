package httpapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/plan"
)

// shops sells pro by card and enterprise at Discord.
func shops() plan.Shops {
	return plan.Shops{
		Checkout: map[string]string{plan.Pro: "https://buy.test/pro?locale=en"}, Portal: "https://portal.test/", Application: "300000000000000001",
		Discord: plan.Catalogue{"900000000000000002": plan.Enterprise},
	}
}

func (n *newsroom) plan() api.GuildPlan {
	n.t.Helper()
	return decode[api.GuildPlan](n.t, n.read("/plan"))
}

func TestThePlanTellsItsLimitsTheirUseAndWhereMoreIsToBeHad(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	n.account(n.group(n.brand("B"), "G"), "rss", "a")
	p := n.plan()
	if p.Tier != "free" || p.Source != "default" || !p.EndsAt.IsNull() || !p.Grace.IsNull() || p.Paused.Total != 0 || p.Limits.Accounts != 10 || !p.PortalURL.IsNull() {
		t.Errorf("plan %+v", p)
	}
	var names, offers []string
	for _, q := range p.Quotas {
		names = append(names, fmt.Sprint(q.Name, " ", q.Used, "/", q.Limit))
	}
	if want := []string{"accounts 1/10", "brands 1/3", "notificationsPerDay 0/200", "exportRows 0/10000", "requestsPerMinute 0/60"}; !slices.Equal(names, want) {
		t.Errorf("used %v, want %v", names, want)
	}
	for _, o := range p.Plans {
		offers = append(offers, fmt.Sprint(o.Tier, " ", o.Limits.Accounts, " ", orNone(o.CheckoutURL.Get()), " ", orNone(o.DiscordURL.Get())))
	}
	want := []string{
		"free 10 - -", "pro 250 https://buy.test/pro?client_reference_id=" + n.client.String() + "&locale=en -",
		"enterprise 5000 - https://discord.com/application-directory/300000000000000001/store/900000000000000002",
	}
	if !slices.Equal(offers, want) {
		t.Errorf("to be had %v, want %v", offers, want)
	}
}

func orNone(s string, err error) string {
	if err != nil {
		return "-"
	}
	return s
}

func TestThePlanTellsWhatAGraceEndsWithAndWhatIsPaused(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	group := n.group(n.brand("B"), "G")
	for i := range 13 {
		id := n.account(group, "rss", fmt.Sprintf("a%02d", i))
		n.exec(`UPDATE client_accounts SET created_at = now() - make_interval(hours => $2) WHERE id = $1`, id, 20-i)
	}
	n.exec(`UPDATE subscriptions SET source = 'stripe', grace_tier = 'pro', grace_until = now() + interval '3 days', ends_at = now() + interval '1 day' WHERE client_id = $1`, n.client)
	p := n.plan()
	grace := p.Grace.MustGet()
	if grace.Tier != "pro" || time.Until(grace.Until.Time) < 71*time.Hour || grace.Beyond.Total != 3 || handles(grace.Beyond) != "a10 a11 a12" {
		t.Errorf("grace %+v", grace)
	}
	if p.Limits.Accounts != 10 || p.Limits.RequestsPerMinute != 300 || p.EndsAt.IsNull() || orNone(p.PortalURL.Get()) != "https://portal.test/" {
		t.Errorf("in the grace %+v", p)
	}
	n.exec(`UPDATE subscriptions SET grace_until = NULL, grace_tier = NULL WHERE client_id = $1`, n.client)
	n.exec(`UPDATE client_accounts SET paused = 'paused_by_plan', paused_since = now() WHERE source_id IN (SELECT id FROM sources WHERE handle > 'a09')`)
	p = n.plan()
	if !p.Grace.IsNull() || p.Paused.Total != 3 || handles(p.Paused) != "a10 a11 a12" || p.Quotas[0].Used != 10 {
		t.Errorf("after it %+v", p)
	}
	if other := newNewsroom(t, n.signInWorld, "Elsewhere").plan(); other.Paused.Total != 0 || other.Source != "default" {
		t.Errorf("another's %+v", other)
	}
}

func handles(a api.PlanAccounts) string {
	var names []string
	for _, i := range a.Accounts {
		names = append(names, i.Handle)
	}
	return strings.Join(names, " ")
}

func TestAMemberSeesThePlanAndNotWhereItIsBought(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	n.exec(`UPDATE subscriptions SET source = 'stripe' WHERE client_id = $1`, n.client)
	p := decode[api.GuildPlan](t, n.get("/guilds/"+n.guildID+"/plan", n.member("noor")))
	if p.Tier != "free" || !p.PortalURL.IsNull() || len(p.Plans) != 3 {
		t.Errorf("plan %+v", p)
	}
	for _, o := range p.Plans {
		if !o.CheckoutURL.IsNull() || !o.DiscordURL.IsNull() {
			t.Errorf("%s is offered", o.Tier)
		}
	}
}

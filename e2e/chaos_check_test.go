//go:build unix

package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"trackbot/api"
)

// settle waits until all that was under way has come to its end, and says what has not. What has piled up may take
// its time, for Discord takes 50 messages a second; standing still may not.
func (c *chaos) settle(t *testing.T) {
	t.Helper()
	arrived, since := c.accepted(), time.Now()
	for open := c.open(t); len(open) > 0; open = c.open(t) {
		if now := c.accepted(); now > arrived {
			arrived, since = now, time.Now()
		}
		if time.Since(since) > chaosCalm {
			t.Errorf("nothing moves for %s and there is still open:\n%s", chaosCalm, strings.Join(open, "\n"))
			return
		}
		c.hurry(t.Context())
		for _, tn := range c.tenants {
			c.collect(t.Context(), tn)
		}
		wait(t.Context(), glance)
	}
}

// open lists what has not come to its end yet.
func (c *chaos) open(t *testing.T) (out []string) {
	t.Helper()
	for name, b := range c.fleet.berths {
		if !b.serving() {
			out = append(out, name+" does not serve")
		}
	}
	for _, tn := range c.tenants {
		for _, f := range tn.routes {
			if n := len(c.titles(f.channel)); n < c.published[f.name] {
				out = append(out, fmt.Sprintf("%s shows %d of the %d posts of %s", tn.name, n, c.published[f.name], f.name))
			}
		}
		if len(tn.orders) > 0 {
			out = append(out, fmt.Sprintf("%d exports of %s", len(tn.orders), tn.name))
		}
		if !c.isUp(tn) {
			out = append(out, "the API does not answer "+tn.name)
		}
	}
	for what, sql := range map[string]string{
		"deliveries on their way":     `SELECT count(*) FROM deliveries WHERE state IN ('pending', 'sending', 'retry')`,
		"channels with an old lease":  `SELECT count(*) FROM channel_queues WHERE lease_token IS NOT NULL AND lease_until < now()`,
		"sources with an old lease":   `SELECT count(*) FROM sources WHERE lease_token IS NOT NULL AND next_poll_at < now() - interval '5 seconds'`,
		"sources that do not answer":  `SELECT count(*) FROM sources WHERE failures > 0`,
		"incidents":                   `SELECT count(*) FROM platform_incidents WHERE ended_at IS NULL`,
		"accounts without a baseline": `SELECT count(*) FROM client_accounts WHERE baseline_at IS NULL`,
		"exports being made":          `SELECT count(*) FROM exports WHERE state IN ('queued', 'running')`,
		"bots that are not online":    `SELECT count(*) FROM bot_health WHERE status <> 'online' OR last_heartbeat < now() - interval '10 seconds'`,
	} {
		if n := c.count(t, sql); n > 0 {
			out = append(out, fmt.Sprintf("%d %s", n, what))
		}
	}
	return out
}

// check holds the promises at the end of a run.
func (c *chaos) check(t *testing.T) {
	t.Helper()
	since := time.Now()
	await(t, "every source to be polled once more", func() bool {
		return c.count(t, `SELECT count(*) FROM sources WHERE last_polled_at < $1`, since) == 0
	})
	for _, tn := range c.tenants {
		c.checkChannels(t, tn)
		c.checkListed(t, tn)
		c.checkChanges(t, tn)
		c.checkAccounts(t, tn)
		c.checkRenamed(t, tn)
		if code, _, errOut := execute(t, map[string]string{"DATABASE_URL": c.env["DATABASE_URL"]}, "admin", "audit", "verify", tn.guild); code != 0 {
			t.Errorf("the audit log of %s does not verify: %s", tn.name, errOut)
		}
		if tn.outlasted {
			t.Logf("nothing was heard for more than %s, which %s's owner's session did not outlive", retryWindow, tn.name)
		} else if a := tn.session.call(t, http.MethodGet, "/auth/me", nil); a.status != http.StatusOK {
			t.Errorf("the session of %s's owner is lost: %d %s", tn.name, a.status, a.body)
		}
	}
	for what, sql := range map[string]string{
		"posts under an account of another tenant": `SELECT count(*) FROM posts p JOIN client_accounts a ON a.id = p.account_id WHERE a.client_id <> p.client_id`,
		"deliveries of a post of another tenant":   `SELECT count(*) FROM deliveries d JOIN posts p ON p.id = d.post_id WHERE p.client_id <> d.client_id`,
		"deliveries that were given up":            `SELECT count(*) FROM deliveries WHERE state = 'dead'`,
		"copies of a post for one account":         `SELECT count(*) FROM (SELECT FROM posts GROUP BY client_id, account_id, external_id HAVING count(*) > 1) x`,
	} {
		if n := c.count(t, sql); n > 0 {
			t.Errorf("%d %s", n, what)
		}
	}
	if c.outages.Load() > 0 && c.refused.Load() == 0 {
		t.Error("the database was away, and no answer said so")
	}
}

// checkChannels: each post once, in order, nothing else.
func (c *chaos) checkChannels(t *testing.T, tn *tenant) {
	t.Helper()
	for _, f := range tn.routes {
		var want []string
		for n := range c.published[f.name] {
			want = append(want, f.title(n))
		}
		if got := c.titles(f.channel); !slices.Equal(got, want) {
			t.Errorf("the channel of %s for %s is not as published: %s", f.name, tn.name, firstDifference(got, want))
		}
	}
}

// firstDifference says where two lists part.
func firstDifference(got, want []string) string {
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			return fmt.Sprintf("%d instead of %d messages; at place %d %q instead of %q, around it %v", len(got), len(want), i, g, w, got[max(0, i-3):min(len(got), i+4)])
		}
	}
	return "they are equal"
}

// checkListed: the API lists each post of the tenant's sources once, as sent.
func (c *chaos) checkListed(t *testing.T, tn *tenant) {
	t.Helper()
	program := newClient(c.api)
	program.token = tn.key
	listed, unsent := map[string]int{}, map[api.PostDeliveryState]int{}
	for _, p := range program.posts(t, tn.guild) {
		listed[said(p)]++
		if p.Delivery.State != "sent" {
			unsent[p.Delivery.State]++
		}
	}
	if len(unsent) > 0 {
		t.Errorf("posts of %s that are not listed as sent: %v", tn.name, unsent)
	}
	want := 0
	for _, f := range tn.routes {
		want += c.published[f.name]
		for n := range c.published[f.name] {
			if listed[f.title(n)] != 1 {
				t.Errorf("%q is listed %d times for %s", f.title(n), listed[f.title(n)], tn.name)
			}
		}
	}
	if len(listed) != want {
		t.Errorf("%s has %d posts, want %d", tn.name, len(listed), want)
	}
}

// checkChanges: what was acknowledged happened and is in the audit log once; the settings are the last of it,
// or a later one of which nothing was heard.
func (c *chaos) checkChanges(t *testing.T, tn *tenant) {
	t.Helper()
	now := get[api.GuildDetail](t, c.programOf(tn), "/guilds/"+tn.guild).Settings.EmbedColor
	if len(tn.last) > 0 && !slices.Contains(tn.last, now) {
		t.Errorf("the color of %s is %s, want one of %v", tn.name, now, tn.last)
	}
	logged := func(color string) int {
		return c.count(t, `SELECT count(*) FROM audit_log a JOIN clients c ON c.id = a.client_id
			WHERE c.guild_id = $1 AND a.action = 'settings.updated' AND a.changes::text LIKE '%"new":"' || $2 || '"%'`, tn.guild, color)
	}
	for _, color := range tn.colors {
		if n := logged(color); n != 1 {
			t.Errorf("the acknowledged change of %s to %s is %d times in the audit log", tn.name, color, n)
		}
	}
	for _, color := range tn.maybe {
		if n := logged(color); n > 1 {
			t.Errorf("the change of %s to %s is %d times in the audit log", tn.name, color, n)
		}
	}
}

func (c *chaos) programOf(tn *tenant) *client {
	program := newClient(c.api)
	program.token = tn.key
	return program
}

// checkAccounts: what was acknowledged is tracked, and nothing twice.
func (c *chaos) checkAccounts(t *testing.T, tn *tenant) {
	t.Helper()
	there := map[string]int{}
	for _, a := range get[api.AccountList](t, c.programOf(tn), "/guilds/"+tn.guild+"/accounts?limit=100").Items {
		there[a.URL]++
		if there[a.URL] > 1 {
			t.Errorf("%s tracks %s %d times", tn.name, a.URL, there[a.URL])
		}
	}
	n := c.count(t, `SELECT count(*) FROM client_accounts a JOIN clients c ON c.id = a.client_id WHERE c.guild_id = $1`, tn.guild)
	acknowledged := len(tn.routes)
	for _, yes := range tn.added {
		if yes {
			acknowledged++
		}
	}
	if n < acknowledged || n > len(tn.routes)+mostAdded {
		t.Errorf("%s tracks %d accounts, %d were acknowledged", tn.name, n, acknowledged)
	}
}

// checkRenamed: the bot has heard of the last name of the channel.
func (c *chaos) checkRenamed(t *testing.T, tn *tenant) {
	t.Helper()
	await(t, "the last name of a channel", func() bool {
		a, err := c.try(context.WithoutCancel(t.Context()), tn, apis[0], http.MethodGet, "/channels", nil, nil)
		return err == nil && strings.Contains(string(a.body), `"`+tn.renamed+`"`)
	})
}
